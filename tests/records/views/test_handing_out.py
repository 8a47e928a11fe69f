"""A commune gives its villages to collaborators."""

from __future__ import annotations

import pytest

from campaigns.models import AuditEvent, User
from campaigns.permissions import NotAllowed, Role
from records.handing_out import hand_out
from records.models import Record
from tests.records.people import exported_child
from tests.records.views.asking import queries, said, text_of

PAGE = "/cong-tac-vien/"


@pytest.fixture
def helper(lang_cheu):
    return User.objects.create_user("doan-tn", full_name="Đoàn Thanh Niên", role=Role.COLLABORATOR, commune=lang_cheu)


@pytest.fixture
def children(campaign, officer):
    return [
        exported_child(campaign, officer, "TE1", personal_number=""),
        exported_child(campaign, officer, "TE2", personal_number="", village="Bản Cáo B"),
    ]


def names(user, campaign):
    return [record.system_code for record in Record.objects.for_user(user).filter(campaign=campaign)]


def test_a_village_is_given_and_taken_back(client, officer, helper, children, campaign):
    client.force_login(officer)
    assert "Bản Cáo B" in text_of(client.get(PAGE))
    response = client.post(f"{PAGE}doan-tn/", {"village": ["Bản Cáo B"]}, follow=True)
    assert said(response) == ["Đoàn Thanh Niên: Bản Cáo B."]
    assert names(helper, campaign) == ["TE2"]
    event = AuditEvent.objects.get(event="villages_handed_out")
    assert (event.username, event.target, event.details["villages"]) == (
        officer.username,
        "user:doan-tn",
        ["Bản Cáo B"],
    )
    client.post(f"{PAGE}doan-tn/", {"village": ["Bản Cáo A"]})
    assert names(helper, campaign) == ["TE1"]
    client.post(f"{PAGE}doan-tn/", {})
    assert names(helper, campaign) == []


def test_a_village_that_nobody_knows(client, officer, helper, children):
    client.force_login(officer)
    response = client.post(f"{PAGE}doan-tn/", {"village": ["Bản Lạ"]}, follow=True)
    assert "không có Bản Lạ" in said(response)[0]
    assert not helper.villages.exists()


def test_only_to_those_of_the_own_place(client, other_officer, officer, police, district, helper, children, campaign):
    client.force_login(other_officer)
    assert client.post(f"{PAGE}doan-tn/", {"village": ["Bản Cáo A"]}).status_code == 404
    assert "Đoàn Thanh Niên" not in text_of(client.get(PAGE))
    for by, whom in ((other_officer, helper), (officer, police), (helper, helper)):
        with pytest.raises(NotAllowed):
            hand_out(campaign, whom, [], by=by)
    client.force_login(district)
    assert "Đoàn Thanh Niên" in text_of(client.get(PAGE))


def test_queries_do_not_grow(client, officer, helper, children, lang_cheu):
    client.force_login(officer)
    with_one = queries(client, PAGE)
    for n in range(5):
        User.objects.create_user(f"ctv-{n}", full_name=f"Hội {n}", role=Role.COLLABORATOR, commune=lang_cheu)
    assert queries(client, PAGE) == with_one < 30
