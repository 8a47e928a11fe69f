"""What a page says after an act: the row anew, to htmx; the page one came from, to everyone else."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from records.models import ChangeSet, Record
from records.views.grid import rows_of
from records.views.scope import back, campaign_of, user_of


def row_answer(
    request: HttpRequest, record: Record, *, editor: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """The row of the grid as it now stands, with what is to be said and undone at the page's edges."""
    fresh = Record.objects.select_related("commune", "source_row").get(pk=record.pk)
    [row] = rows_of([fresh], user_of(request), campaign_of(request), editor=editor)
    for cell in (*row.cells, row.words_cell):
        cell.tab = "-1"
    return render(request, "records/row_answer.html", {"row": row, "oob": True}, status=status)


def done(request: HttpRequest, record: Record) -> HttpResponse:
    if getattr(request, "htmx", False):
        return row_answer(request, record)
    return redirect(back(request, reverse("record", args=[record.row_code])))


def say_undoable(request: HttpRequest, text: str, change_set: ChangeSet | None) -> None:
    """A message that can be undone where it stands."""
    if change_set is None:
        messages.info(request, text)
    else:
        messages.success(request, text, extra_tags=reverse("undo", args=[change_set.pk]))


def named(record: Record) -> str:
    """How a message speaks of a person: "Hờ Thị Dê, dòng 187"."""
    name = record.full_name or "người chưa có tên"
    return f"{name}, dòng {record.source_row.row_number}" if record.source_row else f"{name}, mã {record.row_code}"
