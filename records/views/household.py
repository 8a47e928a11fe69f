"""Who belongs to whom, and who may be one person: for a person's page."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
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
_NOBODY = Q(pk__in=[])
_BORN_TOGETHER, _NEXT_CHILD = 2, 240  # days between births of one mother
MOST_OTHERS = 3  # people put beside one another
_COMPARED = (
    "full_name", "birth_date", "sex", "ethnic_group", "personal_number", "father_name", "mother_name",
    "village", "system_code",
)  # fmt: skip


@dataclass
class Household:
    """`members`: parents as this row names them, then the children of the same parents; `odd`: what does not fit."""

    members: list[dict[str, Any]] = field(default_factory=list)
    odd: list[str] = field(default_factory=list)


def household(record: Record, user: User) -> Household:
    """Children of the same father and mother (folded) in the commune; of one of them, in the village. One query."""
    members = [member for member in (_parent(record, "father", user), _parent(record, "mother", user)) if member]
    siblings = _siblings(record, user)
    odd = odd_births([record, *siblings]) + _other_parents(record, siblings)
    if has(user, Permission.SEE_NUMBERS):
        odd += _same_numbers([record, *siblings])
    for sibling in siblings:
        members.append(
            {
                "role": _role(record, sibling),
                "name": sibling.full_name or "(chưa có tên)",
                "born": sibling.value("birth_date"),
                "url": reverse("record", args=[sibling.row_code]),
                "is_twin": _is_twin(record, sibling),
            }
        )
    return Household(members, odd)


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
    same = same.filter(commune=record.commune).exclude(pk=record.pk)
    # One name alone is too common to go by beyond the village.
    in_village = Q(village=record.village) & (_same("father", father) | _same("mother", mother))
    both = _same("father", father) & _same("mother", mother) if father and mother else _NOBODY
    return list(same.filter(both | in_village).order_by("birth_date", "pk")[:20])


def _same(who: str, match: str) -> Q:
    return Q(**{f"{who}_match": match}) if match else _NOBODY


def odd_births(children: list[Record]) -> list[str]:
    """Two children of one mother are born together, or nine months apart; twins respected."""
    by_mother: dict[str, list[Record]] = {}
    for child in children:
        if child.mother_match and child.birth_precision == "day":
            by_mother.setdefault(child.mother_match, []).append(child)
    odd = []
    for known in by_mother.values():
        for first, second in pairwise(sorted(known, key=lambda child: (child.birth_date, child.pk))):
            days = (second.birth_date - first.birth_date).days  # type: ignore[operator] # both have a whole date
            if _BORN_TOGETHER < days < _NEXT_CHILD:
                apart = f"{days // 30} tháng" if days >= 30 else f"{days} ngày"
                who = f"{_named(first)} và {_named(second)}"
                odd.append(f"{who} cùng mẹ, sinh cách nhau {apart}: xem lại ngày sinh của một trong hai.")
    return odd


def _other_parents(record: Record, siblings: list[Record]) -> list[str]:
    odd = []
    for who, other, label in (("mother", "father", "mẹ"), ("father", "mother", "cha")):
        ours, shared = getattr(record, f"{who}_match"), getattr(record, f"{other}_match")
        names: dict[str, list[str]] = {}
        for sibling in siblings:
            theirs = getattr(sibling, f"{who}_match")
            if ours and theirs and theirs != ours and getattr(sibling, f"{other}_match") == shared:
                names.setdefault(sibling.value(f"{who}_name"), []).append(_named(sibling))
        same = {"mother": "Cùng cha", "father": "Cùng mẹ"}[who]
        here = record.value(f"{who}_name")
        odd += [
            f"{same} nhưng {label} ghi khác: {', '.join(people)} ghi {name}, hồ sơ này ghi {here}."
            for name, people in names.items()
        ]
    return odd


def _same_numbers(children: list[Record]) -> list[str]:
    by_number: dict[str, list[str]] = {}
    for child in children:
        if child.personal_number:
            by_number.setdefault(child.personal_number, []).append(_named(child))
    return [f"Dùng chung một số: {', '.join(people)}." for people in by_number.values() if len(people) > 1]


def _named(child: Record) -> str:
    return child.full_name or f"(chưa có tên, mã {child.row_code})"


def _is_twin(record: Record, other: Record) -> bool:
    known = record.birth_precision == other.birth_precision == "day"
    return known and record.birth_date == other.birth_date and record.match_name != other.match_name


def _role(record: Record, other: Record) -> str:
    if other.mother_match != record.mother_match and other.mother_match and record.mother_match:
        return "Cùng cha"
    if other.father_match != record.father_match and other.father_match and record.father_match:
        return "Cùng mẹ"
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
    for key in _COMPARED:
        ours, theirs = record.value(key), other.value(key)
        if key in hidden or not (ours or theirs):
            continue
        lines.append(
            {
                "label": label_of(key, record.register),
                "ours": shown(record.register, key, ours),
                "theirs": shown(other.register, key, theirs),
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
