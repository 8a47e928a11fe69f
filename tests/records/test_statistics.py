"""What the planner believes of the large tables right after a large file, in the file's own transaction."""

from __future__ import annotations

import json

from django.db import connection

from campaigns.models import User
from records import imports, statistics
from records.models import Finding, Record, SourceRow
from tests.records.conftest import Receive
from tests.records.export_files import child

ROWS = statistics.MANY
LARGE = (Record, SourceRow, Finding)


def rows_expected(model: type[Record | SourceRow | Finding]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) SELECT FROM {model._meta.db_table}")
        (plan,) = cursor.fetchone()
    plan = json.loads(plan) if isinstance(plan, str) else plan
    expected: int = plan[0]["Plan"]["Plan Rows"]
    return expected


def test_the_planner_is_told_of_a_large_file(receive: Receive, system: User) -> None:
    """A preview leaves its pages behind, and whoever looks at them finds no row in them."""
    rows = [child(n, sex="") for n in range(ROWS)]
    imports.compare(receive(rows), by=system)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(model._meta.db_table for model in LARGE)}")
    assert rows_expected(Record) == 1
    imports.apply(receive(rows), by=system, anyway="thử")
    for model in LARGE:
        assert abs(rows_expected(model) / model.objects.count() - 1) < 0.2, model


def test_a_large_sample_is_drawn_for_nobody_else(receive: Receive, system: User) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW default_statistics_target")
        usual = cursor.fetchone()
        statistics.look_again(cursor, "records_record")
        cursor.execute("SHOW default_statistics_target")
        assert cursor.fetchone() == usual
