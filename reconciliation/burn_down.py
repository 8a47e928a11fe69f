"""What is left at the end of each day of a step, beside what the plan asks and what today's pace will leave."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.utils import timezone

from campaigns import clock
from campaigns.clock import WorkingDays
from campaigns.models import Campaign, Register
from campaigns.templatetags.written import day as written_day
from campaigns.templatetags.written import grouped
from reconciliation.progress import STILL_IN, Moment

_ONE = datetime.timedelta(days=1)
_MOST_LABELS = 6
_MOST_TICKS = 4
STILL_TO_DO = {
    clock.REVIEW: "còn phải rà soát",
    clock.POLICE: "chưa xác minh xong",
    clock.UPDATE: "chưa cập nhật phần mềm",
}
# In-scope records that came to a step less those that left it, day by day. A record counts from the moment it came
# into scope: what happened to it before is summed up on that day.
FLOW = """
WITH scope AS (
    SELECT record_id, min(first_seen_at) AS since FROM records_finding f
    WHERE f.campaign_id = %(campaign)s AND f."group" IS NOT NULL AND f.first_seen_at < %(until)s
    GROUP BY record_id
)
SELECT (greatest(s.at, scope.since) AT TIME ZONE %(zone)s)::date,
       sum((s.new = ANY(%(stages)s))::int - (s.old = ANY(%(stages)s))::int)
FROM records_stagechange s
JOIN scope ON scope.record_id = s.record_id
JOIN records_record r ON r.id = s.record_id
WHERE s.campaign_id = %(campaign)s AND s.at < %(until)s AND r.register = %(register)s
  AND (%(commune)s::bigint IS NULL OR r.commune_id = %(commune)s)
GROUP BY 1 ORDER BY 1
"""


def burn_down(
    campaign: Campaign, register: str, figures: dict[str, Any], at: Moment, *, commune_id: int | None = None
) -> dict[str, Any] | None:
    """Context of includes/burn_down.html for the step that the register's clock stands at, with `planned_left`: what
    the plan leaves on the day itself. None when nothing is left to do. One query."""
    face = figures["clock"]
    if face["step"] == clock.REPORT:
        return None
    first, due = clock.windows_of(campaign, register)[face["step"]]
    origin = min(first, at.start) - _ONE
    levels = _levels(campaign, register, face["step"], at, origin, commune_id)
    peak = max(levels)
    planned = _planned(WorkingDays(campaign), origin, first, due, peak)
    forecast, left_at_due = _forecast(WorkingDays(campaign), origin, due, at, face["step"], figures["communes"])
    last, labels = _days_below(origin, max(due, at.day))
    left, ended = levels[-1], at.start - _ONE
    planned_left = planned[min(len(levels), len(planned)) - 1][1]
    summary = f"{_when(at)} còn {grouped(left)}; kế hoạch đến hết ngày {ended:%d/%m}: {grouped(planned_left)}."
    if forecast:
        summary += f" Theo mức của từng xã, tới hạn {written_day(due)} còn {grouped(left_at_due)}."
    return {
        "title": f"{Register(register).label} {STILL_TO_DO[face['step']]}",
        "summary": summary,
        "last": last,
        "ticks": _ticks(max(peak, 1)),
        "days": labels,
        "planned": planned,
        "actual": [(day, level) for day, level in enumerate(levels) if any(levels[: day + 1])],
        "forecast": forecast,
        "left": left,
        "left_at_due": left_at_due,
        "planned_left": planned_left,
    }


def _levels(
    campaign: Campaign, register: str, step: str, at: Moment, origin: datetime.date, commune_id: int | None
) -> list[int]:
    """Records left at the end of `origin` and of each day after it that is over. Today still runs: what it has done so
    far counts to the end of yesterday, from where the forecast starts."""
    parameters: dict[str, Any] = {
        "campaign": campaign.pk, "register": register, "until": at.until, "commune": commune_id,
        "zone": timezone.get_current_timezone_name(), "stages": list(STILL_IN[step]),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(FLOW, parameters)
        flow = dict(cursor.fetchall())
    level = sum(net for day, net in flow.items() if day <= origin)
    levels = [level]
    for day in _each(origin + _ONE, at.day):
        level += flow.get(day, 0)
        if day < at.start:
            levels.append(level)
        else:
            levels[-1] = level
    return levels


def _when(at: Moment) -> str:
    return "Lúc này" if at.is_now else f"Hết ngày {at.day:%d/%m}"


def _planned(
    days: WorkingDays, origin: datetime.date, first: datetime.date, due: datetime.date, peak: int
) -> list[tuple[int, int]]:
    """The same number each working day of the window, from all there ever was to nothing."""
    whole = max(days.count(first, due), 1)
    return [(0, peak)] + [
        ((day - origin).days, peak - round(peak * days.count(first, day) / whole)) for day in _each(origin + _ONE, due)
    ]


def _forecast(
    days: WorkingDays, origin: datetime.date, due: datetime.date, at: Moment, step: str, communes: list[dict[str, Any]]
) -> tuple[list[tuple[int, int]], int]:
    """Each commune at its own pace: a quick one does not do the work of a slow one."""
    rates = [
        (c["clock"]["remaining"], c["clock"]["pace_per_day"]) for c in communes if c["clock"]["step"] == step
    ]  # fmt: skip

    def left_after(worked: int) -> int:
        return sum(max(0, round(left - pace * worked)) for left, pace in rates)

    if at.start > due:
        return [], left_after(0)
    points = [((at.start - _ONE - origin).days, left_after(0))]
    points += [((day - origin).days, left_after(days.count(at.start, day))) for day in _each(at.start, due)]
    return points, points[-1][1]


def _days_below(origin: datetime.date, last: datetime.date) -> tuple[int, list[str]]:
    """Days on the axis and evenly spaced labels; the axis grows by some days so that the labels fit."""
    length = max((last - origin).days, 1)
    apart = -(-length // (_MOST_LABELS - 1))
    length = -(-length // apart) * apart
    return length, [f"{origin + datetime.timedelta(days=n):%d/%m}" for n in range(0, length + 1, apart)]


def _ticks(peak: int) -> list[int]:
    size = 1
    while True:
        for apart in (size, 2 * size, 5 * size):
            if peak <= apart * _MOST_TICKS:
                return list(range(apart * -(-peak // apart), -1, -apart))
        size *= 10


def _each(first: datetime.date, last: datetime.date) -> Iterable[datetime.date]:
    return (first + datetime.timedelta(days=n) for n in range((last - first).days + 1))
