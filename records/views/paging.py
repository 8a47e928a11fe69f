"""Pages of fifty in the order people walk: commune, village, name. A page is known by the row next to it, so that it
keeps its place while rows come and go, and no name stands in an address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce

from campaigns.models import Campaign
from records.models import Record
from records.models.record import RecordQuerySet

ROWS = 50
_KEYS = ("place", "village", "sort_key", "pk")
_NOWHERE = "~"  # after every commune's code


@dataclass
class PageOfRecords:
    rows: list[Record]
    has_previous: bool
    has_next: bool

    @property
    def first(self) -> Record | None:
        return self.rows[0] if self.rows else None

    @property
    def last(self) -> Record | None:
        return self.rows[-1] if self.rows else None


def walked(records: RecordQuerySet) -> RecordQuerySet:
    placed = records.annotate(place=Coalesce(F("commune__code"), Value(_NOWHERE)))
    return placed.order_by(*_KEYS)


def page_of(records: RecordQuerySet, campaign: Campaign, *, after: str = "", before: str = "") -> PageOfRecords:
    """`after`, `before`: the row code that the page follows or precedes; one that is unknown is the beginning."""
    ordered, size = walked(records), ROWS
    mark = _mark(campaign, before or after)
    if mark is None:
        rows = list(ordered[: size + 1])
        return PageOfRecords(rows[:size], has_previous=False, has_next=len(rows) > size)
    if before:
        rows = list(ordered.filter(_beyond(mark, "lt")).reverse()[: size + 1])
        return PageOfRecords(rows[:size][::-1], has_previous=len(rows) > size, has_next=True)
    rows = list(ordered.filter(_beyond(mark, "gt"))[: size + 1])
    return PageOfRecords(rows[:size], has_previous=True, has_next=len(rows) > size)


def neighbour(records: RecordQuerySet, record: Record, *, before: bool) -> str:
    """The row code of who comes next in the walk, or came before; '' at either end."""
    ordered = walked(records).filter(_beyond(_key(record), "lt" if before else "gt"))
    codes = (ordered.reverse() if before else ordered).values_list("row_code", flat=True)
    return codes.first() or ""


def _mark(campaign: Campaign, code: str) -> tuple[Any, ...] | None:
    """The place of the row, also where the filters no longer show it."""
    if not code:
        return None
    record = Record.objects.filter(campaign=campaign, row_code=code).select_related("commune").first()
    return _key(record) if record else None


def _key(record: Record) -> tuple[Any, ...]:
    return (record.commune.code if record.commune else _NOWHERE, record.village, record.sort_key, record.pk)


def _beyond(mark: tuple[Any, ...], direction: str) -> Q:
    """Rows past the mark in the order of _KEYS."""
    where = Q()
    for key, value in reversed(list(zip(_KEYS, mark, strict=True))):
        past = Q(**{f"{key}__{direction}": value})
        where = past | Q(**{key: value}) & where if where else past
    return where
