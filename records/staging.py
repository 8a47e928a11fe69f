"""The rows of one file in a temporary table: what the reading process judged, before anything is compared."""

from __future__ import annotations

from typing import Protocol

from django.db import connection
from django.db.backends.utils import CursorWrapper

from campaigns.jobs import Report
from records import statistics
from records.models import SourceFile
from records.reading.stage_lines import STAGE_COLUMNS

_TYPES = {
    "row_number": "integer", "cells": "jsonb", "values": "jsonb", "in_scope": "boolean", "findings": "jsonb",
    "birth_date": "date", "birth_year": "smallint", "care_support": "boolean",
}  # fmt: skip

# import_row: which record a row is about and what becomes of it (outcome: created, changed, unchanged, held, unplaced,
# or again: it waits for a second look).
# import_candidate: whom an unplaced row may be about.
# import_change: fields in which a row says something new; `base` is what the file before said, `taken` false where
# people's own value stays.
_OPEN = f"""
DROP TABLE IF EXISTS import_stage, import_row, import_change, import_candidate;
CREATE TEMP TABLE import_stage ({", ".join(f"{c} {_TYPES.get(c, 'text')}" for c in STAGE_COLUMNS)}) ON COMMIT DROP;
CREATE TEMP TABLE import_row (
    row_number integer PRIMARY KEY, record_id bigint, source_row_id bigint NOT NULL, outcome text
) ON COMMIT DROP;
CREATE TEMP TABLE import_change (
    record_id bigint NOT NULL, row_number integer NOT NULL, field text NOT NULL, old text, new text,
    taken boolean NOT NULL, base text
) ON COMMIT DROP;
CREATE TEMP TABLE import_candidate (row_number integer NOT NULL, record_id bigint NOT NULL) ON COMMIT DROP;
"""
_COPY = f"COPY import_stage ({', '.join(STAGE_COLUMNS)}) FROM STDIN"
_COMPARED = ("row_number", "system_code", "match_name", "personal_number", "commune_code")
_CHUNK = 1 << 18
_REPORT_EVERY = 2000  # rows


class Stream(Protocol):
    def read(self, size: int) -> bytes: ...


class _Counted:
    """Passes the stream on to COPY and says how many rows went by."""

    def __init__(self, stream: Stream, report: Report) -> None:
        self.stream = stream
        self.report = report
        self.rows = self.reported = 0

    def read(self, size: int) -> bytes:
        chunk = self.stream.read(size)
        self.rows += chunk.count(b"\n")
        if self.rows - self.reported >= _REPORT_EVERY:
            self.reported = self.rows
            self.report("đọc tệp", self.rows, 0)
        return chunk


def lock(cursor: CursorWrapper, source_file: SourceFile) -> None:
    """Until the transaction ends, no other file of this register is compared or undone: the next one waits."""
    cursor.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{source_file.campaign_id} {source_file.register}"]
    )


def open_tables(cursor: CursorWrapper) -> None:
    # Compiling costs more than these queries run; with this memory the joins of a district never go to disk.
    cursor.execute("SET LOCAL jit = off; SET LOCAL work_mem = '64MB'")
    cursor.execute(_OPEN)


def load(cursor: CursorWrapper, stream: Stream, report: Report) -> int:
    """Opens the temporary tables and pipes the reading process's rows into them; returns how many there are."""
    open_tables(cursor)
    counted = _Counted(stream, report)
    with connection.wrap_database_errors:  # copy_expert is psycopg2's own
        cursor.copy_expert(_COPY, counted, _CHUNK)
    cursor.execute("CREATE UNIQUE INDEX ON import_stage (row_number)")
    statistics.look_at(cursor, f"import_stage ({', '.join(_COMPARED)})")
    return counted.rows
