"""Rules on where a person lives."""

from records.reading.row import Row


def check_place(row: Row) -> None:
    if row.commune.problem and "commune" in row.values:
        row.add(f"commune.{row.commune.problem}", "commune")
    if row.is_empty("village"):
        row.add("village.missing", "village")
    if row.is_empty("permanent_address"):
        row.add("address.missing", "permanent_address")
