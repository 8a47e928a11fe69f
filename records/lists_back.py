"""Lists that people edited come home: what they changed is written, what we changed meanwhile is kept, and where both
changed one value a person decides (three ways: the register when the list was made, the register now, the list)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from campaigns import audit
from campaigns.models import Campaign, User
from campaigns.permissions import Permission, check, place_filter
from records import changes, list_rows, row_codes, source_files
from records.list_rows import ListRow, ReturnedList
from records.lists import NOT_TO_EDIT
from records.masking import MASK
from records.models import Change, ChangeKind, ChangeSet, FileKind, FileStatus, ListKind, PeopleList, Record, SourceFile
from records.reading.checks import judge
from records.reading.vietnamese import tidy
from records.reference import fields_of, reference_for

_BLANK = re.compile(r"^[.…_\s]*$")
_LEFT_DOTS = re.compile(r"^(?:[…_]|\.{3})[.…_\s]*|[.…_\s]*(?:[…_]|\.{3})$")  # printed to write on, typed beside


@dataclass(frozen=True)
class Conflict:
    """A value that the list and the register both changed, each in its own way."""

    row_code: str
    field: str
    then: str
    ours: str
    theirs: str


@dataclass
class Waiting:
    """A row that a person must place: `outcome` is how it is counted until then; `done` what became of it: ''
    (waits), `left`, or the row code of the record it was."""

    row: int
    row_code: str
    cells: dict[str, str]
    why: str
    outcome: str = "unreadable"
    done: str = ""


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
    waiting: list[Waiting] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        names = ("rows", "corrected", "unchanged", "to_settle", "added", "missing", "unreadable")
        return {name: getattr(self, name) for name in names}

    @property
    def notes(self) -> list[str]:
        return [f"Dòng {one.row}: {one.why}" for one in self.waiting]

    def hold(self, row: ListRow, why: str, outcome: str = "unreadable") -> None:
        setattr(self, outcome, getattr(self, outcome) + 1)
        self.waiting.append(Waiting(row.number, row.row_code, row.cells, why, outcome))


@transaction.atomic
def read_list(campaign: Campaign, *, by: User, name: str, content: bytes) -> ReadBack:
    """Raises WorkRefused as `list_rows.read` does."""
    check(by, Permission.REVIEW)
    kept = source_files.keep(
        campaign, kind=FileKind.LIST, by=by, name=name, content=ContentFile(content), register="children"
    )
    returned = list_rows.read(campaign, kept, by)
    people_list = returned.people_list
    back = ReadBack(rows=len(returned.rows))
    seen_before = SourceFile.objects.filter(
        campaign=campaign, kind=FileKind.LIST, sha256=kept.sha256, status=FileStatus.APPLIED
    ).exists()
    change_set = open_change_set(people_list, kept, by)
    _correct_all(change_set, returned, back)
    _add_all(change_set, returned, back, by=by, seen_before=seen_before)
    present = {code for row in returned.rows for code in (row.record_code, row_codes.check(row.row_code))}
    absent = [code for code in people_list.row_codes if code not in present]
    back.missing = len(absent)
    SourceFile.objects.filter(pk=kept.pk).update(
        register=people_list.register, commune=people_list.commune, partial=True, status=FileStatus.APPLIED,
        applied_at=timezone.now(),
        counts=back.counts() | {
            "list": people_list.code,
            "absent": absent,
            "conflicts": [asdict(conflict) for conflict in back.conflicts],
            "waiting": [asdict(one) for one in back.waiting],
        },
    )  # fmt: skip
    audit.record(
        "list_read_back", by=by, campaign=campaign, target=f"list:{people_list.code}",
        commune_code=people_list.commune.code if people_list.commune else "", file=kept.code, **back.counts(),
    )  # fmt: skip
    return back


def open_change_set(people_list: PeopleList, kept: SourceFile, by: User) -> ChangeSet:
    document = f"{people_list.code}, {kept.code}"
    return changes.open_change_set(people_list.campaign, ChangeKind.LIST, by=by, source_file=kept, document=document)


def _correct_all(change_set: ChangeSet, returned: ReturnedList, back: ReadBack) -> None:
    """Rows of known people; the second of two rows that say the same changes nothing more."""
    clearing = returned.with_head and returned.people_list.kind != ListKind.VISIT
    coded: dict[str, ListRow] = {}
    for row in returned.rows:
        if row.why:
            back.hold(row, row.why, row.outcome)
        elif row.record_code and row.record_code in coded:
            back.unchanged += 1
        elif row.record_code:
            coded[row.record_code] = row
    pairs = [(returned.people[code], row) for code, row in coded.items()]
    correct(change_set, returned.people_list, pairs, back, clearing=clearing)


def correct(
    change_set: ChangeSet,
    people_list: PeopleList,
    pairs: Iterable[tuple[Record, ListRow]],
    back: ReadBack,
    *,
    clearing: bool,
) -> None:
    """Writes what the rows say of their people. `clearing`: an empty cell takes the value away; on a sheet that hands
    typed anew it says nothing."""
    pairs = list(pairs)
    reference = reference_for(people_list.campaign, people_list.register)
    then = _values_then(people_list, [record for record, _ in pairs])
    edits: dict[int, dict[str, str | None]] = {}
    for record, row in pairs:
        given = _given(row, record, clearing=clearing and not row.retyped)
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


def _given(row: ListRow, record: Record, *, clearing: bool) -> dict[str, str]:
    """The cells that say something: not the ministry's own, not a masked number, not the dots that the sheet printed
    to write on, not an empty cell of a column that the export did not have."""
    given = {}
    for key, text in row.cells.items():
        if key in NOT_TO_EDIT or MASK in text or (text.strip() and _BLANK.match(text)):
            continue
        text = _LEFT_DOTS.sub("", text.strip()) if text.strip() else text
        if text.strip() or (clearing and key in record.values):
            given[key] = text
    return given


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


def _add_all(change_set: ChangeSet, returned: ReturnedList, back: ReadBack, *, by: User, seen_before: bool) -> None:
    """Rows without a code are new people, unless this very file was read before, or the row may be about somebody of
    the list who stands on no other row."""
    people_list = returned.people_list
    uncoded = [row for row in returned.rows if not (row.row_code or row.record_code)]
    taken = _taken_codes(people_list, uncoded, but_new=seen_before)
    present = {row.record_code for row in returned.rows}
    left = [r for code, r in returned.people.items() if code in people_list.row_codes and code not in present]
    for row in uncoded:
        code = tidy(row.cells.get("system_code", ""))
        if why := _why_nobody(row, code, taken, left):
            back.hold(row, why)
        elif seen_before:
            back.unchanged += 1
        elif add(change_set, people_list, row.cells, by):
            taken |= {code} - {""}
            back.added += 1
        else:
            back.hold(row, "người của xã, bản khác; danh sách này không thêm được.")


def _taken_codes(people_list: PeopleList, rows: list[ListRow], *, but_new: bool) -> set[str]:
    """Of the ministry's codes on these rows, those that a record has already (`but_new`: one not added by hand)."""
    codes = {tidy(row.cells.get("system_code", "")) for row in rows} - {""}
    records = Record.objects.register(people_list.campaign, people_list.register)
    if but_new:
        records = records.filter(is_new=False)
    return set(records.filter(system_code__in=codes).values_list("system_code", flat=True))


def _why_nobody(row: ListRow, system_code: str, taken: set[str], left: list[Record]) -> str:
    """Why a row without a code is no new person; '' where it is one."""
    if not row.match_name:
        return "không có mã dòng, cũng không có họ tên."
    if system_code in taken:
        return f"không có mã dòng, mà mã phần mềm {system_code} đã có hồ sơ. Ghi lại mã dòng như trong danh sách gốc."
    if any(list_rows.alike(row, record) for record in left):
        return "không có mã dòng, mà giống một người của danh sách không còn dòng nào trong tệp."
    return ""


def add(change_set: ChangeSet, people_list: PeopleList, cells: Mapping[str, str], by: User) -> Record | None:
    """The row as a new person; None, and nothing done, where the person would not be of the author's own place."""
    values = {f.key: "" for f in fields_of(people_list.register) if f.key in cells} | dict(cells)
    if people_list.commune and not values.get("commune"):
        values["commune"] = people_list.commune.name
    with transaction.atomic():
        record = changes.add_person(people_list.campaign, people_list.register, values, change_set=change_set)
        mine = Record.objects.filter(place_filter(by), pk=record.pk).exists()
        transaction.set_rollback(not mine)
    return record if mine else None
