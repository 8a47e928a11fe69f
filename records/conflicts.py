"""Fields that people corrected and a new file changed too, otherwise: the register's value stands until a person
chooses, field by field. What is taken from the file is one change set, and can be taken back as one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from campaigns import audit
from campaigns.errors import WorkRefused
from campaigns.models import User
from campaigns.permissions import Permission, check
from records import changes
from records.models import ChangeKind, ChangeSet, Conflict, FileStatus, Side, SourceFile


@dataclass
class Decided:
    """Fields: `theirs` written, `ours` kept, `stale` left because the record has changed since it was shown."""

    theirs: int
    ours: int
    stale: int
    change_set: ChangeSet | None


@transaction.atomic
def decide(source_file: SourceFile, choices: Mapping[int, str], *, by: User, versions: Mapping[int, int]) -> Decided:
    """`choices`: Conflict id → Side. `versions`: record id → the version that was shown. What was decided already
    stays. Raises WorkRefused `unknown_file` for a file that is not applied."""
    check(by, Permission.IMPORT)
    if source_file.status != FileStatus.APPLIED:
        raise WorkRefused("unknown_file", f"Tệp {source_file.code} không ở trong sổ. Xem tình trạng của tệp.")
    asked = source_file.conflicts.undecided().filter(pk__in=choices).select_related("record")
    found = list(asked.select_for_update(of=("self",)).order_by("pk"))
    theirs = [c for c in found if choices[c.pk] == Side.THEIRS]
    change_set, stale = _take(source_file, theirs, by, versions)
    ours = [c.pk for c in found if choices[c.pk] == Side.OURS]
    taken = [c.pk for c in theirs if c.record_id not in stale]
    _remember(ours, Side.OURS, by, None)
    _remember(taken, Side.THEIRS, by, change_set)
    decided = Decided(len(taken), len(ours), len(theirs) - len(taken), change_set)
    audit.record(
        "import_conflicts_decided", by=by, campaign=source_file.campaign, target=source_file.code,
        commune_code=source_file.commune.code if source_file.commune else "", theirs=decided.theirs, ours=decided.ours,
    )  # fmt: skip
    return decided


def _take(
    source_file: SourceFile, conflicts: list[Conflict], by: User, versions: Mapping[int, int]
) -> tuple[ChangeSet | None, set[int]]:
    """Writes the file's values; the change set, None where nothing changed, and the records that were left as stale."""
    edits: dict[int, dict[str, str | None]] = {}
    for conflict in conflicts:
        edits.setdefault(conflict.record_id, {})[conflict.field] = conflict.theirs
    moved_on = {c.record_id for c in conflicts if versions.get(c.record_id) != c.record.version}
    edits = {pk: fields for pk, fields in edits.items() if pk not in moved_on}
    change_set = changes.open_change_set(
        source_file.campaign, ChangeKind.EDIT, by=by, reason="lấy theo tệp ở chỗ cả hai bên cùng đổi",
        document=source_file.code,
    )  # fmt: skip
    applied = changes.apply(change_set, edits, versions={pk: versions[pk] for pk in edits})
    moved_on |= {stale.record.pk for stale in applied.stale}
    if not applied.changed:
        change_set.delete()
        return None, moved_on
    return change_set, moved_on


def _remember(ids: list[int], side: str, by: User, change_set: ChangeSet | None) -> None:
    Conflict.objects.filter(pk__in=ids).update(decision=side, by=by, at=timezone.now(), change_set=change_set)
