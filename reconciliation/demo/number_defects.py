"""Numbers gone wrong: lost zeros, a parent's number, typing slips, old identity cards."""

from reconciliation.demo.dice import pick
from reconciliation.demo.drafts import Draft
from reconciliation.demo.people import century_digit
from reconciliation.demo.planting import Defect, Planter

_NUMBER = "personal_number"
_NOTHING = ("", "", "", "chưa có", "Chưa cấp", "không", "x", "-", "k có", "Chưa làm", "0", "đang làm lại")
_PLACEHOLDERS = ("000000000000", "111111111111", "999999999999", "012345678910", "123456789012")
_PARENT_NUMBERS = ("mother_number", "father_number", "guardian_number", "payee_number")


def _missing(draft: Draft, planter: Planter) -> bool:
    draft.put(_NUMBER, pick(planter.chance, _NOTHING))
    draft.put("old_id_number", "")
    planter.plant(draft, "number.missing", _NUMBER)
    return True


def _lost_zero(draft: Draft, planter: Planter) -> bool:
    number = draft.number
    if planter.chance.random() < 0.1:
        province = pick(planter.chance, [code for code in planter.material.provinces if code.startswith("00")])
        number = planter.numbers.make(draft.person.sex, draft.person.birth, province=province)
    elif draft.register == "beneficiaries" and draft.person.birth.year < 1985 and planter.chance.random() < 0.2:
        number = f"5{planter.chance.randrange(10**7):07d}"  # an old identity card of Sơn La, 05…
    draft.put(_NUMBER, number.lstrip("0"))
    planter.plant(draft, "number.lost_zero", _NUMBER)
    return True


def _exponent(draft: Draft, planter: Planter) -> bool:
    text = f"{int(draft.number):.{planter.chance.choice((2, 5))}E}"
    draft.put(_NUMBER, planter.pick(text, text.replace(".", ",")))
    planter.plant(draft, "number.exponent", _NUMBER)
    return True


def _lookalike(draft: Draft, planter: Planter) -> bool:
    digit, letters = planter.chance.choice((("0", "Oo"), ("1", "lI")))
    places = [index for index, found in enumerate(draft.number) if found == digit]
    place = places[planter.chance.randrange(len(places))] if places else -1
    if place < 0:
        return False
    draft.put(_NUMBER, draft.number[:place] + planter.pick(*letters) + draft.number[place + 1 :])
    planter.plant(draft, "number.lookalike", _NUMBER)
    return True


def _length(draft: Draft, planter: Planter) -> bool:
    """Of numbers of Sơn La, whose fourth digit would say another century after padding: no zero was lost here."""
    number = draft.number
    if not number.startswith("014"):
        return False
    place = planter.chance.randint(6, 10)
    wrong = planter.pick(
        number[:place] + number[place + 1 :],
        number[:-2],
        number + str(planter.chance.randrange(10)),
        number[:-1] + "A",
        number[:-3] + "???",
    )
    draft.put(_NUMBER, wrong)
    planter.plant(draft, "number.length", _NUMBER)
    return True


def _old_id(draft: Draft, planter: Planter) -> bool:
    key = _NUMBER
    if draft.register == "beneficiaries" and planter.chance.random() < 0.5:
        key = "old_id_number"
    draft.put(_NUMBER, "")
    draft.put("old_id_number", "")
    draft.put(key, f"05{planter.chance.randrange(10**7):07d}")
    planter.plant(draft, "number.old_id", key)
    return True


def _placeholder(draft: Draft, planter: Planter) -> bool:
    draft.put(_NUMBER, pick(planter.chance, _PLACEHOLDERS))
    draft.put("old_id_number", "")
    planter.plant(draft, "number.placeholder", _NUMBER)
    return True


def _province(draft: Draft, planter: Planter) -> bool:
    wrong = f"{planter.chance.randrange(1, 100):03d}"
    number = wrong + draft.number[3:]
    if wrong in planter.material.provinces or not planter.numbers.reserve(number):
        return False
    draft.put(_NUMBER, number)
    planter.plant(draft, "number.province", _NUMBER)
    return True


def _sex(draft: Draft, planter: Planter) -> bool:
    number = draft.number[:3] + str(int(draft.number[3]) ^ 1) + draft.number[4:]
    return _put_slip(draft, planter, number)


def _birth_year(draft: Draft, planter: Planter) -> bool:
    """Digits five and six are a few years off."""
    year = (int(draft.number[4:6]) + planter.chance.choice((-10, -2, -1, 1, 2, 10))) % 100
    return _put_slip(draft, planter, f"{draft.number[:4]}{year:02d}{draft.number[6:]}")


def _put_slip(draft: Draft, planter: Planter, number: str) -> bool:
    if not planter.numbers.reserve(number):
        return False
    draft.put(_NUMBER, number)
    _plant_disagreements(draft, planter)
    return True


def _parent(draft: Draft, planter: Planter) -> bool:
    keys = [key for key in _PARENT_NUMBERS if draft.cells.get(key)]
    if not keys or draft.cells.get("payee_relationship") == "Bản thân":
        return False
    number = draft.cells[pick(planter.chance, keys)]
    if draft.register == "children" and number in planter.numbers_of_beneficiaries:
        return False  # a grandparent's, who would seem to be this child
    if not planter.numbers.reserve(f"{draft.register} {number}"):
        return False  # a brother's or sister's row carries it already
    draft.put(_NUMBER, number)
    draft.touched.update(keys)
    planter.plant(draft, "number.parent", _NUMBER)
    _plant_disagreements(draft, planter)
    return True


def _shared(draft: Draft, planter: Planter) -> bool:
    """One number on two rows, of the same sex and year where there are such."""
    person = draft.person

    def same_sex(other: Draft) -> bool:
        return other is not draft and other.person.sex == person.sex

    def same_year(other: Draft) -> bool:
        return same_sex(other) and other.person.birth.year == person.birth.year

    other = planter.take(draft.register, same_year) or planter.take(draft.register, same_sex)
    if other is None:
        return False
    for each in (draft, other):
        each.put(_NUMBER, draft.number)
        each.families.add("number")
        planter.plant(each, "number.shared", _NUMBER)
    _plant_disagreements(other, planter)
    return True


def _plant_disagreements(draft: Draft, planter: Planter) -> None:
    """What twelve digits say against the recorded sex and birth year."""
    number, person = draft.number, draft.person
    said_sex = "nu" if int(number[3]) % 2 else "nam"
    if said_sex != person.sex:
        planter.plant(draft, "number.sex", _NUMBER)
    expected = f"{century_digit(said_sex, person.birth.year)}{person.birth.year % 100:02d}"
    if number[3:6] != expected:
        planter.plant(draft, "number.birth_year", _NUMBER)


NUMBER_DEFECTS = (
    Defect("number.lost_zero", "number", _lost_zero, children=0.06, beneficiaries=0.035),
    Defect("number.missing", "number", _missing, children=0.03, beneficiaries=0.025),
    Defect("number.parent", "number", _parent, children=0.03, beneficiaries=0.005),
    Defect("number.old_id", "number", _old_id, children=0.003, beneficiaries=0.015),
    Defect("number.length", "number", _length, children=0.006, beneficiaries=0.006),
    Defect("number.exponent", "number", _exponent, children=0.005, beneficiaries=0.005),
    Defect("number.lookalike", "number", _lookalike, children=0.003, beneficiaries=0.004),
    Defect("number.placeholder", "number", _placeholder, children=0.003, beneficiaries=0.003),
    Defect("number.province", "number", _province, children=0.003, beneficiaries=0.003),
    Defect("number.sex", "number", _sex, children=0.004, beneficiaries=0.004),
    Defect("number.birth_year", "number", _birth_year, children=0.005, beneficiaries=0.005),
    Defect("number.shared", "number", _shared, children=0.002, beneficiaries=0.003),
)
