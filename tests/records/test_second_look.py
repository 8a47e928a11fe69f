"""Rows that would do something else than their preview said wait; the rest of the file is applied."""

from __future__ import annotations

import pytest

from campaigns.models import AuditEvent, User
from records import changes, imports, undoing
from records.models import Change, ChangeKind, Foreseen, Record, SourceFile, SourceRow
from tests.records.conftest import Receive
from tests.records.export_files import child

MANY = [child(n) for n in range(1, 31)]


def compared(receive: Receive, by: User, rows: object) -> SourceFile:
    file = receive(rows)
    imports.compare(file, by=by)
    return file


def counts(imported: imports.Imported) -> tuple[int, ...]:
    """created, changed, unchanged, skipped, waiting"""
    d = imported.difference
    return d.created, d.changed, d.unchanged, d.skipped, d.again


def record_of(number: int) -> Record:
    return Record.objects.get(system_code=child(number)["system_code"])


def edit(record: Record, by: User, **fields: str) -> None:
    changes.apply(changes.open_change_set(record.campaign, ChangeKind.EDIT, by=by), {record.pk: fields})


@pytest.fixture
def waiting(receive: Receive, system: User) -> SourceFile:
    """Three rows that change somebody, one new; meanwhile one of the three was edited."""
    imports.apply(receive(MANY), by=system)
    file = compared(receive, system, [*(child(n, phone="0999") for n in (1, 2, 3)), *MANY[3:], child(40)])
    edit(record_of(1), system, village="Cáo A")
    imported = imports.apply(file, by=system)
    assert counts(imported) == (1, 2, 27, 1, 1)
    assert imported.needs_person
    return file


def test_what_changed_since_the_preview_waits(waiting: SourceFile, system: User) -> None:
    assert [record_of(n).value("phone") for n in (1, 2, 3)] == ["0912000111", "0999", "0999"]
    row = SourceRow.objects.get(source_file=waiting, outcome="again")
    assert (row.record, row.cells[1]) == (record_of(1), child(1)["system_code"])
    assert waiting.counts["examples"]["again"] == [
        [5, child(1)["full_name"], record_of(1).row_code, "phone", "0912000111", "0912000111", "0999"]
    ]
    assert not Change.objects.filter(record=record_of(1), change_set__source_file=waiting).exists()


def test_after_a_second_look_it_is_applied(waiting: SourceFile, system: User, district: User) -> None:
    assert counts(imports.apply_rest(waiting, by=district)) == (1, 3, 27, 0, 0)
    record = record_of(1)
    assert (record.value("phone"), record.village) == ("0999", "Cáo A")
    assert record.source_row is not None
    assert record.source_row.source_file == waiting
    assert SourceRow.objects.filter(source_file=waiting).count() == 31
    assert not Foreseen.objects.filter(source_file=waiting).exists()
    change = Change.objects.get(record=record, field="phone")
    assert (change.change_set.by, change.change_set.source_file) == (district, waiting)
    assert AuditEvent.objects.filter(event="import_applied", target=waiting.code).count() == 2
    again = imports.apply_rest(waiting, by=district)
    assert counts(again) == (1, 3, 27, 0, 0)
    assert Change.objects.filter(record=record, field="phone").count() == 1


def test_what_changed_once_more_waits_on(waiting: SourceFile, system: User) -> None:
    edit(record_of(1), system, phone="0777")
    assert counts(imports.apply_rest(waiting, by=system))[3:] == (1, 1)
    imported = imports.apply_rest(waiting, by=system)
    assert counts(imported) == (1, 3, 27, 0, 0)
    assert imported.difference.conflicts == 1
    assert record_of(1).value("phone") == "0777"


def test_all_of_the_file_is_taken_back(waiting: SourceFile, system: User) -> None:
    imports.apply_rest(waiting, by=system)
    undone = undoing.undo_import(waiting, by=system)
    assert (undone.restored, undone.removed, undone.kept) == (3, 1, [])
    assert [record_of(n).value("phone") for n in (1, 2, 3)] == ["0912000111"] * 3
    assert record_of(1).village == "Cáo A"
    assert Record.objects.count() == 30


def test_two_people_import_at_once(receive: Receive, system: User, district: User) -> None:
    """Both looked at the register as it was; the second is told of what the first one did meanwhile."""
    imports.apply(receive(MANY), by=system)
    mine = compared(receive, system, [child(1, phone="1"), child(2, phone="1"), *MANY[2:], child(40, phone="1")])
    theirs = compared(receive, district, [child(1, phone="2"), *MANY[1:], child(40), child(41)])
    assert counts(imports.apply(theirs, by=district)) == (2, 1, 29, 0, 0)
    assert counts(imports.apply(mine, by=system)) == (0, 1, 28, 2, 2)
    assert [record_of(n).value("phone") for n in (1, 2, 40)] == ["2", "1", "0912000111"]
    assert not record_of(41).is_gone  # nobody has seen that they would be
    assert counts(imports.apply_rest(mine, by=system)) == (0, 3, 28, 0, 0)
    assert [record_of(n).value("phone") for n in (1, 40)] == ["1", "1"]


def test_who_was_there_at_the_preview_is_not_made_anew_unseen(receive: Receive, system: User) -> None:
    first = receive(MANY)
    imports.apply(first, by=system)
    file = compared(receive, system, MANY[:28])
    undoing.undo_import(first, by=system)
    assert counts(imports.apply(file, by=system)) == (0, 0, 0, 28, 28)
    assert Record.objects.count() == 0
    assert counts(imports.apply_rest(file, by=system)) == (28, 0, 0, 0, 0)


def test_a_file_that_nobody_looked_at_is_applied_whole(receive: Receive, system: User) -> None:
    file = receive(MANY)
    edit_later = compared(receive, system, MANY)
    assert counts(imports.apply(file, by=system))[0] == 30
    assert counts(imports.apply(edit_later, by=system)) == (0, 0, 30, 0, 0)
