"""Broken and hostile files end in rows or in one sentence, in time and within bounds, and so does any damage."""

import resource
import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from records.reading.errors import ReadingError
from tests.reading.hostile_files import (
    HOSTILE,
    ROWS,
    Hostile,
    binary_workbook,
    damaged,
    old_workbook,
    with_part_damaged,
)
from tests.reading.parts import packed, parts
from tests.reading.sheets import read

REFUSALS = {"unreadable_file", "encrypted", "empty", "too_large", "no_heading", "wrong_register"}
MOST_MEMORY = 2 << 30
MOST_SECONDS = 60


def _end(path: Path) -> tuple[str, str]:
    """(ROWS or the code of the refusal, its sentence)"""
    try:
        summary, rows = read(path)
    except ReadingError as refused:
        return refused.code, refused.message
    assert summary["rows"] == len(rows)
    return ROWS, ""


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda hostile: hostile.what.replace(" ", "-"))
def test_a_hostile_file_ends_in_rows_or_in_a_sentence(tmp_path: Path, hostile: Hostile) -> None:
    path = tmp_path / hostile.name
    path.write_bytes(hostile.make())
    started = time.monotonic()
    end, message = _end(path)
    assert time.monotonic() - started < MOST_SECONDS
    assert end in hostile.ends, message
    if end != ROWS:
        assert hostile.name in message
        assert message.endswith(".")
        assert "\n" not in message
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss << 10 < MOST_MEMORY


def test_there_are_many_of_them() -> None:
    assert len({hostile.what for hostile in HOSTILE}) == len(HOSTILE) > 100


GOOD = parts()
WHOLE = {"ds.xlsx": packed(GOOD), "ds.xls": old_workbook(), "ds.xlsb": binary_workbook()}
HOW = st.sampled_from(["cut", "drop", "insert", "flip"])
WHERE = st.floats(0, 1, exclude_max=True)
SIZE = st.integers(1, 400)
FEW = settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])


def _ends_well(name: str, content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        end, message = _end(path)
    assert end == ROWS or (end in REFUSALS and name in message)


@FEW
@given(st.sampled_from(sorted(WHOLE)), HOW, WHERE, SIZE)
def test_bytes_damaged_at_random(name: str, how: str, where: float, size: int) -> None:
    _ends_well(name, damaged(WHOLE[name], how, where, size))


@FEW
@given(st.sampled_from(sorted(GOOD)), HOW, WHERE, SIZE)
def test_a_part_inside_damaged_at_random(part: str, how: str, where: float, size: int) -> None:
    _ends_well("ds.xlsx", with_part_damaged(GOOD, part, how, where, size))
