"""What the commune officer does in the campaign: the review, the lists that go out, what comes back otherwise."""

from __future__ import annotations

import datetime

from docx import Document
from openpyxl import load_workbook
from playwright.sync_api import expect

from campaigns.models import User
from reconciliation.models import Batch
from records.models import Finding, FindingStatus, Record, Stage
from tests.browser import review_grid
from tests.browser.children import NEWBORN, RIGHT_NAME, TO_POLICE
from tests.browser.people import Person
from tests.browser.story import Story, child, stages


def review_with_the_keyboard(story: Story, officer: User) -> None:
    person = story.sign_in(officer)
    person.tab_and_enter("Trẻ em cần rà soát")
    person.is_at("Rà soát")
    review_grid.take_suggestion(person, "Mùa Thị Dợ", "Số định danh", "014314001002")
    review_grid.take_suggestion(person, "Vừ A Páo", "Số định danh", "014218001007")
    review_grid.edit(person, "Giàng A Tủa", "Ngày sinh", "15/09/2017", "Giấy khai sinh", "89/2017")
    review_grid.confirm(person, "Sồng Thị Mai", "Mẹ", "Chưa xác định được mẹ")
    review_grid.confirm(person, "Mùa A Chống", "Cần xem", "Giấy khai sinh", "12/2015")
    corrected = {r.full_name: r.personal_number for r in Record.objects.all()}
    assert (corrected["Mùa Thị Dợ"], corrected["Vừ A Páo"]) == ("014314001002", "014218001007")
    assert child("Giàng A Tủa").birth_date == datetime.date(2017, 9, 15)
    confirmed = Finding.objects.filter(status=FindingStatus.CONFIRMED).order_by("rule")
    assert [(f.rule, f.note) for f in confirmed] == [
        ("mother.missing", "Chưa xác định được mẹ"),
        ("record.repeated", "Giấy khai sinh, 12/2015"),
    ]
    person.keys("Escape")  # out of the grid
    add_a_newborn(person)
    person.tab_and_enter("Rà soát")
    person.tab_and_enter("Xong rà soát xã…")
    person.sees("11 hồ sơ đang cần rà soát sẽ chuyển như sau")
    person.tab_and_enter("Xong rà soát", "button")
    person.sees("7 hồ sơ chờ gửi công an, 4 đã sạch, 0 còn điều cần xem")
    person.leave()
    assert stages() == {Stage.READY_FOR_POLICE: 7, Stage.CLEANED: 5}


def add_a_newborn(person: Person) -> None:
    person.tab_and_enter("Thêm mới")
    person.is_at("Thêm người mới")
    person.tab_and_type("Họ và tên", NEWBORN)
    person.tab_and_type("Ngày sinh", "01/10/2023")
    person.keys("Tab", " ")
    person.tab_and_type("Dân tộc", "Mông")
    person.tab_and_type("Họ tên cha", "Mùa A Páo")
    person.tab_and_type("Họ tên mẹ", "Giàng Thị Dợ")
    person.tab_and_type("Bản, tiểu khu", "Bản Cáo A")
    person.tab_and_enter("Kiểm tra", "button")
    person.sees("Điều cần xem", "Chưa có số")
    person.tab_and_enter("Lưu người này", "button")
    person.is_at(NEWBORN)
    born = child(NEWBORN)
    assert (born.is_new, born.sex, born.stage) == (True, "nam", Stage.TO_REVIEW)


def hand_a_list_to_the_police(story: Story, officer: User) -> None:
    person = story.sign_in(officer)
    person.go_to("Gửi – nhận")
    person.click("Lập danh sách…")
    person.is_at("7 người")
    person.press("Lập lô 7 người")
    person.sees("Đã lập lô")
    batch = Batch.objects.get()
    person.is_at(f"Lô {batch.code}")
    listed = load_workbook(person.download("Tải Excel"))["Danh sách"]
    record_of_it = Document(str(person.download("Biên bản giao nhận")))
    person.leave()
    cells = {str(cell.value) for row in listed.iter_rows() for cell in row}
    assert cells > {*TO_POLICE, *batch.lines.values_list("row_code", flat=True)}
    assert any(batch.code in cell for cell in cells)
    written = " ".join(paragraph.text for paragraph in record_of_it.paragraphs)
    tables = " ".join(cell.text for table in record_of_it.tables for row in table.rows for cell in row.cells)
    assert batch.code in written + tables
    assert batch.due == datetime.date(2023, 10, 12)
    assert stages()[Stage.WITH_POLICE] == 7


def settle_what_the_police_said_otherwise(story: Story, officer: User) -> None:
    person = story.sign_in(officer)
    person.click("Quyết định")
    person.is_at("Quyết định lô")
    decide(person, "Lý Thị Xúa", "Số định danh", "ArrowRight", "Đã lấy của công an")
    decide(person, "Lý Thị Xúa", "Họ và tên", "h", "Đã chuyển hỏi hộ tịch")
    person.click("Ghi giấy tờ, đề nghị đưa ra khỏi sổ…")
    person.page.get_by_label("Giấy tờ hoặc ghi chú làm căn cứ").fill("Giấy chuyển nơi thường trú 17/2023")
    person.press("Gửi đề nghị")
    person.sees("Đã gửi đề nghị", "chờ người thứ hai")
    assert child("Hạng A Sính").stage == Stage.TO_SETTLE
    assert (child("Lý Thị Xúa").personal_number, child("Lý Thị Xúa").stage) == (
        "014314001008",
        Stage.WITH_CIVIL_REGISTRY,
    )
    person.go_to("Gửi – nhận")
    person.click("Lập danh sách…")
    person.press("Lập lô 2 người")
    person.sees("Đã lập lô")
    person.leave()


def decide(person: Person, name: str, field: str, key: str, said: str) -> None:
    """On the row of this field, with its key."""
    whose = person.page.locator("table.three tbody").filter(has_text=name)
    row = whose.locator("tr:not(.whose)").filter(has=person.page.get_by_role("rowheader", name=field))
    row.get_by_role("rowheader").click()
    person.keys(key)
    expect(row).to_contain_text(said)


def settle_what_the_registry_said(story: Story, officer: User) -> None:
    person = story.sign_in(officer)
    person.click("Quyết định")
    decide(person, "Lý Thị Xúa", "Họ và tên", "ArrowRight", "Đã lấy của hộ tịch")
    decide(person, "Thào Thị Ca", "Số định danh", "ArrowRight", "Đã lấy của hộ tịch")
    person.leave()
    assert stages() == {Stage.CLEANED: 11, Stage.EXCLUDED: 1}
    assert child(RIGHT_NAME).personal_number == "014314001008"
