"""What the rules need to know, gathered from the database for one campaign and register.

The same object judges a row in the child process (as JSON) and an edit in the browser."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import cast

from django.conf import settings
from django.utils import timezone

from campaigns.models import (
    AmbiguousEthnicName,
    Campaign,
    Category,
    Commune,
    EthnicGroup,
    Register,
    StandardLevel,
    Step,
)
from records.models import CategoryAnswer, HeadingMap, RuleDecision
from records.reading import reference as reading
from records.reading.reference_lists import csv_rows

REFERENCE_FILES = Path(settings.BASE_DIR) / "campaigns" / "reference"


def reference_for(
    campaign: Campaign, register: str, *, received_on: datetime.date | None = None, headings: bool = True
) -> reading.Reference:
    """`received_on`: the day the file came in; today for what people type. Without `headings` what they mean is left
    out, and of children what is said of benefits: nobody asks who reads no file."""
    benefits = headings or register == Register.BENEFICIARIES
    last_day = campaign.last_day(register)
    export_ends = campaign.window(register, Step.EXPORT).last_day or campaign.first_day
    latest_birth = min(max(export_ends, received_on or timezone.localdate()), last_day)
    return reading.Reference(
        register=cast(reading.Register, register),
        fields=fields_of(register),
        other_register_fields=fields_of(_other(register)),
        first_day=campaign.first_day,
        last_day=last_day,
        latest_birth=latest_birth,
        district_code=campaign.district_code,
        ethnic_groups=[
            reading.EthnicGroup(g.code, g.name, tuple(g.aliases), g.code_2008, g.means_missing)
            for g in EthnicGroup.objects.all()
        ],
        ambiguous_names=[
            reading.AmbiguousName(a.name, tuple(a.candidate_codes), a.default_code)
            for a in AmbiguousEthnicName.objects.all()
        ],
        communes=[_commune(c) for c in Commune.objects.valid_on(campaign.places_on)],
        categories=[_category(c) for c in Category.objects.all()] if benefits else [],
        standard_levels=[
            reading.StandardLevel(level.effective_from.isoformat(), level.amount, level.certain)
            for level in StandardLevel.objects.all()
        ]
        if benefits
        else [],
        province_codes=frozenset(_province_names()),
        province_names=_province_names(),
        heading_map=dict(_headings(register)) if headings else {},
        rule_states=RuleDecision.objects.in_force(campaign),
        category_map=dict(CategoryAnswer.objects.values_list("text", "category_code")) if benefits else {},
    )


def _headings(register: str) -> Iterable[tuple[str, str]]:
    return HeadingMap.objects.filter(register=register).values_list("heading", "field")


@lru_cache
def fields_of(register: str) -> list[reading.Field]:
    """The column set of a register, as shipped (what people added is in HeadingMap)."""
    return reading.load_fields(REFERENCE_FILES, cast(reading.Register, register))


@lru_cache
def field_labels(register: str) -> dict[str, str]:
    return {field.key: field.label for field in fields_of(register)}


@lru_cache
def _province_names() -> dict[str, str]:
    """The first three digits of a number → the province's name."""
    rows = csv_rows(REFERENCE_FILES / "id_number_provinces.csv")
    return {row["code"]: row["name"] for row in rows}


def _other(register: str) -> str:
    return Register.BENEFICIARIES if register == Register.CHILDREN else Register.CHILDREN


def _commune(commune: Commune) -> reading.Commune:
    """Which units are valid is decided here, by the campaign's day for places; the reading is told of no other day."""
    return reading.Commune(
        code=commune.code,
        name=commune.name,
        kind=commune.kind,
        district_code=commune.district_code,
        valid_from="",
        valid_to="",
        successor_code=commune.successor_code,
        aliases=tuple(commune.aliases),
    )


def _category(category: Category) -> reading.Category:
    return reading.Category(
        code=category.code,
        category_code=category.category_code,
        label=category.label,
        condition=category.condition,
        coefficient=str(category.coefficient or ""),
        scheme=category.scheme,
        is_child_group=category.is_child_group,
        certain=category.certain,
        aliases=tuple(category.aliases),
        age_from=category.age_from,
        age_to=category.age_to,
    )
