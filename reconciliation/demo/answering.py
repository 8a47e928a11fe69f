"""Answers as a commune's police would write them into the list: most people found, some not, some left for later."""

from __future__ import annotations

import random
from io import BytesIO

from openpyxl import load_workbook

from reconciliation.demo.dice import weighted
from reconciliation.demo.people import century_digit
from reconciliation.models import Batch
from reconciliation.sheets import SHEET_NAME, columns_of
from records.models import Record
from records.reading.personal_number import broken_rules

# What comes back beside numbers given and confirmed; blank: left for later.
_OTHERWISE = {"": 5, "S": 5, "N": 4, "V": 3, "D": 2, "T": 1, "M": 1, "G": 2, "X": 1}
_SHARE_OTHERWISE = 0.22
_NOTES = {
    "N": "Không thấy trong cơ sở dữ liệu, xem lại ngày sinh",
    "V": "Hẹn ngày 20",
    "D": "Chuyển về xã khác, tháng 8/2023",
    "T": "Trùng với anh em cùng tên trong bản",
    "M": "Mất tháng 6/2023, trích lục khai tử 04/2023",
    "G": "Gia đình chưa đăng ký khai sinh",
    "X": "Hai cuốn sổ hộ khẩu ghi khác nhau",
    "S": "Theo cơ sở dữ liệu",
}


def answered(batch: Batch, chance: random.Random, provinces: frozenset[str]) -> bytes:
    """The sent workbook with its cells to fill in filled."""
    with batch.file.open() as kept:
        workbook = load_workbook(kept)
    sheet = workbook[SHEET_NAME]
    headings = {cell.value: cell.column for row in sheet.iter_rows(max_row=8) for cell in row if cell.value}
    at = {column.key: headings[column.heading] for column in columns_of(batch.kind)}
    row_of = {sheet.cell(row, at["row_code"]).value: row for row in range(1, sheet.max_row + 1)}
    for line in batch.lines.select_related("record").order_by("number"):
        for key, text in _answer(line.record, chance, provinces).items():
            sheet.cell(row_of[line.row_code], at[key]).value = text
    content = BytesIO()
    workbook.save(content)
    return content.getvalue()


def _answer(record: Record, chance: random.Random, provinces: frozenset[str]) -> dict[str, str]:
    knows_enough = bool(record.sex and record.birth_year)
    if chance.random() < _SHARE_OTHERWISE or not knows_enough:
        return _other_answer(record, chance)
    number = record.personal_number
    if number and not broken_rules(number, record.sex, record.birth_year, provinces):
        return {"result": "K"}
    return {"result": "C", "number": _number(record, chance)}


def _other_answer(record: Record, chance: random.Random) -> dict[str, str]:
    code = weighted(chance, _OTHERWISE)
    if not code:
        return {}
    answer = {"result": code, "note": _NOTES[code]}
    if code == "S":
        year = record.birth_year or 2015
        answer["right_birth_date"] = f"{chance.randint(1, 28):02d}/{chance.randint(1, 12):02d}/{year}"
        if record.sex and record.birth_year:
            answer["number"] = _number(record, chance)
    return answer


def _number(record: Record, chance: random.Random) -> str:
    year = record.birth_year or 2015
    return f"014{century_digit(record.sex, year)}{year % 100:02d}{chance.randrange(1_000_000):06d}"
