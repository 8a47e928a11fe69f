"""The forms behind a cell: what they offer, and what they are drawn with, in the grid or on a page of their own."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, QueryDict
from django.urls import reverse

from campaigns import audit
from campaigns.models import Campaign, Category, Commune, EthnicGroup
from records.forms import CellForm, ConfirmForm, PaperForm
from records.models import Change, Finding, Record, Severity
from records.private import number_fields, sensitive_fields
from records.reading.rules import RULES
from records.reading.vietnamese import sort_key
from records.reference import fields_of
from records.review import legal_fields
from records.views.columns import label_of
from records.views.scope import back, user_of

LAST_PAPER = "last_paper"  # of the session


def cell_form(request: HttpRequest, record: Record, field: str, data: QueryDict | None = None) -> CellForm:
    initial = {
        "value": record.value(field),
        "version": record.version,
        "paper": request.session.get(LAST_PAPER, ""),
        "next": back(request, reverse("record", args=[record.row_code])),
    }
    return CellForm(
        data,
        initial=initial,
        label=label_of(field, record.register),
        is_legal=field in legal_fields(record),
        choices=choices_for(record, field),
        register=record.register,
        key=field,
    )


def paper_form(request: HttpRequest, data: QueryDict | None = None) -> PaperForm:
    """The paper alone, for what is typed in the grid and what is set for many; the last choice is remembered."""
    return PaperForm(data, initial={"paper": request.session.get(LAST_PAPER, "")}, auto_id="typing_%s")


def choices_in(campaign: Campaign, commune: Commune | None) -> dict[str, list[str]]:
    """By kind of column, what the grid finds by a few letters. Two queries."""
    groups = EthnicGroup.objects.filter(means_missing=False).values_list("name", flat=True)
    villages = _villages(campaign, commune) if commune else []
    return {"sex": ["Nam", "Nữ"], "ethnic_group": sorted(groups, key=sort_key), "village": villages}


def _villages(campaign: Campaign, commune: Commune | None) -> list[str]:
    return Record.objects.filter(campaign=campaign, commune=commune).villages()


def confirm_form(
    request: HttpRequest, record: Record, findings: list[Finding], data: QueryDict | None = None
) -> ConfirmForm:
    warnings_only = all(finding.severity == Severity.WARNING for finding in findings)
    origin = back(request, reverse("record", args=[record.row_code]))
    return ConfirmForm(data, with_notes=warnings_only, initial={"next": origin})


def cell_editor(record: Record, field: str, form: CellForm, stale: dict[str, Any] | None = None) -> dict[str, Any]:
    """Context of the two templates that draw it; `stale`: what another person wrote meanwhile."""
    return {
        "kind": "edit", "field": field, "form": form, "stale": stale, "record": record,
        "act": "Giữ của tôi" if stale else "Lưu",
        "action": reverse("edit_cell", args=[record.row_code, field]),
        "close_url": reverse("review_row", args=[record.row_code]),
    }  # fmt: skip


def confirm_editor(record: Record, field: str, form: ConfirmForm, findings: list[Finding]) -> dict[str, Any]:
    return {
        "kind": "confirm", "field": field, "form": form, "record": record, "act": "Đúng rồi",
        "labels": ", ".join(RULES[finding.rule].label for finding in findings),
        "action": reverse("confirm_cell", args=[record.row_code, field]),
        "close_url": reverse("review_row", args=[record.row_code]),
    }  # fmt: skip


def choices_for(record: Record, field: str) -> list[str]:
    """Texts to choose from while typing."""
    kind = next((f.kind for f in fields_of(record.register) if f.key == field), "")
    if kind == "sex":
        return ["Nam", "Nữ"]
    if kind == "ethnic_group":
        return list(EthnicGroup.objects.filter(means_missing=False).values_list("name", flat=True))
    if kind == "commune":
        return list(Commune.objects.in_campaign(record.campaign).values_list("name", flat=True))
    if kind == "village":
        return _villages(record.campaign, record.commune)
    if field == "category":
        return sorted(set(Category.objects.values_list("label", flat=True)), key=sort_key)
    return []


def record_opening(request: HttpRequest, record: Record, field: str) -> None:
    """An editor shows the whole value: for a number, or a sensitive field, that is a look."""
    event = ""
    if field in number_fields(record.register):
        event = "number_revealed"
    elif field in sensitive_fields(record.register):
        event = "sensitive_revealed"
    if event and record.value(field):
        audit.record(
            event, by=user_of(request), campaign=record.campaign, target=f"record:{record.row_code}",
            commune_code=record.commune.code if record.commune else "", field=field, where="edit",
        )  # fmt: skip


def who_changed(record: Record, field: str) -> dict[str, Any]:
    """The last change of a value: who, when, and what the register now holds."""
    change = Change.objects.filter(record=record, field=field).select_related("change_set__by").first()
    return {
        "value": record.value(field),
        "by": change.change_set.by.get_full_name() if change else "",
        "at": change.change_set.at if change else None,
    }
