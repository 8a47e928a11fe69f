from __future__ import annotations

import datetime
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.models import Campaign, Commune, User
from campaigns.permissions import Role
from reconciliation.handover import send_batch
from reconciliation.progress import progress
from records import exclusions, stages
from records.models import Record, Stage
from tests.reconciliation.history import some_work


@pytest.fixture(autouse=True)
def on_thursday():
    """12/10/2023, 14:20."""
    with time_machine.travel(datetime.datetime(2023, 10, 12, 7, 20, tzinfo=datetime.UTC), tick=False):
        yield


@pytest.fixture
def work(campaign: Campaign, district: User, officer: User) -> list[Record]:
    return some_work(campaign, district, officer)


def page(client: Client, user: User) -> Any:
    client.force_login(user)
    response = client.get("/")
    assert response.status_code == 200
    return response


def titles(response: Any) -> dict[str, int]:
    return {row["item"].title: row["item"].count for row in response.context["todo"]}


def test_an_officer_is_told_what_to_review_as_the_clock_counts_it(
    client: Client, campaign: Campaign, officer: User, work: list[Record]
) -> None:
    response = page(client, officer)
    assert titles(response) == {"Trẻ em cần rà soát": 4}
    clock = progress(campaign, by=officer)["registers"]["children"]["clock"]
    assert response.context["clocks"][0]["remaining"] == clock["remaining"] == 4
    assert response.context["subtitle"] == "Công chức LĐ-TB&XH xã Làng Chếu · thứ Năm 12/10/2023"


def test_the_columns_show_each_day_done_and_what_the_rest_need(
    client: Client, officer: User, work: list[Record]
) -> None:
    days = page(client, officer).context["clocks"][0]["days"]
    assert [(d["day"].day, d["count"], d["needed"]) for d in days] == [
        (4, 0, False), (5, 0, False), (6, 0, False), (9, 0, False), (10, 2, False), (11, 0, False), (12, 0, False),
        (13, 2, True),
    ]  # fmt: skip


def test_lists_that_are_due_come_with_a_reminder_without_people(
    client: Client, campaign: Campaign, officer: User, police: User, lang_cheu: Commune, work: list[Record]
) -> None:
    stages.move(campaign, [work[2].pk, work[3].pk], Stage.READY_FOR_POLICE, by=officer)
    batch = send_batch(campaign, "children", lang_cheu, "police", by=officer, due=datetime.date(2023, 10, 12)).batch
    response = page(client, officer)
    assert titles(response) == {"Dòng công an chưa trả lời": 2, "Trẻ em cần rà soát": 2}
    (reminder,) = response.context["reminders"]
    assert f"Lô {batch.code}: 2 dòng chưa trả lời, hẹn trả T5 12/10." in reminder["text"]
    assert reminder["text"].startswith("Kính gửi Công an xã Làng Chếu.")
    assert not any(record.full_name in response.content.decode() for record in work)
    at_police = page(client, police)
    (row,) = at_police.context["batches"]
    assert (row["batch"].left, row["said"], row["act"]) == (2, "hạn hôm nay", "Trả lời 2 dòng")
    assert at_police.context["clocks"][0]["remaining"] == 2
    assert at_police.context["todo"] == []
    assert "Gửi – nhận" in at_police.content.decode()


def test_the_district_is_told_of_late_communes_and_due_reports(
    client: Client, district: User, work: list[Record]
) -> None:
    response = page(client, district)
    assert titles(response) == {
        "Báo cáo định kỳ tuần 1": 1,
        "Sổ đối tượng bảo trợ chưa nhập tệp nào": 1,
        "Xã sẽ muộn rà soát trẻ em": 1,
        "Trẻ em đã sạch, chưa cập nhật phần mềm": 2,
    }


def test_the_second_person_is_asked_and_the_first_one_waits(
    client: Client, officer: User, second_officer: User, work: list[Record]
) -> None:
    exclusions.ask_exclusion([work[4]], reason="moved", document="Trưởng bản báo", by=officer)
    assert "Đề nghị đưa ra khỏi sổ, chờ người thứ hai" not in titles(page(client, officer))
    assert "1 đề nghị đưa ra khỏi sổ do bạn lập" in page(client, officer).content.decode()
    assert titles(page(client, second_officer))["Đề nghị đưa ra khỏi sổ, chờ người thứ hai"] == 1


def test_an_administrator_is_told_of_accounts_not_of_people(
    client: Client, administrator: User, officer: User, work: list[Record]
) -> None:
    told = titles(page(client, administrator))
    assert told["Xã chưa có tài khoản: Công an xã"] == 16
    assert told["Xã chưa có tài khoản: Công chức LĐ-TB&XH xã"] == 15
    assert "Trẻ em cần rà soát" not in told


@pytest.mark.parametrize("role", [Role.LEADER, Role.PROVINCE_VIEWER, Role.DISTRICT_POLICE, Role.DISTRICT_JUSTICE])
def test_who_sees_figures_sees_the_clock(
    client: Client, campaign: Campaign, work: list[Record], django_user_model: type[User], role: Role
) -> None:
    user = django_user_model.objects.create_user("ai-do", full_name="Ai Đó", role=role)
    response = page(client, user)
    assert len(response.context["clocks"]) == 2
    assert titles(response) == {"Xã sẽ muộn rà soát trẻ em": 1}


@pytest.mark.parametrize("role", [Role.TECHNICAL_SUPPORT, Role.COMMUNE_JUSTICE, Role.COLLABORATOR])
def test_the_others_have_a_first_page_too(
    client: Client, campaign: Campaign, lang_cheu: Commune, django_user_model: type[User], role: Role
) -> None:
    place = lang_cheu if role in Role.commune_roles() else None
    user = django_user_model.objects.create_user("ai-do", full_name="Ai Đó", role=role, commune=place)
    assert "Không có việc nào đang chờ bạn" in page(client, user).content.decode()


@pytest.mark.parametrize("accounts_on", [False, True])
def test_a_collaborator_works_here_only_where_the_campaign_says_so(
    client: Client, campaign: Campaign, lang_cheu: Commune, django_user_model: type[User], work: list[Record],
    accounts_on: bool,
) -> None:  # fmt: skip
    Campaign.objects.update(settings=campaign.settings | {"collaborator_accounts": accounts_on})
    user = django_user_model.objects.create_user("ai-do", full_name="Ai Đó", role=Role.COLLABORATOR, commune=lang_cheu)
    user.villages.create(commune=lang_cheu, name="Bản Cáo A")
    response = page(client, user)
    assert (titles(response) == {"Trẻ em cần rà soát": 4}) == accounts_on
    assert ("phiếu in" in response.content.decode()) != accounts_on
    assert [entry["label"] for entry in response.context["nav"]][1:] == (["Rà soát", "Thêm mới"] if accounts_on else [])


def test_without_a_plan_the_page_says_so(client: Client, campaign: Campaign, administrator: User) -> None:
    Campaign.objects.update(is_open=False)
    assert "Chưa có đợt nào đang mở" in page(client, administrator).content.decode()


def test_a_stranger_signs_in_first(client: Client, campaign: Campaign) -> None:
    assert client.get("/").url == f"{reverse('login')}?next=/"  # type: ignore[attr-defined]


@pytest.mark.parametrize("who", ["officer", "district", "police", "administrator"])
def test_the_same_queries_for_few_as_for_many(
    client: Client, campaign: Campaign, lang_cheu: Commune, officer: User, district: User,
    request: pytest.FixtureRequest, who: str,
) -> None:  # fmt: skip
    user = request.getfixturevalue(who)

    def more(prefix: str) -> None:
        people = some_work(campaign, district, officer, prefix=prefix)
        stages.move(campaign, [people[2].pk], Stage.READY_FOR_POLICE, by=officer)
        send_batch(campaign, "children", lang_cheu, "police", by=officer, due=datetime.date(2023, 10, 12))
        exclusions.ask_exclusion([people[4]], reason="moved", document="Trưởng bản báo", by=officer)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            page(client, user)
        return len(captured)

    more("A")
    queries()
    with_few = queries()
    for prefix in "BCDEF":
        more(prefix)
    assert queries() == with_few < 30


def test_a_register_without_records_is_not_called_done(client: Client, campaign: Campaign, leader: User) -> None:
    response = page(client, leader)
    assert [(one["verdict"], one["level"]) for one in response.context["clocks"]] == [("Chưa bắt đầu", "waiting")] * 2
    assert "đã xong" not in response.content.decode()
    assert response.context["wall"] is None
