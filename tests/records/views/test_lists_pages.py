from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from campaigns.models import AuditEvent
from records import review
from records.models import PeopleList, Record
from tests.records.edited_lists import typed_anew
from tests.records.people import exported_child
from tests.records.views.asking import queries, said, text_of

PAGE, DOWNLOAD, BACK = "/danh-sach/", "/danh-sach/tai/", "/danh-sach/nhan/"


@pytest.fixture
def child(campaign, district):
    return exported_child(campaign, district, "TE1", mother_name="", disability="Khuyết tật nặng")


def download(client, kind="to_clean", commune="03874"):
    return client.post(f"{DOWNLOAD}?so=children", {"kind": kind, "commune": commune})


def edited(content, heading, value):
    """The downloaded workbook with one cell of its only row written anew."""
    book = load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    rows = list(sheet.iter_rows())
    head = next(i for i, row in enumerate(rows) if any(cell.value == "Mã dòng" for cell in row))
    column = next(cell.column for cell in rows[head] if str(cell.value).startswith(heading))
    row = next(r[0].row for r in rows[head + 1 :] if any(cell.value == Record.objects.get().row_code for cell in r))
    sheet.cell(row, column).value = value
    out = io.BytesIO()
    book.save(out)
    return SimpleUploadedFile("sua.xlsx", out.getvalue())


def content_of(response):
    return b"".join(response.streaming_content)


@pytest.mark.parametrize("kind", ["to_clean", "all", "visit"])
def test_a_list_is_downloaded_and_recorded(client, officer, child, kind):
    client.force_login(officer)
    response = download(client, kind)
    assert response["Content-Disposition"] == f'attachment; filename="DS-0001-{kind.replace("_", "-")}-lang-cheu.xlsx"'
    sheet = load_workbook(io.BytesIO(content_of(response))).worksheets[0]
    texts = {str(cell.value) for row in sheet.iter_rows() for cell in row}
    assert "Mùa A Chống" in texts
    assert ("Khuyết tật nặng" in texts) == (kind == "all")
    assert AuditEvent.objects.get(event="list_exported").details["kind"] == kind
    assert "DS-0001" in text_of(client.get(PAGE))


def test_an_empty_list_says_so(client, officer, child):
    client.force_login(officer)
    response = client.post(f"{DOWNLOAD}?so=children", {"kind": "cleaned", "commune": "03874"}, follow=True)
    assert "Không có ai để ghi vào danh sách đã sạch" in said(response)[0]


@pytest.mark.parametrize(
    "data", [{}, {"kind": "x", "commune": "03874"}, {"kind": "all", "commune": "03869"}, {"kind": "all"}]
)
def test_what_is_no_list_of_ones_own(client, officer, child, data):
    client.force_login(officer)
    assert "Chọn loại danh sách và xã" in said(client.post(f"{DOWNLOAD}?so=children", data, follow=True))[0]
    assert not PeopleList.objects.exists()


def printed(client, kind="visit", **asked):
    response = client.post(
        f"{PAGE}in/?so=children", {"kind": kind, "commune": "03874", "village": "", **asked}, follow=True
    )
    return response, text_of(response)


def test_a_visit_sheet_on_paper(client, officer, child, campaign):
    brother = exported_child(
        campaign, officer, "TE2", full_name="Mùa A Em", personal_number="14215001234", mother_name=""
    )
    exported_child(campaign, officer, "TE3", full_name="Mùa A Xa", personal_number="", village="Bản Cáo B")
    client.force_login(officer)
    response, text = printed(client)
    assert [sheet.place for sheet in response.context["sheets"]] == ["Bản Cáo A", "Bản Cáo B"]
    assert [row["row_code"] for row in response.context["sheets"][0].rows] == [child.row_code, brother.row_code]
    assert [row["new_house"] for row in response.context["sheets"][0].rows] == [True, False]
    assert "<b>THIẾU</b>" in text  # the mother
    assert "Trang 2/2" in text
    assert ("142••••••34" in text, "14215001234" in text, "Khuyết tật nặng" in text) == (True, False, False)
    assert AuditEvent.objects.get(event="list_printed").details["rows"] == 3


def test_the_list_to_clean_on_paper_shows_whole_numbers_and_the_columns_that_ask(client, officer, campaign):
    exported_child(campaign, officer, "TE1", personal_number="14215001234", father_number="1421", mother_name="")
    client.force_login(officer)
    response, text = printed(client, "to_clean", village="Bản Cáo A")
    assert "14215001234" in text
    headings = {column["heading"] for column in response.context["columns"]}
    assert "Mã trẻ em" not in headings


def test_paper_is_for_those_whose_list_it_is(client, officer, other_officer, district, child):
    client.force_login(officer)
    address = printed(client)[0].redirect_chain[-1][0]
    statuses = []
    for person in (officer, other_officer, district):
        client.force_login(person)
        statuses.append(client.get(address).status_code)
    assert statuses == [200, 404, 200]


def test_the_whole_register_is_not_printed(client, officer, child):
    client.force_login(officer)
    assert "Chọn loại danh sách" in said(printed(client, "all")[0])[0]
    assert not PeopleList.objects.exists()


def test_an_edited_list_comes_home(client, officer, child):
    client.force_login(officer)
    file = edited(content_of(download(client)), "Họ và tên mẹ", "Giàng Thị Dợ")
    response = client.post(BACK, {"file": file}, follow=True)
    assert Record.objects.get().mother_name == "Giàng Thị Dợ"
    counts = {entry["label"]: entry["count"] for entry in response.context["entries"]}
    assert counts == {
        "Đã sửa theo danh sách": 1, "Không đổi": 0, "Người mới": 0, "Chờ quyết định": 0, "Không nhận ra dòng": 0,
    }  # fmt: skip
    assert response.context["rows"] == 1


def test_where_both_changed_a_value_the_way_to_the_cell_is_shown(client, officer, child):
    client.force_login(officer)
    file = edited(content_of(download(client)), "Họ và tên mẹ", "Giàng Thị Dợ")
    review.correct(child, {"mother_name": "Vàng Thị Mo"}, by=officer, version=child.version, document="Giấy khai sinh")
    response = client.post(BACK, {"file": file}, follow=True)
    [conflict] = response.context["conflicts"]
    assert (conflict["then"], conflict["ours"], conflict["theirs"]) == ("trống", "Vàng Thị Mo", "Giàng Thị Dợ")
    assert conflict["url"] == reverse("edit_cell", args=[child.row_code, "mother_name"])
    assert f'href="{conflict["url"]}"' in text_of(response)


@pytest.mark.parametrize(
    ("file", "message"),
    [
        (SimpleUploadedFile("x.xlsx", b"PK nothing"), "x.xlsx"),
        (SimpleUploadedFile("trong.xlsx", b""), "rỗng"),
        (None, "bắt buộc"),
    ],
)
def test_a_file_that_cannot_be_used_changes_nothing(client, officer, child, file, message):
    client.force_login(officer)
    response = client.post(BACK, {"file": file} if file else {}, follow=True)
    assert response.redirect_chain[0][0] == PAGE
    assert said(response)
    assert Record.objects.get().version == child.version


def test_a_result_is_for_who_sent_it_and_its_commune(client, officer, second_officer, other_officer, district, child):
    client.force_login(officer)
    code = client.post(BACK, {"file": edited(content_of(download(client)), "Họ và tên mẹ", "Giàng Thị Dợ")}).url
    statuses = []
    for person in (officer, second_officer, other_officer, district):
        client.force_login(person)
        statuses.append(client.get(code).status_code)
    assert statuses == [200, 200, 404, 200]


def waiting_row(client, campaign, officer):
    """A page with one row whose code nobody can read; the address of its result."""
    second = exported_child(campaign, officer, "TE2", full_name="Mùa A Em", personal_number="", mother_name="")
    client.force_login(officer)
    download(client)
    rows = [
        {"Mã dòng": second.row_code, "Họ và tên trẻ em": "Mùa A Em"},
        {"Mã dòng": "ZZZZZZ", "Họ và tên trẻ em": "Mùa A Chống", "Họ và tên mẹ": "Dợ"},
    ]
    return client.post(BACK, {"file": SimpleUploadedFile("anh.xlsx", typed_anew(*rows))}).url


def test_a_row_that_nobody_could_place_is_placed_on_the_page(client, officer, child, campaign):
    address = waiting_row(client, campaign, officer)
    page = client.get(address)
    [row] = page.context["waiting"]
    assert (row["people"][0]["row_code"], row["row_code"]) == (child.row_code, "ZZZZZZ")
    assert "Chưa biết là ai: 1" in text_of(page)
    done = client.post(f"{address}xep/{row['row']}/", {"act": child.row_code}, follow=True)
    assert said(done) == [f"Dòng {row['row']}: đã ghi vào hồ sơ Mùa A Chống, mã dòng {child.row_code}."]
    assert "Chưa biết là ai" not in text_of(done)
    child.refresh_from_db()
    assert child.mother_name == "Dợ"
    again = client.post(f"{address}xep/{row['row']}/", {"act": child.row_code}, follow=True)
    assert "không chờ nữa" in said(again)[0]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"act": "new"}, "đã thêm Mùa A Chống"),
        ({"act": "leave"}, "bỏ, không ghi gì"),
        ({"row_code": "x"}, "Không có hồ sơ"),
    ],
)
def test_other_answers_for_a_row(client, officer, child, campaign, data, message):
    address = waiting_row(client, campaign, officer)
    row = client.get(address).context["waiting"][0]["row"]
    assert message in said(client.post(f"{address}xep/{row}/", data, follow=True))[0]


def test_queries_do_not_grow(client, officer, child):
    client.force_login(officer)
    download(client)
    with_one = queries(client, PAGE)
    for _ in range(10):
        download(client)
    assert queries(client, PAGE) == with_one < 30


@pytest.mark.parametrize("who", ["police", "justice", "leader"])
def test_who_may_not(client, request, child, who):
    assert client.get(PAGE).status_code == 302
    client.force_login(request.getfixturevalue(who))
    assert [client.get(PAGE).status_code, download(client).status_code, client.post(BACK).status_code] == [403] * 3
