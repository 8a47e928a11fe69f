"""The demo's files: the same bytes for the same seed, never a formula, and read back as what was written."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest

from reconciliation.demo.district import DemoDistrict, build
from reconciliation.demo.workbooks import write_workbooks
from records.reading.process import open_reading
from records.reading.reference import Reference, Register

REFERENCE = Path(__file__).parents[2] / "campaigns" / "reference"
FIRST_DAY = date(2023, 9, 30)
NAMES = {
    "children.xlsx", "children-later.xlsx", "beneficiaries.xlsx", "newborns-03874.xlsx", "children-03874.csv",
    "defects.csv",
}  # fmt: skip


@dataclass
class Files:
    district: DemoDistrict
    paths: dict[str, Path]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    district = build(0.2, 1, FIRST_DAY, REFERENCE)
    return Files(district, write_workbooks(district, tmp_path_factory.mktemp("demo")))


def read(path: Path, register: Register) -> tuple[dict[str, object], list[tuple[dict[str, str], set[tuple[str, str]]]]]:
    """Summary, and for each row its values and findings, as the import reads them."""
    lists = Reference.from_files(
        REFERENCE,
        register=register,
        first_day=FIRST_DAY,
        last_day=FIRST_DAY + timedelta(days=41),
        latest_birth=FIRST_DAY + timedelta(days=3),
        district_code="121",
    )
    with open_reading({"mode": "register", "path": path, "name": path.name, "reference": lists.to_json()}) as reading:
        rows = []
        for line in iter(reading.stdout.readline, b""):
            _, _, values, _, findings, *_ = line.decode().replace("\\\\", "\\").split("\t")
            rows.append((json.loads(values), {(rule, key) for rule, key, *_ in json.loads(findings)}))
        return reading.finish(), rows


def cells(path: Path) -> Iterator[openpyxl.cell.Cell]:
    book = openpyxl.load_workbook(path)
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            yield from row


def test_the_same_seed_gives_the_same_bytes(files: Files, tmp_path: Path) -> None:
    again = write_workbooks(build(0.2, 1, FIRST_DAY, REFERENCE), tmp_path)
    assert again.keys() == files.paths.keys() == NAMES
    assert [name for name, path in again.items() if path.read_bytes() != files.paths[name].read_bytes()] == []


@pytest.mark.parametrize("name", sorted(name for name in NAMES if name.endswith(".xlsx")))
def test_no_cell_is_a_formula(files: Files, name: str) -> None:
    assert {cell.data_type for cell in cells(files.paths[name])} <= {"s", "n", "d"}


def test_numbers_and_dates_are_mostly_text_and_sometimes_not(files: Files) -> None:
    values = [cell.value for cell in cells(files.paths["children.xlsx"])]
    codes = [value for value in values if isinstance(value, str) and value.startswith("014") and len(value) == 12]
    lost = [value for value in values if isinstance(value, int) and 10**9 < value < 10**11]
    dates = [value for value in values if isinstance(value, datetime)]
    assert len(codes) > 1000
    assert len(lost) >= 30
    assert 50 < len(dates) < 200


@pytest.mark.parametrize(("name", "register"), [("children.xlsx", "children"), ("beneficiaries.xlsx", "beneficiaries")])
def test_an_export_is_read_with_exactly_the_planted_findings(files: Files, name: str, register: Register) -> None:
    district = files.district
    summary, rows = read(files.paths[name], register)
    written = district.children if register == "children" else district.beneficiaries
    expected = defaultdict(set)
    for planted in district.planted:
        if planted.register == register and not planted.rule.startswith("record.") and planted.rule != "number.shared":
            expected[planted.system_code].add((planted.rule, planted.field))
    assert summary["unmapped"] == ["STT"]
    assert [values["system_code"] for values, _ in rows] == [row["system_code"] for row in written]
    seen: set[str] = set()
    for values, found in rows:
        if values["system_code"] not in seen:
            assert found == expected[values["system_code"]], values
        seen.add(values["system_code"])


@pytest.mark.parametrize(
    ("name", "register", "heading"),
    [("children.xlsx", "children", [6, 6]), ("beneficiaries.xlsx", "beneficiaries", [5, 6]),
     ("newborns-03874.xlsx", "children", [4, 4]), ("children-03874.csv", "children", [1, 1])],
)  # fmt: skip
def test_the_heading_is_found(files: Files, name: str, register: Register, heading: list[int]) -> None:
    summary, _ = read(files.paths[name], register)
    assert summary["header_rows"] == heading
    assert summary["required_absent"] == []


def test_a_commune_file_holds_the_rows_of_the_commune(files: Files) -> None:
    district = files.district
    codes = [row["system_code"] for row in district.children if district.commune_of[row["system_code"]] == "03874"]
    _, rows = read(files.paths["children-03874.csv"], "children")
    assert [values["system_code"] for values, _ in rows] == codes


def test_the_known_defects_are_listed(files: Files) -> None:
    with files.paths["defects.csv"].open(encoding="utf-8", newline="") as file:
        listed = list(csv.DictReader(file))
    assert len(listed) == len(files.district.planted) + len(files.district.planted_later)
    assert {row["file"] for row in listed} == {"children.xlsx", "children-later.xlsx", "beneficiaries.xlsx"}
    assert sum(row["rule"] == "record.gone" for row in listed) == len(files.district.later_children.gone)
