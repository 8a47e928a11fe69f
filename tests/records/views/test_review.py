from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from campaigns.models import AuditEvent
from records.models import Finding, Record
from records.review import confirm
from tests.records.people import GOOD_NUMBER, add_child, exported_child
from tests.records.views.asking import many_children, queries, text_of

PAGE = "/ra-soat/"


def names(response):
    return [row.name for row in response.context["rows"]]


@pytest.fixture
def children(campaign, district):
    """Each with something of its own: a lost zero, no mother, no village, nothing wrong; one of another commune."""
    return {
        "lost": exported_child(campaign, district, "TE1", personal_number="14215001234"),
        "no_mother": exported_child(
            campaign, district, "TE2", full_name="Hờ A Súa", personal_number="014215000002", mother_name=""
        ),
        "no_village": exported_child(
            campaign, district, "TE3", full_name="Vàng A Nhà", personal_number="014215000003", village=""
        ),
        "clean": exported_child(campaign, district, "TE4", full_name="Giàng A Sử", personal_number="014215000004"),
        "elsewhere": exported_child(
            campaign, district, "TE5", full_name="Lầu A Pó", personal_number="", commune="Xã Háng Đồng"
        ),
    }


def three_days_ago(children, officer):
    """Everybody came then; since, one was moved, and the officer confirmed something of another."""
    then = timezone.now() - timedelta(days=3)
    Record.objects.exclude(pk=children["clean"].pk).update(stage_at=then)
    Finding.objects.update(first_seen_at=then)
    Finding.objects.create(
        campaign=children["clean"].campaign, record=children["no_mother"], rule="sex.middle_name", field="sex",
        severity="warning", first_seen_at=then, status="confirmed", by=officer, status_at=then, note="đúng",
    )  # fmt: skip


def test_a_marked_cell_says_why_and_what_would_be_written(client, officer, children):
    client.force_login(officer)
    response = client.get(PAGE)
    page = text_of(response)
    assert names(response) == ["Vàng A Nhà", "Hờ A Súa", "Mùa A Chống"]
    [cell] = [c for row in response.context["rows"] for c in row.cells if c.fix]
    assert (cell.fix, cell.text, "error" in cell.classes) == (GOOD_NUMBER, "142••••••34", True)
    assert "Đọc được 11 chữ số. Thêm một số 0 ở đầu thành 014 (Sơn La)" in cell.why
    assert f'data-why="{cell.why}"' in page
    assert f'data-fix="{GOOD_NUMBER}"' in page
    assert "14215001234" not in page.replace(GOOD_NUMBER, "")
    assert "014215000002" not in page


def test_where_nothing_is_wrong_the_cell_says_where_it_is_from(client, officer, children):
    client.force_login(officer)
    row = client.get(PAGE).context["rows"][0]
    assert {cell.origin.split(" thêm mới ")[0] for cell in row.cells if cell.text not in ("", "thiếu")} == {
        "Phòng Lao Động"
    }


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("tt=cleaned", ["Giàng A Sử"]),
        ("tt=tat-ca", ["Vàng A Nhà", "Giàng A Sử", "Hờ A Súa", "Mùa A Chống"]),
        ("nhom=2", ["Mùa A Chống"]),
        ("nhom=3", ["Hờ A Súa"]),
        ("qt=village.missing", ["Vàng A Nhà"]),
        ("ban=-", ["Vàng A Nhà"]),
        ("ban=Bản+Cáo+A", ["Hờ A Súa", "Mùa A Chống"]),
        ("tim=giang a su", ["Giàng A Sử"]),
        ("tim=GIANG THI DO", ["Vàng A Nhà", "Giàng A Sử", "Mùa A Chống"]),  # the mother
        ("tim=mua a chong 2015", ["Mùa A Chống"]),
        ("tim=mua a chong 2014", []),
        ("tim=12/5/2015", ["Vàng A Nhà", "Giàng A Sử", "Hờ A Súa", "Mùa A Chống"]),
        ("tim=05/2015", ["Vàng A Nhà", "Giàng A Sử", "Hờ A Súa", "Mùa A Chống"]),
        ("tim=13/5/2015", []),
        ("tim=014.215.000.004", ["Giàng A Sử"]),
        ("tim=14215001234", ["Mùa A Chống"]),
        ("tim=01421500000", []),  # exactly, or not at all
        ("tim=te4", ["Giàng A Sử"]),
        ("tim=lau a po", []),  # of another commune
        ("tim=%25", []),
        ("muc=warning", ["Vàng A Nhà", "Hờ A Súa"]),
        ("muc=error&nhom=2", ["Mùa A Chống"]),
        ("muc=warning&nhom=2", []),  # one thing that is both
        ("moi=1&tt=tat-ca", ["Giàng A Sử"]),
        ("toi=1&tt=tat-ca", ["Hờ A Súa"]),
        ("moi=1&toi=1&tt=tat-ca", []),
        ("nhom=9&qt=x.y&tt=z", ["Vàng A Nhà", "Hờ A Súa", "Mùa A Chống"]),
    ],
)
def test_filters_and_search(client, officer, children, query, found):
    three_days_ago(children, officer)
    client.force_login(officer)
    assert names(client.get(f"{PAGE}?{query}")) == found


def test_a_row_code_finds_its_row(client, officer, children):
    client.force_login(officer)
    assert names(client.get(PAGE, {"tim": children["clean"].row_code.lower()})) == ["Giàng A Sử"]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "nhom=3",
        "muc=warning",
        "moi=1",
        "toi=1&nhom=3",
        "tim=mua a",
        "tt=tat-ca&qt=number.lost_zero",
        "xa=03874&ban=-",
    ],
)
@pytest.mark.parametrize("who", ["officer", "district"])
def test_the_count_beside_a_choice_is_what_the_choice_shows(client, request, children, who, query):
    three_days_ago(children, request.getfixturevalue("officer"))
    client.force_login(request.getfixturevalue(who))
    response = client.get(f"{PAGE}?{query}")
    assert response.context["total"] == len(names(response))
    choices = [choice for facet in response.context["facets"] for choice in facet.choices if not choice["current"]]
    assert choices
    for choice in choices:
        assert (choice["label"], len(names(client.get(choice["url"])))) == (choice["label"], choice["count"])


def test_pages_keep_their_place_by_the_row_beside_them(client, officer, campaign):
    people = many_children(campaign, officer, 120)
    client.force_login(officer)
    seen, address = [], PAGE
    while address:
        response = client.get(address)
        seen.append(names(response))
        more = re.search(r'rel="next"[^>]*href="([^"]*)"', text_of(response))
        address = more[1].replace("&amp;", "&") if more else ""
    assert [len(page) for page in seen] == [50, 50, 20]
    in_order = list(Record.objects.order_by("village", "sort_key", "pk").values_list("full_name", flat=True))
    assert [name for page in seen for name in page] == in_order
    last = response.context["page"]
    before = client.get(PAGE, {"truoc": last.first.row_code})
    assert names(before) == in_order[50:100]
    Record.objects.filter(pk=people[0].pk).update(stage="cleaned")
    assert client.get(PAGE, {"sau": people[0].row_code}).status_code == 200


def test_every_view_has_an_address_without_names(client, officer, campaign):
    many_children(campaign, officer, 60)
    client.force_login(officer)
    more = re.search(r'rel="next"[^>]*href="([^"]*)"', text_of(client.get(PAGE)))
    assert re.fullmatch(r"/ra-soat/\?so=children&amp;sau=[A-Z0-9]{6}", more[1])


def test_the_query_count_does_not_grow(client, officer, campaign):
    many_children(campaign, officer, 1)
    client.force_login(officer)
    with_one = queries(client, PAGE)
    many_children(campaign, officer, 49)
    assert queries(client, PAGE) == with_one < 30


def test_the_first_look_at_a_search_takes_fewer_than_thirty_queries(
    client, officer, campaign, django_assert_max_num_queries
):
    many_children(campaign, officer, 60, personal_number="14215001234")
    client.force_login(officer)
    client.get(PAGE)
    with django_assert_max_num_queries(29):
        client.get(PAGE, {"tim": "mua a"})


def test_looks_are_recorded_and_a_search_without_its_words(client, officer, children):
    client.force_login(officer)
    client.get(PAGE, {"tim": "Mùa A Chống 12/05/2015"})
    client.get(PAGE, {"tim": "014215000004"})
    events = AuditEvent.objects.filter(event="searched").order_by("pk")
    assert [e.details for e in events] == [{"kind": "date", "found": 1}, {"kind": "number", "found": 1}]
    [spelled_out] = AuditEvent.objects.filter(event="number_revealed")
    assert spelled_out.details == {"records": [children["lost"].row_code], "where": "suggestion"}


def test_a_confirmed_cell_is_no_longer_marked(client, officer, children):
    confirm(Finding.objects.filter(record=children["no_mother"]), note="Chưa xác định được mẹ", by=officer)
    client.force_login(officer)
    row = next(r for r in client.get(PAGE).context["rows"] if r.name == "Hờ A Súa")
    assert (row.level, row.words) == ("success", "Không còn điều cần xem")


def test_beneficiaries_have_columns_of_their_own(client, officer, campaign):
    client.force_login(officer)
    labels = [c.label for c in client.get(PAGE, {"so": "beneficiaries"}).context["columns"]]
    assert labels == [
        "Họ và tên",
        "Ngày sinh",
        "Giới tính",
        "Dân tộc",
        "Số định danh",
        "Người nhận thay",
        "Nơi thường trú",
        "Bản",
    ]


def test_findings_without_a_column_speak_from_the_last_cell(client, district, campaign):
    record = add_child(campaign, district, commune="Xã Không Có")
    client.force_login(district)
    [row] = client.get(PAGE).context["rows"]
    assert "commune.unknown" in {one.rule for one in row.findings}
    assert row.words_cell.edit_url == reverse("edit_cell", args=[record.row_code, "commune"])


@pytest.mark.parametrize(
    ("who", "status"),
    [("officer", 200), ("district", 200), ("police", 403), ("justice", 403), ("leader", 403), ("administrator", 302)],
)
def test_who_may_come_here(client, request, campaign, who, status):
    client.force_login(request.getfixturevalue(who))
    response = client.get(PAGE)
    assert response.status_code == status
    assert status != 302 or response.url == "/ly-do/?next=%2Fra-soat%2F"


def test_signing_in_comes_first(client, campaign):
    assert client.get(PAGE).url == f"{reverse('login')}?next={PAGE}"
