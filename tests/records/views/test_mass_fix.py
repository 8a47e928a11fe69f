from __future__ import annotations

import re

import pytest
from django.urls import reverse

from records.models import ChangeSet, Record
from tests.records.people import exported_child
from tests.records.views.asking import queries, said, text_of

ALIKE, SET = "/ra-soat/hang-loat/", "/ra-soat/dat-gia-tri/"


@pytest.fixture
def people(campaign, district):
    given = {"Mùa A Chu": "Bản Suối Lềnh", "Mùa A Dê": "Suối Lềnh", "Mùa A Mang": "", "Mùa A Nủ": "Bản Cáo A"}
    made = [
        exported_child(campaign, district, f"TE{n}", full_name=name, village=village, personal_number="")
        for n, (name, village) in enumerate(given.items())
    ]
    exported_child(campaign, district, "TE8", full_name="Lầu A Pó", village="Suối Lềnh", commune="Xã Háng Đồng")
    return made


def villages():
    return dict(Record.objects.order_by("pk").values_list("full_name", "village"))


def seen(page):
    return re.search(r'name="seen" value="(\w+)"', page)[1]


def test_from_what_is_alike_to_every_row_to_one_change(client, officer, people):
    client.force_login(officer)
    page = text_of(client.get(ALIKE, {"truong": "village"}))
    assert "Bản Suối Lềnh: 2 cách ghi, 2 hồ sơ" in page
    assert "1 hồ sơ để trống" in page
    query = {"truong": "village", "tu": ["Bản Suối Lềnh", "Suối Lềnh"], "thanh": "Bản Suối Lềnh"}
    response = client.get(SET, query)
    assert [row["record"].full_name for row in response.context["rows"]] == ["Mùa A Dê"]
    assert villages()["Mùa A Dê"] == "Suối Lềnh"
    address = response.wsgi_request.get_full_path()
    response = client.post(address, {"seen": seen(text_of(response))}, follow=True)
    assert said(response) == ["Đã ghi bản “Bản Suối Lềnh” cho 1 hồ sơ."]
    assert (villages()["Mùa A Dê"], villages()["Lầu A Pó"]) == ("Bản Suối Lềnh", "Suối Lềnh")
    client.post(reverse("undo", args=[ChangeSet.objects.get(kind="edit").pk]))
    assert villages()["Mùa A Dê"] == "Suối Lềnh"


def test_chosen_rows_are_filled_with_the_first_value(client, officer, people):
    client.force_login(officer)
    codes = [record.row_code for record in people[:3]]
    response = client.post("/ra-soat/chon/", {"record": codes, "act": "set"}, follow=True)
    assert response.context["text"] == "Bản Suối Lềnh"
    response = client.get(SET, {"record": codes, "truong": "permanent_address", "thanh": "Bản Suối Lềnh, xã Làng Chếu"})
    client.post(response.wsgi_request.get_full_path(), {"seen": seen(text_of(response))})
    assert Record.objects.filter(address="Bản Suối Lềnh, xã Làng Chếu").count() == 3


def test_a_list_that_changed_meanwhile_is_shown_again(client, officer, people):
    client.force_login(officer)
    response = client.get(SET, {"truong": "village", "tu": "Suối Lềnh", "thanh": "Bản Suối Lềnh"})
    Record.objects.filter(pk=people[1].pk).update(version=7)
    response = client.post(response.wsgi_request.get_full_path(), {"seen": seen(text_of(response))}, follow=True)
    assert "đã đổi từ lúc xem" in said(response)[0]
    assert villages()["Mùa A Dê"] == "Suối Lềnh"


def test_an_ethnic_group_asks_for_the_paper(client, officer, people):
    client.force_login(officer)
    response = client.get(SET, {"truong": "ethnic_group", "tu": "Mông", "thanh": "Thái"})
    address, token = response.wsgi_request.get_full_path(), seen(text_of(response))
    assert "Chọn giấy tờ đã xem" in text_of(client.post(address, {"seen": token}))
    client.post(address, {"seen": token, "paper": "Giấy khai sinh"})
    assert ChangeSet.objects.get(kind="edit").document == "Giấy khai sinh"


@pytest.mark.parametrize("field", ["full_name", "personal_number", "nonsense"])
@pytest.mark.parametrize("page", [ALIKE, SET])
def test_other_fields_are_no_page(client, officer, people, field, page):
    client.force_login(officer)
    assert client.get(page, {"truong": field}).status_code == 404


def test_nothing_chosen_is_a_sentence(client, officer, people):
    client.force_login(officer)
    assert "Không có dòng nào phải đổi" in text_of(client.get(SET, {"thanh": "Bản X"}))
    assert "các dòng đã chọn đều đang để trống" in text_of(client.get(SET, {"record": people[2].row_code}))


def test_queries_do_not_grow(client, officer, people, campaign, district):
    client.force_login(officer)
    address = f"{SET}?truong=village&tu=Suối Lềnh&thanh=Bản Suối Lềnh"
    with_one = queries(client, address)
    for n in range(5):
        exported_child(campaign, district, f"TX{n}", full_name=f"Mùa A Lử{n}", village="Suối Lềnh")
    assert queries(client, address) == with_one < 30
