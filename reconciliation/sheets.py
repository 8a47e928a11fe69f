"""The columns of the lists that go to the police and to the civil registry, and the codes they answer with.

Headings, their order and the codes are part of the contract (section 4)."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from reconciliation.models import BatchKind
from records.reference import REFERENCE_FILES

SHEET_NAME = "Danh sách"
Kind = Literal["text", "name", "date", "sex", "number", "code"]


@dataclass(frozen=True)
class Column:
    """`field`: the key of the column sets that the column speaks of, '' for none; `width` in characters."""

    key: str
    heading: str
    width: float
    kind: Kind = "text"
    field: str = ""
    to_fill: bool = False
    hint: str = ""


@dataclass(frozen=True)
class ResultCode:
    """`needs`: what an answer with this code should hold: number, corrected_field, note, other_record, document,
    death_date."""

    code: str
    label: str
    needs: tuple[str, ...] = ()


_SENT = (
    Column("stt", "STT", 5),
    Column("row_code", "Mã dòng", 9.5, "code"),
    Column("full_name", "Họ và tên", 23, "name", "full_name"),
    Column("birth_date", "Ngày sinh", 11.5, "date", "birth_date"),
    Column("sex", "Giới tính", 7, "sex", "sex"),
    Column("ethnic_group", "Dân tộc", 9, "text", "ethnic_group"),
    Column("held_number", "Số hiện có", 15, "number", "personal_number"),
    Column("father_name", "Họ tên cha", 20, "name", "father_name"),
    Column("mother_name", "Họ tên mẹ", 20, "name", "mother_name"),
    Column("residence", "Nơi thường trú", 24, "text", "permanent_address"),
    Column("request", "Đề nghị", 30),
)
_ANSWER = (
    Column("result", "Mã kết quả", 8, "code", to_fill=True),
    Column(
        "number", "Số định danh", 15, "number", "personal_number", to_fill=True,
        hint="Gõ đủ 12 chữ số, kể cả số 0 ở đầu. Ô này là văn bản nên số 0 không mất.",
    ),
    Column(
        "right_name", "Họ tên đúng", 22, "name", "full_name", to_fill=True,
        hint="Chỉ ghi khi khác cột Họ và tên. Tên khác nhau thì hộ tịch quyết định.",
    ),
    Column(
        "right_birth_date", "Ngày sinh đúng", 12, "date", "birth_date", to_fill=True,
        hint="Chỉ ghi khi khác, dạng ngày/tháng/năm: 05/03/2015.",
    ),
    Column("right_sex", "Giới tính đúng", 8, "sex", "sex", to_fill=True, hint="Chỉ ghi khi khác: Nam hoặc Nữ."),
    Column(
        "right_residence", "Nơi thường trú đúng", 22, "text", "permanent_address", to_fill=True,
        hint="Chỉ ghi khi khác.",
    ),
    Column("note", "Ghi chú", 24, to_fill=True, hint="Giấy tờ đã xem, hồ sơ trùng, nơi chuyển đến, ngày hẹn lại."),
)  # fmt: skip
_REGISTRY = (
    Column(
        "registration", "Quyển số/Số đăng ký khai sinh", 17, to_fill=True,
        hint="Theo sổ đăng ký khai sinh, ví dụ 01/2015 số 43.",
    ),
    Column("registered_on", "Ngày đăng ký", 12, "date", to_fill=True, hint="Dạng ngày/tháng/năm: 05/03/2015."),
    Column("right_father", "Cha đúng", 20, "name", "father_name", to_fill=True, hint="Chỉ ghi khi khác."),
    Column("right_mother", "Mẹ đúng", 20, "name", "mother_name", to_fill=True, hint="Chỉ ghi khi khác."),
)  # fmt: skip
# The registry answers from its books, so its codes mean a little less, or more, than those of the police.
_REGISTRY_CODES = (
    ResultCode("K", "Thông tin đúng theo sổ hộ tịch, không cần số"),
    ResultCode("S", "Thông tin sai, đã ghi thông tin đúng", ("corrected_field",)),
    ResultCode("N", "Không có trong sổ hộ tịch", ("note",)),
    ResultCode("G", "Chưa đăng ký khai sinh", ("note",)),
    ResultCode("T", "Trùng với hồ sơ khác", ("other_record", "note")),
    ResultCode("M", "Đã chết", ("death_date", "document")),
    ResultCode("D", "Chuyển đi nơi khác", ("note",)),
    ResultCode("X", "Cần xác minh thêm", ("note",)),
)
NEEDS = {
    "number": "số định danh",
    "corrected_field": "thông tin đúng",
    "note": "ghi chú",
    "other_record": "hồ sơ bị trùng (ghi ở Ghi chú)",
    "document": "giấy tờ (ghi ở Ghi chú)",
    "death_date": "ngày chết (ghi ở Ghi chú)",
}


def columns_of(kind: str) -> tuple[Column, ...]:
    return _SENT + _ANSWER + (_REGISTRY if kind == BatchKind.CIVIL_REGISTRY else ())


def sent_columns() -> tuple[Column, ...]:
    return _SENT


def to_fill_in(kind: str) -> tuple[Column, ...]:
    return tuple(column for column in columns_of(kind) if column.to_fill)


@lru_cache
def result_codes(kind: str) -> dict[str, ResultCode]:
    if kind == BatchKind.CIVIL_REGISTRY:
        return {code.code: code for code in _REGISTRY_CODES}
    with (REFERENCE_FILES / "police_results.csv").open(encoding="utf-8", newline="") as lines:
        return {
            row["code"]: ResultCode(row["code"], row["label"], tuple(filter(None, row["needs"].split(";"))))
            for row in csv.DictReader(lines)
        }
