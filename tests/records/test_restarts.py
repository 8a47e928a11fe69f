"""Worker and broker are killed in the middle of an import; started again, they finish it without being asked."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from django.db import OperationalError, connection, transaction

from bacyen.local_servers import CHECKOUT, State, valkey
from campaigns.jobs import JobCancelledError
from campaigns.models import Job, User
from campaigns.models.job import JobStatus
from records import imports
from records.models import Record
from tests.campaigns.test_jobs import database_address, soon
from tests.records.conftest import Receive
from tests.records.export_files import child

GIVE = """
import sys, django
django.setup()
from campaigns import jobs
from campaigns.models import Campaign, User
jobs.enqueue("apply_file", campaign=Campaign.objects.get(), by=User.objects.system(), target_id=int(sys.argv[1]))
"""


class Office:
    """A broker of its own, and one worker, on the database of the test."""

    def __init__(self, folder: Path) -> None:
        self._state = State(folder)
        self._environment = os.environ | {
            "DATABASE_URL": database_address(), "DJANGO_SETTINGS_MODULE": "bacyen.settings", "WORKERS": "1",
            "BACYEN_STATE": str(folder), "FILES": os.environ.get("FILES", ""),
        }  # fmt: skip
        self._worker: subprocess.Popen[bytes] | None = None

    def open(self) -> None:
        valkey.ensure(self._state)
        self._environment["REDIS_URL"] = valkey.url(self._state)
        command = ["-m", "celery", "-A", "bacyen", "--quiet", "worker", "--beat", "--loglevel", "ERROR"]
        self._worker = subprocess.Popen([sys.executable, *command], cwd=CHECKOUT, env=self._environment)

    def python(self, script: str, *arguments: object) -> None:
        subprocess.run(
            [sys.executable, "-c", script, *map(str, arguments)], cwd=CHECKOUT, env=self._environment, check=True
        )

    def kill(self) -> None:
        """All at once and without a warning, as when the power fails."""
        if self._worker is None:
            return
        worker = psutil.Process(self._worker.pid)
        for process in [*worker.children(recursive=True), worker]:
            process.kill()
        self._worker.wait()
        self._worker = None
        broker = int((self._state.path("valkey") / "pid").read_text())
        os.kill(broker, signal.SIGKILL)
        psutil.wait_procs([psutil.Process(broker)] if psutil.pid_exists(broker) else [], timeout=5)

    def close(self) -> None:
        self.kill()
        valkey.stop(self._state)


@pytest.fixture
def office(tmp_path: Path, settings) -> Iterator[Office]:
    os.environ["FILES"] = str(settings.FILES)
    office = Office(tmp_path)
    yield office
    office.close()
    del os.environ["FILES"]


@pytest.mark.django_db(transaction=True)
def test_an_import_outlives_worker_and_broker(office: Office, receive: Receive, system: User) -> None:
    file = receive([child(n) for n in range(30)])
    office.open()
    with transaction.atomic():
        with connection.cursor() as cursor:  # the worker waits here with everything written and nothing committed
            cursor.execute("LOCK TABLE campaigns_auditevent IN EXCLUSIVE MODE")
        office.python(GIVE, file.pk)
        assert soon(_someone_waits_for_the_audit, 30)
        assert Job.objects.get().status == JobStatus.RUNNING
        office.kill()
    assert Record.objects.count() == 0
    assert Job.objects.get().status == JobStatus.RUNNING  # so the row still says
    office.open()
    assert soon(lambda: Job.objects.get().status == JobStatus.DONE, 60)
    assert (Record.objects.count(), Job.objects.get().starts) == (30, 2)


def _someone_waits_for_the_audit() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE relation = 'campaigns_auditevent'::regclass AND NOT granted"
        )
        return bool(cursor.fetchone()[0])


def test_an_import_that_is_stopped_while_it_reads_changes_nothing(receive: Receive, system: User) -> None:
    """The report runs inside the reading's COPY."""
    file = receive([child(n) for n in range(2500)])

    def stop(stage: str, done: int, total: int) -> None:
        if done:
            raise JobCancelledError

    with pytest.raises((JobCancelledError, OperationalError)):
        imports.apply(file, by=system, report=stop)
    assert not [process for process in psutil.Process().children() if "records.reading" in process.cmdline()]
    assert Record.objects.count() == 0
    assert imports.apply(file, by=system).difference.created == 2500
