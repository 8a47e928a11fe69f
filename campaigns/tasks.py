"""What the worker runs: the doorbell of jobs. The work of each kind is registered with `jobs.job`."""

from __future__ import annotations

from typing import Any

from celery import Task, shared_task

from campaigns import jobs

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
