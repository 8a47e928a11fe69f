"""Rows judged a second time in this process: where the values that will stand are not those of one row of a file."""

from __future__ import annotations

import json

from django.db.backends.utils import CursorWrapper
from psycopg2.extras import Json, execute_values

from records.reading.checks import TYPED_COLUMNS, judge
from records.reading.reference import Reference

# What will stand: ours with the taken fields of theirs; a field without a new value goes away.
_TO_JUDGE = """
SELECT m.row_number, jsonb_strip_nulls(r.values || t.values) FROM import_row m
JOIN records_record r ON r.id = m.record_id
JOIN (SELECT row_number, jsonb_object_agg(field, new) AS values FROM import_change WHERE taken GROUP BY row_number) t
     USING (row_number)
LEFT JOIN import_stage s USING (row_number)
WHERE m.row_number > %(after)s AND jsonb_strip_nulls(r.values || t.values) IS DISTINCT FROM s.values
ORDER BY m.row_number LIMIT %(most)s
"""
_COLUMNS = ("row_number", "values", "in_scope", "findings", *TYPED_COLUMNS)
_EMPTY_IS_NULL = frozenset({"birth_date", "birth_year"})
_CHUNK = 2000  # rows in memory at once


def rejudge(cursor: CursorWrapper, reference: Reference) -> int:
    """Puts what will stand in place of the row in `import_stage`; returns how many rows were judged."""
    after = done = 0
    while True:
        cursor.execute(_TO_JUDGE, {"after": after, "most": _CHUNK})
        rows = cursor.fetchall()
        if not rows:
            return done
        numbers = [number for number, _ in rows]
        cursor.execute("DELETE FROM import_stage WHERE row_number = ANY(%s)", [numbers])
        judged = [_stage_row(number, json.loads(values), reference) for number, values in rows]
        execute_values(
            cursor.cursor, f"INSERT INTO import_stage ({', '.join(_COLUMNS)}) VALUES %s", judged,
            template=f"({', '.join(_PLACES.get(c, '%s') for c in _COLUMNS)})", page_size=500,
        )  # fmt: skip
        after = numbers[-1]
        done += len(rows)


_PLACES = {"birth_date": "%s::date", "birth_year": "%s::smallint"}


def _stage_row(number: int, values: dict[str, str], reference: Reference) -> tuple[object, ...]:
    judged = judge(values, reference)
    findings = [[f.rule, f.field, f.severity, f.group, f.value, f.suggestion] for f in judged.findings]
    typed = (judged.typed[c] or None if c in _EMPTY_IS_NULL else judged.typed[c] for c in TYPED_COLUMNS)
    return number, Json(judged.values), judged.in_scope, Json(findings), *typed
