"""Collaborators: only where the campaign says so, their own villages, and never a number."""

from __future__ import annotations

import pytest
from django.urls import reverse

from campaigns.models import Village
from campaigns.permissions import Role
from records.models import Finding
from tests.records.people import add_child, exported_child
from tests.records.views.asking import text_of


@pytest.fixture
def collaborator(campaign, lang_cheu, django_user_model):
    user = django_user_model.objects.create_user(
        "hoi-phu-nu", password="mat-khau-de-thu", full_name="Hội Phụ Nữ", role=Role.COLLABORATOR, commune=lang_cheu
    )
    user.villages.add(Village.objects.create(commune=lang_cheu, name="Bản Cáo A"))
    return user


@pytest.fixture
def switched_on(campaign):
    campaign.settings["collaborator_accounts"] = True
    campaign.save(update_fields=["settings"])


@pytest.fixture
def child(campaign, officer):
    return exported_child(
        campaign,
        officer,
        "TE1",
        personal_number="14215001234",
        mother_name="",
        disability="Khuyết tật nặng",
        father_number="014087262877",
    )


@pytest.mark.parametrize("name", ["review", "add_person"])
def test_off_by_default(client, collaborator, name):
    client.force_login(collaborator)
    assert client.get(reverse(name)).status_code == 403


@pytest.mark.parametrize("name", ["record", "review_row"])
def test_off_by_default_for_a_person_too(client, collaborator, child, name):
    client.force_login(collaborator)
    assert client.get(reverse(name, args=[child.row_code])).status_code == 403


def test_no_number_and_nothing_said_about_one(client, collaborator, switched_on, child):
    client.force_login(collaborator)
    grid, page = text_of(client.get("/ra-soat/")), text_of(client.get(reverse("record", args=[child.row_code])))
    for html in (grid, page):
        assert "Thiếu họ tên mẹ" in html
        for hidden in ("142", "014", "•", "Số định danh", "Mất số 0", "Khuyết tật nặng"):
            assert hidden not in html
    form = text_of(client.get("/them/"))
    assert 'name="personal_number"' not in form
    assert 'name="mother_name"' in form


def test_a_number_is_not_found_by_searching(client, collaborator, switched_on, child):
    client.force_login(collaborator)
    assert "Không tìm thấy ai" in text_of(client.get("/ra-soat/", {"tim": "14215001234"}))


def test_only_the_own_villages(client, collaborator, switched_on, campaign, officer, child):
    other = add_child(campaign, officer, full_name="Vàng A Nhà", village="Bản Cáo B")
    client.force_login(collaborator)
    assert client.get(reverse("record", args=[other.row_code])).status_code == 404
    assert [row.name for row in client.get("/ra-soat/").context["rows"]] == ["Mùa A Chống"]


@pytest.mark.parametrize(
    ("name", "arguments", "status"),
    [
        ("reveal", [], 403),
        ("reveal_sensitive", [], 403),
        ("edit_cell", ["personal_number"], 404),
        ("edit_cell", ["disability"], 404),
        ("confirm_cell", ["personal_number"], 404),
        ("use_suggestion", ["number.lost_zero"], 302),
    ],
)
def test_what_is_hidden_is_not_reached_by_address(client, collaborator, switched_on, child, name, arguments, status):
    client.force_login(collaborator)
    response = client.post(reverse(name, args=[child.row_code, *arguments]), {"fix": "014215001234"})
    assert response.status_code == status
    assert Finding.objects.open().filter(record=child, rule="number.lost_zero").exists()


@pytest.mark.parametrize("name", ["lists", "exclusions", "ask_exclusion"])
def test_pages_that_are_not_theirs(client, collaborator, switched_on, name):
    client.force_login(collaborator)
    assert client.get(reverse(name)).status_code == 403
