"""Which column of a file is which field: what was found, why, and what a person says about it."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.utils.timezone import localtime

from campaigns.models import User
from campaigns.permissions import Permission, check
from records.models import HeadingMap, SourceFile
from records.private import shown
from records.reading.columns import JOINT, HeadingMatcher, is_counter
from records.reading.vietnamese import fold, is_none_word
from records.reference import field_labels, fields_of

_SPLITS = {
    "birth_by_sex": "Ngày sinh và giới tính, mỗi giới một cột",
    "sex_marks": "Giới tính, đánh dấu ở một trong hai cột",
    "birth_parts": "Ngày sinh, tách ngày, tháng, năm",
}
_DAY = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}")
_SEXES = {"nam", "nu"}
_NOT_IN_A_NUMBER = re.compile(r"[\s.,'-]")


@dataclass(frozen=True)
class Column:
    """One column with a heading. `field` is what it is read as, or a guess that a person has not confirmed; ''
    where it is kept and not used. `kind`: unknown, guessed, sure, remembered, split (`whole` then says of what),
    doubted (its cells do not look like its heading) or rival: its heading claims `claims`, which another column has."""

    index: int
    heading: str
    field: str
    kind: str
    why: str
    samples: list[str]
    whole: str = ""
    claims: str = ""


def columns_of(source_file: SourceFile) -> list[Column]:
    """The columns of the sheet as last read or chosen, left to right."""
    summary = source_file.summary
    by_index = {index: key for key, index in _columns(summary).items()}
    splits = {i: kind for kind, indexes in summary.get("split_columns", {}).items() for i in indexes}
    absent, doubts = set(summary["absent"]), summary.get("doubts", {})
    remembered = {m.heading: m for m in HeadingMap.objects.filter(register=source_file.register).select_related("by")}
    found = []
    for index, heading in enumerate(summary["headings"]):
        samples = summary.get("samples", {}).get(str(index), [])
        if index in splits:
            kind = splits[index]
            found.append(Column(index, heading, by_index.get(index, ""), "split", "", [], _SPLITS[kind]))
        elif heading:
            field = by_index.get(index, "")
            kind, why = _reason(source_file, heading, field, remembered.get(fold(heading)[:200]))
            if kind == "unknown" and (guessed := _guess(samples, absent)):
                field, why = guessed
                kind = "guessed"
            if field and str(index) in doubts:
                kind, why = "doubted", doubts[str(index)]
            texts = dict.fromkeys(cell_shown(source_file.register, field, text) for text in samples)
            found.append(Column(index, heading, field, kind, why, list(texts)))
    return _with_rivals(source_file, found, remembered)


def _with_rivals(source_file: SourceFile, columns: list[Column], remembered: dict[str, HeadingMap]) -> list[Column]:
    """A column that is not used because another one was taken for the field that its heading also claims; unless a
    person said to leave it."""
    holders = {column.field: column for column in columns if column.field}
    matcher, labels = HeadingMatcher(fields_of(source_file.register)), field_labels(source_file.register)
    found = []
    for column in columns:
        claims = "" if column.field or column.kind in ("split", "remembered") else matcher.resolve(column.heading)[0]
        if claims in holders and fold(column.heading)[:200] not in remembered:
            why = f"cũng nhận là “{labels[claims]}”, đang lấy cột “{holders[claims].heading}”"
            column = replace(column, kind="rival", why=why, claims=claims)
        found.append(column)
    return found


def _columns(summary: dict[str, Any]) -> dict[str, int]:
    chosen: dict[str, int] | None = summary.get("chosen", {}).get("columns")
    found: dict[str, int] = summary["column_index"] if chosen is None else chosen
    return found


def _reason(source_file: SourceFile, heading: str, field: str, remembered: HeadingMap | None) -> tuple[str, str]:
    """(kind, why)"""
    agreed = remembered if remembered is not None and remembered.field == field else None
    if agreed is not None and agreed.at < source_file.at:
        return "remembered", f"{agreed.by.full_name} chọn ngày {localtime(agreed.at):%d/%m/%Y}"
    if is_counter(heading) and not field:
        return "sure", "cột đánh số thứ tự"
    if field and (why := _known_as(source_file.register, heading, field)):
        return "sure", why
    if agreed is not None:
        return "sure", f"{agreed.by.full_name} vừa chọn"
    return ("guessed", "gần với tên đã biết") if field else ("unknown", "tên cột chưa gặp lần nào")


def _known_as(register: str, heading: str, field: str) -> str:
    """How the column set knows the heading; '' where it does not."""
    aliases = {fold(alias) for known in fields_of(register) if known.key == field for alias in known.header_aliases}
    if fold(heading) == fold(field_labels(register)[field]):
        return "đúng tên trường"
    if fold(heading) in aliases:
        return "tên gọi khác đã biết"
    return "theo tiêu đề hai tầng" if JOINT in heading else ""


def _guess(samples: list[str], absent: set[str]) -> tuple[str, str] | None:
    """A field that the file lacks and the values fit: (key, why)."""
    texts = [text for text in samples if not is_none_word(text)]
    if not texts:
        return None
    if "personal_number" in absent and all(_is_number(text) for text in texts):
        return "personal_number", "các giá trị đầu có 9 hoặc 12 chữ số"
    if "birth_date" in absent and all(_DAY.fullmatch(text) for text in texts):
        return "birth_date", "các giá trị đầu là ngày tháng"
    if "sex" in absent and {fold(text) for text in texts} <= _SEXES:
        return "sex", "các giá trị đầu là Nam hoặc Nữ"
    return None


def _is_number(text: str) -> bool:
    return len(_digits(text)) in (9, 12)


def _digits(text: str) -> str:
    """'' for a text that holds more than digits and what people put between them."""
    digits = _NOT_IN_A_NUMBER.sub("", text)
    return digits if digits.isdecimal() else ""


def cell_shown(register: str, field: str, text: str) -> str:
    """What may be shown of a cell of the file; in a column that nobody has named, what looks like a number is one."""
    if not field and 9 <= len(_digits(text)) <= 12:
        field = "personal_number"
    return shown(register, field, text)


@transaction.atomic
def choose(source_file: SourceFile, *, by: User, sheet: str | None, columns: dict[str, int] | None) -> None:
    """What a person says about the file: the sheet, and which column (index) is which field. Headings are remembered
    for the next file; one that was given no field is kept and not used. Not remembered is what a heading alone does
    not tell: a column that shares its heading with another, or holds a part of a field."""
    check(by, Permission.IMPORT)
    if columns is not None:
        HeadingMap.objects.bulk_create(
            _to_remember(source_file, columns, by), update_conflicts=True, unique_fields=["register", "heading"],
            update_fields=["shown", "field", "by", "at"],
        )  # fmt: skip
    source_file.summary["chosen"] = {"sheet": sheet, "columns": columns}
    source_file.save(update_fields=["summary"])


def give_field(source_file: SourceFile, index: int, field: str, *, by: User) -> None:
    """One column is the field, and no other column is; '' for none. Remembered like any choice."""
    columns = {key: at for key, at in _columns(source_file.summary).items() if key != field and at != index}
    if field:
        columns[field] = index
    choose(source_file, by=by, sheet=source_file.summary["sheet"], columns=columns)


def _to_remember(source_file: SourceFile, columns: dict[str, int], by: User) -> list[HeadingMap]:
    """What is not remembered so already."""
    register, summary = source_file.register, source_file.summary
    headings: list[str] = summary.get("headings", [])
    keys = [fold(heading)[:200] for heading in headings]
    times = Counter(keys)
    parts = {index for indexes in summary.get("split_columns", {}).values() for index in indexes}
    fields = {index: key for key, index in columns.items()}
    known = dict(HeadingMap.objects.filter(register=register).values_list("heading", "field"))
    found = []
    for index, (heading, key) in enumerate(zip(headings, keys, strict=True)):
        field = fields.get(index, "")
        alone = key and times[key] == 1 and index not in parts
        if alone and known.get(key) != field:
            found.append(HeadingMap(register=register, heading=key, shown=heading[:200], field=field, by=by))
    return found
