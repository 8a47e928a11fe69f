from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.models import AuditEvent, Campaign, Commune, User
from reconciliation.handover import send_batch
from reconciliation.models import Batch, BatchLine, HandBack, Outcome
from records import stages
from records.models import Record, Stage
from tests.reconciliation.conftest import Sending
from tests.reconciliation.sent_lists import good_number


def url(batch: Batch, row_code: str = "", more: str = "") -> str:
    return f"/lo/{batch.code}/tra-loi/" + (f"?dong={row_code}{more}" if row_code else "")


def draft(person: Record) -> dict[str, str]:
    return BatchLine.objects.get(record=person).draft


def spaced(number: str) -> str:
    return f"{number[:3]} {number[3]} {number[4:6]} {number[6:]}"


def first_and_second(batch: Batch) -> tuple[Record, Record]:
    one, two = batch.lines.select_related("record").order_by("number")[:2]
    return one.record, two.record


def test_twelve_digits_are_saved_as_a_draft_and_the_next_person_comes(
    client: Client, police: User, sent: Sending
) -> None:
    batch, _ = sent(2)
    one, two = first_and_second(batch)
    client.force_login(police)
    assert client.get(url(batch)).context["person"]["line"].row_code == one.row_code
    response = client.post(url(batch, one.row_code), {"code": "C", "number": spaced(good_number(one)), "note": ""})
    assert response.url == url(batch, two.row_code)  # type: ignore[attr-defined]
    assert draft(one) == {"result": "C", "number": good_number(one)}
    assert Record.objects.get(pk=one.pk).personal_number == ""
    page = client.get(url(batch, one.row_code))
    assert f'value="{spaced(good_number(one))}"' in page.content.decode()
    assert page.context["says"] == [
        ("success", "014 Sơn La"),
        ("success", f"{good_number(one)[3]}: {one.get_sex_display().lower()}, khớp"),
        ("success", "15: năm 2015, khớp"),
    ]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "Chưa gõ gì"),
        ({"number": "014215"}, "12 chữ số"),
        ({"number": "111111111111"}, "dãy phím"),
        ({"number": "999215003388"}, "không phải mã tỉnh"),
        ({"number": "014214003388"}, "danh sách ghi 2015"),
        ({"code": "C"}, "Mã C còn thiếu: số định danh"),
        ({"code": "N"}, "Mã N còn thiếu: ghi chú"),
        ({"code": "S", "note": "giấy khai sinh"}, "Mã S còn thiếu: thông tin đúng"),
        ({"code": "T"}, "hồ sơ bị trùng"),
        ({"code": "M", "note": ""}, "ngày chết"),
    ],
)
def test_what_is_missing_or_does_not_fit_is_asked_once_and_never_refused(
    client: Client, police: User, sent: Sending, typed: dict[str, str], said: str
) -> None:
    batch, _ = sent(2)
    line = batch.lines.select_related("record").get(sent__contains={"Họ và tên": "Mùa A Chống"})
    client.force_login(police)
    response = client.post(url(batch, line.row_code), typed)
    assert response.url == url(batch, line.row_code, "&hoi=1")  # type: ignore[attr-defined]
    page = client.get(response.url)  # type: ignore[attr-defined]
    assert said in " ".join(one.text for one in page.context["questions"])
    assert draft(line.record) == {("result" if k == "code" else k): text for k, text in typed.items() if text}
    onward = client.post(url(batch, line.row_code), typed | {"sure": "1"})
    assert "hoi" not in onward.url  # type: ignore[attr-defined]
    assert line.row_code not in onward.url  # type: ignore[attr-defined]


def test_a_number_of_the_other_sex_offers_the_correction(client: Client, police: User, sent: Sending) -> None:
    batch, (person,) = sent({"full_name": "Mùa A Chống", "sex": "Nam"})
    client.force_login(police)
    number = "014315003388"
    asked = client.post(url(batch, person.row_code), {"code": "C", "number": number}, follow=True)
    (question,) = asked.context["questions"]
    assert (question.sex, "danh sách ghi nam" in question.text) == ("Nữ", True)
    client.post(url(batch, person.row_code), {"code": "C", "number": number, "sex_is": "Nữ"})
    assert draft(person) == {"result": "S", "number": number, "right_sex": "Nữ"}
    response = client.post(
        url(batch, person.row_code), {"code": "S", "number": number, "right_sex": "Nữ", "note": "giấy khai sinh"}
    )
    assert response.url == reverse("answer_submit", args=[batch.code])  # type: ignore[attr-defined]


def test_one_number_on_two_lines_and_a_parents_number_are_doubted(client: Client, police: User, sent: Sending) -> None:
    batch, (one, two) = sent({"father_number": "014090001234"}, {"sex": "Nam"})
    number = good_number(one)
    BatchLine.objects.filter(record=two).update(draft={"result": "C", "number": number})
    client.force_login(police)
    asked = client.post(url(batch, one.row_code), {"code": "C", "number": number}, follow=True)
    assert "đã ghi cho dòng" in asked.context["questions"][0].text
    asked = client.post(url(batch, one.row_code), {"code": "C", "number": "014090001234"}, follow=True)
    assert any("Trùng số của cha" in question.text for question in asked.context["questions"])


def test_k_is_for_a_number_on_file(client: Client, police: User, sent: Sending) -> None:
    batch, (with_number, without) = sent({"personal_number": "014215001234", "sex": "Nữ"}, {})
    client.force_login(police)
    assert not client.get(url(batch, with_number.row_code)).context["codes"][0].disabled
    assert client.get(url(batch, without.row_code)).context["codes"][0].disabled


def test_cells_that_the_code_does_not_ask_for_are_left_out_and_said(
    client: Client, police: User, sent: Sending
) -> None:
    batch, (person, _) = sent(2)
    client.force_login(police)
    typed = {"code": "C", "number": good_number(person), "right_birth_date": "01/01/2014", "note": "đã cấp"}
    response = client.post(url(batch, person.row_code), typed, follow=True)
    assert draft(person) == {"result": "C", "number": good_number(person), "note": "đã cấp"}
    assert "Ngày sinh đúng" in response.content.decode()


def test_handing_in_takes_the_same_road_as_a_file(client: Client, police: User, sent: Sending) -> None:
    batch, (one, two, three) = sent(3)
    client.force_login(police)
    client.post(url(batch, one.row_code), {"code": "C", "number": good_number(one)})
    client.post(url(batch, two.row_code), {"code": "N"})
    page = client.get(f"/lo/{batch.code}/tra-loi/nop/")
    assert (page.context["typed"], page.context["left"]) == (2, 1)
    assert [row["line"].row_code for row in page.context["incomplete"]] == [two.row_code]
    assert not HandBack.objects.exists()
    response = client.post(f"/lo/{batch.code}/tra-loi/nop/", follow=True)
    assert "Đã nộp 2 dòng" in response.content.decode()
    outcomes = dict(BatchLine.objects.values_list("row_code", "outcome"))
    assert outcomes == {one.row_code: Outcome.ACCEPTED, two.row_code: Outcome.TO_SETTLE, three.row_code: ""}
    one.refresh_from_db()
    assert (one.personal_number, one.stage) == (good_number(one), Stage.CLEANED)
    assert HandBack.objects.get().source_file is None
    assert draft(one) == {}


def test_walking_past_what_was_handed_in_makes_no_draft(client: Client, police: User, sent: Sending) -> None:
    batch, (one, _) = sent(2)
    client.force_login(police)
    answer = {"code": "C", "number": good_number(one)}
    client.post(url(batch, one.row_code), answer)
    client.post(f"/lo/{batch.code}/tra-loi/nop/")
    client.post(url(batch, one.row_code), answer)
    assert draft(one) == {}


def test_nothing_to_hand_in_is_said(client: Client, police: User, sent: Sending) -> None:
    batch, _ = sent(1)
    client.force_login(police)
    assert "Chưa có dòng nào" in client.get(f"/lo/{batch.code}/tra-loi/nop/").content.decode()
    assert "chưa có dòng nào" in client.post(f"/lo/{batch.code}/tra-loi/nop/", follow=True).content.decode()


def test_the_registry_answers_with_its_own_codes_and_columns(
    client: Client, campaign: Campaign, officer: User, system: User, justice: User, lang_cheu: Commune, sent: Sending
) -> None:
    _, (person,) = sent(1)
    stages.move(campaign, [person.pk], Stage.WITH_CIVIL_REGISTRY, by=system)
    batch = send_batch(campaign, "children", lang_cheu, "civil_registry", by=officer).batch
    client.force_login(justice)
    page = client.get(url(batch))
    assert [code.code for code in page.context["codes"]] == ["K", "S", "N", "G", "T", "M", "D", "X"]
    assert [group["codes"] for group in page.context["groups"]] == ["S", "K S"]
    typed = {"code": "K", "registration": "01/2015 số 43", "registered_on": "05/03/2015"}
    client.post(url(batch, person.row_code), typed)
    assert BatchLine.objects.get(batch=batch).draft == {
        "result": "K", "registration": "01/2015 số 43", "registered_on": "05/03/2015"
    }  # fmt: skip


def test_each_look_at_a_person_is_recorded(client: Client, police: User, sent: Sending) -> None:
    batch, (person,) = sent(1)
    client.force_login(police)
    client.get(url(batch))
    event = AuditEvent.objects.get(event="record_viewed")
    assert (event.target, event.username) == (f"record:{person.row_code}", police.username)


@pytest.mark.parametrize(("who", "status"), [("officer", 403), ("district", 403), ("leader", 403), ("justice", 404)])
def test_only_the_partner_answers(
    client: Client, request: pytest.FixtureRequest, sent: Sending, who: str, status: int
) -> None:
    batch, (person,) = sent(1)
    client.force_login(request.getfixturevalue(who))
    assert client.get(url(batch)).status_code == status
    assert client.post(url(batch, person.row_code), {"code": "N"}).status_code == status
    assert client.post(f"/lo/{batch.code}/tra-loi/nop/").status_code == status
    assert draft(person) == {}


def test_a_stranger_signs_in_first(client: Client, sent: Sending) -> None:
    batch, _ = sent(1)
    assert client.get(url(batch)).url.startswith(reverse("login"))  # type: ignore[attr-defined]


def test_the_same_queries_for_two_lines_as_for_eight(client: Client, police: User, sent: Sending) -> None:
    client.force_login(police)

    def queries(batch: Batch) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url(batch)).status_code == 200
        return len(captured)

    small, _ = sent(2)
    queries(small)
    few = queries(small)
    large, _ = sent(8)
    assert queries(large) == few < 30
