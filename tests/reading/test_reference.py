import json
from datetime import date
from pathlib import Path

import pytest

from records.reading.reference import REGISTERS, Reference, Register, load_fields
from records.reading.vietnamese import fold
from tests.reading.rows import LISTS, reference


@pytest.mark.parametrize("register", REGISTERS)
def test_json_gives_an_equal_reference_back(register: Register) -> None:
    original = reference(register)
    sent = json.loads(json.dumps(original.to_json()))

    assert Reference.from_json(sent) == original
    assert "memo" not in sent


@pytest.mark.parametrize(("register", "count"), [("children", 30), ("beneficiaries", 35)])
def test_fields_of_a_register(register: Register, count: int) -> None:
    fields = load_fields(LISTS, register)

    assert len(fields) == count
    assert [one.key for one in fields if one.required] == ["full_name", "personal_number"]
    assert reference(register).fields == fields
    assert reference(register).other_register_fields != fields


@pytest.mark.parametrize("register", REGISTERS)
def test_no_two_fields_share_a_heading(register: Register) -> None:
    headings: dict[str, str] = {}
    for one in load_fields(LISTS, register):
        for heading in (one.label, *one.header_aliases):
            assert headings.setdefault(fold(heading), one.key) == one.key


def test_a_list_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Reference.from_files(
            tmp_path,
            register="children",
            first_day=date(2023, 10, 2),
            last_day=date(2023, 11, 9),
            latest_birth=date(2023, 10, 5),
            district_code="121",
        )


@pytest.mark.parametrize(
    ("name", "codes"),
    [("mong", ("08",)), ("meo", ("08",)), ("lao", ("37",)), ("man", ("09",)), ("tho", ("02", "05", "24")), ("thai", ("03",))],
)  # fmt: skip
def test_names_of_ethnic_groups(name: str, codes: tuple[str, ...]) -> None:
    assert reference("children").ethnic_names[name] == codes


@pytest.mark.parametrize(
    ("number", "groups"), [("01", {"01"}), ("08", {"08"}), ("04", {"04", "06"}), ("06", {"04", "06"}), ("55", {"55"})]
)
def test_numbers_of_ethnic_groups(number: str, groups: set[str]) -> None:
    assert set(reference("children").ethnic_numbers[number]) == groups


def test_every_alias_of_a_group_leads_somewhere() -> None:
    lists = reference("children")
    for group in lists.ethnic_groups:
        for name in (group.name, *group.aliases):
            assert set(lists.ethnic_names[fold(name)]) <= set(lists.groups_by_code)


@pytest.mark.parametrize(
    ("first_day", "code", "name", "gone"),
    [
        (date(2023, 10, 2), "03862", "Xã Hang Chú", "ximvangmoi"),
        (date(2025, 7, 1), "03862", "Xã Xím Vàng", "hangchu"),
        (date(2025, 6, 30), "03880", "Xã Mường Khoa", "ximvangmoi"),
        (date(2026, 1, 1), "03880", "Xã Tạ Khoa", "muongkhoa"),
    ],
)
def test_communes_are_those_of_the_first_day(first_day: date, code: str, name: str, gone: str) -> None:
    lists = Reference.from_files(
        LISTS,
        register="children",
        first_day=first_day,
        last_day=first_day,
        latest_birth=first_day,
        district_code="121",
    )

    assert lists.communes_by_code[code].name == name
    assert gone not in lists.commune_names


@pytest.mark.parametrize(
    ("day", "amount"),
    [
        (date(2014, 12, 31), None),
        (date(2015, 1, 1), 270000),
        (date(2021, 6, 30), 270000),
        (date(2021, 7, 1), 360000),
        (date(2024, 7, 1), 500000),
    ],
)
def test_standard_in_force(day: date, amount: int | None) -> None:
    level = reference("beneficiaries").standard_on(day)

    assert (level.amount if level else None) == amount


def test_point_dd_is_told_from_point_d_as_written() -> None:
    exact, folded = reference("beneficiaries").category_names

    assert (exact["khoản1điểmđ"], exact["khoản1điểmd"]) == ({"TC1dd"}, {"TC1d"})
    assert folded["khoan1diemd"] == {"TC1d", "TC1dd"}
