"""The administrator's pages in a browser: Vietnamese, a silent console, and “Chọn tất cả” over the columns."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from campaigns.models import Campaign, Commune, User
from tests.browser.people import Person

pytestmark = pytest.mark.browser
PAGES = [
    "admin:index", "admin:campaigns_user_changelist", "admin:campaigns_user_add", "admin:campaigns_user_import",
    "admin:campaigns_village_changelist", "admin:campaigns_village_export", "admin:campaigns_category_export",
    "admin:campaigns_standardlevel_import", "admin:axes_accesslog_changelist", "admin:axes_accessattempt_changelist",
    "admin:records_child_changelist", "admin:records_child_export",
]  # fmt: skip
ENGLISH = re.compile(
    r"\b(the|this|that|with|select|choose|import|export|submit|name|user|access|add|change|delete|view|show|password|"
    r"enabled|disabled|skip|theme|model|file|format|fields?|code|date|number|from|valid)\b", re.IGNORECASE,
)  # fmt: skip


def english(page: Page) -> list[str]:
    """Lines without a Vietnamese letter that hold an English word."""
    lines = [line.strip() for line in page.locator("body").inner_text().splitlines()]
    return [line for line in lines if ENGLISH.search(line) and not re.search(r"[À-ỹđĐ]", line)]


def test_the_administrators_pages(
    browser: Browser, live_server: LiveServer, campaign: Campaign, lang_cheu: Commune, administrator: User
) -> None:
    person = Person(browser, live_server.url, administrator.username)
    person.page.goto(reverse("reason") + "?next=/")
    person.page.get_by_label("Lý do xem hồ sơ").fill("Kiểm tra trang quản trị")
    person.press("Ghi lý do và xem")
    person.is_at("Việc của tôi")
    found = {}
    for name in PAGES:
        answer = person.page.goto(reverse(name))
        assert answer is not None
        assert (name, answer.status) == (name, 200)
        if words := english(person.page):
            found[name] = words
    assert found == {}
    boxes = person.page.locator(".bulk .columns input")
    person.page.get_by_label("Chọn tất cả").uncheck()
    expect(boxes.first).not_to_be_checked()
    boxes.first.check()
    person.press("Xuất tệp")
    assert person.page.goto("/favicon.ico").status == 200  # type: ignore[union-attr]
    person.leave()
