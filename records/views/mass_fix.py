"""One value for many: ways of writing that may be one thing, then every row that would change, then the change."""

from __future__ import annotations

import hashlib
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from campaigns.current import current_register
from campaigns.errors import WorkRefused
from campaigns.permissions import Permission, require
from campaigns.templatetags.written import within_sentence
from records import mass_fix
from records.models import Record
from records.models.record import RecordQuerySet
from records.reading.vietnamese import sort_key
from records.review import LEGAL_FIELDS
from records.views.answers import say_undoable
from records.views.bulk import back_to_grid
from records.views.columns import label_of, row_number
from records.views.editors import LAST_PAPER, choices_for, paper_form
from records.views.paging import walked
from records.views.scope import campaign_of, communes_of, user_of


@require_GET
@require(Permission.REVIEW)
def values_alike(request: HttpRequest) -> HttpResponse:
    """The values of a field, grouped by likeness, with how many people have each."""
    register, field = current_register(request), _field(request)
    groups = mass_fix.groups_of(_of_place(request), field)
    alike = [group for group in groups if len(group.ways) > 1]
    alone = [group.ways[0] for group in groups if len(group.ways) == 1 and group.ways[0].text]
    query = QueryDict(mutable=True)
    query["so"], query["xa"] = register, request.GET.get("xa", "")
    context = {
        "register": register, "field": field, "label": label_of(field, register), "alike": alike,
        "alone": sorted(alone, key=lambda way: sort_key(way.text)),
        "empty": next((g.ways[0].count for g in groups if not g.ways[0].text), 0),
        "fields": [
            {"label": label_of(key, register), "current": key == field, "url": f"?{query.urlencode()}&truong={key}"}
            for key in mass_fix.FIELDS
        ],
        "communes": [] if user_of(request).commune_id else communes_of(campaign_of(request), user_of(request)),
        "commune": request.GET.get("xa", ""), "back_url": back_to_grid(request),
    }  # fmt: skip
    return render(request, "records/values_alike.html", context)


@require_http_methods(["GET", "POST"])
@require(Permission.REVIEW)
def set_value(request: HttpRequest) -> HttpResponse:
    """Every row that would get the value: those written in the chosen ways (`tu`), or those chosen (`record`)."""
    register, field = current_register(request), _field(request)
    people = list(walked(_meant(request, field)).select_related("commune", "source_row")[: mass_fix.MOST + 1])
    text = request.GET.get("thanh", "").strip() or _first_value(people, field)
    rows = [record for record in people if record.value(field) != text]
    seen = _digest(rows, text)
    form = paper_form(request, request.POST if request.method == "POST" else None) if field in LEGAL_FIELDS else None
    if request.method == "POST" and (form is None or form.is_valid()):
        if request.POST.get("seen") == seen:
            return _write(request, rows, field, text, form.said() if form else "")
        messages.error(request, "Danh sách đã đổi từ lúc xem. Xem lại rồi ghi; chưa có gì thay đổi.")
        return redirect(request.get_full_path())
    context = {
        "register": register, "field": field, "label": label_of(field, register), "text": text, "form": form,
        "rows": [_row(record, field) for record in rows],
        "same": len(people) - len(rows), "too_many": len(people) > mass_fix.MOST, "most": mass_fix.MOST, "seen": seen,
        "choices": choices_for(people[0], field) if people else [], "kept": _kept(request),
        "fields": [(key, label_of(key, register)) for key in mass_fix.FIELDS] if request.GET.get("record") else [],
        "back_url": back_to_grid(request) if request.GET.get("record")
        else reverse("values_alike") + f"?so={register}&truong={field}",
    }  # fmt: skip
    return render(request, "records/set_value.html", context)


def _row(record: Record, field: str) -> dict[str, Any]:
    return {"record": record, "now": record.value(field), "row": row_number(record)}


def _write(request: HttpRequest, rows: list[Record], field: str, text: str, document: str) -> HttpResponse:
    try:
        change_set, changed = mass_fix.set_value(rows, field, text, by=user_of(request), document=document)
    except WorkRefused as refused:
        messages.error(request, refused.message)
        return redirect(request.get_full_path())
    if document:
        request.session[LAST_PAPER] = request.POST.get("paper", "")
    label = within_sentence(label_of(field, current_register(request)))
    say_undoable(request, f"Đã ghi {label} “{text}” cho {changed} hồ sơ.", change_set)
    return redirect(back_to_grid(request))


def _field(request: HttpRequest) -> str:
    field = request.GET.get("truong") or mass_fix.FIELDS[0]
    if field not in mass_fix.FIELDS:
        raise Http404
    return field


def _of_place(request: HttpRequest) -> RecordQuerySet:
    people = mass_fix.changeable(campaign_of(request), current_register(request), by=user_of(request))
    commune = request.GET.get("xa")
    return people.filter(commune__code=commune) if commune else people


def _meant(request: HttpRequest, field: str) -> RecordQuerySet:
    people = _of_place(request)
    if codes := request.GET.getlist("record"):
        return people.filter(row_code__in=codes)
    return mass_fix.written_as(people, field, request.GET.getlist("tu"))


def _first_value(people: list[Record], field: str) -> str:
    """Filled down: what the first of the chosen has."""
    return next((record.value(field) for record in people if record.value(field)), "")


def _kept(request: HttpRequest) -> list[tuple[str, str]]:
    """What the form that asks for another value sends along."""
    return [
        (key, text) for key in ("so", "xa", "tu", "record") for text in request.GET.getlist(key) if text or key == "tu"
    ]


def _digest(rows: list[Record], text: str) -> str:
    """What is written is what was shown: these people as they then were, and this value."""
    shown: Any = hashlib.sha256(text.encode())
    for record in rows:
        shown.update(f"{record.pk} {record.version}\n".encode())
    return str(shown.hexdigest())
