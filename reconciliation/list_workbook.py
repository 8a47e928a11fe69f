"""The numbered list as a workbook: what we sent is locked, what is to be answered is open, everything is text."""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from reconciliation.models import Batch, BatchKind
from reconciliation.sheets import NEEDS, SHEET_NAME, Column, ResultCode, columns_of, result_codes
from records import own_files

_TITLES = {
    BatchKind.POLICE: "DANH SÁCH ĐỀ NGHỊ CÔNG AN XÁC MINH, CẤP SỐ ĐỊNH DANH CÁ NHÂN",
    BatchKind.CIVIL_REGISTRY: "DANH SÁCH ĐỀ NGHỊ HỘ TỊCH ĐỐI CHIẾU, XÁC NHẬN",
}
WARNING = "Có dữ liệu cá nhân. Chỉ dùng cho việc xác minh; không chuyển qua mạng xã hội; lưu, hủy theo quy định."
_TOP = {"title": 0, "facts": 1, "codes": 2, "heading": 3}
_LETTERS_PER_WIDTH = 1.1
_LINE_HEIGHT = 15.0  # points
_HINT_LENGTH = 255  # what a spreadsheet shows beside a cell


@dataclass(frozen=True)
class _Looks:
    title: Format
    fact: Format
    codes: Format
    heading: Format
    heading_to_fill: Format
    sent: Format
    sent_code: Format
    to_fill: Format


def list_workbook(batch: Batch, rows: Iterable[Mapping[str, str]]) -> bytes:
    """`rows`: heading → text, in the order of the batch. Raises nothing that a row's text could cause."""
    kept = io.BytesIO()
    book = xlsxwriter.Workbook(
        kept,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    book.set_custom_property(own_files.MARK, "batch")
    book.set_properties({"title": batch.code, "comments": WARNING})
    sheet = book.add_worksheet(SHEET_NAME)
    columns, looks = columns_of(batch.kind), _looks(book)
    _write_top(sheet, batch, columns, looks)
    last = _TOP["heading"]
    for last, row in enumerate(rows, start=_TOP["heading"] + 1):
        _write_row(sheet, last, columns, row, looks)
    _add_hints(sheet, batch.kind, columns, last)
    _set_page(sheet, batch, columns, last)
    book.close()
    return kept.getvalue()


def _looks(book: xlsxwriter.Workbook) -> _Looks:
    font = {"font_name": "Times New Roman", "font_size": 11}
    cell = font | {"num_format": "@", "border": 1, "border_color": "#8A8A8A", "valign": "top", "text_wrap": True}
    heading = cell | {"bold": True, "align": "center", "valign": "vcenter", "bg_color": "#E4E4EE"}
    return _Looks(
        title=book.add_format(font | {"bold": True, "font_size": 14}),
        fact=book.add_format(font | {"bold": True, "num_format": "@"}),
        codes=book.add_format(font | {"font_size": 10, "text_wrap": True, "valign": "top", "num_format": "@"}),
        heading=book.add_format(heading),
        heading_to_fill=book.add_format(heading | {"bg_color": "#FFF4CC"}),
        sent=book.add_format(cell),
        sent_code=book.add_format(cell | {"font_name": "Courier New", "bold": True}),
        to_fill=book.add_format(cell | {"locked": False, "bg_color": "#FFFDF0"}),
    )


def _write_top(sheet: Worksheet, batch: Batch, columns: tuple[Column, ...], looks: _Looks) -> None:
    facts = {
        0: f"Mã lô: {batch.code}",
        3: f"Xã, thị trấn: {batch.commune.name}",
        6: f"Sổ: {batch.get_register_display()}",
        8: f"Số dòng: {batch.rows}",
        9: f"Hẹn trả: {batch.due:%d/%m/%Y}",
    }
    sheet.write_string(_TOP["title"], 0, _TITLES[BatchKind(batch.kind)], looks.title)
    for place, text in facts.items():
        sheet.write_string(_TOP["facts"], place, text, looks.fact)
    codes = " · ".join(f"{c.code}: {c.label}" for c in result_codes(batch.kind).values())
    last_sent = sum(not column.to_fill for column in columns) - 1
    sheet.merge_range(_TOP["codes"], 0, _TOP["codes"], last_sent, "", looks.codes)
    sheet.write_string(_TOP["codes"], 0, f"Mã kết quả. {codes}", looks.codes)
    sheet.set_row(_TOP["codes"], 42)
    sheet.set_row(_TOP["heading"], 32)
    for index, column in enumerate(columns):
        sheet.set_column(index, index, column.width)
        sheet.write_string(
            _TOP["heading"], index, column.heading, looks.heading_to_fill if column.to_fill else looks.heading
        )


def _write_row(
    sheet: Worksheet, row: int, columns: tuple[Column, ...], texts: Mapping[str, str], looks: _Looks
) -> None:
    """Not every spreadsheet makes a row as high as its wrapped texts when it opens a file."""
    lines = max(math.ceil(len(texts.get(c.heading, "")) / (c.width * _LETTERS_PER_WIDTH)) for c in columns)
    if lines > 1:
        sheet.set_row(row, lines * _LINE_HEIGHT)
    for index, column in enumerate(columns):
        if column.to_fill:
            sheet.write_blank(row, index, None, looks.to_fill)
        else:
            look = looks.sent_code if column.key == "row_code" else looks.sent
            sheet.write_string(row, index, texts.get(column.heading, ""), look)


def _add_hints(sheet: Worksheet, kind: str, columns: tuple[Column, ...], last: int) -> None:
    """Drop-downs and reminders; they warn and never refuse, for an answer that breaks them comes to a person."""
    first = _TOP["heading"] + 1
    codes = result_codes(kind)
    for index, column in enumerate(columns):
        if column.key == "result":
            sheet.data_validation(
                first, index, last, index,
                {
                    "validate": "list", "source": list(codes), "error_type": "warning",
                    "error_title": "Mã kết quả", "error_message": "Chọn một mã trong danh sách.",
                    "input_title": "Mã kết quả", "input_message": _what_codes_need(codes.values()),
                },
            )  # fmt: skip
        elif column.key == "right_sex":
            sheet.data_validation(
                first, index, last, index,
                {
                    "validate": "list", "source": ["Nam", "Nữ"], "error_type": "warning",
                    "input_title": column.heading, "input_message": column.hint,
                },
            )  # fmt: skip
        elif column.hint:
            sheet.data_validation(
                first, index, last, index,
                {"validate": "any", "input_title": column.heading[:32], "input_message": column.hint},
            )  # fmt: skip


def _what_codes_need(codes: Iterable[ResultCode]) -> str:
    by_need: dict[str, list[str]] = {}
    for code in codes:
        needs = ", ".join(NEEDS[need].replace(" (ghi ở Ghi chú)", "") for need in code.needs)
        by_need.setdefault(needs, []).append(code.code)
    lines = [f"{', '.join(letters)}: {needs or 'không cần ghi thêm'}" for needs, letters in by_need.items()]
    return ("Cần ghi kèm:\n" + "\n".join(lines))[:_HINT_LENGTH]


def _set_page(sheet: Worksheet, batch: Batch, columns: tuple[Column, ...], last: int) -> None:
    sheet.protect(
        "",
        {"format_columns": True, "format_rows": True, "select_locked_cells": True, "select_unlocked_cells": True},
    )
    sheet.freeze_panes(_TOP["heading"] + 1, 3)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.75)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_TOP["heading"])
    sheet.print_area(0, 0, last, len(columns) - 1)
    sheet.set_footer(f"&L&8{WARNING}&C&8{batch.code}&R&8Trang &P/&N")
