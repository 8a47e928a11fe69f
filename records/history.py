"""Where each value came from, and what became of a record: read from the same rows that the one door writes."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import F

from records.models import Change, ChangeKind, ChangeSet, Record
from records.models.change import CAME_FROM


@dataclass(frozen=True)
class Origin:
    """`came_from` is the contract's: import, officer, police, civil_registry, rule. `kind` is the ChangeKind; `by` the
    account's name, `by_name` the person's."""

    came_from: str
    kind: str
    document: str
    by: str
    by_name: str
    at: datetime.datetime

    @property
    def label(self) -> str:
        return ChangeKind(self.kind).label


def provenance(records: Collection[Record]) -> dict[tuple[int, str], Origin]:
    """(record id, field) → origin, for every field whose value is not the one the record came into being with; and
    (record id, '') → the origin of all the others. Two queries."""
    ids = [record.pk for record in records]
    found: dict[tuple[int, str], Origin] = {}
    created = ChangeSet.objects.filter(pk__in={r.created_in_id for r in records}).select_related("by", "source_file")
    origins = {change_set.pk: _origin(change_set) for change_set in created}
    for record in records:
        found[record.pk, ""] = origins[record.created_in_id]
    standing = (
        Change.objects.filter(record_id__in=ids, change_set__undoes=None, change_set__undone_in=None)
        .exclude(field="source_row")
        .order_by("record_id", "field", F("id").desc())
        .distinct("record_id", "field")
        .select_related("change_set__by", "change_set__source_file")
    )
    for change in standing:
        found[change.record_id, change.field] = _origin(change.change_set)
    return found


def origin_of(found: dict[tuple[int, str], Origin], record: Record, field: str) -> Origin:
    return found.get((record.pk, field)) or found[record.pk, ""]


def _origin(change_set: ChangeSet) -> Origin:
    document = change_set.document or (change_set.source_file.code if change_set.source_file else "")
    return Origin(
        came_from=CAME_FROM.get(ChangeKind(change_set.kind), "officer"),
        kind=change_set.kind,
        document=document,
        by=change_set.by.username,
        by_name=change_set.by.get_full_name(),
        at=change_set.at,
    )
