"""Rows that stand in the register twice: once more under the same code, or under another."""

from collections.abc import Callable
from datetime import timedelta

from reconciliation.demo.drafts import Draft, written
from reconciliation.demo.planting import Defect, Planter


def _same_code_again(draft: Draft, planter: Planter) -> bool:
    """The later row is held; the finding stands on the record that the first one makes."""
    again = _copy(draft, planter, draft.system_code)
    again.cells["phone"] = ""
    draft.families.add("record")
    planter.plant(draft, "record.repeated", "system_code")
    return True


def _new_code_same_person(draft: Draft, planter: Planter) -> bool:
    """The same particulars under a second code; with the number again, or before a number was given."""
    if not draft.cells.get("father_name"):
        return False  # the number or a parent must be equal
    again = _copy(draft, planter, planter.next_code(draft.register))
    planter.plant(again, "record.repeated", "full_name")
    _number_of_copy(draft, again, planter)
    return True


def _likely_the_same(draft: Draft, planter: Planter) -> bool:
    """The same parents, and one particular that differs: too much alike for chance, too little for a machine."""
    words = draft.person.name.split()
    if len(words) != 3 or not draft.cells.get("mother_name"):
        return False
    again = _copy(draft, planter, planter.next_code(draft.register))
    change = _LIKE[len(planter.added) % len(_LIKE)]
    change(again, planter)
    for each in (draft, again):
        planter.plant(each, "record.possible_duplicate", "full_name")
    _number_of_copy(draft, again, planter)
    return True


def _without_middle(again: Draft, planter: Planter) -> None:
    words = again.person.name.split()
    again.put("full_name", f"{words[0]} {words[-1]}")


def _other_day(again: Draft, planter: Planter) -> None:
    birth = again.person.birth
    other = birth + timedelta(days=10 if birth.day < 15 else -10)
    again.put("birth_date", written(other))


def _moved(again: Draft, planter: Planter) -> None:
    communes = [c for c in planter.material.communes.values() if c.code != again.household.commune.code]
    commune = planter.chance.choice(communes)
    village = planter.chance.choice(commune.villages)
    again.put("village", village)
    again.put("commune", commune.name)
    again.put("permanent_address", f"{village}, {commune.in_a_sentence}, huyện Bắc Yên, tỉnh Sơn La")


_LIKE: tuple[Callable[[Draft, Planter], None], ...] = (_moved, _without_middle, _other_day)


def _number_of_copy(draft: Draft, again: Draft, planter: Planter) -> None:
    draft.touched.update(("full_name", "birth_date", "personal_number"))
    if planter.chance.random() < 0.5:
        for each in (draft, again):
            planter.plant(each, "number.shared", "personal_number")
    else:
        again.put("personal_number", "")
        again.put("old_id_number", "")
        planter.plant(again, "number.missing", "personal_number")


def _copy(draft: Draft, planter: Planter, code: str) -> Draft:
    again = Draft(draft.register, {**draft.cells, "system_code": code}, draft.person, draft.household, draft.category)
    again.families.add("record")
    again.touched.update(draft.cells)
    planter.added.append((draft, again))
    return again


RECORD_DEFECTS = (
    Defect("record.repeated", "record", _same_code_again, children=0.0015, beneficiaries=0.004),
    Defect("record.repeated", "record", _new_code_same_person, children=0.0015),
    Defect("record.possible_duplicate", "record", _likely_the_same, children=0.004, beneficiaries=0.004),
)
