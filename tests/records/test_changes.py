from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from campaigns.errors import WorkRefused
from campaigns.models import Campaign, User
from records import changes
from records.history import origin_of, provenance
from records.models import Change, ChangeKind, Finding, Record, Stage
from tests.records.people import GOOD_NUMBER, add_child, exported_child


def edit(record: Record, by: User, kind: str = ChangeKind.EDIT, **fields: str) -> changes.Applied:
    change_set = changes.open_change_set(record.campaign, kind, by=by)
    return changes.apply(change_set, {record.pk: fields})


def open_rules(record: Record) -> set[str]:
    return set(Finding.objects.open().filter(record=record).values_list("rule", flat=True))


def test_a_new_person_is_judged_and_waits_for_review(campaign: Campaign, officer: User) -> None:
    record = add_child(campaign, officer, personal_number="14215001234")
    assert record.stage == Stage.TO_REVIEW
    assert open_rules(record) == {"number.lost_zero", "record.new"}
    assert record.commune is not None
    assert record.commune.code == "03874"


def test_an_edit_writes_the_value_what_follows_from_it_and_history(campaign: Campaign, officer: User) -> None:
    record = exported_child(campaign, officer, "TE1", personal_number="14215001234")
    applied = edit(record, officer, personal_number=GOOD_NUMBER)
    record.refresh_from_db()
    assert applied.changed == 1
    assert (record.value("personal_number"), record.personal_number, record.version) == (GOOD_NUMBER, GOOD_NUMBER, 2)
    change = Change.objects.get(record=record)
    assert (change.field, change.old, change.new) == ("personal_number", "14215001234", GOOD_NUMBER)
    assert Finding.objects.get(record=record, rule="number.lost_zero").status == "fixed"


def test_an_edit_that_changes_nothing_writes_nothing(campaign: Campaign, officer: User) -> None:
    record = exported_child(campaign, officer, "TE1")
    assert edit(record, officer, full_name="Mùa  A  Chống ").changed == 0
    assert not Change.objects.exists()


def test_a_clean_record_that_is_edited_is_reviewed_again(campaign: Campaign, officer: User) -> None:
    record = exported_child(campaign, officer, "TE1")
    assert record.stage == Stage.CLEANED
    edit(record, officer, village="Bản Cáo B")
    record.refresh_from_db()
    assert record.stage == Stage.TO_REVIEW


def test_a_shared_number_marks_both_and_clears_on_both(campaign: Campaign, officer: User) -> None:
    first = exported_child(campaign, officer, "TE1")
    second = exported_child(campaign, officer, "TE2", full_name="Mùa A Sình", personal_number="")
    edit(second, officer, personal_number=GOOD_NUMBER)
    first.refresh_from_db()
    assert "number.shared" in open_rules(first) & open_rules(second)
    assert first.stage == Stage.TO_REVIEW
    edit(second, officer, personal_number="014215009999")
    assert "number.shared" not in open_rules(first) | open_rules(second)


def test_a_stale_edit_shows_both_values_and_writes_neither(campaign: Campaign, officer: User) -> None:
    record = exported_child(campaign, officer, "TE1")
    seen = record.version
    edit(record, officer, village="Bản Cáo B")
    change_set = changes.open_change_set(campaign, ChangeKind.EDIT, by=officer)
    applied = changes.apply(change_set, {record.pk: {"village": "Bản Háng Cao"}}, versions={record.pk: seen})
    assert [(s.field, s.theirs, s.mine) for s in applied.stale] == [("village", "Bản Cáo B", "Bản Háng Cao")]
    assert applied.changed == 0
    other_field = changes.apply(change_set, {record.pk: {"permanent_address": "Bản Cáo B"}}, versions={record.pk: seen})
    assert (other_field.changed, other_field.stale) == (1, [])


def test_undo_restores_values_and_findings(campaign: Campaign, officer: User) -> None:
    record = exported_child(campaign, officer, "TE1", personal_number="14215001234")
    change_set = changes.open_change_set(campaign, ChangeKind.SUGGESTION, by=officer)
    changes.apply(change_set, {record.pk: {"personal_number": GOOD_NUMBER}})
    changes.undo(change_set, by=officer)
    record.refresh_from_db()
    assert record.value("personal_number") == "14215001234"
    assert "number.lost_zero" in open_rules(record)
    with pytest.raises(WorkRefused, match="đã được hoàn tác"):
        changes.undo(change_set, by=officer)


def test_undo_refuses_when_a_value_changed_since(campaign: Campaign, officer: User) -> None:
    record = exported_child(campaign, officer, "TE1")
    change_set = changes.open_change_set(campaign, ChangeKind.EDIT, by=officer)
    changes.apply(change_set, {record.pk: {"village": "Bản Cáo B"}})
    edit(record, officer, village="Bản Háng Cao")
    with pytest.raises(WorkRefused, match=record.row_code):
        changes.undo(change_set, by=officer)


def test_confirmed_stays_confirmed_until_its_own_cell_changes(campaign: Campaign, officer: User) -> None:
    record = exported_child(campaign, officer, "TE1", sex="Nữ")
    finding = Finding.objects.get(record=record, rule="number.sex")
    Finding.objects.filter(pk=finding.pk).update(
        status="confirmed", by=officer, status_at="2023-10-10T00:00Z", note="CCCD"
    )
    edit(record, officer, village="Bản Cáo B")
    finding.refresh_from_db()
    assert finding.status == "confirmed"
    edit(record, officer, personal_number="014215007777")
    finding.refresh_from_db()
    assert (finding.status, finding.by, finding.note) == ("open", None, "")


def test_provenance_names_the_last_standing_origin(campaign: Campaign, officer: User, district: User) -> None:
    record = exported_child(campaign, district, "TE1")
    undone = changes.open_change_set(campaign, ChangeKind.EDIT, by=officer)
    changes.apply(undone, {record.pk: {"village": "Bản Cáo B"}})
    changes.undo(undone, by=officer)
    police = changes.open_change_set(campaign, ChangeKind.POLICE, by=officer, document="LC-TE-01")
    changes.apply(police, {record.pk: {"personal_number": "014215004321"}})
    found = provenance([record])
    assert origin_of(found, record, "personal_number").came_from == "police"
    assert origin_of(found, record, "personal_number").document == "LC-TE-01"
    assert origin_of(found, record, "village").by == "phong-lao-dong"


def test_history_cannot_be_rewritten(campaign: Campaign, officer: User) -> None:
    record = exported_child(campaign, officer, "TE1")
    edit(record, officer, village="Bản Cáo B")
    with pytest.raises(DatabaseError, match="never changed or deleted"), transaction.atomic():
        Change.objects.update(new="khác")
    with pytest.raises(DatabaseError, match="never changed or deleted"), transaction.atomic():
        Change.objects.all().delete()


def test_as_many_queries_for_one_record_as_for_thirty(campaign: Campaign, officer: User) -> None:
    records = [exported_child(campaign, officer, f"TE{n}", full_name=f"Mùa A Páo{'abcdefghij'[n % 10]}{n // 10 * 'x'}",
                              personal_number=f"0142150{n:05d}") for n in range(31)]  # fmt: skip

    def queries(some: list[Record]) -> int:
        change_set = changes.open_change_set(campaign, ChangeKind.EDIT, by=officer)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            changes.apply(change_set, {r.pk: {"village": f"Bản {change_set.pk}"} for r in some})
        return len(captured)

    assert queries(records[:1]) == queries(records[1:])
