"""Whatever stands in a file, reading it ends in rows or in a refusal with a code."""

from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st

from records.reading.columns import HeadingMatcher
from records.reading.delimited import Delimited
from records.reading.errors import ReadingError
from records.reading.heading import find_heading
from records.reading.reference import load_fields
from records.reading.rows import RowSieve
from tests.reading.sheets import REFERENCE

CHILDREN = HeadingMatcher(load_fields(REFERENCE, "children"))
HEADING_WORDS = ["Họ và tên", "Năm sinh", "Nam", "Nữ", "Cha", "CCCD", "Họ tên / x", " / ", "(1)", "1", "2", "()"]
CELLS = st.one_of(st.text(max_size=12), st.sampled_from([*HEADING_WORDS, "Tổng cộng", "\u200b", "\x1b"]))
ROWS = st.lists(st.lists(CELLS, max_size=8), max_size=6)
MERGES = st.lists(st.tuples(*[st.integers(0, 20)] * 4), max_size=3)


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_a_table_or_refused(content: bytes) -> None:
    with suppress(ReadingError):
        list(Delimited(content, "ds.csv").rows())


@settings(deadline=None)
@given(ROWS, MERGES)
def test_any_rows_have_a_heading_or_none(rows: list[list[str]], merges: list[tuple[int, int, int, int]]) -> None:
    heading = find_heading(rows, CHILDREN, merges)
    assert heading is None or 0 <= heading.first <= heading.last < len(rows)


@given(ROWS)
def test_any_row_is_kept_or_skipped_with_a_reason(rows: list[list[str]]) -> None:
    sieve = RowSieve.of(HEADING_WORDS, own=range(1, 8), identifying=(1, 3))
    assert all(reason is None or isinstance(reason, str) for reason in map(sieve.reason_to_skip, rows))
