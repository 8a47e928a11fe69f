from __future__ import annotations

import datetime
import json
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.models import Campaign, Commune, User
from campaigns.permissions import NotAllowed
from reconciliation import handover, progress_face
from reconciliation.models import Batch, BatchKind
from reconciliation.progress import moment, percent, progress
from records import changes, review, stages
from records.models import ChangeKind, Finding, Record, Stage, StageChange
from tests.records.people import add_child, exported_child

Day = datetime.date


def at(day: int, month: int = 10, hour: int = 9) -> datetime.datetime:
    return datetime.datetime(2023, month, day, hour, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


@pytest.fixture
def some_children(campaign: Campaign, district: User) -> list[Record]:
    """Six in scope (no number: group 1; one also without a mother: group 3), two clean, in Làng Chếu, since 3/10."""
    children = [
        exported_child(campaign, district, f"TE{n}", full_name=f"Mùa A {name}", personal_number="",
                       mother_name="" if n == 0 else "Giàng Thị Dợ")
        for n, name in enumerate(["Páo", "Dia", "Chu", "Lử", "Sềnh", "Mang"])
    ]  # fmt: skip
    children += [
        exported_child(campaign, district, "TE8"),
        add_child(campaign, district, personal_number="014215000009"),
    ]
    Record.objects.filter(pk=children[-1].pk).delete()
    Record.objects.update(created_at=at(3), stage_at=at(3))
    StageChange.objects.update(at=at(3))
    Finding.objects.update(first_seen_at=at(3))
    return children


@pytest.fixture
def two_days_of_work(some_children: list[Record], campaign: Campaign, officer: User) -> None:
    """Two leave review on 10/10 and are sent on 11/10; one of them comes back clean on 12/10."""
    ids = [r.pk for r in some_children[:2]]
    stages.move(campaign, ids, Stage.READY_FOR_POLICE, by=officer, at=at(10))
    stages.move(campaign, ids, Stage.WITH_POLICE, by=officer, at=at(11))
    stages.move(campaign, ids[:1], Stage.CLEANED, by=officer, at=at(12))


def on(campaign: Campaign, by: User, day: Day) -> dict:
    return progress(campaign, by=by, registers=["children"], at=moment(day))["registers"]["children"]


def test_figures_are_sums_that_close(campaign: Campaign, district: User, two_days_of_work: None) -> None:
    figures = on(campaign, district, Day(2023, 10, 12))
    assert (figures["total"], figures["in_scope"], figures["done"], figures["done_percent"]) == (7, 6, 1, 16.7)
    assert figures["groups"]["1"] == {"in_scope": 6, "done": 1}
    assert figures["groups"]["3"] == {"in_scope": 1, "done": 1}
    assert sum(figures["stages"].values()) == figures["in_scope"]
    assert figures["stages"] | {"to_review": 4, "with_police": 1, "cleaned": 1} == figures["stages"]
    for key in ("total", "in_scope", "done"):
        assert sum(c[key] for c in figures["communes"]) == figures[key]
    assert len(figures["communes"]) == 16


def test_a_past_day_stays_what_it_was(campaign: Campaign, district: User, two_days_of_work: None) -> None:
    assert on(campaign, district, Day(2023, 10, 2))["total"] == 0
    assert on(campaign, district, Day(2023, 10, 9))["stages"]["to_review"] == 6
    assert on(campaign, district, Day(2023, 10, 10))["stages"]["ready_for_police"] == 2
    assert on(campaign, district, Day(2023, 10, 11))["stages"]["with_police"] == 2


def test_who_moves_to_another_commune_stays_where_a_past_day_had_them(
    campaign: Campaign, district: User, two_days_of_work: None
) -> None:
    before = {day: on(campaign, district, Day(2023, 10, day)) for day in (9, 12)}
    moved = {pk: {"commune": "Xã Song Pe"} for pk in Record.objects.values_list("pk", flat=True)[:3]}
    changes.apply(changes.open_change_set(campaign, ChangeKind.EDIT, by=district), moved)
    assert {day: on(campaign, district, Day(2023, 10, day)) for day in (9, 12)} == before
    now = {c["code"]: c["total"] for c in progress(campaign, by=district)["registers"]["children"]["communes"]}
    assert (now["03874"], now["03883"]) == (4, 3)


def test_the_clock_counts_from_the_day_after_a_past_day(
    campaign: Campaign, district: User, two_days_of_work: None
) -> None:
    clock = on(campaign, district, Day(2023, 10, 12))["clock"]
    # Two left review in the last five working days: 0.4 a day, so ten days for four; one working day is left.
    assert clock == {
        "step": "review", "due": "2023-10-15", "days_left": 1, "remaining": 4, "needed_per_day": 4, "pace_per_day": 0.4,
        "forecast": "2023-10-26", "sum_forecast": "2023-10-26", "latest": {"code": "03874", "name": "Xã Làng Chếu"},
        "on_time": False,
    }  # fmt: skip


def test_an_officer_sees_the_own_commune_only(campaign: Campaign, other_officer: User, two_days_of_work: None) -> None:
    figures = on(campaign, other_officer, Day(2023, 10, 12))
    assert (figures["total"], [c["code"] for c in figures["communes"]]) == (0, ["03869"])


def test_police_of_a_commune_see_no_figures(campaign: Campaign, police: User) -> None:
    with pytest.raises(NotAllowed):
        progress(campaign, by=police)


def test_confirming_takes_no_record_out_of_scope(
    campaign: Campaign, district: User, some_children: list[Record]
) -> None:
    before = progress(campaign, by=district)["registers"]["children"]["in_scope"]
    review.confirm(Finding.objects.filter(rule="mother.missing"), note="Chưa xác định được mẹ", by=district)
    assert progress(campaign, by=district)["registers"]["children"]["in_scope"] == before


def test_the_command_prints_one_json_object(campaign: Campaign, two_days_of_work: None, lang_cheu: Commune) -> None:
    out = StringIO()
    call_command("progress", "--json", "--date", "2023-10-12", "--register", "children", stdout=out)
    printed = json.loads(out.getvalue())
    assert (printed["campaign"], printed["as_of"], list(printed["registers"])) == (
        campaign.code,
        "2023-10-12",
        ["children"],
    )


def test_four_queries_however_many_records(campaign: Campaign, district: User, some_children: list[Record]) -> None:
    with CaptureQueriesContext(connection) as captured:
        progress(campaign, by=district)
    assert len(captured) == 4


@pytest.mark.parametrize(("done", "of", "expected"), [(0, 0, 100.0), (0, 9, 0.0), (1, 3, 33.3), (9999, 10000, 99.9)])
def test_percent_reaches_100_only_at_the_end(done: int, of: int, expected: float) -> None:
    assert percent(done, of) == expected


def test_care_support_of_a_past_day_follows_the_category_of_that_day(campaign: Campaign, district: User) -> None:
    added = changes.open_change_set(campaign, ChangeKind.NEW_PERSON, by=district)
    fields = {"system_code": "BT1", "full_name": "Thào Thị Chía", "category": "Nhận chăm sóc NCT"}
    record = changes.add_person(campaign, "beneficiaries", fields, change_set=added)
    assert record.care_support
    Record.objects.update(created_at=at(3))
    edit = changes.open_change_set(campaign, ChangeKind.EDIT, by=district)
    changes.apply(edit, {record.pk: {"category": "Khoản 8"}})

    def care_support(day: Day | None) -> int:
        figures = progress(campaign, by=district, registers=["beneficiaries"], at=moment(day))
        return figures["registers"]["beneficiaries"]["additional"]["care_support"]

    assert (care_support(Day(2023, 10, 5)), care_support(None)) == (1, 0)


def test_a_list_due_on_a_past_day_is_overdue_at_its_end(
    campaign: Campaign, district: User, officer: User, some_children: list[Record], lang_cheu: Commune
) -> None:
    stages.move(campaign, [some_children[0].pk], Stage.READY_FOR_POLICE, by=officer, at=at(4))
    batch = handover.send_batch(campaign, "children", lang_cheu, BatchKind.POLICE, by=officer).batch
    Batch.objects.filter(pk=batch.pk).update(at=at(4), due=Day(2023, 10, 11))

    def overdue(day: int) -> tuple[int, int]:
        then = moment(Day(2023, 10, day))
        communes = progress(campaign, by=district, registers=["children"], at=then)["registers"]["children"]["communes"]
        shown = progress_face.overdue_batches(campaign, "children", then, by=district)
        return sum(c["overdue_batches"] for c in communes), len(shown)

    assert [overdue(day) for day in (10, 11, 12)] == [(0, 0), (1, 1), (1, 1)]
