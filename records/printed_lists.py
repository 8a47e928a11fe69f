"""A list for people on paper: sheets of a few rows with room for a pen, each with the list's code and its number. On a
visit sheet every village begins a sheet of its own, so that it can be handed to whoever walks there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from campaigns import audit
from campaigns.models import User
from campaigns.permissions import NotAllowed, Permission, check
from records.list_workbook import WARNING, ListColumn, ListRow
from records.lists import PAPER_FIELDS, columns_of, rows_of
from records.models import ListKind, PeopleList, Record
from records.walking import in_walking_order

PRINTABLE = (ListKind.TO_CLEAN, ListKind.VISIT)
ROWS_A_SHEET = {ListKind.VISIT: 5, ListKind.TO_CLEAN: 8}  # A4 across
_NARROW = {"birth_date", "sex", "ethnic_group", "personal_number"}


@dataclass
class Sheet:
    """A page of paper: people of one village, where the list goes village by village."""

    place: str
    rows: list[dict[str, Any]] = field(default_factory=list)


def print_list(people_list: PeopleList, *, by: User) -> dict[str, Any]:
    """The list as the register stands now, on sheets; records that it was printed. Raises NotAllowed for a kind that is
    not printed and for a list that is not this user's."""
    check(by, Permission.EXPORT)
    if people_list.kind not in PRINTABLE or not PeopleList.objects.for_user(by).filter(pk=people_list.pk).exists():
        raise NotAllowed("Ở đây chỉ in danh sách cần làm sạch và phiếu rà soát tại hộ của nơi mình.")
    mine = Record.objects.for_user(by).register(people_list.campaign, people_list.register)
    people = in_walking_order(mine.filter(row_code__in=people_list.row_codes).select_related("commune"))
    rows = list(rows_of(people_list, people))
    columns = _columns(people_list, rows)
    audit.record(
        "list_printed", by=by, campaign=people_list.campaign, target=f"list:{people_list.code}", rows=len(rows),
        commune_code=people_list.commune.code if people_list.commune else "", kind=people_list.kind,
    )  # fmt: skip
    return {
        "list": people_list,
        "where": people_list.commune.name if people_list.commune else "Toàn huyện",
        "people": len(rows),
        "columns": [{"heading": c.heading, "narrow": c.key in _NARROW} for c in columns],
        "width": len(columns),
        "sheets": _sheets(people_list, columns, rows),
        "warning": WARNING,
    }


def _columns(people_list: PeopleList, rows: list[ListRow]) -> list[ListColumn]:
    """Paper is narrow: who it is, where, and every other column in which something is to be looked at."""
    marked = {key for row in rows for key in row.marked}
    columns = columns_of(people_list.kind, people_list.register)
    return [c for c in columns if c.key in PAPER_FIELDS or (people_list.kind != ListKind.VISIT and c.key in marked)]


def _sheets(people_list: PeopleList, columns: list[ListColumn], rows: Iterable[ListRow]) -> list[Sheet]:
    visit, most = people_list.kind == ListKind.VISIT, ROWS_A_SHEET[ListKind(people_list.kind)]
    sheets: list[Sheet] = []
    house: tuple[str, ...] = ()
    for number, row in enumerate(rows, start=1):
        place = row.village if visit else ""
        if not sheets or len(sheets[-1].rows) == most or sheets[-1].place != place:
            sheets.append(Sheet(place))
            house = ()
        sheets[-1].rows.append(_row(number, row, columns) | {"new_house": row.house != house})
        house = row.house
    return sheets


def _row(number: int, row: ListRow, columns: list[ListColumn]) -> dict[str, Any]:
    cells = [{"text": row.values.get(c.key, ""), "marked": c.key in row.marked} for c in columns]
    return {"number": number, "row_code": row.row_code, "cells": cells, "reasons": row.reasons}
