"""What is said of a person before anything is saved: how it reads, what the rules say, whom it may be."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from campaigns.models import Campaign, User
from campaigns.templatetags.written import weekday
from records.models import Record
from records.private import unseen_by
from records.reading.checks import Judged, judge
from records.reading.dates import full_date, full_years
from records.reading.explanations import explain
from records.reading.reference import Reference
from records.reading.rules import RULES
from records.reference import reference_for
from records.views.columns import label_of
from records.views.scope import user_of

_SHOWN = 5  # people it may be


def check_typed(
    request: HttpRequest, campaign: Campaign, register: str, values: dict[str, str], *, only_typed: bool = False
) -> dict[str, Any]:
    """`only_typed`: somebody is still typing, and what is not written yet is no fault."""
    reference = reference_for(campaign, register, headings=False)
    judged = judge(values, reference, added_by_hand=True)
    people = _maybe_the_same(campaign, register, judged)
    mine = list(people.filter(pk__in=Record.objects.for_user(user_of(request)).values("pk"))[:_SHOWN])
    findings = _findings(judged, reference, user_of(request))
    if only_typed:
        findings = [one for one in findings if values.get(one["field"], "").strip()]
    return {
        "reads": _reads(judged, values),
        "findings": findings,
        "same": [_beside(other, judged) for other in mine],
        "elsewhere": people.count() - len(mine),
    }


def _reads(judged: Judged, values: dict[str, str]) -> list[str]:
    """In words what was typed short: the day of birth with its weekday and the age, an ethnic group by its name."""
    read = []
    born = full_date(judged.values.get("birth_date", ""))
    if born:
        today = timezone.localdate()
        years = full_years(born, today)
        age = f"{years} tuổi" if years else f"{max((today - born).days, 0)} ngày tuổi"
        read.append(f"Ngày sinh: {weekday(born)}, ngày {born.day} tháng {born.month} năm {born.year}, {age}")
    ethnic_group = judged.values.get("ethnic_group", "")
    if ethnic_group and ethnic_group != values.get("ethnic_group", "").strip():
        read.append(f"Dân tộc: {ethnic_group}")
    return read


def _findings(judged: Judged, reference: Reference, user: User) -> list[dict[str, Any]]:
    hidden = unseen_by(user, reference.register)
    return [
        {
            "field": f.field,
            "severity": f.severity,
            "label": f"{label_of(f.field, reference.register)}: {RULES[f.rule].label}",
            "explanation": explain(f.rule, f.field, f.value, f.suggestion, judged.values, reference),
            "suggestion": f.suggestion,
        }
        for f in judged.findings
        if f.rule != "record.new" and f.field not in hidden
    ]


def _maybe_the_same(campaign: Campaign, register: str, judged: Judged) -> Any:
    """The same number; the same name in the same year; for a nameless newborn the same parents and day."""
    typed = judged.typed
    where = Q(pk__in=[])
    if typed["personal_number"]:
        where |= Q(personal_number=typed["personal_number"])
    if typed["match_name"]:
        born = Q(birth_year=typed["birth_year"]) | Q(birth_year=None) if typed["birth_year"] else Q()
        where |= Q(match_name=typed["match_name"]) & born
    if typed["mother_match"] and typed["birth_date"]:
        where |= Q(mother_match=typed["mother_match"], birth_date=typed["birth_date"])
    people = Record.objects.register(campaign, register).present().filter(where)
    return people.select_related("commune").order_by("pk")


def _beside(other: Record, judged: Judged) -> dict[str, Any]:
    typed = judged.typed
    compared = {
        "số": (other.personal_number, typed["personal_number"]),
        "họ tên": (other.match_name, typed["match_name"]),
        "ngày sinh": (other.birth_date.isoformat() if other.birth_date else "", typed["birth_date"]),
        "giới tính": (other.sex, typed["sex"]),
        "cha": (other.father_match, typed["father_match"]),
        "mẹ": (other.mother_match, typed["mother_match"]),
        "bản": (other.village, typed["village"]),
    }
    known = {name: pair for name, pair in compared.items() if all(pair)}
    return {
        "name": other.full_name or "(chưa có tên)",
        "url": reverse("record", args=[other.row_code]),
        "born": other.value("birth_date"),
        "where": ", ".join(text for text in (other.village, other.commune.name if other.commune else "") if text),
        "alike": ", ".join(name for name, (ours, theirs) in known.items() if ours == theirs),
        "different": ", ".join(name for name, (ours, theirs) in known.items() if ours != theirs),
    }
