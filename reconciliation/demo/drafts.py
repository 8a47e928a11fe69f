"""A row on its way into an export: its cells, who it is about, and what was done to it."""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from reconciliation.demo.material import CategoryRow
from reconciliation.demo.people import Household, Person

Register = Literal["children", "beneficiaries"]


@dataclass(frozen=True, order=True)
class Planted:
    """A finding that the rules must make; rules on a whole record speak on its name or its code."""

    register: str
    system_code: str
    rule: str
    field: str


@dataclass(frozen=True, order=True)
class Variant:
    """Another spelling of a right value, which must be read silently."""

    register: str
    system_code: str
    kind: str
    field: str


@dataclass(eq=False)
class Draft:
    register: Register
    cells: dict[str, str]
    person: Person
    household: Household
    category: CategoryRow | None = None
    reserved: bool = False  # its identity must stay as it is
    families: set[str] = field(default_factory=set)  # kinds of defects that it carries
    touched: set[str] = field(default_factory=set)  # fields that carry one

    @property
    def system_code(self) -> str:
        return self.cells["system_code"]

    @property
    def number(self) -> str:
        return self.cells["personal_number"]

    def put(self, key: str, text: str) -> None:
        self.cells[key] = text
        self.touched.add(key)


def written(day: date) -> str:
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"


SEX_WORD = {"nam": "Nam", "nu": "Nữ"}
