"""Rows of the children's register, right in every cell."""

import random
from datetime import date, timedelta

from reconciliation.demo.dice import pick, weighted
from reconciliation.demo.drafts import SEX_WORD, Draft, written
from reconciliation.demo.material import Material
from reconciliation.demo.people import Household, Person, age_on

_AT_RISK = "Trẻ em có nguy cơ rơi vào hoàn cảnh đặc biệt"
_WITHOUT_PARENTS = ("Trẻ em mồ côi cả cha và mẹ", "Trẻ em không nơi nương tựa", _AT_RISK)
_ORDINARY = "Trẻ em bình thường (không thuộc hai nhóm trên)"


def child_draft(
    code: str, child: Person, household: Household, chance: random.Random, material: Material, first_day: date
) -> Draft:
    cells = {
        "system_code": code,
        "full_name": child.name,
        "birth_date": written(child.birth),
        "sex": SEX_WORD[child.sex],
        "ethnic_group": material.ethnic_names[child.ethnic],
        "personal_number": child.number,
        "old_id_number": "",
        "birth_certificate_number": f"{chance.randint(1, 260)}/{child.birth.year}",
        "birth_registration_place": f"UBND {household.commune.in_a_sentence}",
        "health_insurance_number": f"TE114{chance.randrange(10**10):010d}",
        "village": household.village,
        "commune": household.commune.name,
        "permanent_address": household.address,
        "household_code": household.code,
        **parents(household, chance),
        **_daily_life(child, household, chance, first_day),
    }
    return Draft("children", cells, child, household)


def parents(household: Household, chance: random.Random) -> dict[str, str]:
    """What a list says of father, mother, head and guardian; one number in seven is not written down."""
    father = household.father.name
    if household.father_adult_name and chance.random() < 0.5:
        father = household.father_adult_name
    guardian = household.guardian
    return {
        "household_head_name": guardian.name if guardian else father,
        "father_name": father,
        "father_number": _known(household.father.number, chance),
        "mother_name": household.mother.name,
        "mother_number": _known(household.mother.number, chance),
        "guardian_name": guardian.name if guardian else "",
        "guardian_number": _known(guardian.number, chance) if guardian else "",
        "guardian_relationship": household.guardian_is,
    }


def _known(number: str, chance: random.Random) -> str:
    return number if chance.random() < 0.86 else ""


def _daily_life(child: Person, household: Household, chance: random.Random, first_day: date) -> dict[str, str]:
    age = age_on(first_day, child.birth)
    disabled = chance.random() < 0.012
    circumstance = "Trẻ em khuyết tật" if disabled else _ORDINARY
    if not disabled and chance.random() < 0.04:
        circumstance = pick(chance, _WITHOUT_PARENTS) if household.guardian else _AT_RISK
    schooling, level = _school(age, chance)
    return {
        "circumstance": circumstance,
        "household_status": household.status,
        "disability": pick(chance, ("Vận động", "Nghe, nói", "Trí tuệ")) if disabled else "Không",
        "schooling": schooling,
        "school_level": level,
        "phone": household.phone if chance.random() < 0.7 else "",
        "updated_on": written(first_day - timedelta(days=chance.randint(20, 900))),
        "note": "",
    }


def _school(age: int, chance: random.Random) -> tuple[str, str]:
    if age < 3:
        return "Chưa đến tuổi", ""
    schooling = weighted(chance, {"Đang học": 96, "Bỏ học": 3 if age > 11 else 0, "Chưa từng đi học": 1})
    if schooling != "Đang học":
        return schooling, ""
    return schooling, "Mầm non" if age < 6 else f"Lớp {min(age - 5, 12)}"
