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
TO_WRITE_ON = "……………"
ROOM = 54  # points: a line of print and room to write by hand
_CELL = {"font_name": "Times New Roman", "font_size": 11, "num_format": "@", "valign": "top", "text_wrap": True}
_WIDTHS = {"birth_date": 11.0, "sex": 6.0, "ethnic_group": 10.0, "personal_number": 14.0}
_PAGE_WIDTH = 114.0  # columns of A4 across, less the margins
_BORDER = {"border": 1, "border_color": "#8A8A8A"}


@dataclass(frozen=True)
class ListColumn:
    key: str
    heading: str
    to_edit: bool


@dataclass(frozen=True)
class ListRow:
    """`marked`: fields that something is said about; `values`: field → text; `house`: equal for people of one house."""

    row_code: str
    village: str
    house: tuple[str, ...]
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
        "empty": book.add_format(_CELL | _BORDER | {"bold": True, "bg_color": "#FCEBE9", "valign": "bottom"}),
        "plain": book.add_format(_CELL | _BORDER),
        "marked": book.add_format(_CELL | _BORDER | {"bold": True, "bg_color": "#FCEBE9"}),
        "code": book.add_format(_CELL | _BORDER | {"font_name": "Courier New", "bold": True}),
        "heading": book.add_format(_CELL | _BORDER | {"bold": True, "align": "center", "bg_color": "#E4E4EE"}),
        "title": book.add_format({"font_name": "Times New Roman", "font_size": 14, "bold": True}),
        "fact": book.add_format({"font_name": "Times New Roman", "font_size": 11, "num_format": "@"}),
        "village": book.add_format({"font_name": "Times New Roman", "font_size": 13, "bold": True, "num_format": "@"}),
    }
    headings = ["STT", own_files.ROW_CODE_HEADING, *(c.heading for c in columns), REASONS_HEADING]
    _write_top(sheet, people_list, headings, looks)
    breaks = _write_rows(sheet, people_list, columns, rows, looks)
    _set_page(sheet, people_list, columns, breaks)
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
) -> list[int]:
    """Returns before which rows a page begins: a visit sheet has each village on pages of its own."""
    visit = people_list.kind == ListKind.VISIT
    at, village, breaks = _HEADING_ROW, None, []
    for number, row in enumerate(rows, start=1):
        if visit and row.village != village:
            village, at = row.village, at + 1
            if number > 1:
                breaks.append(at)
            sheet.write_string(at, 0, f"Bản: {village}", looks["village"])
        at += 1
        if visit:
            sheet.set_row(at, ROOM)
        sheet.write_string(at, 0, str(number), looks["plain"])
        sheet.write_string(at, 1, row.row_code, looks["code"])
        for index, column in enumerate(columns, start=2):
            text, is_marked = row.values.get(column.key, ""), column.key in row.marked
            if visit and is_marked and not text:
                sheet.write_string(at, index, TO_WRITE_ON, looks["empty"])
            else:
                sheet.write_string(at, index, text, looks["marked" if is_marked else "plain"])
        sheet.write_string(at, len(columns) + 2, "\n".join(row.reasons), looks["plain"])
    return breaks


def _set_page(sheet: Any, people_list: PeopleList, columns: list[ListColumn], breaks: list[int]) -> None:
    widths = [5.0, 10.0, *(_WIDTHS.get(column.key, 16.0) for column in columns), 44.0]
    for index, width in enumerate(widths):
        sheet.set_column(index, index, width)
    sheet.freeze_panes(_HEADING_ROW + 1, 3)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    if breaks:  # a spreadsheet that fits pages by itself heeds no page break
        sheet.set_print_scale(max(10, min(100, int(100 * _PAGE_WIDTH / sum(widths)))))
        sheet.set_h_pagebreaks(breaks)
    else:
        sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_HEADING_ROW)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.set_footer(f"&L&8{WARNING}&R&8{people_list.code} · trang &P/&N")
