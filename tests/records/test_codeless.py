"""Files without the ministry's code: their people are found, not doubled, and not taken for gone."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from campaigns.errors import WorkRefused
from campaigns.models import User
from records import imports
from records.error_sheet import export_errors
from records.models import Record
from records.undoing import undo_import
from tests.records.conftest import Receive
from tests.records.export_files import HEADINGS, Row, child, workbook

MANY = [child(n) for n in range(1, 31)]
WITHOUT_CODE = {key: heading for key, heading in HEADINGS.items() if key != "system_code"}
ANYWAY = "xã chép tay, không có mã"


def without_code(rows: list[dict[str, str]]) -> bytes:
    return workbook([{k: v for k, v in row.items() if k != "system_code"} for row in rows], headings=WITHOUT_CODE)


def counts(imported: imports.Imported) -> tuple[int, ...]:
    """created, changed, unchanged, gone, skipped"""
    d = imported.difference
    return d.created, d.changed, d.unchanged, d.gone, d.skipped


def bring(receive: Receive, by: User, content: bytes | list[Row]) -> imports.Imported:
    return imports.apply(receive(content), by=by, anyway=ANYWAY)


def test_everybody_is_found(receive: Receive, system: User) -> None:
    bring(receive, system, MANY)
    before = list(Record.objects.order_by("pk").values())
    assert counts(bring(receive, system, without_code(MANY))) == (0, 0, 30, 0, 0)
    assert list(Record.objects.order_by("pk").values()) == before


@pytest.mark.parametrize(
    "row",
    [
        {"phone": "0999", "birth_date": "30/11/2015"},  # name and number
        {"phone": "0999", "personal_number": "014215777777"},  # name, birth and both parents
        {"phone": "0999", "personal_number": "", "mother_name": ""},  # name, birth and the father
        {"phone": "0999", "personal_number": "", "father_name": ""},
        {"phone": "0999", "personal_number": "", "father_name": "", "mother_name": ""},  # name, birth and the village
    ],
)
def test_who_is_found_keeps_the_code(receive: Receive, system: User, row: dict[str, str]) -> None:
    bring(receive, system, MANY)
    imported = bring(receive, system, without_code([child(1, **row), *MANY[1:]]))
    assert counts(imported) == (0, 1, 29, 0, 0)
    record = Record.objects.get(system_code=child(1)["system_code"])
    assert (record.value("phone"), record.value("system_code")) == ("0999", child(1)["system_code"])
    assert counts(bring(receive, system, [child(1, **row), *MANY[1:]])) == (0, 0, 30, 0, 0)
    undo_import(imported.source_file, by=system)
    record.refresh_from_db()
    assert record.value("phone") == "0912000111"


@pytest.mark.parametrize(
    ("register", "rows"),
    [
        # The number is another person's as far as anyone can tell.
        ([], [child(1, personal_number="014215777777", mother_name="")]),
        # Two rows that are alike, two records that are alike.
        ([], [child(1, phone="1"), child(1, phone="2")]),
        ([child(50, **{k: v for k, v in child(1).items() if k != "system_code"})], [child(1)]),
        # The name is written otherwise, the birth date and the father are the same.
        ([], [child(1, full_name="Mùa A Binh", personal_number="")]),
    ],
)
def test_who_could_be_somebody_is_asked_about(
    receive: Receive, system: User, register: list[dict[str, str]], rows: list[dict[str, str]]
) -> None:
    bring(receive, system, [*MANY, *register])
    imported = bring(receive, system, without_code([*MANY[1:], *rows]))
    assert counts(imported) == (0, 0, 29, 0, len(rows))
    assert imported.needs_person
    assert Record.objects.count() == 30 + len(register)
    asked = Record.objects.get(system_code=child(1)["system_code"])
    assert imported.difference.examples["unplaced"][0][1] == rows[0]["full_name"]
    assert asked.row_code in imported.difference.examples["unplaced"][0][2]
    assert asked.row_code in imported.notes()[-1]


def test_who_is_like_nobody_is_new_and_who_is_missing_is_gone(receive: Receive, system: User) -> None:
    bring(receive, system, MANY)
    stranger = child(77, birth_date="09/11/2012", father_name="Lò Văn Pó", mother_name="Lò Thị Pè")
    assert counts(bring(receive, system, without_code([*MANY[:28], stranger]))) == (1, 0, 28, 2, 0)


def test_the_answer_comes_home_in_the_sheet_of_rows_to_correct(receive: Receive, system: User, tmp_path: Path) -> None:
    bring(receive, system, MANY)
    like, other = child(1, full_name="Mùa A Bình", personal_number=""), child(2, mother_name="", personal_number="")
    other["full_name"] = "Mùa Thị Khác"
    file = bring(receive, system, without_code([like, other, *MANY[2:]])).source_file
    out = tmp_path / "loi.xlsx"
    export_errors(file, out, by=system)
    book = load_workbook(out)
    sheet = book.active
    headings = [cell.value for cell in sheet[4]]
    assert headings[-2:] == ["Lý do cần sửa", "Mã dòng"]
    record = Record.objects.get(system_code=child(1)["system_code"])
    assert record.row_code in sheet.cell(5, len(headings) - 1).value
    sheet.cell(5, len(headings)).value, sheet.cell(6, len(headings)).value = record.row_code, "Mới"
    answered = BytesIO()
    book.save(answered)
    assert counts(bring(receive, system, answered.getvalue()))[:2] == (1, 1)
    record.refresh_from_db()
    assert record.full_name == "Mùa A Bình"
    assert Record.objects.filter(full_name="Mùa Thị Khác", system_code="").exists()
    with pytest.raises(WorkRefused, match="không còn dòng nào"):
        export_errors(file, out, by=system)
