from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from campaigns.errors import WorkRefused
from campaigns.models import AuditEvent, Campaign, Commune, Register, User
from campaigns.permissions import NotAllowed
from reconciliation.models import Batch, BatchKind, BatchLine
from records import changes, imports
from records.models import ChangeKind, FileStatus, Finding, Record, SourceFile, StageChange
from records.undoing import Undone, foresee, undo_import
from tests.records.conftest import Receive
from tests.records.export_files import child
from tests.records.people import add_child

MANY = [child(n) for n in range(1, 31)]


def bring(receive: Receive, by: User, rows: object) -> SourceFile:
    file = receive(rows)
    imports.apply(file, by=by)
    return file


def register() -> list[dict[str, Any]]:
    """The register as people see it; a restored record has a higher version, and its stage was entered anew."""
    fields = [f.attname for f in Record._meta.concrete_fields if f.attname not in ("version", "stage_at")]
    return list(Record.objects.order_by("pk").values(*fields))


def open_findings() -> list[tuple[Any, ...]]:
    found = Finding.objects.filter(status="open")
    return sorted(found.values_list("record_id", "rule", "field", "severity", "value", "suggestion"))


def edit(record: Record, by: User, **fields: str) -> None:
    changes.apply(changes.open_change_set(record.campaign, ChangeKind.EDIT, by=by), {record.pk: fields})


def test_a_first_file_leaves_nothing_behind(receive: Receive, system: User) -> None:
    file = bring(receive, system, [*MANY, child(31, personal_number="", system_code="")])
    assert undo_import(file, by=system) == Undone(restored=0, removed=31, kept=[])
    assert (Record.objects.count(), Finding.objects.count(), StageChange.objects.count()) == (0, 0, 0)
    file.refresh_from_db()
    assert file.status == FileStatus.UNDONE
    assert file.rows.count() == 31
    assert AuditEvent.objects.filter(event="import_undone", target=file.code).count() == 1


def test_the_register_is_as_before(receive: Receive, system: User, campaign: Campaign) -> None:
    bring(receive, system, [*MANY, child(31, village="")])
    add_child(campaign, system, full_name="Lò Văn Ín", personal_number="")
    before, found = register(), open_findings()
    second = bring(
        receive, system,
        [
            *MANY[3:],
            child(1, phone="1"),
            child(31, personal_number="", full_name="Khác Hẳn"),
            child(40, personal_number=child(5)["personal_number"]),
            child(2), child(2),
            child(50, full_name="Lò Văn Ín", birth_date="12/05/2015", father_name="Mùa A Páo"),
        ],
    )  # fmt: skip
    assert Record.objects.get(full_name="Lò Văn Ín").system_code
    assert undo_import(second, by=system) == Undone(restored=4, removed=1, kept=[])
    assert register() == before
    assert open_findings() == found


def test_files_are_taken_back_one_after_the_other(receive: Receive, system: User) -> None:
    first = bring(receive, system, MANY)
    before = register()
    second = bring(receive, system, [child(1, phone="1"), *MANY[1:29], child(40)])
    undo_import(second, by=system)
    assert register() == before
    assert undo_import(first, by=system) == Undone(restored=0, removed=30, kept=[])


def test_what_was_touched_since_is_kept(receive: Receive, system: User) -> None:
    bring(receive, system, MANY)
    second = bring(
        receive,
        system,
        [child(1, phone="1"), child(2, phone="2"), child(3, phone="3"), *MANY[3:], child(40), child(41)],
    )
    changed, elsewhere, created = (Record.objects.get(system_code=child(n)["system_code"]) for n in (1, 2, 40))
    edit(changed, system, phone="7")
    edit(elsewhere, system, village="Cáo A")  # not what the file changed: its own changes can go
    edit(created, system, village="Cáo A")
    undone = undo_import(second, by=system)
    assert undone == Undone(restored=2, removed=1, kept=sorted([changed.row_code, created.row_code]))
    assert undone.why == {
        changed.row_code: "đã đổi sau tệp này: Số điện thoại", created.row_code: "đã đổi sau tệp này: Bản/tiểu khu",
    }  # fmt: skip
    for record, phone in ((changed, "7"), (elsewhere, "0912000111")):
        record.refresh_from_db()
        assert record.value("phone") == phone
    assert elsewhere.village == "Cáo A"
    assert Record.objects.filter(pk=created.pk).exists()


def test_what_another_step_stands_on_is_kept(
    receive: Receive, system: User, campaign: Campaign, lang_cheu: Commune
) -> None:
    file = bring(receive, system, [child(1), child(2)])
    record = Record.objects.get(system_code=child(1)["system_code"])
    batch = Batch.objects.create(
        campaign=campaign, register=Register.CHILDREN, commune=lang_cheu, kind=BatchKind.POLICE, code="CA-1", by=system,
        at=timezone.now(), due=campaign.first_day, rows=1,
    )  # fmt: skip
    BatchLine.objects.create(
        campaign=campaign, batch=batch, number=1, record=record, row_code=record.row_code, record_version=1
    )
    Finding.objects.create(
        campaign=campaign, record=record, rule="village.missing", field="village", severity="warning",
        first_seen_at=timezone.now(), status="confirmed", status_at=timezone.now(), by=system, note="đã xem",
    )  # fmt: skip
    seen = foresee(file, by=system)
    undone = undo_import(file, by=system)
    assert undone == seen == Undone(restored=0, removed=1, kept=[record.row_code])
    assert undone.why == seen.why
    assert undone.why[record.row_code] == "có người đã xác nhận là đúng; có dòng của lô dựa vào hồ sơ"
    file.refresh_from_db()
    assert file.counts["undone"]["why"] == undone.why


def test_what_a_later_file_vouches_for_is_kept(receive: Receive, system: User) -> None:
    first = bring(receive, system, MANY)
    bring(receive, system, MANY[:29])
    undone = undo_import(first, by=system)
    assert (undone.removed, len(undone.kept)) == (1, 29)
    assert {why: len(codes) for why, codes in undone.kept_by_reason().items()} == {
        "tệp TE-0002 cũng nói về người này": 29
    }


def test_the_same_file_twice_does_not_vouch_for_itself(receive: Receive, system: User) -> None:
    first = bring(receive, system, MANY)
    with first.file.open() as content:
        imports.apply(receive(content.read()), by=system)
    assert undo_import(first, by=system).removed == 30


def test_who_was_gone_is_back(receive: Receive, system: User) -> None:
    bring(receive, system, MANY)
    before, found = register(), open_findings()
    second = bring(receive, system, MANY[1:])
    assert undo_import(second, by=system) == Undone(restored=1, removed=0, kept=[])
    assert register() == before
    assert open_findings() == found


@pytest.mark.parametrize(("steps", "code"), [(0, "unknown_file"), (2, "already_undone")])
def test_only_an_applied_file_can_be_taken_back(receive: Receive, system: User, steps: int, code: str) -> None:
    file = receive([child(1)])
    if steps:
        imports.apply(file, by=system)
        undo_import(file, by=system)
    with pytest.raises(WorkRefused) as refused:
        undo_import(file, by=system)
    assert refused.value.code == code


def test_only_who_may_import_does(receive: Receive, system: User, officer: User) -> None:
    file = bring(receive, system, [child(1)])
    with pytest.raises(NotAllowed):
        undo_import(file, by=officer)
    assert Record.objects.count() == 1
