"""Taking an applied file back: the register is as it was before it, save for what people have done since.

What the file changed is put back by the same merge that wrote it, fed from the history instead of from a file. What
has been touched since is left alone and named."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from campaigns import audit
from campaigns.errors import WorkRefused
from campaigns.models import User
from campaigns.permissions import Permission, check
from records import changes, findings, merging, stages, staging, staying
from records.models import (
    Change,
    ChangeKind,
    ChangeSet,
    Conflict,
    FileStatus,
    Finding,
    Record,
    SourceFile,
    SourceRow,
    Stage,
    StageChange,
)
from records.reference import reference_for
from records.rejudging import rejudge


@dataclass
class Undone:
    """`restored`: changed or gone records put back; `removed`: records of the file; `kept`: row codes left alone, and
    `why` for each, in words."""

    restored: int
    removed: int
    kept: list[str]
    why: dict[str, str] = field(default_factory=dict, compare=False)

    def and_(self, other: Undone) -> Undone:
        kept = sorted({*self.kept, *other.kept})
        return Undone(self.restored + other.restored, self.removed + other.removed, kept, self.why | other.why)

    def kept_by_reason(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for code in self.kept:
            found.setdefault(self.why.get(code, "đã được dùng tiếp sau tệp này"), []).append(code)
        return dict(sorted(found.items(), key=lambda pair: -len(pair[1])))


# The record still is what the file made of it, nobody confirmed anything, nothing else stands on it, and no other file
# that is in force speaks of the person.
_REMOVABLE = """
DROP TABLE IF EXISTS undo_created;
CREATE TEMP TABLE undo_created ON COMMIT DROP AS
SELECT id, row_code, why, why = '{{}}' AS removable FROM (
    SELECT r.id, r.row_code, {why} AS why
    FROM records_record r LEFT JOIN records_sourcerow s ON s.source_file_id = %(source_file)s AND s.record_id = r.id
    WHERE r.created_in_id = %(change_set)s) made
"""
_REMOVE = (
    "DELETE FROM records_conflict WHERE record_id IN (SELECT id FROM undo_created WHERE removable)",
    "DELETE FROM records_finding WHERE record_id IN (SELECT id FROM undo_created WHERE removable)",
    "DELETE FROM records_stagechange WHERE record_id IN (SELECT id FROM undo_created WHERE removable)",
    "UPDATE records_sourcerow SET record_id = NULL WHERE record_id IN (SELECT id FROM undo_created WHERE removable)",
    "DELETE FROM records_record WHERE id IN (SELECT id FROM undo_created WHERE removable)",
)
# A changed record is touched when one of the fields that the file changed is no longer as the file left it.
_AS_LEFT = """CASE c.field WHEN 'source_row' THEN r.source_row_id::text IS NOT DISTINCT FROM c.new
           WHEN 'is_gone' THEN r.is_gone = (c.new = '1')
           ELSE r.values ->> c.field IS NOT DISTINCT FROM c.new END"""
_RESTORABLE = f"""
DROP TABLE IF EXISTS undo_changed;
CREATE TEMP TABLE undo_changed ON COMMIT DROP AS
SELECT r.id, r.row_code, row_number() OVER (ORDER BY r.id)::integer AS row_number,
       bool_and({_AS_LEFT}) AS restorable,
       string_agg(c.field, ',' ORDER BY c.field) FILTER (WHERE NOT {_AS_LEFT}) AS changed,
       max(c.old) FILTER (WHERE c.field = 'source_row') AS old_row,
       bool_or(c.field = 'is_gone') AS gone_changed
FROM records_change c JOIN records_record r ON r.id = c.record_id
WHERE c.campaign_id = %(campaign)s AND c.change_set_id = %(change_set)s AND r.created_in_id <> %(change_set)s
GROUP BY r.id, r.row_code
"""
_LOCK = """
SELECT count(*) FROM (
    SELECT r.id FROM records_record r
    WHERE r.created_in_id = %(change_set)s
       OR r.id IN (SELECT record_id FROM records_change
                   WHERE campaign_id = %(campaign)s AND change_set_id = %(change_set)s)
    ORDER BY r.id FOR UPDATE OF r
) locked
"""
# The reverse of what the file changed, as if a file said so.
_AS_ROWS = """
INSERT INTO import_row (row_number, record_id, source_row_id, outcome)
SELECT row_number, id, coalesce(old_row::bigint, 0), 'changed' FROM undo_changed WHERE restorable;
INSERT INTO import_change (record_id, row_number, field, old, new, taken)
SELECT c.record_id, u.row_number, c.field, c.new, c.old, true
FROM records_change c JOIN undo_changed u ON u.id = c.record_id
WHERE c.campaign_id = %(campaign)s AND c.change_set_id = %(undone)s AND u.restorable
  AND c.field NOT IN ('source_row', 'is_gone');
"""
_WRITE_BACK = """
INSERT INTO records_change (campaign_id, change_set_id, record_id, field, old, new)
SELECT %(campaign)s, %(change_set)s, c.record_id, c.field, c.new, c.old
FROM records_change c JOIN undo_changed u ON u.id = c.record_id
WHERE c.campaign_id = %(campaign)s AND c.change_set_id = %(undone)s AND u.restorable
  AND c.field IN ('source_row', 'is_gone');
UPDATE records_record r SET source_row_id = u.old_row::bigint FROM undo_changed u
WHERE r.id = u.id AND u.restorable AND EXISTS (
    SELECT FROM records_change c WHERE c.campaign_id = %(campaign)s AND c.change_set_id = %(undone)s
                                   AND c.record_id = u.id AND c.field = 'source_row');
UPDATE records_record r SET is_gone = NOT r.is_gone FROM undo_changed u
WHERE r.id = u.id AND u.restorable AND u.gone_changed;
"""
_NEIGHBOURS = """
SELECT r.id, r.personal_number, r.match_name FROM records_record r
WHERE r.id IN (SELECT id FROM undo_created WHERE removable UNION ALL SELECT id FROM undo_changed WHERE restorable)
"""
# That one code stood on two rows was found by this file.
_LIFT_REPEATED = """
UPDATE records_finding f SET status = 'gone', status_at = %(at)s, by_id = %(by)s
FROM records_sourcerow s
WHERE s.source_file_id = %(source_file)s AND f.campaign_id = %(campaign)s AND f.record_id = s.record_id
  AND f.rule = 'record.repeated' AND f.field = 'system_code' AND f.status = 'open' AND f.first_seen_at = %(found_at)s
"""
# Where each stood before the file first moved it.
_MOVED_BY_FILE = """
SELECT DISTINCT ON (s.record_id) s.record_id, s.old FROM records_stagechange s
WHERE s.campaign_id = %(campaign)s AND s.reason = %(reason)s AND s.old <> ''
  AND NOT EXISTS (SELECT FROM records_stagechange later
                  WHERE later.campaign_id = %(campaign)s AND later.record_id = s.record_id AND later.id > s.id
                    AND later.reason <> s.reason)
  AND s.record_id NOT IN (SELECT id FROM undo_changed WHERE NOT restorable)
ORDER BY s.record_id, s.id
"""
_KEPT = """
SELECT row_code, why FROM undo_created WHERE NOT removable
UNION ALL SELECT row_code, ARRAY['changed:' || changed] FROM undo_changed WHERE NOT restorable ORDER BY row_code
"""
# Whatever else in the database points at a record keeps it in the register.
_GOES_WITH_THE_RECORD = {Finding, StageChange, SourceRow, Change, Conflict}
_MOST_NEIGHBOURS = 2000


@transaction.atomic
def undo_import(source_file: SourceFile, *, by: User) -> Undone:
    """Raises WorkRefused `already_undone`, or `unknown_file` for a file that was never applied."""
    check(by, Permission.IMPORT)
    source_file = SourceFile.objects.select_for_update(of=("self",)).get(pk=source_file.pk)
    _check_applied(source_file)
    undone = Undone(0, 0, [])
    with connection.cursor() as cursor:
        staging.lock(cursor, source_file)
        for change_set in _change_sets(source_file):
            undoing = changes.open_change_set(
                source_file.campaign, ChangeKind.UNDO, by=by, reason=f"hoàn tác tệp {source_file.code}",
                source_file=source_file,
            )  # fmt: skip
            ChangeSet.objects.filter(pk=undoing.pk).update(undoes=change_set)
            undone = undone.and_(_undo(cursor, source_file, change_set, undoing))
    source_file.status = FileStatus.UNDONE
    source_file.counts["undone"] = asdict(undone)
    source_file.save(update_fields=["status", "counts"])
    audit.record(
        "import_undone", by=by, campaign=source_file.campaign, target=source_file.code,
        commune_code=source_file.commune.code if source_file.commune else "",
        restored=undone.restored, removed=undone.removed, kept=len(undone.kept),
    )  # fmt: skip
    return undone


def foresee(source_file: SourceFile, *, by: User) -> Undone:
    """What `undo_import` would do now. Raises as it does, and writes nothing."""
    check(by, Permission.IMPORT)
    _check_applied(source_file)
    undone = Undone(0, 0, [])
    with transaction.atomic(), connection.cursor() as cursor:
        for change_set in _change_sets(source_file):
            _find(cursor, _parameters(source_file, change_set))
            cursor.execute("SELECT count(*) FROM undo_created WHERE removable")
            (removed,) = cursor.fetchone()
            undone = undone.and_(_told(cursor, source_file.register, _count_restorable(cursor), removed))
    return undone


def _change_sets(source_file: SourceFile) -> list[ChangeSet]:
    """What was written when the file was applied, and after a second look at some of it; the last one first."""
    written = ChangeSet.objects.filter(
        source_file=source_file, undoes=None, kind__in=[ChangeKind.IMPORT, ChangeKind.LIST]
    )
    return list(written.order_by("-pk"))


def _check_applied(source_file: SourceFile) -> None:
    if source_file.status == FileStatus.UNDONE:
        raise WorkRefused("already_undone", f"Tệp {source_file.code} đã được hoàn tác trước đó.")
    if source_file.status != FileStatus.APPLIED:
        raise WorkRefused("unknown_file", f"Tệp {source_file.code} chưa được áp dụng vào sổ, không có gì để hoàn tác.")


def _undo(cursor: CursorWrapper, source_file: SourceFile, change_set: ChangeSet, undoing: ChangeSet) -> Undone:
    campaign, file = source_file.campaign, _parameters(source_file, change_set)
    cursor.execute(_LOCK, file)
    _find(cursor, file)
    cursor.execute(_NEIGHBOURS)
    touched = cursor.fetchall()
    for statement in _REMOVE:
        cursor.execute(statement)
    removed = cursor.rowcount
    _restore(cursor, source_file, change_set, undoing)
    restored = _count_restorable(cursor)
    merging.judge_rows(cursor, undoing)
    findings.compare_records(
        campaign, by=undoing.by, at=undoing.at, near=_near(touched), old_numbers=[number for _, number, _ in touched],
        old_names=[name for _, _, name in touched],
    )  # fmt: skip
    lifted: dict[str, Any] = {"at": undoing.at, "by": undoing.by_id, "found_at": change_set.at}
    cursor.execute(_LIFT_REPEATED, {**file, **lifted})
    _move_back(cursor, source_file, undoing)
    return _told(cursor, source_file.register, restored, removed)


def _parameters(source_file: SourceFile, change_set: ChangeSet) -> dict[str, Any]:
    return {
        "campaign": source_file.campaign_id, "change_set": change_set.pk, "source_file": source_file.pk,
        "sha256": source_file.sha256,
    }  # fmt: skip


def _find(cursor: CursorWrapper, file: dict[str, Any]) -> None:
    """Makes `undo_created` and `undo_changed`: whom the file made or changed, and who is still as it left them."""
    cursor.execute(_REMOVABLE.format(why=staying.reasons(_what_stands_on_it())), file)
    cursor.execute(_RESTORABLE, file)


def _count_restorable(cursor: CursorWrapper) -> int:
    cursor.execute("SELECT count(*) FROM undo_changed WHERE restorable")
    count: int = cursor.fetchone()[0]
    return count


def _told(cursor: CursorWrapper, register: str, restored: int, removed: int) -> Undone:
    cursor.execute(_KEPT)
    why = {code: staying.in_words(codes, register) for code, codes in cursor.fetchall()}
    return Undone(restored, removed, sorted(why), why)


def _near(touched: list[tuple[int, str, str]]) -> list[int] | None:
    return [pk for pk, _, _ in touched] if len(touched) <= _MOST_NEIGHBOURS else None


def _restore(cursor: CursorWrapper, source_file: SourceFile, change_set: ChangeSet, undoing: ChangeSet) -> None:
    parameters: dict[str, Any] = {
        "campaign": source_file.campaign_id, "change_set": undoing.pk, "undone": change_set.pk,
    }  # fmt: skip
    staging.open_tables(cursor)
    cursor.execute(_AS_ROWS, parameters)
    merging.name_communes(cursor, source_file.campaign)
    rejudge(cursor, reference_for(source_file.campaign, source_file.register))
    cursor.execute(merging.CHANGES, parameters)
    cursor.execute(merging.UPDATE)
    cursor.execute(_WRITE_BACK, parameters)


def _move_back(cursor: CursorWrapper, source_file: SourceFile, undoing: ChangeSet) -> None:
    """Who still stands where the file moved them goes back; who is not clean after all is looked at again."""
    campaign, reason = source_file.campaign, f"hoàn tác tệp {source_file.code}"
    cursor.execute(_MOVED_BY_FILE, {"campaign": campaign.pk, "reason": merging.reason_of(source_file)})
    moved: dict[str, list[int]] = {}
    for pk, old in cursor.fetchall():
        moved.setdefault(old, []).append(pk)
    for old, ids in moved.items():
        if old == Stage.UPLOADED:  # there is no other way to it
            stages.move(campaign, ids, Stage.CLEANED, by=undoing.by, reason=reason, at=undoing.at)
        stages.move(campaign, ids, old, by=undoing.by, reason=reason, at=undoing.at)
    stages.reopen_unclean(campaign, by=undoing.by, reason=reason)


def _what_stands_on_it() -> dict[str, tuple[str, str]]:
    """Every model that refers to records and does not go with them: its table and column."""
    return {
        relation.related_model._meta.label_lower: (relation.related_model._meta.db_table, str(relation.field.column))
        for relation in Record._meta.related_objects
        if relation.related_model not in _GOES_WITH_THE_RECORD
    }
