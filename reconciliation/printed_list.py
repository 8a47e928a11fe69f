"""A batch on paper: sheets of a few lines with room for a pen, each with the list's code and its own number."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from reconciliation.list_workbook import WARNING
from reconciliation.models import Batch, BatchLine
from reconciliation.sheets import columns_of, result_codes, sent_columns

LINES_A_SHEET = 8  # A4 landscape; an address may take five lines of print
_NOT_ON_PAPER = ("request",)


def printed_list(batch: Batch, lines: Iterable[BatchLine]) -> dict[str, Any]:
    sent = [column for column in sent_columns() if column.key not in _NOT_ON_PAPER]
    to_fill = [column for column in columns_of(batch.kind) if column.to_fill]
    rows = [[{"text": line.sent.get(c.heading, ""), "key": c.key} for c in sent] for line in lines]
    sheets = [rows[start : start + LINES_A_SHEET] for start in range(0, len(rows), LINES_A_SHEET)]
    return {
        "batch": batch,
        "register": batch.get_register_display(),
        "headings": [{"text": c.heading, "key": c.key, "to_fill": False} for c in sent]
        + [{"text": c.heading, "key": c.key, "to_fill": True} for c in to_fill],
        "blanks": to_fill,
        "sheets": sheets,
        "codes": list(result_codes(batch.kind).values()),
        "warning": WARNING,
    }
