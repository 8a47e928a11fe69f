"""A whole hand-back taken back: what nobody has built on waits again, the rest stays and says why."""

from __future__ import annotations

import pytest

from campaigns.errors import WorkRefused
from campaigns.models import AuditEvent, Campaign, User
from campaigns.permissions import NotAllowed
from reconciliation import settling
from reconciliation.handover import send_batch
from reconciliation.models import BatchLine, Difference, HandBack
from reconciliation.undoing_answers import undo_hand_back
from records import changes
from records.models import ChangeKind, Finding, Record, Stage
from tests.reconciliation.conftest import Sending, Take
from tests.reconciliation.sent_lists import all_c, answered, stages_of


def answers(records: list[Record]) -> dict[str, dict[str, str]]:
    return all_c(records[:2]) | {
        records[2].row_code: {"Mã kết quả": "N", "Ghi chú": "không có"},
        records[3].row_code: {"Mã kết quả": "G", "Ghi chú": "sinh tại nhà"},
    }


def test_everything_is_as_before_and_the_same_file_can_come_again(sent: Sending, take: Take, officer: User) -> None:
    batch, records = sent(4)
    content = answered(batch, answers(records))
    before = list(Record.objects.order_by("pk").values_list("values", "personal_number"))
    open_before = set(Finding.objects.open().values_list("record", "rule"))
    first = take(content)
    batch.refresh_from_db()
    assert batch.closed_at is not None
    undoing = undo_hand_back(HandBack.objects.get(), by=officer)
    assert (len(undoing.lines), undoing.stays) == (4, [])
    assert stages_of(records) == [Stage.WITH_POLICE] * 4
    assert list(Record.objects.order_by("pk").values_list("values", "personal_number")) == before
    assert set(Finding.objects.open().values_list("record", "rule")) == open_before
    assert set(BatchLine.objects.values_list("outcome", "result_code", "answered_at")) == {("", "", None)}
    assert not Difference.objects.exists()
    batch.refresh_from_db()
    assert batch.closed_at is None
    assert AuditEvent.objects.filter(event="hand_back_undone").count() == 1
    again = take(content)
    assert not again.already
    assert again.counts == first.counts
    with pytest.raises(WorkRefused, match="đã được hoàn tác"):
        undo_hand_back(HandBack.objects.order_by("pk").first(), by=officer)  # type: ignore[arg-type]


def test_what_somebody_built_on_stays_and_says_why(
    campaign: Campaign, sent: Sending, take: Take, officer: User
) -> None:
    batch, records = sent(4)
    take(answered(batch, answers(records)))
    edit = changes.open_change_set(campaign, ChangeKind.EDIT, by=officer)
    changes.apply(edit, {records[0].pk: {"village": "Bản Cáo B"}})
    settling.decide(Difference.objects.get(line__record=records[2]), "review", by=officer)
    registry = send_batch(campaign, "children", batch.commune, "civil_registry", by=officer).batch
    undoing = undo_hand_back(HandBack.objects.get(), by=officer)
    assert [line.record_id for line in undoing.lines] == [records[1].pk]
    assert {line.record_id: why for line, why in undoing.stays} == {
        records[0].pk: "hồ sơ đã được sửa sau đó",
        records[2].pk: "đã có người quyết định",
        records[3].pk: f"đã gửi tiếp trong lô {registry.code}",
    }
    assert stages_of(records)[1:] == [Stage.WITH_POLICE, Stage.TO_REVIEW, Stage.WITH_CIVIL_REGISTRY]
    assert Record.objects.get(pk=records[0].pk).personal_number


def test_an_answer_that_another_file_gave_too_stays(sent: Sending, take: Take, officer: User) -> None:
    batch, records = sent(3)
    take(answered(batch, all_c(records[:1])))
    take(answered(batch, all_c(records[:2])))
    first, second = HandBack.objects.order_by("pk")
    with pytest.raises(WorkRefused, match="không dòng nào"):
        undo_hand_back(first, by=officer)
    undoing = undo_hand_back(second, by=officer)
    assert [line.record_id for line in undoing.lines] == [records[1].pk]
    assert stages_of(records) == [Stage.CLEANED, Stage.WITH_POLICE, Stage.WITH_POLICE]


def test_another_commune_takes_nothing_back(sent: Sending, take: Take, other_officer: User) -> None:
    batch, records = sent(1)
    take(answered(batch, all_c(records)))
    with pytest.raises(NotAllowed):
        undo_hand_back(HandBack.objects.get(), by=other_officer)
    assert stages_of(records) == [Stage.CLEANED]
