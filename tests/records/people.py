"""Invented people for the tests of steps, brought in through the one door."""

from __future__ import annotations

from campaigns.models import Campaign, User
from records import changes, stages
from records.models import ChangeKind, Record

GOOD_NUMBER = "014215001234"  # Sơn La, male, born 2015

CHILD = {
    "full_name": "Mùa A Chống",
    "birth_date": "12/05/2015",
    "sex": "Nam",
    "ethnic_group": "Mông",
    "personal_number": GOOD_NUMBER,
    "father_name": "Mùa A Páo",
    "mother_name": "Giàng Thị Dợ",
    "commune": "Xã Làng Chếu",
    "village": "Bản Cáo A",
    "permanent_address": "Bản Cáo A, xã Làng Chếu",
}


def add_child(campaign: Campaign, by: User, **fields: str) -> Record:
    change_set = changes.open_change_set(campaign, ChangeKind.NEW_PERSON, by=by)
    return changes.add_person(campaign, "children", {**CHILD, **fields}, change_set=change_set)


def exported_child(campaign: Campaign, by: User, code: str, **fields: str) -> Record:
    """A child as an import leaves one: with the ministry's code, cleaned or to review by its findings."""
    record = add_child(campaign, by, system_code=code, **fields)
    Record.objects.filter(pk=record.pk).update(is_new=False)
    stages.move_to_clean_or_review(campaign, [record.pk], by=by)
    record.refresh_from_db()
    return record
