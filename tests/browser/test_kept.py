"""A collaborator on a phone over a poor connection: what was typed is kept until the server has it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from campaigns.models import Campaign, Commune, User, Village
from campaigns.permissions import Role
from records.models import Record
from tests.browser.people import PASSWORD, PHONE, Person
from tests.records.people import exported_child

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OLD, NEW = "Bản Cáo A, xã Làng Chếu", "Nhà trên nương, bản Cáo A"


@pytest.fixture
def child(campaign: Campaign, lang_cheu: Commune, officer: User) -> Record:
    campaign.settings["collaborator_accounts"] = True
    campaign.save()
    helper = User.objects.create_user(
        "doan-tn", password=PASSWORD, full_name="Đoàn Thanh Niên", role=Role.COLLABORATOR, commune=lang_cheu
    )
    helper.villages.add(Village.objects.get_or_create(commune=lang_cheu, name="Bản Cáo A")[0])
    return exported_child(campaign, officer, "TE1")


@pytest.fixture
def helper(child: Record, browser: Browser, live_server: LiveServer) -> Iterator[Person]:
    yield Person(browser, live_server.url, "doan-tn", PHONE)
    for context in browser.contexts:  # a cell that is still being sent would meet the emptying of the tables
        for page in context.pages:
            page.wait_for_load_state("networkidle")
        context.close()


def open_cell(person: Person, child: Record) -> None:
    person.page.goto(reverse("edit_cell", args=[child.row_code, "permanent_address"]))


def write(person: Person, text: str) -> None:
    person.page.locator("[name=value]").fill(text)


def type_and_save(person: Person, child: Record, text: str = NEW) -> None:
    open_cell(person, child)
    write(person, text)


def kept(person: Person) -> list[dict[str, Any]]:
    stored: str | None = person.page.evaluate("localStorage.getItem('kept-cells')")
    return json.loads(stored) if stored else []


def address_of(child: Record) -> str:
    return Record.objects.get(pk=child.pk).value("permanent_address")


def test_no_network_a_closed_tab_and_later_sent(helper: Person, child: Record) -> None:
    context = helper.page.context
    type_and_save(helper, child)
    context.set_offline(True)
    helper.press("Lưu")
    helper.sees("Chưa có mạng", "1 ô đã gõ còn giữ trên máy này")
    helper.does_not_scroll_sideways()
    [one] = kept(helper)
    assert (one["data"]["value"], child.row_code in one["url"], address_of(child)) == (NEW, True, OLD)
    assert "Chống" not in json.dumps(one, ensure_ascii=False)  # the child's name
    helper.page.close()
    context.set_offline(False)
    helper.page = context.new_page()
    helper.page.goto("/")
    helper.sees("Đã gửi 1 ô gõ lúc trước.")
    assert (address_of(child), kept(helper)) == (NEW, [])


def test_it_is_sent_by_itself_when_the_network_is_back(helper: Person, child: Record) -> None:
    type_and_save(helper, child)
    helper.page.context.set_offline(True)
    helper.press("Lưu")
    helper.sees("Chưa có mạng")
    helper.page.context.set_offline(False)
    helper.sees("Đã gửi 1 ô gõ lúc trước.")
    assert (address_of(child), kept(helper)) == (NEW, [])


def test_an_expired_login_loses_nothing(helper: Person, child: Record) -> None:
    type_and_save(helper, child)
    Session.objects.all().delete()
    helper.press("Lưu")
    expect(helper.page.locator("[name=username]")).to_be_visible()
    assert (len(kept(helper)), address_of(child)) == (1, OLD)
    helper.page.fill("[name=username]", "doan-tn")
    helper.page.fill("[name=password]", PASSWORD)
    helper.keys("Enter")
    helper.sees("Đã gửi 1 ô gõ lúc trước.")
    assert (address_of(child), kept(helper)) == (NEW, [])


def test_half_typed_text_comes_back_and_can_be_dropped(helper: Person, child: Record) -> None:
    type_and_save(helper, child)
    helper.page.goto("/")
    helper.sees("1 ô gõ dở", f"Mã dòng {child.row_code}")
    helper.click("Mở ô này")
    assert helper.page.locator("[name=value]").input_value() == NEW
    with helper.page.expect_response(lambda answer: answer.request.headers.get("hx-request") == "true"):
        helper.press("Lưu")  # the next page asks once more, and then forgets
    helper.sees("Đã sửa")
    assert (address_of(child), kept(helper)) == (NEW, [])
    type_and_save(helper, child, "gõ nhầm")
    helper.click("Thôi")
    helper.is_at("Mùa A Chống")
    assert kept(helper) == []


def test_signing_out_warns_and_then_erases(helper: Person, child: Record) -> None:
    type_and_save(helper, child)
    helper.page.locator("details.who summary").click()
    helper.press("Thoát")
    helper.sees("Còn 1 ô chưa tới máy chủ")
    assert len(kept(helper)) == 1
    helper.press("Thoát")
    expect(helper.page.locator("[name=username]")).to_be_visible()
    assert kept(helper) == []


def test_another_account_neither_sees_nor_sends_it(helper: Person, child: Record, officer: User) -> None:
    type_and_save(helper, child)
    helper.page.context.clear_cookies()
    helper.page.goto("/")
    helper.page.fill("[name=username]", officer.username)
    helper.page.fill("[name=password]", PASSWORD)
    helper.keys("Enter")
    helper.is_at("Việc của tôi")
    assert not helper.page.locator("#kept").is_visible()
    assert (len(kept(helper)), address_of(child)) == (1, OLD)


def test_after_seven_days_it_is_gone(helper: Person, child: Record) -> None:
    type_and_save(helper, child)
    helper.page.evaluate(
        "days => { const all = JSON.parse(localStorage.getItem('kept-cells'));"
        " all[0].at -= days * 86400000; localStorage.setItem('kept-cells', JSON.stringify(all)); }",
        8,
    )
    helper.page.goto("/")
    helper.is_at("Việc của tôi")
    assert kept(helper) == []


def test_what_the_server_asks_about_waits_for_the_person(helper: Person, child: Record, officer: User) -> None:
    """Somebody else changed the cell while the phone had no network."""
    from records import review

    type_and_save(helper, child)
    helper.page.context.set_offline(True)
    helper.press("Lưu")
    helper.sees("Chưa có mạng")
    review.correct(child, {"permanent_address": "Sửa ở xã"}, by=officer, version=child.version)
    helper.page.context.set_offline(False)
    helper.sees("người khác vừa sửa ô này")
    assert (address_of(child), len(kept(helper))) == ("Sửa ở xã", 1)
    helper.click("Mở ô này")
    assert helper.page.locator("[name=value]").input_value() == NEW
