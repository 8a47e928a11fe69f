"""What a file would change: three-way, set-based, without writing to the register.

base = what the ministry's file said last (the row that the record points to), ours = the record, theirs = the new row.
A field is taken when theirs differs from base and ours is still base. What people corrected is never overwritten: where
both changed, and differently, ours stays. A column that the new file does not have says nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.backends.utils import CursorWrapper

from campaigns.models import Campaign

_SAYS_SOMETHING_NEW = """
UPDATE import_row m
SET outcome = CASE WHEN coalesce(b.values, '{}') @> s.values THEN 'unchanged' ELSE 'changed' END
FROM import_stage s, records_record r LEFT JOIN records_sourcerow b ON b.id = r.source_row_id
WHERE s.row_number = m.row_number AND r.id = m.record_id AND m.outcome IS NULL
"""
# Until the end of the transaction nobody may change what is about to be compared.
_LOCK = """
SELECT count(*) FROM (
    SELECT r.id FROM records_record r JOIN import_row m ON m.record_id = r.id
    WHERE m.outcome = 'changed' ORDER BY r.id FOR NO KEY UPDATE OF r
) locked
"""
# Our own files have a column for every field: an empty cell of one that the record never had says nothing.
_FIELDS = """
INSERT INTO import_change (record_id, row_number, field, old, new, taken, base)
SELECT r.id, m.row_number, theirs.key, r.values ->> theirs.key, theirs.value,
       NOT r.values ? theirs.key OR r.values ->> theirs.key = coalesce(b.values ->> theirs.key, ''),
       b.values ->> theirs.key
FROM import_row m
JOIN import_stage s USING (row_number)
JOIN records_record r ON r.id = m.record_id
LEFT JOIN records_sourcerow b ON b.id = r.source_row_id
CROSS JOIN LATERAL jsonb_each_text(s.values) theirs
WHERE m.outcome = 'changed' AND theirs.value IS DISTINCT FROM b.values ->> theirs.key
  AND theirs.value IS DISTINCT FROM r.values ->> theirs.key
  AND NOT (%(own)s AND theirs.value = '' AND NOT r.values ? theirs.key)
"""
# A file of ours is no word of the ministry: it only brings corrections, and the base stays what it was.
_OWN_UNCHANGED = """
UPDATE import_row m SET outcome = 'unchanged'
WHERE m.outcome = 'changed' AND NOT EXISTS (SELECT FROM import_change c WHERE c.record_id = m.record_id AND c.taken)
"""

_COUNTS = """
SELECT count(*), count(*) FILTER (WHERE outcome = 'created'), count(*) FILTER (WHERE outcome = 'changed'),
       count(*) FILTER (WHERE outcome = 'unchanged'),
       count(*) FILTER (WHERE outcome IN ('held', 'unplaced', 'again')),
       (SELECT count(*) FROM import_change WHERE NOT taken), count(*) FILTER (WHERE outcome = 'unplaced'),
       count(*) FILTER (WHERE outcome = 'again')
FROM import_row
"""
# Gone: in the register under the ministry's code, in the file's scope, and not in the file; nor may a row that could
# not be placed be about them.
GONE = """
    r.campaign_id = %(campaign)s AND r.register = %(register)s AND r.system_code <> '' AND NOT r.is_gone
    AND r.stage <> 'excluded' AND (%(commune)s::bigint IS NULL OR r.commune_id = %(commune)s)
    AND NOT EXISTS (SELECT FROM import_row m WHERE m.record_id = r.id)
    AND NOT EXISTS (SELECT FROM import_candidate c WHERE c.record_id = r.id)
"""
_EXAMPLES = """
SELECT c.row_number, s.full_name, c.field, c.old, c.new, c.taken, c.base
FROM import_change c JOIN import_stage s USING (row_number)
ORDER BY c.taken, c.row_number, c.field LIMIT %(most)s
"""
_NEW_EXAMPLES = """
SELECT s.row_number, s.full_name FROM import_stage s JOIN import_row m USING (row_number)
WHERE m.outcome = 'created' ORDER BY s.row_number LIMIT %(most)s
"""
_HELD = """
SELECT s.row_number, s.system_code, s.full_name FROM import_stage s JOIN import_row m USING (row_number)
WHERE m.outcome = 'held' ORDER BY s.row_number LIMIT %(most)s
"""
_UNPLACED = """
SELECT s.row_number, s.full_name, array_agg(r.row_code ORDER BY r.id)
FROM import_candidate c JOIN import_stage s USING (row_number) JOIN records_record r ON r.id = c.record_id
GROUP BY s.row_number, s.full_name ORDER BY s.row_number LIMIT %(most)s
"""
_GONE_EXAMPLES = f"SELECT r.row_code, r.full_name FROM records_record r WHERE {GONE} ORDER BY r.id LIMIT %(most)s"
_MOST_EXAMPLES = 50


@dataclass(frozen=True)
class Scope:
    """Of whom the file speaks: `extract` files say nothing about who is gone, `own` ones are of our making, and among
    these `corrected` is the sheet of rows to correct; `rest`: only the rows that waited for a second look."""

    campaign: Campaign
    register: str
    commune_id: int | None
    extract: bool
    own: bool
    corrected: bool = False
    rest: bool = False

    def parameters(self) -> dict[str, Any]:
        return {"campaign": self.campaign.pk, "register": self.register, "commune": self.commune_id}


@dataclass
class Difference:
    """Counts of rows (`conflicts` of fields, `gone` of records), and some of them to look at. `skipped`: rows that wait
    for a person: `unplaced` may be one of several people, `again` would do something else than the preview said."""

    rows: int
    created: int
    changed: int
    unchanged: int
    skipped: int
    conflicts: int
    gone: int
    examples: dict[str, list[list[Any]]] = field(default_factory=dict)
    unplaced: int = 0
    again: int = 0

    @property
    def repeated(self) -> int:
        """Rows whose code stands on an earlier row."""
        return self.skipped - self.unplaced - self.again

    def followed_by(self, rest: Difference) -> Difference:
        """With the rows that had waited for a second look."""
        return Difference(
            rows=self.rows, created=self.created + rest.created, changed=self.changed + rest.changed,
            unchanged=self.unchanged + rest.unchanged, skipped=self.skipped - self.again + rest.skipped,
            conflicts=self.conflicts + rest.conflicts, gone=self.gone, unplaced=self.unplaced + rest.unplaced,
            again=rest.again, examples=self.examples | {"again": rest.examples["again"]},
        )  # fmt: skip


def compare(cursor: CursorWrapper, scope: Scope) -> None:
    """Fills `import_change` and the outcomes of `import_row`; locks the records that the file would change."""
    cursor.execute(_SAYS_SOMETHING_NEW)
    cursor.execute(_LOCK)
    cursor.execute(_FIELDS, {"own": scope.own})
    cursor.execute("ANALYZE import_row, import_change")
    if scope.own:
        cursor.execute(_OWN_UNCHANGED)


def difference_of(cursor: CursorWrapper, scope: Scope) -> Difference:
    """What was compared, counted, with examples."""
    cursor.execute(_COUNTS)
    rows, created, changed, unchanged, held, conflicts, unplaced, again = cursor.fetchone()
    gone = 0
    if not scope.extract:
        cursor.execute(f"SELECT count(*) FROM records_record r WHERE {GONE}", scope.parameters())
        (gone,) = cursor.fetchone()
    examples = _examples(cursor, scope)
    return Difference(rows, created, changed, unchanged, held, conflicts, gone, examples, unplaced, again)


def _examples(cursor: CursorWrapper, scope: Scope) -> dict[str, list[list[Any]]]:
    queries = {"changed": _EXAMPLES, "created": _NEW_EXAMPLES, "held": _HELD, "unplaced": _UNPLACED}
    if not scope.extract:
        queries["gone"] = _GONE_EXAMPLES
    found = {}
    for name, query in queries.items():
        cursor.execute(query, {**scope.parameters(), "most": _MOST_EXAMPLES})
        found[name] = [list(row) for row in cursor.fetchall()]
    return found
