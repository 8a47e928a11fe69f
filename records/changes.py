"""The one door: every change of a record's values goes through here, inside a change set.

(An import writes the same rows set-based, in `merging.py`, because it changes tens of thousands at once.)"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from psycopg2.extras import Json, execute_values

from campaigns.errors import WorkRefused
from campaigns.models import Campaign, Commune, User
from records import findings, row_codes, stages
from records.models import Change, ChangeKind, ChangeSet, Record, SourceFile, Stage
from records.reading.checks import Judged, judge
from records.reading.reference import Reference
from records.reference import reference_for

# Columns that follow from `values`, as Record names them.
FOLLOWING = (
    "system_code", "full_name", "match_name", "sort_key", "birth_date", "birth_precision", "birth_year", "sex",
    "ethnic_group", "personal_number", "father_name", "father_match", "father_number", "mother_name", "mother_match",
    "mother_number", "guardian_name", "guardian_number", "village", "address", "care_support",
)  # fmt: skip
# After these a clean record must be looked at again; answers of others decide themselves where it goes.
_REOPENING = {ChangeKind.EDIT, ChangeKind.SUGGESTION, ChangeKind.LIST, ChangeKind.ADMIN, ChangeKind.UNDO}
_WRITE = """
UPDATE records_record r SET values = v.values, commune_id = v.commune_id, in_scope = v.in_scope, {columns},
       version = r.version + 1
FROM (VALUES %s) AS v (id, values, commune_id, in_scope, {names}) WHERE r.id = v.id
""".format(columns=", ".join(f"{c} = v.{c}" for c in FOLLOWING), names=", ".join(FOLLOWING))
_TYPES = {"birth_date": "date", "birth_year": "smallint", "care_support": "boolean"}
_TEMPLATE = (
    "(%s, %s::jsonb, %s::bigint, %s::boolean, " + ", ".join(f"%s::{_TYPES.get(c, 'text')}" for c in FOLLOWING) + ")"
)

Edit = Mapping[str, str | None]


@dataclass(frozen=True)
class StaleEdit:
    """Somebody else changed the field since the page was drawn: neither value wins by itself."""

    record: Record
    field: str
    theirs: str  # what the register holds now
    mine: str  # what was to be written


@dataclass
class Applied:
    changed: int = 0  # values
    record_ids: list[int] = field(default_factory=list)
    stale: list[StaleEdit] = field(default_factory=list)


def open_change_set(
    campaign: Campaign,
    kind: str,
    *,
    by: User,
    reason: str = "",
    document: str = "",
    source_file: SourceFile | None = None,
) -> ChangeSet:
    return ChangeSet.objects.create(
        campaign=campaign, kind=kind, by=by, reason=reason, document=document[:200], source_file=source_file
    )


@transaction.atomic
def apply(change_set: ChangeSet, edits: Mapping[int, Edit], *, versions: Mapping[int, int] | None = None) -> Applied:
    """Writes the edits (record id → field → text; None takes the field away) and judges the records again.

    `versions` are the records' versions the author saw: where a field changed since, the whole record is left and its
    fields come back as `stale`. Number of queries does not depend on the number of records."""
    applied = Applied()
    records = list(
        Record.objects.select_for_update(of=("self",))
        .filter(campaign_id=change_set.campaign_id, pk__in=edits)
        .order_by("pk")
    )
    if versions:
        applied.stale = _stale(records, edits, versions)
        left = {s.record.pk for s in applied.stale}
        records = [r for r in records if r.pk not in left]
    judged = _judge_all(change_set.campaign, records, edits)
    changes = [c for record, result in judged for c in _changes(change_set, record, result)]
    if not changes:
        return applied
    touched: dict[int, set[str]] = {}
    for change in changes:
        touched.setdefault(change.record_id, set()).add(change.field)
    judged = [(record, result) for record, result in judged if record.pk in touched]
    Change.objects.bulk_create(changes, batch_size=2000)
    old = [(record.personal_number, record.match_name) for record, _ in judged]
    _write(change_set.campaign, judged)
    _find_again(change_set, judged, touched, old)
    applied.changed = len(changes)
    applied.record_ids = [record.pk for record, _ in judged]
    return applied


def _judge_all(campaign: Campaign, records: Iterable[Record], edits: Mapping[int, Edit]) -> list[tuple[Record, Judged]]:
    references: dict[str, Reference] = {}
    result = []
    for record in records:
        if record.register not in references:
            references[record.register] = reference_for(campaign, record.register)
        raw = {**record.values, **edits[record.pk]}
        kept = {key: text for key, text in raw.items() if text is not None}
        result.append((record, judge(kept, references[record.register])))
    return result


def _changes(change_set: ChangeSet, record: Record, judged: Judged) -> list[Change]:
    fields = [*record.values, *(key for key in judged.values if key not in record.values)]
    return [
        Change(
            campaign_id=change_set.campaign_id, change_set=change_set, record=record, field=key,
            old=record.values.get(key), new=judged.values.get(key),
        )
        for key in fields
        if record.values.get(key) != judged.values.get(key)
    ]  # fmt: skip


def _stale(records: Iterable[Record], edits: Mapping[int, Edit], versions: Mapping[int, int]) -> list[StaleEdit]:
    moved_on = {r.pk: r for r in records if r.pk in versions and versions[r.pk] != r.version}
    if not moved_on:
        return []
    recent = Change.objects.filter(record_id__in=moved_on).order_by("record_id", "-id")
    changed_since: dict[int, set[str]] = {}
    seen_sets: dict[int, list[int]] = {}
    for change in recent:
        sets = seen_sets.setdefault(change.record_id, [])
        if change.change_set_id not in sets:
            sets.append(change.change_set_id)
        record = moved_on[change.record_id]
        if len(sets) <= record.version - versions[record.pk]:
            changed_since.setdefault(record.pk, set()).add(change.field)
    return [
        StaleEdit(record, key, record.value(key), text or "")
        for pk, record in moved_on.items()
        for key, text in edits[pk].items()
        if key in changed_since.get(pk, ()) and record.value(key) != (text or "")
    ]


def following(judged: Judged) -> dict[str, Any]:
    """Record's columns from what was judged; empty dates and years are None."""
    typed = {column: judged.typed[column] for column in FOLLOWING}
    typed["birth_date"] = typed["birth_date"] or None
    return typed


def follow(campaign: Campaign, judged: Sequence[tuple[Record, Judged]]) -> None:
    """Writes the columns that follow from values where they follow otherwise by now, because a list of the state was
    corrected. The values, and so the version, stay."""
    communes = _communes(campaign)
    moved_on = []
    for record, result in judged:
        columns = {**following(result), "commune_id": communes.get(str(result.typed["commune_code"]))}
        columns["birth_date"] = columns["birth_date"] and datetime.date.fromisoformat(columns["birth_date"])
        if any(getattr(record, column) != value for column, value in columns.items()):
            for column, value in columns.items():
                setattr(record, column, value)
            moved_on.append(record)
    Record.objects.bulk_update(moved_on, [*FOLLOWING, "commune_id"], batch_size=200)


def _communes(campaign: Campaign) -> dict[str, int]:
    return dict(Commune.objects.in_campaign(campaign).values_list("code", "pk"))


def _write(campaign: Campaign, judged: list[tuple[Record, Judged]]) -> None:
    communes = _communes(campaign)
    rows = [
        (
            record.pk, Json(result.values), communes.get(str(result.typed["commune_code"])), result.in_scope,
            *following(result).values(),
        )
        for record, result in judged
    ]  # fmt: skip
    with connection.cursor() as cursor:
        execute_values(cursor.cursor, _WRITE, rows, template=_TEMPLATE, page_size=500)


def _find_again(
    change_set: ChangeSet,
    judged: list[tuple[Record, Judged]],
    touched: Mapping[int, set[str]],
    old: list[tuple[str, str]],
) -> None:
    campaign, by, at = change_set.campaign, change_set.by, change_set.at
    ids = [record.pk for record, _ in judged]
    with connection.cursor() as cursor:
        findings.open_tables(cursor)
        findings.fill_tables(cursor, ((r.pk, result, touched.get(r.pk, ())) for r, result in judged))
        findings.sync(cursor, campaign, by=by, at=at, fixed=True)
        findings.answer_refusals(cursor, campaign, touched, by=by, at=at)
    numbers, names = [number for number, _ in old], [name for _, name in old]
    near = findings.compare_records(campaign, by=by, at=at, near=ids, old_numbers=numbers, old_names=names, fixed=True)
    if change_set.kind in _REOPENING:
        done = [record.pk for record, _ in judged if record.stage in (Stage.CLEANED, Stage.UPLOADED)]
        stages.move(campaign, done, Stage.TO_REVIEW, by=by, reason="sửa sau khi đã sạch")
    stages.reopen_unclean(campaign, by=by, near=near, reason="có điều cần xem mới")


def add_person(campaign: Campaign, register: str, values: Mapping[str, str], *, change_set: ChangeSet) -> Record:
    """A person who is in no export yet (target group 4). The caller has checked who may."""
    return add_people(campaign, register, [values], change_set=change_set)[0]


@transaction.atomic
def add_people(
    campaign: Campaign, register: str, people: Sequence[Mapping[str, str]], *, change_set: ChangeSet
) -> list[Record]:
    """`add_person` for many; the number of queries does not depend on how many."""
    if not people:
        return []
    reference, communes = reference_for(campaign, register), _communes(campaign)
    judged = [judge(values, reference, added_by_hand=True) for values in people]
    records = Record.objects.bulk_create(
        [
            Record(
                campaign=campaign, register=register, row_code=row_code, values=result.values, is_new=True,
                commune_id=communes.get(str(result.typed["commune_code"])), in_scope=result.in_scope,
                stage=Stage.TO_REVIEW, stage_at=change_set.at, created_at=change_set.at, created_in=change_set,
                **following(result),
            )
            for row_code, result in zip(row_codes.take(campaign, len(judged)), judged, strict=True)
        ],
        batch_size=1000,
    )  # fmt: skip
    stages.came_into_being(records, by=change_set.by)
    pairs = list(zip(records, judged, strict=True))
    _find_again(change_set, pairs, {record.pk: set(result.values) for record, result in pairs}, [])
    return records


@transaction.atomic
def undo(change_set: ChangeSet, *, by: User) -> ChangeSet:
    """Takes a change set back as a whole. Raises WorkRefused `already_undone` when it was taken back before or when one
    of its values has changed since: then there is no telling which of the later changes was built on it."""
    change_set = ChangeSet.objects.select_for_update(of=("self",)).get(pk=change_set.pk)
    if ChangeSet.objects.filter(undoes=change_set).exists():
        raise WorkRefused("already_undone", "Lần thay đổi này đã được hoàn tác trước đó. Xem lịch sử của hồ sơ.")
    if change_set.kind == ChangeKind.IMPORT:
        raise WorkRefused("usage", "Tệp xuất được hoàn tác ở trang Nhập dữ liệu, cả tệp một lần.")
    mine = list(change_set.changes.select_related("record").order_by("id"))
    later = Change.objects.filter(
        record_id__in={c.record_id for c in mine}, change_set_id__gt=change_set.pk
    ).values_list("record_id", "field")
    overtaken = {(c.record_id, c.field) for c in mine} & set(later)
    if overtaken or change_set.created_records.exists():
        codes = sorted({c.record.row_code for c in mine if (c.record_id, c.field) in overtaken})
        why = f"Hồ sơ {', '.join(codes)} đã có thay đổi sau đó." if codes else "Hồ sơ thêm mới thì đưa ra khỏi sổ."
        raise WorkRefused("already_undone", f"Không hoàn tác được. {why} Xem lịch sử và sửa tay.")
    edits: dict[int, dict[str, str | None]] = {}
    for change in mine:
        edits.setdefault(change.record_id, {})[change.field] = change.old
    undoing = open_change_set(change_set.campaign, ChangeKind.UNDO, by=by, reason=f"hoàn tác: {change_set}")
    ChangeSet.objects.filter(pk=undoing.pk).update(undoes=change_set)
    apply(undoing, edits)
    return undoing
