"""Spreadsheet files for tests, made on the spot, and the reading of them through the child process."""

import io
import json
import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl

from records.reading.process import open_reading
from records.reading.reference import Reference, Register
from records.reading.stage_lines import STAGE_COLUMNS

REFERENCE = Path(__file__).parents[2] / "campaigns" / "reference"
SHEET_XML = "xl/worksheets/sheet1.xml"

HEADINGS = ["STT", "Mã trẻ em", "Họ và tên", "Ngày sinh", "Giới tính", "Dân tộc", "Số định danh", "Họ tên cha",
            "Họ tên mẹ", "Bản", "Xã"]  # fmt: skip
SANG = ["1", "14121-000001", "Mùa A Sang", "03/02/2011", "Nam", "Mông", "014211000120", "Mùa A Chống",
        "Giàng Thị Dê", "Pa Cư Sáng A", "Hang Chú"]  # fmt: skip
XUAN = ["2", "14121-000002", "Lò Thị Xuân", "17/09/2013", "Nữ", "Thái", "014313000378", "Lò Văn Biên",
        "Hà Thị Én", "Suối Bưn", "Song Pe"]  # fmt: skip
TITLES = [["SỞ LAO ĐỘNG - TB&XH TỈNH SƠN LA"], [], ["DANH SÁCH TRẺ EM HUYỆN BẮC YÊN"], []]

Rows = Sequence[Sequence[Any]]


def xlsx(path: Path, rows: Rows, *, title: str = "DSTE", merges: Sequence[str] = ()) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    for merged in merges:
        sheet.merge_cells(merged)
    book.save(path)
    return path


def rewritten(source: Path, target: Path, change: Callable[[bytes], bytes], part: str = SHEET_XML) -> Path:
    """A copy of an archive with one part changed."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            content = old.read(entry.filename)
            new.writestr(entry.filename, change(content) if entry.filename == part else content)
    return target


@cache
def reference(register: Register = "children") -> dict[str, Any]:
    return Reference.from_files(
        REFERENCE,
        register=register,
        first_day=date(2023, 9, 25),
        last_day=date(2023, 11, 20),
        latest_birth=date(2023, 10, 10),
        district_code="121",
    ).to_json()


def request(path: Path, register: Register = "children", **more: Any) -> dict[str, Any]:
    return {"mode": "register", "path": path, "name": path.name, "reference": reference(register)} | more


def read(path: Path, register: Register = "children", **more: Any) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """(summary, rows as dicts of the stage's columns), through the child process."""
    with open_reading(request(path, register, **more)) as reading:
        copied = b"".join(iter(lambda: reading.stdout.read(4096), b"")).decode()
        return reading.finish(), [stage_row(line) for line in copied.splitlines()]


def stage_row(line: str) -> dict[str, Any]:
    """A line of COPY text as PostgreSQL reads it."""
    row: dict[str, Any] = dict(zip(STAGE_COLUMNS, map(unescaped, line.split("\t")), strict=True))
    for key in ("cells", "values", "findings"):
        row[key] = json.loads(row[key])
    return row | {"row_number": int(row["row_number"])}


def unescaped(value: str) -> str | None:
    if value == "\\N":
        return None
    out, chars = io.StringIO(), iter(value)
    for char in chars:
        out.write(char if char != "\\" else {"t": "\t", "n": "\n", "r": "\r"}.get(following := next(chars), following))
    return out.getvalue()
