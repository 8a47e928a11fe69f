"""Rules on the date of birth."""

from datetime import date

from records.reading.row import Row

_ADULT = 16
_OLDEST = 115
_EARLIEST = date(1900, 1, 1)


def check_birth_date(row: Row) -> None:
    if "birth_date" not in row.values:
        return
    birth = row.birth
    if birth.problem == "missing":
        row.add("birth_date.missing", "birth_date")
    elif birth.problem == "unreadable":
        row.add("birth_date.unreadable", "birth_date")
    elif birth.problem == "impossible":
        row.add("birth_date.impossible", "birth_date", birth.suggestion)
    elif birth.problem == "incomplete":
        row.add("birth_date.incomplete", "birth_date", severity="warning" if _is_adult_beneficiary(row) else "")
    if birth.first is not None and birth.last is not None:
        _check_range(row, birth.first, birth.last)


def _is_adult_beneficiary(row: Row) -> bool:
    age = row.youngest_age()
    return row.reference.register == "beneficiaries" and age is not None and age >= _ADULT


def _check_range(row: Row, first: date, last: date) -> None:
    """What must hold for every day between the two, the days on which the person may have been born."""
    age = row.youngest_age() or 0
    is_future = first > row.reference.latest_birth
    is_implausible = last < _EARLIEST or age > _OLDEST
    if is_future:
        row.add("birth_date.future", "birth_date")
    if is_implausible:
        row.add("birth_date.implausible", "birth_date")
    if row.reference.register == "children" and age >= _ADULT and not is_future and not is_implausible:
        row.add("birth_date.not_a_child", "birth_date")
