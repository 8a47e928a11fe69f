from __future__ import annotations

from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.models import AuditEvent, Campaign, User
from reconciliation.models import Batch, Difference
from records.models import Record, SourceFile
from tests.records.people import CHILD, GOOD_NUMBER, exported_child

URL = "/ho-tich/khai-sinh/"
HEADINGS = ("Họ và tên", "Ngày sinh", "Giới tính", "Dân tộc", "Số định danh cá nhân", "Họ tên cha", "Họ tên mẹ")
KNOWN = ("Mùa A Chống", "12/05/2015", "Nam", "Mông", "", "Mùa A Páo", "Giàng Thị Dợ")
NEW = ("Hờ Thị Dê", "03/10/2023", "Nữ", "Mông", "014323001122", "Hờ A Lử", "Sồng Thị Chu")


def sheet(*rows: tuple[str, ...]) -> bytes:
    book = openpyxl.Workbook()
    table = book.active
    assert table is not None
    table.append(["DANH SÁCH TRẺ EM ĐÃ ĐĂNG KÝ KHAI SINH"])
    table.append(["STT", *HEADINGS])
    for number, row in enumerate(rows, start=1):
        table.append([number, *row])
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


def post(client: Client, *rows: tuple[str, ...], commune: str = "03874") -> dict[str, object]:
    return {"commune": commune, "file": SimpleUploadedFile("khai-sinh.xlsx", sheet(*rows))}


def apply(client: Client, *rows: tuple[str, ...]) -> str:
    """Looks and applies; returns the address of the list."""
    page = client.post(URL, post(client, *rows))
    sha256 = page.context["kept"].sha256
    response = client.post(URL, {"act": "apply", "commune": "03874", "sha256": sha256})
    return str(response.url)  # type: ignore[attr-defined]


@pytest.fixture
def child(campaign: Campaign, system: User) -> Record:
    return exported_child(campaign, system, "TE-1")


def test_a_list_is_looked_at_before_it_is_applied(client: Client, justice: User, child: Record) -> None:
    client.force_login(justice)
    page = client.post(URL, post(client, KNOWN, NEW))
    found = page.context["found"]
    assert (found.matched, found.created, found.rows) == (1, 1, 2)
    assert sum(entry["count"] for entry in page.context["entries"]) == found.rows
    assert not SourceFile.objects.exists()
    assert Record.objects.count() == 1


def test_it_is_applied_and_each_row_says_what_became_of_it(client: Client, justice: User, child: Record) -> None:
    client.force_login(justice)
    url = apply(client, KNOWN, NEW)
    page = client.get(url)
    assert [(row["name"], row["said"]) for row in page.context["rows"]] == [
        ("Mùa A Chống", "Đã có, không đổi"), ("Hờ Thị Dê", "Thêm mới")
    ]  # fmt: skip
    assert "014323001122" not in page.content.decode()
    assert Record.objects.get(full_name="Hờ Thị Dê").is_new
    assert [row["name"] for row in client.get(f"{url}?kq=created").context["rows"]] == ["Hờ Thị Dê"]
    assert AuditEvent.objects.filter(event="newborn_list_viewed").count() == 2


def test_what_contradicts_waits_and_is_shown_with_both_sides(
    client: Client, justice: User, officer: User, district: User, child: Record
) -> None:
    client.force_login(justice)
    other_father = (*KNOWN[:4], GOOD_NUMBER, "Mùa A Khua", KNOWN[6])
    url = apply(client, other_father)
    page = client.get(url)
    (row,) = page.context["rows"]
    assert row["differs"] == [f"Họ và tên cha: sổ ghi {CHILD['father_name']}, danh sách ghi Mùa A Khua"]
    batch = Batch.objects.get()
    assert page.context["settle_url"] == ""  # the registry does not decide
    child.refresh_from_db()
    assert child.father_name == CHILD["father_name"]

    client.force_login(officer)
    assert client.get(url).status_code == 403
    settle = client.get(f"/lo/{batch.code}/quyet-dinh/")
    (person,) = settle.context["people"]
    assert [d.value for d in person.rows[0].decisions] == ["ours", "theirs"]
    difference = Difference.objects.get()
    client.post(f"/lo/{batch.code}/quyet-dinh/{difference.pk}/", {"decision": "theirs"})
    child.refresh_from_db()
    assert child.father_name == "Mùa A Khua"
    assert client.get(f"/lo/{batch.code}/tep/").status_code == 404
    assert client.get(f"/lo/{batch.code}/nhan-lai/").status_code == 302

    client.force_login(district)
    assert client.get(url).context["settle_url"] == f"/lo/{batch.code}/quyet-dinh/"
    assert client.get(url).context["rows"][0]["url"] == reverse("record", args=[child.row_code])


def test_a_file_that_is_no_list_is_refused(client: Client, justice: User) -> None:
    client.force_login(justice)
    file = SimpleUploadedFile("thu.xlsx", b"khong phai bang tinh")
    page = client.post(URL, {"commune": "03874", "file": file})
    assert page.status_code == 422
    assert page.context["form"].errors["file"]
    assert not SourceFile.objects.exists()


def test_nothing_is_applied_that_was_not_looked_at(client: Client, justice: User) -> None:
    client.force_login(justice)
    response = client.post(URL, {"act": "apply", "commune": "03874", "sha256": "0" * 64}, follow=True)
    assert "Thả lại tệp" in response.content.decode()


def test_only_the_own_commune(client: Client, justice: User, child: Record) -> None:
    client.force_login(justice)
    assert client.post(URL, post(client, NEW, commune="03869")).status_code == 422
    url = apply(client, NEW)
    SourceFile.objects.update(commune=None)
    assert client.get(url).status_code == 404


@pytest.mark.parametrize(("who", "status"), [("justice", 200), ("district", 200), ("officer", 403), ("police", 403)])
def test_who_brings_newborn_lists(client: Client, request: pytest.FixtureRequest, who: str, status: int) -> None:
    client.force_login(request.getfixturevalue(who))
    assert client.get(URL).status_code == status
    assert client.post(URL, post(client, NEW)).status_code == status
    assert client.get("/ho-tich/").status_code == status


def test_a_stranger_signs_in_first(client: Client, campaign: Campaign) -> None:
    assert client.get(URL).url == f"{reverse('login')}?next={URL}"  # type: ignore[attr-defined]


def test_the_same_queries_for_one_row_as_for_thirty(client: Client, justice: User) -> None:
    client.force_login(justice)

    def queries(url: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        return len(captured)

    def many(letter: str, count: int) -> list[tuple[str, ...]]:
        return [
            (f"Hờ A {letter}{n}", f"{n + 1:02d}/09/2023", "Nam", "Mông", "", "Hờ A Lử", "Sồng Thị Chu")
            for n in range(count)
        ]

    small = apply(client, *many("B", 1))
    queries(small)
    few = queries(small), queries(URL)
    large = apply(client, *many("C", 29))
    assert (queries(large), queries(URL)) == few
    assert max(few) < 30
