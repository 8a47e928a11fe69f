"""Rules on the personal number (number.*), and on what the parents' numbers say."""

from records.reading.personal_number import (
    broken_rules,
    is_old_id,
    number_year,
    same_number,
    with_lost_zeros,
)
from records.reading.row import Row
from records.reading.vietnamese import fold_words, from_legacy

YEARS_TO_A_PARENT = 12
_SURE = 10  # digits at the end that are equal in two readings of one number


def check_number(row: Row) -> None:
    number = row.number
    if number.kind == "placeholder":
        row.add("number.placeholder", "personal_number")
    elif number.kind in ("none", "no_digit"):
        has_old_id = is_old_id(row.values.get("old_id_number", ""))
        if has_old_id:
            row.add("number.old_id", "old_id_number")
        else:
            row.add("number.missing", "personal_number")
    else:
        of_other = is_number_of_another(row)
        if of_other:
            row.add("number.parent", "personal_number")
        if number.kind == "exponent":
            row.add("number.exponent", "personal_number")
        elif number.kind == "lookalike":
            row.add("number.lookalike", "personal_number", number.repaired)
        elif number.kind == "twelve":
            provinces = row.reference.province_codes
            for rule in broken_rules(number.text, row.sex, row.birth.year, provinces):
                row.add(rule, "personal_number")
        else:
            _check_other_count(row, of_other)


def _check_other_count(row: Row, is_number_of_another: bool) -> None:
    digits = row.number.text
    if is_old_id(digits):
        if not is_number_of_another:
            row.add("number.old_id", "personal_number")
        return
    padded = with_lost_zeros(digits, row.sex, row.birth.year, row.reference.province_codes)
    if padded is None:
        row.add("number.length", "personal_number")
    else:
        row.add("number.lost_zero", "personal_number", padded)


def is_number_of_another(row: Row) -> bool:
    """Whether the number is the father's, mother's, guardian's, or that of a payee of another name."""
    number, values = row.number.text, row.values
    end = number[-_SURE:]
    for key in ("father_number", "mother_number", "guardian_number"):
        other = values.get(key)
        if other and other[-_SURE:] == end and same_number(number, other):
            return True
    payee = values.get("payee_number")
    if not payee or not same_number(number, payee):
        return False
    written = values.get("payee_name", "")
    payee_name = fold_words(from_legacy(written) or written)
    return not payee_name or payee_name != row.name.match


def check_parent_ages(row: Row) -> None:
    """parent.too_young: by years alone, so that it holds whatever the days of birth."""
    birth_year = row.birth.year
    if birth_year is None:
        return
    for key, number in (("father_number", row.father_number), ("mother_number", row.mother_number)):
        if number and birth_year - number_year(number) < YEARS_TO_A_PARENT:
            row.add("parent.too_young", key)
