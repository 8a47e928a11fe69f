from __future__ import annotations

import pytest
from django.urls import reverse

from campaigns.models import AuditEvent
from records import exclusions, review
from records.models import Record
from tests.records.people import CHILD, GOOD_NUMBER, add_child, exported_child
from tests.records.views.asking import HTMX, many_children, queries, said, text_of


@pytest.fixture
def child(campaign, district):
    return exported_child(
        campaign, district, "TE1", father_number="014087262877", disability="Khuyết tật nặng", note="nhà ở xa"
    )


def page_of(record):
    return reverse("record", args=[record.row_code])


def test_values_with_their_origin(client, officer, child):
    review.correct(child, {"village": "Bản Cáo B"}, by=officer, version=1, document="phiếu đi hộ số 12")
    client.force_login(officer)
    response = client.get(page_of(child))
    origins = {value.field: value.origin for value in response.context["values"]}
    assert origins["village"].startswith("Cán Bộ Làng Chếu sửa")
    assert origins["village"].endswith("phiếu đi hộ số 12.")
    assert origins["full_name"].startswith("Phòng Lao Động thêm mới")
    assert "nhà ở xa" in text_of(response)


def test_numbers_are_masked_and_sensitive_fields_hidden(client, officer, child):
    client.force_login(officer)
    page = text_of(client.get(page_of(child)))
    assert "014•••••••34" in page
    assert "014•••••••77" in page
    for hidden in (GOOD_NUMBER, "014087262877", "Khuyết tật nặng"):
        assert hidden not in page


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_number_is_revealed_and_the_look_recorded(client, officer, child, method):
    client.force_login(officer)
    fetch = getattr(client, method)
    part = text_of(fetch(reverse("reveal", args=[child.row_code]), headers=HTMX))
    assert GOOD_NUMBER in part
    assert "<html" not in part
    page = text_of(fetch(reverse("reveal", args=[child.row_code]) + "?truong=father_number"))
    assert "014087262877" in page
    assert GOOD_NUMBER not in page
    events = AuditEvent.objects.filter(event="number_revealed").order_by("pk")
    assert [(e.target, e.details["field"]) for e in events] == [
        (f"record:{child.row_code}", "personal_number"),
        (f"record:{child.row_code}", "father_number"),
    ]


def test_a_sensitive_field_is_shown_when_asked_for_and_recorded(client, officer, child):
    client.force_login(officer)
    address = reverse("reveal_sensitive", args=[child.row_code])
    assert "Khuyết tật nặng" in text_of(client.post(f"{address}?truong=disability", headers=HTMX))
    assert AuditEvent.objects.get(event="sensitive_revealed").details == {"field": "disability"}
    assert client.post(f"{address}?truong=personal_number").url == page_of(child)
    assert not AuditEvent.objects.filter(event="number_revealed").exists()


def test_each_look_is_recorded_and_counted(client, officer, second_officer, child):
    for person in (officer, second_officer, second_officer):
        client.force_login(person)
        page = text_of(client.get(page_of(child)))
    assert AuditEvent.objects.filter(event="record_viewed", target=f"record:{child.row_code}").count() == 3
    assert "2 người đã xem hồ sơ này: 3 lượt xem." in page


def test_findings_with_what_can_be_done(client, officer, campaign, district):
    record = exported_child(campaign, district, "TE2", personal_number="14215001234", mother_name="")
    client.force_login(officer)
    page = text_of(client.get(page_of(record)))
    assert "Đọc được 11 chữ số. Thêm một số 0 ở đầu thành 014 (Sơn La)" in page
    assert reverse("use_suggestion", args=[record.row_code, "number.lost_zero"]) in page
    assert reverse("confirm_cell", args=[record.row_code, "mother_name"]) in page
    assert reverse("confirm_cell", args=[record.row_code, "personal_number"]) not in page


def test_what_was_confirmed_says_by_whom_and_why(client, officer, campaign, district):
    record = exported_child(campaign, district, "TE2", mother_name="")
    review.confirm(record.findings.all(), note="Chưa xác định được mẹ", by=officer)
    client.force_login(officer)
    assert "Cán Bộ Làng Chếu xác nhận đúng: Chưa xác định được mẹ" in text_of(client.get(page_of(record)))


@pytest.mark.parametrize(
    ("fields", "role"),
    [
        ({"birth_date": "12/05/2015", "full_name": "Mùa Thị Sênh", "sex": "Nữ"}, "Sinh đôi"),
        ({"birth_date": "03/11/2012", "full_name": "Mùa A Lềnh"}, "Anh"),
        ({"birth_date": "03/11/2012", "full_name": "Mùa Thị Mỷ", "sex": "Nữ"}, "Chị"),
        ({"birth_date": "27/01/2019", "full_name": "Mùa A Sùng"}, "Em"),
        ({"birth_date": "2012", "full_name": "Mùa A Tủa", "father_name": "mùa a páo"}, "Anh"),
        ({"birth_date": "27/01/2019", "full_name": "Mùa A Sùng", "mother_name": "Vàng Thị Mo"}, "Cùng cha"),
        (
            {"birth_date": "27/01/2019", "full_name": "Mùa A Sùng", "mother_name": "Vàng Thị Mo", "village": "Bản X"},
            None,
        ),
        ({"birth_date": "27/01/2019", "full_name": "Mùa A Sùng", "commune": "Xã Háng Đồng"}, None),
    ],
)
def test_the_household(client, officer, campaign, district, child, fields, role):
    exported_child(campaign, district, "TE9", personal_number="", **fields)
    client.force_login(officer)
    members = client.get(page_of(child)).context["household"].members
    assert [m["role"] for m in members] == ["Cha", "Mẹ", *([role] if role else [])]
    assert members[0]["born"] == "1987"


@pytest.mark.parametrize(
    ("fields", "odd"),
    [
        ({"birth_date": "12/10/2015"}, ["Mùa A Chống và Mùa A Sùng cùng mẹ, sinh cách nhau 5 tháng"]),
        ({"birth_date": "13/05/2015"}, []),  # twins, one of them after midnight
        ({"birth_date": "12/05/2016"}, []),
        (
            {"birth_date": "12/10/2015", "mother_name": "Vàng Thị Mo"},
            ["Cùng cha nhưng mẹ ghi khác: Mùa A Sùng ghi Vàng"],
        ),
        ({"birth_date": "27/01/2019", "personal_number": GOOD_NUMBER}, ["Dùng chung một số: Mùa A Chống, Mùa A Sùng"]),
        ({"birth_date": "2015"}, []),
    ],
)
def test_what_does_not_fit_in_the_household(client, officer, campaign, district, child, fields, odd):
    exported_child(campaign, district, "TE9", **{"personal_number": "", "full_name": "Mùa A Sùng", **fields})
    client.force_login(officer)
    said = client.get(page_of(child)).context["household"].odd
    assert [line[: len(start)] for line, start in zip(said, odd, strict=True)] == odd


def test_likely_duplicates_side_by_side(client, officer, campaign, district, child):
    same = exported_child(campaign, district, "TE2", personal_number="", village="Bản Cáo B")
    shares = exported_child(campaign, district, "TE3", full_name="Vàng A Nhà", birth_date="01/02/2015")
    client.force_login(officer)
    others = client.get(page_of(child)).context["duplicates"]["others"]
    assert {other["record"].pk for other in others} == {same.pk, shares.pk}
    [line] = [ln for o in others if o["record"].pk == shares.pk for ln in o["lines"] if ln["label"] == "Họ và tên"]
    assert (line["ours"], line["theirs"], line["differs"]) == ("Mùa A Chống", "Vàng A Nhà", True)


def test_a_duplicate_of_another_commune_is_counted_and_not_shown(client, officer, campaign, district, child):
    exported_child(campaign, district, "TE2", full_name="Lầu A Pó", birth_date="01/02/2015", commune="Xã Háng Đồng")
    client.force_login(officer)
    response = client.get(page_of(child))
    assert response.context["duplicates"] == {"others": [], "elsewhere": 1}
    assert "Lầu A Pó" not in text_of(response)


def test_the_past_with_undo(client, officer, child):
    change_set, _ = review.correct(
        child,
        {"personal_number": "014215009999", "disability": "không"},
        by=officer,
        version=1,
        document="Giấy khai sinh",
    )
    client.force_login(officer)
    response = client.get(page_of(child))
    [event] = [e for e in response.context["events"] if e.changes]
    assert (event.by, event.text) == ("Cán Bộ Làng Chếu", "Sửa tay, Giấy khai sinh")
    assert {c["label"]: (c["old"], c["new"]) for c in event.changes} == {
        "Số định danh": ("014•••••••34", "014•••••••99"),
        "Khuyết tật": ("(không hiện)", "trống"),
    }
    assert event.undo_url == reverse("undo", args=[change_set.pk])
    client.post(event.undo_url)
    newest = client.get(page_of(child)).context["events"]
    assert [(e.undo_url, e.is_undone) for e in newest if e.text.startswith("Sửa tay")] == [("", True)]


def test_the_way_to_the_next_one_and_back_to_the_list(client, officer, campaign, district):
    people = [
        add_child(campaign, district, full_name=f"Mùa A {n}", personal_number="") for n in ("Chống", "Dia", "Súa")
    ]
    client.force_login(officer)
    client.get("/ra-soat/?so=children&nhom=1")
    context = client.get(page_of(people[1])).context
    assert (context["previous"], context["next"]) == (people[0].row_code, people[2].row_code)
    assert context["back_url"] == "/ra-soat/?so=children&nhom=1"
    assert client.get(page_of(people[2])).context["next"] == ""


def test_taken_out_and_taken_back(client, officer, second_officer, child):
    [request] = exclusions.ask_exclusion([child], reason="moved", document="Giấy chuyển đi 3/2023", by=officer)
    client.force_login(officer)
    assert "Chờ người thứ hai" in text_of(client.get(page_of(child)))
    exclusions.decide_exclusion(request, agree=True, by=second_officer)
    page = text_of(client.get(page_of(child)))
    assert "Đã ra khỏi sổ: chuyển đi nơi khác" in page
    address = reverse("readmit", args=[child.row_code])
    assert said(client.post(address, {"reason": ""}, follow=True)) == ["Ghi lý do đưa trở lại sổ."]
    assert "trở lại sổ" in said(client.post(address, {"reason": "gia đình quay về"}, follow=True))[0]
    assert Record.objects.get(pk=child.pk).stage == "to_review"
    assert "đang ở trong sổ" in said(client.post(address, {"reason": "lần nữa"}, follow=True))[0]


def test_queries_do_not_grow_with_the_past_and_the_family(client, officer, campaign, district, child):
    client.force_login(officer)
    before = queries(client, page_of(child))
    many_children(campaign, officer, 25, father_name=CHILD["father_name"], mother_name=CHILD["mother_name"])
    for n in range(5):
        review.correct(Record.objects.get(pk=child.pk), {"village": f"Bản {n}"}, by=officer, version=n + 1)
    assert queries(client, page_of(child)) == before < 30


@pytest.mark.parametrize("name", ["record", "reveal", "reveal_sensitive", "readmit"])
def test_who_may_look(client, child, other_officer, police, leader, administrator, name):
    address = reverse(name, args=[child.row_code])
    fetch = client.get if name in ("record", "reveal") else client.post
    assert fetch(address).url == f"{reverse('login')}?next={address}"
    statuses = []
    for person in (other_officer, police, leader, administrator):
        client.force_login(person)
        statuses.append(fetch(address).status_code)
    assert statuses == [404, 403, 403, 302]
    assert not AuditEvent.objects.filter(event__in=["record_viewed", "number_revealed", "sensitive_revealed"]).exists()
