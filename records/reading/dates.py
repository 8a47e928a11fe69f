"""Dates as people type them: day/month/year, month/year, a year alone, ISO, spreadsheet serials."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Literal

from records.reading.vietnamese import is_none_word

Problem = Literal["", "missing", "incomplete", "impossible", "unreadable"]
Precision = Literal["", "day", "month", "year"]

_BETWEEN = r"(?:\s*[/.\-]\s*|\s+)"
_TIME = r"(?:[T\s]\s*[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)?"
_DAY_FIRST = re.compile(rf"([0-9]{{1,2}}){_BETWEEN}([0-9]{{1,2}}){_BETWEEN}([0-9]{{4}}|[0-9]{{2}}){_TIME}")
_YEAR_FIRST = re.compile(rf"([0-9]{{4}})[/.\-]([0-9]{{1,2}})[/.\-]([0-9]{{1,2}}){_TIME}")
_MONTH_YEAR = re.compile(rf"([0-9]{{1,2}}){_BETWEEN}([0-9]{{4}})")
_YEAR_MONTH = re.compile(r"([0-9]{4})-([0-9]{1,2})")
_NUMBER = re.compile(r"([0-9]{4,5})(?:\.[0-9]+)?")
_YEARS = range(1900, 2101)
# Serials of the 1900 epoch that cannot be a year: 1905-10-01 to 2100-12-31.
_SERIALS = range(2101, 73416)
_SERIAL_ZERO = date(1899, 12, 30)


@dataclass(frozen=True, slots=True)
class DateReading:
    """`text`: dd/mm/yyyy, mm/yyyy or yyyy; as typed where it cannot be read or its century is open.

    `first` and `last` bound the days that it may be; both None where nothing is known. `year` and `iso` are those
    of `first`.
    """

    text: str
    problem: Problem
    precision: Precision = ""
    first: date | None = None
    last: date | None = None
    suggestion: str = ""
    open_century: bool = False
    year: int | None = field(init=False, default=None)
    iso: str = field(init=False, default="")

    def __post_init__(self) -> None:
        if self.first:
            object.__setattr__(self, "year", self.first.year)
            object.__setattr__(self, "iso", self.first.isoformat())


@lru_cache(maxsize=32768)
def read_date(text: str, campaign_year: int, century_is_clear: bool) -> DateReading:
    """Reads a tidied cell.

    Two-digit years are 19yy when 20yy would lie after `campaign_year`, the year of the campaign's first day;
    else 20yy when `century_is_clear` (children), or open.
    """
    if is_none_word(text):
        return DateReading("", "missing")
    match = _DAY_FIRST.fullmatch(text)
    if match:
        day, month, year = match.groups()
        return _read_day(text, day, month, year, campaign_year, century_is_clear)
    match = _YEAR_FIRST.fullmatch(text)
    if match:
        year, month, day = match.groups()
        return _read_day(text, day, month, year, campaign_year, century_is_clear)
    match = _MONTH_YEAR.fullmatch(text)
    if match and int(match[2]) in _YEARS:
        return _read_month(text, int(match[1]), int(match[2]))
    match = _YEAR_MONTH.fullmatch(text)
    if match and int(match[1]) in _YEARS:
        return _read_month(text, int(match[2]), int(match[1]))
    return _read_single_number(text)


def full_date(text: str) -> date | None:
    """A day as it is written when it was read, dd/mm/yyyy; None for anything else."""
    try:
        return datetime.strptime(text, "%d/%m/%Y").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return None


def full_years(birth: date, on: date) -> int:
    """Age in full years on a day; negative before birth."""
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))


def _read_day(text: str, day: str, month: str, year: str, campaign_year: int, clear: bool) -> DateReading:
    if len(year) == 2:
        if 2000 + int(year) > campaign_year:
            year = f"19{year}"
        elif clear:
            year = f"20{year}"
        else:
            return _read_open_century(text, int(day), int(month), year)
    found = _day(int(year), int(month), int(day))
    if found:
        return DateReading(_written(found), "", "day", found, found)
    swapped = _day(int(year), int(day), int(month))
    return DateReading(text, "impossible", suggestion=_written(swapped) if swapped else "")


def _read_open_century(text: str, day: int, month: int, year: str) -> DateReading:
    centuries = (1900 + int(year), 2000 + int(year))
    if any(_day(century, month, day) for century in centuries):
        return DateReading(text, "incomplete", open_century=True)
    swapped = any(_day(century, day, month) for century in centuries)
    return DateReading(text, "impossible", suggestion=f"{month:02}/{day:02}/{year}" if swapped else "")


def _read_month(text: str, month: int, year: int) -> DateReading:
    first = _day(year, month, 1)
    if first is None:
        return DateReading(text, "unreadable")
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return DateReading(f"{month:02}/{year}", "incomplete", "month", first, last)


def _read_single_number(text: str) -> DateReading:
    match = _NUMBER.fullmatch(text)
    number = int(match[1]) if match else 0
    if number in _YEARS and (text.isdigit() or text.endswith(".0")):
        return DateReading(str(number), "incomplete", "year", date(number, 1, 1), date(number, 12, 31))
    if number in _SERIALS:
        found = _SERIAL_ZERO + timedelta(days=number)
        return DateReading(_written(found), "", "day", found, found)
    return DateReading(text, "unreadable")


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _written(day: date) -> str:
    return f"{day.day:02}/{day.month:02}/{day.year:04}"
