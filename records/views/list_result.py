"""What became of a list that came home; the rows that nobody could place are placed here."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from campaigns.errors import WorkRefused
from campaigns.permissions import Permission, require
from records import list_placing
from records.list_placing import MOST_ROWS, Candidate
from records.models import Record, SourceFile
from records.private import shown
from records.views.columns import label_of
from records.views.scope import campaign_of, user_of

_SAID = ("full_name", "birth_date", "sex", "father_name", "mother_name", "village")


def _find(request: HttpRequest, code: str) -> SourceFile:
    files = SourceFile.objects.lists_for(user_of(request)).filter(campaign=campaign_of(request))
    return get_object_or_404(files.select_related("commune", "by"), code=code)


@require_GET
@require(Permission.EXPORT)
def list_result(request: HttpRequest, code: str) -> HttpResponse:
    file = _find(request, code)
    counts = file.counts
    labels = {
        "corrected": ("Đã sửa theo danh sách", "success"), "unchanged": ("Không đổi", ""),
        "added": ("Người mới", "success"), "to_settle": ("Chờ quyết định", "warning"),
        "unreadable": ("Không nhận ra dòng", "error"),
    }  # fmt: skip
    context = {
        "file": file,
        "entries": [{"label": text, "level": level, "count": counts.get(k, 0)} for k, (text, level) in labels.items()],
        "rows": counts.get("rows", 0),
        "beside": f"{counts['missing']} người có trong danh sách lúc lập, không có trong tệp gửi lại."
        if counts.get("missing")
        else "",
        "conflicts": _conflicts(file),
        "waiting": _waiting(request, file),
        "waiting_count": len(list_placing.waiting_rows(file)),
    }
    return render(request, "records/list_result.html", context)


def _conflicts(file: SourceFile) -> list[dict[str, Any]]:
    """Values that both sides changed: then, ours, theirs; each with the way to the cell."""
    found = file.counts.get("conflicts", [])
    codes = {conflict["row_code"] for conflict in found}
    people = Record.objects.filter(campaign=file.campaign, row_code__in=codes)
    names = dict(people.values_list("row_code", "full_name"))
    return [
        {
            "name": names.get(c["row_code"]) or c["row_code"],
            "url": reverse("edit_cell", args=[c["row_code"], c["field"]]),
            "field": label_of(c["field"], file.register),
            **{side: shown(file.register, c["field"], c[side]) or "trống" for side in ("then", "ours", "theirs")},
        }
        for c in found
    ]


def _waiting(request: HttpRequest, file: SourceFile) -> list[dict[str, Any]]:
    """Rows to place, each with what it says and the people whom it may be about."""
    entries = list_placing.waiting_rows(file)[:MOST_ROWS]
    if not entries:
        return []
    found = list_placing.candidates(file, entries, by=user_of(request))
    return [
        {
            "row": entry["row"],
            "row_code": entry["row_code"],
            "why": entry["why"],
            "said": [
                {"label": label_of(key, file.register), "text": shown(file.register, key, entry["cells"][key])}
                for key in _SAID
                if entry["cells"].get(key, "").strip()
            ],
            "people": [_person(one) for one in found[entry["row"]]],
            "may_be_new": bool(entry["cells"].get("full_name", "").strip()),
        }
        for entry in entries
    ]


def _person(one: Candidate) -> dict[str, Any]:
    record = one.record
    parts = (record.value("birth_date"), record.village, record.commune.name if record.commune else "")
    return {
        "row_code": record.row_code,
        "name": record.full_name or "(chưa có tên)",
        "about": " · ".join(part for part in parts if part),
        "like": ", ".join(one.like),
    }


@require_POST
@require(Permission.EXPORT)
def place_list_row(request: HttpRequest, code: str, row: int) -> HttpResponse:
    """A button of the row was pressed: one of the people, a new person, or nothing of it."""
    user, file = user_of(request), _find(request, code)
    act = request.POST.get("act", "")
    try:
        if act == "new":
            record = list_placing.add_row(file, row, by=user)
            messages.success(request, f"Dòng {row}: đã thêm {record.full_name}, mã dòng {record.row_code}.")
        elif act == "leave":
            list_placing.leave_row(file, row, by=user)
            messages.success(request, f"Dòng {row}: bỏ, không ghi gì vào sổ.")
        else:
            record = list_placing.place_row(file, row, act or request.POST.get("row_code", ""), by=user)
            messages.success(request, f"Dòng {row}: đã ghi vào hồ sơ {record.full_name}, mã dòng {record.row_code}.")
    except WorkRefused as refused:
        messages.error(request, refused.message)
    return redirect("list_result", file.code)
