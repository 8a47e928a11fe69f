"""The demo's exports through the import: the rules that compare records find what was planted."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest

from campaigns.models import Campaign, User
from reconciliation.demo.district import DemoDistrict, build
from reconciliation.demo.workbooks import write_workbooks
from records import imports
from records.models import Finding

REFERENCE = Path(__file__).parents[2] / "campaigns" / "reference"
FIRST_DAY = date(2023, 9, 30)

Found = dict[tuple[str, str], set[str]]


@pytest.fixture
def district(campaign: Campaign, system: User, tmp_path: Path) -> DemoDistrict:
    made = build(0.3, 1, FIRST_DAY, REFERENCE)
    paths = write_workbooks(made, tmp_path)
    for register in ("children", "beneficiaries"):
        file = imports.receive(
            campaign, register, by=system, name=f"{register}.xlsx", content=paths[f"{register}.xlsx"].read_bytes()
        )
        imports.apply(file, by=system)
    return made


def found_in_database() -> Found:
    found: Found = defaultdict(set)
    for code, rule, field in Finding.objects.values_list("record__system_code", "rule", "field"):
        found[rule, field].add(code)
    return found


def planted_in(made: DemoDistrict) -> Found:
    planted: Found = defaultdict(set)
    for each in made.planted:
        planted[each.rule, each.field].add(each.system_code)
    return planted


def test_the_import_finds_what_was_planted_and_nothing_else(district: DemoDistrict) -> None:
    found, planted = found_in_database(), planted_in(district)
    likely = ("record.possible_duplicate", "full_name")
    assert found[likely]
    assert found.pop(likely) <= planted.pop(likely)
    assert found == planted
