"""One person: what is known and from where, what is to be looked at, the household, the past."""

from __future__ import annotations

import dataclasses
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from campaigns import audit
from campaigns.errors import WorkRefused
from campaigns.models import User
from campaigns.permissions import Permission, check, has, require
from records.exclusions import readmit
from records.forms import ReadmitForm
from records.history import origin_of, provenance
from records.models import Exclusion, Finding, FindingStatus, Record, Stage
from records.private import number_fields, sensitive_fields, shown, unseen_by
from records.reference import fields_of, reference_for
from records.views.columns import label_of
from records.views.grid import NOT_EDITED, Said, rank, say
from records.views.household import duplicates, household
from records.views.origins import origin_in_words
from records.views.paging import neighbour
from records.views.past import events_of, looks_at
from records.views.review import LAST_VIEW
from records.views.scope import find_record, user_of

# What a person should be known by: shown although empty.
_ALWAYS = frozenset(
    {"full_name", "birth_date", "sex", "ethnic_group", "personal_number", "village", "commune", "permanent_address"}
)
# Shown where they say something. The file's other columns are folded away.
_MAIN = _ALWAYS | {
    "old_id_number", "father_name", "father_number", "mother_name", "mother_number", "guardian_name", "guardian_number",
    "category", "payee_name", "payee_number",
}  # fmt: skip


@dataclasses.dataclass
class Value:
    """One line of the page. `whole` once revealed; `is_hidden`: sensitive and not asked for."""

    field: str
    label: str
    text: str
    origin: str
    whole: str = ""
    reveal_url: str = ""
    is_number: bool = False
    is_hidden: bool = False
    edit_url: str = ""
    findings: list[Said] = dataclasses.field(default_factory=list)
    confirm_url: str = ""
    confirmed: list[str] = dataclasses.field(default_factory=list)


@require_GET
@require(Permission.SEE_PEOPLE)
def record(request: HttpRequest, row_code: str) -> HttpResponse:
    found, user = find_record(request, row_code), user_of(request)
    _record_look(user, found, "record_viewed")
    return render(request, "records/record.html", _context(request, found, user))


@require_http_methods(["GET", "POST"])
@require(Permission.SEE_PEOPLE)
def reveal(request: HttpRequest, row_code: str) -> HttpResponse:
    """A whole number, `truong` says which (the person's own unless said); a look, and recorded as one."""
    return _reveal(request, row_code, number_fields, "number_revealed", "personal_number")


@require_POST
@require(Permission.SEE_PEOPLE)
def reveal_sensitive(request: HttpRequest, row_code: str) -> HttpResponse:
    return _reveal(request, row_code, sensitive_fields, "sensitive_revealed", "")


def _reveal(request: HttpRequest, row_code: str, allowed: Any, event: str, default: str) -> HttpResponse:
    found, user = find_record(request, row_code), user_of(request)
    check(user, Permission.SEE_NUMBERS)
    wanted = request.GET.get("truong", default)
    if wanted not in allowed(found.register):
        return redirect("record", found.row_code)
    _record_look(user, found, event, field=wanted)
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "includes/masked.html", {"whole": found.value(wanted)})
    return render(request, "records/record.html", _context(request, found, user, revealed=wanted))


@require_POST
@require(Permission.EXCLUDE)
def readmit_record(request: HttpRequest, row_code: str) -> HttpResponse:
    found = find_record(request, row_code)
    form = ReadmitForm(request.POST)
    if found.stage != Stage.EXCLUDED:
        messages.info(request, "Hồ sơ này đang ở trong sổ.")
    elif not form.is_valid():
        messages.error(request, "Ghi lý do đưa trở lại sổ.")
    else:
        try:
            readmit(found, by=user_of(request), reason=form.cleaned_data["reason"])
            messages.success(request, f"Đã đưa {found.full_name or found.row_code} trở lại sổ, vào Cần rà soát.")
        except WorkRefused as refused:
            messages.error(request, refused.message)
    return redirect("record", found.row_code)


def _record_look(user: User, found: Record, event: str, **details: str) -> None:
    audit.record(
        event, by=user, campaign=found.campaign, target=f"record:{found.row_code}",
        commune_code=found.commune.code if found.commune else "", **details,
    )  # fmt: skip


def _context(request: HttpRequest, found: Record, user: User, *, revealed: str = "") -> dict[str, Any]:
    said, confirmed = _findings(found, user)
    values = _values(found, user, said, confirmed, revealed)
    fields = {value.field for value in values}
    around = Record.objects.for_user(user).register(found.campaign, found.register)
    around = around.filter(stage=found.stage, commune=found.commune)
    return {
        "record": found,
        "name": found.full_name or "(chưa có tên)",
        "register": found.get_register_display(),
        "values": [value for value in values if not _is_extra(value)],
        "extra": [value for value in values if _is_extra(value)],
        "other_findings": [one for one in said if one.finding.field not in fields],
        "household": household(found, user),
        "duplicates": duplicates(found, user, said),
        "events": events_of(found, user),
        "looks": looks_at(found),
        "previous": neighbour(around, found, before=True),
        "next": neighbour(around, found, before=False),
        "back_url": request.session.get(LAST_VIEW) or reverse("review"),
        "may_exclude": has(user, Permission.EXCLUDE),
        "is_excluded": found.stage == Stage.EXCLUDED,
        "exclusion_waits": _waits(found, user),
        "readmit_form": ReadmitForm(),
    }


def _is_extra(value: Value) -> bool:
    """Columns of the file that are no part of the cleaning, and what is empty without harm."""
    speaks = value.text or value.findings or value.confirmed
    return not (value.findings or value.field in _ALWAYS or (value.field in _MAIN and speaks))


def _findings(found: Record, user: User) -> tuple[list[Said], dict[str, list[str]]]:
    """What is open, worst first; and field → what was confirmed there, by whom and why."""
    reference = reference_for(found.campaign, found.register, headings=False)
    known = Finding.objects.filter(record=found, status__in=[FindingStatus.OPEN, FindingStatus.CONFIRMED])
    said: list[Said] = []
    confirmed: dict[str, list[str]] = {}
    for finding in known.exclude(field__in=unseen_by(user, found.register)).select_related("by").order_by("id"):
        if finding.status == FindingStatus.OPEN:
            said.append(say(finding, found, reference))
        else:
            by = finding.by.get_full_name() if finding.by else ""
            confirmed.setdefault(finding.field, []).append(f"{by} xác nhận đúng: {finding.note}")
    return sorted(said, key=rank), confirmed


def _values(found: Record, user: User, said: list[Said], confirmed: dict[str, list[str]], revealed: str) -> list[Value]:
    origins, hidden = provenance([found]), unseen_by(user, found.register)
    by_field: dict[str, list[Said]] = {}
    for one in said:
        by_field.setdefault(one.finding.field, []).append(one)
    values = []
    for column in fields_of(found.register):
        key = column.key
        if key in hidden or not (key in found.values or key in by_field or key in _ALWAYS):
            continue
        value = _value(found, user, key, revealed)
        value.origin = origin_in_words(origin_of(origins, found, key), found) if found.value(key) else ""
        value.findings = by_field.get(key, [])
        value.confirmed = confirmed.get(key, [])
        if any(one.can_confirm for one in value.findings):
            value.confirm_url = reverse("confirm_cell", args=[found.row_code, key])
        values.append(value)
    return values


def _value(found: Record, user: User, key: str, revealed: str) -> Value:
    whole, may_review = found.value(key), has(user, Permission.REVIEW)
    is_number, is_sensitive = key in number_fields(found.register), key in sensitive_fields(found.register)
    value = Value(
        field=key,
        label=label_of(key, found.register),
        text=shown(found.register, key, whole),
        origin="",
        whole=whole if key == revealed else "",
        is_number=is_number,
        is_hidden=bool(whole) and is_sensitive,
        edit_url=reverse("edit_cell", args=[found.row_code, key]) if may_review and key not in NOT_EDITED else "",
    )
    if whole and (is_number or is_sensitive):
        name = "reveal" if is_number else "reveal_sensitive"
        value.reveal_url = reverse(name, args=[found.row_code]) + f"?truong={key}"
    return value


def _waits(found: Record, user: User) -> Exclusion | None:
    waiting = Exclusion.objects.for_user(user).waiting().filter(campaign=found.campaign)
    return waiting.filter(row_codes__contains=[found.row_code]).first()
