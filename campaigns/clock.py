"""The plan clock: what is due, how many are left, how many a day that takes, and when it ends at today's pace
(contract section 6). Days are working days: Monday to Friday less Vietnamese public holidays, unless the plan counts
weekends too. Nothing here asks the database for people; counts come in as numbers."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypedDict

import holidays

from campaigns.models import Campaign, Register, Step

REVIEW, POLICE, UPDATE, REPORT = "review", "police", "update", "report"
STEPS = (REVIEW, POLICE, UPDATE)
PACE_DAYS = 5
# Four years of working days. A forecast further off says no more than "it does not move".
HORIZON = 1000

Day = datetime.date
Span = tuple[Day, Day]  # both days included
_ONE = datetime.timedelta(days=1)
_HOLIDAYS = holidays.country_holidays("VN")


class Place(TypedDict):
    code: str
    name: str


class Clock(TypedDict):
    """The contract's object; dates are ISO texts. `needed_per_day` is None when work is left and no working day;
    `forecast` and `sum_forecast` are None when nothing moves or nothing is left; `latest` when nothing is left."""

    step: str
    due: str
    days_left: int
    remaining: int
    needed_per_day: int | None
    pace_per_day: float
    forecast: str | None
    sum_forecast: str | None
    latest: Place | None
    on_time: bool


@dataclass(frozen=True)
class BatchDue:
    """`note`: what a person should know about the day, in Vietnamese, else ''."""

    day: Day
    note: str = ""


class WorkingDays:
    def __init__(self, campaign: Campaign) -> None:
        self._weekends = bool(campaign.setting("weekends_count"))

    def is_working(self, day: Day) -> bool:
        """A Saturday on which the state makes up for a bridge day is a working day."""
        return day not in _HOLIDAYS if self._weekends else bool(_HOLIDAYS.is_working_day(day))

    def count(self, from_day: Day, to_day: Day) -> int:
        """Working days from one day to the other, both included; 0 when they are the wrong way round."""
        days = range((to_day - from_day).days + 1)
        return sum(self.is_working(from_day + datetime.timedelta(days=n)) for n in days)

    def add(self, day: Day, n: int) -> Day:
        """The n-th working day after `day`; before it when n is negative; `day` itself when n is 0."""
        step = _ONE if n > 0 else -_ONE
        for _ in range(abs(n)):
            day += step
            while not self.is_working(day):
                day += step
        return day


def counting_from(as_of: Day, *, today: Day, ended: bool = False) -> Day:
    """The first day still to be worked. Today is still running; a past date, and the day of a report (`ended`), is
    over."""
    return as_of + _ONE if ended or as_of < today else as_of


def pace_days(days: WorkingDays, start: Day) -> list[Day]:
    """The last five whole working days before `start` (of `counting_from`), earliest first."""
    return [days.add(start, -n) for n in range(PACE_DAYS, 0, -1)]


def windows_of(campaign: Campaign, register: str) -> dict[str, Span]:
    """First and last day of review, police, update and report. The plan names no days for the police: theirs run
    from the day after review to the last one that leaves `update_days` working days for updating, the due day
    included; at least one day. Days that a plan does name win."""
    days = WorkingDays(campaign)
    steps = {window.step: window for window in campaign.windows.all() if window.register in ("", register)}
    review, police = steps[Step.REVIEW], steps[Step.POLICE]
    update, report = steps[Step.UPDATE], steps[Step.FINAL_REPORT]
    if review.first_day is None or review.last_day is None or update.last_day is None or report.last_day is None:
        raise ValueError(f"{campaign.code} {register}: plan.py lets no plan in without these days")
    police_first = police.first_day or review.last_day + _ONE
    # n working days back from the day after the due day is the first of the n days kept; the police end before it.
    kept = int(campaign.setting("update_days"))
    police_last = police.last_day or days.add(days.add(update.last_day + _ONE, -kept), -1)
    police_last = max(police_first, police_last)
    update_first = update.first_day or min(police_last + _ONE, update.last_day)
    report_first = min(update.last_day + _ONE, report.last_day)
    return {
        REVIEW: (review.first_day, review.last_day),
        POLICE: (police_first, police_last),
        UPDATE: (update_first, update.last_day),
        REPORT: (report.first_day or report_first, report.last_day),
    }


def batch_due(campaign: Campaign, register: str, sent_on: Day) -> BatchDue:
    """When a list sent on that day is due back: `return_days` working days later, cut to the last day of the police
    window. Once that window is over there is nothing to cut to, and the note says so."""
    day = WorkingDays(campaign).add(sent_on, int(campaign.setting("return_days")))
    last = windows_of(campaign, register)[POLICE][1]
    if day <= last:
        return BatchDue(day)
    name = Register(register).label.lower()
    if sent_on <= last:
        return BatchDue(
            last,
            f"Hẹn trả rút từ {day:%d/%m/%Y} về {last:%d/%m/%Y}, "
            f"ngày cuối dành cho công an ({name}), để còn đủ ngày cập nhật phần mềm.",
        )
    return BatchDue(
        day, f"Thời gian dành cho công an ({name}) đã hết từ {last:%d/%m/%Y}; lô này hẹn trả {day:%d/%m/%Y}."
    )


def plan_clock(
    days: WorkingDays,
    windows: Mapping[str, Span],
    *,
    start: Day,
    communes: Mapping[str, str],
    remaining: Mapping[str, Mapping[str, int]],
    left: Mapping[str, Mapping[str, int]],
) -> Clock:
    """The clock of one register in the named communes (code → name; one commune gives that commune's own clock).

    `start`: the first day still to be worked (`counting_from`). `remaining`: step → commune code → records that the
    step still has. `left`: step → commune code → records that left the step on `pace_days(days, start)`, all five
    days together. Codes that are absent count 0; codes outside `communes` are not looked at.
    """
    step = next((s for s in STEPS if any(remaining[s].get(code, 0) for code in communes)), REPORT)
    due = windows[step][1]
    to_do = {code: remaining[step].get(code, 0) for code in communes} if step != REPORT else {}
    gone = {code: left[step].get(code, 0) for code in communes} if step != REPORT else {}
    total, days_left = sum(to_do.values()), days.count(start, due)
    latest, forecast = _latest(days, start, to_do, gone)
    sum_forecast = _finish(days, start, total, sum(gone.values()))
    return {
        "step": step,
        "due": due.isoformat(),
        "days_left": days_left,
        "remaining": total,
        "needed_per_day": _per_day(total, days_left),
        "pace_per_day": round(sum(gone.values()) / PACE_DAYS, 1),
        "forecast": forecast.isoformat() if forecast else None,
        "sum_forecast": sum_forecast.isoformat() if sum_forecast else None,
        "latest": {"code": latest, "name": communes[latest]} if latest else None,
        "on_time": total == 0 or (forecast is not None and forecast <= due),
    }


def _per_day(total: int, days_left: int) -> int | None:
    if total == 0:
        return 0
    return _ceil(total, days_left) if days_left else None


def _finish(days: WorkingDays, start: Day, to_do: int, gone: int) -> Day | None:
    """The day on which the last of `to_do` is done when `gone` in five days is the pace."""
    if to_do == 0 or gone == 0:
        return None
    needed = _ceil(to_do * PACE_DAYS, gone)
    return days.add(start - _ONE, needed) if needed <= HORIZON else None


def _latest(
    days: WorkingDays, start: Day, to_do: Mapping[str, int], gone: Mapping[str, int]
) -> tuple[str | None, Day | None]:
    """The commune that finishes last at its own pace, and its day. One that does not move is later than any other;
    of several, the one with most left."""
    finishes = {code: _finish(days, start, n, gone[code]) for code, n in to_do.items() if n}
    if not finishes:
        return None, None
    latest = max(finishes, key=lambda code: (finishes[code] or datetime.date.max, to_do[code], code))
    return latest, finishes[latest]


def _ceil(dividend: int, divisor: int) -> int:
    return -(-dividend // divisor)
