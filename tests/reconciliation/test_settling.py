from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from campaigns.errors import WorkRefused
from campaigns.models import AuditEvent, Campaign, Commune, User
from campaigns.permissions import NotAllowed
from reconciliation.handback import take_back
from reconciliation.handover import send_batch
from reconciliation.models import Batch, BatchLine, Difference
from reconciliation.settling import decide, find_batch, settle, take_decision_back
from reconciliation.waiting import to_settle
from records import exclusions
from records.models import ChangeSet, Exclusion, Record, Stage
from tests.reconciliation.conftest import Sending
from tests.reconciliation.sent_lists import answered, good_number

Answer = Callable[[Record], Mapping[str, Any]]
Returned = Callable[..., tuple[Batch, list[Record]]]

WRONG_DATE = {"Mã kết quả": "S", "Ngày sinh đúng": "09/03/2015"}
WRONG_NAME = {"Mã kết quả": "S", "Họ tên đúng": "Mùa A Chồng"}


@pytest.fixture
def returned(campaign: Campaign, officer: User, sent: Sending) -> Returned:
    """returned(answer, …) → a batch that came home with one answer a person, and its records."""

    def _returned(*answers: Mapping[str, Any] | Answer) -> tuple[Batch, list[Record]]:
        batch, records = sent(len(answers))
        typed = {r.row_code: a(r) if callable(a) else a for r, a in zip(records, answers, strict=True)}
        take_back(campaign, by=officer, name="tra.xlsx", content=answered(batch, typed))
        return batch, list(Record.objects.filter(pk__in=[r.pk for r in records]).order_by("pk"))

    return _returned


def with_number(more: Mapping[str, Any]) -> Answer:
    return lambda record: {**more, "Số định danh": good_number(record)}


def now(record: Record) -> Record:
    return Record.objects.get(pk=record.pk)


def difference(record: Record, field: str = "") -> Difference:
    return Difference.objects.get(line__record=record, field=field)


def test_theirs_is_written_and_the_record_goes_on(returned: Returned, officer: User) -> None:
    batch, records = returned(with_number(WRONG_DATE))
    settled = settle(batch, "theirs", by=officer)
    assert (settled.settled, settled.left) == (2, 0)
    record = now(records[0])
    assert (record.value("birth_date"), record.personal_number) == ("09/03/2015", good_number(records[0]))
    assert record.stage == Stage.CLEANED
    change_set = ChangeSet.objects.filter(kind="police").get()
    assert change_set.document == batch.code
    assert BatchLine.objects.get().settled_at is not None
    assert AuditEvent.objects.filter(event="differences_settled").count() == 1


def test_ours_writes_nothing(returned: Returned, officer: User) -> None:
    batch, records = returned(WRONG_DATE)
    assert settle(batch, "ours", by=officer).settled == 1
    assert now(records[0]).value("birth_date") == "01/03/2015"
    assert now(records[0]).stage == Stage.TO_REVIEW  # it still has no number
    assert not ChangeSet.objects.filter(kind="police").exists()


def test_theirs_never_takes_a_name(returned: Returned, officer: User) -> None:
    batch, records = returned(with_number(WRONG_NAME))
    settled = settle(batch, "theirs", by=officer)
    assert (settled.settled, settled.left) == (1, 1)
    assert now(records[0]).full_name == "Mùa A Chống"
    assert now(records[0]).stage == Stage.TO_SETTLE
    with pytest.raises(WorkRefused, match="hộ tịch"):
        decide(difference(records[0], "full_name"), "theirs", by=officer)
    decide(difference(records[0], "full_name"), "civil_registry", by=officer)
    assert now(records[0]).stage == Stage.WITH_CIVIL_REGISTRY


@pytest.mark.parametrize("code", ["M", "D", "T"])
@pytest.mark.parametrize("side", ["theirs", "ours"])
def test_neither_side_decides_who_leaves_the_register(returned: Returned, officer: User, code: str, side: str) -> None:
    batch, records = returned({"Mã kết quả": code, "Ghi chú": "theo giấy tờ"})
    settled = settle(batch, side, by=officer)
    assert (settled.settled, settled.left) == (0, 1)
    assert now(records[0]).stage == Stage.TO_SETTLE
    with pytest.raises(WorkRefused):
        decide(difference(records[0]), side, by=officer)


@pytest.mark.parametrize("code", ["N", "V", "R", "X"])
def test_ours_closes_a_line_without_values(returned: Returned, officer: User, code: str) -> None:
    batch, records = returned({"Mã kết quả": code, "Ghi chú": "hẹn lại"})
    assert settle(batch, "theirs", by=officer).left == 1
    assert settle(batch, "ours", by=officer).settled == 1
    assert now(records[0]).stage == Stage.TO_REVIEW


def test_only_named_rows_and_fields(returned: Returned, officer: User) -> None:
    batch, records = returned(with_number(WRONG_DATE), WRONG_DATE)
    settled = settle(batch, "theirs", by=officer, row_codes=[records[0].row_code.lower()], fields=["birth_date"])
    assert (settled.settled, settled.left) == (1, 0)
    assert now(records[0]).value("birth_date") == "09/03/2015"
    assert now(records[0]).stage == Stage.TO_SETTLE
    assert now(records[1]).value("birth_date") == "02/03/2015"


@pytest.mark.parametrize("named", [{"row_codes": ["A0000"]}, {"fields": ["nonsense"]}])
def test_unknown_rows_and_fields_are_refused(returned: Returned, officer: User, named: dict[str, list[str]]) -> None:
    batch, _ = returned(WRONG_DATE)
    with pytest.raises(WorkRefused) as refused:
        settle(batch, "theirs", by=officer, **named)
    assert refused.value.code == "usage"


def test_a_value_that_cannot_be_read_is_left(returned: Returned, officer: User) -> None:
    batch, records = returned(
        {"Mã kết quả": "C", "Số định danh": "12345"}, {"Mã kết quả": "S", "Ngày sinh đúng": "31/02/2015"}
    )
    assert settle(batch, "theirs", by=officer).left == 2
    assert now(records[0]).value("personal_number") == ""


def test_settling_twice_finds_nothing(returned: Returned, officer: User) -> None:
    batch, _ = returned(WRONG_DATE)
    settle(batch, "ours", by=officer)
    assert settle(batch, "ours", by=officer).settled == 0


@pytest.mark.parametrize(
    ("decision", "stage"),
    [
        ("ask_again", Stage.READY_FOR_POLICE),
        ("review", Stage.TO_REVIEW),
        ("civil_registry", Stage.WITH_CIVIL_REGISTRY),
    ],
)
def test_decisions_of_the_browser(returned: Returned, officer: User, decision: str, stage: str) -> None:
    _, records = returned({"Mã kết quả": "N", "Ghi chú": "không thấy"})
    decide(difference(records[0]), decision, by=officer)
    assert now(records[0]).stage == stage
    with pytest.raises(WorkRefused) as refused:
        decide(difference(records[0]), "ours", by=officer)
    assert refused.value.code == "already_undone"


def test_whom_to_ask_again_goes_with_the_next_batch(
    campaign: Campaign, returned: Returned, officer: User, lang_cheu: Commune
) -> None:
    _, records = returned({"Mã kết quả": "V", "Ghi chú": "vắng"})
    decide(difference(records[0]), "ask_again", by=officer)
    again = send_batch(campaign, "children", lang_cheu, "police", by=officer).batch
    assert again.code == "LC-TE-02"
    assert again.lines.get().row_code == records[0].row_code


def test_an_exclusion_needs_a_paper_and_a_second_person(
    campaign: Campaign, returned: Returned, officer: User, second_officer: User
) -> None:
    _, records = returned({"Mã kết quả": "M", "Ghi chú": "mất 2022"})
    with pytest.raises(WorkRefused):
        decide(difference(records[0]), "exclusion", by=officer)
    decide(difference(records[0]), "exclusion", by=officer, document="Trích lục khai tử số 12/2022")
    request = Exclusion.objects.get()
    assert (request.reason, request.row_codes) == ("dead", [records[0].row_code])
    assert now(records[0]).stage == Stage.TO_SETTLE
    assert [batch.lines for batch in to_settle(campaign, officer)] == [1]
    exclusions.decide_exclusion(request, agree=True, by=second_officer)
    assert now(records[0]).stage == Stage.EXCLUDED
    assert to_settle(campaign, officer) == []


def test_a_refused_exclusion_can_be_decided_otherwise(returned: Returned, officer: User, second_officer: User) -> None:
    _, records = returned({"Mã kết quả": "D", "Ghi chú": "về Hang Chú"})
    decide(difference(records[0]), "exclusion", by=officer, document="Giấy chuyển hộ khẩu")
    exclusions.decide_exclusion(Exclusion.objects.get(), agree=False, by=second_officer)
    decide(difference(records[0]), "review", by=officer)
    assert now(records[0]).stage == Stage.TO_REVIEW


def test_a_decision_can_be_taken_back(returned: Returned, officer: User) -> None:
    _, records = returned(WRONG_DATE)
    decide(difference(records[0], "birth_date"), "theirs", by=officer)
    assert now(records[0]).value("birth_date") == "09/03/2015"
    take_decision_back(difference(records[0], "birth_date"), by=officer)
    assert now(records[0]).value("birth_date") == "01/03/2015"
    assert now(records[0]).stage == Stage.TO_SETTLE
    assert difference(records[0], "birth_date").decision == ""
    decide(difference(records[0], "birth_date"), "ours", by=officer)


def test_what_went_on_is_not_taken_back(
    campaign: Campaign, returned: Returned, officer: User, lang_cheu: Commune
) -> None:
    _, records = returned({"Mã kết quả": "V", "Ghi chú": "vắng"})
    decide(difference(records[0]), "ask_again", by=officer)
    send_batch(campaign, "children", lang_cheu, "police", by=officer)
    with pytest.raises(WorkRefused) as refused:
        take_decision_back(difference(records[0]), by=officer)
    assert refused.value.code == "already_undone"


def test_who_may_settle(returned: Returned, other_officer: User, police: User) -> None:
    batch, records = returned(WRONG_DATE)
    for person in (other_officer, police):
        with pytest.raises(NotAllowed):
            settle(batch, "ours", by=person)
        with pytest.raises(NotAllowed):
            decide(difference(records[0], "birth_date"), "ours", by=person)


def test_batches_are_found_by_their_code(campaign: Campaign, returned: Returned) -> None:
    batch, _ = returned(WRONG_DATE)
    assert find_batch(campaign, " lc-te-01 ") == batch
    with pytest.raises(WorkRefused) as refused:
        find_batch(campaign, "LC-TE-99")
    assert refused.value.code == "unknown_batch"
