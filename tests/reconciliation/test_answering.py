from __future__ import annotations

import pytest

from campaigns.errors import WorkRefused
from campaigns.models import AuditEvent, User
from campaigns.permissions import NotAllowed
from reconciliation.answering import save_draft, submit
from reconciliation.models import BatchLine, HandBack
from records.models import Record, Stage
from tests.reconciliation.conftest import Sending
from tests.reconciliation.sent_lists import good_number


def line_of(record: Record) -> BatchLine:
    return BatchLine.objects.get(record=record)


def test_answers_typed_in_the_browser_count_like_a_file(sent: Sending, police: User) -> None:
    batch, records = sent(3)
    assert save_draft(line_of(records[0]), {"number": good_number(records[0])}, by=police) == []
    save_draft(line_of(records[1]), {"result": "n", "note": "không thấy"}, by=police)
    taken = submit(batch, by=police)
    assert (taken.counts["rows"], taken.counts["accepted"], taken.counts["to_settle"]) == (2, 1, 1)
    assert [Record.objects.get(pk=r.pk).stage for r in records] == [
        Stage.CLEANED, Stage.TO_SETTLE, Stage.WITH_POLICE,
    ]  # fmt: skip
    assert line_of(records[0]).answer == {"Số định danh": good_number(records[0])}
    assert line_of(records[0]).draft == {}
    assert line_of(records[2]).outcome == ""
    assert HandBack.objects.get().source_file is None
    assert AuditEvent.objects.filter(event="answers_submitted").count() == 1


@pytest.mark.parametrize(
    ("cells", "lacks"),
    [
        ({"result": "C"}, ["thiếu số định danh"]),
        ({"result": "N"}, ["thiếu ghi chú"]),
        ({"result": "M", "note": "2022, trích lục số 12"}, []),
        ({"result": "K"}, []),
        ({}, []),
    ],
)
def test_what_a_code_needs_is_asked(sent: Sending, police: User, cells: dict[str, str], lacks: list[str]) -> None:
    _, records = sent(1)
    assert save_draft(line_of(records[0]), cells, by=police) == lacks


def test_a_draft_is_kept_until_it_is_emptied(sent: Sending, police: User) -> None:
    batch, records = sent(1)
    save_draft(line_of(records[0]), {"result": "K", "unknown": "x", "stt": "9"}, by=police)
    assert line_of(records[0]).draft == {"result": "K"}
    save_draft(line_of(records[0]), {"result": " "}, by=police)
    with pytest.raises(WorkRefused):
        submit(batch, by=police)


def test_a_second_submission_adds_what_is_new(sent: Sending, police: User) -> None:
    batch, records = sent(2)
    for record in records:
        save_draft(line_of(record), {"number": good_number(record)}, by=police)
        submit(batch, by=police)
    batch.refresh_from_db()
    assert batch.closed_at is not None
    assert {Record.objects.get(pk=r.pk).stage for r in records} == {Stage.CLEANED}


def test_only_whom_the_list_went_to_may_answer(sent: Sending, justice: User, officer: User, district: User) -> None:
    batch, records = sent(1)
    for person in (justice, officer, district):
        with pytest.raises(NotAllowed):
            save_draft(line_of(records[0]), {"result": "K"}, by=person)
        with pytest.raises(NotAllowed):
            submit(batch, by=person)
