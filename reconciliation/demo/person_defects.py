"""Names, birth dates, sex, ethnic group, parents and place gone wrong."""

from datetime import date, timedelta

from reconciliation.demo.dice import pick
from reconciliation.demo.drafts import SEX_WORD, Draft, written
from reconciliation.demo.legacy_text import in_tcvn3, in_vni, is_recognisable
from reconciliation.demo.people import age_on
from reconciliation.demo.planting import Defect, Planter

_NAME_FIELDS = ("full_name", "full_name", "full_name", "father_name", "mother_name", "guardian_name", "payee_name")
_OLDEST = 115


def _is_own_payee(draft: Draft) -> bool:
    """Such a person's number may equal the payee's only while the names are equal too."""
    return draft.cells.get("payee_name") == draft.cells["full_name"]


def _name_missing(draft: Draft, planter: Planter) -> bool:
    if _is_own_payee(draft):
        return False
    draft.put("full_name", planter.pick("", "Chưa đặt tên", "chưa có"))
    planter.plant(draft, "name.missing", "full_name")
    return True


def _name_one_word(draft: Draft, planter: Planter) -> bool:
    if _is_own_payee(draft):
        return False
    draft.put("full_name", draft.person.name.split()[-1])
    planter.plant(draft, "name.one_word", "full_name")
    return True


def _some_name(draft: Draft, planter: Planter) -> str:
    """A field that holds a name, not a word such as "đã chết"."""
    named = [key for key in _NAME_FIELDS if len(draft.cells.get(key, "").split()) > 1]
    return pick(planter.chance, [key for key in named if not draft.cells[key].startswith("đã ")])


def _name_characters(draft: Draft, planter: Planter) -> bool:
    if _is_own_payee(draft):
        return False
    key = _some_name(draft, planter)
    name = draft.cells[key]
    notes = ["{} (chết 2019)", "{} (bố dượng)"] if key == "father_name" else ["{} 2", "{} (con riêng)", "{}*"]
    draft.put(key, pick(planter.chance, notes).format(name))
    planter.plant(draft, "name.characters", key)
    return True


def _name_legacy(draft: Draft, planter: Planter) -> bool:
    """Only names with two words that carry marks: one alone may as well be a foreign word."""
    key = _some_name(draft, planter)
    encode = in_tcvn3 if planter.chance.random() < 0.75 else in_vni
    marked = [word for word in draft.cells[key].split() if not word.isascii()]
    encoded = encode(draft.cells[key])
    if encoded is None or len(marked) < 2 or not is_recognisable(encoded):
        return False
    draft.put(key, encoded)
    planter.plant(draft, "name.legacy_font", key)
    return True


def _birth_missing(draft: Draft, planter: Planter) -> bool:
    draft.put("birth_date", planter.pick("", "không rõ", "x"))
    planter.plant(draft, "birth_date.missing", "birth_date")
    return True


def _birth_incomplete(draft: Draft, planter: Planter) -> bool:
    birth = draft.person.birth
    if age_on(planter.first_day, birth) >= 60:
        return False  # people of that age have a rule of their own below
    forms = [f"{birth.year}", f"{birth.year}", f"{birth.month:02d}/{birth.year}"]
    if draft.register == "beneficiaries" and birth.year >= 2000:
        forms = [f"{birth.day}/{birth.month}/{birth.year % 100:02d}"]  # the century is open
    draft.put("birth_date", pick(planter.chance, forms))
    planter.plant(draft, "birth_date.incomplete", "birth_date")
    return True


def _birth_year_only(draft: Draft, planter: Planter) -> bool:
    """Old people's papers often give the year alone."""
    if age_on(planter.first_day, draft.person.birth) < 60:
        return False
    draft.put("birth_date", str(draft.person.birth.year))
    planter.plant(draft, "birth_date.incomplete", "birth_date")
    return True


def _birth_impossible(draft: Draft, planter: Planter) -> bool:
    birth = draft.person.birth
    swapped = f"{birth.month:02d}/{birth.day:02d}/{birth.year}" if birth.day > 12 else ""
    none = f"{planter.pick('31/02', '30/02', '31/04', '31/11', '32/01')}/{birth.year}"
    draft.put("birth_date", planter.pick(swapped or none, none))
    planter.plant(draft, "birth_date.impossible", "birth_date")
    return True


def _birth_unreadable(draft: Draft, planter: Planter) -> bool:
    birth = draft.person.birth
    draft.put(
        "birth_date",
        planter.pick(f"khoảng năm {birth.year}", "không nhớ", f"{birth.day}/{birth.month}", f"Tết {birth.year}"),
    )
    planter.plant(draft, "birth_date.unreadable", "birth_date")
    return True


def _birth_future(draft: Draft, planter: Planter) -> bool:
    if draft.category is not None and (draft.category.age_from or not draft.category.is_child):
        return False
    return _move_birth(draft, planter, planter.first_day + timedelta(planter.chance.randint(180, 400)), "future")


def _not_a_child(draft: Draft, planter: Planter) -> bool:
    """Two years older than the oldest children; their parents stay old enough."""
    age = age_on(planter.first_day, draft.person.birth)
    if age < 14:
        return False
    birth = draft.person.birth - timedelta(days=planter.chance.randint(740, 1090))
    return _move_birth(draft, planter, birth, "not_a_child")


def _birth_implausible(draft: Draft, planter: Planter) -> bool:
    if draft.category is not None and (draft.category.age_from or 0) < 60:
        return False
    if draft.category is not None and draft.category.age_to is not None:
        return False
    for key in ("father_number", "mother_number", "guardian_number"):
        if key in draft.cells:
            draft.put(key, "")
    oldest = max(planter.first_day.year - _OLDEST - 8, 1900)
    year = planter.chance.randint(oldest, planter.first_day.year - _OLDEST - 2)
    return _move_birth(draft, planter, date(year, planter.chance.randint(1, 12), 10), "implausible")


def _move_birth(draft: Draft, planter: Planter, birth: date, rule: str) -> bool:
    """The number follows the date, so that only the date is to blame."""
    draft.put("birth_date", written(birth))
    draft.put("personal_number", planter.numbers.make(draft.person.sex, birth))
    planter.plant(draft, f"birth_date.{rule}", "birth_date")
    return True


def _sex_missing(draft: Draft, planter: Planter) -> bool:
    draft.put("sex", "")
    planter.plant(draft, "sex.missing", "sex")
    return True


def _sex_unreadable(draft: Draft, planter: Planter) -> bool:
    draft.put("sex", planter.pick("Nan", "Mữ", "Con", "Trẻ"))
    planter.plant(draft, "sex.unreadable", "sex")
    return True


def _sex_middle_name(draft: Draft, planter: Planter) -> bool:
    """Either the sex was ticked wrongly, and the number says so too, or the middle name was typed wrongly."""
    words = draft.person.name.split()
    telling = {"nam": "Văn", "nu": "Thị"}
    other = "nu" if draft.person.sex == "nam" else "nam"
    if len(words) != 3 or _is_own_payee(draft):
        return False
    if words[1] == telling[draft.person.sex] and planter.chance.random() < 0.7:
        draft.put("sex", SEX_WORD[other])
        draft.touched.update(("full_name", "personal_number"))
        planter.plant(draft, "number.sex", "personal_number")
    else:
        draft.put("full_name", f"{words[0]} {telling[other]} {words[2]}")
        draft.touched.add("sex")
    planter.plant(draft, "sex.middle_name", "sex")
    return True


def _ethnic_missing(draft: Draft, planter: Planter) -> bool:
    draft.put("ethnic_group", planter.pick("", "", "Không rõ", "KXĐ", "Chưa rõ", "56"))
    planter.plant(draft, "ethnic_group.missing", "ethnic_group")
    return True


def _ethnic_unknown(draft: Draft, planter: Planter) -> bool:
    draft.put("ethnic_group", planter.pick("Việt Nam", "Thá", "Mông cổ", "Dân tộc thiểu số", "99"))
    planter.plant(draft, "ethnic_group.unknown", "ethnic_group")
    return True


def _ethnic_ambiguous(draft: Draft, planter: Planter) -> bool:
    draft.put("ethnic_group", planter.pick("Xá", "Thổ", "Tày Mường", "Trại", "04", "06"))
    planter.plant(draft, "ethnic_group.ambiguous", "ethnic_group")
    return True


def _parents_missing(draft: Draft, planter: Planter) -> bool:
    for parent in ("father", "mother", "guardian"):
        draft.put(f"{parent}_name", "")
        draft.put(f"{parent}_number", "")
    draft.put("guardian_relationship", "")
    planter.plant(draft, "parents.missing", "father_name")
    return True


def _father_missing(draft: Draft, planter: Planter) -> bool:
    return _one_parent_missing(draft, planter, "father")


def _mother_missing(draft: Draft, planter: Planter) -> bool:
    return _one_parent_missing(draft, planter, "mother")


def _one_parent_missing(draft: Draft, planter: Planter, parent: str) -> bool:
    draft.put(f"{parent}_name", planter.pick("", "", "không xác định", "đã chết", "đã mất"))
    draft.put(f"{parent}_number", "")
    planter.plant(draft, f"{parent}.missing", f"{parent}_name")
    return True


def _parent_too_young(draft: Draft, planter: Planter) -> bool:
    parent, sex = planter.chance.choice((("mother", "nu"), ("father", "nam")))
    birth = draft.person.birth - timedelta(days=planter.chance.randint(800, 3700))
    draft.put(f"{parent}_number", planter.numbers.make(sex, birth))
    planter.plant(draft, "parent.too_young", f"{parent}_number")
    return True


def _commune_missing(draft: Draft, planter: Planter) -> bool:
    draft.put("commune", "")
    planter.plant(draft, "commune.missing", "commune")
    return True


def _commune_unknown(draft: Draft, planter: Planter) -> bool:
    draft.put("commune", planter.pick("Xã Mường Xén", "Yên Bắc", "Xã Suối Lềnh", "3874A"))
    planter.plant(draft, "commune.unknown", "commune")
    return True


def _commune_elsewhere(draft: Draft, planter: Planter) -> bool:
    """Needs communes of other districts in the reference data."""
    if not planter.material.communes_elsewhere:
        return False
    draft.put("commune", pick(planter.chance, planter.material.communes_elsewhere))
    planter.plant(draft, "commune.elsewhere", "commune")
    return True


def _village_missing(draft: Draft, planter: Planter) -> bool:
    draft.put("village", "")
    planter.plant(draft, "village.missing", "village")
    return True


def _address_missing(draft: Draft, planter: Planter) -> bool:
    draft.put("permanent_address", "")
    planter.plant(draft, "address.missing", "permanent_address")
    return True


PERSON_DEFECTS = (
    Defect("birth_date.incomplete", "date", _birth_year_only, beneficiaries=0.045),
    Defect("birth_date.incomplete", "date", _birth_incomplete, children=0.008, beneficiaries=0.01),
    Defect("birth_date.implausible", "date", _birth_implausible, children=0.001, beneficiaries=0.003),
    Defect("birth_date.future", "date", _birth_future, children=0.002, beneficiaries=0.003),
    Defect("birth_date.not_a_child", "date", _not_a_child, children=0.008),
    Defect("birth_date.missing", "date", _birth_missing, children=0.003, beneficiaries=0.003),
    Defect("birth_date.impossible", "date", _birth_impossible, children=0.004, beneficiaries=0.003),
    Defect("birth_date.unreadable", "date", _birth_unreadable, children=0.003, beneficiaries=0.004),
    Defect("sex.middle_name", "sex", _sex_middle_name, children=0.004, beneficiaries=0.003),
    Defect("sex.missing", "sex", _sex_missing, children=0.003, beneficiaries=0.003),
    Defect("sex.unreadable", "sex", _sex_unreadable, children=0.002, beneficiaries=0.003),
    Defect("parent.too_young", "parents", _parent_too_young, children=0.003),
    Defect("parents.missing", "parents", _parents_missing, children=0.002),
    Defect("father.missing", "parents", _father_missing, children=0.006),
    Defect("mother.missing", "parents", _mother_missing, children=0.002),
    Defect("name.legacy_font", "name", _name_legacy, children=0.01, beneficiaries=0.008),
    Defect("name.characters", "name", _name_characters, children=0.005, beneficiaries=0.005),
    Defect("name.one_word", "name", _name_one_word, children=0.002, beneficiaries=0.003),
    Defect("name.missing", "name", _name_missing, children=0.002, beneficiaries=0.003),
    Defect("ethnic_group.missing", "ethnic", _ethnic_missing, children=0.005, beneficiaries=0.004),
    Defect("ethnic_group.unknown", "ethnic", _ethnic_unknown, children=0.002, beneficiaries=0.003),
    Defect("ethnic_group.ambiguous", "ethnic", _ethnic_ambiguous, children=0.003, beneficiaries=0.003),
    Defect("commune.missing", "place", _commune_missing, children=0.002, beneficiaries=0.003),
    Defect("commune.unknown", "place", _commune_unknown, children=0.002, beneficiaries=0.003),
    Defect("commune.elsewhere", "place", _commune_elsewhere, children=0.002, beneficiaries=0.003),
    Defect("village.missing", "place", _village_missing, children=0.006, beneficiaries=0.005),
    Defect("address.missing", "place", _address_missing, children=0.015, beneficiaries=0.02),
)
