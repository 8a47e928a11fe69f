"""Where the heading of a table is: one row, or two or three with merged cells."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from records.reading.columns import JOINT, Columns, HeadingMatcher, person_of
from records.reading.vietnamese import fold, from_legacy, tidy
from records.reading.workbook import Merge

SCANNED_ROWS = 100
_MOST_HEADING_ROWS = 3
_FEWEST_MATCHES = 3
_DIGITS_OF_DATA = 6  # a number, a date or a code, never a heading
_COLUMN_NUMBER = re.compile(r"[(\[]?\s*(\d{1,3}|[A-Za-z])\s*[)\]]?(\s*=.*)?")


@dataclass(frozen=True, slots=True)
class Heading:
    """`first` and `last` are indexes of rows from 0, ends included."""

    first: int
    last: int
    columns: Columns


def find_heading(
    rows: Sequence[Sequence[str]], matcher: HeadingMatcher, merges: Sequence[Merge] | None = None
) -> Heading | None:
    """The rows whose headings fit the column set best; None when no row looks like a heading."""
    best: Heading | None = None
    for first in range(min(len(rows), SCANNED_ROWS)):
        if not any(matcher.knows(cell) for cell in rows[first]):
            continue
        for height in range(1, _MOST_HEADING_ROWS + 1):
            last = first + height - 1
            if last >= len(rows) or not _may_end_heading(rows[last]):
                break
            columns = matcher.match(compose(rows, first, last, merges))
            if best is None or columns.score > best.columns.score + 0.5:
                best = Heading(first, last, columns)
    if best is None or not _is_enough(best.columns):
        return None
    return _with_neighbours(rows, best, matcher, merges)


def _may_end_heading(row: Sequence[str]) -> bool:
    filled = [cell for cell in row if cell.strip()]
    if len(filled) < 2 or any(sum(map(str.isdigit, cell)) >= _DIGITS_OF_DATA for cell in filled):
        return False
    return not is_column_numbers(row)


def _is_enough(columns: Columns) -> bool:
    found = columns.found
    return len(found) >= _FEWEST_MATCHES or (len(found) == 2 and "full_name" in found)


def _with_neighbours(
    rows: Sequence[Sequence[str]], best: Heading, matcher: HeadingMatcher, merges: Sequence[Merge] | None
) -> Heading:
    """With the row above where that says whose the columns are, and down to the end of merged heading cells."""
    first, last = best.first, best.last
    if first > 0 and last - first + 1 < _MOST_HEADING_ROWS and sum(1 for cell in rows[first - 1] if cell.strip()) >= 2:
        above = compose(rows, first - 1, first - 1, merges, under=rows[first])
        if sum(person_of(from_legacy(text) or text) is not None for text in set(above)) >= 1:
            first -= 1
    mapped = set(best.columns.mapping.values())
    for top, left, bottom, _ in merges or ():
        if first <= top <= last and left in mapped and last < bottom < first + _MOST_HEADING_ROWS:
            last = min(bottom, len(rows) - 1)
    if (first, last) == (best.first, best.last):
        return best
    wider = Heading(first, last, matcher.match(compose(rows, first, last, merges)))
    return wider if _is_enough(wider.columns) else best


def compose(
    rows: Sequence[Sequence[str]],
    first: int,
    last: int,
    merges: Sequence[Merge] | None,
    under: Sequence[str] | None = None,
) -> list[str]:
    """One heading a column: the texts above each other joined by " / ", a merged cell's text in all its columns.

    Where nothing is merged in an upper row, an empty cell with a text under it takes the text to its left.
    `under` is the row below `last`, where that is not part of the heading.
    """
    width = max((len(rows[i]) for i in range(first, last + 1)), default=0)
    levels = [_spread(rows, i, width, merges) for i in range(first, last + 1)]
    below = [under] if under is not None else []
    for index, level in enumerate(levels):
        beneath = [*levels[index + 1 :], *below]
        if beneath and not _has_wide_merge(merges, first + index):
            _fill_from_left(level, beneath)
    headings = []
    for column in range(width):
        parts: list[str] = []
        for level in levels:
            if level[column] and (not parts or parts[-1] != level[column]):
                parts.append(level[column])
        headings.append(JOINT.join(parts))
    while headings and not headings[-1]:
        headings.pop()
    return headings


def _spread(rows: Sequence[Sequence[str]], index: int, width: int, merges: Sequence[Merge] | None) -> list[str]:
    level = [tidy(cell) for cell in rows[index]] + [""] * (width - len(rows[index]))
    for top, left, bottom, right in merges or ():
        if top <= index <= bottom and left < width:
            source = rows[top] if top < len(rows) else []
            text = tidy(source[left]) if left < len(source) else ""
            for column in range(left, min(right + 1, width)):
                level[column] = level[column] or text
    return level


def _has_wide_merge(merges: Sequence[Merge] | None, index: int) -> bool:
    return any(top <= index <= bottom and right > left for top, left, bottom, right in merges or ())


def _fill_from_left(level: list[str], beneath: Sequence[Sequence[str]]) -> None:
    for column in range(1, len(level)):
        has_text_below = any(column < len(row) and row[column].strip() for row in beneath)
        had_text_below = any(column - 1 < len(row) and row[column - 1].strip() for row in beneath)
        if not level[column] and has_text_below and had_text_below:
            level[column] = level[column - 1]


def is_column_numbers(row: Sequence[str]) -> bool:
    """A row such as 1, 2, 3… or (1), (2)… or A, B, 1, 2: at least three, each the follower of the one before."""
    texts = [cell.strip() for cell in row if cell.strip()]
    matches = [_COLUMN_NUMBER.fullmatch(text) for text in texts]
    if len(texts) < 3 or not all(matches):
        return False
    signs = [match[1].upper() for match in matches if match]
    numbers = [int(sign) for sign in signs if sign.isdigit()]
    letters = [sign for sign in signs if sign.isalpha()]
    if len(numbers) + len(letters) != len(signs) or len(set(letters)) != len(letters):
        return False
    steps = sum(after == before + 1 for before, after in pairwise(numbers))
    return steps >= 0.8 * (len(numbers) - 1) and (len(numbers) >= 2 or len(letters) >= 3)


def looks_like(row: Sequence[str], heading: frozenset[str]) -> bool:
    """Whether a row repeats the heading, as at the top of each printed page; `heading` holds folded texts."""
    texts = [fold(cell) for cell in row if cell.strip()]
    return len(texts) >= 2 and sum(text in heading for text in texts) >= 0.7 * len(texts)
