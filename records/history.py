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
    standing = (
        Change.objects.filter(record_id__in=[r.pk for r in records])
        .filter(change_set__undoes=None, change_set__undone_in=None)
        .exclude(field="source_row")
        .order_by("record_id", "field", F("id").desc())
        .distinct("record_id", "field")
        .values_list("record_id", "field", "change_set_id")
    )
    set_of = {(pk, field): change_set_id for pk, field, change_set_id in standing}
    set_of |= {(record.pk, ""): record.created_in_id for record in records}
    # What was read of a file is large and tells nothing here.
    sets = ChangeSet.objects.select_related("by", "source_file").defer("source_file__summary", "source_file__counts")
    origins = {change_set.pk: _origin(change_set) for change_set in sets.filter(pk__in=set(set_of.values()))}
    return {key: origins[change_set_id] for key, change_set_id in set_of.items()}


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
