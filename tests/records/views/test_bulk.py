from __future__ import annotations

import re

import pytest
from django.urls import reverse

from campaigns.models import AuditEvent
from records.models import ChangeKind, ChangeSet, Finding, Record
from tests.records.people import GOOD_NUMBER, exported_child
from tests.records.views.asking import queries, said, text_of

SUGGESTIONS, CHOSEN = "/ra-soat/goi-y/", "/ra-soat/chon/"


@pytest.fixture
def lost(campaign, district):
    """Three with a lost zero, one of them with day and month to be swapped as well."""
    return [
        exported_child(campaign, district, "TE1", personal_number="14215001234"),
        exported_child(campaign, district, "TE2", full_name="Hờ A Súa", personal_number="14215001235", village="Bản Cáo B"),
        exported_child(campaign, district, "TE3", full_name="Vàng A Nhà", personal_number="14215001236", birth_date="05/13/2015"),
    ]  # fmt: skip


def numbers():
    return sorted(Record.objects.values_list("personal_number", flat=True))


def seen(page, rule):
    return re.search(rf'name="rule" value="{rule}"><input type="hidden" name="seen" value="(\w+)"', page)[1]


def test_a_preview_shows_what_will_be_written_and_writes_nothing(client, officer, lost):
    client.force_login(officer)
    response = client.get(SUGGESTIONS, {"so": "children"})
    assert [(r.rule, r.count) for r in response.context["rules"]] == [
        ("number.lost_zero", 3),
        ("birth_date.impossible", 1),
    ]
    page = text_of(response)
    assert GOOD_NUMBER in page
    assert "142••••••34" in page
    assert numbers() == ["", "", ""]
    event = AuditEvent.objects.get(event="number_revealed")
    assert event.details == {"records": sorted(r.row_code for r in lost), "where": "preview"}


def test_one_rule_is_one_change_set_that_is_undone_whole(client, officer, lost):
    client.force_login(officer)
    page = text_of(client.get(SUGGESTIONS))
    data = {"rule": "number.lost_zero", "seen": seen(page, "number.lost_zero")}
    response = client.post(SUGGESTIONS, data, follow=True)
    assert said(response) == ["Đã dùng 3 gợi ý: Mất số 0 ở đầu."]
    assert numbers() == ["014215001234", "014215001235", "014215001236"]
    change_set = ChangeSet.objects.get(kind=ChangeKind.SUGGESTION)
    assert f'action="{reverse("undo", args=[change_set.pk])}"' in text_of(response)
    client.post(reverse("undo", args=[change_set.pk]))
    assert numbers() == ["", "", ""]


def test_the_filters_of_the_address_bound_it(client, officer, lost):
    client.force_login(officer)
    address = SUGGESTIONS + "?so=children&ban=Bản+Cáo+B"
    page = text_of(client.get(address))
    client.post(address, {"rule": "number.lost_zero", "seen": seen(page, "number.lost_zero")})
    assert numbers() == ["", "", "014215001235"]


def test_only_the_chosen_rows(client, officer, lost):
    client.force_login(officer)
    response = client.post(CHOSEN, {"act": "suggest", "record": [lost[0].row_code, lost[2].row_code]})
    assert response.url == f"{SUGGESTIONS}?so=children&chon=1&record={lost[0].row_code}&record={lost[2].row_code}"
    page = text_of(client.get(response.url))
    client.post(response.url, {"rule": "number.lost_zero", "seen": seen(page, "number.lost_zero")})
    assert numbers() == ["", "014215001234", "014215001236"]


def test_what_changed_since_the_preview_is_shown_again(client, officer, campaign, district, lost):
    client.force_login(officer)
    page = text_of(client.get(SUGGESTIONS))
    exported_child(campaign, district, "TE4", full_name="Lầu A Pó", personal_number="14215001237")
    response = client.post(
        SUGGESTIONS, {"rule": "number.lost_zero", "seen": seen(page, "number.lost_zero")}, follow=True
    )
    assert "đã đổi từ lúc xem" in said(response)[0]
    assert numbers() == ["", "", "", ""]


def test_another_commune_has_nothing_to_take(client, other_officer, lost):
    client.force_login(other_officer)
    assert client.get(SUGGESTIONS).context["rules"] == []
    assert client.get(SUGGESTIONS, {"chon": "1", "record": lost[0].row_code}).context["rules"] == []


def test_nothing_chosen(client, officer, lost):
    client.force_login(officer)
    assert "Chưa chọn hồ sơ nào" in said(client.post(CHOSEN, {"act": "police"}, follow=True))[0]


def test_the_police_are_asked_about_many(client, officer, other_officer, lost):
    client.force_login(other_officer)
    client.post(CHOSEN, {"act": "police", "record": [r.row_code for r in lost]})
    assert not Record.objects.filter(ask_police=True).exists()
    client.force_login(officer)
    client.post(CHOSEN, {"act": "police", "record": [r.row_code for r in lost[:2]]})
    assert Record.objects.filter(ask_police=True).count() == 2


def test_many_are_confirmed_for_one_reason(client, officer, campaign, district):
    people = [
        exported_child(campaign, district, f"TE{n}", full_name=f"Mùa A {name}", personal_number="", mother_name="")
        for n, name in enumerate(["Súa", "Nhà", "Pó"])
    ]
    client.force_login(officer)
    address = client.post(CHOSEN, {"act": "confirm", "record": [p.row_code for p in people[:2]]}).url
    assert [(g["rule"], len(g["lines"])) for g in client.get(address).context["groups"]] == [("mother.missing", 2)]
    assert "chọn lý do" in text_of(client.post(address, {"rule": "mother.missing"})).lower()
    client.post(address, {"rule": "mother.missing", "paper": "Chưa xác định được mẹ"})
    assert Finding.objects.filter(rule="mother.missing", status="confirmed", by=officer).count() == 2
    assert not Finding.objects.filter(rule="number.missing", status="confirmed").exists()


CLOSE = "/ra-soat/xong/"


def test_closing_says_what_will_happen_and_does_just_that(client, officer, campaign, district, lost):
    exported_child(campaign, district, "TE8", full_name="Hờ A Say", personal_number="014215000008", mother_name="")
    client.force_login(officer)
    response = client.get(CLOSE, {"so": "children"})
    assert {k: response.context[k] for k in ("police", "clean", "still_open", "total")} == {
        "police": 2, "clean": 0, "still_open": 2, "total": 4,
    }  # fmt: skip
    assert Record.objects.filter(stage="to_review").count() == 4
    response = client.post(CLOSE + "?so=children", follow=True)
    assert response.redirect_chain[0][0] == reverse("batches")  # who goes to the police is there
    assert said(response) == ["Xong rà soát xã Làng Chếu: 2 hồ sơ chờ gửi công an, 0 đã sạch, 2 còn điều cần xem."]
    assert Record.objects.filter(stage="ready_for_police").count() == 2


def test_the_district_chooses_the_commune(client, district, lost):
    client.force_login(district)
    assert "Chọn xã" in said(client.get(CLOSE, follow=True))[0]
    assert client.get(CLOSE, {"xa": "03874"}).context["total"] == 3


def test_another_commune_is_not_closed(client, other_officer, lost):
    client.force_login(other_officer)
    assert "Chọn xã" in said(client.get(CLOSE, {"xa": "03874"}, follow=True))[0]
    client.post(CLOSE + "?xa=03874")
    assert Record.objects.filter(stage="to_review").count() == 3


def test_queries_do_not_grow(client, officer, campaign, district, lost):
    client.force_login(officer)
    with_three = queries(client, SUGGESTIONS)
    for n in range(20):
        exported_child(campaign, district, f"TF{n}", full_name=f"Lầu A {n}", personal_number=f"142150020{n:02}")
    assert queries(client, SUGGESTIONS) == with_three < 30
    assert queries(client, CLOSE) < 30


@pytest.mark.parametrize("address", [SUGGESTIONS, CLOSE, "/ra-soat/dung-roi/"])
@pytest.mark.parametrize("who", ["police", "leader"])
def test_who_may_not(client, request, campaign, address, who):
    assert client.get(address).status_code == 302
    client.force_login(request.getfixturevalue(who))
    assert (client.get(address).status_code, client.post(CHOSEN).status_code) == (403, 403)
