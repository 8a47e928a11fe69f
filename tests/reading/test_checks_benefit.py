from dataclasses import replace

import pytest

from records.reading.checks import judge
from tests.reading.rows import (
    ABSENT,
    Table,
    assert_fires,
    assert_silent,
    firing,
    found,
    judged,
    reference,
    row,
    silent,
)


def born(date: str, **cells: str) -> dict[str, str]:
    return {"birth_date": date, "personal_number": "", **cells}


def table(rule: str, fires: list[dict[str, str]], silent: list[dict[str, str]], field: str, severity: str) -> Table:
    return Table(rule, field, fires, silent, "beneficiaries", severity, None)


TABLES = [
    table(
        "category.missing",
        [{"category": text} for text in ("", "chưa có", "-", "không rõ", "0")],
        [{"category": text} for text in ("Khoản 8", "NCT", "gì đó", "Điểm a khoản 5", ABSENT)],
        "category",
        "error",
    ),
    table(
        "category.unknown",
        [{"category": text} for text in ("gì đó", "NCT", "Khoản 5", "Trẻ mồ côi", "diem d khoan 1", "NKT")],
        [
            {"category": text}
            for text in ("Điểm a khoản 5", "điểm  A khoản 5", "Điểm đ khoản 1", "Điểm d khoản 1", "K5a", "KPCS NKT",
                         "NKT ĐBN", "nguoi nhiem hiv", "", ABSENT)
        ],
        "category",
        "warning",
    ),
    table(
        "category.age",
        [
            born("03/02/1970"),
            born("03/10/1963"),
            born("1964"),
            born("03/02/2015", category="Khoản 7"),
            born("03/02/1980", category="Khoản 3"),
            born("03/02/2003", category="NCT 80"),
            born("02/10/2001", category="Khoản 2"),
        ],
        [
            born("03/02/1950"),
            born("02/10/1963"),
            born("1963"),
            born("03/02/1970", category="Khoản 8"),
            born("03/02/1970", category="NKT ĐBN trẻ em"),
            born("03/02/1970", category="Trẻ mồ côi"),
            born("03/02/1970", category="Nhận chăm sóc trẻ em dưới 4 tuổi"),
            born("", category="Khoản 7"),
            born("3/2/20", category="Khoản 7"),
        ],
        "category",
        "warning",
    ),
    table(
        "amount.disagrees",
        [
            {"amount": "500.000"},
            {"amount": "360000"},
            {"amount": "540.000", "coefficient": "2,0"},
            {"amount": "405.000"},
            {"amount": "400000", "coefficient": "", "category": "Khoản 8"},
            {"amount": "500000", "decision_date": ""},
            {"amount": "405.000", "decision_date": "01/07/2021"},
        ],
        [
            {},
            {"amount": "540000 đ"},
            {"amount": "540,000"},
            {"amount": "540.000,00 đồng", "coefficient": "1.5"},
            {"amount": "405.000", "decision_date": "30/06/2021"},
            {"amount": "405.000", "decision_date": "2021"},
            {"amount": "405.000", "decision_date": ""},
            {"amount": "500.000", "decision_date": "01/01/2014"},
            {"amount": "500.000", "coefficient": "", "category": "Điểm a khoản 5"},
            {"amount": "540.000", "coefficient": "", "category": "Khoản 8"},
            {"amount": "500.000", "category": "Khoản 4"},
            {"amount": "500.000", "category": "KPCS NKT"},
            {"amount": "500.000", "category": "gì đó"},
            {"amount": ""},
            {"amount": "năm trăm"},
        ],
        "amount",
        "notice",
    ),
    table(
        "payee.missing",
        [
            born("03/02/2015", category="Khoản 8"),
            born("03/10/2007", category="Khoản 8"),
            born("2015", category="Trẻ mồ côi"),
            born("03/02/2015", category="Khoản 8", payee_name="không có"),
            born("03/02/2015", category="Khoản 8", payee_number=ABSENT),
        ],
        [
            born("03/02/1950"),
            born("02/10/2007", category="Khoản 8"),
            born("2007", category="Khoản 8"),
            born("03/02/2015", category="Khoản 8", payee_name="Lò Thị Hặc"),
            born("03/02/2015", category="Khoản 8", payee_number="014150001234"),
            born("03/02/2015", category="Khoản 8", payee_name=ABSENT),
            born("03/02/2015", category="KPCS NKT"),
            born("03/02/2015", category="gì đó"),
            born("", category="Khoản 8"),
        ],
        "payee_name",
        "warning",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("table", "cells", "suggestion"), firing(TABLES))
def test_fires(table: Table, cells: dict[str, str], suggestion: str) -> None:
    assert_fires(table, cells, suggestion)


@pytest.mark.parametrize(("table", "cells"), silent(TABLES))
def test_is_silent(table: Table, cells: dict[str, str]) -> None:
    assert_silent(table, cells)


def test_answered_category_is_known_from_then_on() -> None:
    answered = replace(reference("beneficiaries"), category_map={"nguoigialang": "TC5a"})

    result = judge(row("beneficiaries", {"category": "Người già làng"}), answered)

    assert result.findings == []
    assert result.values["category"] == "Người già làng"


def test_what_is_clear_as_written_needs_no_answer() -> None:
    answered = replace(reference("beneficiaries"), category_map={"diemdkhoan1": "TC5a"})

    result = judge(row("beneficiaries", born("03/02/1980", category="Điểm đ khoản 1")), answered)

    assert "category.age" in {one.rule for one in result.findings}


@pytest.mark.parametrize(
    ("text", "expected"),
    [("KPCS NKT", True), ("Kinh phí chăm sóc", True), ("Khoản 8", False), ("gì đó", False), ("", False)],
)
def test_care_support_is_told_from_allowances(text: str, expected: bool) -> None:
    assert judged("beneficiaries", {"category": text}).typed["care_support"] is expected


def test_ended_benefit_is_out_of_scope() -> None:
    cells = {"status": "thôi hưởng", "full_name": "", "personal_number": "", "birth_date": "abc", "category": ""}
    result = judged("beneficiaries", cells)

    assert (result.in_scope, result.findings) == (False, [])
    assert result.values["status"] == "thôi hưởng"


@pytest.mark.parametrize("status", ["Đang hưởng", "Tạm dừng", "", "Hưởng", ABSENT])
def test_other_states_stay_in_scope(status: str) -> None:
    result = judged("beneficiaries", {"status": status, "full_name": ""})

    assert result.in_scope
    assert found("beneficiaries", {"status": status, "full_name": ""}, "name.missing") != []


@pytest.mark.parametrize("register_cells", [{"category": "", "amount": "1"}])
def test_benefits_are_no_matter_of_children(register_cells: dict[str, str]) -> None:
    assert judged("children", register_cells).findings == []
