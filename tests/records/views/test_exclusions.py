from __future__ import annotations

import pytest
from django.urls import reverse

from records import exclusions
from records.models import Exclusion, Record
from tests.records.people import exported_child
from tests.records.views.asking import queries, said, text_of

PAGE, ASK = "/ra-khoi-so/", "/ra-khoi-so/de-nghi/"
WHY = {"reason": "dead", "document": "Trích lục khai tử số 12/2023"}


@pytest.fixture
def people(campaign, district):
    return [
        exported_child(campaign, district, f"TE{n}", full_name=f"Mùa A {name}", personal_number="")
        for n, name in enumerate(["Súa", "Nhà", "Pó"])
    ]


@pytest.fixture
def asked(people, officer):
    [request] = exclusions.ask_exclusion(people[:2], **WHY, by=officer)
    return request


def excluded():
    return Record.objects.filter(stage="excluded").count()


def decide(client, request, agree):
    return client.post(reverse("decide_exclusion", args=[request.pk]), {"agree": agree}, follow=True)


def test_many_for_one_reason_are_one_request(client, officer, people):
    client.force_login(officer)
    address = client.post("/ra-soat/chon/", {"act": "exclude", "record": [p.row_code for p in people[:2]]}).url
    assert "Mùa A Súa" in text_of(client.get(address))
    assert client.post(address, {"reason": "dead", "document": ""}).status_code == 422
    client.post(address, WHY)
    request = Exclusion.objects.get()
    assert (set(request.row_codes), request.requested_by) == ({p.row_code for p in people[:2]}, officer)
    assert excluded() == 0


def test_a_second_person_agrees(client, officer, second_officer, asked):
    client.force_login(officer)
    page = text_of(client.get(PAGE))
    assert "Rút đề nghị" in page
    assert "Đồng ý đưa ra" not in page
    assert "Người thứ hai phải là người khác" in said(decide(client, asked, "1"))[0]
    assert excluded() == 0
    client.force_login(second_officer)
    assert "Đồng ý đưa ra" in text_of(client.get(PAGE))
    response = decide(client, asked, "1")
    assert said(response) == ["Đã đồng ý: 2 hồ sơ ra khỏi sổ."]
    assert excluded() == 2
    assert "Cán Bộ Hai Làng Chếu" in text_of(response)
    assert "đã có quyết định" in said(decide(client, asked, "0"))[0]


def test_a_request_is_refused_or_withdrawn(client, officer, second_officer, asked, people):
    client.force_login(second_officer)
    assert said(decide(client, asked, "0")) == ["Đã từ chối: hồ sơ ở lại trong sổ."]
    [mine] = exclusions.ask_exclusion(people[2:], **WHY, by=officer)
    client.force_login(officer)
    decide(client, mine, "0")
    assert excluded() == 0
    assert not Exclusion.objects.waiting().exists()


def test_a_stranger_sees_no_request_and_decides_none(client, other_officer, asked):
    client.force_login(other_officer)
    assert client.get(PAGE).context["waiting"] == []
    assert decide(client, asked, "1").status_code == 404
    assert excluded() == 0


def test_a_stranger_asks_for_nobody(client, other_officer, people):
    client.force_login(other_officer)
    response = client.post(f"{ASK}?record={people[0].row_code}", WHY, follow=True)
    assert "Chưa chọn hồ sơ nào" in said(response)[0]
    assert not Exclusion.objects.exists()


def test_a_duplicate_comes_with_its_reason(client, officer, people):
    client.force_login(officer)
    form = client.get(f"{ASK}?record={people[0].row_code}&ly-do=duplicate").context["form"]
    assert form["reason"].value() == "duplicate"


def test_queries_do_not_grow(client, officer, asked, people):
    client.force_login(officer)
    with_one = queries(client, PAGE)
    for _ in range(30):
        exclusions.ask_exclusion(people, **WHY, by=officer)
    assert queries(client, PAGE) == with_one < 30


@pytest.mark.parametrize("who", ["police", "justice", "leader"])
def test_who_may_not(client, request, asked, who):
    assert client.get(PAGE).status_code == 302
    client.force_login(request.getfixturevalue(who))
    assert [client.get(PAGE).status_code, client.get(ASK).status_code, decide(client, asked, "1").status_code] == [
        403
    ] * 3
