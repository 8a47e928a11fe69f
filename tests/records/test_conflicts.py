"""What people corrected and a new file changed too is decided by a person, field by field."""

from __future__ import annotations

import pytest

from campaigns.errors import WorkRefused
from campaigns.models import AuditEvent, User
from campaigns.permissions import NotAllowed
from records import changes, conflicts, imports, taking_back, undoing
from records.models import ChangeKind, Conflict, Record, SourceFile
from tests.records.conftest import Receive
from tests.records.export_files import child


def record_of(number: int) -> Record:
    return Record.objects.get(system_code=child(number)["system_code"])


def edit(record: Record, by: User, **fields: str) -> None:
    changes.apply(changes.open_change_set(record.campaign, ChangeKind.EDIT, by=by), {record.pk: fields})


@pytest.fixture
def file(receive: Receive, system: User) -> SourceFile:
    """Of two people both sides changed the telephone, of one the village too."""
    imports.apply(receive([child(1), child(2), child(3)]), by=system)
    edit(record_of(1), system, phone="0888", village="Cáo A")
    edit(record_of(2), system, phone="0888")
    edit(record_of(3), system, phone="0888")
    rows = [child(1, phone="0999", village="Cáo B"), child(2, phone="0999"), child(3)]
    source_file = receive(rows)
    assert imports.apply(source_file, by=system).difference.conflicts == 3
    return source_file


def chosen(file: SourceFile, sides: dict[tuple[int, str], str], by: User) -> conflicts.Decided:
    """(child, field) → side"""
    found = {(c.record.system_code, c.field): c for c in file.conflicts.select_related("record")}
    choices = {found[child(n)["system_code"], field].pk: side for (n, field), side in sides.items()}
    versions = {c.record_id: c.record.version for c in found.values()}
    return conflicts.decide(file, choices, by=by, versions=versions)


def left() -> list[tuple[int, str]]:
    return list(Conflict.objects.undecided().values_list("row_number", "field"))


def test_the_three_values_are_remembered(file: SourceFile) -> None:
    assert list(file.conflicts.values_list("row_number", "field", "base", "ours", "theirs")) == [
        (5, "phone", "0912000111", "0888", "0999"),
        (5, "village", "Suối Lộng", "Cáo A", "Cáo B"),
        (6, "phone", "0912000111", "0888", "0999"),
    ]


def test_each_field_is_decided_by_itself_and_taken_back_as_one(file: SourceFile, district: User, system: User) -> None:
    decided = chosen(file, {(1, "phone"): "theirs", (1, "village"): "ours", (2, "phone"): "theirs"}, district)
    assert (decided.theirs, decided.ours, decided.stale) == (2, 1, 0)
    assert [record_of(n).value("phone") for n in (1, 2)] == ["0999", "0999"]
    assert record_of(1).village == "Cáo A"
    assert left() == []
    assert AuditEvent.objects.filter(event="import_conflicts_decided", target=file.code).count() == 1
    assert decided.change_set is not None
    assert decided.change_set.document == file.code
    taking_back.take_back(decided.change_set, by=district)
    assert [record_of(n).value("phone") for n in (1, 2)] == ["0888", "0888"]
    assert left() == [(5, "phone"), (6, "phone")]


def test_what_the_file_says_again_is_no_news(file: SourceFile, receive: Receive, district: User) -> None:
    chosen(file, {(1, "phone"): "ours"}, district)
    with file.file.open() as content:
        again = receive(content.read())
    assert imports.apply(again, by=district).difference.unchanged == 3
    assert not again.conflicts.exists()


def test_what_has_changed_since_it_was_shown_is_left(file: SourceFile, district: User) -> None:
    phone = file.conflicts.get(row_number=6)
    shown = {phone.record_id: record_of(2).version}
    edit(record_of(2), district, phone="0777")
    decided = conflicts.decide(file, {phone.pk: "theirs"}, by=district, versions=shown)
    assert (decided.theirs, decided.stale, decided.change_set) == (0, 1, None)
    assert record_of(2).value("phone") == "0777"
    assert (6, "phone") in left()


def test_files_are_taken_back_with_what_was_in_conflict(file: SourceFile, district: User, system: User) -> None:
    chosen(file, {(2, "phone"): "theirs"}, district)
    undoing.undo_import(file, by=system)
    first = SourceFile.objects.get(code="TE-0001")
    undone = undoing.undo_import(first, by=system)
    assert (undone.removed, len(undone.kept)) == (0, 3)
    with pytest.raises(WorkRefused):
        chosen(SourceFile.objects.get(pk=file.pk), {(1, "phone"): "theirs"}, district)


def test_only_who_may_import_decides(file: SourceFile, officer: User) -> None:
    with pytest.raises(NotAllowed):
        chosen(file, {(1, "phone"): "theirs"}, officer)
