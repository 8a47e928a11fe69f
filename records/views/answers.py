"""What a page says after an act: the row anew, to htmx; the page one came from, to everyone else."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from records.models import ChangeSet, Record
from records.views.grid import rows_of
from records.views.scope import back, campaign_of, user_of
from records.views.undoable import last_undoable


def row_answer(
    request: HttpRequest,
    record: Record,
    *,
    editor: dict[str, Any] | None = None,
    status: int = 200,
    others: Collection[int] = (),
) -> HttpResponse:
    """The row of the grid as it now stands, and those of `others` (ids) that the act touched, with what is to be said
    and undone at the page's edges."""
    wanted = [record.pk] if editor else [record.pk, *others]
    return rows_answer(request, wanted, register=record.register, editor=editor, status=status)


def rows_answer(
    request: HttpRequest,
    wanted: Collection[int],
    *,
    register: str,
    editor: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Rows of this user's records of one register; the page takes those that it shows."""
    mine = Record.objects.for_user(user_of(request)).register(campaign_of(request), register)
    fresh = list(mine.filter(pk__in=wanted).select_related("commune", "source_row"))
    rows = rows_of(fresh, user_of(request), campaign_of(request), editor=editor)
    for row in rows:
        for cell in (*row.cells, row.words_cell):
            cell.tab = "-1"
    said = any(message.extra_tags for message in messages.get_messages(request))
    undoable = None if said else last_undoable(request)
    context = {"rows": rows, "oob": True, "in_grid": True, "undoable": undoable}
    return render(request, "records/row_answer.html", context, status=status)


def done(request: HttpRequest, record: Record, *, others: Collection[int] = ()) -> HttpResponse:
    if getattr(request, "htmx", False):
        return row_answer(request, record, others=others)
    return redirect(back(request, reverse("record", args=[record.row_code])))


def say_undoable(request: HttpRequest, text: str, change_set: ChangeSet | None) -> None:
    """A message that can be undone where it stands."""
    if change_set is None:
        messages.info(request, text)
    else:
        messages.success(request, text, extra_tags=reverse("undo", args=[change_set.pk]))
