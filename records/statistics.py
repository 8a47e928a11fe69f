"""What the planner is told within a transaction that has just written many rows.

Until somebody looks, PostgreSQL plans with what it knew before: of a table that an autoanalyze found empty, or full of
a preview's dead rows, that nothing is in it. Each join over it is then a loop over all of it for each of its rows, and
what takes seconds takes an hour. Nobody else sees the rows before the commit, so the transaction looks for itself."""

from __future__ import annotations

from django.db.backends.utils import CursorWrapper

# Columns by which records are found and joined; what else there is, PostgreSQL looks at in its own time.
_COLUMNS = {
    "records_record": "campaign_id, register, match_name, birth_year, personal_number, system_code, commune_id, stage, "
    "is_gone, in_scope",
    "records_finding": "campaign_id, record_id, rule, status, severity",
    "records_sourcerow": "campaign_id, source_file_id, record_id, outcome",
    "records_change": "campaign_id, change_set_id, record_id, field",
    "records_stagechange": "campaign_id, record_id, reason",
}
# A hundredth of a second for a sample of 3,000 rows; the usual one of 30,000 takes a tenth and plans no better.
_SAMPLE = 10
MANY = 1000  # rows; for fewer, looking costs more than a bad plan


def look_again(cursor: CursorWrapper, *tables: str) -> None:
    """Until the transaction ends, another one that looks at the same tables waits."""
    look_at(cursor, *(f"{table} ({_COLUMNS[table]})" for table in tables))


def look_at(cursor: CursorWrapper, *tables: str) -> None:
    """Tables with their columns, as ANALYZE takes them."""
    cursor.execute("SELECT current_setting('default_statistics_target')")
    (usual,) = cursor.fetchone()
    cursor.execute(f"SET LOCAL default_statistics_target = {_SAMPLE}")
    cursor.execute(f"ANALYZE {', '.join(tables)}")
    cursor.execute("SET LOCAL default_statistics_target = %s", [usual])
