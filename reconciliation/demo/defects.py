"""Every defect there is, in the order in which rows are chosen for them: the choosiest first."""

from reconciliation.demo.benefit_defects import BENEFIT_DEFECTS
from reconciliation.demo.dice import pick
from reconciliation.demo.drafts import Draft
from reconciliation.demo.number_defects import NUMBER_DEFECTS
from reconciliation.demo.person_defects import PERSON_DEFECTS
from reconciliation.demo.planting import Planter
from reconciliation.demo.record_defects import RECORD_DEFECTS

DEFECTS = (*BENEFIT_DEFECTS, *PERSON_DEFECTS, *RECORD_DEFECTS, *NUMBER_DEFECTS)
_ENDED_SHARE = 0.02


def plant_defects(planter: Planter, in_both: list[tuple[Draft, Draft]]) -> None:
    """`in_both`: the rows of one person in the two registers; what tells that they are one stays sound."""
    for pair in in_both:
        for draft in pair:
            draft.reserved = True
            planter.plant(draft, "record.in_both_registers", "full_name")
    for defect in DEFECTS:
        planter.sow(defect)
    _end_some_allowances(planter)


def _end_some_allowances(planter: Planter) -> None:
    """Kept in the register but out of scope: what is wrong with these rows must not be reported."""
    for _ in range(max(round(_ENDED_SHARE * len(planter.drafts["beneficiaries"])), 2)):
        draft = planter.take("beneficiaries", lambda found: found.cells["status"] != "Thôi hưởng")
        if draft is None:
            return
        draft.put("status", "Thôi hưởng")
        draft.put(pick(planter.chance, ("personal_number", "sex", "village")), "")
        draft.families.add("ended")
