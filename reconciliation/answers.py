"""From a returned file to answers: one a row, and the rows of one person put together."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from campaigns.errors import WorkRefused
from reconciliation.meaning import Meaning
from reconciliation.models import BatchKind
from reconciliation.sheets import Column, columns_of, result_codes, sent_columns, to_fill_in
from records import row_codes
from records.reading.errors import ReadingError
from records.reading.process import read_table
from records.reading.vietnamese import is_none_word, tidy

UNKNOWN = "?"
_MOST_COPIES = 5


@dataclass(frozen=True)
class ReturnedRow:
    """`sent` and `given` go by column key: the columns we sent that the file still has, and the cells filled in.
    `sheet`: '' for the sheet that looks most like the list."""

    number: int
    row_code: str
    sent: dict[str, str]
    given: dict[str, str]
    sheet: str = ""

    @property
    def place(self) -> str:
        return f"Dòng {self.number} của trang tính “{self.sheet}”" if self.sheet else f"Dòng {self.number} của tệp"


@dataclass(frozen=True)
class ReturnedList:
    lines_above: list[str]
    has_row_codes: bool
    rows: list[ReturnedRow]


@dataclass(frozen=True)
class Answer:
    """What came back for one line. `code`: a letter of the list's codes, '' for none, UNKNOWN for another text.
    `given`: column key → text. `altered`: column key → text it was changed to. `contradictory`: copies of the row
    disagree, and `given` holds what they agree on."""

    code: str = ""
    given: dict[str, str] = field(default_factory=dict)
    altered: dict[str, str] = field(default_factory=dict)
    repeated: bool = False
    contradictory: bool = False

    @property
    def is_empty(self) -> bool:
        return not self.given and not self.contradictory


def read_returned(content: bytes, name: str) -> ReturnedList:
    """Reads the file in the limited child process: the sheet most like the list, and others with a column of row codes,
    for people copy a list to a second sheet and fill in that one. Raises WorkRefused with the reading's own codes."""
    with tempfile.NamedTemporaryFile(suffix=Path(name).suffix[:8]) as file:
        file.write(content)
        file.flush()
        path = Path(file.name)
        try:
            summary, rows = read_table(path, name, _wanted())
        except ReadingError as error:
            raise WorkRefused(error.code, error.message) from error
        copies = {sheet: _copy(path, name, sheet) for sheet in _copied_to(summary)}
    columns = columns_of(BatchKind.CIVIL_REGISTRY)
    every = {"": rows} | copies
    read = [_row(row["row"], row["cells"], columns, sheet) for sheet, rows in every.items() for row in rows]
    return ReturnedList(summary["lines_above"], "row_code" in summary["found"], _told_once(read) if copies else read)


def _wanted() -> list[dict[str, Any]]:
    return [{"key": column.key, "headings": [column.heading]} for column in columns_of(BatchKind.CIVIL_REGISTRY)]


def _copied_to(summary: Mapping[str, Any]) -> list[str]:
    """A list has few sheets, and a workbook with many is none."""
    return [table["name"] for table in summary["other_tables"] if "row_code" in table["found"]][:_MOST_COPIES]


def _copy(path: Path, name: str, sheet: str) -> list[dict[str, Any]]:
    try:
        return read_table(path, name, _wanted(), sheet)[1]
    except ReadingError:  # nothing but totals and signatures; the sheet that was read stands for the file
        return []


def _told_once(rows: Sequence[ReturnedRow]) -> list[ReturnedRow]:
    """Without the rows of a copied sheet that add nothing to the same row of another sheet. A row that stands twice on
    one sheet stays twice: that is for a person to see."""
    codes = [row_codes.check(row.row_code) or row.row_code for row in rows]
    told: dict[str, list[ReturnedRow]] = {}
    for code, row in zip(codes, rows, strict=True):
        told.setdefault(code, []).append(row)
    return [row for code, row in zip(codes, rows, strict=True) if not _adds_nothing(row, told[code])]


def _adds_nothing(row: ReturnedRow, copies: Sequence[ReturnedRow]) -> bool:
    others = [other for other in copies if other.sheet != row.sheet and _same_sent(row, other)]
    if not row.row_code or not others:
        return False
    if not row.given:
        return any(other.given or (row.sheet and not other.sheet) for other in others)
    return bool(row.sheet) and any(other.given == row.given and other.sheet < row.sheet for other in others)


def _same_sent(row: ReturnedRow, other: ReturnedRow) -> bool:
    return all(other.sent.get(key, text) == text for key, text in row.sent.items() if key != "stt")


def _row(number: int, cells: Mapping[str, str], columns: Sequence[Column], sheet: str) -> ReturnedRow:
    return ReturnedRow(
        number=number,
        row_code=tidy(cells.get("row_code", "")),
        sent={c.key: tidy(cells[c.key]) for c in columns if not c.to_fill and c.key in cells},
        given=filled_in({c.key: cells[c.key] for c in columns if c.to_fill and c.key in cells}),
        sheet=sheet,
    )


def filled_in(cells: Mapping[str, str]) -> dict[str, str]:
    """The cells in which something stands. Words for none are empty, but not in the column of codes, where X is one."""
    texts = {key: tidy(text) for key, text in cells.items()}
    return {key: text for key, text in texts.items() if text and (key in ("result", "note") or not is_none_word(text))}


def code_of(text: str, kind: str) -> str:
    """The letter, whatever its case and whether or not its meaning was written after it ("c – đã cấp")."""
    letter = text[:1].upper()
    if not letter:
        return ""
    alone = len(text) == 1 or not (text[1].isalnum() or text[1] in "/,;+")
    return letter if alone and letter in result_codes(kind) else UNKNOWN


def put_together(rows: Sequence[ReturnedRow], sent: Mapping[str, str], kind: str, meaning: Meaning) -> Answer:
    """The answer of one line from its row or rows; `sent`: heading → text as it left."""
    altered: dict[str, str] = {}
    for column in sent_columns():
        if column.key in ("stt", "row_code"):
            continue
        for row in rows:
            if column.key in row.sent and not meaning.same(column, sent.get(column.heading, ""), row.sent[column.key]):
                altered[column.key] = row.sent[column.key]
    answered = [row.given for row in rows if row.given]
    given, contradictory = _agreed(answered, kind, meaning)
    return Answer(
        code=code_of(given.get("result", ""), kind),
        given=given,
        altered=altered,
        repeated=len(rows) > 1,
        contradictory=contradictory,
    )


def differing(one: Mapping[str, str], other: Mapping[str, str], kind: str, meaning: Meaning) -> set[str]:
    """Keys of the columns in which two answers (column key → text) say different things. Notes are no answer, and a
    number without a code goes with either code that is about a number."""
    keys = {column.key for column in to_fill_in(kind) if not _is_same(column, one, other, kind, meaning)}
    if "result" in keys and "number" not in keys and one.get("number"):
        codes = {code_of(cells.get("result", ""), kind) for cells in (one, other)}
        if "" in codes and codes <= {"", "C", "K"}:
            keys.discard("result")
    return keys


def _is_same(column: Column, one: Mapping[str, str], other: Mapping[str, str], kind: str, meaning: Meaning) -> bool:
    first, second = one.get(column.key, ""), other.get(column.key, "")
    if column.key == "note" or first == second:
        return True
    if column.key == "result":
        code = code_of(first, kind)
        return code == code_of(second, kind) and (code != UNKNOWN or meaning.same(column, first, second))
    return bool(first) == bool(second) and meaning.same(column, first, second)


def _agreed(answered: Sequence[Mapping[str, str]], kind: str, meaning: Meaning) -> tuple[dict[str, str], bool]:
    """What all the copies that say anything say alike, and whether they differ in the rest."""
    if not answered:
        return {}, False
    first = answered[0]
    against = {key for copy in answered[1:] for key in differing(first, copy, kind, meaning)}
    given: dict[str, str] = {}
    for column in to_fill_in(kind):
        texts = [copy[column.key] for copy in answered if copy.get(column.key)]
        if not texts or column.key in against:
            continue
        given[column.key] = "; ".join(dict.fromkeys(texts)) if column.key == "note" else texts[0]
    return given, bool(against)
