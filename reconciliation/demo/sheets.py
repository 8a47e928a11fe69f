"""One sheet as a ministry's software writes it: titles, headings, column numbers, rows, a signature block."""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import xlsxwriter
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

_FULL_DATE = re.compile(r"(\d\d)/(\d\d)/((?:19|20)\d\d)")
_SHORT_NUMBER = re.compile(r"[1-9]\d{3,10}")  # what a spreadsheet makes a number, and where zeros are lost
_DATE_KEYS = frozenset({"birth_date", "number_issue_date", "decision_date", "updated_on"})
_NUMBER_KEYS = frozenset({"personal_number", "father_number", "mother_number", "birth_date", "amount"})
_DATE_SHARE = 0.08
_WIDE = 26
_NARROW = 14


@dataclass(frozen=True)
class Column:
    """`above`: what stands over it in a heading of two rows; neighbours that share it are merged."""

    key: str  # field key; empty for the serial number
    heading: str
    above: str = ""


@dataclass
class Sheet:
    name: str
    titles: Sequence[str]
    columns: Sequence[Column]
    rows: Sequence[dict[str, str]]
    signatures: Sequence[str] = ()
    place_and_day: str = ""
    total: bool = True
    notes: Sequence[str] = field(default_factory=tuple)  # a second sheet of explanations


def write_sheet(path: Path, sheet: Sheet, created: datetime, chance: random.Random) -> None:
    """Same arguments, same bytes. What looks like a formula or an address stays text."""
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(path, options) as book:
        book.set_properties({"created": created, "author": "Phần mềm quản lý"})
        _Writer(book, book.add_worksheet(sheet.name), sheet, chance).write()
        if sheet.notes:
            notes = book.add_worksheet("Hướng dẫn")
            for index, line in enumerate(sheet.notes):
                notes.write_string(index, 0, line)


class _Writer:
    def __init__(self, book: Workbook, page: Worksheet, sheet: Sheet, chance: random.Random) -> None:
        self._page = page
        self._sheet = sheet
        self._chance = chance
        self._title = book.add_format({"bold": True, "align": "center"})
        self._heading = book.add_format({"bold": True, "border": 1, "text_wrap": True, "align": "center"})
        self._text = book.add_format({"border": 1, "num_format": "@"})
        self._number = book.add_format({"border": 1, "num_format": "0"})
        self._date = book.add_format({"border": 1, "num_format": "dd/mm/yyyy"})
        self._last = len(sheet.columns) - 1

    def write(self) -> None:
        row = self._write_titles()
        row = self._write_headings(row)
        for index in range(len(self._sheet.columns)):
            self._page.write_string(row, index, f"({index + 1})", self._heading)
        row += 1
        self._page.freeze_panes(row, 0)
        for serial, cells in enumerate(self._sheet.rows, start=1):
            self._write_row(row, serial, cells)
            row += 1
        self._write_end(row)

    def _write_titles(self) -> int:
        for index, title in enumerate(self._sheet.titles):
            if title:
                self._page.merge_range(index, 0, index, min(self._last, 9), title, self._title)
        return len(self._sheet.titles)

    def _write_headings(self, row: int) -> int:
        columns = self._sheet.columns
        for index, column in enumerate(columns):
            wide = column.key in ("permanent_address", "category") or column.key.endswith("_name")
            self._page.set_column(index, index, _WIDE if wide else _NARROW)
        if not any(column.above for column in columns):
            for index, column in enumerate(columns):
                self._page.write_string(row, index, column.heading, self._heading)
            return row + 1
        start = 0
        while start < len(columns):
            start = self._write_group(row, start)
        return row + 2

    def _write_group(self, row: int, start: int) -> int:
        """The columns from `start` on that share an upper heading; returns the column after them."""
        columns = self._sheet.columns
        above = columns[start].above
        if not above:
            self._page.merge_range(row, start, row + 1, start, columns[start].heading, self._heading)
            return start + 1
        end = start
        while end < len(columns) and columns[end].above == above:
            self._page.write_string(row + 1, end, columns[end].heading, self._heading)
            end += 1
        if end - start > 1:
            self._page.merge_range(row, start, row, end - 1, above, self._heading)
        else:
            self._page.write_string(row, start, above, self._heading)
        return end

    def _write_row(self, row: int, serial: int, cells: dict[str, str]) -> None:
        for index, column in enumerate(self._sheet.columns):
            if column.key:
                self._write_cell(row, index, column.key, cells[column.key])
            else:
                self._page.write_number(row, index, serial, self._number)

    def _write_cell(self, row: int, index: int, key: str, text: str) -> None:
        whole = _FULL_DATE.fullmatch(text) if key in _DATE_KEYS else None
        if whole and self._chance.random() < _DATE_SHARE:
            day = _moment(*whole.groups())
            if day:
                self._page.write_datetime(row, index, day, self._date)
                return
        if key in _NUMBER_KEYS and _SHORT_NUMBER.fullmatch(text):
            self._page.write_number(row, index, int(text), self._number)
        elif text:
            self._page.write_string(row, index, text, self._text)
        else:
            self._page.write_blank(row, index, None, self._text)

    def _write_end(self, row: int) -> None:
        if self._sheet.total:
            self._page.write_string(row, 0, f"Tổng cộng: {len(self._sheet.rows)}", self._title)
            row += 1
        right = max(self._last - 4, 0)
        if self._sheet.place_and_day:
            self._page.write_string(row + 1, right, self._sheet.place_and_day)
        for index, signature in enumerate(self._sheet.signatures):
            column = 1 if index == 0 else right
            self._page.write_string(row + 2, column, signature, self._title)
            self._page.write_string(row + 3, column, "(Ký, ghi rõ họ tên)")


def _moment(day: str, month: str, year: str) -> datetime | None:
    try:
        return datetime(int(year), int(month), int(day))  # noqa: DTZ001 - a spreadsheet's date has no zone
    except ValueError:
        return None
