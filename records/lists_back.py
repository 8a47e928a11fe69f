"""Lists that people edited come home: what they changed is written, what we changed meanwhile is kept, and where both
changed one value a person decides (three ways: the register when the list was made, the register now, the list)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from campaigns import audit
from campaigns.errors import WorkRefused
from campaigns.models import Campaign, User
from campaigns.permissions import Permission, check, place_filter
from records import changes, own_files, row_codes, source_files
from records.list_workbook import LIST_CODE_LABEL
from records.lists import NOT_TO_EDIT
from records.masking import MASK
from records.models import Change, ChangeKind, FileKind, FileStatus, PeopleList, Record, SourceFile
from records.reading.checks import judge
from records.reading.errors import ReadingError
from records.reading.process import read_table
from records.reading.vietnamese import tidy
from records.reference import fields_of, reference_for

_LIST_CODE = re.compile(r"DS-\d{4,}")
_BLANK = re.compile(r"^[.…_\s]*$")


@dataclass(frozen=True)
class Conflict:
    """A value that the list and the register both changed, each in its own way."""

    row_code: str
    field: str
    then: str
    ours: str
    theirs: str


@dataclass
class ReadBack:
    """Counts of rows; `rows` are those below the heading that hold anything."""

    rows: int = 0
    corrected: int = 0
    unchanged: int = 0
    to_settle: int = 0
    added: int = 0
    missing: int = 0
    unreadable: int = 0
    conflicts: list[Conflict] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        names = ("rows", "corrected", "unchanged", "to_settle", "added", "missing", "unreadable")
        return {name: getattr(self, name) for name in names}


@dataclass
class _Row:
    number: int
    row_code: str
    cells: dict[str, str]


@transaction.atomic
def read_list(campaign: Campaign, *, by: User, name: str, content: bytes) -> ReadBack:
    """Raises WorkRefused: the reading's codes, `no_row_codes` without the column, `unknown_batch` where no list of ours
    can be found that holds these people."""
    check(by, Permission.REVIEW)
    kept = source_files.keep(
        campaign, kind=FileKind.LIST, by=by, name=name, content=ContentFile(content), register="children"
    )
    people_list, rows = _read(campaign, kept)
    SourceFile.objects.filter(pk=kept.pk).update(
        register=people_list.register, commune=people_list.commune, partial=True
    )
    back = ReadBack(rows=len(rows))
    seen_before = SourceFile.objects.filter(
        campaign=campaign, kind=FileKind.LIST, sha256=kept.sha256, status=FileStatus.APPLIED
    ).exists()
    change_set = changes.open_change_set(
        campaign, ChangeKind.LIST, by=by, source_file=kept, document=f"{people_list.code}, {kept.code}"
    )
    coded = _by_record(campaign, people_list, rows, by, back)
    _correct(change_set, people_list, coded, back)
    _add(change_set, people_list, rows, back, by=by, seen_before=seen_before)
    codes = {row_codes.check(row.row_code) for row in rows}
    back.missing = sum(code not in codes for code in people_list.row_codes)
    SourceFile.objects.filter(pk=kept.pk).update(
        status=FileStatus.APPLIED,
        applied_at=timezone.now(),
        counts=back.counts() | {"conflicts": [vars(conflict) for conflict in back.conflicts], "notes": back.notes},
    )
    audit.record(
        "list_read_back", by=by, campaign=campaign, target=f"list:{people_list.code}",
        commune_code=people_list.commune.code if people_list.commune else "", file=kept.code, **back.counts(),
    )  # fmt: skip
    return back


def _read(campaign: Campaign, kept: SourceFile) -> tuple[PeopleList, list[_Row]]:
    fields = {f.key: [f.label] for register in ("beneficiaries", "children") for f in fields_of(register)}
    for f in fields_of("beneficiaries"):
        if f.label not in fields[f.key]:
            fields[f.key].append(f.label)
    wanted: list[dict[str, Any]] = [{"key": "row_code", "headings": [own_files.ROW_CODE_HEADING]}]
    wanted += [{"key": key, "headings": headings} for key, headings in fields.items()]
    try:
        with source_files.local_path(kept) as path:
            summary, rows = read_table(path, kept.name, wanted)
    except ReadingError as error:
        raise WorkRefused(error.code, error.message) from error
    if "row_code" not in summary["found"]:
        raise WorkRefused("no_row_codes", f"Tệp “{kept.name}” không có cột “Mã dòng”. Dùng danh sách do hệ thống lập.")
    read = [_Row(row["row"], tidy(row["cells"].pop("row_code", "")), row["cells"]) for row in rows]
    read = [row for row in read if any(text.strip() for text in row.cells.values())]
    return _find_list(campaign, summary["lines_above"], read), read


def _find_list(campaign: Campaign, above: list[str], rows: list[_Row]) -> PeopleList:
    """By the code above the table; else the newest list on which all these people stand."""
    lists = PeopleList.objects.filter(campaign=campaign)
    for line in above:
        written = _LIST_CODE.search(line) if LIST_CODE_LABEL in line else None
        if written and (named := lists.filter(code=written[0]).first()):
            return named
    codes = [code for row in rows if (code := row_codes.check(row.row_code))]
    found = lists.filter(row_codes__contains=codes).order_by("-pk").first() if codes else None
    if found is None:
        raise WorkRefused(
            "unknown_batch",
            "Không tìm thấy danh sách nào đã lập có những mã dòng này. Giữ nguyên dòng “Mã danh sách” ở đầu tệp.",
        )
    return found


def _by_record(
    campaign: Campaign, people_list: PeopleList, rows: list[_Row], by: User, back: ReadBack
) -> list[tuple[Record, _Row]]:
    codes = {row.number: row_codes.check(row.row_code) for row in rows}
    mine = Record.objects.filter(place_filter(by)).register(campaign, people_list.register)
    records = {r.row_code: r for r in mine.filter(row_code__in=[c for c in codes.values() if c])}
    found: list[tuple[Record, _Row]] = []
    times = Counter(codes.values())
    for row in rows:
        code = codes[row.number]
        if not row.row_code:
            continue
        if code is None or code not in records:
            back.unreadable += 1
            back.notes.append(f"Dòng {row.number}: không có hồ sơ nào mã “{row.row_code}”.")
        elif times[code] > 1:
            back.to_settle += 1
            back.notes.append(f"Dòng {row.number}: mã {code} đứng ở nhiều dòng, không biết dòng nào đúng.")
        else:
            found.append((records[code], row))
    return found


def _correct(
    change_set: changes.ChangeSet, people_list: PeopleList, coded: list[tuple[Record, _Row]], back: ReadBack
) -> None:
    reference = reference_for(people_list.campaign, people_list.register)
    then = _values_then(people_list, [record for record, _ in coded])
    edits: dict[int, dict[str, str | None]] = {}
    for record, row in coded:
        given = _given(row, record)
        theirs = judge({**record.values, **given}, reference).values
        conflicts = []
        for key in given:
            was, ours, wanted = then[record.pk].get(key, ""), record.value(key), theirs.get(key, "")
            if _says(wanted, was) or _says(wanted, ours):
                continue
            if ours == was:
                edits.setdefault(record.pk, {})[key] = given[key]
            else:
                conflicts.append(Conflict(record.row_code, key, was, ours, wanted))
        back.conflicts += conflicts
        back.to_settle += bool(conflicts)
        back.corrected += record.pk in edits and not conflicts
        back.unchanged += record.pk not in edits and not conflicts
    if edits:
        changes.apply(change_set, edits)


def _given(row: _Row, record: Record) -> dict[str, str]:
    """The cells that say something: not the ministry's own, not a masked number, not the dots that the sheet printed
    to write on, not an empty cell of a column that the export did not have."""
    return {
        key: text
        for key, text in row.cells.items()
        if key not in NOT_TO_EDIT
        and (text.strip() or key in record.values)
        and MASK not in text
        and not (text.strip() and _BLANK.match(text))
    }


def _says(cell: str, value: str) -> bool:
    """Whether the cell says the value: also without the zeros that it lost where a spreadsheet took it for a number."""
    return cell == value or (value.isdecimal() and cell != "" and cell == value.lstrip("0"))


def _values_then(people_list: PeopleList, records: list[Record]) -> dict[int, Mapping[str, str]]:
    """What the register held when the list was made: today's values with every change since taken back."""
    values = {record.pk: dict(record.values) for record in records}
    since = Change.objects.filter(record_id__in=values, change_set__at__gt=people_list.at).exclude(field="source_row")
    for change in since.order_by("-id"):
        values[change.record_id][change.field] = change.old or ""
    return {pk: dict(held) for pk, held in values.items()}


def _add(
    change_set: changes.ChangeSet,
    people_list: PeopleList,
    rows: list[_Row],
    back: ReadBack,
    *,
    by: User,
    seen_before: bool,
) -> None:
    """Rows without a code are new people, unless this very file was read before."""
    uncoded = [row for row in rows if not row.row_code]
    taken = _taken_codes(people_list, uncoded, but_new=seen_before)
    for row in uncoded:
        code = tidy(row.cells.get("system_code", ""))
        if why := _why_nobody(row, code, taken):
            back.unreadable += 1
            back.notes.append(f"Dòng {row.number}: {why}")
            continue
        if seen_before:
            back.unchanged += 1
            continue
        taken |= {code} - {""}
        values = {f.key: "" for f in fields_of(people_list.register) if f.key in row.cells} | row.cells
        if people_list.commune and not values.get("commune"):
            values["commune"] = people_list.commune.name
        if _add_one(change_set, people_list, values, by):
            back.added += 1
        else:
            back.unreadable += 1
            back.notes.append(f"Dòng {row.number}: người của xã, bản khác; danh sách này không thêm được.")


def _taken_codes(people_list: PeopleList, rows: list[_Row], *, but_new: bool) -> set[str]:
    """Of the ministry's codes on these rows, those that a record has already (`but_new`: one not added by hand)."""
    codes = {tidy(row.cells.get("system_code", "")) for row in rows} - {""}
    records = Record.objects.register(people_list.campaign, people_list.register)
    if but_new:
        records = records.filter(is_new=False)
    return set(records.filter(system_code__in=codes).values_list("system_code", flat=True))


def _why_nobody(row: _Row, system_code: str, taken: set[str]) -> str:
    """Why a row without a code is no new person; '' where it is one."""
    if not row.cells.get("full_name", "").strip():
        return "không có mã dòng, cũng không có họ tên."
    if system_code in taken:
        return f"không có mã dòng, mà mã phần mềm {system_code} đã có hồ sơ. Ghi lại mã dòng như trong danh sách gốc."
    return ""


def _add_one(change_set: changes.ChangeSet, people_list: PeopleList, values: Mapping[str, str], by: User) -> bool:
    """False, and nothing done, where the person would not be of the author's own place."""
    with transaction.atomic():
        record = changes.add_person(people_list.campaign, people_list.register, values, change_set=change_set)
        mine = Record.objects.filter(place_filter(by), pk=record.pk).exists()
        transaction.set_rollback(not mine)
    return mine
