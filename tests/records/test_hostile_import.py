"""A broken or hostile file by command: exit 2, one Vietnamese sentence, and nothing of the register has changed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core.management import call_command

from records.models import ChangeSet, FileStatus, Record, SourceFile, SourceRow
from tests.reading.hostile_files import HOSTILE, Hostile

pytestmark = pytest.mark.usefixtures("campaign")

WANTED = (
    "nothing at all", "HTML called .xls", "encrypted by Office", "cut in half", "a bomb of zeros", "an external entity",
    "one sheet twice", "OpenDocument that repeats both", "one endless line", "a row of ten digits", "charts only",
)  # fmt: skip


@pytest.mark.parametrize(
    "hostile", [one for one in HOSTILE if one.what in WANTED], ids=lambda hostile: hostile.what.replace(" ", "-")
)
def test_nothing_changes(tmp_path: Path, capsys: pytest.CaptureFixture[str], hostile: Hostile) -> None:
    path = tmp_path / hostile.name
    path.write_bytes(hostile.make())
    with pytest.raises(SystemExit) as ended:
        call_command("import_register", str(path), "--register", "children", "--json")
    printed = capsys.readouterr()
    told = json.loads(printed.out)
    assert ended.value.code == 2
    assert told["error"] in hostile.ends
    assert hostile.name in told["message"]
    assert told["message"] in printed.err
    assert not Record.objects.exists()
    assert not SourceRow.objects.exists()
    assert not ChangeSet.objects.exists()
    kept = SourceFile.objects.get()
    assert (kept.status, kept.refused_because) == (FileStatus.REFUSED, told["message"])
    assert kept.file.read() == path.read_bytes()
