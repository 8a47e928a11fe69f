"""Bulk import and export by the administrator: out, edited, and back, in every format, through the one door."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable

import pytest
import tablib
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook, load_workbook
from python_calamine import CalamineWorkbook

from campaigns import bulk, bulk_writing, jobs
from campaigns.models import AuditEvent, BulkFile, Campaign, Category, Commune, EthnicGroup, Job, User, Village
from campaigns.models.job import JobStatus
from campaigns.permissions import REASON_SESSION_KEY, Role
from records import changes
from records.models import Change, ChangeKind, Finding, Record
from tests.records.people import CHILD, exported_child

FORMATS = ("xlsx", "csv", "json", "yaml", "tsv", "ods", "html")
Rows = list[dict[str, str]]


@pytest.fixture
def signed_in(client: Client, administrator: User) -> Client:
    client.force_login(administrator)
    session = client.session
    session[REASON_SESSION_KEY] = "kiểm tra"
    session.save()
    return client


def export(client: Client, model: str, kind: str) -> bytes:
    address = reverse(f"admin:{model}_export")
    form = client.get(address).context["form"]
    data = {name: "on" for name in form.fields if name not in ("format", "resource", "export_items")}
    answer = client.post(address, data | {"format": str(bulk_writing.FORMATS.index(kind))}, follow=True)
    assert answer["Content-Type"].startswith(bulk_writing.CONTENT_TYPES[kind])
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def rows_of(content: bytes, kind: str) -> Rows:
    """By another reader than ours, where there is one."""
    if kind == "xlsx":
        table = [[cell or "" for cell in row] for row in load_workbook(io.BytesIO(content)).active.values]
        return [dict(zip(table[0], row, strict=True)) for row in table[1:]]
    if kind == "ods":
        table = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
        return [dict(zip(table[0], row, strict=True)) for row in table[1:]]
    text = content.decode("utf-8-sig")
    if kind in ("csv", "tsv"):
        return list(csv.DictReader(io.StringIO(text), delimiter="," if kind == "csv" else "\t"))
    if kind == "html":
        return list(tablib.Dataset().load(text, format="html").dict)
    return json.loads(text) if kind == "json" else yaml.safe_load(text)


def file_of(rows: Rows, kind: str) -> bytes:
    if kind == "xlsx":
        book, content = Workbook(), io.BytesIO()
        for line, row in enumerate(([*rows[0]], *([row[key] for key in rows[0]] for row in rows)), 1):
            for column, text in enumerate(row, 1):
                book.active.cell(line, column, text or None).data_type = "s" if text else "n"
        book.save(content)
        return content.getvalue()
    written = tablib.Dataset(*([row[key] for key in rows[0]] for row in rows), headers=list(rows[0])).export(kind)
    return written if isinstance(written, bytes) else written.encode()


def give(client: Client, model: str, rows: Rows, kind: str = "csv", name: str = "") -> BulkFile:
    """Uploads; the file waits for its preview to be confirmed."""
    file = SimpleUploadedFile(name or f"so.{kind}", file_of(rows, kind))
    answer = client.post(reverse(f"admin:{model}_import"), {"file": file})
    assert answer.status_code == 302, answer.context["refused"]
    return BulkFile.objects.latest("pk")


def confirm(client: Client, bulk_file: BulkFile) -> str:
    assert client.post(reverse("bulk_apply", args=[bulk_file.pk])).status_code == 302
    return client.get(reverse("bulk_file", args=[bulk_file.pk])).content.decode()


CHILD_MODEL = "records_child"


@pytest.mark.parametrize("kind", FORMATS)
def test_a_register_goes_out_and_comes_back_through_the_one_door(
    campaign: Campaign, district: User, administrator: User, signed_in: Client, kind: str
) -> None:
    record = exported_child(
        campaign, district, "TE1", personal_number="", phone="+84912000111", note="=1+1", household_code="0012"
    )
    other = exported_child(campaign, district, "TE2", full_name="Mùa A Khác", personal_number="014215001299")
    content = export(signed_in, CHILD_MODEL, kind)
    row, beside = rows_of(content, kind)
    assert (row["Mã dòng"], row["Họ và tên cha"], row["Mã hộ"]) == (record.row_code, "Mùa A Páo", "0012")
    if kind == "xlsx":
        cells = {cell.value: cell.data_type for line in load_workbook(io.BytesIO(content)).active for cell in line}
        assert (cells["=1+1"], cells["0012"]) == ("s", "s")  # a text, not a formula
    if kind in ("csv", "tsv", "html"):
        assert (row["Ghi chú"], row["Số điện thoại"]) == ("'=1+1", "'+84912000111")

    given = give(signed_in, CHILD_MODEL, [row | {"Số định danh cá nhân": "014215001234"}, beside], kind)
    page = signed_in.get(reverse("bulk_file", args=[given.pk])).content.decode()
    assert "014215001234" in page
    assert (given.face["totals"], Change.objects.count()) == ({"new": 0, "update": 1, "skip": 1}, 0)
    assert "đã ghi vào" in confirm(signed_in, given)

    record.refresh_from_db()
    change = Change.objects.get()
    assert (record.personal_number, record.stage, record.value("note")) == ("014215001234", "to_review", "=1+1")
    assert (change.field, change.change_set.kind, change.change_set.by) == (
        "personal_number", ChangeKind.ADMIN, administrator,
    )  # fmt: skip
    assert not Finding.objects.open().filter(record=record).exists()
    assert Record.objects.get(pk=other.pk).version == other.version
    assert {*AuditEvent.objects.values_list("event", flat=True)} >= {"bulk_exported", "bulk_imported"}


def test_a_row_without_a_code_is_a_new_person(campaign: Campaign, district: User, signed_in: Client) -> None:
    exported_child(campaign, district, "TE1")
    [row] = rows_of(export(signed_in, CHILD_MODEL, "csv"), "csv")
    new = {"Mã dòng": "", "Mã trẻ em": "", "Họ và tên trẻ em": "Mùa A Mới", "Số định danh cá nhân": ""}
    confirm(signed_in, give(signed_in, CHILD_MODEL, [row | new]))
    added = Record.objects.get(full_name="Mùa A Mới")
    assert (added.is_new, added.stage, added.value("father_name")) == (True, "to_review", "Mùa A Páo")
    assert not Change.objects.exists()


def test_a_register_of_thousands_is_worked_on_by_jobs(
    campaign: Campaign, district: User, signed_in: Client, django_assert_max_num_queries: Callable
) -> None:
    change_set = changes.open_change_set(campaign, ChangeKind.NEW_PERSON, by=district)
    people = [
        CHILD | {"full_name": f"Mùa A Chống {n:04d}", "personal_number": f"0142150{n:05d}"} for n in range(3000)
    ]  # fmt: skip
    changes.add_people(campaign, "children", people, change_set=change_set)

    address = reverse("admin:records_child_export")
    form = signed_in.get(address).context["form"]
    data = {name: "on" for name in form.fields if name not in ("format", "resource", "export_items")}
    signed_in.post(address, data | {"format": "0"})
    assert run_job() == {"rows": 3000}
    exported = BulkFile.objects.get()
    answer = signed_in.get(reverse("bulk_download", args=[exported.pk]))
    rows = rows_of(b"".join(answer.streaming_content), "xlsx")  # type: ignore[attr-defined]
    assert len(rows) == 3000

    edited = [row | {"Bản/tiểu khu": "Bản Cáo B"} for row in rows]
    given = give(signed_in, CHILD_MODEL, edited, "xlsx")
    with django_assert_max_num_queries(90):  # not one a row
        assert run_job() == {"rows": 3000, "created": 0, "changed": 3000, "unchanged": 0}
    assert Record.objects.filter(village="Bản Cáo B").count() == 0
    assert len(BulkFile.objects.get(pk=given.pk).face["rows"]) == bulk.SHOWN
    signed_in.post(reverse("bulk_apply", args=[given.pk]))
    run_job()
    assert Record.objects.filter(village="Bản Cáo B").count() == 3000
    assert Change.objects.filter(field="village").count() == 3000
    page = signed_in.get(reverse("job", args=[Job.objects.latest("pk").pk])).content.decode()
    assert reverse("bulk_file", args=[given.pk]) in page


def run_job() -> dict[str, int]:
    """What a worker does once the bell rings."""
    job = Job.objects.get(status=JobStatus.QUEUED)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.status, job.error) == (JobStatus.DONE, "")
    return job.result


def test_what_somebody_changed_since_the_export_stays(campaign: Campaign, district: User, signed_in: Client) -> None:
    record = exported_child(campaign, district, "TE1")
    [row] = rows_of(export(signed_in, CHILD_MODEL, "csv"), "csv")
    edit = changes.open_change_set(campaign, ChangeKind.EDIT, by=district)
    changes.apply(edit, {record.pk: {"village": "Bản Mới"}})
    page = confirm(signed_in, give(signed_in, CHILD_MODEL, [row | {"Bản/tiểu khu": "Bản Cũ"}]))
    assert Record.objects.get(pk=record.pk).village == "Bản Mới"
    assert f"1 hồ sơ đã có người sửa sau khi tệp được xuất nên giữ nguyên: {record.row_code}" in page


def test_a_file_with_a_wrong_row_writes_nothing_and_says_which(
    campaign: Campaign, district: User, signed_in: Client
) -> None:
    exported_child(campaign, district, "TE1")
    [row] = rows_of(export(signed_in, CHILD_MODEL, "csv"), "csv")
    rows = [row | {"Bản/tiểu khu": "Bản Khác", "Cột lạ": "x"}, row | {"Mã dòng": "AAAAAA"}, dict(row)]
    given = give(signed_in, CHILD_MODEL, [one | {"Cột lạ": ""} for one in rows])
    page = confirm(signed_in, given)
    assert [line for line, _ in given.face["errors"]] == [3, 4]
    assert "Sổ này không có hồ sơ mã dòng AAAAAA" in page
    assert "đã có ở dòng trên" in page
    assert "Cột không nhận ra nên bỏ qua: Cột lạ" in page
    assert not Change.objects.exists()


def test_one_system_code_is_one_person(campaign: Campaign, district: User, signed_in: Client) -> None:
    first = exported_child(campaign, district, "TE1")
    exported_child(campaign, district, "TE2", full_name="Mùa A Khác", personal_number="")
    rows = rows_of(export(signed_in, CHILD_MODEL, "csv"), "csv")
    taken = rows[1] | {"Mã trẻ em": "TE1"}
    twice = [rows[0] | {"Mã dòng": "", "Mã trẻ em": "TE9"}] * 2
    given = give(signed_in, CHILD_MODEL, [rows[0], taken, *twice])
    assert [line for line, _ in given.face["errors"]] == [3, 5]
    assert f"Mã trẻ em TE1 đã có ở hồ sơ {first.row_code}" in confirm(signed_in, given)
    swapped = [rows[0] | {"Mã trẻ em": "TE8"}, rows[1] | {"Mã trẻ em": "TE9"}]
    confirm(signed_in, give(signed_in, CHILD_MODEL, swapped))
    assert {*Record.objects.values_list("system_code", flat=True)} == {"TE8", "TE9"}


def test_a_file_that_is_stopped_changes_nothing(
    campaign: Campaign, district: User, administrator: User, signed_in: Client
) -> None:
    exported_child(campaign, district, "TE1")
    [row] = rows_of(export(signed_in, CHILD_MODEL, "csv"), "csv")
    given = give(signed_in, CHILD_MODEL, [row | {"Bản/tiểu khu": "Bản Khác"}])

    def stop(stage: str, done: int, total: int) -> None:
        if stage == "ghi vào sổ":
            raise jobs.JobCancelledError

    with pytest.raises(jobs.JobCancelledError):
        bulk.apply_file(given, by=administrator, report=stop)
    given.refresh_from_db()
    assert (given.status, Change.objects.count()) == ("checked", 0)


def test_what_a_library_says_is_not_shown(campaign: Campaign, lang_cheu: Commune, signed_in: Client) -> None:
    row = {"Tên": "Bản A", "Thứ tự đi": "một", "Mã xã": "03874"}
    [[line, said]] = give(signed_in, "campaigns_village", [row]).face["errors"]
    assert (line, "không đúng kiểu của cột" in said) == (2, True)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("so.pdf", b"%PDF", "Dùng một trong các đuôi"),
        ("so.xlsx", b"PK\x03\x04 broken", "Không đọc được tệp"),
        ("so.json", b"[{]", "Không đọc được tệp"),
        ("so.csv", "Mã dòng,Xã\n".encode(), "không có dòng nào dưới tiêu đề"),
        ("so.csv", "Mã dòng,,Xã\nA,B,C\n".encode(), "không ô nào trống"),
        ("so.yaml", b"!!python/object/apply:os.system ['true']", "Không đọc được tệp"),
        ("so.csv", b"", "tiêu đề cột"),
    ],
)
def test_a_file_that_cannot_be_read_says_what_to_do(
    campaign: Campaign, signed_in: Client, name: str, content: bytes, said: str
) -> None:
    answer = signed_in.post(reverse("admin:records_child_import"), {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not BulkFile.objects.exists()


@pytest.mark.parametrize("kind", ["xlsx", "csv", "json"])
def test_places_go_out_and_come_back(campaign: Campaign, lang_cheu: Commune, signed_in: Client, kind: str) -> None:
    Village.objects.create(commune=lang_cheu, name="Bản Cáo A", walk_order=1)
    [row] = rows_of(export(signed_in, "campaigns_village", kind), kind)
    assert row == {"Tên": "Bản Cáo A", "Thứ tự đi": "1", "Mã xã": "03874"}
    rows = [row | {"Thứ tự đi": "7"}, {"Tên": "Bản Mới", "Thứ tự đi": "2", "Mã xã": "3874"}]
    confirm(signed_in, give(signed_in, "campaigns_village", rows, kind))
    assert list(Village.objects.values_list("name", "walk_order")) == [("Bản Mới", 2), ("Bản Cáo A", 7)]
    refused = give(signed_in, "campaigns_village", [row | {"Mã xã": "99999"}], kind)
    assert "Huyện không có xã, thị trấn mã “99999”" in confirm(signed_in, refused)


@pytest.mark.parametrize("model", ["campaigns_commune", "campaigns_category", "campaigns_ethnicgroup"])
@pytest.mark.parametrize("kind", ["xlsx", "csv", "json"])
def test_lists_of_the_state_come_back_as_they_went(
    campaign: Campaign, signed_in: Client, model: str, kind: str
) -> None:
    rows = rows_of(export(signed_in, model, kind), kind)
    given = give(signed_in, model, rows, kind)
    assert (given.face["errors"], given.face["totals"]) == ([], {"new": 0, "update": 0, "skip": len(rows)})


def test_a_corrected_category_is_judged_by_at_once(campaign: Campaign, signed_in: Client) -> None:
    rows = rows_of(export(signed_in, "campaigns_category", "xlsx"), "xlsx")
    rows[0] = rows[0] | {"Cách ghi khác": "Cách mới;Cách nữa"}
    confirm(signed_in, give(signed_in, "campaigns_category", rows, "xlsx"))
    assert Category.objects.get(code=rows[0]["Mã"]).aliases == ["Cách mới", "Cách nữa"]
    assert [job.kind for job in Job.objects.filter(status="queued")] == ["refresh_findings"]
    mong = EthnicGroup.objects.get(name="Mông")
    form = signed_in.get(reverse("admin:campaigns_ethnicgroup_change", args=[mong.pk])).context["adminform"].form
    data = {name: form[name].value() or "" for name in form.fields}
    signed_in.post(reverse("admin:campaigns_ethnicgroup_change", args=[mong.pk]), data | {"aliases": '["Mèo"]'})
    assert Job.objects.filter(kind="refresh_findings").count() == 1  # the one that waits does it all


def test_accounts_come_in_without_a_password_and_within_the_rules(
    campaign: Campaign, lang_cheu: Commune, administrator: User, officer: User, signed_in: Client
) -> None:
    Village.objects.create(commune=lang_cheu, name="Bản Cáo A")
    rows = {row["Tài khoản"]: row for row in rows_of(export(signed_in, "campaigns_user", "json"), "json")}
    assert "lenh" not in rows
    row = rows[officer.username]
    assert (row["Vai trò"], row["Mã xã"], row["Đang dùng"]) == ("Công chức LĐ-TB&XH xã", "03874", "có")
    helper = row | {
        "Tài khoản": "doan-lang-cheu", "Họ và tên": "Đoàn Làng Chếu", "Vai trò": "collaborator",
        "Bản phụ trách": "Bản Cáo A",
    }  # fmt: skip
    confirm(signed_in, give(signed_in, "campaigns_user", [row | {"Đang dùng": "không"}, helper], "json"))
    officer.refresh_from_db()
    added = User.objects.get(username="doan-lang-cheu")
    assert (officer.is_active, added.role, added.has_usable_password()) == (False, Role.COLLABORATOR, False)
    assert [village.name for village in added.villages.all()] == ["Bản Cáo A"]
    assert AuditEvent.objects.filter(event__in=["account_created", "account_changed"]).count() == 2

    own = rows[administrator.username] | {"Vai trò": "leader"}
    homeless = helper | {"Tài khoản": "khong-xa", "Mã xã": "", "Bản phụ trách": ""}
    system = helper | {"Tài khoản": "lenh-hai", "Vai trò": "system"}
    page = confirm(signed_in, give(signed_in, "campaigns_user", [own, homeless, system], "json"))
    assert "Không tự đổi tài khoản của mình" in page
    assert "Vai trò cấp xã phải có xã, thị trấn" in page
    assert not User.objects.filter(username__in=["khong-xa", "lenh-hai"]).exists()


def test_what_was_never_confirmed_is_forgotten_after_a_day(
    campaign: Campaign, lang_cheu: Commune, signed_in: Client
) -> None:
    given = give(signed_in, "campaigns_village", [{"Tên": "Bản A", "Thứ tự đi": "1", "Mã xã": "03874"}])
    BulkFile.objects.update(at="2023-01-01T00:00Z")
    bulk.forget_old()
    given.refresh_from_db()
    assert (given.file.name, given.face, given.status) == ("", {}, "discarded")


def test_a_reason_is_asked_for_before_people_are_shown(
    client: Client, campaign: Campaign, district: User, administrator: User
) -> None:
    client.force_login(administrator)
    bulk_file = BulkFile.objects.create(
        campaign=campaign, model="records.Child", is_export=True, format="csv", name="x.csv", by=administrator,
        status="written",
    )  # fmt: skip
    for address in (
        reverse("admin:records_child_import"),
        reverse("admin:records_child_export"),
        reverse("bulk_file", args=[bulk_file.pk]),
        reverse("bulk_download", args=[bulk_file.pk]),
    ):
        assert client.get(address)["Location"].startswith(reverse("reason")), address


def test_nobody_else_gets_in(client: Client, district: User) -> None:
    client.force_login(district)
    assert client.get(reverse("admin:index")).status_code in (302, 403)
    assert client.get(reverse("admin:records_child_export")).status_code in (302, 403)
