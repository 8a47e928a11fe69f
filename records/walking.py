"""The order in which one walks through a village: house by house, people of one house together, the eldest first."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from records.models import Record
from records.reading.vietnamese import fold, sort_key

NO_VILLAGE = "(chưa rõ bản)"
House = tuple[str, str, str, str]
_LATEST = datetime.date.max


def house_of(record: Record) -> House:
    """What tells one house from the next where the register numbers no houses: the parents, else the address. Who has
    none of them is a house of one."""
    names = (record.father_name, record.mother_name, record.guardian_name)
    parents = "|".join(sort_key(name) for name in names) if any(names) else ""
    alone = "" if parents else sort_key(record.full_name)
    return fold(record.value("household_code")), parents, "" if parents else sort_key(record.address), alone


def in_walking_order(people: Iterable[Record]) -> list[Record]:
    """By commune, then village (people of no known village last), then house; `commune` must have been fetched."""
    return sorted(people, key=_place)


def _place(record: Record) -> tuple[str, bool, str, House, datetime.date, str, int]:
    commune = record.commune.code if record.commune else ""
    born = record.birth_date or _LATEST
    village = record.village
    return commune, not village, sort_key(village), house_of(record), born, record.sort_key, record.pk
