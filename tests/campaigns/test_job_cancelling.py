"""Stopping a job: at once where nobody is at it, within seconds where a worker is, and never half."""

from __future__ import annotations

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from campaigns import jobs
from campaigns.models import AuditEvent, Campaign, Job
from campaigns.models.job import JobStatus
from tests.campaigns.test_jobs import soon, start

# A worker in the middle of its transaction: between two reports, or inside a statement.
WORKER = """
import threading
from django.db import connection, transaction
from campaigns import jobs
from campaigns.models import Campaign

@jobs.job("test_long", title="Dài")
def long(row, report):
    with transaction.atomic():
        Campaign.objects.filter(pk=row.campaign_id).update(name="dở dang")
        print("written", flush=True)
        if row.options["inside"] == "statement":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_sleep(300)")
        for done in range(10_000):
            report("đang ghi", done, 10_000)
            threading.Event().wait(0.05)

jobs.run(int(sys.argv[1]))
print("ended", flush=True)
"""


@jobs.job("test_long", title="Dài")
def not_here(row, report):
    return {}


@pytest.fixture
def row(campaign, officer):
    return Job.objects.create(kind="test_long", campaign=campaign, by=officer, target_id=1)


def test_one_that_waits_ends_at_once_and_is_never_done(row, officer):
    assert jobs.cancel(row, by=officer) == JobStatus.CANCELLED
    jobs.run(row.pk)
    row.refresh_from_db()
    assert (row.status, row.starts, row.cancel_asked_by) == (JobStatus.CANCELLED, 0, officer)
    assert AuditEvent.objects.get(event="job_cancelled").target == f"job:{row.pk}"


def test_one_whose_worker_is_dead_ends_at_once(row, officer):
    Job.objects.filter(pk=row.pk).update(status=JobStatus.RUNNING, seen_at=timezone.now())
    assert jobs.cancel(row, by=officer) == JobStatus.CANCELLED


def test_one_that_is_over_stays_as_it_is(row, officer):
    Job.objects.filter(pk=row.pk).update(status=JobStatus.DONE)
    assert jobs.cancel(row, by=officer) == JobStatus.DONE
    assert not AuditEvent.objects.filter(event="job_cancelled").exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("inside", ["report", "statement"])
def test_a_worker_notices_and_takes_back_what_it_wrote(campaign, officer, inside):
    row = Job.objects.create(
        kind="test_long", campaign=campaign, by=officer, target_id=1, options={"inside": inside}
    )  # fmt: skip
    worker = start(WORKER, row.pk)
    try:
        assert worker.stdout.readline() == b"written\n"
        assert jobs.cancel(row, by=officer) == JobStatus.RUNNING
        assert soon(lambda: Job.objects.get(pk=row.pk).status == JobStatus.CANCELLED)
        assert worker.communicate(timeout=10)[0] == b"ended\n"
    finally:
        worker.kill()
        worker.communicate()
    assert Campaign.objects.get(pk=campaign.pk).name == campaign.name
    assert worker.returncode == 0


def test_the_page_asks_before_it_stops(client, row, officer, other_officer):
    client.force_login(other_officer)
    assert client.post(reverse("job_cancel", args=[row.pk])).status_code == 404
    client.force_login(officer)
    asked = client.get(reverse("job", args=[row.pk])).context["cancel_url"]
    assert "Phần đang làm dở bị bỏ" in client.get(asked).content.decode()
    row.refresh_from_db()
    assert row.status == JobStatus.QUEUED
    page = client.post(asked, follow=True).content.decode()
    assert "Đã dừng “Dài”. Sổ không thay đổi." in page
    assert "Làm lại từ đầu" in page
    assert "đã kết thúc trước khi dừng được" in client.post(asked, follow=True).content.decode()


@pytest.mark.parametrize(
    ("done", "total", "seconds", "pace", "left"),
    [(0, 100, 10, None, None), (500, 2500, 10, 50, 40), (500, 0, 10, 50, None), (500, 2500, 0, None, None)],
)
def test_pace_and_time_left(row, done, total, seconds, pace, left):
    now = timezone.now()
    row.stage_at, row.seen_at, row.done, row.total = now, now + datetime.timedelta(seconds=seconds), done, total
    assert (row.rows_a_second, row.seconds_left) == (pace, left)


def test_the_page_says_how_quick_and_how_long(client, row, officer):
    now = timezone.now()
    Job.objects.filter(pk=row.pk).update(
        status="running",
        stage="đọc tệp",
        done=5000,
        total=25000,
        stage_at=now - datetime.timedelta(seconds=10),
        seen_at=now,
    )
    client.force_login(officer)
    page = client.get(reverse("job_progress", args=[row.pk])).content.decode()
    assert "500 dòng mỗi giây" in page
    assert "phần này còn khoảng 40 giây" in page
