"""Exports of the ministry's software, made for one test each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from io import BytesIO

import openpyxl
from openpyxl.packaging.custom import StringProperty

HEADINGS = {
    "system_code": "Mã trẻ em",
    "full_name": "Họ và tên",
    "birth_date": "Ngày sinh",
    "sex": "Giới tính",
    "ethnic_group": "Dân tộc",
    "personal_number": "Số định danh cá nhân",
    "father_name": "Họ tên cha",
    "mother_name": "Họ tên mẹ",
    "village": "Bản",
    "commune": "Xã",
    "permanent_address": "Nơi thường trú",
    "phone": "Số điện thoại",
}

Row = Mapping[str, str]


def child(number: int, **fields: str) -> dict[str, str]:
    """A child without any finding: the `number` makes code, name and number its own."""
    return {
        "system_code": f"14121-{number:06d}",
        "full_name": f"Mùa A {'ABCDEGHKLM'[number % 10]}inh {'ABCDEGHKLM'[number // 10 % 10]}ang".title(),
        "birth_date": f"{number % 27 + 1:02d}/03/2015",
        "sex": "Nam",
        "ethnic_group": "Mông",
        "personal_number": f"014215{number:06d}",
        "father_name": "Mùa A Chống",
        "mother_name": f"Sồng Thị {'ABCDEGHKLM'[number % 10]}a",
        "village": "Suối Lộng",
        "commune": "Làng Chếu",
        "permanent_address": "Suối Lộng, Làng Chếu",
        "phone": "0912000111",
    } | fields


def workbook(rows: Iterable[Row], *, headings: Mapping[str, str] = HEADINGS, mark: str = "") -> bytes:
    """Title rows, a heading in row 4, the rows from row 5."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["UBND HUYỆN BẮC YÊN"])
    sheet.append(["DANH SÁCH TRẺ EM"])
    sheet.append([])
    sheet.append(["STT", *headings.values()])
    for number, row in enumerate(rows, 1):
        sheet.append([number, *(row.get(key, "") for key in headings)])
    if mark:
        book.custom_doc_props.append(StringProperty(name=mark, value="errors"))
    content = BytesIO()
    book.save(content)
    return content.getvalue()
