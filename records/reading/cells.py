"""A cell's value as the text that a person would say stands in it."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

# Above this a double no longer holds every whole number: digits are lost, and exponent notation says so.
_LARGEST_EXACT = 1e15

_ERROR_TEXTS = frozenset(
    {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#GETTING_DATA"}
)


def row_texts(values: Sequence[Any]) -> list[str]:
    """The cells of one row as text; a NUL, which no database text can hold, is dropped."""
    try:
        if "\x00" not in "".join(values):
            return list(values)
    except TypeError:  # not all are texts
        pass
    return [
        (value if "\x00" not in value else value.replace("\x00", "")) if type(value) is str else cell_text(value)
        for value in values
    ]


def cell_text(value: Any) -> str:
    """Whole numbers without ".0", other numbers at their shortest, days as dd/mm/yyyy, nothing for an error."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        if value.is_integer() and abs(value) < _LARGEST_EXACT:
            return str(int(value))
        return repr(value)
    if isinstance(value, dt.datetime):
        return _moment_text(value)
    if isinstance(value, dt.date):
        return f"{value.day:02d}/{value.month:02d}/{value.year:04d}"
    text = str(value)
    return "" if text in _ERROR_TEXTS else text.replace("\x00", "")


def _moment_text(value: dt.datetime) -> str:
    day = f"{value.day:02d}/{value.month:02d}/{value.year:04d}"
    clock = value.time()
    if clock == dt.time.min:
        return day
    return f"{day} {clock.hour:02d}:{clock.minute:02d}" + (f":{clock.second:02d}" if clock.second else "")
