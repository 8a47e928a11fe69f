"""Categories, amounts and payees gone wrong; only beneficiaries have them."""

from reconciliation.demo.beneficiaries import amount
from reconciliation.demo.drafts import Draft
from reconciliation.demo.people import age_on
from reconciliation.demo.planting import Defect, Planter

# Names that several categories share, and some that none has.
_UNCLEAR = ("Khoản 1", "Trẻ mồ côi", "NKT", "Khoản 5", "Người cao tuổi", "Diện khác", "Hộ nghèo", "Theo QĐ cũ")


def _category_missing(draft: Draft, planter: Planter) -> bool:
    draft.put("category", planter.pick("", "", "không rõ"))
    planter.plant(draft, "category.missing", "category")
    return True


def _category_unknown(draft: Draft, planter: Planter) -> bool:
    draft.put("category", planter.pick(*_UNCLEAR))
    planter.plant(draft, "category.unknown", "category")
    return True


def _category_age(draft: Draft, planter: Planter) -> bool:
    """Somebody in the sixties under the allowance for people of eighty and older."""
    if not 60 <= age_on(planter.first_day, draft.person.birth) < 75 or "birth_date" in draft.touched:
        return False
    over_eighty = planter.material.categories["TC5c-1"]
    draft.put("category", over_eighty.spellings[0])
    draft.put("coefficient", over_eighty.coefficient)
    draft.put("amount", amount(over_eighty.coefficient, planter.material.level_on(planter.first_day)[0]))
    draft.category = over_eighty
    planter.plant(draft, "category.age", "category")
    return True


def _amount_disagrees(draft: Draft, planter: Planter) -> bool:
    """Where the reference data is not sure of the base amount, no rule speaks, so none is planted."""
    category = draft.category
    levels = planter.material.levels
    if category is None or not category.is_allowance or not category.certain or draft.families & {"benefit"}:
        return False
    if not planter.material.level_on(planter.first_day)[1] or not all(level[2] for level in levels[:2]):
        return False
    draft.put("amount", amount(draft.cells["coefficient"], planter.chance.choice((180_000, 300_000, 380_000))))
    planter.plant(draft, "amount.disagrees", "amount")
    return True


def _payee_missing(draft: Draft, planter: Planter) -> bool:
    category = draft.category
    if category is None or not category.is_allowance or age_on(planter.first_day, draft.person.birth) >= 16:
        return False
    if "birth_date" in draft.touched:
        return False
    for key in ("payee_name", "payee_number", "payee_relationship"):
        draft.put(key, "")
    planter.plant(draft, "payee.missing", "payee_name")
    return True


BENEFIT_DEFECTS = (
    Defect("category.age", "benefit", _category_age, beneficiaries=0.01),
    Defect("payee.missing", "benefit", _payee_missing, beneficiaries=0.015),
    Defect("amount.disagrees", "benefit", _amount_disagrees, beneficiaries=0.03),
    Defect("category.unknown", "benefit", _category_unknown, beneficiaries=0.015),
    Defect("category.missing", "benefit", _category_missing, beneficiaries=0.006),
)
