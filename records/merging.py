"""A compared file written into the register: the import's own way through the one door, set-based.

It writes the same rows as `changes.apply`: records, changes, findings, moves between stages."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.backends.utils import CursorWrapper

from campaigns.models import Campaign, Commune
from records import findings, row_codes, standing, statistics
from records.changes import FOLLOWING
from records.comparing import GONE, Difference, Scope
from records.models import ChangeSet, SourceFile
from records.reading.reference import Reference
from records.rejudging import rejudge

_SOURCE_ROWS = """
INSERT INTO records_sourcerow (id, campaign_id, source_file_id, row_number, cells, values, record_id, outcome, alike)
SELECT m.source_row_id, %(campaign)s, %(source_file)s, s.row_number, s.cells, coalesce(b.values, '{}') || s.values,
       m.record_id, m.outcome,
       CASE WHEN m.outcome = 'unplaced' THEN (
           SELECT jsonb_agg(a.row_code ORDER BY a.id)
           FROM import_candidate c JOIN records_record a ON a.id = c.record_id WHERE c.row_number = s.row_number) END
FROM import_stage s JOIN import_row m USING (row_number)
LEFT JOIN records_record r ON r.id = m.record_id
LEFT JOIN records_sourcerow b ON b.id = r.source_row_id
"""
_WAITED = "DELETE FROM records_sourcerow WHERE source_file_id = %(source_file)s AND outcome = 'again'"
COMMUNES = """
DROP TABLE IF EXISTS import_commune;
CREATE TEMP TABLE import_commune (code text PRIMARY KEY, id bigint NOT NULL) ON COMMIT DROP;
INSERT INTO import_commune SELECT * FROM unnest(%(codes)s::text[], %(ids)s::bigint[]);
"""
CHANGES = """
INSERT INTO records_change (campaign_id, change_set_id, record_id, field, old, new)
SELECT %(campaign)s, %(change_set)s, record_id, field, old, new FROM import_change WHERE taken
ORDER BY row_number, field
"""
_CONFLICTS = """
INSERT INTO records_conflict (campaign_id, source_file_id, record_id, row_number, field, base, ours, theirs, decision)
SELECT %(campaign)s, %(source_file)s, record_id, row_number, field, base, old, new, ''
FROM import_change WHERE NOT taken
ON CONFLICT DO NOTHING
"""
POINTER_CHANGES = """
INSERT INTO records_change (campaign_id, change_set_id, record_id, field, old, new)
SELECT %(campaign)s, %(change_set)s, r.id, 'source_row', r.source_row_id::text, m.source_row_id::text
FROM import_row m JOIN records_record r ON r.id = m.record_id WHERE m.outcome = 'changed'
ORDER BY m.row_number
"""
MOVE_POINTERS = """
UPDATE records_record r SET source_row_id = m.source_row_id
FROM import_row m WHERE r.id = m.record_id AND m.outcome = 'changed'
"""
UPDATE = """
UPDATE records_record r
SET values = s.values, commune_id = c.id, in_scope = s.in_scope, version = r.version + 1, {columns}
FROM import_row m JOIN import_stage s USING (row_number) LEFT JOIN import_commune c ON c.code = s.commune_code
WHERE r.id = m.record_id AND m.outcome = 'changed'
  AND EXISTS (SELECT FROM import_change t WHERE t.row_number = m.row_number AND t.taken)
""".format(columns=", ".join(f"{column} = s.{column}" for column in FOLLOWING))
_INSERT = """
INSERT INTO records_record (
    id, campaign_id, register, row_code, values, commune_id, in_scope, stage, stage_at, is_gone, is_new, ask_police,
    version, source_row_id, created_in_id, created_at, {columns})
SELECT m.record_id, %(campaign)s, %(register)s, codes.row_code, s.values, c.id, s.in_scope,
       CASE WHEN s.findings @? 'strict $[*] ? (@[2] == "error" || @[2] == "warning")'
            THEN 'to_review' ELSE 'cleaned' END,
       %(at)s, false, false, false, 1, m.source_row_id, %(change_set)s, %(at)s, {stage_columns}
FROM (SELECT row_number, record_id, source_row_id, row_number() OVER (ORDER BY row_number) AS nth
      FROM import_row WHERE outcome = 'created') m
JOIN import_stage s USING (row_number)
JOIN unnest(%(row_codes)s::text[]) WITH ORDINALITY codes (row_code, nth) ON codes.nth = m.nth
LEFT JOIN import_commune c ON c.code = s.commune_code
ORDER BY m.row_number
""".format(columns=", ".join(FOLLOWING), stage_columns=", ".join(f"s.{column}" for column in FOLLOWING))
_MARK_GONE = f"""
WITH gone AS (
    UPDATE records_record r SET is_gone = true WHERE {GONE} RETURNING r.id
), written AS (
    INSERT INTO records_change (campaign_id, change_set_id, record_id, field, old, new)
    SELECT %(campaign)s, %(change_set)s, id, 'is_gone', '', '1' FROM gone
)
SELECT id FROM gone
"""
_BACK_AGAIN = """
WITH back AS (
    UPDATE records_record r SET is_gone = false FROM import_row m WHERE r.id = m.record_id AND r.is_gone RETURNING r.id
), written AS (
    INSERT INTO records_change (campaign_id, change_set_id, record_id, field, old, new)
    SELECT %(campaign)s, %(change_set)s, id, 'is_gone', '1', '' FROM back
)
SELECT id FROM back
"""

# created, or changed in a value: whose findings are judged anew
_JUDGED_ROWS = """
    FROM import_row m JOIN import_stage s USING (row_number)
    WHERE m.outcome = 'created'
       OR m.outcome = 'changed' AND EXISTS (SELECT FROM import_change t WHERE t.row_number = m.row_number AND t.taken)
"""
_JUDGED = f"INSERT INTO judged SELECT m.record_id {_JUDGED_ROWS}"
_JUDGED_FINDINGS = f"""
INSERT INTO judged_finding (record_id, rule, field, severity, grp, value, suggestion, touched)
SELECT j.record_id, f ->> 0, f ->> 1, f ->> 2, (f ->> 3)::smallint, f ->> 4, f ->> 5,
       j.outcome = 'created' OR EXISTS (SELECT FROM import_change t WHERE t.row_number = j.row_number AND t.taken
                                                                      AND t.field = f ->> 1)
FROM (SELECT m.record_id, m.outcome, m.row_number, s.findings {_JUDGED_ROWS}) j
CROSS JOIN LATERAL jsonb_array_elements(j.findings) f
"""
_OLD_KEYS = """
SELECT DISTINCT r.personal_number, r.match_name FROM import_row m JOIN records_record r ON r.id = m.record_id
WHERE m.outcome = 'changed'
"""
_REPEATED = """
INSERT INTO judged_finding (record_id, rule, field, severity, grp, value, suggestion)
SELECT max(m.record_id), 'record.repeated', 'system_code', 'error', 3,
       'dòng ' || string_agg(m.row_number::text, ', ' ORDER BY m.row_number), ''
FROM import_stage s JOIN import_row m USING (row_number)
WHERE s.system_code IN (SELECT h.system_code FROM import_stage h JOIN import_row held USING (row_number)
                        WHERE held.outcome = 'held')
GROUP BY s.system_code
"""
MINE_REPEATED = "f.rule = 'record.repeated' AND f.field = 'system_code'"

_NEAR = """
SELECT m.record_id FROM import_row m
WHERE m.outcome = 'created' OR EXISTS (SELECT FROM import_change t WHERE t.row_number = m.row_number AND t.taken)
"""
_FINDING_COUNTS = """
SELECT rule, count(*) FROM records_finding f
WHERE f.campaign_id = %(campaign)s AND f.status = 'open'
  AND (f.record_id = ANY(%(gone)s) OR f.record_id IN (SELECT record_id FROM import_row WHERE record_id IS NOT NULL))
GROUP BY rule ORDER BY rule
"""
_NEARBY_ENOUGH = 2000  # records; beyond, comparing everybody with everybody is quicker than one neighbourhood each


@dataclass(frozen=True)
class Merge:
    """One file on its way into the register. `for_good` is false for a preview: what only history and provenance
    need is left out, and the caller rolls everything back."""

    scope: Scope
    source_file: SourceFile
    change_set: ChangeSet
    reference: Reference
    for_good: bool

    @property
    def at(self) -> datetime.datetime:
        return self.change_set.at

    def parameters(self) -> dict[str, Any]:
        return {
            **self.scope.parameters(), "source_file": self.source_file.pk, "change_set": self.change_set.pk,
            "at": self.at, "by": self.change_set.by_id, "reason": reason_of(self.source_file),
        }  # fmt: skip


def reason_of(source_file: SourceFile) -> str:
    """Why a record moved; by it an undo finds the moves of the file again."""
    return f"nhập {source_file.code}"


def merge(cursor: CursorWrapper, merge: Merge, difference: Difference) -> dict[str, int]:
    """Writes the compared file; returns the open findings of the people it speaks of, by rule."""
    if merge.for_good:
        if merge.scope.rest:
            cursor.execute(_WAITED, merge.parameters())
        cursor.execute(_SOURCE_ROWS, merge.parameters())
    cursor.execute(_OLD_KEYS)
    old_keys = cursor.fetchall()
    name_communes(cursor, merge.scope.campaign)
    gone, back = _mark_gone(cursor, merge)
    rejudge(cursor, merge.reference)
    _write_values(cursor, merge, difference.created)
    judge_rows(cursor, merge.change_set)
    _compare(cursor, merge, old_keys, [*gone, *back])
    _judge_repeated(cursor, merge)
    if merge.for_good:
        standing.settle(
            cursor, merge.scope.campaign, merge.parameters(), by=merge.change_set.by, at=merge.at,
            reason=reason_of(merge.source_file),
        )  # fmt: skip
    if merge.for_good and difference.rows >= statistics.MANY:
        statistics.look_again(cursor, "records_sourcerow", "records_change", "records_stagechange")
    cursor.execute(_FINDING_COUNTS, {**merge.parameters(), "gone": gone})
    return dict(cursor.fetchall())


def name_communes(cursor: CursorWrapper, campaign: Campaign) -> None:
    """`import_commune`: the campaign's communes by code."""
    communes = list(Commune.objects.in_campaign(campaign).values_list("code", "pk"))
    cursor.execute(COMMUNES, {"codes": [code for code, _ in communes], "ids": [pk for _, pk in communes]})


def _write_values(cursor: CursorWrapper, merge: Merge, new: int) -> None:
    parameters = merge.parameters()
    if merge.for_good:
        cursor.execute(CHANGES, parameters)
        cursor.execute(_CONFLICTS, parameters)
        if not merge.scope.own:
            cursor.execute(POINTER_CHANGES, parameters)
    cursor.execute(UPDATE)
    if merge.for_good and not merge.scope.own:
        cursor.execute(MOVE_POINTERS)
    codes = row_codes.take(merge.scope.campaign, new) if merge.for_good else [f"~{n}" for n in range(new)]
    cursor.execute(_INSERT, {**parameters, "row_codes": codes})


def judge_rows(cursor: CursorWrapper, change_set: ChangeSet) -> None:
    """Makes the findings of created and changed records agree with what the rows' rules said."""
    findings.open_tables(cursor)
    cursor.execute(_JUDGED)
    cursor.execute(_JUDGED_FINDINGS)
    cursor.execute("ANALYZE judged, judged_finding")
    findings.sync(cursor, change_set.campaign, by=change_set.by, at=change_set.at, fixed=False)


def _mark_gone(cursor: CursorWrapper, merge: Merge) -> tuple[list[int], list[int]]:
    """Ids of those who are gone with this file, and of those who came back."""
    cursor.execute(_BACK_AGAIN, merge.parameters())
    back = [pk for (pk,) in cursor.fetchall()]
    if merge.scope.extract:
        return [], back
    cursor.execute(_MARK_GONE, merge.parameters())
    return [pk for (pk,) in cursor.fetchall()], back


def _compare(cursor: CursorWrapper, merge: Merge, old_keys: list[tuple[str, str]], others: list[int]) -> None:
    cursor.execute(_NEAR)
    near = [*(pk for (pk,) in cursor.fetchall()), *others]
    everybody = len(near) > _NEARBY_ENOUGH
    findings.compare_records(
        merge.scope.campaign, by=merge.change_set.by, at=merge.at, near=None if everybody else near,
        old_numbers=[number for number, _ in old_keys], old_names=[name for _, name in old_keys],
    )  # fmt: skip


def _judge_repeated(cursor: CursorWrapper, merge: Merge) -> None:
    """One code on two rows of the file: found on the record that the first made, lifted when a later export, or the
    sheet of rows to correct as it comes back, has the code on one row only."""
    if merge.scope.rest or (merge.scope.own and not merge.scope.corrected):
        return
    findings.open_tables(cursor)
    cursor.execute("INSERT INTO judged SELECT record_id FROM import_row WHERE record_id IS NOT NULL")
    cursor.execute(_REPEATED)
    findings.sync(
        cursor, merge.scope.campaign, by=merge.change_set.by, at=merge.at, fixed=merge.scope.corrected,
        mine=MINE_REPEATED,
    )  # fmt: skip
