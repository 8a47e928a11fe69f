"""Where people stand once a file no longer says anything against them."""

from __future__ import annotations

import pytest

from campaigns.models import Campaign, User
from records import changes, imports, stages, undoing
from records.models import ChangeKind, Finding, Record, SourceFile, Stage
from tests.records.conftest import Receive
from tests.records.export_files import child

MANY = [child(n) for n in range(1, 31)]


def bring(receive: Receive, by: User, rows: object) -> SourceFile:
    file = receive(rows)
    imports.apply(file, by=by)
    return file


def record_of(number: int) -> Record:
    return Record.objects.get(system_code=child(number)["system_code"])


def edit(record: Record, by: User, **fields: str) -> None:
    changes.apply(changes.open_change_set(record.campaign, ChangeKind.EDIT, by=by), {record.pk: fields})


def looked_up(campaign: Campaign, by: User, number: int) -> None:
    """An identity field was corrected, and the police agreed."""
    edit(record_of(number), by, full_name="Mùa A Khác")
    for stage in (Stage.READY_FOR_POLICE, Stage.WITH_POLICE, Stage.CLEANED):
        stages.move(campaign, [record_of(number).pk], stage, by=by)


@pytest.mark.parametrize("before", [Stage.CLEANED, Stage.UPLOADED, "looked up"])
def test_who_is_back_stands_where_they_stood(receive: Receive, system: User, campaign: Campaign, before: str) -> None:
    bring(receive, system, MANY)
    if before == "looked up":
        looked_up(campaign, system, 1)
    else:
        stages.move(campaign, [record_of(1).pk], before, by=system)
    stood = record_of(1).stage
    bring(receive, system, MANY[1:])
    assert record_of(1).stage == Stage.TO_REVIEW
    back = bring(receive, system, MANY)
    assert record_of(1).stage == stood
    undoing.undo_import(back, by=system)
    assert record_of(1).stage == Stage.TO_REVIEW


def test_who_is_gone_before_the_list_left_is_looked_at_first(
    receive: Receive, system: User, campaign: Campaign
) -> None:
    bring(receive, system, MANY)
    stages.move(campaign, [record_of(1).pk, record_of(2).pk], Stage.READY_FOR_POLICE, by=system)
    gone = bring(receive, system, MANY[1:])
    assert record_of(1).stage == Stage.TO_REVIEW
    assert record_of(2).stage == Stage.READY_FOR_POLICE
    undoing.undo_import(gone, by=system)
    assert record_of(1).stage == Stage.READY_FOR_POLICE


def test_who_is_back_and_was_corrected_meanwhile_is_looked_up(receive: Receive, system: User) -> None:
    bring(receive, system, MANY)
    bring(receive, system, MANY[1:])
    edit(record_of(1), system, full_name="Mùa A Khác")
    edit(record_of(2), system, village="Cáo A")  # by hand, and nobody asked for a look at it
    bring(receive, system, MANY)
    assert record_of(1).stage == Stage.TO_REVIEW
    assert record_of(2).stage == Stage.TO_REVIEW


def test_who_is_back_with_something_else_open_stays(receive: Receive, system: User) -> None:
    bring(receive, system, MANY)
    bring(receive, system, MANY[1:])
    bring(receive, system, [child(1, village=""), *MANY[1:]])
    assert record_of(1).stage == Stage.TO_REVIEW


def test_a_changed_person_that_was_uploaded_is_clean_and_not_uploaded(
    receive: Receive, system: User, campaign: Campaign
) -> None:
    bring(receive, system, MANY)
    stages.move(campaign, [record_of(1).pk], Stage.UPLOADED, by=system)
    bring(receive, system, MANY[1:])
    bring(receive, system, [child(1, phone="0999"), *MANY[1:]])
    assert record_of(1).stage == Stage.CLEANED


def test_one_code_on_one_row_again(receive: Receive, system: User) -> None:
    bring(receive, system, [*MANY, child(1, phone="2")])
    assert record_of(1).stage == Stage.TO_REVIEW
    bring(receive, system, MANY)
    assert not Finding.objects.filter(status="open").exists()
    assert record_of(1).stage == Stage.CLEANED


def test_who_no_longer_shares_a_number(receive: Receive, system: User) -> None:
    shared = child(1)["personal_number"]
    bring(receive, system, [*MANY, child(40, personal_number=shared)])
    assert {record_of(n).stage for n in (1, 40)} == {Stage.TO_REVIEW}
    bring(receive, system, [*MANY, child(40)])
    assert {record_of(n).stage for n in (1, 40)} == {Stage.CLEANED}
