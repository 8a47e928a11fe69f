"""The parent outlives its child."""

import os
from pathlib import Path
from typing import Any

import pytest

from records.reading.errors import ReadingError
from records.reading.process import open_reading
from tests.reading.sheets import HEADINGS, SANG, SHEET_XML, Rows, read, request, rewritten, xlsx


def _refusal(path: Path, **more: Any) -> ReadingError:
    with pytest.raises(ReadingError) as raised:
        read(path, **more)
    return raised.value


def _many(path: Path, count: int = 3000) -> Path:
    rows: Rows = [HEADINGS, *([str(n), f"14121-{n:06d}", *SANG[2:]] for n in range(count))]
    path.write_text("\n".join(";".join(row) for row in rows))
    return path


def test_rows_stream_in_order(tmp_path: Path) -> None:
    summary, rows = read(_many(tmp_path / "ds.csv"))
    assert [row["row_number"] for row in rows] == list(range(2, 3002))
    assert summary["rows"] == 3000


def test_leaving_early_ends_the_child(tmp_path: Path) -> None:
    with open_reading(request(_many(tmp_path / "ds.csv"))) as reading:
        assert reading.stdout.read(10)
        pid = reading._process.pid
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_child_without_memory_is_a_file_too_large(tmp_path: Path) -> None:
    error = _refusal(_many(tmp_path / "ds.csv", 100_000), limits={"memory": 64 << 20})
    assert error.code == "too_large"
    assert "ds.csv" in error.message


def test_a_parser_that_aborts_costs_the_child_only(tmp_path: Path) -> None:
    """With the scan for far cells made blind, the parser itself asks for more than there is, and dies."""
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    source = xlsx(tmp_path / "a.xlsx", [HEADINGS, SANG])
    path = rewritten(source, tmp_path / "ds.xlsx", lambda content: content.replace(b"</sheetData>", far))
    assert _refusal(path, limits={"cells": 10**12}).code == "too_large"


def test_a_reading_past_its_processor_time_ends(tmp_path: Path) -> None:
    assert _refusal(_many(tmp_path / "ds.csv", 100_000), limits={"processor_seconds": 1}).code == "too_large"


def test_a_reading_past_the_wall_clock_ends(tmp_path: Path) -> None:
    path = _many(tmp_path / "ds.csv")
    with pytest.raises(ReadingError) as raised, open_reading(request(path), seconds=0.05) as reading:
        reading.finish()
    assert raised.value.code == "too_large"
    assert "quá lâu" in raised.value.message


def test_a_request_that_the_child_cannot_follow_is_no_summary(tmp_path: Path) -> None:
    assert _refusal(xlsx(tmp_path / "ds.xlsx", [HEADINGS, SANG]), mode="unknown").code == "unreadable_file"


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert _refusal(tmp_path / "no.xlsx").code == "unreadable_file"


def test_the_child_knows_none_of_the_parents_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "không ai được biết")
    with open_reading(request(_many(tmp_path / "ds.csv"))) as reading:
        environment = Path(f"/proc/{reading._process.pid}/environ").read_bytes()
        reading.finish()
    assert b"SECRET_KEY" not in environment


def test_an_entity_is_never_resolved(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("bí mật")
    entity = f'<!DOCTYPE worksheet [<!ENTITY e SYSTEM "file://{secret}">]><worksheet'.encode()
    path = rewritten(xlsx(tmp_path / "a.xlsx", [HEADINGS, SANG]), tmp_path / "ds.xlsx",
                     lambda content: content.replace(b"<worksheet", entity, 1), SHEET_XML)  # fmt: skip
    assert _refusal(path).code == "unreadable_file"
