"""An archive brings back what was there, and is for its owner alone."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import Settings

from bacyen import backup
from bacyen.local_servers import StateError


@pytest.fixture
def files(settings: Settings, tmp_path: Path) -> Path:
    settings.FILES = tmp_path / "files"
    (settings.FILES / "2023").mkdir(parents=True)
    (settings.FILES / "2023" / "tre-em.xlsx").write_bytes(b"as received")
    return settings.FILES


@pytest.fixture
def table(transactional_db: None) -> Iterator[None]:
    run("CREATE TABLE kept (word text)")
    run("INSERT INTO kept VALUES ('Xím Vàng')")
    yield
    run("DROP TABLE IF EXISTS kept")


def run(statement: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


def test_what_was_there_comes_back(files: Path, table: None, tmp_path: Path) -> None:
    archive = backup.back_up(tmp_path / "backups")
    run("UPDATE kept SET word = 'Tạ Khoa'")
    (files / "2023" / "tre-em.xlsx").unlink()

    connection.close()
    backup.restore(archive)

    assert run("SELECT word FROM kept") == [("Xím Vàng",)]
    assert (files / "2023" / "tre-em.xlsx").read_bytes() == b"as received"


def test_the_archive_is_whole_and_private(files: Path, table: None, tmp_path: Path) -> None:
    archive = backup.back_up(tmp_path / "backups")
    assert oct(archive.stat().st_mode & 0o777) == "0o600"
    assert list((tmp_path / "backups").iterdir()) == [archive]
    with tarfile.open(archive) as tar:
        names = {member.name for member in tar if member.isfile()}
    assert names == {"database.dump", "files/2023/tre-em.xlsx", "plans/plan_bac_yen_2023.yaml"}


def test_a_backup_that_fails_leaves_no_archive(
    files: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(settings.DATABASES["default"], "PASSWORD", "không phải")
    with pytest.raises(StateError, match="pg_dump"):
        backup.back_up(tmp_path / "backups")
    assert list((tmp_path / "backups").iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"not an archive"])
def test_a_file_that_is_no_archive_is_refused(files: Path, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "wrong.tar").write_bytes(content)
    with pytest.raises(tarfile.TarError):
        backup.restore(tmp_path / "wrong.tar")
