"""The ministry's own workbook, taken as it came: same sheet, titles, headings and column order, in which rows are kept,
dropped, corrected or added. Never to be known in advance; an .xlsx is edited in place, so that its look survives,
anything else is written anew as .xlsx from the texts that were read."""

from __future__ import annotations

import datetime
import zipfile
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.packaging.custom import StringProperty

from records import own_files, source_files
from records.models import SourceFile

# The stubs of openpyxl take every cell for one that may be merged away, and know no document properties.
Cell = Any
Sheet = Any
TEXT = "@"
_SPREAD = {"birth_by_sex": ("birth_date", "sex"), "sex_marks": ("sex",), "birth_parts": ("birth_date",)}
_TICK = "x"


class Layout:
    """One sheet to write rows into, from `first_row` on. Rows must be put in the order they have in the export."""

    def __init__(self, source_file: SourceFile, kind: str) -> None:
        self.source_file = source_file
        self.summary: dict[str, Any] = source_file.summary
        self._splits: dict[str, list[int]] = self.summary.get("split_columns", {})
        spread = {index for indexes in self._splits.values() for index in indexes}
        self._columns = {f: i for f, i in self.summary["column_index"].items() if i not in spread}
        self.fields = {*self.summary["column_index"], *(f for kind in self._splits for f in _SPREAD[kind])}
        self.width = len(self.summary["headings"])
        self.header_row = int(self.summary["header_row"])
        self._workbook, self.sheet = self._open()
        self._workbook.custom_doc_props.append(StringProperty(name=own_files.MARK, value=kind))
        self.next_row = self.header_row + 1
        self._last_row = self.sheet.max_row
        self._unmerge_rows()

    def cells_of(self, values: Mapping[str, str], fields: Collection[str]) -> dict[int, str]:
        """Column index → text for these fields of a record, also where the layout spreads one over several columns
        ("Năm sinh: Nam | Nữ", day | month | year, a tick under Nam or Nữ)."""
        cells = {index: values.get(field, "") for field, index in self._columns.items() if field in fields}
        for kind, indexes in self._splits.items():
            if not set(_SPREAD[kind]).isdisjoint(fields):
                texts = _spread(kind, values.get("birth_date", ""), values.get("sex", ""))
                cells |= dict(zip(indexes, texts, strict=True))
        return cells

    def differing(self, row_number: int, cells: Sequence[str], wanted: dict[int, str]) -> dict[int, str]:
        """Those of the wanted texts (column index → text) that are not what the export's cell holds already."""
        return {i: text for i, text in wanted.items() if self._differs(row_number, cells, i, text)}

    def keep_row(self, row_number: int, cells: Sequence[str], corrections: dict[int, str]) -> int:
        """Puts an exported row with the corrections (of `differing`) in place of its cells; its new row number."""
        for index in range(self.width):
            target = self.sheet.cell(self.next_row, index + 1)
            if not self._edited:
                _put_text(target, corrections.get(index, _text(cells, index)))
                continue
            source = self.sheet.cell(row_number, index + 1)
            was_a_date = isinstance(source.value, datetime.datetime)
            if source is not target:
                _copy(source, target)
            if index not in corrections:
                _never_a_formula(target)
            elif was_a_date and (day := _full_date(corrections[index])):
                target.value = day
            else:
                _put_text(target, corrections[index])
        return self._taken()

    def add_row(self, texts: dict[int, str]) -> int:
        """Puts a new row of texts; its row number."""
        for index in range(self.width):
            _put_text(self.sheet.cell(self.next_row, index + 1), texts.get(index, ""))
        return self._taken()

    def add_column(self, heading: str) -> None:
        """A column of ours behind the last one; `put` writes its cells."""
        self.put(self.header_row, self.width, heading)

    def put(self, row: int, index: int, text: str) -> None:
        _put_text(self.sheet.cell(row, index + 1), text)

    def save(self, path: Path) -> None:
        """Drops what stood below (rows not kept, totals, signatures) and writes the file."""
        if self._last_row >= self.next_row:
            self.sheet.delete_rows(self.next_row, self._last_row - self.next_row + 1)
        self.sheet.auto_filter.ref = None
        self._workbook.save(path)

    def _taken(self) -> int:
        self.next_row += 1
        return self.next_row - 1

    def _differs(self, row_number: int, cells: Sequence[str], index: int, text: str) -> bool:
        if not self._edited:
            return _text(cells, index) != text
        value = self.sheet.cell(row_number, index + 1).value
        if isinstance(value, datetime.datetime):
            return value != _full_date(text)
        # A number that the export held as a number is written as text: it reads alike and is a difference.
        return (value or "") != text

    def _open(self) -> tuple[Any, Sheet]:
        with source_files.local_path(self.source_file) as path:
            self._edited = _is_xlsx(path)
            if self._edited:
                workbook: Any = load_workbook(path, data_only=True)
                for name in workbook.sheetnames:
                    if name != self.summary["sheet"]:
                        _freeze_formulas(workbook[name])
                return workbook, workbook[self.summary["sheet"]]
        return self._new_workbook()

    def _new_workbook(self) -> tuple[Any, Sheet]:
        workbook: Any = Workbook()
        sheet = workbook.active
        sheet.title = _sheet_title(self.summary["sheet"])
        first = int(self.summary["header_rows"][0])
        for number, line in enumerate(self.summary["title_lines"][: first - 1], start=1):
            _put_text(sheet.cell(number, 1), line)
        for index, heading in enumerate(self.summary["headings"], start=1):
            parts = heading.split(" / ")
            rows = range(first, self.header_row + 1)
            for row, part in zip(rows, parts if len(parts) == len(rows) else [heading] * len(rows), strict=True):
                _put_text(sheet.cell(row, index), part)
        return workbook, sheet

    def _unmerge_rows(self) -> None:
        for merged in list(self.sheet.merged_cells.ranges):
            if merged.max_row > self.header_row:
                self.sheet.unmerge_cells(str(merged))


def _is_xlsx(path: Path) -> bool:
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as archive:
        return "xl/workbook.xml" in archive.namelist()


def _freeze_formulas(sheet: Sheet) -> None:
    for row in sheet.iter_rows():
        for cell in row:
            _never_a_formula(cell)


def _copy(source: Cell, target: Cell) -> None:
    target.value = source.value
    target._style = source._style
    _never_a_formula(target)


def _never_a_formula(cell: Cell) -> None:
    if cell.data_type == "f":
        cell.data_type = "s"


def _put_text(cell: Cell, text: str) -> None:
    cell.value = text or None
    if text:
        cell.data_type = "s"  # "=1+1" typed by someone stays the four characters that it is
        cell.number_format = TEXT


def _spread(kind: str, birth_date: str, sex: str) -> list[str]:
    """The texts of the columns of a split, in their order."""
    if kind == "birth_parts":
        return ["", "", *birth_date.split("/")][-3:]
    told = birth_date if kind == "birth_by_sex" else _TICK
    return [told if sex == "Nam" else "", told if sex == "Nữ" else ""]


def _text(cells: Sequence[str], index: int) -> str:
    return cells[index] if index < len(cells) else ""


def _full_date(text: str) -> datetime.datetime | None:
    try:
        return datetime.datetime.strptime(text, "%d/%m/%Y")  # noqa: DTZ007 - a day in a cell has no zone
    except ValueError:
        return None


def _sheet_title(name: str) -> str:
    return "".join("_" if character in r"[]:*?/\\" else character for character in name)[:31] or "Sheet1"
