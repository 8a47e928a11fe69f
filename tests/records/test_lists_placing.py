"""Lists that hands, keyboards and other programs changed: every row finds its person, or is shown to one who knows."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from campaigns.errors import WorkRefused
from campaigns.models import AuditEvent, Campaign, User
from campaigns.permissions import NotAllowed
from records import changes, list_placing
from records.lists import export_list
from records.lists_back import ReadBack, read_list
from records.models import ChangeKind, Record, SourceFile
from records.retyped_codes import readings
from tests.records.edited_lists import column, opened, put, row_of, saved, typed_anew
from tests.records.people import CHILD, exported_child

SOFFICE = shutil.which("soffice") or ""
CODE, NAME, BORN, MOTHER = "Mã dòng", "Họ và tên trẻ em", "Ngày, tháng, năm sinh", "Họ và tên mẹ"


@pytest.fixture
def children(campaign: Campaign, officer: User) -> list[Record]:
    def child(code: str, name: str, born: str) -> Record:
        return exported_child(
            campaign, officer, code, full_name=name, birth_date=born, personal_number="", mother_name=""
        )

    return [
        child("TE1", "Mùa A Chống", "12/05/2015"),
        child("TE2", "Giàng Thị Dê", "03/02/2016"),
        child("TE3", "Thào A Súa", "30/11/2013"),
    ]


def take(campaign: Campaign, by: User, content: bytes, name: str = "ds.xlsx") -> tuple[ReadBack, SourceFile]:
    back = read_list(campaign, by=by, name=name, content=content)
    return back, SourceFile.objects.filter(kind="list").latest("pk")


def misread(code: str) -> str:
    """The code with a wrong second character."""
    return code[0] + ("X" if code[1] != "X" else "W") + code[2:]


def test_a_list_typed_anew_from_a_photograph(campaign: Campaign, officer: User, children: list[Record]) -> None:
    export_list(campaign, "visit", "children", by=officer)
    first, second, third = children
    spelled = [first.row_code.lower(), " ".join(second.row_code), third.row_code]
    rows = [
        {CODE: code, NAME: "", BORN: "", MOTHER: f"Giàng Thị {code[-1:]}a"} for code in spelled
    ]  # the other cells were not typed
    back, _ = take(campaign, officer, typed_anew(*rows), "tu-anh.xlsx")
    assert (back.rows, back.corrected, back.unreadable, back.missing) == (3, 3, 0, 0)
    for child in children:
        child.refresh_from_db()
    assert [child.full_name for child in children] == ["Mùa A Chống", "Giàng Thị Dê", "Thào A Súa"]  # nothing cleared
    assert all(child.value("mother_name") for child in children)


def test_codes_that_look_or_type_otherwise_are_read(campaign: Campaign, officer: User) -> None:
    """Among many people there are codes with a 0, and codes that a Vietnamese keyboard changes."""
    change_set = changes.open_change_set(campaign, ChangeKind.NEW_PERSON, by=officer)
    named = [{**CHILD, "full_name": f"Mùa A {'X' * n}", "personal_number": "", "mother_name": ""} for n in range(1, 60)]
    people = changes.add_people(campaign, "children", named, change_set=change_set)
    zero = next(p for p in people if "0" in p.row_code)
    double = next(p for p in people if readings(_telex(p.row_code)) and _telex(p.row_code) != p.row_code)
    export_list(campaign, "to_clean", "children", by=officer)
    rows = [
        {CODE: zero.row_code.replace("0", "O"), MOTHER: "Giàng Thị Dợ"},
        {CODE: _telex(double.row_code), MOTHER: "Vàng Thị Mo"},
        {CODE: people[-1].row_code, MOTHER: "Thào Thị Ca"},
    ]
    back, _ = take(campaign, officer, typed_anew(*rows))
    assert (back.corrected, back.unreadable) == (3, 0)
    zero.refresh_from_db()
    double.refresh_from_db()
    assert (zero.value("mother_name"), double.value("mother_name")) == ("Giàng Thị Dợ", "Vàng Thị Mo")


def _telex(code: str) -> str:
    for keys, letter in {"AS": "Á", "AF": "À", "AR": "Ả", "AX": "Ã", "AJ": "Ạ", "AA": "Â", "EE": "Ê", "DD": "Đ",
                         "ES": "É", "EF": "È", "ER": "Ẻ", "EX": "Ẽ", "EJ": "Ẹ", "YS": "Ý", "YF": "Ỳ"}.items():  # fmt: skip
        if keys in code:
            return code.replace(keys, letter, 1)
    return code


def test_a_wrong_code_is_shown_with_whom_it_may_be(campaign: Campaign, officer: User, children: list[Record]) -> None:
    first, second, _ = children
    content = export_list(campaign, "visit", "children", by=officer).content
    workbook = opened(content)
    put(workbook, first, MOTHER, "Giàng Thị Dợ")
    put(workbook, first, CODE, misread(first.row_code))
    back, file = take(campaign, officer, saved(workbook))
    assert (back.unreadable, back.unchanged, back.missing) == (1, 2, 1)
    [entry] = list_placing.waiting_rows(file)
    best, *_ = list_placing.candidates(file, [entry], by=officer)[entry["row"]]
    assert best.record == first
    assert best.like == ["mã dòng khác 1 ký tự", "họ tên", "ngày sinh", "tên cha", "bản"]

    list_placing.place_row(file, entry["row"], first.row_code.lower(), by=officer)

    first.refresh_from_db()
    file.refresh_from_db()
    assert first.value("mother_name") == "Giàng Thị Dợ"
    assert {key: file.counts[key] for key in ("corrected", "unchanged", "unreadable", "missing")} == {
        "corrected": 1, "unchanged": 2, "unreadable": 0, "missing": 0,
    }  # fmt: skip
    assert list_placing.waiting_rows(file) == []
    assert AuditEvent.objects.get(event="list_row_placed").details["record"] == first.row_code
    with pytest.raises(WorkRefused, match="không chờ nữa"):  # a second press of the button
        list_placing.place_row(file, entry["row"], second.row_code, by=officer)


def test_a_waiting_row_is_a_new_person_or_nothing(campaign: Campaign, officer: User, children: list[Record]) -> None:
    export_list(campaign, "to_clean", "children", by=officer)
    known = {CODE: children[0].row_code, NAME: "Mùa A Chống"}
    rows = [known, {CODE: "ZZZZZZ", NAME: "Vừ A Mới"}, {CODE: "A12345", NAME: "Vừ A Nháp"}]
    _, file = take(campaign, officer, typed_anew(*rows))
    new, draft = list_placing.waiting_rows(file)
    added = list_placing.add_row(file, new["row"], by=officer)
    list_placing.leave_row(file, draft["row"], by=officer)
    file.refresh_from_db()
    assert (added.full_name, added.commune, added.is_new) == ("Vừ A Mới", children[0].commune, True)
    assert (file.counts["added"], file.counts["unreadable"], list_placing.waiting_rows(file)) == (1, 1, [])
    assert not Record.objects.filter(full_name="Vừ A Nháp").exists()


def test_a_row_that_may_be_somebody_of_the_list_is_no_new_person(
    campaign: Campaign, officer: User, children: list[Record]
) -> None:
    first, second, _ = children
    export_list(campaign, "to_clean", "children", by=officer)
    rows = [
        {CODE: second.row_code, NAME: second.full_name},
        {CODE: "", NAME: "Mua A Chong", BORN: "12/5/2015"},  # the code was not typed
        {CODE: "", NAME: "Vừ Thị Mới", BORN: "01/01/2021"},
    ]
    back, file = take(campaign, officer, typed_anew(*rows))
    assert (back.added, back.unreadable) == (1, 1)
    [entry] = list_placing.waiting_rows(file)
    assert list_placing.candidates(file, [entry], by=officer)[entry["row"]][0].record == first


def test_rows_sorted_half_way_write_nothing(campaign: Campaign, officer: User, children: list[Record]) -> None:
    """Names and birth dates were sorted, the codes stayed."""
    workbook = opened(export_list(campaign, "to_clean", "children", by=officer).content)
    sheet, rows = workbook.active, [row_of(workbook, child) for child in children]
    for heading in (NAME, BORN):
        at = column(workbook, heading)
        texts = [sheet.cell(row, at).value for row in rows]
        for row, text in zip(rows, texts[1:] + texts[:1], strict=True):
            sheet.cell(row, at).value = text
    back, _ = take(campaign, officer, saved(workbook))
    assert (back.to_settle, back.corrected) == (3, 0)
    assert all("xếp lệch" in note for note in back.notes)
    assert set(Record.objects.values_list("full_name", flat=True)) == {child.full_name for child in children}


def test_a_corrected_name_and_birth_date_are_no_stranger(
    campaign: Campaign, officer: User, children: list[Record]
) -> None:
    workbook = opened(export_list(campaign, "to_clean", "children", by=officer).content)
    put(workbook, children[0], NAME, "Mùa A Chóng")
    put(workbook, children[0], BORN, "21/05/2015")
    assert take(campaign, officer, saved(workbook))[0].corrected == 1


def test_sorted_filtered_and_on_a_second_sheet(campaign: Campaign, officer: User, children: list[Record]) -> None:
    """Copied to a new sheet upside down, without the row of the third child; the first sheet was left empty."""
    workbook = opened(export_list(campaign, "visit", "children", by=officer).content)
    put(workbook, children[1], MOTHER, "Giàng Thị Dợ")
    first = workbook.active
    third = row_of(workbook, children[2])
    kept = [[cell.value for cell in row] for row in first.iter_rows() if row[0].row != third]
    second = workbook.create_sheet("Sheet2")
    for row in [*kept[3:4], *reversed(kept[4:])]:
        second.append(row)
    first.delete_rows(1, first.max_row)
    back, _ = take(campaign, officer, saved(workbook))
    assert (back.rows, back.corrected, back.unchanged, back.missing) == (2, 1, 1, 1)


@pytest.mark.skipif(SOFFICE == "", reason="LibreOffice is not installed")
@pytest.mark.parametrize("kind", ["xls", "ods", "csv"])
def test_saved_by_another_program(
    campaign: Campaign, officer: User, children: list[Record], kind: str, tmp_path: Path
) -> None:
    workbook = opened(export_list(campaign, "visit", "children", by=officer).content)
    put(workbook, children[1], MOTHER, "……… Giàng Thị Dợ ………")  # typed between the dots
    path = tmp_path / "phieu.xlsx"
    path.write_bytes(saved(workbook))
    how = "csv:Text - txt - csv (StarCalc):44,34,76" if kind == "csv" else kind
    home = f"-env:UserInstallation=file://{tmp_path}/soffice"
    subprocess.run(
        [SOFFICE, home, "--headless", "--convert-to", how, "--outdir", tmp_path, path],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    back, _ = take(campaign, officer, (tmp_path / f"phieu.{kind}").read_bytes(), f"phieu.{kind}")
    assert (back.rows, back.corrected, back.unchanged, back.missing) == (3, 1, 2, 0)
    assert Record.objects.get(system_code="TE2").value("mother_name") == "Giàng Thị Dợ"


def test_one_person_on_two_rows(campaign: Campaign, officer: User, children: list[Record]) -> None:
    first, second, _ = children
    export_list(campaign, "visit", "children", by=officer)
    same = {CODE: second.row_code, MOTHER: "Vàng Thị Mo"}
    rows = [{CODE: first.row_code, MOTHER: "Giàng Thị Dợ"}, {CODE: first.row_code, MOTHER: "Thào Thị Ca"}, same, same]
    back, _ = take(campaign, officer, typed_anew(*rows))
    assert (back.to_settle, back.corrected, back.unchanged) == (2, 1, 1)
    first.refresh_from_db()
    assert first.value("mother_name") == ""


def test_rows_are_placed_by_those_whose_people_they_are(
    campaign: Campaign, officer: User, other_officer: User, hang_dong: object, children: list[Record]
) -> None:
    stranger = exported_child(
        campaign, other_officer, "TE9", full_name="Mùa A Chống", birth_date="12/05/2015", commune="Xã Háng Đồng"
    )
    export_list(campaign, "to_clean", "children", by=officer)
    rows = [
        {CODE: children[1].row_code, NAME: "Giàng Thị Dê"},
        {CODE: "ZZZZZZ", NAME: "Mùa A Chống", BORN: "12/05/2015"},
    ]
    _, file = take(campaign, officer, typed_anew(*rows))
    [entry] = list_placing.waiting_rows(file)
    assert [one.record for one in list_placing.candidates(file, [entry], by=officer)[entry["row"]]] == [children[0]]
    with pytest.raises(WorkRefused, match="Không có hồ sơ nào"):
        list_placing.place_row(file, entry["row"], stranger.row_code, by=officer)
    with pytest.raises(NotAllowed):
        list_placing.place_row(file, entry["row"], stranger.row_code, by=other_officer)
