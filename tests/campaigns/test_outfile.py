"""Files that leave: whole or not at all, for their owner only, and never in place of something that is no file."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from campaigns.errors import WorkRefused
from campaigns.outfile import whole_file, write_whole


def test_mode_and_content(tmp_path: Path) -> None:
    out = tmp_path / "ds.csv"
    out.write_bytes(b"old")
    out.chmod(0o644)
    write_whole(out, b"new")
    assert out.read_bytes() == b"new"
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [out]


def test_a_failure_leaves_what_was_there(tmp_path: Path) -> None:
    out = tmp_path / "ds.csv"
    out.write_bytes(b"old")
    with pytest.raises(ZeroDivisionError):
        _write_half(out)
    assert out.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [out]


def _write_half(out: Path) -> None:
    with whole_file(out) as temporary:
        temporary.write_bytes(b"half")
        raise ZeroDivisionError


def test_a_link_is_written_through(tmp_path: Path) -> None:
    (tmp_path / "kho").mkdir()
    real, link = tmp_path / "kho" / "ds.csv", tmp_path / "ds.csv"
    link.symlink_to(real)
    write_whole(link, b"new")
    assert link.is_symlink()
    assert real.read_bytes() == b"new"


@pytest.mark.parametrize("name", [".", "khong-co/ds.csv", "te.txt/ds.csv", "x" * 300])
def test_no_place_for_a_file(tmp_path: Path, name: str) -> None:
    (tmp_path / "te.txt").write_bytes(b"")
    with pytest.raises(WorkRefused) as refused:
        write_whole(tmp_path / name, b"new")
    assert refused.value.code == "usage"
    assert refused.value.message.startswith("Không ghi được tệp")
    assert [path.name for path in tmp_path.iterdir()] == ["te.txt"]


def test_a_device_stays_a_device() -> None:
    with pytest.raises(WorkRefused) as refused:
        write_whole(Path("/dev/null"), b"new")
    assert refused.value.code == "usage"
    assert Path("/dev/null").is_char_device()
