from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.reading.dates import full_years, read_date

CELL = st.one_of(
    st.text(max_size=20),
    st.from_regex(r"[0-9]{1,4}[/.\- ][0-9]{1,2}[/.\- ][0-9]{1,4}", fullmatch=True),
    st.from_regex(r"[0-9./\- ]{1,10}", fullmatch=True),
)


@pytest.mark.parametrize(
    "text",
    [
        "12/05/2015", "12/5/2015", "12-05-2015", "12.5.2015", "12 05 2015", "12 / 05 / 2015", "12. 5. 2015", "2015-05-12",
        "2015/5/12", "2015-05-12 00:00:00", "2015-05-12T00:00:00.000", "12/05/2015 07:30", "42136", "42136.0", "42136.75",
        "12/5/15", "12.05.15",
    ],
)  # fmt: skip
def test_a_day(text: str) -> None:
    reading = read_date(text, 2023, True)

    assert (reading.text, reading.problem, reading.precision) == ("12/05/2015", "", "day")
    assert reading.first == reading.last == date(2015, 5, 12)


@pytest.mark.parametrize(
    ("text", "written", "first", "last"),
    [
        ("2015", "2015", date(2015, 1, 1), date(2015, 12, 31)),
        ("1900", "1900", date(1900, 1, 1), date(1900, 12, 31)),
        ("2100", "2100", date(2100, 1, 1), date(2100, 12, 31)),
        ("2/2016", "02/2016", date(2016, 2, 1), date(2016, 2, 29)),
        ("12-2015", "12/2015", date(2015, 12, 1), date(2015, 12, 31)),
        ("2015-05", "05/2015", date(2015, 5, 1), date(2015, 5, 31)),
    ],
)
def test_part_of_a_date(text: str, written: str, first: date, last: date) -> None:
    reading = read_date(text, 2023, True)

    assert (reading.text, reading.problem, reading.first, reading.last) == (written, "incomplete", first, last)


@pytest.mark.parametrize(
    ("text", "century_is_clear", "read", "problem"),
    [
        ("1/2/23", True, "01/02/2023", ""),
        ("1/2/24", True, "01/02/1924", ""),
        ("1/2/85", True, "01/02/1985", ""),
        ("1/2/00", True, "01/02/2000", ""),
        ("1/2/24", False, "01/02/1924", ""),
        ("1/2/85", False, "01/02/1985", ""),
        ("1/2/23", False, "1/2/23", "incomplete"),
        ("1/2/00", False, "1/2/00", "incomplete"),
        ("29/2/00", False, "29/2/00", "incomplete"),
        ("30/2/00", False, "30/2/00", "impossible"),
    ],
)
def test_two_digit_years(text: str, century_is_clear: bool, read: str, problem: str) -> None:
    reading = read_date(text, 2023, century_is_clear)

    assert (reading.text, reading.problem) == (read, problem)


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("30/02/2015", ""),
        ("29/02/2015", ""),
        ("02/30/2015", ""),
        ("05/25/2015", "25/05/2015"),
        ("2015-25-05", "25/05/2015"),
        ("00/00/2015", ""),
        ("05/25/99", "25/05/1999"),
        ("1/1/0000", ""),
    ],
)
def test_impossible_days(text: str, suggestion: str) -> None:
    reading = read_date(text, 2023, True)

    assert (reading.text, reading.problem, reading.suggestion) == (text, "impossible", suggestion)
    assert reading.first is None


@pytest.mark.parametrize("text", ["abc", "12/05", "12//05/2015", "12052015", "5/15", "13/2015", "1899", "2101.", "12,05,2015",
                                  "12/05/215", "99999", "9" * 5000, "-1", "năm 2015", "٢٠١٥"])  # fmt: skip
def test_unreadable(text: str) -> None:
    reading = read_date(text, 2023, True)

    assert (reading.text, reading.problem, reading.year) == (text, "unreadable", None)


@pytest.mark.parametrize("text", ["", "-", "0", "chưa có", "không rõ"])
def test_missing(text: str) -> None:
    assert read_date(text, 2023, True).problem == "missing"


@given(CELL, st.booleans())
def test_reading_a_date_never_fails_and_is_stable(text: str, century_is_clear: bool) -> None:
    reading = read_date(text, 2023, century_is_clear)
    again = read_date(reading.text, 2023, century_is_clear)

    assert again == reading
    assert (reading.first is None) == (reading.last is None) == (reading.precision == "")
    assert reading.first is None or reading.last is None or reading.first <= reading.last


@given(st.dates(min_value=date(1905, 10, 1), max_value=date(2100, 12, 31)))
def test_every_way_to_write_a_day_is_read_alike(day: date) -> None:
    serial = str((day - date(1899, 12, 30)).days)
    readings = {
        read_date(text, 2023, True)
        for text in (f"{day:%d/%m/%Y}", f"{day.day}.{day.month}.{day.year}", day.isoformat(), serial)
    }

    assert [reading.first for reading in readings] == [day]


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2099, 1, 1)), st.integers(0, 36500))
def test_full_years_grow_on_the_birthday(birth: date, days: int) -> None:
    on = birth + timedelta(days=days)
    years = full_years(birth, on)

    assert 0 <= years <= days // 365
    assert full_years(birth, on + timedelta(days=1)) in (years, years + 1)


@pytest.mark.parametrize(
    ("birth", "on", "years"),
    [
        (date(2007, 10, 2), date(2023, 10, 2), 16),
        (date(2007, 10, 3), date(2023, 10, 2), 15),
        (date(2008, 2, 29), date(2023, 2, 28), 14),
        (date(2008, 2, 29), date(2023, 3, 1), 15),
        (date(2024, 1, 1), date(2023, 10, 2), -1),
    ],
)
def test_full_years(birth: date, on: date, years: int) -> None:
    assert full_years(birth, on) == years
