from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from campaigns import audit
from campaigns.permissions import Permission, has, require
from records.models import Record
from records.private import number_fields
from records.views.columns import columns_for
from records.views.filters import Filters, facets, filters_of, register_counts, total_of
from records.views.grid import Row, rows_of
from records.views.paging import page_of

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
        "may_export": has(filters.user, Permission.EXPORT),
        "may_exclude": has(filters.user, Permission.EXCLUDE),
    }
    return render(request, "records/review.html", context)


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
