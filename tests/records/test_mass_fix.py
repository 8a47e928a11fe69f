from __future__ import annotations

import pytest

from campaigns.errors import WorkRefused
from campaigns.models import AuditEvent, Campaign, User
from campaigns.permissions import NotAllowed
from records import changes, mass_fix
from records.models import ChangeSet, Record, Stage
from tests.records.people import exported_child

NAMES = ("Chu", "Dê", "Giống", "Hù", "Kỷ", "Lử")


def people(campaign: Campaign, by: User, *villages: str) -> list[Record]:
    return [
        exported_child(campaign, by, f"TE{n}", full_name=f"Mùa A {name}", village=village, personal_number="")
        for n, (village, name) in enumerate(zip(villages, NAMES, strict=False))
    ]


def ways(campaign: Campaign, by: User, field: str = "village") -> list[list[tuple[str, int]]]:
    groups = mass_fix.groups_of(mass_fix.changeable(campaign, "children", by=by), field)
    return [[(way.text, way.count) for way in group.ways] for group in groups]


def test_ways_of_writing_one_place_stand_together(campaign: Campaign, officer: User, district: User) -> None:
    people(campaign, district, "Bản Suối Lềnh", "Bản Suối Lềnh", "suối lềnh", "Bản Suôi Lenh", "Bản Suối Lềnhh", "")
    groups = mass_fix.groups_of(mass_fix.changeable(campaign, "children", by=officer), "village")
    assert [way.is_same for way in groups[0].ways] == [True, True, False, True]  # a slip is not taken for granted
    assert ways(campaign, officer) == [
        [("Bản Suối Lềnh", 2), ("Bản Suôi Lenh", 1), ("Bản Suối Lềnhh", 1), ("suối lềnh", 1)],
        [("", 1)],
    ]


def test_a_letter_or_a_digit_tells_places_apart(campaign: Campaign, officer: User, district: User) -> None:
    people(campaign, district, "Bản Cáo A", "Bản Cáo B", "Tiểu khu 1", "Tiểu khu 2", "Bản Suối Song", "Bản Suối Lộng")
    assert all(len(group) == 1 for group in ways(campaign, officer))


def test_what_many_wrote_is_another_place(campaign: Campaign, officer: User, district: User) -> None:
    people(campaign, district, *["Bản Suối Tếnh"] * 3, *["Bản Suối Tênhh"] * 3)
    assert all(len(group) == 1 for group in ways(campaign, officer))


def test_one_change_set_is_undone_as_one(campaign: Campaign, officer: User, district: User) -> None:
    records = people(campaign, district, "Suối Lềnh", "Bản Suôi Lềnh", "Bản Suối Lềnh")
    change_set, changed = mass_fix.set_value(records, "village", "  Bản Suối   Lềnh", by=officer)
    assert changed == 2
    assert set(Record.objects.values_list("village", flat=True)) == {"Bản Suối Lềnh"}
    assert AuditEvent.objects.get(event="values_set").details == {"field": "village", "corrected": 2}
    assert change_set is not None
    changes.undo(change_set, by=officer)
    assert sorted(Record.objects.values_list("village", flat=True)) == ["Bản Suôi Lềnh", "Bản Suối Lềnh", "Suối Lềnh"]


@pytest.mark.parametrize("field", ["full_name", "birth_date", "personal_number", "sex", "mother_name"])
def test_who_a_person_is_is_never_set_for_many(campaign: Campaign, officer: User, district: User, field: str) -> None:
    records = people(campaign, district, "Bản Cáo A")
    with pytest.raises(WorkRefused, match="chỉ sửa từng người"):
        mass_fix.set_value(records, field, "Mùa A Chu", by=officer, document="Giấy khai sinh")
    assert not ChangeSet.objects.filter(kind="edit").exists()


def test_an_ethnic_group_needs_a_paper(campaign: Campaign, officer: User, district: User) -> None:
    records = people(campaign, district, "Bản Cáo A")
    with pytest.raises(WorkRefused, match="giấy tờ"):
        mass_fix.set_value(records, "ethnic_group", "Thái", by=officer)
    mass_fix.set_value(records, "ethnic_group", "Thái", by=officer, document="Giấy khai sinh")
    assert Record.objects.get().ethnic_group == "03"


def test_what_is_with_others_is_left_alone(campaign: Campaign, officer: User, district: User) -> None:
    at_police, here = people(campaign, district, "Suối Lềnh", "Bản Suối Lềnh")
    Record.objects.filter(pk=at_police.pk).update(stage=Stage.WITH_POLICE)
    assert list(mass_fix.changeable(campaign, "children", by=officer)) == [here]


def test_only_who_reviews(campaign: Campaign, leader: User, district: User) -> None:
    with pytest.raises(NotAllowed):
        mass_fix.set_value(people(campaign, district, "Bản Cáo A"), "village", "Bản Cáo B", by=leader)


def test_too_many_to_be_looked_at(
    campaign: Campaign, officer: User, district: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mass_fix, "MOST", 1)
    with pytest.raises(WorkRefused, match="tối đa 1 hồ sơ"):
        mass_fix.set_value(people(campaign, district, "Cáo A", "Cáo A"), "village", "Bản Cáo A", by=officer)
