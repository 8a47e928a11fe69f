"""The ministry's own workbook, taken as it came: same sheet, titles, headings and column order, in which rows are kept,
dropped, corrected or added. Never to be known in advance; an .xlsx is edited in place, so that its look survives,
anything else is written anew as .xlsx from its cells."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from openpyxl.packaging.custom import StringProperty
from openpyxl.utils import quote_sheetname

from records import own_files
from records.exported import Exported, Sheet, by_heading, copy_cell, never_a_formula, put_correction, put_text
from records.models import SourceFile
from records.reading.vietnamese import fold

_SPREAD = {"birth_by_sex": ("birth_date", "sex"), "sex_marks": ("sex",), "birth_parts": ("birth_date",)}
_TICK = "x"
_PEOPLE = re.compile(r"\d{9}|hovaten|hoten|ngaysinh|namsinh")
# A list of choices that is written out, or stands on the same sheet.
_OWN_CHOICE = re.compile(r'"|\$?[A-Z]{1,3}\$?\d')


class Layout:
    """One sheet to write rows into, below its heading. Rows of its own export must be put in the order they have
    there, and before any others."""

    def __init__(self, source_file: SourceFile, kind: str) -> None:
        self.own = Exported(source_file)
        self.sheet = self.own.sheet
        self._splits: dict[str, list[int]] = self.own.summary.get("split_columns", {})
        spread = {index for indexes in self._splits.values() for index in indexes}
        self._columns = {f: i for f, i in self.own.summary["column_index"].items() if i not in spread}
        self.fields = {*self.own.summary["column_index"], *(f for kind in self._splits for f in _SPREAD[kind])}
        self.width = max(len(self.own.headings), self.own.reach)
        self._added = 0
        self.own.workbook.custom_doc_props.append(StringProperty(name=own_files.MARK, value=kind))
        self.next_row = self.own.header_row + 1
        self._last_row = self.sheet.max_row
        self._prepare()

    def cells_of(self, values: Mapping[str, str], fields: Collection[str]) -> dict[int, str]:
        """Column index → text for these fields of a record, also where the layout spreads one over several columns
        ("Năm sinh: Nam | Nữ", day | month | year, a tick under Nam or Nữ)."""
        cells = {index: values.get(field, "") for field, index in self._columns.items() if field in fields}
        for kind, indexes in self._splits.items():
            if not set(_SPREAD[kind]).isdisjoint(fields):
                texts = _spread(kind, values.get("birth_date", ""), values.get("sex", ""))
                cells |= dict(zip(indexes, texts, strict=True))
        return cells

    def columns_in(self, export: Exported) -> dict[int, int]:
        """Index of each column of the layout → index in the export: the same field, or else the same heading."""
        if export is self.own:
            return {index: index for index in range(self.width)}
        theirs = export.summary.get("split_columns", {})
        spread = {index for indexes in theirs.values() for index in indexes}
        columns = dict(by_heading(self.own.headings, export.headings))
        for field, index in export.summary["column_index"].items():
            if field in self._columns and index not in spread:
                columns[self._columns[field]] = index
        for kind, indexes in self._splits.items():
            for index in indexes:
                columns.pop(index, None)
            columns |= dict(zip(indexes, theirs.get(kind, ()), strict=False))
        return columns

    def put_row(self, export: Exported, row: int, columns: Mapping[int, int], corrections: Mapping[int, str]) -> int:
        """Puts a row of an export: cells as they are there, but for the corrections (column index → text). Returns its
        row number. `columns`: of `columns_in`."""
        is_own = export is self.own
        for index in range(self.width):
            target = self.sheet.cell(self.next_row, index + 1)
            if index in columns:
                source = export.sheet.cell(row, columns[index] + 1)
                if source is target:
                    never_a_formula(target)
                else:
                    copy_cell(source, target, with_look=is_own)
            else:
                target.value = target.comment = target.hyperlink = None
            if index in corrections:
                put_correction(target, corrections[index])
        if is_own:
            self._take_height(row)
        self.next_row += 1
        return self.next_row - 1

    def keep_row(self, row: int) -> int:
        """Puts a row of the layout's own export, as it is there; its new row number."""
        return self.put_row(self.own, row, self.columns_in(self.own), {})

    def add_row(self, texts: Mapping[int, str]) -> int:
        """Puts a new row of texts; its row number."""
        return self.put_row(self.own, self.next_row, {}, {i: texts.get(i, "") for i in range(self.width)})

    def drop_other_sheets(self) -> None:
        """And what pointed to them: names, and choices taken from their cells."""
        self._drop(lambda other: True)

    def drop_sheets_of_people(self) -> None:
        """Other sheets on which people stand, with what pointed to them. Lists of choices stay."""
        self._drop(_holds_people)

    def _drop(self, unwanted: Callable[[Sheet], bool]) -> None:
        book = self.own.workbook
        gone = [s for s in book._sheets if s is not self.sheet and (s not in book.worksheets or unwanted(s))]
        for other in gone:
            book.remove(other)
        for name in [n for n, defined in book.defined_names.items() if _points_to(gone, defined.attr_text)]:
            del book.defined_names[name]
        choices = self.sheet.data_validations
        choices.dataValidation = [c for c in choices.dataValidation if self._is_choosable(c.formula1 or '"')]

    def _is_choosable(self, formula: str) -> bool:
        """Written out, on this sheet, or on one that is still there."""
        text = formula.lstrip("=")
        if "!" in text and not text.startswith('"'):
            return _points_to(self.own.workbook.worksheets, text)
        return bool(_OWN_CHOICE.match(text)) or text in self.own.workbook.defined_names

    def add_column(self, heading: str) -> int:
        """A column of ours behind the last one: its index, by which `put` writes its cells."""
        index = self.width + self._added
        self._added += 1
        self.put(self.own.header_row, index, heading)
        return index

    def put(self, row: int, index: int, text: str) -> None:
        put_text(self.sheet.cell(row, index + 1), text)

    def save(self, path: Path) -> None:
        """Drops what stood below (rows not kept, totals, signatures) and writes the file."""
        if self._last_row >= self.next_row:
            self.sheet.delete_rows(self.next_row, self._last_row - self.next_row + 1)
            for row in range(self.next_row, self._last_row + 1):
                self.sheet.row_dimensions.pop(row, None)
        self.own.workbook.save(path)

    def _prepare(self) -> None:
        """Below the heading nothing is merged, filtered or hidden: rows change places."""
        for merged in list(self.sheet.merged_cells.ranges):
            if merged.max_row > self.own.header_row:
                self.sheet.unmerge_cells(str(merged))
        self.sheet.auto_filter.ref = None
        for row, dimension in self.sheet.row_dimensions.items():
            if row > self.own.header_row:
                dimension.hidden = False

    def _take_height(self, row: int) -> None:
        if row == self.next_row:
            return
        height = self.sheet.row_dimensions[row].height if row in self.sheet.row_dimensions else None
        if height is not None or self.next_row in self.sheet.row_dimensions:
            self.sheet.row_dimensions[self.next_row].height = height


def _points_to(sheets: Iterable[Any], formula: str | None) -> bool:
    named = (f"{name}!" for sheet in sheets for name in (sheet.title, quote_sheetname(sheet.title)))
    return any(name in (formula or "") for name in named)


def _holds_people(sheet: Sheet) -> bool:
    """A heading for a name or a birth date, a date, or digits as long as a card's number."""
    for row in sheet.iter_rows():
        for value in (cell.value for cell in row if cell.value is not None):
            if isinstance(value, datetime.date) or _PEOPLE.search(fold(str(value))):
                return True
    return False


def _spread(kind: str, birth_date: str, sex: str) -> list[str]:
    """The texts of the columns of a split, in their order."""
    if kind == "birth_parts":
        return ["", "", *birth_date.split("/")][-3:]
    told = birth_date if kind == "birth_by_sex" else _TICK
    return [told if sex == "Nam" else "", told if sex == "Nữ" else ""]
