"""Mode table: a list that comes home, by the headings it was sent with, small edits tolerated."""

from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Any, TextIO

from records.reading.columns import Columns, without_brackets
from records.reading.copy_format import to_json
from records.reading.heading import SCANNED_ROWS, Heading, is_column_numbers
from records.reading.request import Request, WantedColumn
from records.reading.rows import RowSieve
from records.reading.tables import Table, choose_table, no_heading, no_rows
from records.reading.vietnamese import fold, fold_words, from_legacy, tidy
from records.reading.workbook import Merge, open_workbook

_LIKE_ENOUGH = 0.85
_SURELY_LIKE = 0.94


def read_list(request: Request, out: TextIO) -> dict[str, Any]:
    """Writes one JSON line a data row: row, cells by key, other cells by heading."""

    def find(top: list[list[str]], merges: list[Merge] | None) -> Heading | None:
        return _find(top, request.wanted)

    table = choose_table(open_workbook(request), request, find)
    if table.heading is None:
        examples = ", ".join(f"“{column.headings[0]}”" for column in request.wanted[:3])
        raise no_heading(request, examples)
    columns = table.heading.columns
    sieve = RowSieve.of(columns.headings, columns.mapping.values(), columns.mapping.values())
    skipped: list[tuple[int, str]] = []
    rows = 0
    for number, cells in table.rows_below():
        reason = sieve.reason_to_skip(cells)
        if reason is None:
            out.write(to_json(_line(number, cells, columns)) + "\n")
            rows += 1
        elif reason:
            skipped.append((number, reason))
    if not rows:
        raise no_rows(request, f" trong trang tính “{table.sheet.name}”")
    return _summary(table, table.heading, rows, skipped)


def _summary(table: Table, heading: Heading, rows: int, skipped: list[tuple[int, str]]) -> dict[str, Any]:
    columns = heading.columns
    return {
        "sheet": table.sheet.name,
        "sheets": [{"name": name, "rows": height} for name, height in table.rows_of],
        "other_tables": [{"name": one.name, "found": list(one.heading.columns.mapping)} for one in table.passed],
        "header_row": heading.last + 1,
        "header_rows": [heading.first + 1, heading.last + 1],
        "headings": columns.headings,
        "columns": {key: columns.headings[index] for key, index in columns.mapping.items()},
        "column_index": columns.mapping,
        "unmapped": [text for _, text in columns.unmapped],
        "lines_above": table.title_lines(),
        "found": list(columns.mapping),
        "missing": columns.absent,
        "rows": rows,
        "skipped": skipped,
        "skipped_count": len(skipped),
    }


def _line(number: int, cells: list[str], columns: Columns) -> dict[str, Any]:
    return {
        "row": number,
        "cells": {key: cells[index] for key, index in columns.mapping.items()},
        "other": {heading: cells[index] for index, heading in columns.unmapped if cells[index].strip()},
    }


def _find(top: Sequence[Sequence[str]], wanted: Sequence[WantedColumn]) -> Heading | None:
    best: Heading | None = None
    enough = min(2, len(wanted))
    for index, row in enumerate(top[:SCANNED_ROWS]):
        if is_column_numbers(row) or sum(1 for cell in row if cell.strip()) < enough:
            continue
        columns = match_wanted([tidy(cell) for cell in row], wanted)
        if columns.score >= enough and (best is None or columns.score > best.columns.score):
            best = Heading(index, index, columns)
    return best


def match_wanted(headings: list[str], wanted: Sequence[WantedColumn]) -> Columns:
    """Each wanted column to the heading most like one of its own; equal ones first, then small edits."""
    while headings and not headings[-1]:
        headings.pop()
    claims = []
    for order, column in enumerate(wanted):
        for index, heading in enumerate(headings):
            likeness = max((_likeness(heading, own) for own in column.headings), default=0.0)
            if likeness >= _LIKE_ENOUGH:
                claims.append((-likeness, order, index, column.key))
    mapping: dict[str, int] = {}
    for _, _, index, key in sorted(claims):
        if key not in mapping and index not in mapping.values():
            mapping[key] = index
    used = set(mapping.values())
    unmapped = [(i, heading) for i, heading in enumerate(headings) if heading and i not in used]
    absent = [column.key for column in wanted if column.key not in mapping]
    return Columns(headings, mapping, [], unmapped, absent, float(len(mapping)))


def _likeness(heading: str, own: str) -> float:
    """1.0 for equal once folded. A heading with a whole word more or less is another column, not a slip."""
    text = from_legacy(heading) or heading
    if fold(text) != fold(own):
        text = without_brackets(text)
    first, second = fold(text), fold(own)
    if not first or not second:
        return 0.0
    if first == second:
        return 1.0
    if 2 * min(len(first), len(second)) < max(len(first), len(second)):
        return 0.0
    ratio = SequenceMatcher(None, first, second, autojunk=False).ratio()
    words, own_words = set(fold_words(text).split()), set(fold_words(own).split())
    if words < own_words or own_words < words:
        return ratio if ratio >= _SURELY_LIKE else 0.0
    return ratio
