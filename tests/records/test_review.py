from __future__ import annotations

import pytest

from campaigns.errors import WorkRefused
from campaigns.models import AuditEvent, Campaign, Commune, User
from campaigns.permissions import NotAllowed
from records import changes, exclusions, review
from records.models import ChangeKind, Finding, Record, Stage
from records.reading.rules import CONFIRM_NOTES
from tests.records.people import CHILD, GOOD_NUMBER, add_child, exported_child


def stage_of(record: Record) -> str:
    return Record.objects.get(pk=record.pk).stage


def test_suggestions_are_one_change_set_that_can_be_undone(campaign: Campaign, officer: User) -> None:
    lost = exported_child(campaign, officer, "TE1", personal_number="14215001234")
    short = exported_child(campaign, officer, "TE2", full_name="Mùa A Sình", personal_number="1421500")
    accepted = review.accept_suggestions(campaign, "children", ["number.lost_zero", "number.length"], by=officer)
    assert (accepted.corrected, accepted.left) == (1, 1)
    assert Record.objects.get(pk=lost.pk).personal_number == GOOD_NUMBER
    assert Record.objects.get(pk=short.pk).value("personal_number") == "1421500"
    assert accepted.change_set is not None
    changes.undo(accepted.change_set, by=officer)
    assert Record.objects.get(pk=lost.pk).value("personal_number") == "14215001234"


def test_suggestions_stay_in_the_own_commune(campaign: Campaign, officer: User, other_officer: User) -> None:
    exported_child(campaign, officer, "TE1", personal_number="14215001234")
    assert review.accept_suggestions(campaign, "children", ["number.lost_zero"], by=other_officer).corrected == 0


def test_an_unknown_rule_is_refused(campaign: Campaign, officer: User) -> None:
    with pytest.raises(WorkRefused, match=r"number\.nonsense"):
        review.accept_suggestions(campaign, "children", ["number.nonsense"], by=officer)


def test_a_legal_field_needs_a_paper(campaign: Campaign, officer: User) -> None:
    record = exported_child(campaign, officer, "TE1")
    with pytest.raises(WorkRefused, match="giấy tờ"):
        review.correct(record, {"full_name": "Mùa A Chồng"}, by=officer, version=1)
    change_set, _ = review.correct(
        record, {"full_name": "Mùa A Chồng"}, by=officer, version=1, document="Giấy khai sinh"
    )
    assert change_set is not None
    assert change_set.document == "Giấy khai sinh"


@pytest.mark.parametrize(
    ("fields", "note", "message"),
    [
        ({"personal_number": "14215001234"}, "Giấy khai sinh", "chỉ hết khi sửa"),  # only a correction settles it
        ({"sex": "Nữ"}, CONFIRM_NOTES[0], "cần ghi giấy tờ"),  # an error needs a paper
        ({"father_name": ""}, " ", "Ghi rõ vì sao"),
    ],
)
def test_what_cannot_be_confirmed(
    campaign: Campaign, officer: User, fields: dict[str, str], note: str, message: str
) -> None:
    record = exported_child(campaign, officer, "TE1", **fields)
    with pytest.raises(WorkRefused, match=message):
        review.confirm(Finding.objects.blocking().filter(record=record), note=note, by=officer)


def test_mark_reviewed_sends_each_record_where_it_belongs(
    campaign: Campaign, officer: User, lang_cheu: Commune, district: User
) -> None:
    no_number = exported_child(campaign, district, "TE1", personal_number="")
    new = add_child(campaign, officer, full_name="Mùa A Dia", personal_number="014215000002")
    nameless = exported_child(campaign, district, "TE2", full_name="", personal_number="")
    no_father = exported_child(
        campaign, district, "TE3", full_name="Mùa A Tủa", father_name="", personal_number="014215000003"
    )
    confirmed = exported_child(
        campaign, district, "TE4", full_name="Mùa A Say", father_name="", personal_number="014215000004"
    )
    review.confirm(Finding.objects.filter(record=confirmed), note="chưa xác định được cha", by=officer)
    renamed = exported_child(campaign, district, "TE5", full_name="Mùa A Nủ", personal_number="014215000005")
    review.correct(renamed, {"full_name": "Mùa A Nử"}, by=officer, version=1, document="Giấy khai sinh")

    reviewed = review.mark_reviewed(campaign, "children", lang_cheu, by=officer)

    assert (reviewed.ready_for_police, reviewed.cleaned, reviewed.still_open) == (3, 1, 2)
    assert [stage_of(r) for r in (no_number, new, renamed)] == [Stage.READY_FOR_POLICE] * 3
    assert stage_of(confirmed) == Stage.CLEANED
    assert [stage_of(r) for r in (nameless, no_father)] == [Stage.TO_REVIEW] * 2
    assert AuditEvent.objects.filter(event="review_closed", commune_code="03874").count() == 1


def test_another_commune_is_left_alone(
    campaign: Campaign, other_officer: User, officer: User, lang_cheu: Commune
) -> None:
    record = exported_child(campaign, officer, "TE1", personal_number="")
    with pytest.raises(NotAllowed):
        review.mark_reviewed(campaign, "children", lang_cheu, by=other_officer)
    assert stage_of(record) == Stage.TO_REVIEW


def test_a_person_of_another_commune_cannot_be_added(campaign: Campaign, officer: User) -> None:
    with pytest.raises(NotAllowed):
        review.add_person(campaign, "children", {**CHILD, "commune": "Xã Háng Đồng"}, by=officer)
    assert not Record.objects.exists()


def test_leaving_the_register_takes_two_people(
    campaign: Campaign, officer: User, second_officer: User, district: User
) -> None:
    record = exported_child(campaign, district, "TE1")
    [request] = exclusions.ask_exclusion([record], reason="dead", document="Trích lục khai tử 3/2023", by=officer)
    assert stage_of(record) == Stage.CLEANED
    with pytest.raises(NotAllowed, match="Người thứ hai"):
        exclusions.decide_exclusion(request, agree=True, by=officer)
    assert exclusions.decide_exclusion(request, agree=True, by=second_officer) == 1
    assert stage_of(record) == Stage.EXCLUDED
    with pytest.raises(WorkRefused, match="đã có quyết định"):
        exclusions.decide_exclusion(request, agree=False, by=district)


def test_an_excluded_person_no_longer_shares_a_number(campaign: Campaign, officer: User, district: User) -> None:
    first = exported_child(campaign, officer, "TE1")
    second = exported_child(campaign, officer, "TE2", full_name="Mùa A Sình")
    [request] = exclusions.ask_exclusion([second], reason="duplicate", document="cùng một trẻ", by=officer)
    exclusions.decide_exclusion(request, agree=True, by=district)
    assert Finding.objects.get(record=first, rule="number.shared").status == "gone"


def test_leaders_review_nothing(campaign: Campaign, leader: User, lang_cheu: Commune) -> None:
    with pytest.raises(NotAllowed):
        review.mark_reviewed(campaign, "children", lang_cheu, by=leader)


def test_change_kinds_that_fill_a_clean_record_from_the_registry_do_not_reopen_it(
    campaign: Campaign, officer: User
) -> None:
    record = exported_child(campaign, officer, "TE1")
    change_set = changes.open_change_set(campaign, ChangeKind.CIVIL_REGISTRY, by=officer)
    changes.apply(change_set, {record.pk: {"village": "Bản Cáo B"}})
    assert stage_of(record) == Stage.CLEANED
