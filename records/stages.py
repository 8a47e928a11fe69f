"""How records move between stages: the only place where a stage changes after a record came into being."""

from __future__ import annotations

import datetime
from collections.abc import Collection

from django.db import connection, transaction
from django.utils import timezone

from campaigns.models import Campaign, User
from records.models import Finding, Record, Stage, StageChange
from records.models.record import MOVES

MOVE = """
WITH moved AS (
    SELECT id, stage FROM records_record
    WHERE campaign_id = %(campaign)s AND id = ANY(%(ids)s) AND stage <> %(to)s
    FOR UPDATE
), written AS (
    UPDATE records_record r SET stage = %(to)s, stage_at = %(at)s FROM moved WHERE r.id = moved.id
)
INSERT INTO records_stagechange (campaign_id, record_id, old, new, at, by_id, reason)
SELECT %(campaign)s, id, stage, %(to)s, %(at)s, %(by)s, %(reason)s FROM moved
"""


@transaction.atomic
def move(
    campaign: Campaign,
    record_ids: Collection[int],
    to: str,
    *,
    by: User,
    reason: str = "",
    at: datetime.datetime | None = None,
) -> int:
    """Moves the records that are not there yet; returns how many. Raises ValueError where the table of moves
    (`Stage`, MOVES) knows no way, so that a step that asks for the impossible is found by its own tests."""
    if not record_ids:
        return 0
    records = Record.objects.select_for_update(of=("self",)).filter(campaign=campaign, pk__in=record_ids)
    refused = set(records.values_list("stage", flat=True)) - MOVES[to] - {to}
    if refused:
        raise ValueError(f"no way from {sorted(refused)} to {to}")
    with connection.cursor() as cursor:
        cursor.execute(
            MOVE,
            {
                "campaign": campaign.pk, "ids": list(record_ids), "to": to,
                "at": at or timezone.now(), "by": by.pk, "reason": reason[:200],
            },
        )  # fmt: skip
        moved: int = cursor.rowcount
    return moved


def move_to_clean_or_review(
    campaign: Campaign,
    record_ids: Collection[int],
    *,
    by: User,
    reason: str = "",
    at: datetime.datetime | None = None,
) -> None:
    """`cleaned` where nothing blocking is open, else `to_review`."""
    blocked = set(
        Record.objects.filter(pk__in=record_ids, findings__in=Finding.objects.blocking())
        .values_list("pk", flat=True)
        .distinct()
    )
    move(campaign, blocked, Stage.TO_REVIEW, by=by, reason=reason, at=at)
    move(campaign, set(record_ids) - blocked, Stage.CLEANED, by=by, reason=reason, at=at)


def reopen_unclean(
    campaign: Campaign,
    *,
    by: User,
    near: Collection[int] | None = None,
    reason: str = "",
    at: datetime.datetime | None = None,
) -> int:
    """What was clean and has an open error or warning again goes back to review: a number that turned out to be shared,
    a new twin of a name. `near` limits the search to these records."""
    clean = Record.objects.filter(campaign=campaign, stage__in=[Stage.CLEANED, Stage.UPLOADED], in_scope=True)
    if near is not None:
        clean = clean.filter(pk__in=near)
    unclean = list(clean.filter(findings__in=Finding.objects.blocking()).values_list("pk", flat=True).distinct())
    return move(campaign, unclean, Stage.TO_REVIEW, by=by, reason=reason, at=at)


def came_into_being(records: Collection[Record], *, by: User) -> None:
    """The first StageChange of records just made by hand (an import writes its own, set-based)."""
    StageChange.objects.bulk_create(
        StageChange(campaign_id=r.campaign_id, record=r, old="", new=r.stage, at=r.stage_at, by=by) for r in records
    )
