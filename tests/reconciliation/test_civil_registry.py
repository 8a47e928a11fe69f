from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.errors import WorkRefused
from campaigns.models import AuditEvent, Campaign, Commune, User
from campaigns.permissions import NotAllowed
from reconciliation.civil_registry import Newborns, import_newborns
from reconciliation.handback import take_back
from reconciliation.handover import send_batch
from reconciliation.models import Batch, BatchLine, Difference
from reconciliation.settling import decide, settle
from records import stages
from records.models import ChangeSet, Finding, Record, SourceFile, SourceRow, Stage
from tests.reconciliation.conftest import Sending
from tests.reconciliation.sent_lists import answered, content_of, rows_of
from tests.records.export_files import workbook
from tests.records.people import CHILD, add_child, exported_child

Import = Callable[..., Newborns]
Asked = Callable[..., tuple[Batch, list[Record]]]

HEADINGS = {
    "full_name": "Họ và tên",
    "birth_date": "Ngày sinh",
    "sex": "Giới tính",
    "ethnic_group": "Dân tộc",
    "personal_number": "Số định danh cá nhân",
    "father_name": "Họ tên cha",
    "mother_name": "Họ tên mẹ",
    "village": "Bản",
    "birth_certificate_number": "Số giấy khai sinh",
}
BIRTH = {key: CHILD.get(key, "") for key in HEADINGS} | {"birth_certificate_number": "43/2015"}


@pytest.fixture
def newborns(campaign: Campaign, lang_cheu: Commune, justice: User) -> Import:
    def _import(*births: dict[str, str], **options: Any) -> Newborns:
        content = workbook([{**BIRTH, **birth} for birth in births], headings=HEADINGS)
        by = options.pop("by", justice)
        return import_newborns(campaign, lang_cheu, by=by, name="khai-sinh.xlsx", content=content, **options)

    return _import


def counts(newborns: Newborns) -> tuple[int, ...]:
    return tuple(newborns.counts().values())


# rows, matched, filled, created, to_settle
CASES = [
    ("nobody is known", {}, {"full_name": "Mùa A Mới", "personal_number": ""}, (1, 0, 0, 1, 0)),
    ("known by number", {"birth_certificate_number": "43/2015"}, {"mother_name": ""}, (1, 1, 0, 0, 0)),
    ("known by number, certificate missing here", {}, {}, (1, 1, 1, 0, 0)),
    ("known by name, date and mother", {"personal_number": "", "father_name": ""}, {}, (1, 1, 1, 0, 0)),
    ("same name and date, other parents", {"personal_number": ""}, {"father_name": "Mùa A Tủa", "mother_name": "Lò Thị Inh"}, (1, 0, 0, 1, 0)),
    ("same name and parents, other date", {"personal_number": ""}, {"birth_date": "13/05/2015", "personal_number": ""}, (1, 0, 0, 1, 0)),
    ("another name under our number", {}, {"full_name": "Mùa A Chồng"}, (1, 1, 1, 0, 1)),
    ("another number", {}, {"personal_number": "014215009999"}, (1, 1, 1, 0, 1)),
    ("a number that does not fit", {"personal_number": ""}, {"personal_number": "014315001234"}, (1, 1, 1, 0, 1)),
    ("the same in other letters", {"birth_certificate_number": "43/2015"}, {"full_name": "MÙA A CHỐNG", "sex": "nam"}, (1, 1, 0, 0, 0)),
    ("the village in other words", {"birth_certificate_number": "43/2015"}, {"village": "Bản Khác"}, (1, 1, 0, 0, 0)),
]  # fmt: skip


@pytest.mark.parametrize(("case", "ours", "theirs", "expected"), CASES, ids=[c[0] for c in CASES])
def test_matching(
    campaign: Campaign, system: User, newborns: Import, case: str, ours: dict[str, str], theirs: dict[str, str],
    expected: tuple[int, ...],
) -> None:  # fmt: skip
    exported_child(campaign, system, "TE1", **ours)
    assert counts(newborns(theirs, dry_run=True)) == expected
    assert not SourceFile.objects.exists()
    imported = newborns(theirs)
    assert counts(imported) == expected
    assert Record.objects.count() == 1 + expected[3]
    assert bool(imported.batch) == bool(expected[4])


def test_gaps_are_filled_from_the_list(campaign: Campaign, system: User, newborns: Import) -> None:
    record = exported_child(campaign, system, "TE1", personal_number="")
    newborns({})
    record.refresh_from_db()
    assert record.personal_number == CHILD["personal_number"]
    assert record.value("birth_certificate_number") == "43/2015"
    change_set = ChangeSet.objects.get(kind="newborns")
    assert change_set.document == SourceFile.objects.get().code
    assert SourceRow.objects.get().outcome == "changed"
    assert AuditEvent.objects.filter(event="newborns_imported").count() == 1


def test_new_children_are_added_once(newborns: Import) -> None:
    twin = {"full_name": "Mùa A Hai", "personal_number": ""}
    imported = newborns({"full_name": "Mùa A Một", "personal_number": ""}, twin, twin)
    assert counts(imported) == (3, 1, 0, 2, 0)
    added = Record.objects.order_by("pk")
    assert [(r.full_name, r.is_new, r.stage) for r in added] == [
        ("Mùa A Một", True, Stage.TO_REVIEW), ("Mùa A Hai", True, Stage.TO_REVIEW),
    ]  # fmt: skip
    assert {r.commune.code for r in added if r.commune} == {"03874"}
    assert Finding.objects.filter(rule="record.new").count() == 2


def test_the_same_list_again_changes_nothing(campaign: Campaign, system: User, newborns: Import) -> None:
    exported_child(campaign, system, "TE1")
    rows = ({"full_name": "Mùa A Chồng"}, {"full_name": "Mùa A Mới", "personal_number": ""})
    newborns(*rows)
    before = list(Record.objects.order_by("pk").values("values", "version"))
    assert counts(newborns(*rows)) == (2, 2, 0, 0, 1)
    assert before == list(Record.objects.order_by("pk").values("values", "version"))
    assert Batch.objects.count() == 1


def test_the_same_list_again_finds_those_of_whom_it_says_little(newborns: Import) -> None:
    """Without a number and a parent nobody is matched, but a row that was there word for word before is."""
    birth = {"personal_number": "", "father_name": "", "mother_name": ""}
    assert newborns(birth | {"full_name": "Mùa A Sinh"}, birth | {"full_name": ""}).created == 2
    assert newborns(birth | {"full_name": "Mùa A Sinh"}, birth | {"full_name": ""}).created == 0
    assert newborns(birth | {"full_name": "Mùa A Sinh", "birth_date": "01/02/2014"}).created == 1


def test_contradictions_are_settled_like_an_answer_and_may_take_names(
    campaign: Campaign, system: User, newborns: Import, officer: User
) -> None:
    record = exported_child(campaign, system, "TE1")
    imported = newborns({"full_name": "Mùa A Chồng"})
    assert imported.batch == "LC-TE-KS-01"
    batch = Batch.objects.get()
    assert settle(batch, "theirs", by=officer).settled == 1
    record.refresh_from_db()
    assert record.full_name == "Mùa A Chồng"
    assert ChangeSet.objects.filter(kind="civil_registry").get().document == "LC-TE-KS-01"


def test_what_was_decided_is_not_asked_again(campaign: Campaign, system: User, newborns: Import, officer: User) -> None:
    exported_child(campaign, system, "TE1")
    newborns({"full_name": "Mùa A Chồng"})
    settle(Batch.objects.get(), "ours", by=officer)
    assert counts(newborns({"full_name": "Mùa A Chồng"})) == (1, 1, 0, 0, 0)


def test_a_child_of_another_commune_waits_for_the_district(campaign: Campaign, system: User, newborns: Import) -> None:
    record = exported_child(campaign, system, "TE1", commune="Xã Háng Đồng")
    imported = newborns({})
    assert counts(imported) == (1, 1, 0, 0, 1)
    assert any(record.row_code in note for note in imported.notes)
    record.refresh_from_db()
    assert "birth_certificate_number" not in record.values


def test_a_child_who_waited_for_registration_goes_on(campaign: Campaign, system: User, newborns: Import) -> None:
    record = exported_child(campaign, system, "TE1", personal_number="")
    stages.move(campaign, [record.pk], Stage.WITH_CIVIL_REGISTRY, by=system)
    newborns({})
    record.refresh_from_db()
    assert record.stage == Stage.CLEANED


def test_who_may_bring_newborns(newborns: Import, other_officer: User, officer: User, district: User) -> None:
    for person in (other_officer, officer):
        with pytest.raises(NotAllowed):
            newborns({}, by=person)
    assert newborns({}, by=district).created == 1


def test_no_heading(campaign: Campaign, lang_cheu: Commune, justice: User) -> None:
    with pytest.raises(WorkRefused) as refused:
        import_newborns(campaign, lang_cheu, by=justice, name="a.csv", content=b"a;b\n1;2\n")
    assert refused.value.code == "no_heading"


def test_newborns_cost_the_same_queries_for_many(newborns: Import) -> None:
    sizes = []
    for start, size in ((0, 2), (2, 8)):
        births = [{"full_name": f"Mùa A {'ABCDEGHKLM'[start + i]}inh", "personal_number": ""} for i in range(size)]
        with CaptureQueriesContext(connection) as queries:
            assert newborns(*births).created == size
        sizes.append(len(queries))
    assert sizes[0] == sizes[1]


# --- questions to the registry, out and back ---


@pytest.fixture
def asked(campaign: Campaign, officer: User, system: User, lang_cheu: Commune) -> Asked:
    """asked({…}, …) → a batch at the civil registry and its records."""

    def _asked(*people: dict[str, str]) -> tuple[Batch, list[Record]]:
        records = [add_child(campaign, system, **person) for person in people]
        ids = [record.pk for record in records]
        stages.move(campaign, ids, Stage.WITH_CIVIL_REGISTRY, by=system)
        batch = send_batch(campaign, "children", lang_cheu, "civil_registry", by=officer).batch
        return batch, list(Record.objects.filter(pk__in=ids).order_by("pk"))

    return _asked


def test_the_registry_has_its_own_columns_and_code(asked: Asked) -> None:
    batch, records = asked({})
    assert batch.code == "LC-TE-HT-01"
    assert rows_of(content_of(batch))[3][-5:] == [
        "Ghi chú", "Quyển số/Số đăng ký khai sinh", "Ngày đăng ký", "Cha đúng", "Mẹ đúng",
    ]  # fmt: skip
    assert Record.objects.get(pk=records[0].pk).stage == Stage.WITH_CIVIL_REGISTRY


def test_nobody_is_asked_twice(campaign: Campaign, asked: Asked, officer: User, lang_cheu: Commune) -> None:
    asked({})
    with pytest.raises(WorkRefused) as refused:
        send_batch(campaign, "children", lang_cheu, "civil_registry", by=officer)
    assert refused.value.code == "nothing_to_send"


def test_confirmed_particulars_make_a_record_clean(campaign: Campaign, asked: Asked, officer: User) -> None:
    batch, records = asked({"father_name": ""})
    content = answered(batch, {records[0].row_code: {"Mã kết quả": "K"}})
    taken = take_back(campaign, by=officer, name="ht.xlsx", content=content)
    assert taken.counts["accepted"] == 1
    assert Record.objects.get(pk=records[0].pk).stage == Stage.CLEANED
    finding = Finding.objects.get(rule="father.missing")
    assert (finding.status, finding.note) == ("confirmed", "Hộ tịch xác nhận, lô LC-TE-HT-01")


def test_names_dates_and_parents_may_be_taken(campaign: Campaign, asked: Asked, officer: User) -> None:
    batch, records = asked({})
    cells = {
        "Mã kết quả": "S", "Họ tên đúng": "Mùa A Chồng", "Ngày sinh đúng": "13/05/2015", "Cha đúng": "Mùa A Pao",
        "Quyển số/Số đăng ký khai sinh": "01/2015 số 43",
    }  # fmt: skip
    content = answered(batch, {records[0].row_code: cells})
    assert take_back(campaign, by=officer, name="ht.xlsx", content=content).counts["to_settle"] == 1
    assert Record.objects.get(pk=records[0].pk).stage == Stage.TO_SETTLE
    assert settle(batch, "theirs", by=officer).settled == 3
    record = Record.objects.get(pk=records[0].pk)
    assert (record.full_name, record.value("birth_date"), record.father_name) == (
        "Mùa A Chồng",
        "13/05/2015",
        "Mùa A Pao",
    )
    assert record.stage == Stage.CLEANED
    assert ChangeSet.objects.get(kind="civil_registry").document == "LC-TE-HT-01, khai sinh 01/2015 số 43"


def test_asking_the_registry_again(campaign: Campaign, asked: Asked, officer: User, lang_cheu: Commune) -> None:
    batch, records = asked({})
    content = answered(batch, {records[0].row_code: {"Mã kết quả": "X", "Ghi chú": "chờ sổ gốc"}})
    take_back(campaign, by=officer, name="ht.xlsx", content=content)
    decide(Difference.objects.get(), "ask_again", by=officer)
    again = send_batch(campaign, "children", lang_cheu, "civil_registry", by=officer).batch
    assert again.code == "LC-TE-HT-02"


def test_the_question_says_what_the_police_wrote(
    campaign: Campaign, sent: Sending, officer: User, lang_cheu: Commune
) -> None:
    batch, records = sent({}, {})
    answers = {
        records[0].row_code: {"Mã kết quả": "S", "Họ tên đúng": "Mùa A Chồng"},
        records[1].row_code: {"Mã kết quả": "G", "Ghi chú": "sinh tại nhà"},
    }
    take_back(campaign, by=officer, name="tra.xlsx", content=answered(batch, answers))
    decide(Difference.objects.get(), "civil_registry", by=officer)
    registry = send_batch(campaign, "children", lang_cheu, "civil_registry", by=officer).batch
    texts = {line.row_code: line.sent["Đề nghị"] for line in BatchLine.objects.filter(batch=registry)}
    assert "công an ghi “Mùa A Chồng”" in texts[records[0].row_code]
    assert texts[records[1].row_code].startswith("Chưa đăng ký khai sinh: đề nghị đăng ký")
