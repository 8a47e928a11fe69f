"""Invented people: names by ethnic group, personal numbers, and households with parents and children."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from reconciliation.demo.dice import pick, weighted
from reconciliation.demo.material import PROVINCE_CODE, Commune, Material
from records.reading.vietnamese import fold_words

YEAR = 365.25
MONG = "08"


@dataclass(eq=False)
class Person:
    name: str
    sex: str  # "nam" or "nu"
    birth: date
    ethnic: str
    number: str


@dataclass(eq=False)
class Household:
    code: str
    commune: Commune
    village: str
    father: Person
    mother: Person
    status: str
    phone: str
    children: list[Person] = field(default_factory=list)
    guardian: Person | None = None
    guardian_is: str = ""
    father_adult_name: str = ""  # a Mông father's name since his first child; papers carry either

    @property
    def address(self) -> str:
        return f"{self.village}, {self.commune.in_a_sentence}, huyện Bắc Yên, tỉnh Sơn La"


class NumberMaker:
    """Personal numbers that agree with sex and birth year, each given out once."""

    def __init__(self, chance: random.Random, provinces: tuple[str, ...]) -> None:
        self._chance = chance
        self._provinces = provinces
        self._given: set[str] = set()

    def make(self, sex: str, birth: date, *, at_home: float = 0.95, province: str = "") -> str:
        if not province:
            home = self._chance.random() < at_home
            province = PROVINCE_CODE if home else pick(self._chance, self._provinces)
        start = f"{province}{century_digit(sex, birth.year)}{birth.year % 100:02d}"
        while True:
            number = f"{start}{self._chance.randrange(1_000_000):06d}"
            if self.reserve(number):
                return number

    def reserve(self, number: str) -> bool:
        """Takes a number made elsewhere; False when somebody has it already."""
        if number in self._given:
            return False
        self._given.add(number)
        return True


def century_digit(sex: str, year: int) -> int:
    return 2 * (year // 100 - 19) + (sex == "nu")


class NameMaker:
    def __init__(self, chance: random.Random, material: Material) -> None:
        self._chance = chance
        self._groups: dict[str, Any] = material.names
        self._no_middle = material.quirks["single_word_middle_missing"]

    def family(self, ethnic: str) -> str:
        families: dict[str, float] = self._groups[ethnic]["family"]
        return weighted(self._chance, families)

    def full(self, ethnic: str, sex: str, *, family: str = "", middle: str | None = None) -> str:
        group = self._groups[ethnic]
        kind = "male" if sex == "nam" else "female"
        if middle is None:
            none = self._chance.random() < self._no_middle
            middle = "" if none else weighted(self._chance, group[f"{kind}_middle"])
        family = family or self.family(ethnic)
        given = pick(self._chance, [name for name in group[f"{kind}_given"] if name != family])
        return " ".join(filter(None, [family, middle, given]))

    def adult(self, name: str, ethnic: str) -> str:
        """The name that a Mông man takes when his first child is born: another middle name."""
        words = name.split()
        return " ".join([words[0], pick(self._chance, self._groups[ethnic]["male_adult_middle"]), words[-1]])


class HouseholdMaker:
    """Households of one district. Ages count on the first day; no child is born in the week before it."""

    def __init__(self, chance: random.Random, material: Material, first_day: date, numbers: NumberMaker) -> None:
        self._chance = chance
        self._quirks = material.quirks
        self._names = NameMaker(chance, material)
        self._numbers = numbers
        self._first_day = first_day
        self._made = 0
        self._known: set[tuple[str, date]] = set()

    def in_commune(self, commune: Commune, children: int) -> Iterator[Household]:
        while children > 0:
            household = self.household(commune, at_most=children)
            children -= len(household.children)
            yield household

    def household(
        self,
        commune: Commune,
        *,
        at_most: int = 4,
        ages: tuple[float, float] = (0.05, 15.9),
        orphan: bool = False,
    ) -> Household:
        """`ages`: of the youngest child, in years. An orphan's household always has a guardian."""
        chance = self._chance
        youngest = self._first_day - timedelta(days=round(chance.uniform(*ages) * YEAR))
        births = self._births(youngest, at_most, _years_before(self._first_day, ages[1]))
        ethnic = weighted(chance, commune.ethnic)
        mother_birth = _years_before(births[-1], chance.uniform(18, 31))
        # A date moved to 1 January makes an eldest child up to a year older: two years are left for it.
        father_birth = _years_before(min(mother_birth, _years_before(births[-1], 19)), chance.uniform(0, 6))
        mother_ethnic = ethnic if chance.random() < 0.9 else weighted(chance, commune.ethnic)
        father = self.person(ethnic, "nam", father_birth)
        self._made += 1
        household = Household(
            code=f"H{commune.code}{self._made:05d}",
            commune=commune,
            village=pick(chance, commune.villages),
            father=father,
            mother=self.person(mother_ethnic, "nu", mother_birth),
            status=weighted(chance, {"Hộ nghèo": 35, "Hộ cận nghèo": 15, "Hộ khác": 50}),
            phone=self.phone(),
        )
        if ethnic == MONG and chance.random() < self._quirks["mong_father_adult_name"]:
            household.father_adult_name = self._names.adult(father.name, ethnic)
        for birth in births:
            household.children.append(self._child(household, birth))
        if orphan or chance.random() < 0.08:
            self._add_guardian(household)
        return household

    def person(self, ethnic: str, sex: str, birth: date, *, family: str = "", middle: str | None = None) -> Person:
        """No two people share both name and birth date by chance."""
        while True:
            name = self._names.full(ethnic, sex, family=family, middle=middle)
            if (fold_words(name), birth) not in self._known:
                break
        self._known.add((fold_words(name), birth))
        return Person(name, sex, birth, ethnic, self._numbers.make(sex, birth))

    def phone(self) -> str:
        """No mobile number in the country starts with 010."""
        return f"010{self._chance.randrange(10_000_000):07d}"

    def _births(self, youngest: date, at_most: int, earliest: date) -> list[date]:
        """Births of a household's children, youngest first, none before `earliest`; twins follow each other."""
        chance = self._chance
        wanted = min(weighted(chance, {1: 22, 2: 42, 3: 24, 4: 12}), at_most)
        births: list[date] = []
        birth = youngest
        while len(births) < wanted and birth >= earliest:
            recorded = birth
            if chance.random() < self._quirks["birth_date_first_of_january"]:
                first = date(birth.year, 1, 1)
                recorded = first if first >= earliest else birth
            births.append(recorded)
            if len(births) < at_most and chance.random() < self._quirks["twins"]:
                births.append(recorded)
            birth -= timedelta(days=chance.randint(450, 1500))
        return births

    def _child(self, household: Household, birth: date) -> Person:
        sex = pick(self._chance, ("nam", "nu"))
        twin = next((child for child in household.children if child.birth == birth), None)
        middle = None
        if twin and twin.sex == sex:
            middle = " ".join(twin.name.split()[1:-1])
        family = household.father.name.split()[0]
        return self.person(household.father.ethnic, sex, birth, family=family, middle=middle)

    def _add_guardian(self, household: Household) -> None:
        side, parent = pick(self._chance, (("nội", household.father), ("ngoại", household.mother)))
        sex = pick(self._chance, ("nam", "nu"))
        birth = _years_before(parent.birth, self._chance.uniform(19, 34))
        family = parent.name.split()[0] if sex == "nam" else ""
        household.guardian = self.person(parent.ethnic, sex, birth, family=family)
        household.guardian_is = f"{'Ông' if sex == 'nam' else 'Bà'} {side}"


def _years_before(day: date, years: float) -> date:
    return day - timedelta(days=round(years * YEAR))


def age_on(day: date, birth: date) -> int:
    """Full years."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
