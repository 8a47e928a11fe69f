"""The review grid under the fingers of an officer: typing, input methods, undo, two people, a lost line."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Route, expect
from pytest_django.live_server_helper import LiveServer

from campaigns.models import AuditEvent, Campaign, User
from records import review
from records.models import ChangeKind, ChangeSet, Record
from tests.browser.people import Person
from tests.records.people import GOOD_NUMBER, exported_child

pytestmark = pytest.mark.browser
WHO = "Vàng A Nhà"


class Grid(Person):
    def stand(self, name: str, heading: str) -> Locator:
        """By a click; the cell."""
        column = self.page.locator("table.grid thead th").filter(has_text=heading).evaluate("cell => cell.cellIndex")
        row = self.page.locator("table.grid tbody tr").filter(has_text=name)
        cell = row.locator(f"> :nth-child({column + 1})")
        cell.click()
        return cell

    def at(self) -> list[object]:
        """Row, column of the cell that has the focus."""
        where: list[object] = self.page.evaluate(
            "() => { const cell = document.activeElement.closest('.grid td');"
            "return cell ? [cell.parentNode.rowIndex, cell.cellIndex] : []; }"
        )
        return where

    def paper(self) -> None:
        """Enter asks for the paper; the first of the list; Enter saves."""
        self.keys("Enter", "ArrowDown", "Enter")

    def said(self, *texts: str) -> None:
        for text in texts:
            expect(self.page.locator("#undo")).to_contain_text(text)


@pytest.fixture
def children(campaign: Campaign, district: User) -> list[Record]:
    """A lost zero, a year alone and no mother, a number shared by two."""
    return [
        exported_child(campaign, district, "TE1", personal_number="14215001234"),
        exported_child(campaign, district, "TE2", full_name=WHO, birth_date="2015", personal_number="", mother_name=""),
        exported_child(campaign, district, "TE3", full_name="Hờ A Súa", personal_number="014215000002"),
        exported_child(campaign, district, "TE4", full_name="Giàng A Sử", personal_number="014215000002"),
    ]


@pytest.fixture
def grid(browser: Browser, live_server: LiveServer, officer: User, children: list[Record]) -> Iterator[Grid]:
    person = Grid(browser, live_server.url, officer.username)
    with person.page.expect_response("**/lua-chon/"):
        person.page.goto("/ra-soat/")
    yield person
    person.leave()


def value(name: str, field: str) -> str:
    return Record.objects.get(full_name=name).value(field)


@pytest.mark.parametrize(
    ("typed", "read", "written"),
    [
        ("1/2/15", "Chủ nhật, ngày 1 tháng 2 năm 2015", "01/02/2015"),
        ("01022015", "Chủ nhật, ngày 1 tháng 2 năm 2015", "01/02/2015"),
        ("31/6/2015", "tháng 6/2015 có 30 ngày", "31/6/2015"),
    ],
)
def test_a_date_is_read_back_and_says_what_it_settled(grid: Grid, typed: str, read: str, written: str) -> None:
    cell = grid.stand(WHO, "Ngày sinh")
    grid.type(typed)
    expect(grid.page.locator("#typing-read")).to_contain_text(read)
    grid.paper()
    grid.said(f"Đã sửa ngày sinh của {WHO}", "✓ Hết: ngày sinh chưa đủ")
    expect(cell).to_contain_text(written)
    assert value(WHO, "birth_date") == written
    if written == "31/6/2015":
        grid.said("▲ Nay cần xem")
        expect(cell).to_have_class(re.compile("error"))


def test_an_input_method_composes_in_the_cell(grid: Grid) -> None:
    """From the first letter on, and no key of it is a shortcut: o would open the person, Enter would save."""
    grid.stand(WHO, "Mẹ")
    address, keys = grid.page.url, grid.page.context.new_cdp_session(grid.page)
    composed = {"windowsVirtualKeyCode": 229, "type": "rawKeyDown", "key": "Process"}
    for text in ("o", "oa", "oan", "oanh"):
        keys.send("Input.dispatchKeyEvent", composed)
        keys.send("Input.imeSetComposition", {"text": text, "selectionStart": len(text), "selectionEnd": len(text)})
    keys.send("Input.dispatchKeyEvent", {**composed, "key": "Enter", "code": "Enter"})
    keys.send("Input.insertText", {"text": "Oanh"})
    grid.type(" Thị ")
    keys.send("Input.imeSetComposition", {"text": "d", "selectionStart": 1, "selectionEnd": 1})
    keys.send("Input.insertText", {"text": "Dợ"})
    expect(grid.page.locator("#typing .value")).to_have_value("Oanh Thị Dợ")
    assert grid.page.url == address
    assert value(WHO, "mother_name") == ""
    grid.paper()
    grid.said(f"Đã sửa họ tên mẹ của {WHO}")
    assert value(WHO, "mother_name") == "Oanh Thị Dợ"


def test_typing_goes_on_while_an_answer_comes_in(grid: Grid) -> None:
    """The row is put in place around the cell in which one composes."""
    held: list[Route] = []
    grid.page.route("**/sua/village/", lambda route: held.append(route))
    grid.stand(WHO, "Bản")
    grid.type("Bản Cáo B")
    grid.keys("Tab")
    grid.stand(WHO, "Mẹ")
    keys = grid.page.context.new_cdp_session(grid.page)
    keys.send("Input.imeSetComposition", {"text": "Giàn", "selectionStart": 4, "selectionEnd": 4})
    held[0].continue_()
    grid.said(f"Đã sửa bản của {WHO}")
    keys.send("Input.insertText", {"text": "Giàng"})
    expect(grid.page.locator("#typing .value")).to_have_value("Giàng")
    expect(grid.page.locator("#typing .value")).to_be_focused()
    grid.keys("Escape")
    assert value(WHO, "mother_name") == ""


@pytest.mark.parametrize(
    ("heading", "typed", "field", "written"),
    [("Dân tộc", "kho mu", "ethnic_group", "Khơ-mú"), ("Bản", "bản c", "village", "Bản Cáo A")],
)
def test_a_few_letters_are_enough(grid: Grid, heading: str, typed: str, field: str, written: str) -> None:
    grid.stand(WHO, heading)
    grid.type(typed)
    expect(grid.page.locator("#typing [aria-selected=true]")).to_have_text(written)
    if field == "village":
        grid.keys("Enter")
        assert grid.page.locator("#undo").inner_text() == ""  # as it was
    else:
        grid.paper()
        grid.said(f"Đã sửa dân tộc của {WHO}")
    assert value(WHO, field) == written


def test_a_cell_is_left_as_it_was(grid: Grid, children: list[Record]) -> None:
    cell = grid.stand(WHO, "Họ và tên")
    grid.type("Vừ")
    grid.keys("Escape")
    expect(cell).to_contain_text(WHO)
    assert not ChangeSet.objects.filter(kind=ChangeKind.EDIT).exists()
    tall = grid.page.locator("#why").bounding_box()
    grid.keys("ArrowRight", "ArrowRight", "Tab", "Shift+Tab", "ArrowDown", "ArrowUp")
    assert grid.page.locator("#why").bounding_box() == tall
    assert grid.at()[1] == 4
    grid.keys("Escape", "Tab")
    assert grid.at() == []


def test_ctrl_z_takes_back_also_after_the_page_was_loaded_again(grid: Grid) -> None:
    grid.stand("Mùa A Chống", "Số định danh")
    grid.keys("Enter")
    grid.said("Đã sửa số định danh của Mùa A Chống", "✓ Hết: mất số 0 ở đầu")
    cell = grid.stand(WHO, "Bản")
    grid.type("Bản Suối Lềnh")
    grid.keys("Enter")
    grid.said(f"Đã sửa bản của {WHO}")
    grid.page.reload()
    grid.said(f"Đã sửa bản của {WHO}")
    grid.keys("Control+z")
    grid.said("Đã sửa số định danh của Mùa A Chống")
    expect(cell).to_contain_text("Cáo A")
    grid.keys("Control+z")
    expect(grid.page.locator("#undo")).to_be_empty()
    assert (value(WHO, "village"), value("Mùa A Chống", "personal_number")) == ("Bản Cáo A", "14215001234")


def test_two_people_at_one_cell_see_both_values(grid: Grid, children: list[Record], second_officer: User) -> None:
    review.correct(children[1], {"village": "Bản Chống Tra"}, by=second_officer, version=children[1].version)
    grid.stand(WHO, "Bản")
    grid.type("Bản Suối Lềnh")
    grid.keys("Enter")
    editor = grid.page.locator("td.editing")
    expect(editor).to_contain_text("Cán Bộ Hai Làng Chếu vừa sửa ô này")
    expect(editor).to_contain_text("Bản Chống Tra")
    expect(editor.get_by_label("Bản", exact=True)).to_have_value("Bản Suối Lềnh")
    grid.press("Giữ của tôi")
    grid.said(f"Đã sửa bản của {WHO}")
    assert value(WHO, "village") == "Bản Suối Lềnh"
    grid.complaints.clear()  # the browser says of itself that the answer was 422


def test_what_it_contradicts_shows_on_the_other_row_too(grid: Grid) -> None:
    other = grid.page.locator("tr").filter(has_text="Giàng A Sử")
    expect(other).to_contain_text("Số dùng chung")
    grid.stand("Hờ A Súa", "Số định danh")
    grid.type("014215000077")
    expect(grid.page.locator("#typing-read")).to_contain_text("đủ 12 chữ số: Nam, sinh năm 2015")
    grid.keys("Enter")
    grid.said("✓ Hết: số dùng chung")
    expect(other).not_to_contain_text("Số dùng chung")


def test_a_lost_line_loses_nothing(grid: Grid) -> None:
    grid.page.route("**/sua/village/", lambda route: route.abort())
    cell = grid.stand(WHO, "Bản")
    grid.type("Bản Suối Lềnh")
    grid.keys("Enter")
    expect(grid.page.locator("#notices")).to_contain_text("1 ô chưa lưu")
    expect(cell).to_have_class(re.compile("unsaved"))
    assert value(WHO, "village") == "Bản Cáo A"
    grid.page.unroute("**/sua/village/")
    grid.press("Gửi lại")
    grid.said(f"Đã sửa bản của {WHO}")
    assert value(WHO, "village") == "Bản Suối Lềnh"
    grid.complaints.clear()


def test_pressed_twice_is_done_once(grid: Grid) -> None:
    grid.stand("Mùa A Chống", "Số định danh")
    grid.page.locator("#why [data-press=use]").dblclick()
    grid.said("Đã sửa số định danh của Mùa A Chống")
    grid.stand(WHO, "Bản")
    grid.type("Bản Suối Lềnh")
    grid.page.locator("#typing").get_by_role("button", name="Lưu").dblclick()
    grid.said(f"Đã sửa bản của {WHO}")
    kinds = ChangeSet.objects.filter(kind__in=[ChangeKind.EDIT, ChangeKind.SUGGESTION])
    assert sorted(kinds.values_list("kind", flat=True)) == ["edit", "suggestion"]
    assert value("Mùa A Chống", "personal_number") == GOOD_NUMBER


def test_a_number_is_shown_by_a_recorded_look_and_covered_again(grid: Grid) -> None:
    cell = grid.stand("Hờ A Súa", "Số định danh")
    expect(cell).to_contain_text("014•••••••02")
    grid.keys("s")
    expect(cell).to_contain_text("014215000002")
    grid.keys("ArrowLeft")
    expect(cell).to_contain_text("014•••••••02")
    assert AuditEvent.objects.filter(event="number_revealed", target__startswith="record:").count() == 1


@pytest.mark.parametrize(
    ("pasted", "kept"), [("Bản Suối Lềnh\tMông\r\nBản khác", "Bản Suối Lềnh"), ("  Bản   Cáo C ", "Bản Cáo C")]
)
def test_what_is_pasted_is_one_cell(grid: Grid, pasted: str, kept: str) -> None:
    grid.stand(WHO, "Bản")
    grid.page.evaluate(
        "text => { const data = new DataTransfer(); data.setData('text', text); const field = document.activeElement;"
        "if (field.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })))"
        " document.execCommand('insertText', false, text); }",
        pasted,
    )
    grid.keys("Enter")
    grid.said(f"Đã sửa bản của {WHO}")
    assert value(WHO, "village") == kept


def test_back_comes_home_to_the_same_cell(grid: Grid) -> None:
    grid.stand(WHO, "Bản")
    at = grid.at()
    grid.keys("Alt+o")
    grid.is_at(WHO)
    grid.page.go_back()
    expect(grid.page.locator("#typing .value")).to_be_focused()
    assert grid.at() == at
