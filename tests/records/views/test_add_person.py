from __future__ import annotations

import pytest
from django.urls import reverse

from records.models import ChangeSet, Record
from tests.records.people import CHILD, exported_child
from tests.records.views.asking import many_children, queries, said, text_of

PAGE = "/them/?so=children"
NEW = {
    "full_name": "Mùa A Dia", "birth_date": "01/10/2023", "sex": "Nam", "ethnic_group": "Mông",
    "father_name": "Mùa A Páo", "mother_name": "Giàng Thị Dợ", "commune": "Xã Làng Chếu", "village": "Bản Cáo A", "permanent_address": "Bản Cáo A, xã Làng Chếu",
    "paper": "Giấy khai sinh",
}  # fmt: skip


def check(client, values, page=PAGE):
    return client.post(page, {**values, "act": "check"})


def save(client, values, page=PAGE):
    checked = check(client, values, page).context["form"]["checked"].value()
    return client.post(page, {**values, "act": "save", "checked": checked}, follow=True)


def test_checked_first_and_then_saved(client, officer, campaign):
    client.force_login(officer)
    response = check(client, NEW)
    assert [f["label"] for f in response.context["findings"]] == [
        "Số định danh: Chưa có số",
    ]
    assert not Record.objects.exists()
    response = save(client, NEW)
    record = Record.objects.get()
    assert response.redirect_chain == [(reverse("record", args=[record.row_code]), 302)]
    assert said(response) == [f"Đã thêm Mùa A Dia, mã dòng {record.row_code}."]
    assert (record.is_new, record.stage, record.commune.code) == (True, "to_review", "03874")
    assert ChangeSet.objects.get().document == "Giấy khai sinh"


def test_a_newborn_without_name_number_and_father(client, officer, campaign):
    client.force_login(officer)
    save(client, {**NEW, "full_name": "", "father_name": "", "paper": "Gia đình khai, chưa có giấy tờ"})
    record = Record.objects.get()
    assert (record.full_name, record.mother_name) == ("", "Giàng Thị Dợ")


def test_nobody_is_not_somebody(client, officer, campaign):
    client.force_login(officer)
    response = check(client, {"commune": "Xã Làng Chếu", "paper": "Giấy khai sinh"})
    assert response.status_code == 422
    assert "Chưa biết là ai" in text_of(response)


def test_what_was_typed_after_the_check_is_checked_again(client, officer, campaign):
    client.force_login(officer)
    checked = check(client, NEW).context["form"]["checked"].value()
    response = client.post(PAGE, {**NEW, "sex": "Nữ", "act": "save", "checked": checked})
    assert response.context["is_checked"]
    assert not Record.objects.exists()


@pytest.mark.parametrize(
    ("typed", "alike"),
    [
        ({"full_name": "MUA A CHONG", "birth_date": "2015"}, True),
        ({"full_name": "Mùa A Chống", "birth_date": ""}, True),
        ({"full_name": "Mùa A Chống", "birth_date": "2014"}, False),
        ({"full_name": "Người Khác", "personal_number": "014 215 001 234"}, True),
        ({"full_name": "", "birth_date": "12/5/2015"}, True),  # the same mother, the same day
        ({"full_name": "", "birth_date": "13/5/2015"}, False),
    ],
)
def test_who_it_may_be(client, officer, campaign, district, typed, alike):
    exported_child(campaign, district, "TE1")
    client.force_login(officer)
    response = check(client, {**NEW, **typed})
    assert [one["name"] for one in response.context["same"]] == ([CHILD["full_name"]] if alike else [])
    assert "014215001234" not in text_of(response).replace("014 215 001 234", "")


def test_somebody_of_another_commune_is_counted_and_not_shown(client, officer, campaign, district):
    exported_child(campaign, district, "TE1", commune="Xã Háng Đồng", father_name="Lầu A Pó")
    client.force_login(officer)
    response = check(client, {**NEW, "full_name": "Mùa A Chống", "birth_date": "2015"})
    assert (response.context["same"], response.context["elsewhere"]) == ([], 1)
    assert "Lầu A Pó" not in text_of(response)


def test_only_the_own_commune_can_be_chosen(client, officer, district, campaign):
    client.force_login(officer)
    assert check(client, {**NEW, "commune": "Xã Háng Đồng"}).status_code == 422
    client.force_login(district)
    assert check(client, {**NEW, "commune": "Xã Háng Đồng"}).context["is_checked"]


def test_a_beneficiary_has_a_category_and_no_parents(client, officer, campaign):
    client.force_login(officer)
    page = "/them/?so=beneficiaries"
    fields = set(client.get(page).context["form"].fields)
    assert {"category", "payee_name"} <= fields
    assert not {"father_name", "mother_name"} & fields
    save(client, {**NEW, "full_name": "Lò Thị Inh", "birth_date": "1940", "category": "Người cao tuổi"}, page)
    assert Record.objects.get().register == "beneficiaries"


def test_queries_do_not_grow(client, officer, campaign):
    client.force_login(officer)
    with_none = queries(client, PAGE)
    many_children(campaign, officer, 30)
    assert queries(client, PAGE) == with_none < 30


@pytest.mark.parametrize(
    ("who", "status"), [("police", 403), ("justice", 403), ("leader", 403), ("administrator", 302)]
)
def test_who_may_not(client, request, campaign, who, status):
    assert client.get(PAGE).status_code == 302
    client.force_login(request.getfixturevalue(who))
    assert (client.get(PAGE).status_code, check(client, NEW).status_code) == (status, status)
    assert not Record.objects.exists()
