"""What was done on each day of a step, and what each day to come needs: the columns beside the plan clock."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from typing import Any

from campaigns import clock
from campaigns.models import Campaign, User
from reconciliation.progress import Moment, left_per_day

_MOST_PAST, _MOST_COMING = 8, 5


def days_of(campaign: Campaign, user: User, registers: dict[str, Any], at: Moment) -> dict[str, list[dict[str, Any]]]:
    """Register → `days` of includes/days.html: working days of the step that its clock stands at. `registers`: of the
    progress object as of that moment. One query."""
    days = clock.WorkingDays(campaign)
    spans = {r: clock.windows_of(campaign, r)[figures["clock"]["step"]] for r, figures in registers.items()}
    since = min(first for first, _ in spans.values())
    place = {user.commune.code} if user.commune else None
    left: dict[tuple[str, datetime.date, str], int] = {}
    for register, commune, day, counts in left_per_day(campaign, at, min(since, at.day)):
        if place is None or commune in place:
            for step, count in counts.items():
                left[register, day, step] = left.get((register, day, step), 0) + count
    return {
        register: _columns(days, spans[register], at.day, left, register, figures["clock"])
        for register, figures in registers.items()
        if figures["clock"]["step"] != clock.REPORT
    }


def _columns(
    days: clock.WorkingDays,
    span: clock.Span,
    today: datetime.date,
    left: dict[tuple[str, datetime.date, str], int],
    register: str,
    face: dict[str, Any],
) -> list[dict[str, Any]]:
    first, due = span
    past = _working(days, first, today)[-_MOST_PAST:]
    coming = _working(days, max(today + datetime.timedelta(days=1), first), due)[:_MOST_COMING]
    columns = [{"day": day, "count": left.get((register, day, face["step"]), 0), "needed": False} for day in past]
    return columns + [{"day": day, "count": face["needed_per_day"] or 0, "needed": True} for day in coming]


def _working(days: clock.WorkingDays, first: datetime.date, last: datetime.date) -> list[datetime.date]:
    each = (first + datetime.timedelta(days=n) for n in range((last - first).days + 1))
    return [day for day in each if days.is_working(day)]


def top_of(columns: Collection[dict[str, Any]]) -> int:
    """The largest count of the drawing, at least 1."""
    counts: list[int] = [column["count"] for column in columns]
    return max([1, *counts])
