"""What the worker runs: the doorbell of jobs. The work of each kind is registered with `jobs.job`."""

from __future__ import annotations

from typing import Any

from celery import Task, shared_task

from campaigns import bulk, jobs
from campaigns.jobs import Report, job
from campaigns.models import BulkFile, Job

# The parts of a job have shorter limits of their own; this one ends what none of them did.
_SECONDS = 2 * 60 * 60


class JobTask(Task):
    def on_failure(self, exc: Exception, task_id: str, args: Any, kwargs: Any, einfo: Any) -> None:
        """What nobody foresaw. Celery has written the traceback to the log."""
        jobs.fail(args[0], jobs.UNEXPECTED)


@shared_task(base=JobTask, name="campaigns.run_job", time_limit=_SECONDS)
def run_job(job_id: int) -> None:
    jobs.run(job_id)


@shared_task(name="campaigns.ring_waiting", ignore_result=True, expires=30)
def ring_waiting() -> None:
    jobs.ring_waiting()


@job(bulk.CHECK, title="Xem trước tệp nhập hàng loạt", page="bulk_file")
def check_bulk_file(row: Job, report: Report) -> dict[str, Any]:
    return _bulk_totals(bulk.check_file(_bulk_file(row), by=row.by, report=report))


@job(bulk.APPLY, title="Ghi tệp nhập hàng loạt", page="bulk_file")
def apply_bulk_file(row: Job, report: Report) -> dict[str, Any]:
    return _bulk_totals(bulk.apply_file(_bulk_file(row), by=row.by, report=report))


@job(bulk.WRITE, title="Lập tệp xuất hàng loạt", page="bulk_file")
def write_bulk_file(row: Job, report: Report) -> dict[str, Any]:
    report("ghi tệp", 0, 0)
    return {"rows": bulk.write_file(_bulk_file(row), by=row.by, report=report).rows}


def _bulk_file(row: Job) -> BulkFile:
    return BulkFile.objects.select_related("campaign", "by").get(pk=row.target_id)


def _bulk_totals(bulk_file: BulkFile) -> dict[str, Any]:
    totals = bulk_file.face["totals"]
    return {"rows": bulk_file.rows, "created": totals["new"], "changed": totals["update"], "unchanged": totals["skip"]}
