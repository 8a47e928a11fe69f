"""The way back to the ministry: real exports in, the upload file read back through openpyxl."""

from __future__ import annotations

import csv
import datetime
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from campaigns.errors import WorkRefused
from campaigns.models import Campaign, User
from campaigns.permissions import NotAllowed
from reconciliation.ministry_result import Refusal, field_named, read_refusals, record_result
from reconciliation.models import UploadFile
from reconciliation.upload_file import build_upload, write_provenance
from records import changes, imports, review
from records.models import ChangeKind, Finding, Record, SourceFile, Stage, StageChange
from tests.records.people import CHILD, add_child

HEADINGS = [
    "STT",
    "Mã trẻ em",
    "Họ và tên",
    "Ngày sinh",
    "GT",
    "Dân tộc",
    "CCCD",
    "Họ tên cha",
    "Họ tên mẹ",
    "Bản",
    "Xã",
    "HKTT",
    "Ghi chú nội bộ",
]
ROWS = [
    [1, "TE1", "Mùa A Páo", "12/05/2015", "Nam", "Mèo", "014215001234", "Mùa A Chống", "Giàng Thị Dợ", "Cáo A", "Làng Chếu", "Cáo A", "=HYPERLINK"],
    [2, "TE2", "Mùa Thị Dua", datetime.datetime(2016, 3, 1), "Nữ", "Mông", 14316002222, "Mùa A Chống", "Giàng Thị Dợ", "Cáo A", "Làng Chếu", "Cáo A", "x"],
    [3, "TE3", "Mùa A Lử", "09/09/2017", "Nam", "Mông", None, "Mùa A Chống", "Giàng Thị Dợ", "Cáo A", "Làng Chếu", "Cáo A", None],
]  # fmt: skip


def export(rows: list[list] = ROWS) -> bytes:
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = "DSTE"
    sheet["A1"] = "DANH SÁCH TRẺ EM"
    sheet.append([])
    for values in [HEADINGS, *rows]:
        sheet.append(values)
    for row in sheet.iter_rows():
        for cell in row:
            if isinstance(cell.value, str):
                cell.data_type = "s"
    sheet.append(["", "", "Người lập biểu"])
    sheet.column_dimensions["C"].width = 33
    content = BytesIO()
    workbook.save(content)
    return content.getvalue()


@pytest.fixture
def imported(campaign: Campaign, district: User) -> None:
    file = imports.receive(campaign, "children", by=district, name="dste.xlsx", content=export())
    imports.apply(file, by=district)


def sheet_of(upload: UploadFile):
    return load_workbook(upload.file.open())["DSTE"]


def rows_of(upload: UploadFile) -> list[list]:
    return [[cell.value for cell in row] for row in sheet_of(upload).iter_rows(min_row=4)]


def test_only_corrected_cells_differ(campaign: Campaign, district: User, imported: None) -> None:
    second = Record.objects.get(system_code="TE2")
    assert [r.stage for r in Record.objects.order_by("system_code")] == ["cleaned", "to_review", "to_review"]
    review.accept_suggestions(campaign, "children", ["number.lost_zero"], by=district)
    change_set = changes.open_change_set(campaign, ChangeKind.POLICE, by=district)
    changes.apply(change_set, {second.pk: {"birth_date": "02/03/2016", "village": "Bản Cáo B"}})
    Record.objects.filter(pk=second.pk).update(stage=Stage.CLEANED)

    upload = build_upload(campaign, "children", by=district)

    assert upload.counts == {"rows": 2, "changed_cells": 3, "new_rows": 0}
    assert [cell.value for cell in sheet_of(upload)[3]] == HEADINGS
    first, changed = rows_of(upload)
    assert first == ROWS[0]
    assert changed == [
        2, "TE2", "Mùa Thị Dua", datetime.datetime(2016, 3, 2), "Nữ", "Mông", "014316002222", "Mùa A Chống",
        "Giàng Thị Dợ", "Bản Cáo B", "Làng Chếu", "Cáo A", "x",
    ]  # fmt: skip
    assert sheet_of(upload).column_dimensions["C"].width == 33


def test_nothing_is_ever_a_formula(campaign: Campaign, district: User, imported: None) -> None:
    upload = build_upload(campaign, "children", by=district)
    cell = sheet_of(upload)["M4"]
    assert (cell.value, cell.data_type) == ("=HYPERLINK", "s")


def test_only_changed_leaves_out_what_is_as_exported(campaign: Campaign, district: User, imported: None) -> None:
    with pytest.raises(WorkRefused, match="Không có dòng nào khác") as refused:
        build_upload(campaign, "children", by=district, only_changed=True)
    assert refused.value.code == "nothing_to_send"


def test_new_people_come_at_the_end(campaign: Campaign, district: User, imported: None) -> None:
    record = add_child(
        campaign, district, full_name="=Mùa A Mới", personal_number="014215005555", father_name="Mùa A Xa"
    )
    Record.objects.filter(pk=record.pk).update(stage=Stage.CLEANED)
    Finding.objects.filter(record=record).update(status="fixed")
    upload = build_upload(campaign, "children", by=district)
    last = rows_of(upload)[-1]
    assert (last[1], last[2], last[6], last[9]) == (None, "=Mùa A Mới", "014215005555", "Bản Cáo A")
    assert upload.counts["new_rows"] == 1


def test_a_record_with_something_open_is_never_in_it(campaign: Campaign, district: User, imported: None) -> None:
    Record.objects.update(stage=Stage.CLEANED)  # as if a stage were wrong
    upload = build_upload(campaign, "children", by=district)
    assert [row[1] for row in rows_of(upload)] == ["TE1"]


def test_the_plan_says_who_updates_the_software(campaign: Campaign, officer: User, imported: None) -> None:
    with pytest.raises(NotAllowed):
        build_upload(campaign, "children", by=officer)


def test_provenance_tells_where_each_cell_came_from(
    campaign: Campaign, district: User, imported: None, tmp_path: Path
) -> None:
    record = Record.objects.get(system_code="TE1")
    change_set = changes.open_change_set(campaign, ChangeKind.POLICE, by=district, document="LC-TE-01")
    changes.apply(change_set, {record.pk: {"personal_number": "014215009999"}})
    upload = build_upload(campaign, "children", by=district)
    write_provenance(upload, tmp_path / "p.csv", by=district)
    with (tmp_path / "p.csv").open(encoding="utf-8") as file:
        told = {(line["system_code"], line["field"]): line for line in csv.DictReader(file)}
    number = told["TE1", "personal_number"]
    assert (number["value"], number["came_from"], number["document"]) == ("014215009999", "police", "LC-TE-01")
    assert (told["TE1", "full_name"]["came_from"], told["TE1", "full_name"]["document"]) == ("import", "TE-0001")


def answer(headings: list[str], *rows: list[str]) -> bytes:
    workbook = Workbook()
    for row in [headings, *rows]:
        workbook.active.append(row)
    content = BytesIO()
    workbook.save(content)
    return content.getvalue()


def test_what_was_refused_goes_back_with_its_reason(campaign: Campaign, district: User, imported: None) -> None:
    Record.objects.filter(system_code="TE3").update(stage=Stage.CLEANED)
    Finding.objects.filter(record__system_code="TE3").update(status="gone")
    upload = build_upload(campaign, "children", by=district)
    content = answer(
        ["Mã TE", "Lý do từ chối"], ["TE3", "Số định danh cá nhân đã có trên hệ thống"], ["TE99", "không rõ"]
    )
    refusals = read_refusals(upload, name="loi.xlsx", content=content, by=district)
    recorded = record_result(upload, refusals, by=district)
    assert (recorded.uploaded, recorded.rejected, recorded.unmatched) == (1, 1, 1)
    assert Record.objects.get(system_code="TE1").stage == Stage.UPLOADED
    refused = Record.objects.get(system_code="TE3")
    assert refused.stage == Stage.TO_REVIEW
    finding = Finding.objects.get(record=refused, rule="ministry.rejected")
    assert (finding.field, finding.group, finding.value) == (
        "personal_number",
        2,
        "Số định danh cá nhân đã có trên hệ thống",
    )
    change_set = changes.open_change_set(campaign, ChangeKind.EDIT, by=district)
    changes.apply(change_set, {refused.pk: {"village": "Bản Cáo B"}})
    finding.refresh_from_db()
    assert finding.status == "open"
    changes.apply(change_set, {refused.pk: {"personal_number": "014217008888"}})
    finding.refresh_from_db()
    assert finding.status == "fixed"
    with pytest.raises(WorkRefused, match="đã được ghi"):
        record_result(upload, [], by=district)


ANSWERS = [
    ("its code in other letters", ["Mã trẻ em", "Lý do"], ["te1", "sai"], (0, 1, 0)),
    ("our code", ["Mã dòng", "Nội dung lỗi"], ["{row_code}", "sai"], (0, 1, 0)),
    ("a number that lost its zero", ["Số định danh", "Lỗi"], [14215001234, "trùng"], (0, 1, 0)),
    ("a result and a reason", ["Mã trẻ em", "Kết quả", "Lý do"], ["TE1", "Thất bại", "sai"], (0, 1, 0)),
    ("a result alone", ["Mã trẻ em", "Kết quả"], ["TE1", "Thất bại"], (0, 1, 0)),
    ("no reason told", ["Mã trẻ em", "Lý do"], ["TE1", None], (0, 1, 0)),
    ("a row that was taken", ["Mã trẻ em", "Kết quả", "Lý do"], ["TE1", "Thành công", None], (1, 0, 0)),
    ("nobody's row", ["Mã trẻ em", "Lý do"], ["TE9", "sai"], (1, 0, 1)),
]


@pytest.mark.parametrize(("case", "headings", "row", "counts"), ANSWERS, ids=[case[0] for case in ANSWERS])
def test_answers_as_they_come(
    campaign: Campaign, district: User, imported: None, case: str, headings: list, row: list, counts: tuple
) -> None:
    upload = build_upload(campaign, "children", by=district)
    record = Record.objects.get(system_code="TE1")
    row = [record.row_code.lower() if cell == "{row_code}" else cell for cell in row]
    refusals = read_refusals(upload, name="tra.xlsx", content=answer(headings, row), by=district)
    recorded = record_result(upload, refusals, by=district)
    assert (recorded.uploaded, recorded.rejected, recorded.unmatched) == counts
    if case == "a result and a reason":
        assert refusals[0].reason == "sai"
    if case == "no reason told":
        assert Finding.objects.get(rule="ministry.rejected").field == "system_code"


def test_an_answer_that_cannot_be_read_is_not_kept(campaign: Campaign, district: User, imported: None) -> None:
    upload = build_upload(campaign, "children", by=district)
    with pytest.raises(WorkRefused) as refused:
        read_refusals(upload, name="tra.xlsx", content=answer(["a", "b"], ["c", "d"]), by=district)
    assert refused.value.code == "no_heading"
    assert not SourceFile.objects.filter(kind="ministry_result").exists()


def test_what_was_corrected_after_the_file_was_built_still_waits(
    campaign: Campaign, district: User, imported: None
) -> None:
    upload = build_upload(campaign, "children", by=district)
    record = Record.objects.get(system_code="TE1")
    change_set = changes.open_change_set(campaign, ChangeKind.POLICE, by=district)
    changes.apply(change_set, {record.pk: {"personal_number": "014215007777"}})
    recorded = record_result(upload, [Refusal("", "", "", "x")], by=district)
    record.refresh_from_db()
    assert record.stage == Stage.CLEANED
    assert record.row_code in recorded.notes[-1]
    assert not StageChange.objects.filter(new=Stage.UPLOADED).exists()


@pytest.mark.parametrize(
    ("reason", "field"),
    [
        ("Ngày sinh không hợp lệ", "birth_date"),
        ("Trùng số CCCD của mẹ", "mother_number"),
        ("Không hợp lệ", ""),
        ("Họ tên cha để trống", "father_name"),
    ],
)
def test_the_field_a_reason_names(reason: str, field: str) -> None:
    assert field_named(reason, "children") == field


def test_an_xls_export_comes_back_as_xlsx_of_the_same_layout(campaign: Campaign, district: User) -> None:
    import xlwt

    book = xlwt.Workbook()
    sheet = book.add_sheet("Trẻ em")
    for row, values in enumerate([["DANH SÁCH"], [], ["Mã trẻ em", "Họ và tên", "Ngày sinh", "Giới tính", "Số định danh cá nhân"],
                                  ["TE1", CHILD["full_name"], CHILD["birth_date"], "Nam", "014215001234"]]):  # fmt: skip
        for column, value in enumerate(values):
            sheet.write(row, column, value)
    content = BytesIO()
    book.save(content)
    file = imports.receive(campaign, "children", by=district, name="te.xls", content=content.getvalue())
    imports.apply(file, by=district)
    Record.objects.update(stage=Stage.CLEANED)
    Finding.objects.update(status="gone")
    upload = build_upload(campaign, "children", by=district)
    written = load_workbook(upload.file.open())["Trẻ em"]
    assert written["A1"].value == "DANH SÁCH"
    assert [cell.value for cell in written[3]] == [
        "Mã trẻ em",
        "Họ và tên",
        "Ngày sinh",
        "Giới tính",
        "Số định danh cá nhân",
    ]
    assert [cell.value for cell in written[4]] == ["TE1", "Mùa A Chống", "12/05/2015", "Nam", "014215001234"]


def test_an_xls_export_keeps_its_lines_and_kinds_of_cells(campaign: Campaign, district: User) -> None:
    import xlwt

    book = xlwt.Workbook()
    sheet = book.add_sheet("DSTE")
    day = xlwt.easyxf(num_format_str="DD/MM/YYYY")
    for row, values in enumerate([["DANH SÁCH"], [], ["Huyện Bắc Yên"], [], HEADINGS, *ROWS]):
        for column, value in enumerate(values):
            if isinstance(value, datetime.datetime):
                sheet.write(row, column, value, day)
            elif value is not None:
                sheet.write(row, column, value)
    content = BytesIO()
    book.save(content)
    file = imports.receive(campaign, "children", by=district, name="te.xls", content=content.getvalue())
    imports.apply(file, by=district)
    review.accept_suggestions(campaign, "children", ["number.lost_zero"], by=district)
    Finding.objects.update(status="gone")
    Record.objects.update(stage=Stage.CLEANED)
    upload = build_upload(campaign, "children", by=district)
    written = sheet_of(upload)
    assert [written.cell(row, 1).value for row in range(1, 6)] == ["DANH SÁCH", None, "Huyện Bắc Yên", None, "STT"]
    corrected = [*ROWS[1][:6], "014316002222", *ROWS[1][7:]]
    assert [[c.value for c in row] for row in written.iter_rows(min_row=6)] == [ROWS[0], corrected, ROWS[2]]
    assert upload.counts["changed_cells"] == 1


def test_what_belongs_to_a_row_goes_where_the_row_goes(campaign: Campaign, district: User) -> None:
    workbook = load_workbook(BytesIO(export()))
    sheet = workbook["DSTE"]
    for row in range(4, 7):
        sheet.cell(row, 3).comment = Comment(f"về {sheet.cell(row, 2).value}", "x")
        sheet.cell(row, 2).hyperlink = f"https://ví.dụ/{sheet.cell(row, 2).value}"
        sheet.cell(row, 16).value = f"không tiêu đề {sheet.cell(row, 2).value}"
        sheet.row_dimensions[row].height = 20 + row
    sheet.row_dimensions[4].hidden = True
    content = BytesIO()
    workbook.save(content)
    file = imports.receive(campaign, "children", by=district, name="dste.xlsx", content=content.getvalue())
    imports.apply(file, by=district)
    Finding.objects.update(status="gone")
    Record.objects.filter(system_code="TE3").update(stage=Stage.CLEANED)
    Record.objects.filter(system_code="TE1").update(stage=Stage.TO_REVIEW)
    added = add_child(campaign, district, personal_number="014215005555")
    Finding.objects.filter(record=added).update(status="fixed")
    Record.objects.filter(pk=added.pk).update(stage=Stage.CLEANED)
    written = sheet_of(build_upload(campaign, "children", by=district))
    assert [cell.value for cell in written[4]][:3] == ROWS[2][:3]
    assert (written["C4"].comment.text, written["B4"].hyperlink.target[-3:]) == ("về TE3", "TE3")
    assert (written["P4"].value, written.row_dimensions[4].height) == ("không tiêu đề TE3", 26)
    assert not written.row_dimensions[4].hidden
    assert written["C5"].value == added.full_name
    assert [written["C5"].comment, written["B5"].hyperlink, written["P5"].value] == [None, None, None]
    assert written.max_row == 5


def test_rows_of_another_export_are_as_they_were_there(campaign: Campaign, district: User, imported: None) -> None:
    """Their columns stand in another order, and what nobody corrected is not rewritten."""
    added = add_child(campaign, district, personal_number="014215005555")
    workbook = Workbook()
    order = [1, 2, 3, 6, 4, 5, 10, 0, 12]
    other_people = [
        [7, "TE7", "Hạng  A Ký ", datetime.datetime(2014, 5, 6), "nam", "Mèo", "014 214 001 777", None, None, "x", "Làng Chếu", None, "Không"],
        [8, "TE8", "Hạng A Sử", "06/05/2014", "Nam", "Mông", "014214001888", None, None, "x", "Làng Chếu", None, "Không"],
    ]  # fmt: skip
    for row in [HEADINGS, *other_people]:
        workbook.active.append([row[index] for index in order])
    content = BytesIO()
    workbook.save(content)
    file = imports.receive(campaign, "children", by=district, name="x.xlsx", content=content.getvalue(), partial=True)
    imports.apply(file, by=district)
    Finding.objects.update(status="gone")
    Record.objects.update(stage=Stage.CLEANED)
    upload = build_upload(campaign, "children", by=district)
    as_there = [7, "TE7", "Hạng  A Ký ", datetime.datetime(2014, 5, 6), "nam", "Mèo", "014214001777"]
    other, unchanged, new = rows_of(upload)[3:]
    assert other[:7] + other[9:] == [*as_there, None, "Làng Chếu", None, "Không"]
    assert unchanged[1] == "TE8"
    assert new[2] == added.full_name
    assert upload.counts == {"rows": 6, "changed_cells": 1, "new_rows": 1}
    upload = build_upload(campaign, "children", by=district, only_changed=True)
    assert [row[1] for row in rows_of(upload)] == ["TE7", None]


def test_a_date_that_stands_under_nam_or_nu_is_corrected_there(campaign: Campaign, district: User) -> None:
    workbook = Workbook()
    sheet = workbook.active
    for row in [
        ["Mã trẻ em", "Họ và tên", "Năm sinh", None, "Số định danh cá nhân"],
        [None, None, "Nam", "Nữ", None],
        ["TE1", "Mùa A Páo", "12/05/2015", None, "014215001234"],
        ["TE2", "Mùa Thị Dua", None, "01/03/2016", "014316002222"],
    ]:
        sheet.append(row)
    for merged in ("A1:A2", "B1:B2", "C1:D1", "E1:E2"):
        sheet.merge_cells(merged)
    content = BytesIO()
    workbook.save(content)
    file = imports.receive(campaign, "children", by=district, name="te.xlsx", content=content.getvalue())
    imports.apply(file, by=district)
    girl = Record.objects.get(system_code="TE2")
    change_set = changes.open_change_set(campaign, ChangeKind.CIVIL_REGISTRY, by=district)
    changes.apply(change_set, {girl.pk: {"birth_date": "02/03/2016"}})
    Record.objects.update(stage=Stage.CLEANED)
    Finding.objects.update(status="gone")
    upload = build_upload(campaign, "children", by=district)
    written = load_workbook(upload.file.open()).active
    assert [cell.value for cell in written[3]] == ["TE1", "Mùa A Páo", "12/05/2015", None, "014215001234"]
    assert [cell.value for cell in written[4]] == ["TE2", "Mùa Thị Dua", None, "02/03/2016", "014316002222"]
    assert upload.counts["changed_cells"] == 1


def with_other_sheets() -> bytes:
    """A list of choices that a column takes its values from, and a sheet on which people stand."""
    workbook = load_workbook(BytesIO(export()))
    workbook.create_sheet("Háng Đồng").append(["Phàng A Khác", "014215009998"])
    choices = workbook.create_sheet("Danh mục")
    for name in ("Mông", "Thái"):
        choices.append([name])
    for formula in ("'Danh mục'!$A$1:$A$2", "'Háng Đồng'!$A$1:$A$9"):
        chosen = DataValidation("list", formula1=formula)
        chosen.add("F4:F6")
        workbook["DSTE"].add_data_validation(chosen)
    for name, place in (("dantoc", "'Danh mục'!$A$1:$A$2"), ("nguoi", "'Háng Đồng'!$A$1:$A$9")):
        workbook.defined_names[name] = DefinedName(name, attr_text=place)
    content = BytesIO()
    workbook.save(content)
    return content.getvalue()


@pytest.mark.parametrize("whole_district", [True, False])
def test_lists_of_choices_go_with_the_file_and_other_people_do_not(
    campaign: Campaign, district: User, whole_district: bool
) -> None:
    """Alike for the district and for one commune."""
    file = imports.receive(campaign, "children", by=district, name="dste.xlsx", content=with_other_sheets())
    imports.apply(file, by=district)
    commune = None if whole_district else Record.objects.get(system_code="TE1").commune
    written = load_workbook(build_upload(campaign, "children", by=district, commune=commune).file.open())
    assert written.sheetnames == ["DSTE", "Danh mục"]
    assert list(written.defined_names) == ["dantoc"]
    (choice,) = written["DSTE"].data_validations.dataValidation
    assert choice.formula1 == "'Danh mục'!$A$1:$A$2"
