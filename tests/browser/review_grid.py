"""The review grid as an officer uses it: with the keyboard alone."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.people import Person

_EDITOR = ".grid td.editing, #typing.open"
_POSITION = "() => { const cell = document.activeElement.closest('.grid td'); return [cell.parentNode.rowIndex, cell.cellIndex]; }"


def stand_on(person: Person, name: str, heading: str) -> None:
    """Goes to the cell of this child under this heading: Tab into the grid, then arrows."""
    page = person.page
    while not page.evaluate("document.activeElement.closest('.grid tbody td') !== null"):
        person.keys("Tab")
    row = page.locator("table.grid tbody tr").filter(has_text=name).evaluate("row => row.rowIndex")
    column = page.locator("table.grid thead th").filter(has_text=heading).evaluate("cell => cell.cellIndex")
    at_row, at_column = page.evaluate(_POSITION)
    person.keys(*["ArrowDown" if row > at_row else "ArrowUp"] * abs(row - at_row))
    person.keys(*["ArrowRight" if column > at_column else "ArrowLeft"] * abs(column - at_column))
    assert page.evaluate(_POSITION) == [row, column]


def reads(person: Person, *texts: str) -> None:
    """In the bar that says why."""
    for text in texts:
        expect(person.page.locator("#why")).to_contain_text(text)


def take_suggestion(person: Person, name: str, heading: str, value: str) -> None:
    stand_on(person, name, heading)
    reads(person, value)
    person.keys("Enter")
    expect(person.page.locator("#undo")).to_contain_text(name)


def edit(person: Person, name: str, heading: str, value: str, paper: str, number: str) -> None:
    stand_on(person, name, heading)
    person.keys("F2")
    _editor_is_open(person)
    person.keys("Control+a")
    person.type(value)
    _name_paper(person, paper, number)
    expect(person.page.locator("#undo")).to_contain_text(name)


def confirm(person: Person, name: str, heading: str, why: str, number: str = "") -> None:
    stand_on(person, name, heading)
    person.keys("Alt+d")
    _editor_is_open(person)
    _name_paper(person, why, number)
    expect(person.page.locator("#notices")).to_contain_text(f"Đã xác nhận đúng: {name}")


def _editor_is_open(person: Person) -> None:
    expect(person.page.locator(_EDITOR)).to_be_visible()
    expect(person.page.locator(_EDITOR).locator(":focus")).to_have_count(1)


def _name_paper(person: Person, paper: str, number: str) -> None:
    """Down the list to the paper; its number beside it; Enter saves."""
    papers = person.page.locator(_EDITOR).locator("select")
    person.tab_to(papers)
    while papers.locator("option:checked").inner_text() != paper:
        person.keys("ArrowDown")
    person.keys("Tab")
    person.type(number)
    person.keys("Enter")
    expect(person.page.locator(_EDITOR)).to_have_count(0)
