"""Rows that break no rule, to be spoiled one cell at a time, and tables of what spoils them."""

import json
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from records.reading.by_columns import ByColumns
from records.reading.checks import TYPED_COLUMNS, Finding, Judged, judge
from records.reading.reference import Reference, Register
from records.reading.stage_lines import stage_line

LISTS = Path(__file__).parents[2] / "campaigns" / "reference"
ABSENT = "<no such column>"

CHILD = {
    "system_code": "TE0001",
    "full_name": "Mùa A Chống",
    "birth_date": "12/05/2015",
    "sex": "Nam",
    "ethnic_group": "Mông",
    "personal_number": "014215001234",
    "village": "Bản Cáo A",
    "commune": "Xã Làng Chếu",
    "permanent_address": "Bản Cáo A, xã Làng Chếu",
    "father_name": "Mùa A Dình",
    "father_number": "014085003315",
    "mother_name": "Giàng Thị Sua",
    "mother_number": "014187003316",
    "guardian_name": "",
    "guardian_number": "",
}
BENEFICIARY = {
    "system_code": "BT0001",
    "full_name": "Lò Văn Piếng",
    "birth_date": "03/02/1950",
    "sex": "Nam",
    "ethnic_group": "Thái",
    "personal_number": "014050001234",
    "village": "Tiểu khu 1",
    "commune": "Thị trấn Bắc Yên",
    "permanent_address": "Tiểu khu 1, thị trấn Bắc Yên",
    "category": "Điểm a khoản 5",
    "coefficient": "1,5",
    "amount": "540.000",
    "decision_date": "05/01/2022",
    "payee_name": "",
    "payee_number": "",
    "status": "Đang hưởng",
}


@cache
def reference(register: Register) -> Reference:
    """Bắc Yên 2023; a birth after 05/10/2023 is in the future."""
    return Reference.from_files(
        LISTS,
        register=register,
        first_day=date(2023, 10, 2),
        last_day=date(2023, 11, 9),
        latest_birth=date(2023, 10, 5),
        district_code="121",
    )


def row(register: Register, cells: dict[str, str]) -> dict[str, str]:
    """The good row of a register with some cells changed; ABSENT takes a column away."""
    changed = (CHILD if register == "children" else BENEFICIARY) | cells
    return {key: text for key, text in changed.items() if text != ABSENT}


def judged(register: Register, cells: dict[str, str], *, added_by_hand: bool = False) -> Judged:
    """Whatever is judged in these tests is read by columns too, with the same result."""
    raw = row(register, cells)
    if not added_by_hand:
        by_columns(register, raw)
    return judge(raw, reference(register), added_by_hand=added_by_hand)


def by_columns(register: Register, raw: dict[str, str]) -> bool:
    """Whether a row is read by its columns; if so it comes out as it would judged as a row."""
    reader = ByColumns.of(list(raw), reference(register))
    [read] = reader.read([[text] for text in raw.values()]) if reader else [None]
    if read is None:
        return False
    _, _, values, in_scope, findings, *typed = stage_line(1, [], judge(raw, reference(register)))[:-1].split("\t")
    assert (read.values, "t", _findings(read.findings)) == (values, in_scope, _findings(findings))
    assert read.typed.split("\t") == typed
    assert read.commune_code == typed[TYPED_COLUMNS.index("commune_code")]
    assert bool(read.name) == bool(typed[TYPED_COLUMNS.index("full_name")])
    return True


def _findings(copied: str) -> list[list[object]]:
    return sorted(json.loads(copied.replace("\\\\", "\\")), key=str)


def found(register: Register, cells: dict[str, str], rule: str) -> list[Finding]:
    return [finding for finding in judged(register, cells).findings if finding.rule == rule]


@dataclass(frozen=True)
class Table:
    """Cells that make a rule speak on a field, and cells on which it must be silent."""

    rule: str
    field: str
    fires: list[dict[str, str]]
    silent: list[dict[str, str]]
    register: Register = "children"
    severity: str = "error"
    group: int | None = 3
    suggestions: list[str] = field(default_factory=list)


def firing(tables: list[Table]) -> list[object]:
    """Parameters: table, cells, expected suggestion."""
    return [
        pytest.param(table, cells, suggestion, id=f"{table.rule}-{index}")
        for table in tables
        for index, (cells, suggestion) in enumerate(
            zip(table.fires, table.suggestions or [""] * len(table.fires), strict=True)
        )
    ]


def silent(tables: list[Table]) -> list[object]:
    return [
        pytest.param(table, cells, id=f"{table.rule}-{index}")
        for table in tables
        for index, cells in enumerate(table.silent)
    ]


def assert_fires(table: Table, cells: dict[str, str], suggestion: str) -> None:
    """Exactly one finding of the rule, on its field, with its severity, group and suggestion."""
    spoken = found(table.register, cells, table.rule)
    assert [(one.field, one.severity, one.group, one.suggestion) for one in spoken] == [
        (table.field, table.severity, table.group, suggestion)
    ]


def assert_silent(table: Table, cells: dict[str, str]) -> None:
    assert found(table.register, cells, table.rule) == []
