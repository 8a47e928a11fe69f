"""The clock against the worked figures of the Bắc Yên district: Thursday 12/10/2023, review due on Sunday 15/10."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns import clock, plan
from campaigns.clock import WorkingDays, batch_due, counting_from, pace_days, plan_clock, windows_of
from campaigns.models import Campaign, Register

FILE = Path(plan.__file__).parent / "reference" / "plan_bac_yen_2023.yaml"
CHILDREN, BENEFICIARIES = Register.CHILDREN, Register.BENEFICIARIES


def d(text: str) -> datetime.date:
    """`12/10` is of 2023."""
    day, month, year = [*map(int, text.split("/")), 2023][:3]
    return datetime.date(year, month, day)


WEEKDAYS = WorkingDays(Campaign(settings={"weekends_count": False}))
ALL_DAYS = WorkingDays(Campaign(settings={"weekends_count": True}))
THURSDAY = d("12/10")
WINDOWS = {
    "review": (d("4/10"), d("15/10")),
    "police": (d("16/10"), d("2/11")),
    "update": (d("3/11"), d("9/11")),
    "report": (d("10/11"), d("14/11")),
}
# Commune → (records left to review, reviewed a day over five days, forecast).
COMMUNES = {
    "Háng Đồng": (214, 19, "27/10"),
    "Hang Chú": (198, 35, "19/10"),
    "Xím Vàng": (171, 38, "18/10"),
    "Chiềng Sại": (96, 30, "17/10"),
    "Làng Chếu": (86, 37, "16/10"),
    "Hồng Ngài": (74, 40, "13/10"),
    "Hua Nhàn": (70, 38, "13/10"),
    "Chim Vàn": (60, 44, "13/10"),
    "Tà Xùa": (52, 49, "13/10"),
    "Phiêng Ban": (41, 48, "12/10"),
    "Pắc Ngà": (38, 52, "12/10"),
    "Song Pe": (35, 39, "12/10"),
    "Tạ Khoa": (30, 42, "12/10"),
    "Phiêng Côn": (28, 31, "12/10"),
    "Mường Khoa": (22, 51, "12/10"),
    "TT Bắc Yên": (12, 41, "12/10"),
}
DISTRICT_TO_REVIEW = {name: left for name, (left, _, _) in COMMUNES.items()}
DISTRICT_REVIEWED = {name: 5 * pace for name, (_, pace, _) in COMMUNES.items()}


def review_clock(
    to_review: dict[str, int],
    reviewed: dict[str, int],
    *,
    start: datetime.date = THURSDAY,
    days: WorkingDays = WEEKDAYS,
    windows: dict[str, clock.Span] = WINDOWS,
) -> clock.Clock:
    """Of communes that have nothing but reviewing to do; `reviewed` over five days."""
    return plan_clock(
        days,
        windows,
        start=start,
        communes={name: f"Xã {name}" for name in to_review},
        remaining=dict.fromkeys(clock.STEPS, to_review),
        left={step: reviewed if step == "review" else {} for step in clock.STEPS},
    )


def test_the_district_is_done_when_its_latest_commune_is():
    assert review_clock(DISTRICT_TO_REVIEW, DISTRICT_REVIEWED) == {
        "step": "review",
        "due": "2023-10-15",
        "days_left": 2,
        "remaining": 1227,
        "needed_per_day": 614,
        "pace_per_day": 634.0,
        "forecast": "2023-10-27",
        "sum_forecast": "2023-10-13",
        "latest": {"code": "Háng Đồng", "name": "Xã Háng Đồng"},
        "on_time": False,
    }


@pytest.mark.parametrize(("name", "figures"), COMMUNES.items())
def test_each_commune_at_its_own_pace(name, figures):
    to_review, pace, forecast = figures
    own = review_clock({name: to_review}, {name: 5 * pace})
    assert own["forecast"] == own["sum_forecast"] == d(forecast).isoformat()
    assert own["needed_per_day"] == (to_review + 1) // 2
    assert own["pace_per_day"] == pace
    assert own["on_time"] == (d(forecast) <= d("15/10"))


@pytest.mark.parametrize(
    ("start", "to_review", "reviewed", "days_left", "needed", "forecast", "on_time"),
    [
        ("12/10", 9, 25, 2, 5, "13/10", True),  # beneficiaries of Làng Chếu
        ("12/10", 69, 185, 2, 35, "13/10", True),  # once the 17 suggestions are taken
        ("13/10", 86, 185, 1, 86, "17/10", False),  # the same at the end of the 12th
        ("14/10", 1, 25, 0, None, "16/10", False),  # Saturday: no working day is left before Sunday
        ("16/10", 1, 25, 0, None, "16/10", False),  # past the deadline
        ("12/10", 86, 0, 2, 43, None, False),  # has not moved
        ("12/10", 86, 1, 2, 43, "2/7/2025", False),  # one in five days: 430 working days
        ("12/10", 5000, 1, 2, 2500, None, False),  # a hundred years are no forecast
        ("12/10", 74, 185, 2, 37, "13/10", True),  # exactly two days' work
        ("12/10", 75, 185, 2, 38, "16/10", False),  # one more than that
    ],
)
def test_one_commune_by_days_and_pace(start, to_review, reviewed, days_left, needed, forecast, on_time):
    own = review_clock({"x": to_review}, {"x": reviewed}, start=d(start))
    expected = days_left, needed, d(forecast).isoformat() if forecast else None, on_time
    assert (own["days_left"], own["needed_per_day"], own["forecast"], own["on_time"]) == expected


def test_nothing_remaining_is_the_reports_turn():
    assert review_clock({"x": 0, "y": 0}, {"x": 50}) == {
        "step": "report",
        "due": "2023-11-14",
        "days_left": 24,
        "remaining": 0,
        "needed_per_day": 0,
        "pace_per_day": 0.0,
        "forecast": None,
        "sum_forecast": None,
        "latest": None,
        "on_time": True,
    }


@pytest.mark.parametrize(
    ("to_review", "still_police", "to_update", "step", "remaining", "due"),
    [
        (1, 3, 9, "review", 1, "15/10"),
        (0, 3, 9, "police", 3, "2/11"),
        (0, 0, 9, "update", 9, "9/11"),
        (0, 0, 0, "report", 0, "14/11"),
    ],
)
def test_the_step_is_the_earliest_with_something_remaining(to_review, still_police, to_update, step, remaining, due):
    own = plan_clock(
        WEEKDAYS, WINDOWS, start=THURSDAY, communes={"x": "Xã X"},
        remaining={"review": {"x": to_review}, "police": {"x": still_police}, "update": {"x": to_update}},
        left={"review": {}, "police": {"x": 5}, "update": {"x": 10}},
    )  # fmt: skip
    assert (own["step"], own["remaining"], own["due"]) == (step, remaining, d(due).isoformat())


def test_a_commune_that_does_not_move_is_the_latest_and_leaves_no_forecast():
    both = review_clock({"slow": 500, "still": 1, "stiller": 2, "done": 0}, {"slow": 5, "done": 90})
    assert both["latest"] == {"code": "stiller", "name": "Xã stiller"}
    assert both["forecast"] is None
    assert both["sum_forecast"] is not None
    assert not both["on_time"]


def test_communes_outside_the_question_are_not_counted():
    own = plan_clock(
        WEEKDAYS, WINDOWS, start=THURSDAY, communes={"x": "Xã X"},
        remaining={step: {"x": 10, "y": 1000} for step in clock.STEPS},
        left={step: {"x": 50, "y": 5} for step in clock.STEPS},
    )  # fmt: skip
    assert (own["remaining"], own["pace_per_day"]) == (10, 10.0)


@pytest.mark.parametrize(
    ("days", "due", "start", "days_left", "forecast"),
    [
        # The last days before the deadline are the holiday of 30/4 and 1/5/2024; 29/4 is a bridge day.
        (WEEKDAYS, "1/5/2024", "26/4/2024", 1, "2/5/2024"),
        # Tết 2024: from 8/2 to 14/2.
        (WEEKDAYS, "14/2/2024", "6/2/2024", 2, "7/2/2024"),
        (WEEKDAYS, "15/2/2024", "8/2/2024", 1, "16/2/2024"),
        # Weekends that count are still not worked through a holiday.
        (ALL_DAYS, "15/10/2023", "12/10/2023", 4, "13/10/2023"),
        (ALL_DAYS, "11/2/2024", "7/2/2024", 1, "15/2/2024"),
    ],
)
def test_holidays_at_the_end(days, due, start, days_left, forecast):
    windows = WINDOWS | {"review": (d("4/10"), d(due))}
    own = review_clock({"x": 20}, {"x": 50}, start=d(start), days=days, windows=windows)  # two days' work
    assert (own["days_left"], own["forecast"]) == (days_left, d(forecast).isoformat())


@pytest.mark.parametrize(
    ("day", "working"),
    [
        ("12/10", True),
        ("14/10", False),
        ("15/10", False),
        ("2/9", False),  # Quốc khánh
        ("1/9", False),  # the day before it
        ("4/9", False),  # its substitute, 2/9 being a Saturday
        ("29/4/2024", False),  # bridge day …
        ("4/5/2024", True),  # … made up for on this Saturday
        ("9/2/2024", False),  # Tết
        ("15/2/2024", True),
        ("1/1/2024", False),
    ],
)
def test_working_days_of_vietnam(day, working):
    assert WEEKDAYS.is_working(d(day)) == working


def test_count_and_add():
    assert WEEKDAYS.count(d("12/10"), d("18/10")) == 5
    assert WEEKDAYS.count(d("14/10"), d("15/10")) == 0
    assert WEEKDAYS.count(d("15/10"), d("12/10")) == 0
    assert WEEKDAYS.add(d("6/10"), 5) == d("13/10")
    assert WEEKDAYS.add(d("14/10"), 1) == d("16/10")
    assert WEEKDAYS.add(d("14/10"), 0) == d("14/10")
    assert WEEKDAYS.add(d("16/10"), -1) == d("13/10")
    assert ALL_DAYS.add(d("6/10"), 5) == d("11/10")


@pytest.mark.parametrize(
    ("as_of", "ended", "start"),
    [("12/10", False, "12/10"), ("11/10", False, "12/10"), ("20/10", False, "20/10"), ("12/10", True, "13/10")],
)
def test_today_still_counts_and_a_past_day_does_not(as_of, ended, start):
    assert counting_from(d(as_of), today=THURSDAY, ended=ended) == d(start)


def test_pace_is_of_the_last_five_whole_working_days():
    assert pace_days(WEEKDAYS, THURSDAY) == [d("5/10"), d("6/10"), d("9/10"), d("10/10"), d("11/10")]
    assert pace_days(WEEKDAYS, d("16/10"))[-1] == d("13/10")
    assert pace_days(WEEKDAYS, d("15/2/2024"))[-1] == d("7/2/2024")


def test_windows_of_both_registers(campaign):
    assert windows_of(campaign, CHILDREN) == WINDOWS
    assert windows_of(campaign, BENEFICIARIES) == {
        "review": (d("1/10"), d("15/10")),
        "police": (d("16/10"), d("23/10")),
        "update": (d("24/10"), d("30/10")),
        "report": (d("31/10"), d("14/11")),
    }


def test_police_windows_where_weekends_count_and_days_are_kept_otherwise(campaign):
    campaign.settings = campaign.settings | {"weekends_count": True, "update_days": 10}
    assert windows_of(campaign, CHILDREN)["police"] == (d("16/10"), d("30/10"))


def test_days_that_the_plan_names_win(campaign):
    window = campaign.window(CHILDREN, "police_check")
    window.first_day, window.last_day = d("18/10"), d("25/10")
    window.save()
    named = Campaign.objects.get()
    assert windows_of(named, CHILDREN)["police"] == (d("18/10"), d("25/10"))
    assert windows_of(named, CHILDREN)["update"] == (d("26/10"), d("9/11"))


def test_a_plan_without_time_for_the_police_leaves_them_one_day(campaign):
    campaign.settings = campaign.settings | {"update_days": 60}
    assert windows_of(campaign, BENEFICIARIES)["police"] == (d("16/10"), d("16/10"))


@pytest.mark.parametrize(
    ("register", "sent", "due", "said"),
    [
        (CHILDREN, "6/10", "13/10", ""),
        (CHILDREN, "11/10", "18/10", ""),
        (CHILDREN, "26/10", "2/11", ""),
        (CHILDREN, "27/10", "2/11", "Hẹn trả rút từ 03/11/2023 về 02/11/2023"),
        (BENEFICIARIES, "19/10", "23/10", "Hẹn trả rút từ 26/10/2023 về 23/10/2023"),
        (BENEFICIARIES, "23/10", "23/10", "về 23/10/2023"),
        (BENEFICIARIES, "24/10", "31/10", "đã hết từ 23/10/2023; lô này hẹn trả 31/10/2023"),
    ],
)
def test_a_batch_is_due_in_five_working_days_within_the_police_window(campaign, register, sent, due, said):
    batch = batch_due(campaign, register, d(sent))
    assert batch.day == d(due)
    assert said in batch.note
    assert bool(batch.note) == bool(said)


def test_a_batch_before_tet_is_due_after_it(campaign, system):
    tet = plan.load(FILE, by=system, first_day=d("20/1/2024"), code="qua-tet").campaign
    assert batch_due(tet, CHILDREN, d("6/2/2024")) == clock.BatchDue(d("20/2/2024"))


counts = st.dictionaries(st.sampled_from("abcd"), st.integers(0, 3000), min_size=4)
starts = st.dates(datetime.date(2023, 10, 1), datetime.date(2023, 12, 31))


@given(to_review=counts, reviewed=counts, start=starts)
def test_what_always_holds(to_review, reviewed, start):
    whole = review_clock(to_review, reviewed, start=start)
    own = [review_clock({code: n}, {code: reviewed[code]}, start=start) for code, n in to_review.items()]
    moving = [one["forecast"] for one in own if one["remaining"]]
    assert whole["remaining"] == sum(one["remaining"] for one in own)
    assert whole["forecast"] == (None if None in moving else max(moving, default=None))
    assert whole["on_time"] == all(one["on_time"] for one in own)
    if whole["forecast"]:
        assert start.isoformat() <= whole["sum_forecast"] <= whole["forecast"]
        assert WEEKDAYS.is_working(datetime.date.fromisoformat(whole["forecast"]))
    if whole["needed_per_day"]:
        assert whole["needed_per_day"] * whole["days_left"] >= whole["remaining"]


@given(day=starts, n=st.integers(0, 60))
def test_counting_undoes_adding(day, n):
    assert WEEKDAYS.count(day + datetime.timedelta(days=1), WEEKDAYS.add(day, n)) == n
