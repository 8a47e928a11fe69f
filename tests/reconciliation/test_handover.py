from __future__ import annotations

import datetime
import hashlib
import re
import zipfile
from collections.abc import Callable
from io import BytesIO

import openpyxl
import pytest
from django.utils import timezone

from campaigns.clock import windows_of
from campaigns.errors import WorkRefused
from campaigns.models import AuditEvent, Campaign, Commune, User
from campaigns.permissions import NotAllowed
from reconciliation.handover import send_batch, waiting
from reconciliation.models import Batch, BatchLine
from records import changes, row_codes, stages
from records.models import ChangeKind, Record, Stage
from tests.reconciliation.conftest import PEOPLE, Sending
from tests.reconciliation.sent_lists import HEADING_ROW, content_of, rows_of
from tests.records.people import add_child

POLICE_HEADINGS = [
    "STT", "Mã dòng", "Họ và tên", "Ngày sinh", "Giới tính", "Dân tộc", "Số hiện có", "Họ tên cha", "Họ tên mẹ",
    "Nơi thường trú", "Đề nghị", "Mã kết quả", "Số định danh", "Họ tên đúng", "Ngày sinh đúng", "Giới tính đúng",
    "Nơi thường trú đúng", "Ghi chú",
]  # fmt: skip


def test_the_list_holds_whoever_waits_and_they_go_to_the_police(sent: Sending) -> None:
    batch, records = sent(3)
    assert batch.code == "LC-TE-01"
    assert {r.stage for r in records} == {Stage.WITH_POLICE}
    assert sorted(batch.lines.values_list("row_code", flat=True)) == sorted(r.row_code for r in records)
    assert batch.rows == 3
    assert hashlib.sha256(content_of(batch)).hexdigest() == batch.sha256
    assert AuditEvent.objects.filter(event="batch_sent", target="batch:LC-TE-01").count() == 1


def test_the_sheet_is_as_the_contract_says(sent: Sending) -> None:
    batch, _ = sent(2)
    rows = rows_of(content_of(batch))
    above = " ".join(cell for row in rows[: HEADING_ROW - 1] for cell in row)
    for expected in ("LC-TE-01", "Xã Làng Chếu", "Trẻ em", "Số dòng: 2", f"{batch.due:%d/%m/%Y}"):
        assert expected in above
    assert rows[HEADING_ROW - 1] == POLICE_HEADINGS
    first = dict(zip(POLICE_HEADINGS, rows[HEADING_ROW], strict=True))
    assert row_codes.check(first["Mã dòng"]) == first["Mã dòng"]
    assert first["STT"] == "1"
    assert first["Đề nghị"] == "Chưa có số: đề nghị tra hoặc cấp số."
    assert first["Nơi thường trú"] == "Bản Cáo A, xã Làng Chếu"


def test_only_answers_are_unlocked_and_everything_is_text(sent: Sending) -> None:
    batch, _ = sent({**PEOPLE[0], "full_name": "=1+1", "personal_number": "014215001234"})
    book = openpyxl.load_workbook(BytesIO(content_of(batch)))
    sheet = book["Danh sách"]
    assert book.sheetnames == ["Danh sách"]
    assert sheet.protection.sheet
    cells = list(sheet[HEADING_ROW + 1])
    assert [c.protection.locked for c in cells] == [True] * 11 + [False] * 7
    assert {c.data_type for row in sheet.iter_rows() for c in row if c.value is not None} == {"s"}
    assert {c.number_format for c in cells} == {"@"}
    assert cells[6].value == "014215001234"
    with zipfile.ZipFile(BytesIO(content_of(batch))) as archive:
        assert "<f>" not in archive.read("xl/worksheets/sheet1.xml").decode()


def test_print_setup_and_drop_down(sent: Sending) -> None:
    batch, _ = sent(1)
    sheet = openpyxl.load_workbook(BytesIO(content_of(batch)))["Danh sách"]
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.print_title_rows == f"${HEADING_ROW}:${HEADING_ROW}"
    footer = (sheet.oddFooter.left.text or "") + (sheet.oddFooter.right.text or "")
    assert "dữ liệu cá nhân" in footer
    assert "&P" in footer
    lists = {v.formula1: v for v in sheet.data_validations.dataValidation if v.type == "list"}
    codes = lists['"K,C,S,N,T,M,D,V,G,R,X"']
    assert codes.promptTitle == "Mã kết quả"
    assert "C: số định danh" in codes.prompt
    assert sheet.cell(HEADING_ROW + 1, 2).font.name == "Courier New"


@pytest.mark.parametrize(
    ("fields", "request_text"),
    [
        ({"personal_number": ""}, "Chưa có số: đề nghị tra hoặc cấp số."),
        ({"personal_number": "014215"}, "Số hiện có sai (số không đủ 12 chữ số): đề nghị tra số đúng."),
        ({"personal_number": "050123456"}, "Chỉ có số chứng minh cũ: đề nghị tra hoặc cấp số 12 chữ số."),
        ({"personal_number": "014215001234"}, "Người mới thêm: đề nghị đối chiếu số và thông tin."),
        (
            {"father_name": "", "mother_name": "", "guardian_name": "Mùa Thị Pàng"},
            "Chưa có số: đề nghị tra hoặc cấp số. Người nuôi dưỡng, giám hộ: Mùa Thị Pàng.",
        ),
    ],
)
def test_the_request_says_what_is_asked(sent: Sending, fields: dict[str, str], request_text: str) -> None:
    batch, _ = sent(fields)
    assert batch.lines.get().sent["Đề nghị"] == request_text


def test_an_old_id_of_its_own_column_is_the_number_at_hand(sent: Sending) -> None:
    batch, _ = sent({"personal_number": "", "old_id_number": "050123456"})
    assert batch.lines.get().sent["Số hiện có"] == "050123456"


def test_nothing_sensitive_goes_out(sent: Sending) -> None:
    batch, _ = sent({"disability": "Vận động nặng", "household_status": "Hộ nghèo", "phone": "0912000111"})
    text = " ".join(cell for row in rows_of(content_of(batch)) for cell in row)
    assert not re.search("Vận động|Hộ nghèo|0912000111", text)


def test_numbers_of_batches_follow_on(campaign: Campaign, officer: User, lang_cheu: Commune, sent: Sending) -> None:
    sent(1)
    batch, _ = sent(1)
    assert batch.code == "LC-TE-02"


def test_nobody_is_sent_twice(campaign: Campaign, officer: User, lang_cheu: Commune, sent: Sending) -> None:
    sent(2)
    with pytest.raises(WorkRefused) as refused:
        send_batch(campaign, "children", lang_cheu, "police", by=officer)
    assert refused.value.code == "nothing_to_send"
    assert Batch.objects.count() == 1


def test_only_chosen_records_go(
    campaign: Campaign, officer: User, lang_cheu: Commune, ready: Callable[..., list[Record]]
) -> None:
    records = ready(3)
    batch = send_batch(campaign, "children", lang_cheu, "police", by=officer, record_ids=[records[1].pk]).batch
    assert [line.record_id for line in batch.lines.all()] == [records[1].pk]
    assert set(waiting(campaign, "children", lang_cheu, "police")) == {records[0].pk, records[2].pk}


def test_who_no_longer_receives_is_never_sent(campaign: Campaign, system: User, lang_cheu: Commune) -> None:
    record = add_child(campaign, system)
    Record.objects.filter(pk=record.pk).update(in_scope=False)
    stages.move(campaign, [record.pk], Stage.READY_FOR_POLICE, by=system)
    with pytest.raises(WorkRefused):
        send_batch(campaign, "children", lang_cheu, "police", by=system)


def test_a_commune_sends_its_own(campaign: Campaign, other_officer: User, police: User, lang_cheu: Commune) -> None:
    for person in (other_officer, police):
        with pytest.raises(NotAllowed):
            send_batch(campaign, "children", lang_cheu, "police", by=person)


def test_a_said_return_date(
    campaign: Campaign, officer: User, lang_cheu: Commune, ready: Callable[..., list[Record]]
) -> None:
    ready(1)
    with pytest.raises(WorkRefused):
        send_batch(campaign, "children", lang_cheu, "police", by=officer, due=datetime.date(2020, 1, 1))
    day = timezone.localdate() + datetime.timedelta(days=400)
    sent = send_batch(campaign, "children", lang_cheu, "police", by=officer, due=day)
    last = windows_of(campaign, "children")["police"][1]
    expected = last if timezone.localdate() <= last else day
    assert sent.batch.due == expected


def test_two_hundred_lines_cost_as_many_queries_as_five(
    campaign: Campaign,
    officer: User,
    lang_cheu: Commune,
    ready: Callable[..., list[Record]],
    django_assert_num_queries: object,
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for size in (2, 8):
        ready(size)
        with CaptureQueriesContext(connection) as queries:
            send_batch(campaign, "children", lang_cheu, "police", by=officer)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert BatchLine.objects.count() == 10


def test_who_is_no_longer_in_the_export_is_not_sent_and_the_person_sees_why(
    campaign: Campaign, officer: User, lang_cheu: Commune, ready: Callable[..., list[Record]]
) -> None:
    here, gone = ready(2)
    Record.objects.filter(pk=gone.pk).update(is_gone=True)
    sent = send_batch(campaign, "children", lang_cheu, "police", by=officer)
    assert list(sent.batch.lines.values_list("record", flat=True)) == [here.pk]
    assert gone.row_code in sent.note
    assert "không còn trong tệp xuất" in sent.note
    with pytest.raises(WorkRefused, match=gone.row_code) as refused:
        send_batch(campaign, "children", lang_cheu, "police", by=officer)
    assert refused.value.code == "nothing_to_send"


def test_who_has_something_new_to_look_at_since_the_review_waits_until_it_is_settled(
    campaign: Campaign, officer: User, lang_cheu: Commune, ready: Callable[..., list[Record]]
) -> None:
    known, changed = ready({"village": ""}, {})
    change_set = changes.open_change_set(campaign, ChangeKind.EDIT, by=officer)
    changes.apply(change_set, {changed.pk: {"birth_date": "31/02/2015", "personal_number": "12"}})
    sent = send_batch(campaign, "children", lang_cheu, "police", by=officer)
    assert list(sent.batch.lines.values_list("record", flat=True)) == [known.pk]
    assert f"{changed.row_code} có điều mới cần xem" in sent.note
    changes.apply(change_set, {changed.pk: {"birth_date": "02/03/2015"}})
    assert send_batch(campaign, "children", lang_cheu, "police", by=officer).batch.rows == 1
