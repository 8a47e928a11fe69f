"""After a file is applied: rows that wait for a second look, fields that both sides changed."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from campaigns import jobs
from campaigns.models import Job, User
from records import changes, imports
from records.models import ChangeKind, Conflict, Record, SourceFile
from records.views.conflict_face import side_by_side
from tests.records.conftest import Receive
from tests.records.export_files import child

MANY = [child(n) for n in range(1, 31)]


@pytest.fixture
def office(client: Client, district: User) -> Client:
    client.force_login(district)
    return client


def record_of(number: int) -> Record:
    return Record.objects.get(system_code=child(number)["system_code"])


def edit(record: Record, by: User, **fields: str) -> None:
    changes.apply(changes.open_change_set(record.campaign, ChangeKind.EDIT, by=by), {record.pk: fields})


def shown(client: Client, source_file: SourceFile) -> str:
    return client.get(reverse("import_file", args=[source_file.code])).content.decode()


def test_rows_that_wait_are_shown_and_applied(office: Client, receive: Receive, district: User) -> None:
    imports.apply(receive(MANY), by=district)
    file = receive([child(1, phone="0999"), *MANY[1:]])
    imports.compare(file, by=district)
    edit(record_of(1), district, village="Cáo A")
    imports.apply(file, by=district)
    page = shown(office, file)
    assert "1 dòng chưa ghi: sổ đã đổi từ lúc bạn xem trước" in page
    assert "Đã xem lại, áp dụng 1 dòng này" in page
    assert reverse("record", args=[record_of(1).row_code]) in page
    office.post(reverse("apply_rest", args=[file.code]))
    jobs.run(Job.objects.get(kind="apply_rest").pk)
    assert record_of(1).value("phone") == "0999"
    assert "chưa ghi: sổ đã đổi" not in shown(office, file)
    office.post(reverse("apply_rest", args=[file.code]))
    assert Job.objects.filter(kind="apply_rest").count() == 1


def in_conflict(receive: Receive, by: User, numbers: range) -> SourceFile:
    imports.apply(receive(MANY), by=by)
    for number in numbers:
        edit(record_of(number), by, phone="0888")
    file = receive([row | {"phone": "0999"} if n + 1 in numbers else row for n, row in enumerate(MANY)])
    imports.apply(file, by=by)
    return file


def test_both_sides_are_shown_and_one_is_chosen(office: Client, receive: Receive, district: User) -> None:
    file = in_conflict(receive, district, range(1, 4))
    page = shown(office, file)
    assert "3 ô cả hai bên cùng đổi: đang giữ của sổ" in page
    assert all(text in page for text in ("0912000111", "0888", "0999"))
    first, second, third = Conflict.objects.order_by("row_number")
    form = {f"o-{first.pk}": "theirs", f"o-{second.pk}": "ours", "o-x": "theirs", f"o-{third.pk}": "nobody"}
    form |= {f"v-{c.record_id}": c.record.version for c in (first, second, third)}
    page = office.post(reverse("decide_conflicts", args=[file.code]), form, follow=True).content.decode()
    assert "Đã lấy 1 ô theo tệp, giữ 1 ô của sổ." in page
    assert "1 ô cả hai bên cùng đổi" in page
    assert [record_of(n).value("phone") for n in (1, 2, 3)] == ["0999", "0888", "0888"]
    undo = reverse("undo", args=[Conflict.objects.get(pk=first.pk).change_set_id])
    assert undo in page
    office.post(undo)
    assert record_of(1).value("phone") == "0888"
    assert "2 ô cả hai bên cùng đổi" in shown(office, file)


def test_all_of_a_field_at_once(office: Client, receive: Receive, district: User) -> None:
    file = in_conflict(receive, district, range(1, 4))
    office.post(reverse("decide_conflicts", args=[file.code]), {"field": "phone", "side": "theirs"})
    assert {record_of(n).value("phone") for n in (1, 2, 3)} == {"0999"}
    assert "cả hai bên cùng đổi: đang" not in shown(office, file)


def test_nothing_chosen_is_said(office: Client, receive: Receive, district: User) -> None:
    file = in_conflict(receive, district, range(1, 2))
    page = office.post(reverse("decide_conflicts", args=[file.code]), {}, follow=True).content.decode()
    assert "Chưa chọn ô nào" in page


def test_a_stale_page_overwrites_nothing(office: Client, receive: Receive, district: User) -> None:
    file = in_conflict(receive, district, range(1, 2))
    conflict = Conflict.objects.get()
    form = {f"o-{conflict.pk}": "theirs", f"v-{conflict.record_id}": record_of(1).version}
    edit(record_of(1), district, phone="0777")
    page = office.post(reverse("decide_conflicts", args=[file.code]), form, follow=True).content.decode()
    assert "1 ô để lại" in page
    assert record_of(1).value("phone") == "0777"


def test_as_many_queries_for_many(office: Client, receive: Receive, district: User) -> None:
    one = in_conflict(receive, district, range(1, 3))
    shown(office, one)
    with CaptureQueriesContext(connection) as few:
        shown(office, one)
    for number in range(3, 25):
        edit(record_of(number), district, phone="0888")
    many = receive([row | {"phone": "0777"} for row in MANY])
    imports.apply(many, by=district)
    with CaptureQueriesContext(connection) as more:
        shown(office, many)
    assert len(few) == len(more)


@pytest.mark.parametrize(
    ("numbers", "seen"),
    [
        (["014215000001", "014215000001", "014215000991"], ["014••••••001", "014••••••001", "014••••••991"]),
        (["", "014215000001", "014215100001"], ["", "014•••0•••01", "014•••1•••01"]),
        (["0142150001", "014215000001", ""], ["014•••••01", "014•••••••01", ""]),
    ],
)
def test_numbers_side_by_side_show_where_they_differ(numbers: list[str], seen: list[str]) -> None:
    assert side_by_side(numbers) == seen


@pytest.mark.parametrize("applied", [False, True])
def test_who_is_new_and_who_is_gone_can_be_had_as_lists(
    office: Client, receive: Receive, district: User, applied: bool
) -> None:
    imports.apply(receive(MANY), by=district)
    file = receive([*MANY[4:], *(child(n, circumstance="mồ côi") for n in range(40, 43))])
    imports.compare(file, by=district)
    if applied:
        imports.apply(file, by=district)
    assert shown(office, file).count("Tải cả danh sách") == 2
    for which, numbers in (("new", range(40, 43)), ("gone", range(1, 5))):
        answer = office.post(reverse("people_of_file", args=[file.code, which]))
        sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).active
        cells = [[cell or "" for cell in row] for row in sheet.iter_rows(min_row=5, values_only=True)]
        names = {child(n)["full_name"] for n in numbers}
        assert {cell for row in cells for cell in row} & {
            row["full_name"] for row in [*MANY, *map(child, numbers)]
        } == names
        assert "mồ côi" not in {cell for row in cells for cell in row}
        if which == "gone" or applied:
            codes = {row[1] for row in cells}
            assert codes == set(Record.objects.filter(full_name__in=names).values_list("row_code", flat=True))
    assert office.post(reverse("people_of_file", args=[file.code, "others"])).status_code == 404


def test_a_file_of_new_people_only_is_its_own_list(office: Client, receive: Receive, district: User) -> None:
    file = receive(MANY)
    imports.compare(file, by=district)
    page = office.post(reverse("people_of_file", args=[file.code, "new"]), follow=True).content.decode()
    assert "chính tệp ấy là danh sách" in page
