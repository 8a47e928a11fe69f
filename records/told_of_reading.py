"""What was seen in a file besides people: rows left out, each with its reason, and what is hidden or not worked out."""

from __future__ import annotations

from typing import Any

_NAMED_ROWS = 10


def told_of_reading(summary: dict[str, Any]) -> list[str]:
    """Vietnamese sentences."""
    rows_of: dict[str, list[int]] = {}
    for row, reason in summary.get("skipped", []):
        rows_of.setdefault(reason, []).append(row)
    return [*(_left_out(reason, rows) for reason, rows in rows_of.items()), *summary.get("notes", [])]


def _left_out(reason: str, rows: list[int]) -> str:
    named = ", ".join(map(str, rows[:_NAMED_ROWS]))
    more = f" và {len(rows) - _NAMED_ROWS} dòng nữa" if len(rows) > _NAMED_ROWS else ""
    return f"Không đọc dòng {named}{more}: {reason}."
