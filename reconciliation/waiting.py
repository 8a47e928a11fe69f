"""What waits, counted from the database: one function a matter, one query each, however many people it concerns."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from campaigns import jobs
from campaigns.clock import POLICE, Clock, WorkingDays, pace_days, plan_clock
from campaigns.models import Campaign, Commune, Job, User
from campaigns.models.job import JobStatus
from campaigns.permissions import Role
from reconciliation.models import Batch, BatchKind, BatchLine, Outcome, UploadFile
from reconciliation.models.batch import waits_for_decision
from reconciliation.sendable import is_sendable, on_no_open_list
from records.models import Exclusion, FileKind, FileStatus, Finding, Record, SourceFile, Stage


@dataclass(frozen=True)
class ToReview:
    """`in_scope`: those that the plan clock counts. `to_close`: nothing is open on them any more, but the commune's
    review was not closed since."""

    register: str
    count: int
    in_scope: int
    suggested: int
    to_close: int


def to_review(campaign: Campaign, user: User) -> list[ToReview]:
    mine = Finding.objects.filter(campaign=campaign, record=OuterRef("pk"))
    rows = (
        Record.objects.for_user(user)
        .filter(campaign=campaign, stage=Stage.TO_REVIEW)
        .values("register")
        .annotate(
            count=Count("pk"),
            in_scope=Count("pk", filter=Exists(mine.filter(group__isnull=False))),
            suggested=Count("pk", filter=Exists(mine.open().exclude(suggestion=""))),
            to_close=Count("pk", filter=~Exists(mine.blocking())),
        )
    )
    return [ToReview(**row) for row in rows]


def new_findings(campaign: Campaign, user: User) -> dict[str, int]:
    """Register → open errors and warnings that were seen first since yesterday."""
    new = Finding.objects.for_user(user).filter(campaign=campaign).blocking().new_since_yesterday()
    return dict(new.values_list("record__register").annotate(count=Count("pk")).order_by("record__register"))


@dataclass(frozen=True)
class InStage:
    """Records that wait for somebody to make a list or a file."""

    register: str
    stage: str
    count: int
    communes: int


def to_send_or_upload(campaign: Campaign, user: User) -> list[InStage]:
    """Ready for the police; for the civil registry and on no list that is out; cleaned."""
    registry, police = BatchKind.CIVIL_REGISTRY, BatchKind.POLICE
    at_registry = Q(stage=Stage.WITH_CIVIL_REGISTRY) & on_no_open_list(registry) & is_sendable(registry)
    to_police = Q(stage=Stage.READY_FOR_POLICE) & is_sendable(police)
    rows = (
        Record.objects.for_user(user)
        .filter(at_registry | to_police | Q(stage=Stage.CLEANED), campaign=campaign, in_scope=True)
        .values("register", "stage")
        .annotate(count=Count("pk"), communes=Count("commune", distinct=True))
    )
    return [InStage(**row) for row in rows]


@dataclass(frozen=True)
class OpenBatch:
    code: str
    register: str
    kind: str
    commune_code: str
    commune: str
    due: datetime.date
    rows: int
    answered: int
    drafted: int

    @property
    def left(self) -> int:
        return self.rows - self.answered


def open_batches(campaign: Campaign, user: User) -> list[OpenBatch]:
    """Lists that are out, nearest due first."""
    answered = Q(lines__outcome__in=[Outcome.ACCEPTED, Outcome.TO_SETTLE, Outcome.TO_CIVIL_REGISTRY])
    batches = (
        Batch.objects.for_user(user)
        .filter(campaign=campaign, closed_at=None)
        .select_related("commune")
        .annotate(
            answered=Count("lines", filter=answered),
            drafted=Count("lines", filter=~answered & ~Q(lines__draft={})),
        )
        .order_by("due", "code")
    )
    return [
        OpenBatch(b.code, b.register, b.kind, b.commune.code, b.commune.name, b.due, b.rows, b.answered, b.drafted)
        for b in batches
    ]


@dataclass(frozen=True)
class ToSettle:
    """Lines of one batch that wait for a decision, and how many of them by the partner's code ('' without one)."""

    batch: str
    register: str
    commune: str
    lines: int
    codes: dict[str, int]


def to_settle(campaign: Campaign, user: User) -> list[ToSettle]:
    rows = (
        BatchLine.objects.for_user(user)
        .filter(waits_for_decision(), campaign=campaign)
        .values("batch__code", "batch__register", "batch__commune__name", "result_code")
        .annotate(n=Count("pk"))
        .order_by("batch__code", "-n")
    )
    batches: dict[str, ToSettle] = {}
    for row in rows:
        code, n = row["batch__code"], row["n"]
        known = batches.get(code)
        batches[code] = ToSettle(
            code, row["batch__register"], row["batch__commune__name"], n + (known.lines if known else 0),
            {**(known.codes if known else {}), row["result_code"]: n},
        )  # fmt: skip
    return list(batches.values())


@dataclass(frozen=True)
class Exclusions:
    """Requests that wait for a second person: those this user may confirm, and the user's own."""

    to_decide: int = 0
    asked: int = 0


def exclusions(campaign: Campaign, user: User) -> Exclusions:
    waiting = Exclusion.objects.for_user(user).filter(campaign=campaign).waiting()
    counts = waiting.aggregate(
        to_decide=Count("pk", filter=~Q(requested_by=user)), asked=Count("pk", filter=Q(requested_by=user))
    )
    return Exclusions(**counts)


@dataclass(frozen=True)
class UploadOut:
    code: str
    register: str
    at: datetime.datetime
    rows: int


def uploads_out(campaign: Campaign, user: User) -> list[UploadOut]:
    """Files that went to the ministry's software and whose answer was not recorded, oldest first."""
    files = UploadFile.objects.for_user(user).filter(campaign=campaign, result_at=None).order_by("pk")
    return [UploadOut(f.code, f.register, f.at, int(f.counts.get("rows", 0))) for f in files]


@dataclass(frozen=True)
class FileIn:
    code: str
    name: str
    register: str
    at: datetime.datetime
    counts: dict[str, Any]


def files_in(campaign: Campaign, user: User) -> list[FileIn]:
    """Files that were received and neither applied nor put aside, newest first."""
    files = SourceFile.objects.for_user(user).filter(
        campaign=campaign, kind__in=[FileKind.EXPORT, FileKind.ERRORS],
        status__in=[FileStatus.RECEIVED, FileStatus.READ],
    )  # fmt: skip
    return [FileIn(f.code, f.name, f.register, f.at, f.counts) for f in files.defer("summary").order_by("-pk")]


@dataclass(frozen=True)
class OwnJob:
    pk: int
    title: str
    failed: bool


def own_jobs(campaign: Campaign, user: User, since: datetime.datetime) -> list[OwnJob]:
    """The user's jobs that wait, run, or ended badly since then (unless the same work was given again)."""
    again = Job.objects.filter(kind=OuterRef("kind"), target_id=OuterRef("target_id"), pk__gt=OuterRef("pk"))
    rows = Job.objects.filter(
        Q(status__in=[JobStatus.QUEUED, JobStatus.RUNNING]) | Q(status=JobStatus.FAILED, finished_at__gte=since),
        ~Exists(again), campaign=campaign, by=user,
    )  # fmt: skip
    return [
        OwnJob(row.pk, kind.title if (kind := jobs.kind_of(row)) else row.kind, row.status == JobStatus.FAILED)
        for row in rows
    ]


@dataclass(frozen=True)
class AllJobs:
    failed: int = 0
    waiting: int = 0
    running: int = 0


def all_jobs(since: datetime.datetime) -> AllJobs:
    """Of all campaigns; those that failed since then."""
    counts = Job.objects.aggregate(
        failed=Count("pk", filter=Q(status=JobStatus.FAILED, finished_at__gte=since)),
        waiting=Count("pk", filter=Q(status=JobStatus.QUEUED)),
        running=Count("pk", filter=Q(status=JobStatus.RUNNING)),
    )
    return AllJobs(**counts)


@dataclass(frozen=True)
class Accounts:
    """`without`: role → communes in which nobody holds it. `never_in`: accounts that never signed in. `locked`: shut
    out for some minutes after wrong passwords."""

    without: dict[str, list[str]] = field(default_factory=dict)
    never_in: int = 0
    locked: int = 0


def accounts(campaign: Campaign, now: datetime.datetime) -> Accounts:
    """Three queries."""
    people = list(User.objects.filter(is_active=True).values_list("role", "commune_id", "last_login"))
    communes = list(Commune.objects.in_campaign(campaign))
    without = {}
    for role in (Role.COMMUNE_OFFICER, Role.COMMUNE_POLICE, Role.COMMUNE_JUSTICE):
        held = {commune for holds, commune, _ in people if holds == role}
        without[role.value] = [commune.short_name for commune in communes if commune.pk not in held]
    tried = AccessAttempt.objects.filter(
        failures_since_start__gte=settings.AXES_FAILURE_LIMIT, attempt_time__gte=now - settings.AXES_COOLOFF_TIME
    )
    return Accounts(without, sum(last is None for _, _, last in people), tried.count())


def partner_clock(campaign: Campaign, user: User, batches: list[OpenBatch], today: datetime.date) -> Clock | None:
    """A partner's own clock: lines of the lists that are out, against the last day on which one is due, at the pace of
    the answers of the last five working days. None when nothing is out."""
    left = sum(batch.left for batch in batches)
    if not left:
        return None
    days = WorkingDays(campaign)
    pace = set(pace_days(days, today))
    since = timezone.make_aware(datetime.datetime.combine(min(pace), datetime.time()))
    at = BatchLine.objects.for_user(user).filter(campaign=campaign, answered_at__gte=since)
    answered = sum(timezone.localdate(moment) in pace for moment in at.values_list("answered_at", flat=True))
    place = user.commune.code if user.commune else ""
    return plan_clock(
        days, dict.fromkeys(("review", "police", "update", "report"), (today, batches[-1].due)), start=today,
        communes={place: user.commune.name if user.commune else ""},
        remaining={"review": {}, POLICE: {place: left}, "update": {}},
        left={"review": {}, POLICE: {place: answered}, "update": {}},
    )  # fmt: skip
