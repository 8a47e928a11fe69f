"""An applied export as openpyxl holds it, whatever program wrote it: the same sheet, rows and kinds of cells."""

from __future__ import annotations

import datetime
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from pathlib import Path
from typing import Any

import python_calamine as calamine
from openpyxl import Workbook, load_workbook

from records import source_files
from records.models import SourceFile
from records.reading.container import identify
from records.reading.dates import full_date
from records.reading.delimited import Delimited
from records.reading.request import Limits

# The stubs of openpyxl take every cell for one that may be merged away.
Cell = Any
Sheet = Any
TEXT = "@"
DAY, MOMENT = "dd/mm/yyyy", "dd/mm/yyyy hh:mm"
Merge = tuple[tuple[int, int], tuple[int, int]]


class Exported:
    """`reach`: the number of the last column in which anything stands below the heading, with a heading or not."""

    def __init__(self, source_file: SourceFile) -> None:
        self.source_file = source_file
        self.summary: dict[str, Any] = source_file.summary
        self.headings: list[str] = self.summary["headings"]
        self.header_row = int(self.summary["header_row"])
        self.workbook, self.sheet = _open(source_file)
        below = (c.column for c in self.cells() if c.row > self.header_row and (c.value is not None or c.comment))
        self.reach = max(below, default=0)

    def cells(self) -> list[Cell]:
        """Only those that the file has; asking the sheet for a range would make the others."""
        return list(self.sheet._cells.values())

    def differs(self, row: int, index: int, text: str) -> bool:
        """Whether the cell holds anything else. A number that stands there as a number is not its text."""
        value = self.sheet.cell(row, index + 1).value
        if isinstance(value, datetime.datetime):
            return value != _day_cell(text)
        return ("" if value is None else value) != text


def put_text(cell: Cell, text: str) -> None:
    cell.value = text or None
    if text:
        cell.data_type = "s"  # "=1+1" typed by someone stays the four characters that it is
        cell.number_format = TEXT


def put_correction(cell: Cell, text: str) -> None:
    """A date stays a date where the export had one."""
    if isinstance(cell.value, datetime.datetime) and (day := _day_cell(text)):
        cell.value = day
    else:
        put_text(cell, text)


def copy_cell(source: Cell, target: Cell, *, with_look: bool) -> None:
    """With its note and link. `with_look`: both are of one workbook; looks do not go from one to another."""
    target.value = source.value
    if with_look:
        target._style = source._style
    else:
        target.number_format = source.number_format
    target.comment = source.comment
    target.hyperlink = copy(source.hyperlink)
    never_a_formula(target)


def never_a_formula(cell: Cell) -> None:
    if cell.data_type == "f":
        cell.data_type = "s"


def _day_cell(text: str) -> datetime.datetime | None:
    """A whole date as a spreadsheet's cell holds it."""
    day = full_date(text)
    return datetime.datetime.combine(day, datetime.time()) if day else None


def _open(source_file: SourceFile) -> tuple[Any, Sheet]:
    name = source_file.summary["sheet"]
    with source_files.local_path(source_file) as path:
        if not _is_xlsx(path):
            return _rewritten(path, source_file.name, name)
        workbook: Any = load_workbook(path, data_only=True)
    for sheet in workbook.worksheets:
        for row in sheet.iter_rows() if sheet.title != name else ():
            for cell in row:
                never_a_formula(cell)
    return workbook, workbook[name]


def _is_xlsx(path: Path) -> bool:
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as archive:
        return "xl/workbook.xml" in archive.namelist()


def _rewritten(path: Path, file_name: str, sheet_name: str) -> tuple[Any, Sheet]:
    """Anything else than .xlsx, cell by cell; its look is lost, the kinds of its cells are not."""
    workbook: Any = Workbook()
    sheet = workbook.active
    sheet.title = "".join("_" if sign in r"[]:*?/\\" else sign for sign in sheet_name)[:31] or "Sheet1"
    rows, merges = _typed_rows(path, file_name, sheet_name)
    for number, values in enumerate(rows, start=1):
        for index, value in enumerate(values, start=1):
            if value not in ("", None):
                _put(sheet.cell(number, index), value)
    for (top, left), (bottom, right) in merges:
        sheet.merge_cells(start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1)
    return workbook, sheet


def _typed_rows(path: Path, file_name: str, sheet_name: str) -> tuple[Iterator[Sequence[Any]], Sequence[Merge]]:
    if identify(path, file_name, Limits()).kind == "text":
        return Delimited(path.read_bytes(), file_name).rows(), ()
    with path.open("rb") as file:
        sheet = calamine.load_workbook(file).get_sheet_by_name(sheet_name)
    left: list[Any] = [None] * (sheet.start[1] if sheet.start else 0)
    return (left + list(values) for values in sheet.iter_rows()), sheet.merged_cell_ranges or ()


def _put(cell: Cell, value: Any) -> None:
    if isinstance(value, str):
        put_text(cell, value)
    elif isinstance(value, datetime.date):
        is_day = not isinstance(value, datetime.datetime) or value.time() == datetime.time.min
        cell.value = datetime.datetime(value.year, value.month, value.day) if is_day else value  # noqa: DTZ001
        cell.number_format = DAY if is_day else MOMENT
    else:
        cell.value = value


def by_heading(headings: Sequence[str], others: Sequence[str]) -> Mapping[int, int]:
    """Index of each heading → index of the equal one among the others."""
    places = {text: index for index, text in reversed(list(enumerate(others))) if text}
    return {index: places[text] for index, text in enumerate(headings) if text in places}
