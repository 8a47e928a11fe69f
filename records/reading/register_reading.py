"""Modes register and inspect: a register's export, its heading found, its rows judged and streamed out."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TextIO

from records.reading.checks import TYPED_COLUMNS, Judged, judge
from records.reading.columns import Columns, HeadingMatcher, Split
from records.reading.copy_format import copy_values, json_object, json_texts, json_value
from records.reading.errors import ReadingError
from records.reading.heading import Heading, find_heading
from records.reading.reference import Reference
from records.reading.request import Request
from records.reading.rows import RowSieve
from records.reading.tables import Table, choose_table, no_heading, no_rows
from records.reading.vietnamese import tidy
from records.reading.workbook import Merge, open_workbook

STAGE_COLUMNS = ("row_number", "cells", "values", "in_scope", "findings", *TYPED_COLUMNS)

_PREVIEW_ROWS = 20
_SAMPLES = 3
_SAMPLED_ROWS = 300
_MOST_SKIPPED = 1000  # reasons kept; `skipped_count` has them all
_IDENTIFYING = ("personal_number", "system_code", "old_id_number", "birth_date")
_TELLING = frozenset({"system_code", "full_name"})
_REGISTER_NAMES = {"children": "danh sách trẻ em", "beneficiaries": "danh sách đối tượng bảo trợ xã hội"}
_DAYS_BETWEEN_EPOCHS = 1462
_LAST_YEAR = 2100
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

    def raw_reader(self) -> Callable[[list[str]], dict[str, str]]:
        """From the cells of a row to the texts of its fields, as the rules take them."""
        columns, commune = self.columns, self.request.commune
        keys, indexes = list(columns.mapping), list(columns.mapping.values())
        fill = {"commune": commune} if commune and "commune" not in columns.mapping else {}
        dates = [item.key for item in self.reference.fields if item.kind == "date" and item.key in columns.mapping]
        moved = dates if self.from_1904 else []

        def read(cells: list[str]) -> dict[str, str]:
            raw = dict(zip(keys, [cells[index] for index in indexes], strict=True))
            raw.update(fill)
            for split in columns.splits:
                raw.update(_read_split(split, cells, raw))
            for key in moved:
                raw[key] = _counted_from_1900(raw[key])
            return raw

        return read

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
        }


def read_register(request: Request, out: TextIO) -> Summary:
    """Writes one line of STAGE_COLUMNS a data row. Raises ReadingError, also after lines were written."""
    register = _open(request)
    read_raw = register.raw_reader()
    reference, by_hand = register.reference, request.added_by_hand
    communes: Counter[str] = Counter()
    rows = empty_names = 0
    for number, cells in register.data_rows():
        judged = judge(read_raw(cells), reference, added_by_hand=by_hand)
        out.write(_stage_line(number, cells, judged))
        rows += 1
        communes[str(judged.typed["commune_code"])] += 1
        empty_names += not judged.typed["full_name"]
    if not rows:
        raise no_rows(request, f" trong trang tính “{register.table.sheet.name}”")
    counts = {"empty_name": empty_names, "by_commune": dict(communes)}
    return register.summary() | {"rows": rows, "counts": counts}


def inspect_register(request: Request, out: TextIO) -> Summary:
    """The summary without judging: rows are counted and sampled, nothing is written to `out`."""
    register = _open(request)
    samples: dict[int, list[str]] = {i: [] for i in range(len(register.columns.headings))}
    rows = 0
    for _, cells in register.data_rows():
        rows += 1
        if rows <= _SAMPLED_ROWS:
            for index, found in samples.items():
                text = tidy(cells[index])
                if text and len(found) < _SAMPLES and text not in found:
                    found.append(text)
    if not rows:
        raise no_rows(request, f" trong trang tính “{register.table.sheet.name}”")
    preview = [cells for _, cells in islice(register.table.sheet.rows(), _PREVIEW_ROWS)]
    return register.summary() | {"rows": rows, "preview": preview, "samples": samples}


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
    return _Register(request, reference, table, heading, columns, book.from_1904)


def _examples(reference: Reference) -> str:
    labels = {item.key: item.label for item in reference.fields}
    return ", ".join(f"“{labels[key]}”" for key in ("full_name", "birth_date", "personal_number") if key in labels)


def _refuse_other_register(request: Request, reference: Reference, table: Table, other_matcher: HeadingMatcher) -> None:
    """The headings must not fit the other register clearly better: by its own code or its own word for a
    person's name, or by three columns more."""
    own = table.heading.columns if table.heading else None
    other = find_heading(table.top, other_matcher, table.sheet.merges)
    if other is None:
        return
    own_mapping = own.mapping if own else {}
    only_other = {key: i for key, i in other.columns.mapping.items() if i not in own_mapping.values()}
    only_own = [key for key, i in own_mapping.items() if i not in other.columns.mapping.values()]
    lead = sum(map(_weight, only_other)) - sum(map(_weight, only_own))
    if lead < 3 and not (lead == 2 and _TELLING & set(only_other)):
        return
    told_by = ", ".join(f"“{other.columns.headings[i]}”" for i in sorted(only_other.values())[:3])
    raise ReadingError(
        "wrong_register",
        f"Tệp “{request.name}” có các cột của {_REGISTER_NAMES[_OTHER_REGISTER[reference.register]]} ({told_by}), "
        f"trong khi đang nhập {_REGISTER_NAMES[reference.register]}. Chọn đúng sổ hoặc đúng tệp, rồi nhập lại.",
    )


def _weight(key: str) -> int:
    return 2 if key in _TELLING else 1


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


def _stage_line(number: int, cells: list[str], judged: Judged) -> str:
    findings = "[]"
    if judged.findings:
        findings = json_value([[f.rule, f.field, f.severity, f.group, f.value, f.suggestion] for f in judged.findings])
    typed = copy_values(list(judged.typed.values()), _EMPTY_IS_NULL)
    in_scope = "t" if judged.in_scope else "f"
    return f"{number}\t{json_texts(cells)}\t{json_object(judged.values)}\t{in_scope}\t{findings}\t{typed}\n"


_EMPTY_IS_NULL = frozenset(map(TYPED_COLUMNS.index, ("birth_date", "birth_year")))
