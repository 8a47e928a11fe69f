"""All findings of a campaign brought up to date: after a decision about a rule, after a change of the lists of the
state, and every night, because days pass.

Records are judged in portions, each in a transaction of its own that holds its records only while it lasts: nobody who
works meanwhile waits long, and a run that is broken off has done whole portions, which the next run finds done."""

from __future__ import annotations

import datetime
from dataclasses import asdict, dataclass
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from campaigns import audit, jobs
from campaigns.jobs import Report, no_report
from campaigns.models import Campaign, Job, User
from campaigns.permissions import Permission, check
from records import changes, findings, stages, standing
from records.models import Finding, Record, Stage
from records.models.finding import FindingQuerySet
from records.reading.checks import judge
from records.reading.reference import Reference
from records.reference import reference_for

KIND = "refresh_findings"
NIGHT = datetime.time(2)  # local; before it the night still belongs to the day before
_PORTION = 2000
_REASON = "đối chiếu lại quy tắc"


@dataclass(frozen=True)
class Refreshed:
    """`records`: judged; `opened`, `closed`: findings that came and that went; `moved`: records in another stage."""

    records: int
    opened: int
    closed: int
    moved: int


def ask(campaign: Campaign, *, by: User) -> Job:
    """A job that refreshes the campaign; the one that waits already, if there is one."""
    return jobs.enqueue_once(KIND, campaign=campaign, by=by)


def ask_where_due(now: datetime.datetime) -> list[Job]:
    """For each open campaign that was not refreshed since the last night began. Asked again and again by the beat, so
    a machine that is switched off at night does it in the morning."""
    local = timezone.localtime(now)
    day = local.date() if local.time() >= NIGHT else local.date() - datetime.timedelta(days=1)
    night = timezone.make_aware(datetime.datetime.combine(day, NIGHT))
    done = Job.objects.filter(kind=KIND, created_at__gte=night).values("campaign")
    due = Campaign.objects.open().exclude(pk__in=done)
    return [ask(campaign, by=User.objects.system()) for campaign in due]


def refresh(campaign: Campaign, *, by: User, report: Report = no_report) -> Refreshed:
    """Judges every record again and compares all of them; a second run changes nothing."""
    check(by, Permission.REVIEW)
    open_findings, run = Finding.objects.open().filter(campaign=campaign), _Run(campaign, by)
    before = set(open_findings.values_list("pk", flat=True))
    total = Record.objects.filter(campaign=campaign).count()
    while run.judge_portion():
        report("đối chiếu từng hồ sơ", run.records, total)
    report("so các hồ sơ với nhau", 0, 0)
    run.compare()
    now = set(open_findings.values_list("pk", flat=True))
    refreshed = Refreshed(run.records, len(now - before), len(before - now), run.moved)
    audit.record(
        "findings_refreshed", by=by, campaign=campaign, target=f"campaign:{campaign.code}", **asdict(refreshed)
    )
    return refreshed


class _Run:
    """`after`: the key up to which records are judged."""

    def __init__(self, campaign: Campaign, by: User) -> None:
        self.campaign, self.by = campaign, by
        self.after = self.records = self.moved = 0
        self._references: dict[tuple[str, datetime.date | None], Reference] = {}

    @transaction.atomic
    def judge_portion(self) -> bool:
        """False when there was nobody left."""
        at = timezone.now()
        records = list(
            Record.objects.select_for_update(of=("self",), no_key=True)
            .filter(campaign=self.campaign, pk__gt=self.after)
            .select_related("source_row__source_file")
            .defer("source_row__cells", "source_row__values")
            .order_by("pk")[:_PORTION]
        )
        if not records:
            return False
        ids = [record.pk for record in records]
        blocked = _blocked(Finding.objects.filter(record__in=ids))
        judged = [(record, judge(record.values, self._reference(record))) for record in records]
        changes.follow(self.campaign, judged)
        with connection.cursor() as cursor:
            findings.open_tables(cursor)
            findings.fill_tables(cursor, ((record.pk, result, ()) for record, result in judged))
            cursor.execute(findings.CHANGED_MEANWHILE, {"campaign": self.campaign.pk})
            findings.sync(cursor, self.campaign, by=self.by, at=at, fixed=False)
        self._settle(blocked, at, near=ids)
        self.after, self.records = ids[-1], self.records + len(ids)
        return True

    @transaction.atomic
    def compare(self) -> None:
        at = timezone.now()
        blocked = _blocked(Finding.objects.filter(campaign=self.campaign))
        findings.compare_records(self.campaign, by=self.by, at=at)
        self._settle(blocked, at, near=None)

    def _settle(self, blocked: list[int], at: datetime.datetime, *, near: list[int] | None) -> None:
        self.moved += standing.free(self.campaign, blocked, by=self.by, at=at, reason=_REASON)
        self.moved += stages.reopen_unclean(self.campaign, by=self.by, near=near, reason=_REASON, at=at)

    def _reference(self, record: Record) -> Reference:
        """As on the day when the record's file came in; for who was added by hand, as of today."""
        row: Any = record.source_row
        key = (record.register, timezone.localdate(row.source_file.at) if row else None)
        if key not in self._references:
            self._references[key] = reference_for(self.campaign, key[0], received_on=key[1], headings=False)
        return self._references[key]


def _blocked(found: FindingQuerySet) -> list[int]:
    """Records under review that something keeps from being clean."""
    under_review = found.blocking().filter(record__stage=Stage.TO_REVIEW)
    return list(under_review.values_list("record_id", flat=True).distinct())
