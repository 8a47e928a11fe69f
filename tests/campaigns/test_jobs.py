"""Jobs without a worker: what a worker would call is called here, and one worker is killed in earnest."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection
from django.utils import timezone

from campaigns import audit, jobs
from campaigns.errors import WorkRefused
from campaigns.models import AuditEvent, Campaign, Job
from campaigns.models.job import JobStatus
from campaigns.permissions import NotAllowed
from campaigns.tasks import ring_waiting, run_job

DONE, FAILED, QUEUED, RUNNING = JobStatus.DONE, JobStatus.FAILED, JobStatus.QUEUED, JobStatus.RUNNING


@jobs.job("test_count", title="Đếm", page="job")
def count(row, report):
    report("đang đếm", 3, 3)
    audit.record("counted", by=row.by, campaign=row.campaign, **row.options)
    return {"counted": 3}


@jobs.job("test_refuse", title="Từ chối")
def refuse(row, report):
    raise WorkRefused("empty", "Tệp không có dòng nào. Xuất lại tệp rồi đưa vào.")


@jobs.job("test_not_allowed", title="Không được phép")
def not_allowed(row, report):
    raise NotAllowed("Vai trò này không được làm việc này.")


@jobs.job("test_break", title="Hỏng")
def break_down(row, report):
    raise ZeroDivisionError


@pytest.fixture
def give(campaign, officer):
    """A job that waits, as `enqueue` leaves it before its transaction ends."""

    def give(kind="test_count", **options):
        return jobs.enqueue(kind, campaign=campaign, by=officer, target_id=7, **options)

    return give


def age(row: Job, **values) -> None:
    Job.objects.filter(pk=row.pk).update(**values)


def ago(**duration):
    return timezone.now() - timedelta(**duration)


def test_the_bell_rings_only_once_the_row_is_committed(give, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        row = give(sheets=2)
        row.refresh_from_db()
        assert row.status == QUEUED
    row.refresh_from_db()
    assert (row.status, row.result, row.error, row.starts) == (DONE, {"counted": 3}, "", 1)
    assert (row.stage, row.done, row.total, row.percent) == ("đang đếm", 3, 3, 100)
    assert row.started_at
    assert row.finished_at


def test_the_work_is_recorded_as_a_job_of_the_person_who_gave_it(give, officer):
    jobs.run(give(sheets=2).pk)
    event = AuditEvent.objects.get(event="counted")
    assert (event.username, event.via, event.details) == (officer.username, "job", {"sheets": 2})


def test_a_second_ring_does_the_work_once(give):
    row = give()
    jobs.run(row.pk)
    jobs.run(row.pk)
    assert AuditEvent.objects.filter(event="counted").count() == 1


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("test_refuse", "Tệp không có dòng nào. Xuất lại tệp rồi đưa vào."),
        ("test_not_allowed", "Vai trò này không được làm việc này."),
        ("test_nobody_knows", jobs.UNKNOWN_KIND),
    ],
)
def test_a_job_that_is_refused_says_why(give, kind, said):
    row = give(kind)
    jobs.run(row.pk)
    row.refresh_from_db()
    assert (row.status, row.error, row.result) == (FAILED, said, {})
    assert row.finished_at


def test_a_job_that_breaks_down_says_so_in_vietnamese(give):
    row = give("test_break")
    run_job.apply([row.pk], throw=False)
    row.refresh_from_db()
    assert (row.status, row.error) == (FAILED, jobs.UNEXPECTED)


@pytest.mark.parametrize(
    ("values", "rung"),
    [
        ({"created_at": {"seconds": 1}}, False),  # its own bell is on the way
        ({"created_at": {"minutes": 1}}, True),  # the broker was away
        ({"created_at": {"minutes": 9}, "seen_at": {"minutes": 1}}, False),  # waits its turn
        ({"created_at": {"minutes": 9}, "seen_at": {"minutes": 6}}, True),  # the broker has forgotten
        ({"status": RUNNING, "seen_at": {"seconds": 2}}, False),  # at work
        ({"status": RUNNING, "seen_at": {"minutes": 2}}, True),  # its worker is dead
        ({"status": DONE, "seen_at": {"minutes": 9}}, False),
        ({"status": FAILED, "seen_at": {"minutes": 9}}, False),
    ],
)
def test_the_beat_rings_for_what_was_forgotten(give, values, rung):
    row = give()
    age(row, **{name: ago(**value) if isinstance(value, dict) else value for name, value in values.items()})
    before = Job.objects.get(pk=row.pk).status
    ring_waiting.apply()
    row.refresh_from_db()
    assert row.status == (DONE if rung else before)
    assert AuditEvent.objects.filter(event="counted").exists() == rung


def test_a_job_whose_workers_all_die_is_given_up(give):
    row = give()
    age(row, status=RUNNING, starts=jobs.MOST_STARTS, seen_at=ago(minutes=5))
    jobs.run(row.pk)
    row.refresh_from_db()
    assert (row.status, row.error) == (FAILED, jobs.GAVE_UP)


def test_whose_jobs_one_sees(give, officer, other_officer, district):
    give()
    assert [Job.objects.for_user(person).count() for person in (officer, other_officer, district)] == [1, 0, 1]


def test_two_workers_never_do_one_job(give):
    """Another connection is at it, as long as it lives."""
    row, there = give(), connection.copy()
    with there.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [jobs._LOCK_CLASS, row.pk])
    try:
        jobs.run(row.pk)
        row.refresh_from_db()
        assert (row.status, row.starts) == (QUEUED, 0)
    finally:
        there.close()

    def done() -> bool:
        jobs.run(row.pk)
        return Job.objects.get(pk=row.pk).status == DONE

    assert soon(done)


def soon(holds, seconds: float = 10) -> bool:
    """Asks again until it holds or the time is over."""
    over = threading.Event()
    timer = threading.Timer(seconds, over.set)
    timer.start()
    try:
        while not over.wait(0.05):
            if holds():
                return True
        return False
    finally:
        timer.cancel()


def database_address() -> str:
    settings = connection.settings_dict
    password = quote(settings["PASSWORD"], safe="")
    return f"postgresql://{settings['USER']}:{password}@{settings['HOST']}:{settings['PORT']}/{settings['NAME']}"


def start(script: str, *arguments: object, **environment: str) -> subprocess.Popen[bytes]:
    """A process of its own on the database of this test, with the project's own settings."""
    return subprocess.Popen(
        [sys.executable, "-c", "import sys, django; django.setup()\n" + script, *map(str, arguments)],
        cwd=Path(jobs.__file__).parent.parent,
        env=os.environ
        | {"DATABASE_URL": database_address(), "DJANGO_SETTINGS_MODULE": "bacyen.settings"}
        | environment,
        stdout=subprocess.PIPE,
    )


GIVES = """
from campaigns import jobs
from campaigns.models import Campaign, User
campaign, by = Campaign.objects.get(), User.objects.get(username=sys.argv[1])
print(jobs.enqueue("test_count", campaign=campaign, by=by, target_id=7).pk)
"""


@pytest.mark.django_db(transaction=True)
def test_a_job_given_while_the_broker_is_away_is_done_later(campaign, officer):
    giver = start(GIVES, officer.username, REDIS_URL="redis://127.0.0.1:1/0")  # nothing listens there
    printed, _ = giver.communicate(timeout=60)
    row = Job.objects.get(pk=int(printed))
    assert (row.status, row.seen_at) == (QUEUED, None)
    age(row, created_at=ago(minutes=1))
    assert jobs.ring_waiting() == 1
    row.refresh_from_db()
    assert row.status == DONE


# A worker that begins, writes something, and waits in the middle of its transaction.
WORKER = """
import threading
from django.db import transaction
from campaigns import jobs
from campaigns.models import Campaign

@jobs.job("test_half_way", title="Dở dang")
def half_way(row, report):
    report("đang ghi", 1, 2)
    with transaction.atomic():
        Campaign.objects.filter(pk=row.campaign_id).update(name="dở dang")
        print("written", flush=True)
        threading.Event().wait()

jobs.run(int(sys.argv[1]))
"""


@jobs.job("test_half_way", title="Dở dang")
def whole_way(row, report):
    Campaign.objects.filter(pk=row.campaign_id).update(name="trọn vẹn")
    return {"written": 1}


@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_leaves_nothing_behind_and_the_job_is_done_again(campaign, officer):
    row = Job.objects.create(kind="test_half_way", campaign=campaign, by=officer, target_id=7)
    worker = start(WORKER, row.pk)
    try:
        assert worker.stdout.readline() == b"written\n"
        # Its progress is seen although its transaction is open.
        assert soon(lambda: Job.objects.get(pk=row.pk).stage == "đang ghi")
        jobs.run(row.pk)  # rung twice: it is being done, so nothing happens
        assert Job.objects.get(pk=row.pk).starts == 1
    finally:
        worker.kill()
        worker.communicate()
    assert Campaign.objects.get(pk=campaign.pk).name == campaign.name

    def done_again() -> bool:
        age(row, seen_at=ago(minutes=2))
        jobs.ring_waiting()
        return Job.objects.get(pk=row.pk).status == DONE

    assert soon(done_again)
    row.refresh_from_db()
    assert (row.starts, row.result) == (2, {"written": 1})
    assert Campaign.objects.get(pk=campaign.pk).name == "trọn vẹn"
