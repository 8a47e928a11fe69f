from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.models import Campaign, Commune, User
from reconciliation import held_files as held
from reconciliation.handover import send_batch
from reconciliation.models import Batch, BatchLine, HandBack
from records import changes
from records.models import ChangeKind, Record, Stage
from tests.reconciliation.conftest import Sending, Take
from tests.reconciliation.sent_lists import all_c, answered, copy_row, row_of, without_title

WRONG_CODE = "QQQQQ1"


def dropped(content: bytes, name: str = "da-tra.xlsx") -> dict[str, SimpleUploadedFile]:
    return {"file": SimpleUploadedFile(name, content)}


def held_files() -> list[Path]:
    return list(Path(settings.FILES, held.FOLDER).glob("*"))


@pytest.fixture(autouse=True)
def nothing_held() -> None:
    for path in held_files():
        path.unlink()


def tampered(batch: Batch, people: list[Record]) -> bytes:
    """Of four lines: one accepted and repeated, one altered, one whose code was spoilt, one not answered; and a row
    without a code."""

    def tamper(sheet: object) -> None:
        copy_row(sheet, people[0].row_code)  # type: ignore[arg-type]
        copy_row(sheet, people[0].row_code, **{"Mã dòng": "", "Họ và tên": "Người Thêm"})  # type: ignore[arg-type]
        sheet.cell(row_of(sheet, people[1].row_code), 4).value = "01/01/2011"  # type: ignore[attr-defined, arg-type]
        sheet.cell(row_of(sheet, people[2].row_code), 2).value = WRONG_CODE  # type: ignore[attr-defined, arg-type]

    return answered(batch, all_c(people[:3]), tamper)


def test_a_dropped_file_is_looked_at_before_anything_is_written(client: Client, officer: User, sent: Sending) -> None:
    batch, people = sent(4)
    client.force_login(officer)
    page = client.post(f"/lo/{batch.code}/nhan-lai/", dropped(tampered(batch, people)))
    counts = {entry["label"]: entry["count"] for entry in page.context["entries"]}
    assert counts == {
        "Đã nhận": 1, "Cần quyết định": 1, "Chuyển hộ tịch": 0, "Chưa trả lời": 1, "Thiếu trong tệp": 1
    }  # fmt: skip
    assert sum(counts.values()) == batch.rows
    said = page.context["beside"]
    for part in ("6 dòng", "1 dòng thêm", "1 dòng không đọc được", "1 mã dòng lặp", "1 dòng bị sửa"):
        assert part in said
    reasons = " ".join(row.reason for row in page.context["rows"])
    assert "Cột ta gửi đi bị sửa: Ngày sinh" in reasons
    assert "mã dòng sai một ký tự" in reasons
    assert not HandBack.objects.exists()
    assert set(BatchLine.objects.values_list("outcome", flat=True)) == {""}
    assert len(held_files()) == 1


def test_what_was_looked_at_is_taken_and_each_row_has_its_outcome(client: Client, officer: User, sent: Sending) -> None:
    batch, people = sent(4)
    client.force_login(officer)
    page = client.post(f"/lo/{batch.code}/nhan-lai/", dropped(tampered(batch, people)))
    response = client.post(page.request["PATH_INFO"], {"act": "take", "sha256": page.context["sha256"]}, follow=True)
    taken = HandBack.objects.get()
    assert response.redirect_chain[0][0] == f"/lo/{batch.code}/nhan-lai/{taken.pk}/"
    assert {(row.row_code, row.said) for row in response.context["rows"]} == {
        (people[0].row_code, "Đã nhận"), (people[1].row_code, "Cần quyết định"),
        (people[2].row_code, "Thiếu trong tệp"), (people[3].row_code, "Chưa trả lời"),
        (WRONG_CODE, "Không đọc được mã dòng"), ("", "Dòng thêm"),
    }  # fmt: skip
    assert Record.objects.get(pk=people[0].pk).stage == Stage.CLEANED
    assert held_files() == []


def test_a_row_with_a_spoilt_code_is_placed_by_a_person(
    client: Client, officer: User, sent: Sending, take: Take
) -> None:
    batch, people = sent(4)
    take(tampered(batch, people))
    taken = HandBack.objects.get()
    client.force_login(officer)
    page = client.get(f"/lo/{batch.code}/nhan-lai/{taken.pk}/")
    (row,) = [row for row in page.context["rows"] if row.placeable]
    assert people[2].row_code in {code for code, _ in page.context["open_lines"]}
    url = f"/lo/{batch.code}/nhan-lai/{taken.pk}/dat/"
    assert "Chọn dòng" in client.post(url, {"row": row.row, "row_code": ""}, follow=True).content.decode()
    response = client.post(url, {"row": row.row, "row_code": people[2].row_code}, follow=True)
    assert f"vào {people[2].row_code}: đã nhận" in response.content.decode()
    assert BatchLine.objects.get(record=people[2]).outcome == "accepted"
    again = client.post(url, {"row": row.row, "row_code": people[2].row_code}, follow=True)
    assert "không chờ đặt" in again.content.decode()


def test_the_file_says_which_batch_it_is(client: Client, officer: User, sent: Sending) -> None:
    batch, people = sent(2)
    client.force_login(officer)
    page = client.post("/lo/nhan-lai/", dropped(answered(batch, all_c(people))))
    assert page.context["batch"] == batch
    response = client.post("/lo/nhan-lai/", {"act": "take", "sha256": page.context["sha256"]})
    assert response.url == f"/lo/{batch.code}/nhan-lai/{HandBack.objects.get().pk}/"  # type: ignore[attr-defined]


def test_the_same_file_again_changes_nothing(client: Client, officer: User, sent: Sending, take: Take) -> None:
    batch, people = sent(2)
    content = answered(batch, all_c(people))
    take(content)
    client.force_login(officer)
    page = client.post("/lo/nhan-lai/", dropped(content))
    assert "đã nhận lúc" in page.content.decode()
    client.post("/lo/nhan-lai/", {"act": "take", "sha256": page.context["sha256"]})
    assert HandBack.objects.count() == 1


@pytest.mark.parametrize("name", ["thu.pdf", "thu.xlsx"])
def test_a_file_that_is_no_list_is_refused_and_not_kept(
    client: Client, officer: User, sent: Sending, name: str
) -> None:
    batch, _ = sent(1)
    client.force_login(officer)
    page = client.post(f"/lo/{batch.code}/nhan-lai/", dropped(b"khong phai bang tinh", name))
    assert page.status_code == 422
    assert page.context["form"].errors["file"]
    assert held_files() == []


def test_a_file_of_another_batch_is_refused(client: Client, officer: User, sent: Sending) -> None:
    first, people = sent(1)
    second, _ = sent({"full_name": "Hờ A Dế"})
    client.force_login(officer)
    page = client.post(f"/lo/{second.code}/nhan-lai/", dropped(answered(first, all_c(people))))
    assert page.status_code == 422
    assert f"là của lô {first.code}" in page.content.decode()


def test_a_list_that_cannot_be_told_is_refused(client: Client, officer: User, sent: Sending) -> None:
    batch, people = sent(2)
    client.force_login(officer)

    def without_codes(sheet: object) -> None:
        without_title(sheet)  # type: ignore[arg-type]
        sheet.delete_cols(2)  # type: ignore[attr-defined]

    page = client.post("/lo/nhan-lai/", dropped(answered(batch, all_c(people), without_codes)))
    assert (page.status_code, "không có cột Mã dòng" in page.content.decode()) == (422, True)


def test_what_was_left_lying_is_gone_after_a_day(client: Client, officer: User, sent: Sending) -> None:
    batch, people = sent(1)
    client.force_login(officer)
    client.post(f"/lo/{batch.code}/nhan-lai/", dropped(answered(batch, all_c(people))))
    (left,) = held_files()
    forgotten = left.with_name("999-hand_back")
    forgotten.write_bytes(b"")
    yesterday = time.time() - 25 * 60 * 60
    os.utime(forgotten, (yesterday, yesterday))
    client.post(f"/lo/{batch.code}/nhan-lai/", dropped(answered(batch, all_c(people))))
    assert held_files() == [left]


def test_nothing_is_taken_that_was_not_looked_at(client: Client, officer: User, sent: Sending) -> None:
    batch, _ = sent(1)
    client.force_login(officer)
    response = client.post(f"/lo/{batch.code}/nhan-lai/", {"act": "take", "sha256": "0" * 64}, follow=True)
    assert "Thả lại tệp" in response.content.decode()
    assert client.post(f"/lo/{batch.code}/nhan-lai/", {}).status_code == 422


def test_the_plan_names_who_receives(
    client: Client, campaign: Campaign, officer: User, district: User, ready: Callable[..., list[Record]]
) -> None:
    """Answers of the police on beneficiaries go to the district."""
    commune = Commune.objects.in_campaign(campaign).get(code="03874")
    (person,) = ready(1)
    Record.objects.filter(pk=person.pk).update(register="beneficiaries")
    batch = send_batch(campaign, "beneficiaries", commune, "police", by=officer).batch
    content = answered(batch, all_c([person]))
    client.force_login(officer)
    page = client.post(f"/lo/{batch.code}/nhan-lai/", dropped(content))
    assert (page.status_code, "Phòng LĐ-TB&amp;XH" in page.content.decode()) == (422, True)
    client.force_login(district)
    assert client.post(f"/lo/{batch.code}/nhan-lai/", dropped(content)).status_code == 200


@pytest.mark.parametrize(
    ("who", "status"), [("police", 403), ("justice", 403), ("leader", 403), ("other_officer", 404)]
)
def test_who_takes_back(
    client: Client, request: pytest.FixtureRequest, sent: Sending, take: Take, who: str, status: int
) -> None:
    batch, people = sent(1)
    take(answered(batch, all_c(people)))
    client.force_login(request.getfixturevalue(who))
    pk = HandBack.objects.get().pk
    assert client.get(f"/lo/{batch.code}/nhan-lai/").status_code == status
    assert client.get(f"/lo/{batch.code}/nhan-lai/{pk}/").status_code == status
    assert client.post(f"/lo/{batch.code}/nhan-lai/{pk}/dat/").status_code == status


def test_a_stranger_signs_in_first(client: Client, campaign: Campaign) -> None:
    assert client.get("/lo/nhan-lai/").url.startswith(reverse("login"))  # type: ignore[attr-defined]


def test_the_same_queries_for_two_rows_as_for_eight(client: Client, officer: User, sent: Sending, take: Take) -> None:
    client.force_login(officer)

    def queries(size: int) -> int:
        batch, people = sent(size)
        take(answered(batch, {person.row_code: {"Mã kết quả": "N"} for person in people}))
        url = f"/lo/{batch.code}/nhan-lai/{HandBack.objects.latest('pk').pk}/"
        with CaptureQueriesContext(connection) as captured:
            assert len(client.get(url).context["rows"]) == size
        return len(captured)

    queries(1)
    few = queries(2)
    assert queries(8) == few < 30


def test_rows_that_came_to_something_else_since_are_shown_again(
    client: Client, campaign: Campaign, officer: User, sent: Sending
) -> None:
    batch, people = sent(2)
    client.force_login(officer)
    url = f"/lo/{batch.code}/nhan-lai/"
    page = client.post(url, dropped(answered(batch, all_c(people))))
    edit = changes.open_change_set(campaign, ChangeKind.EDIT, by=officer)
    changes.apply(edit, {people[0].pk: {"birth_date": "05/06/2014"}})
    agreed = {"act": "take", "sha256": page.context["sha256"], "looked_at": page.context["taken"].fingerprint}
    again = client.post(url, agreed)
    assert again.status_code == 409
    assert "đã đổi từ lúc xem trước" in again.content.decode()
    assert not HandBack.objects.exists()
    client.post(url, agreed | {"looked_at": again.context["taken"].fingerprint})
    assert HandBack.objects.get().counts["to_settle"] == 1


def test_a_hand_back_is_undone_after_a_page_that_says_what_stays(
    client: Client, officer: User, sent: Sending, take: Take
) -> None:
    batch, people = sent(2)
    take(answered(batch, all_c(people)))
    url = f"/lo/{batch.code}/nhan-lai/{HandBack.objects.get().pk}/"
    client.force_login(officer)
    assert f"{url}hoan-tac/" in client.get(url).content.decode()
    assert "2 dòng lại chờ công an" in client.get(f"{url}hoan-tac/").content.decode()
    assert "Đã hoàn tác 2 dòng" in client.post(f"{url}hoan-tac/", follow=True).content.decode()
    assert set(BatchLine.objects.values_list("outcome", flat=True)) == {""}
    result = client.get(url).content.decode()
    assert "đã được" in result
    assert f"{url}hoan-tac/" not in result
