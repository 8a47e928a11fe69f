import pytest

from records.reading.rules import CONFIRM_NOTES, RULES, severity_and_group
from tests.reading import (
    test_checks_benefit,
    test_checks_birth,
    test_checks_number,
    test_checks_person,
    test_checks_place,
)

# As the contract of the project names them: code, severity, group.
CONTRACT = """
number.missing error 1 | number.exponent error 2 | number.lookalike error 2 | number.lost_zero error 2
number.length error 2 | number.old_id error 2 | number.placeholder error 2 | number.province error 2
number.sex error 2 | number.birth_year error 2 | number.parent error 2 | number.shared error 2
name.missing error 3 | name.one_word warning 3 | name.characters error 3 | name.legacy_font error 3
birth_date.missing error 3 | birth_date.incomplete error 3 | birth_date.impossible error 3
birth_date.unreadable error 3 | birth_date.future error 3 | birth_date.not_a_child notice -
birth_date.implausible error 3 | sex.missing error 3 | sex.unreadable error 3 | sex.middle_name warning 3
ethnic_group.missing error 3 | ethnic_group.unknown error 3 | ethnic_group.ambiguous warning 3
parents.missing error 3 | father.missing warning 3 | mother.missing warning 3 | parent.too_young warning 3
commune.missing error 3 | commune.unknown error 3 | commune.elsewhere error 3 | village.missing warning -
address.missing notice - | category.missing error - | category.unknown warning - | category.age warning -
amount.disagrees notice - | payee.missing warning - | record.repeated error 3
record.possible_duplicate warning 3 | record.new notice 4 | record.gone warning -
record.in_both_registers notice - | ministry.rejected error -
"""
ONLY_CORRECTION = {"missing", "old_id", "exponent", "length", "lookalike", "lost_zero", "placeholder"}
# Tested beside their tables: the first needs a second district, the second a person added by hand.
TESTED_APART = {"commune.elsewhere", "record.new"}


def test_every_rule_has_the_severity_and_group_of_the_contract() -> None:
    entries = [entry.split() for line in CONTRACT.strip().splitlines() for entry in line.split("|")]
    expected = {code: (severity, None if group == "-" else int(group)) for code, severity, group in entries}

    assert {rule.code: (rule.severity, rule.group) for rule in RULES.values()} == expected


def test_only_numbers_can_need_a_correction() -> None:
    assert {code for code, rule in RULES.items() if rule.only_correction} == {
        f"number.{one}" for one in ONLY_CORRECTION
    }


def test_every_rule_is_told_in_words() -> None:
    for rule in RULES.values():
        assert rule.label
        assert rule.help.endswith(".")
        assert "!" not in rule.label + rule.help
    assert len({rule.label for rule in RULES.values()}) == len(RULES)
    assert len(set(CONFIRM_NOTES)) == len(CONFIRM_NOTES)


@pytest.mark.parametrize(
    ("rule", "register", "field", "expected"),
    [
        ("number.old_id", "children", "personal_number", ("error", 2)),
        ("number.old_id", "beneficiaries", "old_id_number", ("error", 1)),
        ("ministry.rejected", "children", "personal_number", ("error", 2)),
        ("ministry.rejected", "children", "birth_date", ("error", 3)),
        ("ministry.rejected", "beneficiaries", "amount", ("error", None)),
        ("ministry.rejected", "children", "", ("error", None)),
        ("record.new", "children", "system_code", ("notice", 4)),
    ],
)
def test_severity_and_group_that_vary(rule: str, register: str, field: str, expected: tuple[str, int | None]) -> None:
    assert severity_and_group(rule, register, field) == expected  # type: ignore[arg-type]


def test_every_rule_on_a_row_has_five_cells_that_fire_and_five_that_must_not() -> None:
    modules = (test_checks_number, test_checks_birth, test_checks_person, test_checks_place, test_checks_benefit)
    tables = [table for module in modules for table in module.TABLES]

    assert {rule.code for rule in RULES.values() if rule.stands_on == "row"} - TESTED_APART == {
        table.rule for table in tables
    }
    for table in tables:
        assert min(len(table.fires), len(table.silent)) >= 5, table.rule
