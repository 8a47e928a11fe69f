"""Lists as they come home: the really sent workbook, answered and tampered with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from reconciliation.handback import TakenBack
from reconciliation.models import Batch
from records.models import Record

HEADING_ROW = 4
Tamper = Callable[[Worksheet], None]


def content_of(batch: Batch) -> bytes:
    with batch.file.open() as kept:
        return kept.read()


def column_of(sheet: Worksheet, heading: str, *, row: int = HEADING_ROW) -> int:
    return next(cell.column for cell in sheet[row] if cell.value == heading)


def row_of(sheet: Worksheet, row_code: str) -> int:
    column = column_of(sheet, "Mã dòng")
    return next(r for r in range(HEADING_ROW + 1, sheet.max_row + 1) if sheet.cell(r, column).value == row_code)


def answered(batch: Batch, answers: Mapping[str, Mapping[str, Any]], tamper: Tamper | None = None) -> bytes:
    """`answers`: row code → heading → what was typed into that cell."""
    book = openpyxl.load_workbook(BytesIO(content_of(batch)))
    sheet = book["Danh sách"]
    for row_code, cells in answers.items():
        for heading, value in cells.items():
            sheet.cell(row_of(sheet, row_code), column_of(sheet, heading)).value = value
    if tamper is not None:
        tamper(sheet)
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


def rows_of(content: bytes) -> list[list[str]]:
    """All cells of the list as text."""
    sheet = openpyxl.load_workbook(BytesIO(content))["Danh sách"]
    return [["" if value is None else str(value) for value in row] for row in sheet.iter_rows(values_only=True)]


def good_number(record: Record, tail: int = 0) -> str:
    """Twelve digits that agree with sex and birth year of the record."""
    century = 3 if record.sex == "nu" else 2
    return f"014{century}{(record.birth_year or 2015) % 100:02d}{(record.pk * 10 + tail) % 1_000_000:06d}"


def all_c(records: list[Record]) -> dict[str, dict[str, Any]]:
    return {r.row_code: {"Mã kết quả": "C", "Số định danh": good_number(r)} for r in records}


def outcomes(taken: TakenBack) -> dict[str, str]:
    return {row.row_code: row.outcome for row in taken.rows}


def stages_of(records: list[Record]) -> list[str]:
    return [Record.objects.get(pk=r.pk).stage for r in records]


def copy_row(sheet: Worksheet, row_code: str, **changes: str) -> None:
    source, target = row_of(sheet, row_code), sheet.max_row + 1
    for cell in sheet[source]:
        sheet.cell(target, cell.column).value = cell.value
    for heading, value in changes.items():
        sheet.cell(target, column_of(sheet, heading)).value = value


def without_title(sheet: Worksheet) -> None:
    sheet.delete_rows(1, HEADING_ROW - 1)
