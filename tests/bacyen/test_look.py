"""The style guide in a browser: accessible, within the width of a phone, and quick with the keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from mimetypes import guess_type
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml
from axe_playwright_python.sync_playwright import Axe
from django import forms
from django.contrib.staticfiles import finders
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import path
from playwright.sync_api import Browser, Page, Request, Route

ROOT = Path(__file__).parents[2]
ORIGIN = "http://look.test"
POLICY = "default-src 'self'; img-src 'self' data:; object-src 'none'"
OFFICE, PHONE = {"width": 1366, "height": 768}, {"width": 360, "height": 740}
PAGES = [
    "styleguide",
    "styleguide_grid",
    "registration/login",
    "registration/locked_out",
    "404",
    "403",
    "403_csrf",
    "500",
]


def _nowhere(request: HttpRequest) -> HttpResponse:
    return HttpResponse(status=204)


urlpatterns = [path(f"{name}/", _nowhere, name=name) for name in ("home", "login", "logout", "password_change")]
pytestmark = [pytest.mark.browser, pytest.mark.urls(__name__)]


class PersonForm(forms.Form):
    full_name = forms.CharField(label="Họ và tên")
    birth_date = forms.DateField(label="Ngày sinh", help_text="ngày/tháng/năm, như trên giấy khai sinh")
    sex = forms.ChoiceField(label="Giới tính", choices=[("nam", "Nam"), ("nu", "Nữ")], widget=forms.RadioSelect)
    note = forms.CharField(label="Ghi chú", required=False, widget=forms.Textarea)
    seen = forms.BooleanField(label="Đã xem bản chính", required=False)


@cache
def _html(template: str) -> str:
    context: dict[str, Any] = {}
    request = RequestFactory().get("/")
    request.user = SimpleNamespace(is_authenticated=False)
    if template.startswith("styleguide"):
        context = yaml.safe_load((ROOT / "templates/styleguide/data.yaml").read_text())
        context["form"] = PersonForm({"full_name": "Mùa A Chống", "birth_date": "31/6/2015"})
        context["page"] = Paginator(range(86), 25).get_page(2)
        context["messages"] = [SimpleNamespace(message="Đã sửa.", extra_tags="/undo/", level_tag="success")]
        commune = SimpleNamespace(name="xã Làng Chếu")
        context["user"] = SimpleNamespace(is_authenticated=True, get_full_name="Cán Bộ", commune=commune)
    return render_to_string(f"{template}.html", context, request)


class Site:
    """Serves rendered templates and static files to the browser, and keeps what was posted."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.posted: list[str] = []
        self.complaints: list[str] = []
        page.route("**/*", self._answer)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda line: self.complaints.append(line.text) if line.type == "error" else None)

    def _answer(self, route: Route, request: Request) -> None:
        address = urlsplit(request.url).path
        if request.method == "POST":
            self.posted.append(address)
            route.fulfill(status=204)
        elif address.removeprefix("/") in PAGES:
            headers = {"Content-Security-Policy": POLICY}
            route.fulfill(
                body=_html(address.removeprefix("/")), content_type="text/html; charset=utf-8", headers=headers
            )
        elif address.startswith("/static/"):
            found = str(finders.find(address.removeprefix("/static/")))
            route.fulfill(path=found, content_type=guess_type(found)[0])
        else:
            route.fulfill(status=204)

    def send(self, *keys: str) -> dict[str, list[str]]:
        """Presses the keys, and gives the fields of the form that they sent."""
        with self.page.expect_request(lambda request: request.method == "POST") as caught:
            for key in keys:
                self.page.keyboard.press(key)
        return parse_qs(caught.value.post_data or "", keep_blank_values=True)

    def open(self, name: str) -> Page:
        self.page.goto(f"{ORIGIN}/{name}", wait_until="load")
        return self.page


@pytest.fixture
def site(browser: Browser) -> Iterator[Site]:
    page = browser.new_page(viewport=OFFICE)
    yield Site(page)
    page.close()


@pytest.mark.parametrize("size", [OFFICE, PHONE], ids=["office", "phone"])
def test_pages_are_accessible_and_do_not_scroll_sideways(site: Site, size: dict[str, int]) -> None:
    site.page.set_viewport_size(size)
    for name in PAGES:
        page = site.open(name)
        violations = Axe().run(page).response["violations"]
        found = [(rule["id"], [node["target"] for node in rule["nodes"]]) for rule in violations]
        assert (name, found) == (name, [])
        assert (name, page.evaluate("document.documentElement.scrollWidth")) == (name, size["width"])
    assert site.complaints == []


def test_grid_shows_eighteen_rows_with_reason_and_bulk_bar(site: Site) -> None:
    page = site.open("styleguide_grid")
    page.locator(".ribbon").evaluate("node => node.remove()")
    edge = page.locator(".foot").bounding_box()["y"]
    rows = [row.bounding_box() for row in page.locator(".grid tbody tr").all()]
    assert sum(box["y"] + box["height"] <= edge for box in rows) == 18


def test_grid_says_why_and_takes_the_suggestion_with_enter(site: Site) -> None:
    page = site.open("styleguide_grid")
    page.locator(".grid td[tabindex='0']").focus()
    assert "Đọc được 11 chữ số" in page.locator("#why .reason").inner_text()
    assert "014215001234" in page.locator("#why [data-press=use]").inner_text()
    page.keyboard.press("ArrowDown")
    assert page.locator("#why .where").inner_text().split() == ["Dòng", "192", "Số", "định", "danh"]
    assert page.locator("#why [data-press=use]").is_hidden()
    page.keyboard.press("ArrowUp")
    assert site.send("Enter")["accept"] == ["191"]


def test_keys_of_an_input_method_are_left_alone(site: Site) -> None:
    page = site.open("styleguide_grid")
    page.locator(".grid td[tabindex='0']").focus()
    moved = page.evaluate("""() => {
        const key = init => document.activeElement.dispatchEvent(
            new KeyboardEvent('keydown', {key: 'ArrowDown', bubbles: true, cancelable: true, ...init}));
        const before = document.activeElement;
        key({isComposing: true}); key({keyCode: 229});
        return document.activeElement !== before;
    }""")
    assert moved is False


def test_space_chooses_the_row(site: Site) -> None:
    page = site.open("styleguide_grid")
    page.locator(".grid td[tabindex='0']").focus()
    page.keyboard.press(" ")
    assert page.locator("[data-count]").first.inner_text() == "1"


@pytest.mark.parametrize(
    ("on_file", "keys", "code", "number"),
    [
        (False, ["0", "1", "4", "3", "1", "4", "0", "0", "1", "2", "3", "4", "Enter"], "C", "014 3 14 001234"),
        (True, ["Enter"], "K", ""),
        (False, ["*", "4", "Enter"], "N", ""),
        (False, ["*", ",", "Enter"], "X", ""),
        (False, ["v", "Enter"], "V", ""),
    ],
    ids=["digits are C", "Enter alone is K", "star and digit", "star and comma", "letter"],
)
def test_answering_with_one_hand(site: Site, on_file: bool, keys: list[str], code: str, number: str) -> None:
    page = site.open("styleguide")
    page.locator("input[value=K]").evaluate("(node, on) => { node.disabled = !on; }", on_file)
    page.locator("#number").fill("")
    assert page.locator("[name=code]:checked").count() == 0
    sent = site.send(*keys)
    assert (sent["code"], sent["number"]) == ([code], [number])


def test_number_is_read_back_against_sex_and_year(site: Site) -> None:
    page = site.open("styleguide")
    page.locator("#number").fill("014 2 13 00")
    assert page.locator("#read .error").all_inner_texts() == [
        "2: nam, sinh 2000–2099, danh sách ghi nữ",
        "13: năm 2013, danh sách ghi 2014",
    ]


def test_keys_of_a_decision_belong_to_the_row_one_stands_on(site: Site) -> None:
    page = site.open("styleguide")
    page.evaluate("""() => document.querySelector('.three').addEventListener('click', event => {
        const button = event.target.closest('button');
        window.pressed = `${button.closest('tr').cells[0].innerText} ${button.dataset.key}`;
    })""")
    page.locator(".three tr.now").focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("window.pressed") == "Ngày sinh arrowright"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("h")
    assert page.evaluate("window.pressed") == "Họ tên mẹ h"


def test_a_form_is_sent_once(site: Site) -> None:
    page = site.open("styleguide")
    page.locator("#number").focus()
    site.send("Enter", "Enter")
    page.evaluate("fetch('/after', {method: 'POST'})")
    assert site.posted == ["/styleguide", "/after"]
