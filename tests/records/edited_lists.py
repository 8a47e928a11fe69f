"""A list that was given out, as people work on it in a spreadsheet."""

from __future__ import annotations

from io import BytesIO

from openpyxl import Workbook, load_workbook

from records.models import Record


def opened(content: bytes) -> Workbook:
    return load_workbook(BytesIO(content))


def saved(workbook: Workbook) -> bytes:
    content = BytesIO()
    workbook.save(content)
    return content.getvalue()


def column(workbook: Workbook, heading: str) -> int:
    return next(cell.column for cell in workbook.active[4] if cell.value == heading)


def row_of(workbook: Workbook, record: Record) -> int:
    codes = column(workbook, "Mã dòng")
    return next(
        row
        for row in range(5, workbook.active.max_row + 1)
        if workbook.active.cell(row, codes).value == record.row_code
    )


def put(workbook: Workbook, record: Record, heading: str, value: str) -> None:
    workbook.active.cell(row_of(workbook, record), column(workbook, heading)).value = value


def typed_anew(*rows: dict[str, str]) -> bytes:
    """Only what somebody typed off a photograph: a heading and rows, nothing above."""
    workbook = Workbook()
    headings = list(dict.fromkeys(heading for row in rows for heading in row))
    workbook.active.append(headings)
    for row in rows:
        workbook.active.append([row.get(heading, "") for heading in headings])
    return saved(workbook)
