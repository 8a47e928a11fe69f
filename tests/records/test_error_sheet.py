from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from campaigns.errors import WorkRefused
from campaigns.models import Campaign, User
from records import imports
from records.error_sheet import export_errors
from records.models import Record

HEADINGS = ["Mã trẻ em", "Họ và tên", "Ngày sinh", "Giới tính", "Số định danh cá nhân", "Xã", "Cột lạ"]
ROWS = [
    ["TE1", "Mùa A Páo", "12/05/2015", "Nam", "014215001234", "Làng Chếu", "giữ"],
    ["TE2", "Mùa A Dia", "30/02/2016", "Nam", "014216001234", "Làng Chếu", "nguyên"],
    ["TE2", "Mùa A Chu", "12/05/2014", "Nam", "014214001234", "Làng Chếu", "lặp"],
]


def export(rows: list[list[str]]) -> bytes:
    workbook = Workbook()
    for row in [HEADINGS, *rows]:
        workbook.active.append(row)
    content = BytesIO()
    workbook.save(content)
    return content.getvalue()


def test_the_senders_sheet_with_reasons_can_be_corrected_and_imported(
    campaign: Campaign, district: User, tmp_path: Path
) -> None:
    file = imports.receive(campaign, "children", by=district, name="a.xlsx", content=export(ROWS))
    imports.apply(file, by=district)
    out = tmp_path / "loi.xlsx"
    rows, _ = export_errors(file, out, by=district)
    workbook = load_workbook(out)
    sheet = workbook.active
    assert rows == 2
    assert [cell.value for cell in sheet[1]] == [*HEADINGS, "Lý do cần sửa"]
    assert [cell.value for cell in sheet[2]][:7] == ROWS[1]
    assert "30/02/2016" in sheet["H2"].value
    assert "TE2" in sheet["H3"].value
    assert sheet.max_row == 3

    sheet["C2"], sheet["A3"] = "28/02/2016", "TE3"
    workbook.save(out)
    again = imports.receive(campaign, "children", by=district, name="loi.xlsx", content=out.read_bytes())
    imported = imports.apply(again, by=district)
    assert (imported.difference.created, imported.difference.changed, imported.difference.gone) == (1, 1, 0)
    assert Record.objects.get(system_code="TE2").value("birth_date") == "28/02/2016"


@pytest.mark.parametrize(
    ("cells", "left_out", "people", "is_open"),
    [
        ({"TE2 lặp": "TE3"}, "", {"TE1", "TE2", "TE3"}, False),  # it was another person's code
        ({}, "lặp", {"TE1", "TE2"}, False),  # the second row was too many
        ({}, "nguyên", {"TE1", "TE2"}, False),  # or the first
        ({}, "", {"TE1", "TE2"}, True),  # nobody decided
    ],
)
def test_one_code_on_two_rows_is_decided_in_the_sheet(
    campaign: Campaign, district: User, tmp_path: Path, cells: dict[str, str], left_out: str, people: set[str],
    is_open: bool,
) -> None:  # fmt: skip
    rows = [[*ROWS[0][:4], "", *ROWS[0][5:]], [*ROWS[1][:2], "12/05/2016", *ROWS[1][3:]], ROWS[2]]
    file = imports.receive(campaign, "children", by=district, name="a.xlsx", content=export(rows))
    imports.apply(file, by=district)
    out = tmp_path / "loi.xlsx"
    export_errors(file, out, by=district)
    workbook = load_workbook(out)
    for row in list(workbook.active.iter_rows(min_row=2))[::-1]:
        if row[6].value == left_out:
            workbook.active.delete_rows(row[0].row)
        row[0].value = cells.get(f"{row[0].value} {row[6].value}", row[0].value)
    workbook.save(out)
    again = imports.receive(campaign, "children", by=district, name="loi.xlsx", content=out.read_bytes())
    imports.apply(again, by=district)
    assert set(Record.objects.values_list("system_code", flat=True)) == people
    repeated = Record.objects.get(system_code="TE2").findings.get(rule="record.repeated", field="system_code")
    assert repeated.status == ("open" if is_open else "fixed")
    export_errors(file, out, by=district)
    listed = [row[0] for row in load_workbook(out).active.iter_rows(min_row=2, values_only=True)]
    assert listed == (["TE1", "TE2", "TE2"] if is_open else ["TE1"])


def test_nothing_wrong_is_no_sheet(campaign: Campaign, district: User, tmp_path: Path) -> None:
    file = imports.receive(campaign, "children", by=district, name="a.xlsx", content=export(ROWS[:1]))
    imports.apply(file, by=district)
    Record.objects.get().findings.update(status="gone")
    with pytest.raises(WorkRefused, match="không còn dòng nào"):
        export_errors(file, tmp_path / "loi.xlsx", by=district)
    assert not list(tmp_path.iterdir())


def test_a_commune_gets_its_own_people_only(
    campaign: Campaign, district: User, officer: User, other_officer: User, tmp_path: Path
) -> None:
    elsewhere = [[*row[:5], "Háng Đồng", row[6]] for row in ROWS]
    elsewhere[1][0] = elsewhere[2][0] = "TE7"
    elsewhere[0][0] = "TE6"
    file = imports.receive(campaign, "children", by=district, name="a.xlsx", content=export(ROWS + elsewhere))
    imports.apply(file, by=district)
    out = tmp_path / "loi.xlsx"
    assert export_errors(file, out, by=officer)[0] == 3  # TE1 shares its number, TE2 is held once
    communes = {row[5] for row in load_workbook(out).active.iter_rows(min_row=2, values_only=True)}
    assert communes == {"Làng Chếu"}
    assert export_errors(file, out, by=district)[0] == 6


def test_other_sheets_stay_at_home(campaign: Campaign, district: User, tmp_path: Path) -> None:
    workbook = load_workbook(BytesIO(export(ROWS)))
    sheet = workbook.active
    for title in ("Xã khác", "Danh mục"):
        workbook.create_sheet(title)["A1"] = "Lò Thị Khác"
    workbook["Danh mục"].sheet_state = "hidden"
    workbook.defined_names["gioi"] = DefinedName("gioi", attr_text="'Danh mục'!$A$1:$A$2")
    for formula, cell in (("gioi", "D2"), ("'Danh mục'!$A$1", "D3"), ('"Nam,Nữ"', "D4"), ("$J$1:$J$2", "D5")):
        choice = DataValidation(type="list", formula1=formula)
        choice.add(cell)
        sheet.add_data_validation(choice)
    content = BytesIO()
    workbook.save(content)
    file = imports.receive(campaign, "children", by=district, name="a.xlsx", content=content.getvalue())
    imports.apply(file, by=district)
    out = tmp_path / "loi.xlsx"
    export_errors(file, out, by=district)
    written = load_workbook(out)
    assert written.sheetnames == [sheet.title]
    assert not written.defined_names
    assert [c.formula1 for c in written.active.data_validations.dataValidation] == ['"Nam,Nữ"', "$J$1:$J$2"]
