from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.models import AuditEvent, User
from reconciliation.models import Batch, BatchLine, Difference
from reconciliation.settle_face import Row
from records.models import Exclusion, Record, Stage
from tests.reconciliation.conftest import Sending, Take
from tests.reconciliation.sent_lists import answered, good_number

OLD, NEW = "12/05/2015", "13/06/2015"


@pytest.fixture
def waiting(sent: Sending, take: Take) -> tuple[Batch, list[Record]]:
    """Five lines: a birth date, a name with a number, not found, dead, a number of another sex."""
    batch, people = sent(5)
    answers = {
        people[0].row_code: {"Mã kết quả": "S", "Ngày sinh đúng": NEW, "Ghi chú": "theo CSDL"},
        people[1].row_code: {"Mã kết quả": "C", "Số định danh": good_number(people[1]), "Họ tên đúng": "Giàng Thị Dơ"},
        people[2].row_code: {"Mã kết quả": "N", "Ghi chú": "cùng số 014215001283"},
        people[3].row_code: {"Mã kết quả": "M", "Ghi chú": "trích lục khai tử 12/2023"},
        people[4].row_code: {"Mã kết quả": "C", "Số định danh": "014315003388"},
    }
    take(answered(batch, answers))
    return batch, people


def url(batch: Batch, more: str = "") -> str:
    return f"/lo/{batch.code}/quyet-dinh/{more}"


def of(record: Record, field: str) -> Difference:
    return Difference.objects.get(line__record=record, field=field)


def rows(client: Client, batch: Batch, more: str = "") -> dict[int, Row]:
    people = client.get(url(batch, more)).context["people"]
    return {row.pk: row for person in people for row in person.rows}


def offered(row: Row) -> list[str]:
    return [decision.value for decision in row.decisions]


def test_three_columns_and_only_the_decisions_that_are_open(
    client: Client, officer: User, waiting: tuple[Batch, list[Record]]
) -> None:
    batch, people = waiting
    client.force_login(officer)
    page = client.get(url(batch))
    found = {row.pk: row for person in page.context["people"] for row in person.rows}
    born = found[of(people[0], "birth_date").pk]
    assert (born.theirs.text, born.differs) == (NEW, True)
    assert born.ours.text == born.sent.text == people[0].value("birth_date")
    assert offered(born) == ["ours", "theirs", "civil_registry"]
    assert offered(found[of(people[1], "full_name").pk]) == ["ours", "civil_registry"]
    assert offered(found[of(people[2], "").pk]) == ["review", "ask_again", "civil_registry", "ours"]
    assert offered(found[of(people[3], "").pk]) == ["exclusion", "ask_again", "review"]
    wrong = found[of(people[4], "personal_number").pk]
    assert "giới tính" in wrong.warning
    assert [d.look for d in wrong.decisions if d.value == "ask_again"] == ["main"]
    keys = {d.value: d.key for row in found.values() for d in row.decisions}
    assert keys == {
        "ours": "arrowleft", "theirs": "arrowright", "civil_registry": "h", "ask_again": "p", "review": "r",
        "exclusion": "",
    }  # fmt: skip
    assert "014215001283" not in page.content.decode()
    assert sum(entry["count"] for entry in page.context["entries"]) == batch.rows


def test_a_decision_is_saved_at_once_and_the_next_thing_comes(
    client: Client, officer: User, waiting: tuple[Batch, list[Record]]
) -> None:
    batch, people = waiting
    client.force_login(officer)
    first, since = of(people[0], "birth_date"), client.get(url(batch)).context["since"]
    response = client.post(url(batch, f"{first.pk}/"), {"decision": "theirs", "luc": since}, follow=True)
    people[0].refresh_from_db()
    assert people[0].value("birth_date") == NEW
    found = {row.pk: row for person in response.context["people"] for row in person.rows}
    assert (found[first.pk].picked, found[first.pk].said[:18]) == ("theirs", "Đã lấy của công an")
    (now,) = [row.pk for row in found.values() if row.now]
    assert now != first.pk
    assert first.pk not in rows(client, batch)  # once the page is left
    assert first.pk in rows(client, batch, "?luc=0")


def test_a_decision_can_be_undone(client: Client, officer: User, waiting: tuple[Batch, list[Record]]) -> None:
    batch, people = waiting
    client.force_login(officer)
    born = of(people[0], "birth_date")
    ours = people[0].value("birth_date")
    response = client.post(url(batch, f"{born.pk}/"), {"decision": "theirs"}, follow=True)
    (message,) = response.context["messages"]
    client.post(message.extra_tags)
    people[0].refresh_from_db()
    assert (people[0].value("birth_date"), people[0].stage) == (ours, Stage.TO_SETTLE)
    again = client.post(message.extra_tags, follow=True)
    assert "không còn để hoàn tác" in again.content.decode()


def test_htmx_gets_the_part_that_changed(client: Client, officer: User, waiting: tuple[Batch, list[Record]]) -> None:
    batch, people = waiting
    client.force_login(officer)
    born = of(people[0], "birth_date")
    response = client.post(url(batch, f"{born.pk}/"), {"decision": "ours"}, headers={"HX-Request": "true"})
    page = response.content.decode()
    assert "<!doctype" not in page
    assert 'hx-swap-oob="true"' in page
    assert "Hoàn tác" in page
    assert "autofocus" in page


@pytest.mark.parametrize(
    ("line", "field", "decision", "said"),
    [
        (1, "full_name", "theirs", "hộ tịch quyết định"),
        (3, "", "ours", "đề nghị đưa ra khỏi sổ"),
        (2, "", "theirs", "không có giá trị nào"),
    ],
)
def test_what_is_not_open_is_refused_with_the_reason(
    client: Client, officer: User, waiting: tuple[Batch, list[Record]], line: int, field: str, decision: str, said: str
) -> None:
    batch, people = waiting
    client.force_login(officer)
    difference = of(people[line], field)
    response = client.post(url(batch, f"{difference.pk}/"), {"decision": decision}, follow=True)
    assert said in response.content.decode()
    difference.refresh_from_db()
    assert difference.decision == ""


@pytest.mark.parametrize(
    ("line", "field", "decision", "stage"),
    [
        (1, "full_name", "civil_registry", None),
        (2, "", "review", Stage.TO_REVIEW),
        (2, "", "ask_again", Stage.READY_FOR_POLICE),
        (4, "personal_number", "ask_again", Stage.READY_FOR_POLICE),
    ],
)
def test_the_record_goes_where_the_decision_says(
    client: Client,
    officer: User,
    waiting: tuple[Batch, list[Record]],
    line: int,
    field: str,
    decision: str,
    stage: str | None,
) -> None:
    batch, people = waiting
    client.force_login(officer)
    client.post(url(batch, f"{of(people[line], field).pk}/"), {"decision": decision})
    people[line].refresh_from_db()
    assert of(people[line], field).decision == decision
    if stage:
        assert people[line].stage == stage


def test_leaving_the_register_asks_for_a_paper_and_a_second_person(
    client: Client, officer: User, waiting: tuple[Batch, list[Record]]
) -> None:
    batch, people = waiting
    client.force_login(officer)
    dead = of(people[3], "")
    page = client.get(url(batch, f"{dead.pk}/ra-khoi-so/"))
    assert "trích lục khai tử 12/2023" in page.content.decode()
    assert client.post(url(batch, f"{dead.pk}/ra-khoi-so/"), {"document": ""}).status_code == 422
    response = client.post(url(batch, f"{dead.pk}/ra-khoi-so/"), {"document": "Trích lục 12/2023"}, follow=True)
    assert "chờ người thứ hai" in response.content.decode()
    asked = Exclusion.objects.get()
    assert (asked.reason, asked.row_codes, asked.document) == ("dead", [people[3].row_code], "Trích lục 12/2023")
    people[3].refresh_from_db()
    assert people[3].stage == Stage.TO_SETTLE
    assert rows(client, batch)[dead.pk].decisions == []


def test_many_alike_are_named_one_by_one_before_anything_is_written(
    client: Client, officer: User, sent: Sending, take: Take
) -> None:
    batch, people = sent(4)
    take(answered(batch, {p.row_code: {"Mã kết quả": "S", "Ngày sinh đúng": NEW, "Ghi chú": "CSDL"} for p in people}))
    client.force_login(officer)
    (offer,) = client.get(url(batch)).context["alike"]
    assert offer["one"].count == 4
    page = client.get(offer["theirs_url"])
    assert all(person.row_code in page.content.decode() for person in people)
    assert not Difference.objects.exclude(decision="").exists()
    chosen = [person.row_code for person in people[:3]]
    response = client.post(offer["theirs_url"], {"row_code": chosen}, follow=True)
    assert "3 dòng" in response.content.decode()
    assert set(Difference.objects.filter(decision="theirs").values_list("line__row_code", flat=True)) == set(chosen)
    assert Record.objects.get(pk=people[3].pk).value("birth_date") != NEW
    nothing = client.post(offer["theirs_url"], {"row_code": []}, follow=True)
    assert "Không có dòng nào" in nothing.content.decode()


def test_names_are_never_taken_alike(client: Client, officer: User, sent: Sending, take: Take) -> None:
    batch, people = sent(3)
    answers = {p.row_code: {"Mã kết quả": "S", "Họ tên đúng": f"{p.full_name} Khác"} for p in people}
    take(answered(batch, answers))
    client.force_login(officer)
    (offer,) = client.get(url(batch)).context["alike"]
    assert offer["theirs_url"] == ""
    response = client.get(offer["ours_url"].replace("lay=ours", "lay=theirs"))
    assert response.context["rows"] == []


def test_a_masked_number_is_shown_on_asking_and_recorded(
    client: Client, officer: User, waiting: tuple[Batch, list[Record]]
) -> None:
    batch, people = waiting
    client.force_login(officer)
    row = rows(client, batch)[of(people[4], "personal_number").pk]
    assert row.theirs.text == "014•••••••88"
    assert "014315003388" not in client.get(url(batch)).content.decode()
    shown = client.get(row.theirs.reveal_url, headers={"HX-Request": "true"}).content.decode()
    assert "014315003388" in shown
    assert "014315003388" in client.get(row.theirs.reveal_url).content.decode()
    event = AuditEvent.objects.filter(event="number_revealed").latest("pk")
    assert (event.target, event.details["which"]) == (f"record:{people[4].row_code}", "theirs")
    assert client.get(row.theirs.reveal_url.replace("theirs", "ours")).status_code == 404


@pytest.mark.parametrize(
    ("who", "status"), [("police", 403), ("justice", 403), ("leader", 403), ("other_officer", 404), ("district", 200)]
)
def test_who_settles(
    client: Client, request: pytest.FixtureRequest, waiting: tuple[Batch, list[Record]], who: str, status: int
) -> None:
    batch, people = waiting
    born = of(people[0], "birth_date")
    client.force_login(request.getfixturevalue(who))
    assert client.get(url(batch)).status_code == status
    assert client.post(url(batch, f"{born.pk}/"), {"decision": "ours"}).status_code == (
        302 if status == 200 else status
    )
    assert client.get(url(batch, f"{born.pk}/ra-khoi-so/")).status_code == status


def test_a_difference_of_another_batch_is_not_here(
    client: Client, officer: User, waiting: tuple[Batch, list[Record]], sent: Sending
) -> None:
    _, people = waiting
    other, _ = sent({"full_name": "Hờ A Dế"})
    client.force_login(officer)
    born = of(people[0], "birth_date")
    assert client.post(url(other, f"{born.pk}/"), {"decision": "ours"}).status_code == 404
    assert client.get(url(other, f"{born.pk}/so/?o=theirs")).status_code == 404


def test_a_stranger_signs_in_first(client: Client, waiting: tuple[Batch, list[Record]]) -> None:
    assert client.get(url(waiting[0])).url.startswith(reverse("login"))  # type: ignore[attr-defined]


def test_the_same_queries_for_one_line_as_for_eight(client: Client, officer: User, sent: Sending, take: Take) -> None:
    client.force_login(officer)

    def queries(size: int) -> int:
        batch, people = sent(size)
        take(answered(batch, {p.row_code: {"Mã kết quả": "S", "Ngày sinh đúng": NEW} for p in people}))
        with CaptureQueriesContext(connection) as captured:
            assert len(client.get(url(batch)).context["people"]) == size
        return len(captured)

    queries(1)
    few = queries(2)
    assert queries(8) == few < 30
    assert BatchLine.objects.count() == 11
