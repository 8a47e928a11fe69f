"""What comes after the first export: a second one, and the civil registry's list of registered births."""

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from reconciliation.demo.children import child_draft
from reconciliation.demo.dice import pick
from reconciliation.demo.drafts import SEX_WORD, Draft, Planted, written
from reconciliation.demo.material import Commune, Material
from reconciliation.demo.people import HouseholdMaker
from reconciliation.demo.planting import system_code

_NEWBORN_KEYS = (
    "full_name", "birth_date", "sex", "ethnic_group", "personal_number", "birth_certificate_number",
    "birth_registration_place", "village", "commune", "permanent_address",
    "father_name", "father_number", "mother_name", "mother_number", "note",
)  # fmt: skip


@dataclass
class LaterExport:
    """Rows of the children's register some weeks later, and the codes that differ from the first export."""

    rows: list[dict[str, str]]
    created: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Newborn:
    """A line of the civil registry's list; `outcome`: created, matched, filled or to_settle."""

    cells: dict[str, str]
    outcome: str


@dataclass
class LaterMaker:
    chance: random.Random
    material: Material
    first_day: date
    households: HouseholdMaker

    def export(self, drafts: list[Draft], first_free: int) -> LaterExport:
        """About one row in a hundred gone, one and a half changed, one new; two of each at least."""
        once = _standing_once(drafts)
        some = max(len(drafts) // 100, 2)
        drawn = self.chance.sample(range(len(once)), min(some * 2 + some // 2, len(once)))
        gone = {once[index].system_code for index in drawn[:some]}
        changed = {once[index].system_code for index in drawn[some:]}
        later = LaterExport([], changed=sorted(changed), gone=sorted(gone))
        for draft in drafts:
            if draft.system_code in gone:
                continue
            cells = dict(draft.cells)
            if draft.system_code in changed:
                self._change(cells, draft)
            later.rows.append(cells)
        for serial in range(first_free, first_free + some):
            draft = self._new_child(system_code("children", serial))
            later.rows.append(draft.cells)
            later.created.append(draft.system_code)
        return later

    def _change(self, cells: dict[str, str], draft: Draft) -> None:
        if draft.families == {"number"} and cells["personal_number"] != draft.person.number:
            cells["personal_number"] = draft.person.number
        elif "birth_date" in draft.touched:
            cells["birth_date"] = written(draft.person.birth)
        else:
            others = [village for village in draft.household.commune.villages if village != cells["village"]]
            cells["village"] = pick(self.chance, others)
            cells["permanent_address"] = draft.household.address.replace(draft.household.village, cells["village"])
        cells["updated_on"] = written(self.first_day + timedelta(days=12))

    def _new_child(self, code: str) -> Draft:
        commune = pick(self.chance, list(self.material.communes.values()))
        household = self.households.household(commune, at_most=1, ages=(0.03, 0.3))
        return child_draft(code, household.children[0], household, self.chance, self.material, self.first_day)

    def newborns(self, drafts: Iterable[Draft], commune: Commune) -> list[Newborn]:
        """A list for one commune: babies not known yet, known ones, gaps that it fills, and contradictions."""
        known = [draft for draft in drafts if draft.household.commune.code == commune.code]
        sound = sorted(
            (draft for draft in known if not draft.touched and draft.household.father_adult_name == ""),
            key=lambda draft: draft.person.birth,
            reverse=True,
        )
        without_number = [draft for draft in known if draft.touched == {"personal_number", "old_id_number"}]
        lines = [Newborn(self._line(draft), "matched") for draft in sound[:3]]
        lines += [
            Newborn(self._line(draft), "filled")
            for draft in without_number[:4]
            if not draft.number and "number" in draft.families
        ]
        for draft in sound[3:5]:
            cells = self._line(draft)
            cells["birth_date"] = written(draft.person.birth + timedelta(days=31))
            lines.append(Newborn(cells, "to_settle"))
        for _ in range(6):
            household = self.households.household(commune, at_most=1, ages=(0.02, 0.25))
            draft = child_draft("", household.children[0], household, self.chance, self.material, self.first_day)
            lines.append(Newborn(self._line(draft), "created"))
        self.chance.shuffle(lines)
        return lines

    def _line(self, draft: Draft) -> dict[str, str]:
        """The registry writes from the birth certificate: right in every cell, whatever our row says."""
        person, household = draft.person, draft.household
        right = {
            "full_name": person.name,
            "birth_date": written(person.birth),
            "sex": SEX_WORD[person.sex],
            "ethnic_group": self.material.ethnic_names[person.ethnic],
            "personal_number": person.number,
            "commune": household.commune.name,
            "father_name": household.father.name,
            "father_number": household.father.number,
            "mother_name": household.mother.name,
            "mother_number": household.mother.number,
        }
        return {key: right.get(key, draft.cells[key]) for key in _NEWBORN_KEYS}


def gone_findings(later: LaterExport) -> list[Planted]:
    return [Planted("children", code, "record.gone", "system_code") for code in later.gone]


def _standing_once(drafts: list[Draft]) -> list[Draft]:
    """Rows that neither repeat nor resemble another: their going or changing has no second meaning."""
    return [draft for draft in drafts if "record" not in draft.families and not draft.reserved]
