import pytest

from tests.reading.rows import ABSENT, Table, assert_fires, firing, found, judged, silent


def births(*texts: str) -> list[dict[str, str]]:
    return [{"birth_date": text, "personal_number": ""} for text in texts]


TABLES = [
    Table(
        "birth_date.missing",
        "birth_date",
        fires=births("", "chưa có", "-", "0", "Không rõ", "NULL"),
        silent=[*births("2015", "12/05/2015", "30/02/2015", "hôm qua"), {"birth_date": ABSENT}],
    ),
    Table(
        "birth_date.incomplete",
        "birth_date",
        fires=births("2015", "5/2015", "05-2015", "05 2015", "2015.0", "1900", "2100", "2015-05"),
        silent=births("12/05/2015", "12.5.15", "42136", "13/2015", "15", "5/15", "1899", "2101", ""),
    ),
    Table(
        "birth_date.incomplete",
        "birth_date",
        register="beneficiaries",
        severity="warning",
        fires=births("1950", "5/1950", "2006", "9/2007", "1990"),
        silent=births("03/02/1950", "03/02/50", "3.2.24", "18000", "2101"),
    ),
    Table(
        "birth_date.incomplete",
        "birth_date",
        register="beneficiaries",
        fires=births("2007", "10/2007", "2015", "3/2/15", "3-2-23", "1.1.00"),
        silent=births("03/02/1950", "3/2/24", "03/02/2015", "31/02/15", ""),
    ),
    Table(
        "birth_date.impossible",
        "birth_date",
        fires=births("30/02/2015", "05/25/2015", "31.04.2015", "2015-13-05", "00/00/2015", "29/2/2015", "5/13/15"),
        suggestions=["", "25/05/2015", "", "13/05/2015", "", "", "13/05/2015"],
        silent=births("29/02/2016", "12/05/2015", "13/2015", "12/05/215", "abc", ""),
    ),
    Table(
        "birth_date.unreadable",
        "birth_date",
        fires=births("hôm qua", "12/05/215", "12/05", "12052015", "5/15", "13/2015", "1899", "ngày 5"),
        silent=births("12/05/2015", "12 5 2015", "2015-05-12", "2015-05-12 00:00:00", "42136", "30/02/2015", "2015", ""),
    ),
    Table(
        "birth_date.future",
        "birth_date",
        fires=births("06/10/2023", "01/01/2024", "11/2023", "2024", "45300"),
        silent=births("05/10/2023", "10/2023", "2023", "12/05/2015", "30/02/2024", ""),
    ),
    Table(
        "birth_date.not_a_child",
        "birth_date",
        severity="notice",
        group=None,
        fires=births("02/10/2007", "01/01/2000", "9/2007", "2006", "1/1/85"),
        silent=births("03/10/2007", "10/2007", "2007", "12/05/2015", "01/01/2024", "31/12/1899", "31/12/1906", ""),
    ),
    Table(
        "birth_date.implausible",
        "birth_date",
        fires=births("31/12/1899", "02/10/1907", "1906", "9/1907", "01/01/1001"),
        silent=births("03/10/1907", "1907", "10/1907", "12/05/2015", "01/01/1950", ""),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("table", "cells", "suggestion"), firing(TABLES))
def test_fires(table: Table, cells: dict[str, str], suggestion: str) -> None:
    assert_fires(table, cells, suggestion)


@pytest.mark.parametrize(("table", "cells"), silent(TABLES))
def test_is_silent(table: Table, cells: dict[str, str]) -> None:
    spoken = found(table.register, cells, table.rule)
    assert [one for one in spoken if one.severity == table.severity] == []


def test_not_a_child_is_no_matter_of_beneficiaries() -> None:
    assert found("beneficiaries", {}, "birth_date.not_a_child") == []


def test_two_digit_year_of_a_child_is_read_silently() -> None:
    result = judged("children", {"birth_date": "12.5.15"})

    assert result.findings == []
    assert (result.values["birth_date"], result.typed["birth_date"]) == ("12/05/2015", "2015-05-12")


def test_open_century_is_kept_as_typed_and_not_used() -> None:
    result = judged("beneficiaries", {"birth_date": "3/2/15"})

    assert result.values["birth_date"] == "3/2/15"
    assert (result.typed["birth_date"], result.typed["birth_precision"], result.typed["birth_year"]) == ("", "", None)


@pytest.mark.parametrize(
    ("text", "value", "first", "precision"),
    [
        ("12/05/2015", "12/05/2015", "2015-05-12", "day"),
        ("5.2015", "05/2015", "2015-05-01", "month"),
        ("2015", "2015", "2015-01-01", "year"),
        ("30/02/2015", "30/02/2015", "", ""),
        ("chưa rõ", "chưa rõ", "", ""),
    ],
)
def test_typed_birth_date(text: str, value: str, first: str, precision: str) -> None:
    result = judged("children", {"birth_date": text})

    assert result.values["birth_date"] == value
    assert (result.typed["birth_date"], result.typed["birth_precision"]) == (first, precision)
