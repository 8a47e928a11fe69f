"""Rows of texts as a file in any format of bulk export. What people typed is text in every one of them, never a
formula and never a number that loses its zeros."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO

import tablib
import xlsxwriter

FORMATS = ("xlsx", "ods", "csv", "tsv", "json", "yaml", "html")
CONTENT_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ods": "application/vnd.oasis.opendocument.spreadsheet", "csv": "text/csv", "tsv": "text/tab-separated-values",
    "json": "application/json", "yaml": "text/yaml", "html": "text/html",
}  # fmt: skip
# A spreadsheet program calculates what begins so when it opens one of these as a table.
_CALCULATED, _AS_TABLES = ("=", "+", "-", "@", "\t", "\r"), ("csv", "tsv", "html")


def write(headings: Sequence[str], rows: Iterable[Sequence[str]], kind: str) -> bytes:
    if kind == "xlsx":
        return _workbook(headings, rows)
    if kind in _AS_TABLES:
        rows = ([_neutral(cell) for cell in row] for row in rows)
    content = tablib.Dataset(*rows, headers=headings).export(kind)
    if kind == "csv":
        content = "\ufeff" + content  # without it Excel takes the letters for another alphabet
    return content if isinstance(content, bytes) else content.encode()


def _neutral(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_CALCULATED) else cell


def _workbook(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    content = BytesIO()
    with xlsxwriter.Workbook(content, {"constant_memory": True, "in_memory": False}) as workbook:
        as_text, bold = workbook.add_format({"num_format": "@"}), workbook.add_format({"bold": True})
        sheet = workbook.add_worksheet("Dữ liệu")
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(headings) - 1, 18, as_text)
        for column, heading in enumerate(headings):
            sheet.write_string(0, column, heading, bold)
        for number, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                if cell:
                    sheet.write_string(number, column, cell, as_text)
    return content.getvalue()
