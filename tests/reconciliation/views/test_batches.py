from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document

from campaigns.models import AuditEvent, Campaign, Commune, User
from campaigns.permissions import Role
from reconciliation.handover import send_batch
from reconciliation.models import Batch
from records.models import Record
from tests.reconciliation.conftest import Sending, Take
from tests.reconciliation.sent_lists import all_c, answered, content_of

SEND = "/lo/moi/?so=children&gui=police&xa=03874"
HELD = "014215001234"


@pytest.fixture
def district_police(campaign: Campaign) -> User:
    return User.objects.create_user("cong-an-huyen", full_name="Công An Huyện", role=Role.DISTRICT_POLICE)


def queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_who_waits_is_counted_and_the_list_is_made_after_a_confirmation(
    client: Client, officer: User, ready: Callable[..., list[Record]]
) -> None:
    ready(3)
    client.force_login(officer)
    (row,) = client.get("/lo/").context["to_send"]
    assert (row["one"].count, row["one"].partner) == (3, "Công an")
    page = client.get(row["url"])
    assert "Gửi Công an: 3 người" in page.content.decode()
    assert not Batch.objects.exists()
    response = client.post(row["url"], {"due": f"{row['one'].due:%d/%m/%Y}"})
    batch = Batch.objects.get()
    assert (batch.rows, batch.due) == (3, row["one"].due)
    assert response.url == reverse("batch", args=[batch.code])  # type: ignore[attr-defined]
    assert client.get("/lo/").context["to_send"] == []


def test_who_is_held_back_stands_on_the_pages_with_the_reason(
    client: Client, officer: User, ready: Callable[..., list[Record]]
) -> None:
    _, gone = ready(2)
    Record.objects.filter(pk=gone.pk).update(is_gone=True)
    client.force_login(officer)
    for url in ("/lo/", SEND):
        page = client.get(url).content.decode()
        assert f"/ho-so/{gone.row_code}/" in page
        assert "không còn trong tệp xuất" in page
    client.post(SEND, {"due": "01/01/2030"})
    assert Batch.objects.get().rows == 1
    said = client.get(SEND, follow=True).content.decode()
    assert f"Giữ lại 1 người, chưa gửi: {gone.row_code}" in said


@pytest.mark.parametrize(("due", "said"), [("31/02/2023", "Ngày viết chưa đúng"), ("01/01/2020", "đã qua")])
def test_a_due_day_that_cannot_be_is_said(
    client: Client, officer: User, ready: Callable[..., list[Record]], due: str, said: str
) -> None:
    ready(1)
    client.force_login(officer)
    response = client.post(SEND, {"due": due})
    assert response.status_code == 422
    assert said in response.content.decode()
    assert not Batch.objects.exists()


def test_nobody_is_sent_twice(client: Client, officer: User, sent: Sending) -> None:
    sent(1)
    client.force_login(officer)
    assert client.get(SEND).status_code == 302
    assert client.post(SEND, {"due": "01/01/2030"}).status_code == 302
    assert Batch.objects.count() == 1


@pytest.mark.parametrize(
    ("query", "status"),
    [("so=children&gui=police&xa=03869", 404), ("so=children&gui=sms&xa=03874", 302), ("gui=police", 302), ("", 302)],
)
def test_no_list_of_another_commune_or_for_nobody(
    client: Client, officer: User, ready: Callable[..., list[Record]], query: str, status: int
) -> None:
    ready(1)
    client.force_login(officer)
    assert client.post(f"/lo/moi/?{query}", {"due": "01/01/2030"}).status_code == status
    assert not Batch.objects.exists()


def test_counts_close_and_say_what_is_left(client: Client, officer: User, sent: Sending, take: Take) -> None:
    batch, people = sent(3)
    answers = all_c(people[:1]) | {people[1].row_code: {"Mã kết quả": "N", "Ghi chú": "không thấy"}}
    take(answered(batch, answers))
    client.force_login(officer)
    (face,) = client.get("/lo/").context["open"]
    assert (face.answered, face.left, face.waiting, face.level) == (2, 1, 1, "waiting")
    assert [act.label for act in face.acts] == ["Quyết định 1 dòng", "Nhận lại"]
    context = client.get(f"/lo/{batch.code}/").context
    assert sum(entry["count"] for entry in context["entries"]) == batch.rows == 3
    said = {line.row_code: line.said for line in context["lines"]}
    assert [said[one.row_code] for one in people] == ["Đã nhận", "Cần quyết định", "Chưa trả lời"]
    filtered = client.get(f"/lo/{batch.code}/?kq=left").context
    assert [line.row_code for line in filtered["lines"]] == [people[2].row_code]


def test_a_late_list_is_late_and_reminded_of_without_people(client: Client, officer: User, sent: Sending) -> None:
    batch, people = sent(2)
    Batch.objects.update(due="2023-10-05")
    client.force_login(officer)
    context = client.get(f"/lo/{batch.code}/").context
    assert context["face"].level == "error"
    reminder = context["reminder"]["text"]
    assert batch.code in reminder
    assert all(one.full_name not in reminder and one.row_code not in reminder for one in people)


def test_numbers_are_masked_until_asked_for_and_the_look_is_recorded(
    client: Client, police: User, sent: Sending
) -> None:
    batch, (person,) = sent({"personal_number": HELD, "sex": "Nữ"})
    client.force_login(police)
    page = client.get(f"/lo/{batch.code}/").content.decode()
    assert "014•••••••34" in page
    assert HELD not in page
    url = f"/lo/{batch.code}/so/{person.row_code}/"
    assert HELD in client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert HELD in client.get(url).content.decode()
    events = AuditEvent.objects.filter(event="number_revealed", username=police.username)
    assert [event.target for event in events] == [f"record:{person.row_code}"] * 2
    assert AuditEvent.objects.filter(event="batch_viewed", target=f"batch:{batch.code}").count() == 1


def test_the_workbook_that_was_sent_and_its_record_can_be_had(client: Client, police: User, sent: Sending) -> None:
    batch, _ = sent(2)
    client.force_login(police)
    response = client.get(f"/lo/{batch.code}/tep/")
    assert b"".join(response.streaming_content) == content_of(batch)  # type: ignore[attr-defined]
    assert AuditEvent.objects.get(event="list_exported").details["sha256"] == batch.sha256
    document = Document(io.BytesIO(client.get(f"/lo/{batch.code}/bien-ban/").content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert batch.sha256 in cells
    assert AuditEvent.objects.filter(event="handover_record_exported").count() == 1


def test_paper_has_every_row_code_and_numbered_sheets(
    client: Client,
    campaign: Campaign,
    officer: User,
    police: User,
    lang_cheu: Commune,
    ready: Callable[..., list[Record]],
) -> None:
    people = ready(8) + ready({"full_name": "Hờ A Dế"})
    batch = send_batch(campaign, "children", lang_cheu, "police", by=officer).batch
    client.force_login(police)
    page = client.get(f"/lo/{batch.code}/in/").content.decode()
    assert "Trang 1/2" in page
    assert "Trang 2/2" in page
    assert all(person.row_code in page for person in people)
    assert AuditEvent.objects.get(event="printed").details == {"rows": 9}


def test_district_police_see_counts_and_nobody(client: Client, district_police: User, sent: Sending) -> None:
    batch, (person,) = sent(1)
    client.force_login(district_police)
    (face,) = client.get("/lo/").context["open"]
    assert face.left == 1
    page = client.get(f"/lo/{batch.code}/").content.decode()
    assert person.full_name not in page
    assert person.row_code not in page
    for part in ("tep", "in", f"so/{person.row_code}"):
        assert client.get(f"/lo/{batch.code}/{part}/").status_code == 403


@pytest.mark.parametrize(
    ("who", "list_status", "batch_status"),
    [
        ("officer", 200, 200), ("district", 200, 200), ("police", 200, 200), ("other_officer", 200, 404),
        ("justice", 200, 404), ("leader", 403, 403),
    ],
)  # fmt: skip
def test_who_sees_batches(
    client: Client, request: pytest.FixtureRequest, sent: Sending, who: str, list_status: int, batch_status: int
) -> None:
    batch, _ = sent(1)
    client.force_login(request.getfixturevalue(who))
    assert client.get("/lo/").status_code == list_status
    assert client.get(f"/lo/{batch.code}/").status_code == batch_status
    assert client.get(f"/lo/{batch.code}/tep/").status_code == batch_status
    assert client.get(f"/lo/{batch.code}/in/").status_code == batch_status


@pytest.mark.parametrize("who", ["police", "justice", "leader"])
def test_a_partner_makes_no_list(client: Client, request: pytest.FixtureRequest, who: str) -> None:
    client.force_login(request.getfixturevalue(who))
    assert client.get(SEND).status_code == 403
    assert client.post(SEND, {"due": "01/01/2030"}).status_code == 403


def test_a_stranger_signs_in_first(client: Client, sent: Sending) -> None:
    batch, _ = sent(1)
    for url in ("/lo/", f"/lo/{batch.code}/", f"/lo/{batch.code}/tep/", SEND):
        assert client.get(url).url.startswith(reverse("login"))  # type: ignore[attr-defined]


def test_the_same_queries_for_one_line_as_for_thirty(
    client: Client, campaign: Campaign, officer: User, lang_cheu: Commune, ready: Callable[..., list[Record]]
) -> None:
    client.force_login(officer)
    ready(1)
    small = send_batch(campaign, "children", lang_cheu, "police", by=officer).batch
    ready({})
    queries(client, "/lo/")
    few = queries(client, "/lo/"), queries(client, f"/lo/{small.code}/")
    for _ in range(4):
        ready(8)
    large = send_batch(campaign, "children", lang_cheu, "police", by=officer).batch
    ready(8)
    assert large.rows > 30
    many = queries(client, "/lo/"), queries(client, f"/lo/{large.code}/")
    assert many == few
    assert max(many) < 30
