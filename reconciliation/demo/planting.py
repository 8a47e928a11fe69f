"""Choosing the rows that carry a defect, and remembering exactly which findings must follow from it.

Defects that speak of the same cells never meet on a row: what must be found stays exact.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from reconciliation.demo.dice import pick
from reconciliation.demo.drafts import Draft, Planted, Register
from reconciliation.demo.material import Material
from reconciliation.demo.people import NameMaker, NumberMaker

# Families that touch nothing which rules of another family read.
_INDEPENDENT = frozenset({"ethnic", "place", "benefit"})
_SECOND_SHARE = 0.35  # of the independent defects: planted on a row that has one already
_FEW_BENEFICIARIES = 300  # below this, rules of both registers are planted among children only


def system_code(register: Register, serial: int) -> str:
    return f"TE121{serial:06d}" if register == "children" else f"BT121{serial:05d}"


@dataclass(frozen=True)
class Defect:
    """`plant` changes the draft, names the findings through the planter, and returns True; or False, untouched.

    Shares are of all rows of a register. A rule that only beneficiaries have is planted twice at least.
    """

    rule: str
    family: str
    plant: Callable[[Draft, "Planter"], bool]
    children: float = 0.0
    beneficiaries: float = 0.0

    def wanted(self, register: Register, rows: int) -> int:
        share = self.children if register == "children" else self.beneficiaries
        if not share:
            return 0
        least = 2
        if register == "beneficiaries" and self.children:
            least = 1 if rows >= _FEW_BENEFICIARIES else 0
        return max(round(share * rows), least)


@dataclass
class Planter:
    chance: random.Random
    material: Material
    first_day: date
    numbers: NumberMaker
    names: NameMaker
    drafts: dict[Register, list[Draft]]
    planted: list[Planted] = field(default_factory=list)
    # Rows that repeat another, by the draft after which they come.
    added: list[tuple[Draft, Draft]] = field(default_factory=list)
    _order: dict[Register, list[Draft]] = field(default_factory=dict)
    _cursor: dict[Register, int] = field(default_factory=dict)
    _extra: Counter[Register] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        for register, drafts in self.drafts.items():
            self._order[register] = self.chance.sample(drafts, len(drafts))
            self._cursor[register] = 0

    @cached_property
    def numbers_of_beneficiaries(self) -> frozenset[str]:
        """As they were before any defect."""
        return frozenset(draft.person.number for draft in self.drafts["beneficiaries"])

    def sow(self, defect: Defect) -> None:
        for register, drafts in self.drafts.items():
            for _ in range(defect.wanted(register, len(drafts))):
                self._sow_one(register, defect)

    def plant(self, draft: Draft, rule: str, key: str) -> None:
        self.planted.append(Planted(draft.register, draft.system_code, rule, key))

    def next_code(self, register: Register) -> str:
        """A system code after all those that the software has given out."""
        self._extra[register] += 1
        return system_code(register, len(self.drafts[register]) + self._extra[register])

    def pick(self, *choices: str) -> str:
        return pick(self.chance, choices)

    def take(self, register: Register, fits: Callable[[Draft], bool]) -> Draft | None:
        """Another sound row that fits; the caller gives it its family."""
        return next((d for d in self._walk(register) if not d.families and not d.reserved and fits(d)), None)

    def _sow_one(self, register: Register, defect: Defect) -> None:
        second = defect.family in _INDEPENDENT and self.chance.random() < _SECOND_SHARE
        for draft in self._walk(register):
            if self._may_carry(draft, defect.family, second=second) and defect.plant(draft, self):
                draft.families.add(defect.family)
                return

    def _may_carry(self, draft: Draft, family: str, *, second: bool) -> bool:
        if draft.reserved and family not in _INDEPENDENT:
            return False
        if not draft.families:
            return not second or draft.reserved
        return second and family not in draft.families and "record" not in draft.families

    def _walk(self, register: Register) -> Iterator[Draft]:
        """Each row once, from where the last walk stopped: rows used up are not passed again and again."""
        order = self._order[register]
        for _ in order:
            draft = order[self._cursor[register]]
            self._cursor[register] = (self._cursor[register] + 1) % len(order)
            yield draft
