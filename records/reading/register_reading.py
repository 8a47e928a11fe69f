"""Modes register and inspect: a register's export, its heading found, its rows judged and streamed out."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TextIO

from records.reading.columns import Columns, HeadingMatcher
from records.reading.doubts import Doubts
from records.reading.errors import ReadingError
from records.reading.heading import Heading, find_heading
from records.reading.reference import Reference
from records.reading.request import Request
from records.reading.rows import RowSieve
from records.reading.stage_lines import StageLines
from records.reading.tables import Passed, Table, choose_table, no_heading, no_rows
from records.reading.vietnamese import tidy
from records.reading.workbook import Merge, open_workbook

_PREVIEW_ROWS = 20
_SAMPLES = 3
_SAMPLED_ROWS = 300
_MOST_SKIPPED = 1000  # reasons kept; `skipped_count` has them all
_IDENTIFYING = ("personal_number", "system_code", "old_id_number", "birth_date")
_TELLING = frozenset({"system_code", "full_name"})
_REGISTER_NAMES = {"children": "danh sách trẻ em", "beneficiaries": "danh sách đối tượng bảo trợ xã hội"}
_ROWS_AT_ONCE = 500
_OTHER_REGISTER = {"children": "beneficiaries", "beneficiaries": "children"}

Summary = dict[str, Any]


@dataclass
class _Register:
    """A register's table with its columns settled."""

    request: Request
    reference: Reference
    table: Table
    heading: Heading
    columns: Columns
    from_1904: bool
    notes: tuple[str, ...]
    other_tables: list[Passed]
    skipped: list[tuple[int, str]] = field(default_factory=list)
    skipped_count: int = 0

    def data_rows(self) -> Iterator[tuple[int, list[str]]]:
        own = set(self.columns.mapping.values()).union(*(split.columns for split in self.columns.splits))
        identifying = [self.columns.mapping[key] for key in _IDENTIFYING if key in self.columns.mapping]
        sieve = RowSieve.of(self.columns.headings, own, identifying)
        for number, cells in self.table.rows_below():
            reason = sieve.reason_to_skip(cells)
            if reason is None:
                yield number, cells
            elif reason:
                self.skipped_count += 1
                if len(self.skipped) < _MOST_SKIPPED:
                    self.skipped.append((number, reason))

    def stage_lines(self) -> StageLines:
        commune = self.request.commune
        dates = [item.key for item in self.reference.fields if item.kind == "date" and item.key in self.columns.mapping]
        return StageLines(
            self.columns,
            self.reference,
            fill={"commune": commune} if commune and "commune" not in self.columns.mapping else {},
            from_1904=dates if self.from_1904 else [],
            added_by_hand=self.request.added_by_hand,
        )

    def summary(self) -> Summary:
        columns, heading = self.columns, self.heading
        headings = columns.headings
        index = dict(columns.mapping)
        split_columns = {}
        for split in columns.splits:
            split_columns[split.kind] = list(split.columns)
            index.setdefault("sex" if split.kind == "sex_marks" else "birth_date", split.columns[0])
        named = {key: headings[i] for key, i in index.items()}
        if "birth_by_sex" in split_columns:
            named.setdefault("sex", headings[split_columns["birth_by_sex"][1]])
        required = {item.key for item in self.reference.fields if item.required}
        return {
            "sheet": self.table.sheet.name,
            "sheets": [{"name": name, "rows": rows} for name, rows in self.table.rows_of],
            "other_tables": [{"name": one.name, "rows": one.rows} for one in self.other_tables],
            "header_row": heading.last + 1,
            "header_rows": [heading.first + 1, heading.last + 1],
            "headings": headings,
            "columns": named,
            "column_index": index,
            "split_columns": split_columns,
            "unmapped": [text for _, text in columns.unmapped],
            "absent": columns.absent,
            "required_absent": [key for key in columns.absent if key in required],
            "title_lines": self.table.title_lines(),
            "skipped": self.skipped,
            "skipped_count": self.skipped_count,
            "notes": self.notes,
        }


def read_register(request: Request, out: TextIO) -> Summary:
    """Writes one line of STAGE_COLUMNS a data row. Raises ReadingError, also after lines were written."""
    register = _open(request)
    lines = register.stage_lines()
    for rows in _batches(register.data_rows()):
        out.writelines(lines.of(rows))
    if not lines.written:
        raise no_rows(request, f" trong trang tính “{register.table.sheet.name}”")
    counts = {"empty_name": lines.nameless, "by_commune": dict(lines.communes)}
    return register.summary() | {"rows": lines.written, "counts": counts}


def _batches(rows: Iterator[tuple[int, list[str]]]) -> Iterator[list[tuple[int, list[str]]]]:
    while batch := list(islice(rows, _ROWS_AT_ONCE)):
        yield batch


def inspect_register(request: Request, out: TextIO) -> Summary:
    """The summary without judging: rows are counted and sampled, nothing is written to `out`."""
    register = _open(request)
    samples: dict[int, list[str]] = {i: [] for i in range(len(register.columns.headings))}
    doubts = Doubts(register.columns.mapping, register.reference.kinds)
    rows = 0
    for _, cells in register.data_rows():
        rows += 1
        if rows <= _SAMPLED_ROWS:
            doubts.look(cells)
            for index, found in samples.items():
                text = tidy(cells[index])
                if text and len(found) < _SAMPLES and text not in found:
                    found.append(text)
    if not rows:
        raise no_rows(request, f" trong trang tính “{register.table.sheet.name}”")
    preview = [cells for _, cells in islice(register.table.sheet.rows(), _PREVIEW_ROWS)]
    return register.summary() | {"rows": rows, "preview": preview, "samples": samples, "doubts": doubts.told()}


def _open(request: Request) -> _Register:
    reference = Reference.from_json(request.reference)
    matcher = HeadingMatcher(reference.fields, reference.heading_map)
    other = HeadingMatcher(reference.other_register_fields)

    def find(top: list[list[str]], merges: list[Merge] | None) -> Heading | None:
        return find_heading(top, matcher, merges)

    book = open_workbook(request)
    table = choose_table(book, request, find)
    heading = table.heading
    if request.columns is None:
        _refuse_other_register(request, reference, table, other)
    if heading is None:
        raise no_heading(request, _examples(reference))
    columns = heading.columns
    if request.columns is not None:
        columns = matcher.chosen(columns.headings, request.columns, columns)
    others = [
        one for one in table.passed
        if "full_name" in one.heading.columns.found
        and not _fits_other_register(one.top, one.heading, one.merges, other)
    ]  # fmt: skip
    return _Register(request, reference, table, heading, columns, book.from_1904, book.notes, others)


def _examples(reference: Reference) -> str:
    labels = {item.key: item.label for item in reference.fields}
    return ", ".join(f"“{labels[key]}”" for key in ("full_name", "birth_date", "personal_number") if key in labels)


def _refuse_other_register(request: Request, reference: Reference, table: Table, other_matcher: HeadingMatcher) -> None:
    told_by = _fits_other_register(table.top, table.heading, table.sheet.merges, other_matcher)
    if told_by:
        raise ReadingError(
            "wrong_register",
            f"Tệp “{request.name}” có các cột của {_REGISTER_NAMES[_OTHER_REGISTER[reference.register]]} ({told_by}), "
            f"trong khi đang nhập {_REGISTER_NAMES[reference.register]}. Chọn đúng sổ hoặc đúng tệp, rồi nhập lại.",
        )


def _fits_other_register(
    top: list[list[str]], heading: Heading | None, merges: list[Merge] | None, other_matcher: HeadingMatcher
) -> str:
    """The headings that tell it, "" where they do not fit the other register clearly better: by its own code or its
    own word for a person's name, or by three columns more."""
    other = find_heading(top, other_matcher, merges)
    if other is None:
        return ""
    own_mapping = heading.columns.mapping if heading else {}
    only_other = {key: i for key, i in other.columns.mapping.items() if i not in own_mapping.values()}
    only_own = [key for key, i in own_mapping.items() if i not in other.columns.mapping.values()]
    lead = sum(map(_weight, only_other)) - sum(map(_weight, only_own))
    if lead < 3 and not (lead == 2 and _TELLING & set(only_other)):
        return ""
    return ", ".join(f"“{other.columns.headings[i]}”" for i in sorted(only_other.values())[:3])


def _weight(key: str) -> int:
    return 2 if key in _TELLING else 1
