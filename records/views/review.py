from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from campaigns import audit
from campaigns.models import Commune
from campaigns.permissions import Permission, has, require
from records.models import Record
from records.private import number_fields
from records.views.columns import columns_for
from records.views.editors import choices_in, paper_form
from records.views.filters import Filters, facets, filters_of, register_counts, total_of
from records.views.grid import Row, rows_of
from records.views.paging import page_of
from records.views.scope import campaign_of, user_of
from records.views.undoable import last_undoable

LAST_VIEW = "review_view"  # of the session: where the way back from a person leads


@require_GET
@require(Permission.REVIEW)
def review(request: HttpRequest) -> HttpResponse:
    filters = filters_of(request)
    page = page_of(
        filters.records().select_related("commune", "source_row"),
        filters.campaign,
        after=request.GET.get("sau", ""),
        before=request.GET.get("truoc", ""),
    )
    rows = rows_of(page.rows, filters.user, filters.campaign)
    found = facets(filters)
    total = total_of(found)
    _record_looks(filters, rows, total, is_first=not page.has_previous)
    if request.session.get(LAST_VIEW) != request.get_full_path():
        request.session[LAST_VIEW] = request.get_full_path()
    context = {
        "filters": filters,
        "columns": columns_for(filters.user, filters.register),
        "rows": rows,
        "page": page,
        "facets": found,
        "total": total,
        "registers": register_counts(filters),
        "paper_form": paper_form(request),
        "undoable": None if _has_undo(request) else last_undoable(request),
        "in_grid": True,
        "may_export": has(filters.user, Permission.EXPORT),
        "may_exclude": has(filters.user, Permission.EXCLUDE),
    }
    return render(request, "records/review.html", context)


@require_GET
@require(Permission.REVIEW)
def choices(request: HttpRequest) -> JsonResponse:
    """What the grid finds by a few letters; asked for once the page stands."""
    user, campaign = user_of(request), campaign_of(request)
    wanted = request.GET.get("xa", "") if user.commune_id is None else ""
    commune = user.commune or Commune.objects.in_campaign(campaign).filter(code=wanted).first()
    answer = JsonResponse(choices_in(campaign, commune))
    answer["Cache-Control"] = "private, max-age=300"
    return answer


def _has_undo(request: HttpRequest) -> bool:
    """Whether a message of this page can be undone itself."""
    return any(message.extra_tags for message in messages.get_messages(request))


def _record_looks(filters: Filters, rows: list[Row], total: int, *, is_first: bool) -> None:
    """A search is recorded by its kind, never by its words; so are the people whose number a suggestion spells out."""
    commune = filters.chosen_commune
    place = commune.code if commune else ""
    if filters.search and is_first:
        audit.record(
            "searched", by=filters.user, campaign=filters.campaign, target=f"register:{filters.register}",
            commune_code=place, kind=filters.search.kind, found=total,
        )  # fmt: skip
    spelled_out = [row.record.row_code for row in rows if _spells_a_number(row.record, row)]
    if spelled_out:
        audit.record(
            "number_revealed", by=filters.user, campaign=filters.campaign, target=f"register:{filters.register}",
            commune_code=place, records=spelled_out, where="suggestion",
        )  # fmt: skip


def _spells_a_number(record: Record, row: Row) -> bool:
    numbers = number_fields(record.register)
    return any(one.suggestion and one.finding.field in numbers for one in row.findings)
