"""Every page in a real browser, on an office screen and on a phone: it fits, axe finds nothing, the console is silent."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from campaigns.models import Campaign, Commune, User
from campaigns.permissions import has
from reconciliation.frame import NAVIGATION
from tests.browser.people import OFFICE, PHONE, Person
from tests.things import make_things

pytestmark = pytest.mark.browser

# Address name → the thing of tests/things.py that it is about; `query` as it stands after the address.
OF_DISTRICT = {
    "import_file": "file",
    "undo_file": "file",
    "record": "record",
    "edit_cell": "record field",
    "rules": "",
    "rule": "rule",
    "job_cancel": "job",
    "exclusions": "",
    "ask_exclusion?record={record}": "",
    "suggestions": "",
    "values_alike": "",
    "set_value?record={record}": "",
    "close_review?xa=03874": "",
    "lists": "",
    "list_result": "list_file",
    "print_people": "people_list",
    "collaborators": "",
    "batch": "batch",
    "print_list": "batch",
    "hand_back": "batch",
    "hand_back_result": "batch hand_back",
    "settle": "batch",
    "exclude_line": "batch difference",
    "newborns": "",
    "newborn_list": "newborn_list",
    "upload_file": "upload",
    "job": "job",
    "password_change": "",
}
OF_POLICE = {"batch": "batch", "answer": "batch", "answer_submit": "batch"}
OUR_OWN = {"admin:index"}  # Django's pages answer for themselves


def addresses(user: User, pages: dict[str, str], things: dict[str, object]) -> list[str]:
    """What the bar offers this user, then the pages."""
    found = [reverse(name) for name, _, needs in NAVIGATION if name not in OUR_OWN and (not needs or has(user, needs))]
    for page, about in pages.items():
        name, _, query = page.partition("?")
        address = reverse(name, args=[things[thing] for thing in about.split()])
        found.append(f"{address}?{query.format(**things)}" if query else address)
    return found


def problems(page: Page, address: str, size: dict[str, int]) -> list[tuple[object, ...]]:
    page.set_viewport_size(size)  # type: ignore[arg-type]
    here, found = (address, size["width"]), []
    if (wide := page.evaluate("document.documentElement.scrollWidth")) != size["width"]:
        found.append((*here, f"is {wide} wide"))
    for rule in Axe().run(page).response["violations"]:
        found.append((*here, rule["id"], [node["target"] for node in rule["nodes"]]))
    return found


def look_at(person: Person, addresses: list[str]) -> list[tuple[object, ...]]:
    found: list[tuple[object, ...]] = []
    for address in addresses:
        answer = person.page.goto(address)
        assert answer is not None
        assert (address, answer.status) == (address, 200)
        for size in (OFFICE, PHONE):
            found += problems(person.page, address, size)
    return found


def test_every_page(
    browser: Browser, live_server: LiveServer, campaign: Campaign, lang_cheu: Commune, officer: User, district: User,
    police: User, leader: User,
) -> None:  # fmt: skip
    things = make_things(campaign, lang_cheu, officer, district)
    found = []
    for user, pages in ((district, OF_DISTRICT), (officer, {}), (police, OF_POLICE), (leader, {})):
        person = Person(browser, live_server.url, user.username)
        found += look_at(person, addresses(user, pages, things))
        person.leave()
    assert found == []
