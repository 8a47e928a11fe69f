from __future__ import annotations

import datetime

from campaigns.models import Campaign
from reconciliation.report_calendar import final_report, periodic_reports, reports_asked_for

Day = datetime.date


def test_a_report_a_week_from_the_first_day_to_the_final_report(campaign: Campaign) -> None:
    """The plan begins on Saturday 30/9: its first working week ends on 6/10."""
    reports = periodic_reports(campaign)
    assert [(r.title, r.as_of, r.due) for r in reports[:2]] == [
        ("Báo cáo định kỳ tuần 1", Day(2023, 10, 6), Day(2023, 10, 9)),
        ("Báo cáo định kỳ tuần 2", Day(2023, 10, 13), Day(2023, 10, 16)),
    ]
    assert reports[-1].as_of == Day(2023, 11, 10)


def test_a_report_a_month_where_the_plan_says_so(campaign: Campaign) -> None:
    campaign.settings["periodic_report_every"] = "month"
    assert [(r.title, r.as_of) for r in periodic_reports(campaign)] == [
        ("Báo cáo định kỳ tháng 1", Day(2023, 10, 31)),
    ]


def test_the_final_report_stands_at_the_last_day_of_updating(campaign: Campaign) -> None:
    report = final_report(campaign)
    assert (report.as_of, report.due) == (Day(2023, 11, 9), Day(2023, 11, 14))


def test_what_is_asked_for_ends_with_the_next_one_to_come(campaign: Campaign) -> None:
    asked = reports_asked_for(campaign, Day(2023, 10, 12))
    assert [(r.kind, r.as_of) for r in asked] == [
        ("final", Day(2023, 11, 9)), ("periodic", Day(2023, 10, 13)), ("periodic", Day(2023, 10, 6)),
    ]  # fmt: skip
