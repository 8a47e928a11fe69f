"""Rows of the beneficiaries' register, right in every cell: people of the common categories."""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta

from reconciliation.demo.dice import pick, shares_of, weighted
from reconciliation.demo.drafts import SEX_WORD, Draft, written
from reconciliation.demo.material import CategoryRow, Commune, Material
from reconciliation.demo.people import YEAR, Household, HouseholdMaker, Person, age_on

# Out of a hundred beneficiaries; estimates, like the names' weights.
_SHARES = {
    "TC5c-1": 24.0, "TC5b-1": 7.0, "TC5a-1": 6.0, "TC5a-2": 3.0, "TC5d-1": 1.0,
    "TC6-1": 5.0, "TC6-2": 3.0, "TC6-3": 3.0, "TC6-4": 12.0, "TC6-5": 5.0, "TC6-6": 5.0,
    "TC1a-2": 1.0, "TC1b-1": 0.5, "TC1b-2": 3.0, "TC1c-2": 1.5, "TC1h-2": 1.0, "TC2-1": 1.0,
    "TC3-2": 0.5, "TC4-1": 5.0, "TC7-1": 7.0, "TC8-1": 0.5,
    "CS1-2": 0.5, "CS2-1": 0.5, "CS3-2": 0.5, "CS4-1": 4.0,
}  # fmt: skip
# Ages of those whose category names none: single parents, carers, people who live with HIV.
_WORKING_AGE = (22, 55)
_OLDEST = 101
_EDGE = 0.2  # years kept free at both ends of a category's ages, so that no shift of a date leaves it
_ISSUED_BY = "Cục Cảnh sát quản lý hành chính về trật tự xã hội"


@dataclass
class Pool:
    """People whom the children's register names already, and who may be beneficiaries too."""

    children: list[tuple[Person, Household]] = field(default_factory=list)
    grandparents: list[tuple[Person, Household]] = field(default_factory=list)

    def take(
        self, kept: list[tuple[Person, Household]], ages: tuple[float, float], first_day: date, *, guarded: bool
    ) -> tuple[Person, Household] | None:
        latest, earliest = (first_day - timedelta(days=round(years * YEAR)) for years in ages)
        for index, (person, household) in enumerate(kept):
            if earliest < person.birth < latest and (household.guardian is not None or not guarded):
                return kept.pop(index)
        return None


class BeneficiaryMaker:
    def __init__(
        self, chance: random.Random, material: Material, first_day: date, households: HouseholdMaker, pool: Pool
    ) -> None:
        self._chance = chance
        self._material = material
        self._first_day = first_day
        self._households = households
        self._pool = pool
        self._weights = {code: commune.weight for code, commune in material.communes.items()}
        chance.shuffle(pool.children)
        chance.shuffle(pool.grandparents)

    def drafts(self, count: int) -> list[tuple[Draft, bool]]:
        """With each: whether the children's register has the same person."""
        made: list[tuple[Draft, bool]] = []
        for code, share in shares_of(count, _SHARES, least=1).items():
            for _ in range(share):
                made.append(self._draft(self._material.categories[code]))
        made.sort(key=lambda item: (item[0].household.commune.code, item[0].household.village))
        return made

    def _draft(self, category: CategoryRow) -> tuple[Draft, bool]:
        person, household, in_both = self._somebody(category)
        age = age_on(self._first_day, person.birth)
        cells = {
            "system_code": "",
            "full_name": person.name,
            "birth_date": written(person.birth),
            "sex": SEX_WORD[person.sex],
            "ethnic_group": self._material.ethnic_names[person.ethnic],
            "personal_number": person.number,
            **self._papers(person, age),
            "village": household.village,
            "commune": household.commune.name,
            "permanent_address": household.address,
            **self._family(category, household, age),
            **self._allowance(category, person),
            **self._payment(person, household, age),
            "status": weighted(self._chance, {"Đang hưởng": 97, "Tạm dừng": 3}),
            "disability_kind": "",
            "disability_level": "",
            "household_status": "Hộ nghèo" if category.code in ("TC4-1", "TC5a-1", "TC5a-2") else household.status,
            "phone": household.phone if self._chance.random() < 0.6 else "",
            "updated_on": written(self._first_day - timedelta(days=self._chance.randint(20, 700))),
            "note": "",
        }
        if category.category_code.startswith("TC6"):
            kinds = ("Vận động", "Nghe, nói", "Nhìn", "Thần kinh, tâm thần", "Trí tuệ")
            cells["disability_kind"] = pick(self._chance, kinds)
            cells["disability_level"] = "Nặng" if category.category_code == "TC6-N" else "Đặc biệt nặng"
        return Draft("beneficiaries", cells, person, household, category), in_both

    def _somebody(self, category: CategoryRow) -> tuple[Person, Household, bool]:
        ages = _ages(category)
        orphan = category.category_code.startswith("TC1")
        if ages[1] <= 16:
            if self._chance.random() < 0.75:
                known = self._pool.take(self._pool.children, ages, self._first_day, guarded=orphan)
                if known:
                    return (*known, True)
            home = self._households.household(self._commune(), at_most=1, ages=ages, orphan=orphan)
            return home.children[0], home, False
        if ages[0] >= 60:
            known = self._pool.take(self._pool.grandparents, ages, self._first_day, guarded=False)
            if known:
                return (*known, False)
        home = self._households.household(self._commune(), at_most=1)
        sex = "nu" if category.code == "TC4-1" else weighted(self._chance, {"nam": 45, "nu": 55})
        years = self._chance.uniform(ages[0], min(ages[1], 84.0 if self._chance.random() < 0.6 else ages[1]))
        birth = self._first_day - timedelta(days=round(years * YEAR))
        return self._households.person(home.father.ethnic, sex, birth), home, False

    def _commune(self) -> Commune:
        return self._material.communes[weighted(self._chance, self._weights)]

    def _papers(self, person: Person, age: int) -> dict[str, str]:
        chance = self._chance
        has_card = age >= 16
        issued = self._first_day - timedelta(days=chance.randint(60, 850))
        kind = "TE1" if age < 6 else "BT2"
        return {
            "old_id_number": f"05{chance.randrange(10**7):07d}" if age > 25 and chance.random() < 0.4 else "",
            "number_issue_date": written(issued) if has_card else "",
            "number_issue_place": _ISSUED_BY if has_card else "",
            "health_insurance_number": f"{kind}14{chance.randrange(10**10):010d}",
        }

    def _family(self, category: CategoryRow, household: Household, age: int) -> dict[str, str]:
        if age >= 16:
            return {"father_name": "", "mother_name": "", "guardian_name": ""}
        orphan = category.category_code == "TC1b"
        dead = orphan and self._chance.random() < 0.3
        return {
            "father_name": "đã chết" if dead else household.father.name,
            "mother_name": "đã mất" if dead else household.mother.name,
            "guardian_name": household.guardian.name if household.guardian else "",
        }

    def _allowance(self, category: CategoryRow, person: Person) -> dict[str, str]:
        chance = self._chance
        latest = self._first_day - timedelta(days=45)
        earned = person.birth + timedelta(days=round((category.age_from or 0) * YEAR) + 30)
        earliest = max(date(2015, 2, 1), earned, latest - timedelta(days=7 * 365))
        decided = earliest + timedelta(days=chance.randint(0, max((latest - earliest).days, 0)))
        from_day = decided if chance.random() < 0.1 else self._first_day
        month = decided.month % 12 + 1
        return {
            "category": _spelling(category, chance),
            "coefficient": category.coefficient,
            "amount": amount(category.coefficient, self._material.level_on(from_day)[0]),
            "decision_number": f"{chance.randint(12, 2900)}/QĐ-UBND",
            "decision_date": written(decided),
            "start_date": f"{month:02d}/{decided.year + (month == 1)}",
        }

    def _payment(self, person: Person, household: Household, age: int) -> dict[str, str]:
        chance = self._chance
        payee: tuple[str, str, str] = ("", "", "")
        if age < 16:
            payee = _child_payee(household)
        elif chance.random() < 0.2:
            payee = (household.mother.name, household.mother.number, "Con dâu" if age > 60 else "Người thân")
        elif chance.random() < 0.04:
            payee = (person.name, person.number, "Bản thân")
        by_bank = chance.random() < 0.35
        return {
            "payee_name": payee[0],
            "payee_number": payee[1],
            "payee_relationship": payee[2],
            "payment_method": "Tài khoản ngân hàng" if by_bank else "Tiền mặt",
            "payment_account": f"0000{chance.randrange(10**9):09d}" if by_bank else "",
            "payment_bank": "Ngân hàng Nông nghiệp, chi nhánh huyện Bắc Yên" if by_bank else "",
        }


def amount(coefficient: str, level: int) -> str:
    """In dong: coefficient ("1,5") times the base amount."""
    return str(round(float(coefficient.replace(",", ".")) * level))


def _ages(category: CategoryRow) -> tuple[float, float]:
    if category.age_from is None and category.age_to is None:
        return _WORKING_AGE
    if not category.is_allowance:
        return _WORKING_AGE
    low = category.age_from if category.age_from is not None else 0.3
    high = category.age_to if category.age_to is not None else _OLDEST
    return low + _EDGE, high - _EDGE


def _spelling(category: CategoryRow, chance: random.Random) -> str:
    """Mostly the label, which comes first; else any name that this category has for itself."""
    return category.spellings[0] if chance.random() < 0.6 else pick(chance, category.spellings)


def _child_payee(household: Household) -> tuple[str, str, str]:
    if household.guardian:
        return household.guardian.name, household.guardian.number, household.guardian_is
    return household.mother.name, household.mother.number, "Mẹ"
