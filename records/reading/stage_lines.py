"""Rows of a register's table, judged, as the lines of STAGE_COLUMNS that go into the database."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from records.reading.by_columns import ByColumns, ReadRow
from records.reading.checks import NULL_IF_EMPTY, TYPED_COLUMNS, Judged, judge
from records.reading.columns import Columns, Split
from records.reading.copy_format import copy_values, json_object, json_texts, json_value
from records.reading.reference import Reference

STAGE_COLUMNS = ("row_number", "cells", "values", "in_scope", "findings", *TYPED_COLUMNS)

_NULL_PLACES = frozenset(map(TYPED_COLUMNS.index, NULL_IF_EMPTY))
_DAYS_BETWEEN_EPOCHS = 1462
_LAST_YEAR = 2100


class StageLines:
    """`fill`: texts of fields that have no column; `from_1904`: dates whose serials count from 1904. Counts what went
    by: `written`, `nameless`, and rows by commune code."""

    def __init__(
        self,
        columns: Columns,
        reference: Reference,
        *,
        fill: Mapping[str, str],
        from_1904: Sequence[str],
        added_by_hand: bool,
    ) -> None:
        self._reference = reference
        self._splits = columns.splits
        self._indexes = list(columns.mapping.values())
        self._keys = [*columns.mapping, *fill]
        self._filled = list(fill.values())
        self._moved = [self._keys.index(key) for key in from_1904]
        self._added_by_hand = added_by_hand
        is_split = bool(columns.splits) or added_by_hand
        self._by_columns = None if is_split else ByColumns.of(self._keys, reference)
        self.written = self.nameless = 0
        self.communes: Counter[str] = Counter()

    def of(self, rows: Sequence[tuple[int, list[str]]]) -> Iterator[str]:
        """One line for each (number, cells)."""
        texts = self._columns([cells for _, cells in rows])
        read = self._by_columns.read(texts) if self._by_columns else [None] * len(rows)
        for (number, cells), found, *raw in zip(rows, read, *texts, strict=True):
            self.written += 1
            yield self._read_line(number, cells, found) if found else self._judged_line(number, cells, raw)

    def _columns(self, rows: Sequence[list[str]]) -> list[Sequence[str]]:
        columns: list[Sequence[str]] = [[cells[index] for cells in rows] for index in self._indexes]
        columns += [[text] * len(rows) for text in self._filled]
        for place in self._moved:
            columns[place] = list(map(_counted_from_1900, columns[place]))
        return columns

    def _read_line(self, number: int, cells: list[str], row: ReadRow) -> str:
        self.communes[row.commune_code] += 1
        self.nameless += not row.name
        return f"{number}\t{json_texts(cells)}\t{row.values}\tt\t{row.findings}\t{row.typed}\n"

    def _judged_line(self, number: int, cells: list[str], texts: list[str]) -> str:
        raw = dict(zip(self._keys, texts, strict=True))
        for split in self._splits:
            raw.update(_read_split(split, cells, raw))
        judged = judge(raw, self._reference, added_by_hand=self._added_by_hand)
        self.communes[str(judged.typed["commune_code"])] += 1
        self.nameless += not judged.typed["full_name"]
        return stage_line(number, cells, judged)


def stage_line(number: int, cells: list[str], judged: Judged) -> str:
    findings = "[]"
    if judged.findings:
        findings = json_value([[f.rule, f.field, f.severity, f.group, f.value, f.suggestion] for f in judged.findings])
    typed = copy_values(list(judged.typed.values()), _NULL_PLACES)
    in_scope = "t" if judged.in_scope else "f"
    return f"{number}\t{json_texts(cells)}\t{json_object(judged.values)}\t{in_scope}\t{findings}\t{typed}\n"


def _read_split(split: Split, cells: list[str], raw: dict[str, str]) -> dict[str, str]:
    """The fields of one split; two columns filled where one may be: both texts, for a rule to find."""
    texts = [cells[index].strip() for index in split.columns]
    if split.kind == "birth_parts":
        return {"birth_date": "/".join(texts).lstrip("/")}  # a month left out between day and year must not pass
    sexes = [sex for sex, text in zip(("Nam", "Nữ"), texts, strict=True) if text]
    sex = " và ".join(sexes)
    if split.kind == "sex_marks":
        return {"sex": sex}
    own = {} if raw.get("sex", "").strip() else {"sex": sex}
    return own | {"birth_date": "; ".join(filter(None, texts))}


def _counted_from_1900(text: str) -> str:
    """A serial of the 1904 epoch as one of the usual epoch; a year stays a year."""
    is_serial = len(text) in (4, 5) and text.isdecimal() and int(text) > _LAST_YEAR
    return str(int(text) + _DAYS_BETWEEN_EPOCHS) if is_serial else text
