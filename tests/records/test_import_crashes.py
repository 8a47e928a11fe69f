"""A reading process or a worker that dies in the middle leaves the register as it was."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable

import psutil
import pytest
from django.db import connection, transaction

from bacyen import local_servers
from campaigns.errors import WorkRefused
from campaigns.models import User
from records import imports
from records.models import Finding, Record, SourceFile, SourceRow
from tests.records.conftest import Receive
from tests.records.export_files import child

APPLY = """
import sys, django
django.setup()
from campaigns.models import User
from records import imports
from records.models import SourceFile
imports.apply(SourceFile.objects.get(pk=int(sys.argv[1])), by=User.objects.system())
"""
DEADLINE = 60  # seconds


def test_a_reading_process_that_is_killed(receive: Receive, system: User) -> None:
    imports.apply(receive([child(1)]), by=system)
    file = receive([child(n) for n in range(6000)])

    def kill_reader(stage: str, done: int, total: int) -> None:
        for process in psutil.Process().children():
            if "records.reading" in process.cmdline():
                process.kill()

    with pytest.raises(WorkRefused) as refused:
        imports.apply(file, by=system, report=kill_reader)
    assert refused.value.code in ("too_large", "unreadable_file")
    assert Record.objects.count() == 1
    assert imports.apply(file, by=system).difference.created == 5999


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_killed_before_it_is_done(receive: Receive, system: User) -> None:
    """The audit table is locked, so that the worker is stopped where everything is written and nothing committed."""
    imports.apply(receive([child(1)]), by=system)
    file = receive([child(1, phone="1"), child(2)])
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE campaigns_auditevent IN EXCLUSIVE MODE")
        worker = subprocess.Popen([sys.executable, "-c", APPLY, str(file.pk)], env=_environment())
        _wait_until(lambda: _waiting_for_audit() == 1)
        worker.kill()
        worker.wait()
    _wait_until(lambda: _other_sessions() == 0)
    file.refresh_from_db()
    assert file.status == "received"
    assert (Record.objects.count(), SourceRow.objects.count(), Finding.objects.count()) == (1, 1, 0)
    assert Record.objects.get().value("phone") == "0912000111"
    done = imports.apply(SourceFile.objects.get(pk=file.pk), by=system)
    assert (done.difference.created, done.difference.changed) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_two_workers_wait_for_each_other(receive: Receive, system: User) -> None:
    rows = [child(n) for n in range(40)]
    files = [receive(rows), receive([*rows, child(50)])]
    workers = [subprocess.Popen([sys.executable, "-c", APPLY, str(file.pk)], env=_environment()) for file in files]
    assert [worker.wait(DEADLINE) for worker in workers] == [0, 0]
    assert Record.objects.count() == 41
    assert sorted(SourceFile.objects.get(pk=file.pk).counts["created"] for file in files)[-1] in (40, 41)


def _environment() -> dict[str, str]:
    base = local_servers.database_url(local_servers.State.from_environment()).rpartition("/")[0]
    return os.environ | {
        "DATABASE_URL": f"{base}/{connection.settings_dict['NAME']}", "DJANGO_SETTINGS_MODULE": "tests.settings",
        "PYTHONPATH": os.getcwd(),
    }  # fmt: skip


def _waiting_for_audit() -> int:
    return _count("wait_event_type = 'Lock' AND query LIKE '%%campaigns_auditevent%%'")


def _other_sessions() -> int:
    return _count("state <> 'idle'")


def _count(condition: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            f" WHERE datname = current_database() AND pid <> pg_backend_pid() AND {condition}"
        )
        return int(cursor.fetchone()[0])


def _wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + DEADLINE
    while not true():
        assert time.monotonic() < deadline
