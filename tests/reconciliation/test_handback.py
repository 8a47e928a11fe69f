"""Lists that come home: the really sent workbook, answered, and whatever befell it on the way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl.worksheet.worksheet import Worksheet

from campaigns.errors import WorkRefused
from campaigns.models import AuditEvent, Campaign, User
from campaigns.permissions import NotAllowed
from reconciliation.models import Batch, BatchLine, Difference, HandBack
from records.models import ChangeSet, Record, SourceFile, Stage
from tests.reconciliation.conftest import Sending, Take
from tests.reconciliation.sent_lists import (
    HEADING_ROW,
    all_c,
    answered,
    content_of,
    copy_row,
    good_number,
    outcomes,
    saved,
    stages_of,
    without_title,
)


def test_numbers_are_taken_and_the_record_goes_on(sent: Sending, take: Take) -> None:
    batch, records = sent(3)
    taken = take(answered(batch, all_c(records[:2])))
    assert taken.counts | {} == {
        "rows": 3, "accepted": 2, "to_settle": 0, "to_civil_registry": 0, "unanswered": 1, "added": 0, "missing": 0,
        "altered": 0, "repeated": 0, "unreadable": 0,
    }  # fmt: skip
    assert taken.needs_person
    assert not taken.reordered
    assert stages_of(records) == [Stage.CLEANED, Stage.CLEANED, Stage.WITH_POLICE]
    record = Record.objects.get(pk=records[0].pk)
    assert record.personal_number == good_number(records[0])
    change_set = ChangeSet.objects.filter(kind="police").get()
    assert (change_set.document, change_set.source_file) == ("LC-TE-01", SourceFile.objects.get())
    assert set(change_set.changes.values_list("field", flat=True)) == {"personal_number"}
    assert AuditEvent.objects.filter(event="hand_back_taken").count() == 1


def test_each_outcome_has_its_stage(sent: Sending, take: Take) -> None:
    batch, records = sent(5)
    answers = all_c(records[:1]) | {
        records[1].row_code: {"Mã kết quả": "N", "Ghi chú": "không có"},
        records[2].row_code: {"Mã kết quả": "G", "Ghi chú": "sinh tại nhà"},
        records[3].row_code: {"Mã kết quả": "C", "Số định danh": good_number(records[3]), "Họ tên đúng": "Sùng Thị Mỵ"},
    }
    taken = take(answered(batch, answers))
    assert stages_of(records) == [
        Stage.CLEANED, Stage.TO_SETTLE, Stage.WITH_CIVIL_REGISTRY, Stage.TO_SETTLE, Stage.WITH_POLICE,
    ]  # fmt: skip
    counts = taken.counts
    total = sum(counts[k] for k in ("accepted", "to_settle", "to_civil_registry", "unanswered", "missing"))
    assert total == batch.rows
    line = BatchLine.objects.get(record=records[3])
    assert {d.field: d.theirs for d in line.differences.all()} == {
        "full_name": "Sùng Thị Mỵ", "personal_number": good_number(records[3]),
    }  # fmt: skip
    assert Record.objects.get(pk=records[3].pk).personal_number == ""


def test_an_accepted_record_with_something_else_open_is_reviewed(sent: Sending, take: Take) -> None:
    batch, records = sent({"village": ""})
    take(answered(batch, all_c(records)))
    assert stages_of(records) == [Stage.TO_REVIEW]


def test_a_dry_run_changes_nothing(sent: Sending, take: Take) -> None:
    batch, records = sent(2)
    taken = take(answered(batch, all_c(records)), dry_run=True)
    assert taken.counts["accepted"] == 2
    assert stages_of(records) == [Stage.WITH_POLICE] * 2
    assert not HandBack.objects.exists()
    assert not SourceFile.objects.exists()
    assert set(BatchLine.objects.values_list("outcome", flat=True)) == {""}


def test_the_same_file_again_changes_nothing(sent: Sending, take: Take) -> None:
    batch, records = sent(2)
    content = answered(batch, all_c(records[:1]))
    first = take(content)
    before = (list(BatchLine.objects.values()), ChangeSet.objects.count(), HandBack.objects.count())
    again = take(content)
    assert again.already
    assert list(again.counts.items()) == list(first.counts.items())
    assert f"{timezone.localtime(HandBack.objects.get().at):%H:%M %d/%m/%Y}" in again.notes[0]
    assert outcomes(again) == outcomes(first)
    assert before == (list(BatchLine.objects.values()), ChangeSet.objects.count(), HandBack.objects.count())


def test_the_same_answers_in_another_file_change_nothing_but_what_is_new(sent: Sending, take: Take) -> None:
    batch, records = sent(3)
    take(answered(batch, all_c(records[:1]) | {records[1].row_code: {"Mã kết quả": "N"}}))
    taken = take(answered(batch, all_c([records[0], records[2]]) | {records[1].row_code: {"Mã kết quả": "N"}}))
    assert outcomes(taken)[records[0].row_code] == "accepted"
    assert outcomes(taken)[records[1].row_code] == "to_settle"
    assert stages_of(records) == [Stage.CLEANED, Stage.TO_SETTLE, Stage.CLEANED]
    assert Batch.objects.get().closed_at is not None


def test_an_empty_row_does_not_take_an_answer_back(sent: Sending, take: Take) -> None:
    batch, records = sent(2)
    take(answered(batch, all_c(records)))
    taken = take(content_of(batch))
    assert taken.counts["unanswered"] == 2
    assert any("đã có trả lời" in note for note in taken.notes)
    assert set(BatchLine.objects.values_list("outcome", flat=True)) == {"accepted"}


def test_another_answer_after_an_accepted_one_waits(sent: Sending, take: Take) -> None:
    batch, records = sent(1)
    take(answered(batch, all_c(records)))
    other = {records[0].row_code: {"Mã kết quả": "C", "Số định danh": good_number(records[0], tail=7)}}
    taken = take(answered(batch, other))
    assert outcomes(taken) == {records[0].row_code: "to_settle"}
    assert stages_of(records) == [Stage.TO_SETTLE]
    assert Record.objects.get().personal_number == good_number(records[0])


def test_a_better_answer_replaces_one_that_nobody_decided_on(sent: Sending, take: Take) -> None:
    batch, records = sent(1)
    take(answered(batch, {records[0].row_code: {"Mã kết quả": "V", "Ghi chú": "hẹn lại"}}))
    taken = take(answered(batch, all_c(records)))
    assert outcomes(taken) == {records[0].row_code: "accepted"}
    assert stages_of(records) == [Stage.CLEANED]
    assert not Difference.objects.exists()


SPELLED_OTHERWISE: list[tuple[str, Callable[[dict[str, str]], dict[str, Any]]]] = [
    ("lower case", lambda cells: cells | {"Mã kết quả": "c"}),
    ("the meaning beside the letter", lambda cells: cells | {"Mã kết quả": "C - đã cấp"}),
    ("without the code", lambda cells: cells | {"Mã kết quả": None}),
    ("a number that lost its zero", lambda cells: cells | {"Số định danh": int(cells["Số định danh"])}),
    ("a note more", lambda cells: cells | {"Ghi chú": "đã trả thẻ"}),
]


@pytest.mark.parametrize(("case", "change"), SPELLED_OTHERWISE, ids=[case for case, _ in SPELLED_OTHERWISE])
def test_the_same_answer_spelled_otherwise_is_no_other_answer(
    sent: Sending, take: Take, case: str, change: Callable[[dict[str, str]], dict[str, Any]]
) -> None:
    batch, records = sent(1)
    answers = all_c(records)
    take(answered(batch, answers))
    code = records[0].row_code
    taken = take(answered(batch, {code: change(answers[code])}))
    assert outcomes(taken) == {code: "accepted"}
    assert stages_of(records) == [Stage.CLEANED]
    assert BatchLine.objects.get().answer.get("Ghi chú", "") == ("đã trả thẻ" if case == "a note more" else "")


def test_a_note_that_was_lacking_completes_an_answer(sent: Sending, take: Take) -> None:
    batch, records = sent(1)
    code = records[0].row_code
    take(answered(batch, {code: {"Mã kết quả": "N"}}))
    taken = take(answered(batch, {code: {"Mã kết quả": "N", "Ghi chú": "không có ở bản"}}))
    assert "thiếu" not in taken.rows[0].reason
    assert BatchLine.objects.get().answer["Ghi chú"] == "không có ở bản"


def test_a_column_of_ours_edited_after_an_accepted_answer(sent: Sending, take: Take) -> None:
    batch, records = sent(1)
    answers = all_c(records)
    code = records[0].row_code
    take(answered(batch, answers))
    taken = take(answered(batch, {code: answers[code] | {"Họ và tên": "Người Khác"}}))
    assert (taken.rows[0].outcome, taken.rows[0].altered) == ("to_settle", ["full_name"])


def test_a_copy_in_a_later_file_is_counted(sent: Sending, take: Take) -> None:
    batch, records = sent(1)
    code = records[0].row_code
    take(answered(batch, all_c(records)))
    taken = take(answered(batch, all_c(records), lambda sheet: copy_row(sheet, code)))
    assert (taken.counts["accepted"], taken.counts["repeated"]) == (1, 1)
    other = {"Số định danh": good_number(records[0], tail=5)}
    taken = take(answered(batch, all_c(records), lambda sheet: copy_row(sheet, code, **other)))
    assert outcomes(taken) == {code: "to_settle"}


# --- which batch ---


def refusal(take: Take, content: bytes, **options: Any) -> str:
    with pytest.raises(WorkRefused) as refused:
        take(content, **options)
    return refused.value.code


def set_batch_code(sheet: Worksheet, code: str) -> None:
    for row in sheet.iter_rows(max_row=HEADING_ROW - 1):
        for cell in row:
            if isinstance(cell.value, str) and "LC-TE" in cell.value:
                cell.value = f"Mã lô: {code}"


def test_a_batch_that_is_not_ours(sent: Sending, take: Take) -> None:
    batch, records = sent(1)
    content = answered(batch, all_c(records), lambda sheet: set_batch_code(sheet, "LC-TE-77"))
    assert refusal(take, content) == "unknown_batch"


def test_a_batch_code_in_lower_case_with_spaces(sent: Sending, take: Take) -> None:
    batch, records = sent(1)
    content = answered(batch, all_c(records), lambda sheet: set_batch_code(sheet, "lc - te – 01"))
    assert take(content).counts["accepted"] == 1


def test_no_batch_code_and_a_code_of_elsewhere(sent: Sending, take: Take) -> None:
    _, others = sent({"full_name": "Phàng A Dê"})
    batch, records = sent(1)

    def tamper(sheet: Worksheet) -> None:
        copy_row(sheet, records[0].row_code, **{"Mã dòng": others[0].row_code})
        without_title(sheet)

    assert refusal(take, answered(batch, all_c(records), tamper)) == "unknown_batch"


def test_no_row_codes(sent: Sending, take: Take) -> None:
    batch, records = sent(1)
    assert refusal(take, answered(batch, all_c(records), lambda sheet: sheet.delete_cols(2))) == "no_row_codes"


def test_no_table_at_all(sent: Sending, take: Take) -> None:
    sent(1)
    book = openpyxl.Workbook()
    book.active.append(["Kính gửi", "xã"])  # type: ignore[union-attr]
    assert refusal(take, saved(book)) in ("no_heading", "empty")
    assert refusal(take, b"%PDF-1.4 nothing") == "unreadable_file"


def test_a_page_of_another_batch(sent: Sending, take: Take) -> None:
    other, _ = sent({"full_name": "Phàng A Dê"})
    batch, records = sent(1)
    assert refusal(take, answered(batch, all_c(records)), batch=other) == "unknown_batch"


# --- who ---


def test_who_may_hand_back(
    campaign: Campaign, sent: Sending, take: Take, other_officer: User, police: User, leader: User, district: User
) -> None:
    batch, records = sent(1)
    content = answered(batch, all_c(records))
    for person in (other_officer, police, leader):
        with pytest.raises(NotAllowed):
            take(content, by=person)
    assert take(content, by=district).counts["accepted"] == 1


def test_beneficiaries_come_back_to_the_district_only(
    campaign: Campaign, sent: Sending, take: Take, officer: User, district: User
) -> None:
    batch, records = sent(1)
    Batch.objects.update(register="beneficiaries")
    with pytest.raises(NotAllowed):
        take(answered(batch, all_c(records)))
    assert batch


def test_as_many_queries_for_many_lines(sent: Sending, take: Take) -> None:
    counts = []
    for size in (2, 8):
        batch, records = sent(size)
        content = answered(batch, all_c(records))
        with CaptureQueriesContext(connection) as queries:
            assert take(content).counts["accepted"] == size
        counts.append(len(queries))
    assert counts[0] == counts[1]
