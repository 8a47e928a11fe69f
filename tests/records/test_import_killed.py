"""A worker that dies at any moment, or a disk that is full, leaves the register as it was before or as it is after.

The work runs in a forked process that kills itself: before the nth statement, in the middle of COPY, before the commit.
What the reading process gave is recorded once, so that a hundred deaths cost no more than a few imports."""

from __future__ import annotations

import errno
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage
from django.db import OperationalError, connection, connections
from pytest_django import Settings

from campaigns.errors import WorkRefused
from campaigns.models import User
from records import changes, conflicts, imports, undoing
from records.models import ChangeKind, FileStatus, Record, SourceFile
from records.reading import process
from tests.records.conftest import Receive
from tests.records.export_files import child

MANY = [child(n) for n in range(1, 7)]
TABLES = (
    "records_record", "records_finding", "records_sourcerow", "records_change", "records_changeset",
    "records_stagechange", "records_conflict", "records_foreseen", "records_sourcefile", "campaigns_auditevent",
)  # fmt: skip
Step = Callable[[SourceFile], object]


def register() -> list[str]:
    """All that an import writes, table by table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT " + ", ".join(f"(SELECT md5(string_agg(t::text, E'\\n' ORDER BY t.id)) FROM {t} t)" for t in TABLES)
        )
        return list(cursor.fetchone())


@dataclass
class Recorded:
    """What a reading gave, given once more."""

    rows: bytes
    summary: dict[str, Any]

    def __post_init__(self) -> None:
        self.stdout = BytesIO(self.rows)

    def finish(self) -> dict[str, Any]:
        return self.summary

    @contextmanager
    def again(self, request: dict[str, Any]) -> Iterator[Recorded]:
        yield Recorded(self.rows, self.summary)


def record_reading(monkeypatch: pytest.MonkeyPatch, step: Callable[[], object]) -> None:
    """The next reading is kept, and given to all that follow."""
    kept: list[Recorded] = []
    real = process.open_reading

    @contextmanager
    def open_reading(request: dict[str, Any]) -> Iterator[Recorded]:
        with real(request) as reading:
            rows = b"".join(iter(lambda: reading.stdout.read(1 << 16), b""))
            kept.append(Recorded(rows, reading.finish()))
            yield kept[0]

    monkeypatch.setattr(process, "open_reading", open_reading)
    step()
    monkeypatch.setattr(process, "open_reading", kept[0].again)


def dies(step: Step, file: SourceFile, prepare: Callable[[Callable[[], None]], None]) -> bool:
    """Runs the step in a process of its own. False when it came to its end."""
    pid = os.fork()
    if pid == 0:
        with suppress(BaseException):
            kept = connection.connection  # not closed: the session is the parent's  # noqa: F841
            for one in connections.all():
                one.connection = None
            prepare(lambda: os.kill(os.getpid(), signal.SIGKILL))
            step(SourceFile.objects.get(pk=file.pk))
            os._exit(0)
        os._exit(1)
    status = os.waitpid(pid, 0)[1]
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "the step failed by itself"
    _wait_for_the_end()
    return os.WIFSIGNALED(status)


def before_statement(number: int) -> Callable[[Callable[[], None]], None]:
    def prepare(die: Callable[[], None]) -> None:
        left = [number]

        def count(execute: Any, *arguments: Any) -> Any:
            left[0] -= 1
            if left[0] < 0:
                die()
            return execute(*arguments)

        connection.execute_wrappers.append(count)

    return prepare


def before_commit(die: Callable[[], None]) -> None:
    connection.commit = die  # type: ignore[method-assign]


def within_copy(die: Callable[[], None]) -> None:
    from records import staging

    real = staging._Counted.read

    def read(self: Any, size: int) -> bytes:
        if self.rows:
            die()
        return real(self, 200)

    staging._Counted.read = read  # type: ignore[method-assign]


def _wait_for_the_end() -> None:
    """Until the database has noticed that the worker is gone."""
    with connection.cursor() as cursor:
        while True:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
                " AND backend_type = 'client backend'"
            )
            if cursor.fetchone()[0] == 0:
                return


@pytest.fixture
def file(receive: Receive, system: User) -> SourceFile:
    """Somebody new, changed, gone, back, in conflict; a code twice; and, after its preview, somebody to look at again."""
    imports.apply(receive([*MANY, child(7)]), by=system)
    imports.apply(receive(MANY), by=system)
    _edit(2, system, phone="0888")
    changed = [child(1, phone="0999"), child(2, phone="0777"), child(3, village=""), child(6, phone="1")]
    source_file = receive([*changed, child(7), child(9), child(9, phone="2")])
    imports.compare(source_file, by=system)
    _edit(6, system, village="Cáo A")
    return source_file


def _edit(number: int, by: User, **fields: str) -> None:
    record = Record.objects.get(system_code=child(number)["system_code"])
    changes.apply(changes.open_change_set(record.campaign, ChangeKind.EDIT, by=by), {record.pk: fields})


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("name", "stride"), [("apply", 1), ("apply_rest", 6), ("undo", 3), ("decide", 3)])
def test_a_worker_killed_anywhere(
    name: str, stride: int, file: SourceFile, system: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: dict[str, Step] = {
        "apply": lambda f: imports.apply(f, by=system),
        "apply_rest": lambda f: imports.apply_rest(f, by=system),
        "undo": lambda f: undoing.undo_import(f, by=system),
        "decide": lambda f: conflicts.decide(
            f, {c.pk: "theirs" for c in f.conflicts.all()}, by=system,
            versions={c.record_id: c.record.version for c in f.conflicts.all()},
        ),
    }  # fmt: skip
    step = steps[name]
    if name == "apply":
        record_reading(monkeypatch, lambda: imports.compare(SourceFile.objects.get(pk=file.pk), by=system))
        _edit(6, system, village="Cáo B")
    else:
        record_reading(monkeypatch, lambda: imports.apply(SourceFile.objects.get(pk=file.pk), by=system))
    before = register()
    deaths = 0
    while dies(step, file, before_statement(deaths * stride)):
        assert register() == before
        deaths += 1
        if deaths == 1:
            for prepare in (before_commit, *([within_copy] if "apply" in name else [])):
                assert dies(step, file, prepare)
                assert register() == before
    assert deaths > 60 / stride / (3 if name == "decide" else 1)
    assert register() != before
    if name == "apply":
        counts = SourceFile.objects.get(pk=file.pk).counts
        told = [counts[key] for key in ("created", "changed", "unchanged", "skipped", "again", "conflicts", "gone")]
        assert told == [1, 3, 1, 2, 1, 1, 2]


@pytest.mark.parametrize("at", range(5, 65, 12))
def test_a_database_whose_disk_is_full(at: int, receive: Receive, system: User) -> None:
    imports.apply(receive(MANY), by=system)
    file = receive([child(1, phone="0999"), child(9)])
    before, left = register(), [at]

    def full(execute: Any, *arguments: Any) -> Any:
        left[0] -= 1
        if left[0] == 0:
            raise OperationalError("could not extend file: No space left on device")
        return execute(*arguments)

    with connection.execute_wrapper(full), pytest.raises(OperationalError):
        imports.apply(file, by=system, anyway="tệp nhỏ")
    assert left[0] <= 0
    assert register() == before
    assert imports.apply(SourceFile.objects.get(pk=file.pk), by=system, anyway="tệp nhỏ").difference.created == 1


@pytest.fixture
def shelf(settings: Settings, tmp_path: Path) -> Path:
    """Of this test alone: other tests keep files at the same time."""
    default = settings.STORAGES["default"]
    own = default | {"OPTIONS": default["OPTIONS"] | {"location": tmp_path}}
    settings.STORAGES = settings.STORAGES | {"default": own}
    return tmp_path


def test_a_shelf_that_is_full(receive: Receive, system: User, monkeypatch: pytest.MonkeyPatch, shelf: Path) -> None:
    """The disk takes the first half of the file."""
    imports.apply(receive(MANY), by=system)
    before, kept = register(), _files_of(shelf)
    assert kept
    real = FileSystemStorage._save

    def half(self: FileSystemStorage, name: str, content: Any) -> str:
        content.chunks = lambda: iter([b"PK half of it"])
        real(self, name, content)
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(FileSystemStorage, "_save", half)
        with pytest.raises(WorkRefused, match=r"Không lưu được tệp “te.xlsx”: .*Chưa nhận gì") as refused:
            receive([child(9)])
    assert refused.value.code == "usage"
    assert (register(), _files_of(shelf)) == (before, kept)
    again = receive([child(9)])
    assert (again.code, again.status) == ("TE-0002", FileStatus.RECEIVED)


def _files_of(shelf: Path) -> list[Path]:
    return sorted(path for path in shelf.rglob("*") if path.is_file())
