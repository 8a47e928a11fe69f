"""A hand-back taken back in one act: the lines on which nobody has built since wait for an answer again."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from campaigns import audit
from campaigns.errors import WorkRefused
from campaigns.models import User
from campaigns.permissions import Permission, check
from reconciliation import taking
from reconciliation.handback import check_receiver
from reconciliation.models import Batch, BatchKind, BatchLine, Difference, HandBack, Outcome
from reconciliation.outcomes import NUMBER
from records import changes, stages
from records.models import Change, ChangeKind, Finding, FindingStatus, Stage, StageChange

_LEFT_AT = {
    Outcome.ACCEPTED: (Stage.CLEANED, Stage.TO_REVIEW),
    Outcome.TO_SETTLE: (Stage.TO_SETTLE,),
    Outcome.TO_CIVIL_REGISTRY: (Stage.WITH_CIVIL_REGISTRY,),
}


@dataclass(frozen=True)
class Undoing:
    """`stays`: lines that keep their answer, each with the reason."""

    lines: list[BatchLine]
    stays: list[tuple[BatchLine, str]]


def what_would_be_undone(hand_back: HandBack) -> Undoing:
    """The number of queries does not depend on the number of lines."""
    answered = _answered_in(hand_back)
    earlier = _answered_in_any(hand_back.batch.hand_backs.filter(pk__lt=hand_back.pk, undone_at=None))
    later = _answered_in_any(hand_back.batch.hand_backs.filter(pk__gt=hand_back.pk, undone_at=None))
    lines = list(_with_what_followed(hand_back).filter(row_code__in=answered).order_by("number"))
    why = {line.pk: _why_it_stays(line, hand_back, earlier, later) for line in lines}
    return Undoing([ln for ln in lines if not why[ln.pk]], [(ln, why[ln.pk]) for ln in lines if why[ln.pk]])


@transaction.atomic
def undo_hand_back(hand_back: HandBack, *, by: User) -> Undoing:
    """Numbers, confirmations, stages and lines as they were before. Raises WorkRefused `already_undone` where it was
    taken back before or somebody has built on every line, NotAllowed for whom the plan does not name."""
    check(by, Permission.HAND_BACK)
    batch = taking.locked(hand_back.batch)
    check_receiver(batch, by)
    hand_back = batch.hand_backs.select_for_update(of=("self",)).get(pk=hand_back.pk)
    if hand_back.undone_at is not None:
        raise WorkRefused("already_undone", f"Lần nhận lại này của lô {batch.code} đã được hoàn tác. Tải lại trang.")
    undoing = what_would_be_undone(hand_back)
    if not undoing.lines:
        raise WorkRefused(
            "already_undone",
            f"Lô {batch.code}: không dòng nào của lần nhận này hoàn tác được nữa, vì hồ sơ đã đi tiếp. "
            "Sửa từng hồ sơ ở trang Hồ sơ, hoặc hỏi lại.",
        )
    _write(batch, undoing.lines, by)
    hand_back.undone_at, hand_back.undone_by = timezone.now(), by
    hand_back.save(update_fields=["undone_at", "undone_by"])
    audit.record(
        "hand_back_undone", by=by, campaign=batch.campaign, target=f"batch:{batch.code}",
        commune_code=batch.commune.code, lines=len(undoing.lines), stays=len(undoing.stays),
    )  # fmt: skip
    return undoing


def _answered_in(hand_back: HandBack) -> set[str]:
    rows = [row for row in hand_back.rows if row["placed"] or row["outcome"] in taking.ANSWERED]
    return {row["placed"] or row["row_code"] for row in rows}


def _answered_in_any(hand_backs: Iterable[HandBack]) -> set[str]:
    return set[str]().union(*map(_answered_in, hand_backs))


def _with_what_followed(hand_back: HandBack) -> QuerySet[BatchLine, Any]:
    """Lines with the last move of the record, the newest list that it left on since, and whether it was corrected."""
    mine = Q(record=OuterRef("record"))
    moves = StageChange.objects.filter(mine).order_by("-at", "-id")
    lists = BatchLine.objects.filter(mine, batch__at__gt=hand_back.at).order_by("-id")
    corrections = Change.objects.filter(mine, change_set__at__gt=hand_back.at).order_by("-id")
    corrections = corrections.exclude(
        change_set__reason=taking.reason_of(hand_back.batch)
    )  # a row that a person placed
    return hand_back.batch.lines.select_related("record").prefetch_related("differences").annotate(
        moved_by=Subquery(moves.values("reason")[:1]),
        sent_since=Subquery(lists.values("batch__code")[:1]),
        corrected_since=Subquery(corrections.values("field")[:1]),
    )  # fmt: skip


def _why_it_stays(line: Any, hand_back: HandBack, earlier: Collection[str], later: Collection[str]) -> str:
    if line.outcome not in _LEFT_AT:
        return "dòng này không còn trả lời nào"
    if line.row_code in later:
        return "lần nhận sau cũng có trả lời cho dòng này"
    if line.row_code in earlier:
        return "lần nhận trước đã có trả lời cho dòng này"
    if any(difference.decision for difference in line.differences.all()):
        return "đã có người quyết định"
    if line.sent_since:
        return f"đã gửi tiếp trong lô {line.sent_since}"
    if line.corrected_since:
        return "hồ sơ đã được sửa sau đó"
    is_where_left = line.record.stage in _LEFT_AT[line.outcome] and line.moved_by == taking.reason_of(hand_back.batch)
    return "" if is_where_left else f"hồ sơ đã đi tiếp: {line.record.get_stage_display()}"


def _write(batch: Batch, lines: list[BatchLine], by: User) -> None:
    ids = [line.pk for line in lines]
    records = [line.record_id for line in lines]
    reason = f"hoàn tác {taking.reason_of(batch)}"
    _take_numbers_back(batch, records, by, reason)
    Finding.objects.filter(
        record__in=records, status=FindingStatus.CONFIRMED, note=taking.confirmed_note(batch)
    ).update(status=FindingStatus.OPEN, by=None, status_at=None, note="")  # fmt: skip
    Difference.objects.filter(line__in=ids).delete()
    batch.lines.filter(pk__in=ids).update(
        answer={}, result_code="", outcome="", altered=[], repeated=False, reason="", answered_at=None, settled_at=None
    )
    stage = Stage.WITH_POLICE if batch.kind == BatchKind.POLICE else Stage.WITH_CIVIL_REGISTRY
    stages.move(batch.campaign, records, stage, by=by, reason=reason)
    Batch.objects.filter(pk=batch.pk).update(closed_at=None)


def _take_numbers_back(batch: Batch, records: Collection[int], by: User, reason: str) -> None:
    written = Change.objects.filter(
        record__in=records, field=NUMBER, change_set__document=batch.code, change_set__reason=taking.reason_of(batch)
    )
    edits = {change.record_id: {NUMBER: change.old} for change in written.order_by("-id")}
    if edits:
        changes.apply(changes.open_change_set(batch.campaign, ChangeKind.UNDO, by=by, reason=reason), edits)
