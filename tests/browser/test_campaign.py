"""One whole campaign in a real browser, as six people, from the export to the final report.

They click and type what stands on the pages, each on the day on which the plan has it done; what they see and what the
database then holds is asserted act by act."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from campaigns.models import Campaign, User
from records.models import Stage
from tests.browser import commune_office, district_office
from tests.browser.answer_desk import Answer, answer_all, hand_in
from tests.browser.children import NEWBORN, RIGHT_NAME
from tests.browser.people import PHONE
from tests.browser.story import Story, child, stages

pytestmark = pytest.mark.browser

POLICE_ANSWERS = {
    "Thào A Dơ": Answer("014216001003"),
    "Hờ Thị Sua": Answer("014313001004"),
    "Giàng A Tủa": Answer(),  # Enter alone: the number on file is right
    "Lý Thị Xúa": Answer("014314001008", "3", {"Họ tên đúng": RIGHT_NAME, "Ghi chú": "Thông báo số 8"}),
    "Thào Thị Ca": Answer(pad="9", fields={"Ghi chú": "Mẹ hẹn đi đăng ký"}),
    "Hạng A Sính": Answer(pad="7", fields={"Ghi chú": "Về xã Tà Xùa"}),
    NEWBORN: Answer("014223001013"),
}
REGISTRY_ANSWERS = {
    "Lý Thị Xúa": Answer(pad="3", fields={"Họ tên đúng": RIGHT_NAME, "Ghi chú": "Sổ 02/2014"}),
    "Thào Thị Ca": Answer("014312001009", "3", {"Ghi chú": "Đăng ký muộn, số 15/2023"}),
}


@pytest.fixture
def story(browser: Browser, live_server: LiveServer, campaign: Campaign, tmp_path: Path) -> Iterator[Story]:
    with time_machine.travel(datetime.datetime(2023, 10, 3, 1, tzinfo=datetime.UTC)) as clock:
        yield Story(browser, live_server.url, clock, tmp_path)


def test_one_campaign(story: Story, district: User, officer: User, police: User, justice: User, leader: User) -> None:
    story.on(3)
    district_office.take_the_export_in(story, district)
    story.on(5)
    commune_office.review_with_the_keyboard(story, officer)
    commune_office.hand_a_list_to_the_police(story, officer)
    story.on(9)
    police_answer_on_a_phone(story, police)
    story.on(10)
    commune_office.settle_what_the_police_said_otherwise(story, officer)
    story.on(11)
    district_office.agree_to_the_exclusion(story, district)
    justice_answers(story, justice)
    commune_office.settle_what_the_registry_said(story, officer)
    story.on(16)
    refused = district_office.upload(story, district)
    story.on(17)
    district_office.record_the_answer(story, district, refused)
    story.on(18)
    leader_looks_at_the_progress(story, leader)
    story.on(14, month=11)
    district_office.make_the_final_report(story, district)


def police_answer_on_a_phone(story: Story, police: User) -> None:
    person = story.sign_in(police, PHONE)
    person.does_not_scroll_sideways()
    person.tab_and_enter("Trả lời")
    person.is_at("Trả lời lô")
    answer_all(person, POLICE_ANSWERS)
    hand_in(person, 7)
    person.leave()
    assert stages() == {Stage.CLEANED: 9, Stage.TO_SETTLE: 2, Stage.WITH_CIVIL_REGISTRY: 1}
    assert child("Hờ Thị Sua").personal_number == "014313001004"
    assert child(NEWBORN).personal_number == "014223001013"


def justice_answers(story: Story, justice: User) -> None:
    person = story.sign_in(justice)
    person.click("Trả lời")
    answer_all(person, REGISTRY_ANSWERS)
    hand_in(person, 2)
    person.leave()


def leader_looks_at_the_progress(story: Story, leader: User) -> None:
    person = story.sign_in(leader)
    bar = person.page.get_by_role("navigation", name="Mục chính")
    assert bar.get_by_role("link").all_inner_texts() == ["Việc của tôi", "Tiến độ"]
    person.go_to("Tiến độ")
    row = person.page.get_by_role("row").filter(has_text="Làng Chếu").first
    expect(row).to_contain_text("10 / 11")
    assert "Hờ Thị Sua" not in person.page.content()
    person.leave()
