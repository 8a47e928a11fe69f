import datetime

import pytest

from campaigns.templatetags.written import day, duration, grouped


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (datetime.date(2023, 10, 13), "T6 13/10"),
        (datetime.date(2023, 10, 15), "CN 15/10"),
        ("2023-10-16", "T2 16/10"),
        # 18:00 in Greenwich is one o'clock of the next day here.
        (datetime.datetime(2023, 10, 13, 18, tzinfo=datetime.UTC), "T7 14/10"),
        (None, ""),
        ("", ""),
    ],
)
def test_day_is_weekday_day_and_month(value, text):
    assert day(value) == text


def test_day_refuses_what_is_no_date():
    with pytest.raises(ValueError, match="13/10/2023"):
        day("13/10/2023")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (999, "999"),
        (1227, "1.227"),
        (25146, "25.146"),
        (1234567, "1.234.567"),
        (36.8, "36,8"),
        (1227.04, "1.227"),
        (None, "–"),
    ],
)
def test_grouped_puts_a_dot_between_thousands(value, text):
    assert grouped(value) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "1 giây"), (89, "89 giây"), (90, "2 phút"), (3600, "60 phút"), (7800, "2 giờ 10 phút"), (7200, "2 giờ")],
)
def test_a_duration_is_as_exact_as_anybody_wants_to_know(seconds, text):
    assert duration(seconds) == text
