"""Long work. A Job row is the truth; the broker is a doorbell that may be away, ring twice, or be forgotten.

Whoever hears the bell takes an advisory lock of the database on the job. It lasts as long as the worker's connection,
so the work is never done by two at once, and a worker that dies frees it in the same moment, without a time limit to
guess. A row lock would not do: it would hide the progress that the page reads until the work is over.
"""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.module_loading import autodiscover_modules
from kombu.exceptions import OperationalError as BrokerAway

from campaigns import audit
from campaigns.errors import WorkRefused
from campaigns.models import Campaign, Job, User
from campaigns.models.job import JobStatus

Report = Callable[[str, int, int], None]  # what is being done, how many of how many (0: not known yet)
Work = Callable[[Job, Report], dict[str, Any]]

MOST_STARTS = 3
PULSE_SECONDS = 1.0
NEVER_RUNG, RUNG_IN_VAIN, GONE_QUIET = timedelta(seconds=10), timedelta(minutes=2), timedelta(seconds=5)
_LOCK_CLASS = 7401  # first half of the advisory lock's key; the job's id is the second
_log = logging.getLogger(__name__)

UNKNOWN_KIND = "Bản đang chạy không biết việc này. Bộ phận kỹ thuật khởi động lại chương trình rồi làm lại."
GAVE_UP = (
    f"Việc này đã dừng giữa chừng {MOST_STARTS} lần nên không tự chạy lại nữa; dữ liệu không bị thay đổi dở dang. "
    "Bộ phận kỹ thuật xem nhật ký máy chủ rồi làm lại."
)
UNEXPECTED = (
    "Việc này dừng vì một lỗi của chương trình; dữ liệu không bị thay đổi dở dang. "
    "Báo bộ phận kỹ thuật số của việc để xem nhật ký máy chủ."
)


def no_report(stage: str, done: int, total: int) -> None:
    """Nobody watches."""


class JobCancelledError(Exception):
    """Somebody asked for the work to be stopped. Raised by `report`, so between two pieces of work; what its
    transaction had written is rolled back on the way out."""


@dataclass(frozen=True)
class Kind:
    """`title`: what the page calls the work. `page`: name of the address that shows its outcome, with the job's
    `target_id` as its only argument; '' where the job's own page is enough."""

    work: Work
    title: str
    page: str = ""


_kinds: dict[str, Kind] = {}


def job(kind: str, *, title: str, page: str = "") -> Callable[[Work], Work]:
    """Registers a function of <app>/tasks.py as the work of a kind. It returns counts for the job's `result`. It may
    be run again after it ended or died half-way, and must then do no harm: one transaction, or a look at what is done.
    WorkRefused and PermissionDenied are its ways to say why it did nothing."""

    def register(work: Work) -> Work:
        _kinds[kind] = Kind(work, title, page)
        return work

    return register


def kind_of(row: Job) -> Kind | None:
    """None for a kind that this version does not know."""
    if row.kind not in _kinds:
        autodiscover_modules("tasks")
    return _kinds.get(row.kind)


def enqueue(kind: str, *, campaign: Campaign, by: User, target_id: int, **options: Any) -> Job:
    """The row first, the bell once it is committed. `options` must be JSON."""
    row = Job.objects.create(kind=kind, campaign=campaign, by=by, target_id=target_id, options=options)
    transaction.on_commit(partial(ring, row.pk))
    return row


def enqueue_once(kind: str, *, campaign: Campaign, by: User) -> Job:
    """A job about the whole campaign; the one that still waits, if there is one."""
    waiting = Job.objects.filter(campaign=campaign, kind=kind, status=JobStatus.QUEUED).first()
    return waiting or enqueue(kind, campaign=campaign, by=by, target_id=campaign.pk)


def ring(job_id: int) -> None:
    """Tells a worker. With the broker away nothing is lost: `ring_waiting` rings again."""
    from campaigns.tasks import run_job  # tasks.py needs this module

    Job.objects.filter(pk=job_id, status=JobStatus.QUEUED).update(seen_at=timezone.now())
    try:
        run_job.delay(job_id)
    except BrokerAway as away:
        _log.warning("Job %s waits, the broker does not answer: %s", job_id, away)
        Job.objects.filter(pk=job_id, status=JobStatus.QUEUED).update(seen_at=None)


def ring_waiting() -> int:
    """Rings for jobs of which nobody was told, of which the bell was forgotten, or whose worker has gone quiet.
    Returns how many. One ring too many does no harm."""
    now = timezone.now()
    queued, running = Q(status=JobStatus.QUEUED), Q(status=JobStatus.RUNNING)
    quiet = Job.objects.filter(running, seen_at__lt=now - GONE_QUIET).exclude(pk__in=_held())
    forgotten = Job.objects.filter(
        queued & Q(seen_at=None, created_at__lt=now - NEVER_RUNG) | queued & Q(seen_at__lt=now - RUNG_IN_VAIN)
    )
    ids = [*quiet.values_list("pk", flat=True), *forgotten.values_list("pk", flat=True)]
    quiet.update(seen_at=now)
    for job_id in ids:
        ring(job_id)
    return len(ids)


def cancel(row: Job, *, by: User) -> str:
    """Stops a job; returns its status now. One that nobody is at ends at once. A worker notices within a second or two,
    rolls back what it wrote, and ends it; unless its work is over before it does."""
    asked: dict[str, Any] = {"cancel_asked_at": timezone.now(), "cancel_asked_by": by}
    unfinished = Job.objects.unfinished().filter(pk=row.pk)
    if not unfinished.filter(cancel_asked_at=None).update(**asked):
        row.refresh_from_db()
        return row.status
    audit.record("job_cancelled", by=by, campaign=row.campaign, target=f"job:{row.pk}", kind=row.kind)
    with _alone(row.pk) as alone:
        if alone:
            _end(row.pk, status=JobStatus.CANCELLED)
    row.refresh_from_db()
    return row.status


def run(job_id: int) -> None:
    """Does the work of a job that waits, unless somebody is at it or it is over. What the work itself says against it
    becomes the job's error; any other exception leaves this function, and `fail` is for the caller to call."""
    with _alone(job_id) as alone:
        row = _start(job_id) if alone else None
        if row is None:
            return
        kind = kind_of(row)
        if kind is None:
            fail(job_id, UNKNOWN_KIND)
            return
        with _Pulse(job_id) as pulse, audit.acting_by("job"):
            ended = _work(kind.work, row, pulse)
        _forget_cancelling()
        _end(job_id, **ended)


def _work(work: Work, row: Job, pulse: _Pulse) -> dict[str, Any]:
    """Returns what the job's row says of the end."""
    try:
        return {"status": JobStatus.DONE, "result": work(row, pulse.report)}
    except WorkRefused as refusal:
        return {"status": JobStatus.FAILED, "error": refusal.message}
    except PermissionDenied as denied:
        return {"status": JobStatus.FAILED, "error": str(denied)}
    except JobCancelledError:
        return {"status": JobStatus.CANCELLED}
    except OperationalError:  # the statement that was cancelled
        if not pulse.is_cancelled:
            raise
        return {"status": JobStatus.CANCELLED}


def _forget_cancelling() -> None:
    """A cancelling that came when the work was over strikes here and not at what comes next."""
    with contextlib.suppress(OperationalError), connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def fail(job_id: int, message: str) -> None:
    """`message`: one Vietnamese sentence or two, for the person who gave the job."""
    _end(job_id, status=JobStatus.FAILED, error=message)


def _end(job_id: int, **values: Any) -> None:
    Job.objects.unfinished().filter(pk=job_id).update(finished_at=timezone.now(), **values)


@contextlib.contextmanager
def _alone(job_id: int) -> Iterator[bool]:
    """True when nobody else is at this job, and then nobody will be until the block ends or this process does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_LOCK_CLASS, job_id])
        alone = bool(cursor.fetchone()[0])
    try:
        yield alone
    finally:
        # A lost connection has given the lock back by itself.
        with contextlib.suppress(DatabaseError, InterfaceError):
            if alone:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCK_CLASS, job_id])


def _held() -> list[int]:
    """Jobs at which somebody is, whatever their rows say."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND classid = %s AND objsubid = 2
               AND database = (SELECT oid FROM pg_database WHERE datname = current_database())""",
            [_LOCK_CLASS],
        )
        return [job_id for (job_id,) in cursor.fetchall()]


def _start(job_id: int) -> Job | None:
    """None when there is nothing to do any more. Called by the holder of the lock only."""
    with transaction.atomic():
        row = Job.objects.unfinished().select_for_update(of=("self",)).filter(pk=job_id).first()
        if row is None:
            return None
        if row.cancel_asked_at:
            _end(job_id, status=JobStatus.CANCELLED)
            return None
        if row.starts >= MOST_STARTS:
            fail(job_id, GAVE_UP)
            return None
        now = timezone.now()
        Job.objects.filter(pk=job_id).update(
            status=JobStatus.RUNNING, starts=F("starts") + 1, started_at=now, seen_at=now, stage="", done=0, total=0,
            stage_at=None,
        )  # fmt: skip
    return Job.objects.select_related("campaign", "by").get(pk=job_id)


class _Pulse:
    """Writes once a second that the work lives and how far it is, and looks whether it is to be stopped. From a thread
    with a connection of its own, because what the work's own transaction wrote would be seen only when it ends.
    Shorter work writes at its end only."""

    def __init__(self, job_id: int) -> None:
        self._job_id = job_id
        self._progress: dict[str, Any] = {}
        self._over = threading.Event()
        self._session = _session()
        self.is_cancelled = False
        self._thread = threading.Thread(target=self._beat, name=f"job-{job_id}", daemon=True)

    def report(self, stage: str, done: int, total: int) -> None:
        if self.is_cancelled:
            raise JobCancelledError
        stage_at = self._progress.get("stage_at")
        if stage != self._progress.get("stage"):
            stage_at = timezone.now()
        self._progress = {"stage": stage[:60], "done": done, "total": total, "stage_at": stage_at}

    def __enter__(self) -> _Pulse:
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._over.set()
        self._thread.join()
        if exception[0] is None:
            self._write()

    def _beat(self) -> None:
        try:
            while not self._over.wait(PULSE_SECONDS):
                self._write()
                self.is_cancelled = Job.objects.filter(pk=self._job_id).exclude(cancel_asked_at=None).exists()
                if self.is_cancelled:  # also what the database is at this moment; again until the work has ended
                    _interrupt(self._session)
        except DatabaseError as error:  # the work itself meets the same trouble, and says so
            _log.warning("Job %s could not say how far it is: %s", self._job_id, error)
        finally:
            connection.close()

    def _write(self) -> None:
        Job.objects.filter(pk=self._job_id).update(seen_at=timezone.now(), **self._progress)


def _session() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def _interrupt(session: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_cancel_backend(%s)", [session])
