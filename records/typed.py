"""What people type by hand, made ready for the rules that read a file's cells: ways of writing that no file has."""

from __future__ import annotations

import re

from records.reading.vietnamese import tidy
from records.reference import fields_of

# 01022015 and 010215: in a file these would be numbers, under the fingers they are dates.
_BARE_DATE = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{4}|[0-9]{2})")


def as_typed(register: str, field: str, text: str) -> str:
    """One line without tabs and breaks; a date without its slashes gets them."""
    text = tidy(text)
    if field in _date_fields(register) and (found := _BARE_DATE.fullmatch(text)):
        return "/".join(found.groups())
    return text


def _date_fields(register: str) -> set[str]:
    return {field.key for field in fields_of(register) if field.kind == "date"}
