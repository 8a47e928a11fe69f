"""Work done now, dated as if it had been done then: what makes the demo's two weeks of history.

Everything stamped since the block began is given the past moment. The audit trail cannot be changed, and says honestly
when the demo was made."""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Iterator

from django.db import connection, transaction
from django.utils import timezone

STAMPS = (
    ("records_changeset", "at"),
    ("records_stagechange", "at"),
    ("records_record", "created_at"),
    ("records_record", "stage_at"),
    ("records_finding", "first_seen_at"),
    ("records_finding", "status_at"),
    ("records_sourcefile", "at"),
    ("records_sourcefile", "applied_at"),
    ("records_exclusion", "requested_at"),
    ("records_peoplelist", "at"),
    ("reconciliation_batch", "at"),
    ("reconciliation_batch", "closed_at"),
    ("reconciliation_batchline", "answered_at"),
    ("reconciliation_batchline", "settled_at"),
    ("reconciliation_handback", "at"),
    ("reconciliation_difference", "at"),
    ("reconciliation_uploadfile", "at"),
    ("reconciliation_uploadfile", "result_at"),
)


@contextlib.contextmanager
def done_at(moment: datetime.datetime) -> Iterator[None]:
    """`moment` must lie in the past, else what was dated before would be taken for new."""
    began = timezone.now()
    if moment >= began:
        raise ValueError(f"{moment} is not in the past")
    with transaction.atomic():
        yield
        with connection.cursor() as cursor:
            for table, column in STAMPS:
                cursor.execute(f"UPDATE {table} SET {column} = %s WHERE {column} >= %s", [moment, began])
