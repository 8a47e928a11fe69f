"""What changed between the preview of a file and its applying waits for a second look; all the rest is applied.

A preview remembers which rows would make somebody new, which would change whom, and who would be gone. A row that would
now do something else, because other people or another file were there meanwhile, is left out (`again`), listed beside
what the register holds by now, and applied when somebody has looked."""

from __future__ import annotations

from typing import Any

from django.db.backends.utils import CursorWrapper

from records.comparing import GONE, Scope
from records.models import Foreseen, SourceFile

_SEEN = """
SELECT CASE WHEN bool_and(outcome = 'created') THEN NULL
            ELSE coalesce(array_agg(row_number) FILTER (WHERE {new}), '{{}}') END FROM import_row
"""
_CHANGED = """
SELECT coalesce(array_agg(m.row_number ORDER BY m.row_number), '{}'),
       coalesce(array_agg(r.id ORDER BY m.row_number), '{}'),
       coalesce(array_agg(r.version ORDER BY m.row_number), '{}')
FROM import_row m JOIN records_record r ON r.id = m.record_id WHERE m.outcome = %(outcome)s
"""
_GONE = f"SELECT coalesce(array_agg(r.id), '{{}}') FROM records_record r WHERE {GONE}"
_SEEN_ROWS = """
DROP TABLE IF EXISTS import_seen;
CREATE TEMP TABLE import_seen (row_number integer PRIMARY KEY, record_id bigint, version integer) ON COMMIT DROP;
INSERT INTO import_seen
SELECT seen.* FROM records_foreseen f, unnest(f.rows, f.records, f.versions) seen
WHERE f.source_file_id = %(source_file)s;
ANALYZE import_seen;
"""
_HOLD_CHANGED = """
UPDATE import_row m SET outcome = 'again' FROM records_record r
WHERE r.id = m.record_id AND m.outcome = 'changed' AND NOT EXISTS (
    SELECT FROM import_seen s
    WHERE s.row_number = m.row_number AND s.record_id = m.record_id AND s.version = r.version)
"""
_HOLD_CREATED = """
UPDATE import_row m SET outcome = 'again', record_id = NULL
FROM records_foreseen f
WHERE f.source_file_id = %(source_file)s AND f.created IS NOT NULL AND m.outcome = 'created'
  AND m.row_number NOT IN (SELECT unnest(created) FROM records_foreseen WHERE source_file_id = %(source_file)s)
"""
# Nobody is gone whom the preview did not show: they stand among those whom the file may be about, of row 0.
_NOT_SEEN_GONE = f"""
INSERT INTO import_candidate
SELECT 0, r.id FROM records_record r
WHERE {GONE} AND r.id NOT IN (SELECT unnest(gone) FROM records_foreseen WHERE source_file_id = %(source_file)s)
"""
_WAITING = """
SELECT m.row_number, s.full_name, r.row_code, c.field, c.base, c.old, c.new
FROM import_row m JOIN import_stage s USING (row_number)
LEFT JOIN import_change c USING (row_number) LEFT JOIN records_record r ON r.id = m.record_id
WHERE m.outcome = 'again' ORDER BY m.row_number, c.field LIMIT %(most)s
"""
_NOTHING_OF_THEM = """
DELETE FROM import_change WHERE row_number IN (SELECT row_number FROM import_row WHERE outcome = 'again')
"""
_ONLY_WHAT_WAITS = """
DELETE FROM import_row WHERE row_number NOT IN (
    SELECT row_number FROM records_sourcerow
    WHERE campaign_id = %(campaign)s AND source_file_id = %(source_file)s AND outcome = 'again');
DELETE FROM import_stage WHERE row_number NOT IN (SELECT row_number FROM import_row);
DELETE FROM import_candidate WHERE row_number NOT IN (SELECT row_number FROM import_row);
"""
MOST_SHOWN = 200


def remember(cursor: CursorWrapper, scope: Scope, *, again: bool) -> dict[str, Any]:
    """What is compared, before it is written: the values of a Foreseen. `again`: of the rows that wait for a second
    look, else of all."""
    cursor.execute(_SEEN.format(new="outcome = 'again' AND record_id IS NULL" if again else "outcome = 'created'"))
    (created,) = cursor.fetchone()
    cursor.execute(_CHANGED, {"outcome": "again" if again else "changed"})
    rows, records, versions = cursor.fetchone()
    gone: list[int] = []
    if not scope.extract and not again:
        cursor.execute(_GONE, scope.parameters())
        (gone,) = cursor.fetchone()
    return {"created": created, "rows": rows, "records": records, "versions": versions, "gone": gone}


def keep(source_file: SourceFile, seen: dict[str, Any]) -> None:
    """Instead of what was kept before; nothing where there is nothing more to look at."""
    Foreseen.objects.filter(source_file=source_file).delete()
    if seen:
        Foreseen.objects.create(source_file=source_file, **seen)


def hold(cursor: CursorWrapper, scope: Scope, source_file: SourceFile) -> list[list[Any]]:
    """Leaves out the rows that would do something that nobody has seen, and returns some of what they would do: row,
    name, row code, field, what the file before said, what the register holds, what the file says. A file that was never
    looked at is applied whole."""
    if not Foreseen.objects.filter(source_file=source_file).exists():
        return []
    parameters = {**scope.parameters(), "source_file": source_file.pk, "most": MOST_SHOWN}
    cursor.execute(_SEEN_ROWS, parameters)
    cursor.execute(_HOLD_CHANGED)
    cursor.execute(_HOLD_CREATED, parameters)
    cursor.execute(_WAITING, parameters)
    waiting = [list(row) for row in cursor.fetchall()]
    if waiting:
        cursor.execute(_NOTHING_OF_THEM)
    if not scope.extract:
        cursor.execute(_NOT_SEEN_GONE, parameters)
    return waiting


def only_what_waits(cursor: CursorWrapper, source_file: SourceFile) -> None:
    cursor.execute(_ONLY_WHAT_WAITS, {"campaign": source_file.campaign_id, "source_file": source_file.pk})
