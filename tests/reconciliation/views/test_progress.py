from __future__ import annotations

import datetime
import io

import openpyxl
import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.models import AuditEvent, Campaign, User
from reconciliation.progress import moment, progress
from records.models import Record
from tests.reconciliation.history import some_work

URL = "/tien-do/"


@pytest.fixture(autouse=True)
def on_thursday():
    """12/10/2023, 14:20: the third working day before review ends."""
    with time_machine.travel(datetime.datetime(2023, 10, 12, 7, 20, tzinfo=datetime.UTC), tick=False):
        yield


@pytest.fixture
def work(campaign: Campaign, district: User, officer: User) -> list[Record]:
    return some_work(campaign, district, officer)


def test_the_figures_on_the_page_are_those_of_the_progress_object(
    client: Client, campaign: Campaign, district: User, work: list[Record]
) -> None:
    client.force_login(district)
    response = client.get(URL)
    figures = progress(campaign, by=district)["registers"]["children"]
    assert response.context["figures"] == figures
    rows, total = response.context["communes"], response.context["total"]
    assert sum(row["remaining"] for row in rows) == total["remaining"] == figures["clock"]["remaining"] == 4
    assert sum(entry["count"] for entry in response.context["stages"]) == figures["in_scope"] == 6
    assert rows[0]["name"] == "Xã Làng Chếu"  # the late one first
    assert [group["total"] for group in response.context["groups"]] == [6, 0, 1, 0]
    page = response.content.decode()
    assert "Số liệu 14:20 ngày 12/10/2023" in page
    assert "Mùa A" not in page


@pytest.mark.parametrize(("day", "left"), [(9, 6), (10, 4), (11, 4), (12, 4)])
def test_the_drawing_ends_at_what_is_left(
    client: Client, campaign: Campaign, district: User, work: list[Record], day: int, left: int
) -> None:
    client.force_login(district)
    response = client.get(URL, {"den": f"{day}/10/2023"})
    at = moment(datetime.date(2023, 10, day))
    clock = progress(campaign, by=district, at=at)["registers"]["children"]["clock"]
    burn = response.context["burn"]
    assert burn["left"] == burn["actual"][-1][1] == clock["remaining"] == left
    assert burn["planned"][0][1] == 6
    assert burn["planned"][-1] == (12, 0)  # from the evening of 3/10 to the end of 15/10
    assert burn["ticks"][0] >= 6
    assert burn["ticks"][-1] == 0


def test_the_forecast_at_the_due_day_is_each_commune_at_its_own_pace(
    client: Client, district: User, work: list[Record]
) -> None:
    """Two left review in five days: 0.4 a day, two working days left (today counts), four remain."""
    client.force_login(district)
    burn = client.get(URL).context["burn"]
    assert burn["left_at_due"] == round(4 - 0.4 * 2)


def test_a_reminder_names_the_late_commune_and_nobody(client: Client, district: User, work: list[Record]) -> None:
    client.force_login(district)
    (reminder,) = client.get(URL).context["reminders"]
    assert reminder["text"].startswith("Kính gửi UBND xã Làng Chếu.")
    assert "còn 4, đang làm 0,4 mỗi ngày, dự kiến xong" in reminder["text"]
    for record in work:
        assert record.full_name not in reminder["text"]
        assert record.row_code not in reminder["text"]


@pytest.mark.parametrize(
    ("asked", "said"),
    [("31/02/2023", "Ngày viết chưa đúng"), ("2023-10-10", "Ngày viết chưa đúng"), ("13/10/2023", "chưa tới")],
)
def test_a_day_that_cannot_be_shown_is_said(client: Client, district: User, asked: str, said: str) -> None:
    client.force_login(district)
    response = client.get(URL, {"den": asked})
    assert response.status_code == 200
    assert said in response.content.decode()
    assert "Số liệu 14:20 ngày 12/10/2023" in response.content.decode()


def test_the_other_register_has_its_own_figures(client: Client, district: User, work: list[Record]) -> None:
    client.force_login(district)
    response = client.get(URL, {"so": "beneficiaries"})
    assert response.context["figures"]["total"] == 0
    assert response.context["burn"] is None
    assert "Mọi hồ sơ trong diện đã xong" in response.content.decode()


def test_an_officer_sees_the_own_commune_without_reminders(
    client: Client, other_officer: User, work: list[Record]
) -> None:
    client.force_login(other_officer)
    response = client.get(URL)
    assert [row["name"] for row in response.context["communes"]] == ["Xã Háng Đồng"]
    assert response.context["reminders"] == []
    assert response.context["total"] is None


def test_the_workbook_holds_the_same_figures_and_is_recorded(
    client: Client, campaign: Campaign, leader: User, work: list[Record]
) -> None:
    client.force_login(leader)
    response = client.get("/tien-do/excel/", {"den": "11/10/2023"})
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    assert book.sheetnames == ["Trẻ em", "Đối tượng bảo trợ xã hội"]
    cells = [cell.value for row in book["Trẻ em"].iter_rows() for cell in row]
    assert "Số liệu đến hết ngày 11/10/2023" in " ".join(str(cell) for cell in cells)
    assert cells[cells.index("Cộng: hồ sơ trong diện") + 1] == 6
    event = AuditEvent.objects.get(event="progress_exported")
    assert (event.username, event.details) == (leader.username, {"as_of": "2023-10-11"})


@pytest.mark.parametrize(
    ("who", "status"), [("officer", 200), ("leader", 200), ("administrator", 200), ("police", 403), ("justice", 403)]
)
def test_who_sees_figures(client: Client, request: pytest.FixtureRequest, who: str, status: int) -> None:
    client.force_login(request.getfixturevalue(who))
    assert client.get(URL).status_code == status
    assert client.get("/tien-do/excel/").status_code == status


def test_a_stranger_signs_in_first(client: Client, campaign: Campaign) -> None:
    response = client.get(URL)
    assert response.url == f"{reverse('login')}?next={URL}"  # type: ignore[attr-defined]


def test_the_same_queries_for_few_records_as_for_many(
    client: Client, campaign: Campaign, district: User, officer: User
) -> None:
    client.force_login(district)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(URL, {"den": "11/10/2023"}).status_code == 200
        return len(captured)

    some_work(campaign, district, officer)
    queries()
    with_few = queries()
    for prefix in "ABCD":
        some_work(campaign, district, officer, prefix=prefix)
    assert queries() == with_few < 30
