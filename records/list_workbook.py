"""How a list for people looks as a workbook: everything text, marked cells bold, ready for the printer."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import xlsxwriter
from django.utils import timezone

from records import own_files
from records.models import ListKind, PeopleList

SHEET_NAME = "Danh sách"
LIST_CODE_LABEL = "Mã danh sách"
REASONS_HEADING = "Cần xem"
WARNING = "Có dữ liệu cá nhân của trẻ em và người yếu thế. Không chụp, không chuyển qua mạng xã hội; xong việc thì hủy."
_HEADING_ROW = 3
_CELL = {"font_name": "Times New Roman", "font_size": 11, "num_format": "@", "valign": "top", "text_wrap": True}
_BORDER = {"border": 1, "border_color": "#8A8A8A"}


@dataclass(frozen=True)
class ListColumn:
    key: str
    heading: str
    to_edit: bool


@dataclass(frozen=True)
class ListRow:
    """`marked`: fields that something is said about; `values`: field → text."""

    row_code: str
    village: str
    values: dict[str, str]
    reasons: list[str] = field(default_factory=list)
    marked: set[str] = field(default_factory=set)


def list_workbook(people_list: PeopleList, columns: list[ListColumn], rows: Iterable[ListRow]) -> bytes:
    kept = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(kept, options)
    book.set_custom_property(own_files.MARK, "list")
    sheet = book.add_worksheet(SHEET_NAME)
    looks = {
        "plain": book.add_format(_CELL | _BORDER),
        "marked": book.add_format(_CELL | _BORDER | {"bold": True, "bg_color": "#FCEBE9"}),
        "code": book.add_format(_CELL | _BORDER | {"font_name": "Courier New", "bold": True}),
        "heading": book.add_format(_CELL | _BORDER | {"bold": True, "align": "center", "bg_color": "#E4E4EE"}),
        "title": book.add_format({"font_name": "Times New Roman", "font_size": 14, "bold": True}),
        "fact": book.add_format({"font_name": "Times New Roman", "font_size": 11, "num_format": "@"}),
        "village": book.add_format(_CELL | _BORDER | {"bold": True, "font_size": 13, "bg_color": "#F2F4F5"}),
    }
    headings = ["STT", own_files.ROW_CODE_HEADING, *(c.heading for c in columns), REASONS_HEADING]
    _write_top(sheet, people_list, headings, looks)
    _write_rows(sheet, people_list, columns, rows, looks)
    _set_page(sheet, people_list, len(headings))
    book.close()
    return kept.getvalue()


def _write_top(sheet: Any, people_list: PeopleList, headings: list[str], looks: dict[str, Any]) -> None:
    where = people_list.commune.name if people_list.commune else "Toàn huyện"
    sheet.write_string(
        0, 0, f"{people_list.get_kind_display()} · {people_list.get_register_display()}".upper(), looks["title"]
    )
    at = timezone.localtime(people_list.at)
    count = len(people_list.row_codes)
    facts = f"{LIST_CODE_LABEL}: {people_list.code} · {where} · {count} người · lập {at:%d/%m/%Y %H:%M}"
    sheet.write_string(1, 0, facts, looks["fact"])
    for index, heading in enumerate(headings):
        sheet.write_string(_HEADING_ROW, index, heading, looks["heading"])
    sheet.set_row(_HEADING_ROW, 34)


def _write_rows(
    sheet: Any, people_list: PeopleList, columns: list[ListColumn], rows: Iterable[ListRow], looks: dict[str, Any]
) -> None:
    visit = people_list.kind == ListKind.VISIT
    at, village = _HEADING_ROW, None
    for number, row in enumerate(rows, start=1):
        if visit and row.village != village:
            village, at = row.village, at + 1
            sheet.write_string(at, 0, f"Bản: {village}", looks["village"])
        at += 1
        if visit:
            sheet.set_row(at, 54)  # room to write by hand
        sheet.write_string(at, 0, str(number), looks["plain"])
        sheet.write_string(at, 1, row.row_code, looks["code"])
        for index, column in enumerate(columns, start=2):
            look = looks["marked" if column.key in row.marked else "plain"]
            text = row.values.get(column.key, "")
            sheet.write_string(at, index, text or ("……………" if visit and column.key in row.marked else ""), look)
        sheet.write_string(at, len(columns) + 2, "\n".join(row.reasons), looks["plain"])


def _set_page(sheet: Any, people_list: PeopleList, width: int) -> None:
    sheet.set_column(0, 0, 5)
    sheet.set_column(1, 1, 10)
    sheet.set_column(2, width - 2, 16)
    sheet.set_column(width - 1, width - 1, 44)
    sheet.freeze_panes(_HEADING_ROW + 1, 3)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_HEADING_ROW)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.set_footer(f"&L&8{WARNING}&R&8{people_list.code} · trang &P/&N")
