"""Who belongs to whom, and who may be one person: for a person's page."""

from __future__ import annotations

import re
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from campaigns.models import User
from campaigns.permissions import Permission, has
from records.models import Finding, Record
from records.private import shown, unseen_by
from records.reading.personal_number import number_year, usable_number
from records.views.columns import label_of
from records.views.grid import Said

_NAMING_RULES = ("record.possible_duplicate", "record.repeated", "record.in_both_registers")
_MOST_NAMED = 50
_CODES = re.compile(r"[A-Z0-9]{6}")
MOST_OTHERS = 3  # people put beside one another
_COMPARED = (
    "full_name", "birth_date", "sex", "ethnic_group", "personal_number", "father_name", "mother_name",
    "village", "system_code",
)  # fmt: skip


def household(record: Record, user: User) -> list[dict[str, Any]]:
    """Parents as this row names them, then brothers and sisters: the same father and mother (folded) in the commune.
    One query."""
    members = [member for member in (_parent(record, "father", user), _parent(record, "mother", user)) if member]
    for sibling in _siblings(record, user):
        members.append(
            {
                "role": _role(record, sibling),
                "name": sibling.full_name or "(chưa có tên)",
                "born": sibling.value("birth_date"),
                "url": reverse("record", args=[sibling.row_code]),
                "is_twin": _is_twin(record, sibling),
            }
        )
    return members


def _parent(record: Record, who: str, user: User) -> dict[str, Any] | None:
    name = record.value(f"{who}_name")
    if not name:
        return None
    number = usable_number(record.value(f"{who}_number")) if has(user, Permission.SEE_NUMBERS) else ""
    return {
        "role": {"father": "Cha", "mother": "Mẹ"}[who],
        "name": name,
        "born": str(number_year(number)) if number else "",
        "url": "",
        "is_twin": False,
    }


def _siblings(record: Record, user: User) -> list[Record]:
    father, mother = record.father_match, record.mother_match
    if not (father or mother) or record.commune_id is None:
        return []
    same = Record.objects.for_user(user).register(record.campaign, record.register).present()
    same = same.filter(commune=record.commune, father_match=father, mother_match=mother).exclude(pk=record.pk)
    if not (father and mother):  # one name alone is too common to go by
        same = same.filter(village=record.village)
    return list(same.order_by("birth_date", "pk")[:20])


def _is_twin(record: Record, other: Record) -> bool:
    known = record.birth_precision == other.birth_precision == "day"
    return known and record.birth_date == other.birth_date and record.match_name != other.match_name


def _role(record: Record, other: Record) -> str:
    if _is_twin(record, other):
        return "Sinh đôi"
    if record.birth_date is None or other.birth_date is None or record.birth_date == other.birth_date:
        return "Anh, chị, em"
    if other.birth_date < record.birth_date:
        return {"nam": "Anh", "nu": "Chị"}.get(other.sex, "Anh, chị")
    return "Em"


def duplicates(record: Record, user: User, said: list[Said]) -> dict[str, Any]:
    """Records that what is `said` of this one names, or of which something is said that names this one, field by field;
    of other places only that there are some. Two queries."""
    hidden = unseen_by(user, record.register)
    shares_number = any(one.rule == "number.shared" for one in said)
    named = [one.finding.value for one in said if one.rule in _NAMING_RULES]
    codes = {code for value in named for code in _CODES.findall(value)}
    names_us = Finding.objects.open().filter(campaign=record.campaign, rule__in=_NAMING_RULES)
    named_by = set(names_us.filter(value__contains=record.row_code).values_list("record", flat=True))
    if not (codes or named_by or shares_number):
        return {"others": [], "elsewhere": 0}
    where = Q(row_code__in=codes) | Q(pk__in=named_by)
    if shares_number and record.personal_number:
        where |= Q(register=record.register, personal_number=record.personal_number)
    people = Record.objects.filter(where, campaign=record.campaign).exclude(pk=record.pk).select_related("commune")
    people = people.annotate(is_mine=Exists(Record.objects.for_user(user).filter(pk=OuterRef("pk"))))
    found = list(people.order_by("pk")[:_MOST_NAMED])
    mine = [other for other in found if other.is_mine]
    return {
        "others": [_beside(record, other, hidden) for other in mine[:MOST_OTHERS]],
        "elsewhere": len(found) - len(mine),
    }


def _beside(record: Record, other: Record, hidden: frozenset[str]) -> dict[str, Any]:
    lines = []
    for field in _COMPARED:
        ours, theirs = record.value(field), other.value(field)
        if field in hidden or not (ours or theirs):
            continue
        lines.append(
            {
                "label": label_of(field, record.register),
                "ours": shown(record.register, field, ours),
                "theirs": shown(other.register, field, theirs),
                "differs": bool(ours and theirs and ours != theirs),
            }
        )
    return {
        "record": other,
        "name": other.full_name or "(chưa có tên)",
        "url": reverse("record", args=[other.row_code]),
        "where": other.commune.name if other.commune else "chưa rõ xã",
        "register": other.get_register_display(),
        "stage": other.get_stage_display(),
        "lines": lines,
    }
