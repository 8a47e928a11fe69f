"""Which reports the plan asks for, and when."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from campaigns.clock import WorkingDays
from campaigns.models import Campaign, Step

_ONE = datetime.timedelta(days=1)


@dataclass(frozen=True)
class ReportDue:
    """`as_of`: the day at whose end the figures stand; the report is written after it, by `due`."""

    kind: str
    as_of: datetime.date
    due: datetime.date
    title: str


def periodic_reports(campaign: Campaign) -> list[ReportDue]:
    """One a week or a month, as the plan's settings say, from the campaign's first day to the final report: figures of
    the last working day of the period, due on the next working day. The plan names the reports but no period (I11)."""
    weekly = campaign.setting("periodic_report_every") == "week"
    days, last = WorkingDays(campaign), campaign.window("", Step.FINAL_REPORT).last_day
    reports: list[ReportDue] = []
    end = _period_end(campaign.first_day, weekly)
    while last is not None and end < last:
        as_of = end if days.is_working(end) else days.add(end, -1)
        if as_of >= campaign.first_day:
            title = f"Báo cáo định kỳ {'tuần' if weekly else 'tháng'} {len(reports) + 1}"
            reports.append(ReportDue("periodic", as_of, days.add(as_of, 1), title))
        end = _period_end(end + _ONE, weekly)
    return reports


def reports_asked_for(campaign: Campaign, today: datetime.date) -> list[ReportDue]:
    """The final report, then the periodic ones from the next that is to come back to the first."""
    past = [report for report in periodic_reports(campaign) if report.as_of < today]
    coming = [report for report in periodic_reports(campaign) if report.as_of >= today]
    return [final_report(campaign), *coming[:1], *reversed(past)]


def final_report(campaign: Campaign) -> ReportDue:
    """Figures of the last day of updating in either register; due on the plan's day."""
    window = campaign.window("", Step.FINAL_REPORT)
    ends = [w.last_day for w in campaign.windows.all() if w.step == Step.UPDATE and w.last_day]
    due = window.last_day or max(ends)
    return ReportDue("final", min(max(ends), due), due, "Báo cáo kết thúc")


def _period_end(day: datetime.date, weekly: bool) -> datetime.date:
    """Sunday of the week, or last day of the month."""
    if weekly:
        return day + datetime.timedelta(days=6 - day.weekday())
    return (day.replace(day=28) + datetime.timedelta(days=4)).replace(day=1) - _ONE
