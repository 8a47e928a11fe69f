"""One commune's demo list from imported to reviewed, by clicks and keys alone, and what that costs."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from campaigns.models import Campaign, User
from reconciliation.demo.district import build
from reconciliation.demo.workbooks import write_workbooks
from records import imports
from records.models import Record, Stage
from records.reference import REFERENCE_FILES
from tests.browser.measuring import Counted, queries

pytestmark = pytest.mark.browser
FIRST_PAGE, LATER_PAGE, MOST_QUERIES = 100_000, 20_000, 30
MOST_QUERIES_OF_A_SAVE = 60  # writes, judges, compares with the neighbours, and draws the row anew
ACTIONS_PER_RECORD = 0.5
_MOST_CELLS = 40
# What the officer finds on the papers at home.
ON_PAPER = {"Ngày sinh": "15062016", "Dân tộc": "Mông", "Giới": "Nam", "Cha": "Mùa A Páo", "Mẹ": "Giàng Thị Dợ",
            "Họ và tên": "Mùa A Páo"}  # fmt: skip


@pytest.fixture
def in_scope(campaign: Campaign, district: User, tmp_path: Path) -> int:
    """How many children the demo's list of Làng Chếu has."""
    made = build(1.0, 1, date(2023, 9, 30), REFERENCE_FILES)
    path = write_workbooks(made, tmp_path)["children-03874.csv"]
    file = imports.receive(campaign, "children", by=district, name=path.name, content=path.read_bytes())
    imports.apply(file, by=district)
    return Record.objects.count()


def take_all_suggestions(person: Counted) -> None:
    """Rule by rule, each looked at."""
    person.click("Gợi ý của cả danh sách…")
    while person.page.get_by_role("button", name="gợi ý").count():
        person.touch(person.page.get_by_role("button", name="gợi ý").first)
        person.is_at("Rà soát")
        person.click("Gợi ý của cả danh sách…")
    person.click("Về danh sách")


def settle_every_cell(person: Counted) -> None:
    """Errors that are no number are typed over from a paper, named once; warnings are confirmed with a note."""
    marked = person.page.locator(".grid td.error:not(.id, .words), .grid td.warning:not(.id, .words)")
    seen = []
    for _ in range(_MOST_CELLS):
        if not marked.count():
            return
        cell = marked.first
        heading = person.page.locator(".grid thead th").nth(cell.evaluate("cell => cell.cellIndex")).inner_text()
        seen.append((heading, cell.get_attribute("data-why")))
        person.touch(cell)
        if "warning" in (cell.get_attribute("class") or ""):
            person.keys("Alt+d")
            expect(person.page.locator(".grid td.editing select")).to_be_focused()
            person.keys("ArrowDown", "Tab", "Enter")
            expect(person.page.locator(".grid td.editing")).to_have_count(0)
        else:
            type_over(person, ON_PAPER.get(heading, "Bản Cáo A"))
    raise AssertionError(seen[-4:])


def type_over(person: Counted, text: str) -> None:
    person.type(text)
    person.keys("Enter")
    papers = person.page.locator("#typing select")
    if papers.is_visible() and papers.evaluate("list => list === document.activeElement"):
        person.keys("ArrowDown", "Enter")
    expect(person.page.locator(".grid .unsaved")).to_have_count(0)


def test_a_commune_in_an_afternoon(
    browser: Browser, live_server: LiveServer, officer: User, in_scope: int, capsys: pytest.CaptureFixture[str]
) -> None:
    with queries() as answered:
        person = Counted(browser, live_server.url, officer.username)
        person.actions, person.pages = 0, []
        person.go_to("Rà soát")
        take_all_suggestions(person)
        settle_every_cell(person)
        person.click("Xong rà soát xã…")
        person.press("Xong rà soát")
        person.sees("hồ sơ chờ gửi công an")
        person.leave()
    left = Record.objects.filter(stage=Stage.TO_REVIEW).count()
    first, *later = [size for _, size in person.pages]
    with capsys.disabled():
        print(
            f"\n{in_scope} records, {in_scope - left} reviewed: {person.actions / in_scope:.2f} actions a record,"
            f" {len(person.pages)} pages, first {first / 1000:.0f} KB, largest later {max(later) / 1000:.0f} KB,"
            f" {(sum(size for _, size in person.pages) + sum(person.parts)) / 1000:.0f} KB in all; most queries {max(answered, key=lambda a: a[1])}"
        )
    assert in_scope - left >= 0.98 * in_scope
    assert person.actions <= ACTIONS_PER_RECORD * in_scope
    assert first <= FIRST_PAGE
    assert max(later + person.parts) <= LATER_PAGE
    pages = [one for one in answered if one[0].startswith("GET")]
    assert [one for one in pages if one[1] > MOST_QUERIES] == []
    assert max(count for _, count in answered) <= MOST_QUERIES_OF_A_SAVE
