from __future__ import annotations

import pytest

from campaigns import jobs
from campaigns.models import Campaign, Job, User
from campaigns.models.job import JobStatus
from records.models import FileStatus, Record
from tests.records.conftest import Receive
from tests.records.export_files import child


@pytest.mark.django_db(transaction=True)
def test_a_file_is_read_and_applied_in_the_background(receive: Receive, system: User, campaign: Campaign) -> None:
    file = receive([child(1), child(2)])
    read = jobs.enqueue("read_file", campaign=campaign, by=system, target_id=file.pk)
    file.refresh_from_db()
    assert (file.status, Record.objects.count()) == (FileStatus.READ, 0)
    applied = jobs.enqueue("apply_file", campaign=campaign, by=system, target_id=file.pk)
    jobs.run(applied.pk)
    results = {job.kind: job.result for job in Job.objects.filter(status=JobStatus.DONE)}
    assert results["apply_file"]["created"] == results["read_file"]["created"] == Record.objects.count() == 2
    assert read.pk != applied.pk


@pytest.mark.django_db(transaction=True)
def test_what_speaks_against_a_file_is_the_jobs_error(receive: Receive, system: User, campaign: Campaign) -> None:
    file = receive(b"nothing")
    job = jobs.enqueue("read_file", campaign=campaign, by=system, target_id=file.pk)
    job.refresh_from_db()
    file.refresh_from_db()
    assert (job.status, job.error) == (JobStatus.FAILED, file.refused_because)
