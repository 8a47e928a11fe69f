from __future__ import annotations

import pytest
from django.urls import reverse

from records.models import ChangeSet, Record
from tests.records.people import CHILD, exported_child
from tests.records.views.asking import HTMX, many_children, queries, said, text_of

PAGE = "/them/?so=children"
NEW = {
    "full_name": "Mùa A Dia", "birth_date": "01/10/2023", "sex": "Nam", "ethnic_group": "Mông",
    "father_name": "Mùa A Páo", "mother_name": "Giàng Thị Dợ", "commune": "Xã Làng Chếu", "village": "Bản Cáo A", "permanent_address": "Bản Cáo A, xã Làng Chếu",
    "paper": "Giấy khai sinh",
}  # fmt: skip


def check(client, values, page=PAGE):
    return client.post(page, {**values, "act": "check"})


def save(client, values, page=PAGE):
    form = check(client, values, page).context["form"]
    marks = {"checked": form["checked"].value(), "once": form["once"].value()}
    return client.post(page, {**values, **marks, "act": "save"}, follow=True)


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


def test_a_second_click_adds_nobody(client, officer, campaign):
    client.force_login(officer)
    form = check(client, NEW).context["form"]
    data = {**NEW, "checked": form["checked"].value(), "once": form["once"].value(), "act": "save"}
    first, second = client.post(PAGE, data), client.post(PAGE, data)
    assert first.url == second.url
    assert Record.objects.count() == 1
    save(client, NEW)  # a form of its own: twins without names say the same
    assert Record.objects.count() == 2


def typing(client, **typed):
    page = "/them/kiem-tra/?so=children"
    empty = dict.fromkeys(("full_name", "birth_date", "father_name", "mother_name", "village"), "")
    return client.post(page, {**empty, "commune": "Xã Làng Chếu", "paper": NEW["paper"], **typed}, headers=HTMX)


def test_what_is_typed_is_checked_and_what_is_not_is_no_fault(client, officer, campaign, district):
    exported_child(campaign, district, "TE1")
    client.force_login(officer)
    response = typing(client, full_name="Mùa A Chống", birth_date="31/02/2015", ethnic_group="Mèo")
    assert [one["field"] for one in response.context["findings"]] == ["birth_date"]
    assert response.context["reads"] == ["Dân tộc: Mông"]
    assert [one["name"] for one in response.context["same"]] == ["Mùa A Chống"]
    assert 'value="save"' in text_of(response)
    nameless = typing(client, birth_date="1/2/15")
    assert nameless.context["reads"][0].startswith("Ngày sinh: Chủ nhật, ngày 1 tháng 2 năm 2015,")
    assert 'value="save"' not in text_of(nameless)  # nobody knows yet who it is
    assert not Record.objects.exclude(system_code="TE1").exists()


def test_what_was_checked_while_typing_is_saved_at_once(client, officer, campaign):
    client.force_login(officer)
    form = typing(client, **NEW).context["form"]
    marks = {"checked": form["checked"].value(), "once": form["once"].value()}
    client.post(PAGE, {**NEW, **marks, "act": "save"})
    assert Record.objects.get().full_name == "Mùa A Dia"


CARD = "014215001234||Mùa A Chống|12052015|Nam|Bản Cáo A, Làng Chếu, Bắc Yên, Sơn La|01062023"
PARENT = "014190001234||Giàng Thị Dợ|12051990|Nữ|Bản Cáo A, Làng Chếu, Bắc Yên, Sơn La|01062023"


def scan(client, text, **typed):
    return client.post(PAGE, {"scan": text, "commune": "Xã Làng Chếu", "paper": NEW["paper"], **typed})


def test_a_card_fills_the_form(client, officer, campaign):
    client.force_login(officer)
    response = scan(client, CARD, father_name="Mùa A Páo")
    form = response.context["form"]
    assert {key: form[key].value() for key in ("full_name", "birth_date", "sex", "personal_number", "village")} == {
        "full_name": "Mùa A Chống", "birth_date": "12/05/2015", "sex": "Nam", "personal_number": "014215001234",
        "village": "Bản Cáo A",
    }  # fmt: skip
    assert (form["father_name"].value(), form["paper"].value()) == ("Mùa A Páo", "Thẻ căn cước công dân")
    assert (response.context["is_checked"], Record.objects.exists()) == (True, False)


def test_a_parent_s_card_names_the_parent(client, officer, campaign):
    client.force_login(officer)
    form = scan(client, PARENT, birth_date="01/10/2023").context["form"]
    assert (form["mother_name"].value(), form["birth_date"].value()) == ("Giàng Thị Dợ", "01/10/2023")
    assert not form["personal_number"].value()


@pytest.mark.parametrize("text", ["abc", "014215001234", "|||||||"])
def test_what_is_no_card_leaves_what_was_typed(client, officer, campaign, text):
    client.force_login(officer)
    response = scan(client, text, full_name="Mùa A Dia")
    assert "Không đọc được mã QR" in said(response)[0]
    assert response.context["form"]["full_name"].value() == "Mùa A Dia"


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
