"""What a role is told on its first page, counted from the database."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from campaigns import clock
from campaigns.models import Campaign, Register, Step, User
from campaigns.permissions import Permission, Role, collaborators_on, has, may_upload
from reconciliation import waiting
from reconciliation.models import Report
from reconciliation.progress_face import commune_rows, late_rows
from reconciliation.report_calendar import ReportDue, final_report, periodic_reports

P = Permission
Windows = Mapping[str, Mapping[str, clock.Span]]
_ONE = datetime.timedelta(days=1)
_FINAL_REPORT_SHOWN = datetime.timedelta(days=14)


@dataclass(frozen=True)
class Late:
    """Communes that will be late on the step that a register stands at, the latest first."""

    register: str
    step: str
    communes: int
    latest: str
    verdict: str


@dataclass
class Facts:
    """Everything that the first page tells this user; empty where the role is told nothing."""

    today: datetime.date
    windows: Windows
    in_commune: bool
    paper_only: bool = False
    review: list[waiting.ToReview] = field(default_factory=list)
    new_findings: dict[str, int] = field(default_factory=dict)
    in_stage: list[waiting.InStage] = field(default_factory=list)
    uploads_for: frozenset[str] = frozenset()
    uploads_out: list[waiting.UploadOut] = field(default_factory=list)
    settle: list[waiting.ToSettle] = field(default_factory=list)
    batches: list[waiting.OpenBatch] = field(default_factory=list)
    answers: bool = False
    sends: bool = False
    exclusions: waiting.Exclusions = field(default_factory=waiting.Exclusions)
    files: list[waiting.FileIn] = field(default_factory=list)
    to_bring_in: dict[str, datetime.date | None] = field(default_factory=dict)
    late: list[Late] = field(default_factory=list)
    reports: list[ReportDue] = field(default_factory=list)
    own_jobs: list[waiting.OwnJob] = field(default_factory=list)
    all_jobs: waiting.AllJobs | None = None
    accounts: waiting.Accounts | None = None


def facts_for(campaign: Campaign, user: User, figures: dict[str, Any] | None, today: datetime.date) -> Facts:
    """`figures`: the progress object where the user may see it. Thirteen queries at most."""
    windows = {register: clock.windows_of(campaign, register) for register in Register.values}
    facts = Facts(today, windows, in_commune=user.commune_id is not None)
    yesterday = timezone.make_aware(datetime.datetime.combine(today - _ONE, datetime.time()))
    if user.role in (Role.ADMIN, Role.TECHNICAL_SUPPORT):
        facts.all_jobs = waiting.all_jobs(yesterday)
        if has(user, P.MANAGE):
            facts.accounts = waiting.accounts(campaign, timezone.now())
        return facts
    facts.own_jobs = waiting.own_jobs(campaign, user, yesterday)
    facts.answers, facts.sends = has(user, P.ANSWER), has(user, P.SEND)
    if has(user, P.SEE_BATCHES):
        facts.batches = waiting.open_batches(campaign, user)
    facts.paper_only = user.role == Role.COLLABORATOR and not collaborators_on(campaign)
    if has(user, P.REVIEW) and not facts.paper_only:
        _add_register_work(facts, campaign, user)
    if figures is not None and user.commune_id is None:
        facts.late = [late for r, f in figures["registers"].items() if (late := _late(campaign, r, f))]
        if has(user, P.IMPORT):
            facts.to_bring_in = _to_bring_in(campaign, figures)
    if has(user, P.REPORT):
        facts.reports = _reports(campaign, today)
    return facts


def _add_register_work(facts: Facts, campaign: Campaign, user: User) -> None:
    if facts.in_commune:
        facts.review = waiting.to_review(campaign, user)
    if has(user, P.SET_RULES):
        facts.new_findings = waiting.new_findings(campaign, user)
    if has(user, P.UPLOAD):
        facts.in_stage = waiting.to_send_or_upload(campaign, user)
        facts.uploads_for = frozenset(r for r in Register.values if may_upload(user, campaign, r))
        facts.uploads_out = waiting.uploads_out(campaign, user)
    if has(user, P.SETTLE):
        facts.settle = waiting.to_settle(campaign, user)
    if has(user, P.EXCLUDE):
        facts.exclusions = waiting.exclusions(campaign, user)
    if has(user, P.IMPORT):
        facts.files = waiting.files_in(campaign, user)


def _to_bring_in(campaign: Campaign, figures: dict[str, Any]) -> dict[str, datetime.date | None]:
    """Registers without a record, and the last day that the plan has for exporting them."""
    empty = [register for register, part in figures["registers"].items() if not part["total"]]
    return {register: campaign.window(register, Step.EXPORT).last_day for register in empty}


def _late(campaign: Campaign, register: str, figures: dict[str, Any]) -> Late | None:
    rows = late_rows(commune_rows(campaign, register, figures))
    if not rows:
        return None
    return Late(register, figures["clock"]["step"], len(rows), rows[0]["name"], rows[0]["verdict"])


def _reports(campaign: Campaign, today: datetime.date) -> list[ReportDue]:
    """Those whose day is over and that were not issued since: the newest periodic one, and the final one from two
    weeks before it is due. One query."""
    made = Report.objects.filter(campaign=campaign).values_list("kind", "as_of", "at")
    issued = {(kind, as_of) for kind, as_of, at in made if timezone.localdate(at) > as_of}
    ended = [report for report in periodic_reports(campaign) if report.as_of < today][-1:]
    final = final_report(campaign)
    asked = ended + ([final] if today >= final.due - _FINAL_REPORT_SHOWN else [])
    return [report for report in asked if (report.kind, report.as_of) not in issued]
