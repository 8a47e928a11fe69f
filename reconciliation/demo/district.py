"""The demo district as a whole: who lives there, what the two registers say, and what is wrong with them."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from reconciliation.demo.beneficiaries import BeneficiaryMaker, Pool
from reconciliation.demo.children import child_draft
from reconciliation.demo.defects import plant_defects
from reconciliation.demo.dice import dice, shares_of
from reconciliation.demo.drafts import Draft, Planted, Register, Variant
from reconciliation.demo.later import LaterExport, LaterMaker, Newborn, gone_findings
from reconciliation.demo.material import Material, load_material
from reconciliation.demo.people import HouseholdMaker, NameMaker, NumberMaker
from reconciliation.demo.planting import Planter, system_code
from reconciliation.demo.variants import write_variants

CHILDREN = 3000  # at scale 1
BENEFICIARIES = 400
# Below these the defects of every rule would leave no sound rows.
_FEWEST = {"children": 240, "beneficiaries": 60}
NEWBORNS_OF = "03874"  # Làng Chếu


@dataclass
class DemoDistrict:
    """Rows in the order of the exports, each field key to text.

    `planted`: the findings that must follow from the first exports, neither more nor fewer for the rules on one
    row; `variants`: spellings that must be read silently; `planted_later`: findings of the later export.
    `commune_of`: system code to commune code, also where the row's own cell does not say.
    """

    seed: int
    first_day: date
    children: list[dict[str, str]]
    beneficiaries: list[dict[str, str]]
    planted: list[Planted]
    variants: list[Variant]
    later_children: LaterExport
    newborns: list[Newborn]
    planted_later: list[Planted] = field(default_factory=list)
    commune_of: dict[str, str] = field(default_factory=dict)
    labels: dict[str, dict[str, str]] = field(default_factory=dict)


def build(scale: float, seed: int, first_day: date, reference_dir: Path) -> DemoDistrict:
    """About 3,000 children and 400 beneficiaries at scale 1, never fewer than 240 and 60.

    Ages count on `first_day`, the campaign's first day. Raises OSError when the reference data is not there.
    """
    material = load_material(reference_dir)
    numbers = NumberMaker(dice(seed, "numbers"), material.provinces)
    households = HouseholdMaker(dice(seed, "people"), material, first_day, numbers)
    pool = Pool()
    drafts: dict[Register, list[Draft]] = {
        "children": _children(_rows("children", CHILDREN, scale), seed, first_day, material, households, pool)
    }
    maker = BeneficiaryMaker(dice(seed, "beneficiaries"), material, first_day, households, pool)
    made = maker.drafts(_rows("beneficiaries", BENEFICIARIES, scale))
    drafts["beneficiaries"] = [draft for draft, _ in made]
    for serial, draft in enumerate(drafts["beneficiaries"], start=1):
        draft.cells["system_code"] = system_code("beneficiaries", serial)

    planter = Planter(
        dice(seed, "defects"), material, first_day, numbers, NameMaker(dice(seed, "names"), material), drafts
    )
    child_of = {draft.person: draft for draft in drafts["children"]}
    plant_defects(planter, [(child_of[draft.person], draft) for draft, in_both in made if in_both])
    all_drafts = {register: _with_added(register, planter) for register in drafts}
    variants = write_variants([*all_drafts["children"], *all_drafts["beneficiaries"]], dice(seed, "variants"), material)
    return _finish(seed, material, planter, all_drafts, variants, households)


def _finish(
    seed: int,
    material: Material,
    planter: Planter,
    drafts: dict[Register, list[Draft]],
    variants: list[Variant],
    households: HouseholdMaker,
) -> DemoDistrict:
    later_maker = LaterMaker(dice(seed, "later"), material, planter.first_day, households)
    next_serial = int(planter.next_code("children")[5:])
    later = later_maker.export(drafts["children"], next_serial)
    return DemoDistrict(
        seed=seed,
        first_day=planter.first_day,
        children=[draft.cells for draft in drafts["children"]],
        beneficiaries=[draft.cells for draft in drafts["beneficiaries"]],
        planted=sorted(planter.planted),
        variants=sorted(variants),
        later_children=later,
        newborns=later_maker.newborns(drafts["children"], material.communes[NEWBORNS_OF]),
        planted_later=gone_findings(later),
        commune_of={draft.system_code: draft.household.commune.code for kept in drafts.values() for draft in kept},
        labels=material.labels,
    )


def _rows(register: str, at_scale_one: int, scale: float) -> int:
    return max(round(at_scale_one * scale), _FEWEST[register])


def _children(
    count: int, seed: int, first_day: date, material: Material, households: HouseholdMaker, pool: Pool
) -> list[Draft]:
    chance = dice(seed, "children")
    weights = {code: commune.weight for code, commune in material.communes.items()}
    drafts: list[Draft] = []
    for code, share in shares_of(count, weights).items():
        commune = material.communes[code]
        homes = sorted(households.in_commune(commune, share), key=lambda home: home.village)
        for home in homes:
            for child in reversed(home.children):
                serial = system_code("children", len(drafts) + 1)
                drafts.append(child_draft(serial, child, home, chance, material, first_day))
                pool.children.append((child, home))
            if home.guardian:
                pool.grandparents.append((home.guardian, home))
    return drafts


def _with_added(register: Register, planter: Planter) -> list[Draft]:
    """Repeated rows stand at the end of their commune, as entered later."""
    ends: dict[str, list[Draft]] = {}
    for original, again in planter.added:
        if again.register == register:
            ends.setdefault(original.household.commune.code, []).append(again)
    drafts = planter.drafts[register]
    result: list[Draft] = []
    for index, draft in enumerate(drafts):
        result.append(draft)
        code = draft.household.commune.code
        if index + 1 == len(drafts) or drafts[index + 1].household.commune.code != code:
            result.extend(ends.get(code, []))
    return result
