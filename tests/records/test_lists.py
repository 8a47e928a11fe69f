"""Lists leave as workbooks, are edited by people, and come home."""

from __future__ import annotations

import re
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from campaigns.errors import WorkRefused
from campaigns.models import AuditEvent, Campaign, User
from records import changes
from records.lists import export_list
from records.lists_back import read_list
from records.models import ChangeKind, Record
from tests.records.edited_lists import column, opened, put, row_of, saved
from tests.records.people import CHILD, GOOD_NUMBER, add_child, exported_child


@pytest.fixture
def children(campaign: Campaign, officer: User) -> list[Record]:
    return [
        exported_child(campaign, officer, "TE1", personal_number="14215001234", circumstance="HIV"),
        exported_child(campaign, officer, "TE2", full_name="Mùa A Dia", personal_number="", village="Bản Cáo B"),
    ]


def test_the_list_to_clean_says_why_and_holds_nothing_sensitive(
    campaign: Campaign, officer: User, children: list[Record]
) -> None:
    exported = export_list(campaign, "to_clean", "children", by=officer)
    workbook = opened(exported.content)
    headings = [cell.value for cell in workbook.active[4]]
    assert headings[:3] == ["STT", "Mã dòng", "Mã trẻ em"]
    assert "Hoàn cảnh trẻ em" not in headings
    reason = workbook.active.cell(row_of(workbook, children[1]), column(workbook, "Cần xem")).value
    assert "số" in reason
    assert all(cell.data_type == "s" for row in workbook.active.iter_rows(min_row=5) for cell in row if cell.value)
    assert AuditEvent.objects.filter(event="list_exported", commune_code="03874").exists()


def test_the_whole_register_holds_what_is_sensitive_too(
    campaign: Campaign, officer: User, children: list[Record]
) -> None:
    headings = [cell.value for cell in opened(export_list(campaign, "all", "children", by=officer).content).active[4]]
    assert "Hoàn cảnh trẻ em" in headings


def test_the_visit_sheet_shows_no_whole_number_and_goes_village_by_village(
    campaign: Campaign, officer: User, children: list[Record]
) -> None:
    workbook = opened(export_list(campaign, "visit", "children", by=officer).content)
    texts = [str(cell.value) for row in workbook.active.iter_rows() for cell in row if cell.value]
    assert not any("14215001234" in text for text in texts)
    assert "142••••••34" in texts
    assert [t for t in texts if t.startswith("Bản: ")] == ["Bản: Bản Cáo A", "Bản: Bản Cáo B"]


def test_a_visit_sheet_has_room_for_the_village_it_asks_for(campaign: Campaign, officer: User) -> None:
    child = exported_child(campaign, officer, "TE1", village="")
    workbook = opened(export_list(campaign, "visit", "children", by=officer).content)
    assert workbook.active.cell(row_of(workbook, child), column(workbook, "Bản/tiểu khu")).value == "……………"
    put(workbook, child, "Bản/tiểu khu", "Bản Cáo A")
    assert read_list(campaign, by=officer, name="phieu.xlsx", content=saved(workbook)).corrected == 1
    assert Record.objects.get().village == "Bản Cáo A"


def test_one_walks_village_by_village_and_house_by_house(campaign: Campaign, officer: User) -> None:
    def child(name: str, born: str, mother: str, village: str, number: int) -> None:
        fields = {"full_name": name, "birth_date": born, "mother_name": mother, "village": village}
        exported_child(campaign, officer, f"TE{number}", personal_number="", **fields)

    child("Mùa A Xa", "01/01/2012", "Giàng Thị Dợ", "Bản Đông", 1)
    child("Mùa A An", "01/01/2020", "Giàng Thị Dợ", "Bản Cáo", 2)
    child("Mùa A Bình", "01/01/2015", "Vàng Thị Mo", "Bản Cáo", 3)
    child("Mùa A Zâu", "01/01/2010", "Giàng Thị Dợ", "Bản Cáo", 4)
    child("Mùa A Lạc", "01/01/2010", "Giàng Thị Dợ", "", 5)
    child("Mùa A Dơ", "01/01/2010", "Giàng Thị Dợ", "Bản Ẳng", 6)
    workbook = opened(export_list(campaign, "visit", "children", by=officer).content)
    texts = [
        str(row[0].value if row[1].value is None else row[2].value) for row in workbook.active.iter_rows(min_row=5)
    ]
    assert texts == [
        "Bản: Bản Ẳng", "Mùa A Dơ", "Bản: Bản Cáo", "Mùa A Zâu", "Mùa A An", "Mùa A Bình", "Bản: Bản Đông", "Mùa A Xa",
        "Bản: (chưa rõ bản)", "Mùa A Lạc",
    ]  # fmt: skip
    assert [one.id for one in workbook.active.row_breaks.brk] == [6, 10, 12]  # a page ends before each next village


def test_a_list_of_one_village(campaign: Campaign, officer: User, children: list[Record]) -> None:
    made = export_list(campaign, "visit", "children", by=officer, village="Bản Cáo B").people_list
    assert made.row_codes == [children[1].row_code]


def test_reasons_tell_nothing_of_sensitive_cells(campaign: Campaign, officer: User) -> None:
    change_set = changes.open_change_set(campaign, ChangeKind.NEW_PERSON, by=officer)
    receiving = {
        **CHILD, "system_code": "BT1", "birth_date": "", "full_name": "Mùa A 014215001234", "personal_number": "1" * 12,
        "category": "Người nhiễm HIV nào đó",
    }  # fmt: skip
    changes.add_person(campaign, "beneficiaries", receiving, change_set=change_set)
    texts = {
        kind: " ".join(
            str(cell.value)
            for row in opened(export_list(campaign, kind, "beneficiaries", by=officer).content).active.iter_rows()
            for cell in row
        )
        for kind in ("all", "to_clean", "visit")
    }
    assert "HIV" in texts["all"]
    assert "Loại đối tượng chưa rõ." in texts["to_clean"]
    assert "HIV" not in texts["to_clean"]
    assert "đối tượng chưa" not in texts["visit"]
    assert not re.search(r"\d{9}", texts["visit"])


def test_another_commune_gets_nothing(campaign: Campaign, other_officer: User, children: list[Record]) -> None:
    with pytest.raises(WorkRefused, match="Không có ai"):
        export_list(campaign, "to_clean", "children", by=other_officer)


def test_three_ways_home(campaign: Campaign, officer: User, children: list[Record]) -> None:
    first, second = children
    gone = add_child(campaign, officer, full_name="Mùa A Nủ", personal_number="", village="Bản Háng Cao")
    workbook = opened(export_list(campaign, "to_clean", "children", by=officer).content)
    change_set = changes.open_change_set(campaign, ChangeKind.EDIT, by=officer)
    changes.apply(change_set, {second.pk: {"permanent_address": "sửa trong sổ", "village": "Bản Háng Cao"}})
    put(workbook, first, "Số định danh cá nhân", "014 215 001 234")
    put(workbook, second, "Nơi thường trú", "sửa trong danh sách")  # both changed: a person decides
    put(workbook, second, "Họ và tên mẹ", "Giàng Thị Dở")  # only the list
    workbook.active.delete_rows(row_of(workbook, gone))
    new = {"Họ và tên trẻ em": "Mùa Thị Mới", "Ngày, tháng, năm sinh": "01/10/2023", "Giới tính": "Nữ"}
    last = workbook.active.max_row + 1
    for heading, value in new.items():
        workbook.active.cell(last, column(workbook, heading)).value = value
    workbook.active.cell(last + 1, column(workbook, "Mã dòng")).value = "A00000"
    workbook.active.cell(last + 1, column(workbook, "Họ và tên trẻ em")).value = "Không Biết Ai"

    back = read_list(campaign, by=officer, name="đã sửa.xlsx", content=saved(workbook))

    assert back.counts() == {
        "rows": 4, "corrected": 1, "unchanged": 0, "to_settle": 1, "added": 1, "missing": 1, "unreadable": 1,
    }  # fmt: skip
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.personal_number == "014215001234"
    assert second.value("mother_name") == "Giàng Thị Dở"
    assert (second.value("permanent_address"), second.value("village")) == ("sửa trong sổ", "Bản Háng Cao")
    [conflict] = back.conflicts
    assert (conflict.then, conflict.ours, conflict.theirs) == (
        "Bản Cáo A, xã Làng Chếu",
        "sửa trong sổ",
        "sửa trong danh sách",
    )
    added = Record.objects.get(full_name="Mùa Thị Mới")
    assert (added.is_new, added.commune) == (True, first.commune)


def test_the_same_file_again_adds_nobody_twice(campaign: Campaign, officer: User, children: list[Record]) -> None:
    workbook = opened(export_list(campaign, "to_clean", "children", by=officer).content)
    workbook.active.cell(workbook.active.max_row + 1, column(workbook, "Họ và tên trẻ em")).value = "Mùa Thị Mới"
    content = saved(workbook)
    assert read_list(campaign, by=officer, name="a.xlsx", content=content).added == 1
    assert read_list(campaign, by=officer, name="a.xlsx", content=content).added == 0
    assert Record.objects.filter(full_name="Mùa Thị Mới").count() == 1


def test_an_untouched_visit_sheet_changes_nothing(campaign: Campaign, officer: User, children: list[Record]) -> None:
    content = export_list(campaign, "visit", "children", by=officer).content
    back = read_list(campaign, by=officer, name="phieu.xlsx", content=content)
    assert (back.rows, back.unchanged, back.corrected) == (2, 2, 0)


def test_a_list_that_lost_its_head_is_found_by_its_people(
    campaign: Campaign, officer: User, children: list[Record]
) -> None:
    workbook = opened(export_list(campaign, "to_clean", "children", by=officer).content)
    workbook.active.delete_rows(1, 3)
    assert read_list(campaign, by=officer, name="a.xlsx", content=saved(workbook)).unchanged == 2


def test_a_list_without_row_codes_is_refused(campaign: Campaign, officer: User, children: list[Record]) -> None:
    workbook = opened(export_list(campaign, "to_clean", "children", by=officer).content)
    workbook.active.delete_cols(2)
    with pytest.raises(WorkRefused) as refused:
        read_list(campaign, by=officer, name="a.xlsx", content=saved(workbook))
    assert refused.value.code == "no_row_codes"


def test_a_stranger_s_list_writes_nothing(
    campaign: Campaign, officer: User, other_officer: User, children: list[Record]
) -> None:
    workbook = opened(export_list(campaign, "to_clean", "children", by=officer).content)
    put(workbook, children[0], "Số định danh cá nhân", "014215001234")
    back = read_list(campaign, by=other_officer, name="a.xlsx", content=saved(workbook))
    assert (back.unreadable, back.corrected) == (2, 0)


def test_the_code_of_the_ministry_is_no_cell_to_edit(campaign: Campaign, officer: User, children: list[Record]) -> None:
    first, second = children
    workbook = opened(export_list(campaign, "to_clean", "children", by=officer).content)
    put(workbook, first, "Mã trẻ em", "TE2")
    put(workbook, second, "Họ và tên mẹ", "Giàng Thị Dở")
    back = read_list(campaign, by=officer, name="ds.xlsx", content=saved(workbook))
    assert (back.corrected, back.unchanged) == (1, 1)
    first.refresh_from_db()
    assert first.system_code == "TE1"


def test_a_row_that_lost_its_code_is_no_new_person(campaign: Campaign, officer: User, children: list[Record]) -> None:
    workbook = opened(export_list(campaign, "to_clean", "children", by=officer).content)
    put(workbook, children[0], "Mã dòng", "")
    last = workbook.active.max_row
    for row, name in ((last + 1, "Mùa A Một"), (last + 2, "Mùa A Hai")):  # one code for two people
        workbook.active.cell(row, column(workbook, "Mã trẻ em")).value = "TE9"
        workbook.active.cell(row, column(workbook, "Họ và tên trẻ em")).value = name
    workbook.active.cell(last + 3, column(workbook, "Ngày, tháng, năm sinh")).value = "01/01/2020"
    content = saved(workbook)
    back = read_list(campaign, by=officer, name="ds.xlsx", content=content)
    assert back.counts() == {  # the ministry's code says who the first is
        "rows": 5, "corrected": 0, "unchanged": 2, "to_settle": 0, "added": 1, "missing": 0, "unreadable": 2,
    }  # fmt: skip
    assert ["TE9 đã có" in back.notes[0], "họ tên" in back.notes[1]] == [True] * 2
    again = read_list(campaign, by=officer, name="ds.xlsx", content=content)
    assert (again.added, again.unreadable, again.unchanged) == (0, 1, 4)
    assert Record.objects.count() == 3


def test_zeros_that_a_spreadsheet_dropped_are_no_edit(campaign: Campaign, officer: User) -> None:
    child = exported_child(
        campaign, officer, "TE1", personal_number=GOOD_NUMBER, village="", phone="0912000111", household_code="007"
    )
    workbook = opened(export_list(campaign, "to_clean", "children", by=officer).content)
    for heading, number in {"Số định danh cá nhân": 14215001234, "Số điện thoại": 912000111, "Mã hộ": 7}.items():
        workbook.active.cell(row_of(workbook, child), column(workbook, heading)).value = number
    back = read_list(campaign, by=officer, name="ds.xlsx", content=saved(workbook))
    assert (back.corrected, back.unchanged) == (0, 1)
    assert Record.objects.get().personal_number == GOOD_NUMBER


def test_a_column_that_the_export_lacked_can_be_filled(
    campaign: Campaign, officer: User, children: list[Record]
) -> None:
    filled, other = children
    workbook = opened(export_list(campaign, "to_clean", "children", by=officer).content)
    put(workbook, filled, "Ghi chú", "đã đến nhà")
    back = read_list(campaign, by=officer, name="ds.xlsx", content=saved(workbook))
    assert (back.corrected, back.unchanged) == (1, 1)
    filled.refresh_from_db()
    other.refresh_from_db()
    assert (filled.value("note"), "note" in other.values) == ("đã đến nhà", False)


@pytest.mark.django_db(transaction=True)
def test_lists_made_at_once_have_codes_of_their_own(campaign: Campaign, officer: User) -> None:
    exported_child(campaign, officer, "TE1")
    together = threading.Barrier(4)

    def make() -> str:
        try:
            together.wait(timeout=30)
            return export_list(campaign, "all", "children", by=officer).people_list.code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        made = [pool.submit(make) for _ in range(4)]
    assert sorted(one.result() for one in made) == ["DS-0001", "DS-0002", "DS-0003", "DS-0004"]
