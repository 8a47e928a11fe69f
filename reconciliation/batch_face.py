"""Batches as pages speak of them: counts that close, how late, and what this user may do with each."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from campaigns.clock import WorkingDays, batch_due
from campaigns.models import Campaign, Commune, Register, User
from campaigns.permissions import BATCH_KINDS, Permission, Role, has, may_receive
from reconciliation.models import Batch, BatchKind
from reconciliation.models.batch import waits_for_decision
from reconciliation.newborn_questions import PART
from reconciliation.sendable import unsent
from reconciliation.taking import ANSWERED

PARTNERS = {BatchKind.POLICE: "Công an", BatchKind.CIVIL_REGISTRY: "Hộ tịch"}
_ONE = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Act:
    label: str
    url: str
    main: bool = False


@dataclass
class BatchFace:
    """`left`: lines without an answer; `waiting`: answered lines that wait for a decision; `drafted`: typed in the
    browser and not handed in; `level`, `said`: how it stands with the due day."""

    batch: Batch
    partner: str
    answered: int
    left: int
    waiting: int
    drafted: int
    level: str
    said: str
    acts: list[Act] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        return self.batch.closed_at is None


def is_from_newborns(batch: Batch) -> bool:
    """Contradictions of a newborn list: nothing was sent, only decisions are open."""
    return f"-{PART}-" in batch.code


def partner_of(batch: Batch) -> str:
    return "Danh sách khai sinh" if is_from_newborns(batch) else PARTNERS[BatchKind(batch.kind)]


def with_counts(batches: QuerySet[Batch]) -> QuerySet[Batch]:
    answered = Q(lines__outcome__in=ANSWERED)
    return batches.select_related("commune", "by").annotate(
        answered=Count("lines", filter=answered),
        waiting=Count("lines", filter=waits_for_decision("lines__")),
        drafted=Count("lines", filter=~answered & ~Q(lines__draft={})),
    )


def faces(campaign: Campaign, batches: Iterable[Batch], user: User) -> list[BatchFace]:
    """`batches`: with the counts of `with_counts`. No query of its own."""
    days, today = WorkingDays(campaign), timezone.localdate()
    return [_face(campaign, batch, user, days, today) for batch in batches]


def _face(campaign: Campaign, batch: Any, user: User, days: WorkingDays, today: datetime.date) -> BatchFace:
    level, said = _standing(batch, days, today)
    return BatchFace(
        batch=batch,
        partner=partner_of(batch),
        answered=batch.answered,
        left=batch.rows - batch.answered,
        waiting=batch.waiting,
        drafted=batch.drafted,
        level=level,
        said=said,
        acts=list(_acts(campaign, batch, user)),
    )


def _standing(batch: Batch, days: WorkingDays, today: datetime.date) -> tuple[str, str]:
    if is_from_newborns(batch):
        return "notice", "chỗ khác với sổ"
    if batch.closed_at is not None:
        return "success", f"đã trả lời đủ {timezone.localtime(batch.closed_at):%d/%m}"
    if batch.due < today:
        return "error", f"quá hạn {max(days.count(batch.due + _ONE, today), 1)} ngày làm việc"
    if batch.due == today:
        return "warning", "hạn hôm nay"
    return "waiting", f"còn {days.count(today, batch.due)} ngày làm việc"


def _acts(campaign: Campaign, batch: Any, user: User) -> Iterable[Act]:
    if batch.waiting and has(user, Permission.SETTLE):
        yield Act(f"Quyết định {batch.waiting} dòng", reverse("settle", args=[batch.code]), main=True)
    if is_from_newborns(batch):
        return
    if has(user, Permission.ANSWER) and batch.closed_at is None:
        yield Act("Trả lời", reverse("answer", args=[batch.code]), main=True)
    if may_take_back(user, campaign, batch) and batch.closed_at is None:
        yield Act("Nhận lại", reverse("hand_back", args=[batch.code]), main=not batch.waiting)


def may_take_back(user: User, campaign: Campaign, batch: Batch) -> bool:
    """The plan names who receives from the police; the registry answers who asked."""
    if is_from_newborns(batch) or not has(user, Permission.HAND_BACK):
        return False
    return batch.kind == BatchKind.CIVIL_REGISTRY or may_receive(user, campaign, batch.register)


@dataclass(frozen=True)
class ToSend:
    """People of one commune who wait to be put on a list."""

    commune: Commune
    kind: str
    partner: str
    count: int
    due: datetime.date
    note: str


def to_send(
    campaign: Campaign,
    register: str,
    user: User,
    kinds: Iterable[str] = BatchKind.values,
    commune: Commune | None = None,
) -> list[ToSend]:
    """Who may be sent by this user, most first. Two queries a kind."""
    if not has(user, Permission.SEND):
        return []
    place = user.commune or commune
    today = timezone.localdate()
    due = batch_due(campaign, register, today)
    found = []
    for kind in kinds:
        waiting = unsent(campaign, register, kind).filter(commune__isnull=False)
        if place is not None:
            waiting = waiting.filter(commune=place)
        counts = dict(waiting.values_list("commune").annotate(n=Count("pk")))
        for unit in Commune.objects.filter(pk__in=counts):
            partner = PARTNERS[BatchKind(kind)]
            found.append(ToSend(unit, kind, partner, counts[unit.pk], due.day, due.note))
    return sorted(found, key=lambda one: -one.count)


def visible_kinds(user: User) -> list[str]:
    """Kinds of batches that the user may see at all."""
    own = BATCH_KINDS.get(Role(user.role))
    return [own] if own else list(BatchKind.values)


def open_by_register(campaign: Campaign, user: User) -> dict[str, int]:
    """Open batches of this user in each register."""
    mine = Batch.objects.for_user(user).filter(campaign=campaign, closed_at=None)
    counts = dict(mine.order_by().values_list("register").annotate(n=Count("pk")))
    return {register: counts.get(register, 0) for register in Register.values}
