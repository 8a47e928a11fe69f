from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.errors import WorkRefused
from campaigns.models import AuditEvent, Campaign, Commune, User
from campaigns.permissions import NotAllowed
from records import changes, headings, imports, own_files, stages
from records.models import Change, ChangeKind, FileKind, FileStatus, Finding, Record, SourceFile, SourceRow, Stage
from records.reading.vietnamese import fold_words
from tests.records.conftest import Receive
from tests.records.export_files import HEADINGS, child, workbook
from tests.records.people import add_child

MANY = [child(n) for n in range(1, 31)]


def bring(receive: Receive, by: User, rows: object, anyway: str = "", **options: object) -> imports.Imported:
    return imports.apply(receive(rows, **options), by=by, anyway=anyway)


def counts(imported: imports.Imported) -> tuple[int, ...]:
    """rows, created, changed, unchanged, gone, skipped"""
    d = imported.difference
    return d.rows, d.created, d.changed, d.unchanged, d.gone, d.skipped


def record_of(number: int) -> Record:
    return Record.objects.get(system_code=child(number)["system_code"])


def edit(record: Record, by: User, **fields: str) -> None:
    change_set = changes.open_change_set(record.campaign, ChangeKind.EDIT, by=by)
    changes.apply(change_set, {record.pk: fields})


def everything() -> list[object]:
    """All that a preview, or an import that failed, must leave as it was."""
    return [
        list(Record.objects.order_by("pk").values()),
        list(Finding.objects.order_by("pk").values()),
        list(SourceRow.objects.order_by("pk").values_list("pk", "record_id")),
        Change.objects.count(),
    ]


def open_rules(record: Record) -> list[str]:
    return sorted(record.findings.filter(status="open").values_list("rule", flat=True))


def test_a_first_file_makes_the_register(receive: Receive, system: User, campaign: Campaign) -> None:
    rows = [child(1), child(2, personal_number="", mother_name=""), child(3, village="")]
    file = receive(rows)
    imported = imports.apply(file, by=system)
    told = imported.as_json()
    assert told.pop("columns") == HEADINGS
    assert "birth_certificate_number" in told.pop("absent")
    assert told.pop("seconds") > 0
    assert told == {
        "source_file": "TE-0001", "sha256": file.sha256, "sheet": "Sheet", "header_row": 4, "unmapped": ["STT"],
        "rows": 3, "created": 3, "changed": 0, "unchanged": 0, "gone": 0, "skipped": 0,
        "findings": {"mother.missing": 1, "number.missing": 1, "village.missing": 1}, "applied": True,
    }  # fmt: skip
    assert not imported.needs_person
    first, second, third = Record.objects.order_by("pk")
    assert (first.stage, second.stage, third.stage) == (Stage.CLEANED, Stage.TO_REVIEW, Stage.TO_REVIEW)
    assert first.values["birth_date"] == "02/03/2015"
    assert first.values["commune"] == "Xã Làng Chếu"
    assert first.commune is not None
    assert (first.commune.name, first.match_name) == ("Xã Làng Chếu", fold_words(first.full_name))
    assert first.source_row is not None
    assert first.source_row.cells[1:4] == [first.system_code, first.full_name, "02/03/2015"]
    assert [(s.old, s.new, s.by_id) for s in second.stage_changes.all()] == [("", "to_review", system.pk)]
    assert open_rules(second) == ["mother.missing", "number.missing"]
    assert AuditEvent.objects.filter(event="import_applied", target="TE-0001").count() == 1


def test_the_file_is_kept_byte_for_byte(receive: Receive, system: User) -> None:
    content = workbook([child(1)])
    file = receive(content)
    with file.file.open() as kept:
        assert kept.read() == content
    assert (file.code, file.size, file.status) == ("TE-0001", len(content), FileStatus.RECEIVED)
    assert receive(content).code == "TE-0002"


def test_codes_go_on_after_four_digits(receive: Receive) -> None:
    SourceFile.objects.filter(pk=receive([child(1)]).pk).update(code="TE-9999")
    assert [receive([child(1)]).code for _ in range(2)] == ["TE-10000", "TE-10001"]


def test_the_same_file_again_changes_nothing(receive: Receive, system: User) -> None:
    rows = [*MANY, child(31, system_code=""), child(32, system_code="", full_name="Lò Văn Ín"), child(3, phone="1")]
    first = bring(receive, system, rows)
    edit(Record.objects.get(full_name="Lò Văn Ín"), system, full_name="Lò Văn In", personal_number="")
    before = everything()[:2]
    again = bring(receive, system, rows)
    assert counts(first) == (33, 32, 0, 0, 0, 1)
    assert counts(again) == (33, 0, 0, 32, 0, 1)
    assert everything()[:2] == before
    assert not Change.objects.filter(change_set__source_file=again.source_file).exists()


def test_a_preview_says_what_applying_does_and_writes_nothing(receive: Receive, system: User) -> None:
    bring(receive, system, MANY)
    edit(record_of(4), system, mother_name="Sồng Thị Khác")
    rows = [
        *MANY[:2],
        child(3, phone="0987"),
        child(4, mother_name="Sồng Thị Mới"),
        *MANY[4:25],
        child(26, personal_number=""),
        child(40, personal_number=child(5)["personal_number"]),
        child(41),
        child(41, phone="2"),
    ]
    file = receive(rows)
    before = everything()
    preview = imports.compare(file, by=system)
    assert everything() == before
    assert file.status == FileStatus.READ
    assert not preview.applied
    done = imports.apply(file, by=system)
    assert counts(preview) == counts(done) == (29, 2, 3, 23, 4, 1)
    assert preview.findings == done.findings
    assert done.findings == {"number.missing": 1, "number.shared": 2, "record.gone": 4, "record.repeated": 1}
    assert preview.difference.examples == done.difference.examples
    assert done.applied


@pytest.mark.parametrize(
    ("ours", "theirs", "stands", "conflicts"),
    [
        (None, "0999", "0999", 0),  # only the ministry changed it
        ("0888", None, "0888", 0),  # only people changed it
        ("0888", "0999", "0888", 1),  # both, differently: ours stays
        ("0999", "0999", "0999", 0),  # both, to the same
        ("", "0999", "", 1),  # people emptied it
        (None, "", "", 0),  # the ministry emptied it
        (None, None, "0912000111", 0),
    ],
)
def test_three_way(
    receive: Receive, system: User, ours: str | None, theirs: str | None, stands: str, conflicts: int
) -> None:
    bring(receive, system, [child(1)])
    if ours is not None:
        edit(record_of(1), system, phone=ours)
    imported = bring(receive, system, [child(1) if theirs is None else child(1, phone=theirs)])
    assert record_of(1).value("phone") == stands
    assert imported.difference.conflicts == conflicts
    assert counts(imported)[2:4] == ((0, 1) if theirs is None else (1, 0))
    assert counts(bring(receive, system, imported_again(imported)))[3] == 1


def imported_again(imported: imports.Imported) -> bytes:
    with imported.source_file.file.open() as file:
        return bytes(file.read())


def test_what_stands_is_judged_together(receive: Receive, system: User) -> None:
    """The number is people's, the sex the ministry's: only the two together disagree."""
    bring(receive, system, [child(1, personal_number="")])
    edit(record_of(1), system, personal_number="014215000001")
    bring(receive, system, [child(1, personal_number="", sex="Nữ", full_name="Mùa Dợ")])
    record = record_of(1)
    assert (record.value("personal_number"), record.sex) == ("014215000001", "nu")
    assert open_rules(record) == ["number.sex"]
    assert record.stage == Stage.TO_REVIEW


def test_changes_are_recorded_with_the_pointer(receive: Receive, system: User) -> None:
    bring(receive, system, [child(1), child(2)])
    old = record_of(1)
    unchanged = record_of(2)
    imported = bring(receive, system, [child(1, phone="0999", village="Cáo A"), child(2)])
    record = record_of(1)
    assert record.version == old.version + 1
    assert record.source_row is not None
    assert record.source_row.source_file == imported.source_file
    assert set(Change.objects.filter(record=record).values_list("field", "old", "new")) == {
        ("phone", "0912000111", "0999"),
        ("village", "Suối Lộng", "Cáo A"),
        ("source_row", str(old.source_row_id), str(record.source_row_id)),
    }
    assert record_of(2).source_row_id == unchanged.source_row_id


def test_a_column_that_the_new_file_lacks_says_nothing(receive: Receive, system: User) -> None:
    bring(receive, system, [child(1)])
    without = {key: heading for key, heading in HEADINGS.items() if key != "phone"}
    imported = bring(receive, system, workbook([child(1, village="Cáo A")], headings=without))
    assert counts(imported)[2] == 1
    assert record_of(1).value("phone") == "0912000111"
    assert counts(bring(receive, system, [child(1, village="Cáo A", phone="0999")]))[2] == 1
    assert record_of(1).value("phone") == "0999"


def test_later_rows_of_one_code_are_held(receive: Receive, system: User) -> None:
    rows = [child(1), child(2), child(1, phone="2"), child(1, phone="3")]
    imported = bring(receive, system, rows)
    assert counts(imported) == (4, 2, 0, 0, 0, 2)
    assert imported.needs_person
    finding = Finding.objects.get(rule="record.repeated")
    assert (finding.record, finding.field, finding.value) == (record_of(1), "system_code", "dòng 5, 7, 8")
    held = SourceRow.objects.filter(outcome="held")
    assert list(held.values_list("row_number", "record_id")) == [(7, None), (8, None)]
    assert record_of(1).value("phone") == "0912000111"
    assert record_of(1).stage == Stage.TO_REVIEW
    bring(receive, system, rows[:2])
    finding.refresh_from_db()
    assert finding.status == "gone"


@pytest.mark.parametrize(
    ("added", "row", "adopted"),
    [
        ({}, {}, True),  # the same number and name
        ({"full_name": "Mùa A Khác"}, {}, False),
        ({"personal_number": ""}, {"personal_number": "014215000077"}, True),  # name, birth and both parents
        ({"personal_number": "", "father_name": ""}, {}, True),  # mother
        ({"personal_number": "", "mother_name": ""}, {}, True),  # father
        ({"personal_number": "", "mother_name": "", "father_name": ""}, {}, True),  # village
        ({"personal_number": "", "mother_name": "Lò Thị X", "father_name": "", "village": "Cáo B"}, {}, False),
        ({"personal_number": "", "birth_date": "01/01/2014"}, {}, False),
    ],
)  # fmt: skip
def test_a_person_added_by_hand_is_adopted(
    receive: Receive, system: User, campaign: Campaign, added: dict[str, str], row: dict[str, str], adopted: bool
) -> None:
    bring(receive, system, [child(n) for n in range(2, 6)])
    by_hand = add_child(campaign, system, **(child(1, system_code="") | {"commune": "Xã Làng Chếu"} | added))
    imported = bring(receive, system, [child(1, **row), *(child(n) for n in range(2, 6))])
    assert counts(imported)[1:4] == ((0, 1, 4) if adopted else (1, 0, 4))
    by_hand.refresh_from_db()
    assert by_hand.system_code == (child(1)["system_code"] if adopted else "")
    assert by_hand.value("system_code") == by_hand.system_code
    assert ("record.new" in open_rules(by_hand)) is not adopted


def test_twins_without_codes_keep_their_own_rows(receive: Receive, system: User) -> None:
    rows = [child(1, system_code="", personal_number=""), child(1, system_code="", personal_number="")]
    assert counts(bring(receive, system, rows)) == (2, 2, 0, 0, 0, 0)
    assert counts(bring(receive, system, rows)) == (2, 0, 0, 2, 0, 0)


def test_gone_and_back_again(receive: Receive, system: User) -> None:
    bring(receive, system, MANY)
    shorter = bring(receive, system, MANY[1:])
    assert counts(shorter) == (29, 0, 0, 29, 1, 0)
    record = record_of(1)
    assert (record.is_gone, record.stage, open_rules(record)) == (True, Stage.TO_REVIEW, ["record.gone"])
    assert counts(bring(receive, system, MANY[1:]))[4] == 0
    whole = bring(receive, system, MANY)
    assert counts(whole) == (30, 0, 0, 30, 0, 0)
    record.refresh_from_db()
    assert (record.is_gone, open_rules(record)) == (False, [])


def test_a_gone_record_is_compared_with_nobody(receive: Receive, system: User) -> None:
    shared = child(1)["personal_number"]
    bring(receive, system, [*MANY, child(40, personal_number=shared)])
    assert open_rules(record_of(40)) == ["number.shared"]
    bring(receive, system, [*MANY[1:], child(40, personal_number=shared)])
    assert open_rules(record_of(40)) == []


def test_a_commune_file_bounds_who_is_gone(receive: Receive, system: User, lang_cheu: Commune) -> None:
    others = [child(n, commune="Háng Đồng") for n in range(40, 45)]
    bring(receive, system, [*MANY, *others])
    without = {key: heading for key, heading in HEADINGS.items() if key != "commune"}
    imported = bring(receive, system, workbook(MANY[2:], headings=without), commune=lang_cheu)
    assert counts(imported) == (28, 0, 0, 28, 2, 0)
    assert sorted(Record.objects.filter(is_gone=True).values_list("system_code", flat=True)) == [
        child(1)["system_code"], child(2)["system_code"],
    ]  # fmt: skip


def test_a_partial_file_makes_nobody_gone(receive: Receive, system: User) -> None:
    bring(receive, system, MANY)
    assert counts(bring(receive, system, MANY[:3], partial=True)) == (3, 0, 0, 3, 0, 0)


def test_our_own_files_are_known_and_bring_corrections(receive: Receive, system: User) -> None:
    bring(receive, system, [*MANY, child(31, village="")])
    corrected = child(31, village="Cáo A")
    sheet = workbook([corrected], mark=own_files.MARK)
    imported = bring(receive, system, sheet)
    assert counts(imported) == (1, 0, 1, 0, 0, 0)
    assert (imported.source_file.partial, imported.source_file.kind) == (True, FileKind.ERRORS)
    assert counts(bring(receive, system, sheet)) == (1, 0, 0, 1, 0, 0)
    bring(receive, system, [*MANY, child(31, village="")])  # the ministry knows nothing of it yet
    assert record_of(31).value("village") == "Cáo A"


def test_the_row_code_column_names_the_record(receive: Receive, system: User) -> None:
    bring(receive, system, [*MANY, child(31, system_code="", full_name="Giàng A Lù", village="")])
    record = Record.objects.get(full_name="Giàng A Lù")
    row = child(31, system_code="", full_name="Giàng A Lử", village="Cáo A") | {"row_code": record.row_code.lower()}
    imported = bring(receive, system, workbook([row], headings={"row_code": "Mã dòng", **HEADINGS}))
    assert counts(imported) == (1, 0, 1, 0, 0, 0)
    record.refresh_from_db()
    assert (record.full_name, record.village) == ("Giàng A Lử", "Cáo A")


@pytest.mark.parametrize(
    ("stage", "row", "then"),
    [
        (Stage.UPLOADED, {"phone": "1"}, Stage.CLEANED),
        (Stage.UPLOADED, {"village": ""}, Stage.TO_REVIEW),
        (Stage.UPLOADED, {}, Stage.UPLOADED),
        (Stage.TO_REVIEW, {"phone": "1"}, Stage.CLEANED),
        (Stage.WITH_POLICE, {"village": ""}, Stage.WITH_POLICE),
    ],
)
def test_where_a_changed_record_stands(
    receive: Receive, system: User, campaign: Campaign, stage: str, row: dict[str, str], then: str
) -> None:
    bring(receive, system, [child(1), child(2)])
    for step in {"uploaded": ["uploaded"], "with_police": ["to_review", "ready_for_police", "with_police"]}.get(
        stage, ["to_review"]
    ):
        stages.move(campaign, [record_of(1).pk], step, by=system)
    bring(receive, system, [child(1, **row), child(2)])
    assert record_of(1).stage == then


def test_who_must_be_looked_up_is_not_made_clean_by_a_file(receive: Receive, system: User) -> None:
    bring(receive, system, [child(1), child(2)])
    edit(record_of(1), system, birth_date="09/09/2015")
    assert record_of(1).stage == Stage.TO_REVIEW
    bring(receive, system, [child(1, phone="1"), child(2)])
    assert record_of(1).stage == Stage.TO_REVIEW


def test_what_was_confirmed_stays_while_its_cell_does(receive: Receive, system: User) -> None:
    bring(receive, system, [child(1, mother_name=""), child(2)])
    Finding.objects.filter(rule="mother.missing").update(
        status="confirmed", by=system, status_at=record_of(1).created_at, note="chưa xác định được mẹ"
    )
    bring(receive, system, [child(1, mother_name="", phone="1"), child(2)])
    assert Finding.objects.get(rule="mother.missing").status == "confirmed"


def test_a_second_apply_is_harmless(receive: Receive, system: User) -> None:
    file = receive([child(1)])
    first = imports.apply(file, by=system)
    again = imports.apply(SourceFile.objects.get(pk=file.pk), by=system)
    assert again.as_json() == first.as_json()
    assert Record.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"\x00\x01\x02 not a workbook", "unreadable_file"),
        (workbook([]), "empty"),
        (workbook([{"a": "x"}], headings={"a": "Một cột lạ"}), "no_heading"),
    ],
)
def test_a_file_that_cannot_be_read_changes_nothing(receive: Receive, system: User, content: bytes, code: str) -> None:
    bring(receive, system, [child(1)])
    before = everything()
    file = receive(content)
    with pytest.raises(WorkRefused) as refused:
        imports.apply(file, by=system)
    assert refused.value.code == code
    file.refresh_from_db()
    assert (file.status, file.refused_because) == (FileStatus.REFUSED, refused.value.message)
    assert everything() == before


def test_only_who_may_import_does(receive: Receive, system: User, officer: User, district: User) -> None:
    file = receive([child(1)])
    for step in (imports.compare, imports.apply):
        with pytest.raises(NotAllowed):
            step(file, by=officer)
    assert imports.apply(file, by=district).applied


def test_a_chosen_column_is_remembered(receive: Receive, system: User) -> None:
    odd = HEADINGS | {"phone": "Liên lạc nhà"}
    file = receive(workbook([child(1)], headings=odd))
    summary = imports.inspect(file, by=system)
    assert summary["unmapped"] == ["STT", "Liên lạc nhà"]
    columns = summary["column_index"] | {"phone": summary["headings"].index("Liên lạc nhà")}
    headings.choose(file, by=system, sheet=None, columns=columns)
    imports.apply(file, by=system)
    assert record_of(1).value("phone") == "0912000111"
    imported = bring(receive, system, workbook([child(1, phone="0999")], headings=odd))
    assert imported.as_json()["unmapped"] == ["STT"]
    assert record_of(1).value("phone") == "0999"


def test_queries_do_not_grow_with_rows(receive: Receive, system: User) -> None:
    def queries(size: int) -> tuple[int, int]:
        start = size * 1000
        rows = [child(n) for n in range(start, start + size)]
        changed = [child(n, phone="1") for n in range(start, start + size)]
        made = receive(rows, partial=True)
        with CaptureQueriesContext(
            connection,
        ) as first:
            imports.apply(made, by=system)
        edited = receive(changed, partial=True)
        with CaptureQueriesContext(connection) as second:
            imports.apply(edited, by=system)
        return len(first), len(second)

    queries(3)
    assert queries(10) == queries(200)
