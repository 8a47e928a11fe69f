"""The clock's words: nobody is late on the first day of a step."""

from __future__ import annotations

from typing import Any

import pytest

from campaigns import clock
from campaigns.models import Campaign
from reconciliation.clock_face import advice, not_begun, register_verdict, verdict


@pytest.fixture
def whole(campaign: Campaign) -> int:
    first, last = clock.windows_of(campaign, "children")[clock.REVIEW]
    return clock.WorkingDays(campaign).count(first, last)


def face(campaign: Campaign, days_left: int, **more: Any) -> dict[str, Any]:
    due = clock.windows_of(campaign, "children")[clock.REVIEW][1].isoformat()
    return {
        "step": clock.REVIEW, "due": due, "days_left": days_left, "remaining": 30, "needed_per_day": 2,
        "pace_per_day": 0.0, "forecast": None, "latest": None, "on_time": False, **more,
    }  # fmt: skip


def test_on_the_first_days_nobody_is_late(campaign: Campaign, whole: int) -> None:
    for gone in range(clock.PACE_DAYS):
        young = face(campaign, whole - gone)
        assert verdict(campaign, young) == "Chưa bắt đầu"
        assert advice(campaign, young, []) == "Mỗi ngày 2 hồ sơ là kịp."
    communes = [{"code": str(n), "name": f"Xã {n}", "clock": face(campaign, whole)} for n in range(3)]
    assert register_verdict(campaign, {"clock": face(campaign, whole), "communes": communes}) == "Chưa bắt đầu"


def test_after_a_week_without_a_move_it_is_late(campaign: Campaign, whole: int) -> None:
    old = face(campaign, whole - clock.PACE_DAYS)
    assert (not_begun(campaign, old), verdict(campaign, old)) == (False, "Muộn, chưa rõ ngày")
    communes = [{"code": str(n), "name": f"Xã {n}", "clock": old} for n in range(3)]
    assert register_verdict(campaign, {"clock": old, "communes": communes}) == "3 xã muộn"


def test_after_the_last_day_it_is_late(campaign: Campaign) -> None:
    assert verdict(campaign, face(campaign, 0)) == "Muộn, chưa rõ ngày"
