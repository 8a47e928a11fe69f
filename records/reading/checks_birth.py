"""Rules on the date of birth."""

from datetime import date
from typing import NamedTuple

from records.reading.dates import DateReading, full_years
from records.reading.reference import Reference
from records.reading.row import Row
from records.reading.values import CellReader

_ADULT = 16
_OLDEST = 115
_EARLIEST = date(1900, 1, 1)


class _Fault(NamedTuple):
    """`severity` "" for the usual one."""

    rule: str
    suggestion: str = ""
    severity: str = ""


def check_birth_date(row: Row) -> None:
    text = row.values.get("birth_date")
    if text is None:
        return
    for fault in birth_faults(text, row.reference, row.cells):
        row.add(fault.rule, "birth_date", fault.suggestion, severity=fault.severity)


def birth_faults(text: str, reference: Reference, cells: CellReader) -> list[_Fault]:
    """Of a canonical reading."""
    return reference.remembered("birth_faults", lambda other: _faults(cells.date(other), reference))(text)


def _faults(birth: DateReading, reference: Reference) -> list[_Fault]:
    faults = []
    if birth.problem == "incomplete":
        faults.append(_Fault("birth_date.incomplete", severity=_severity_of_incomplete(birth, reference)))
    elif birth.problem:
        faults.append(_Fault(f"birth_date.{birth.problem}", birth.suggestion))
    if birth.first is not None and birth.last is not None:
        faults += map(_Fault, _out_of_range(birth.first, birth.last, reference))
    return faults


def _severity_of_incomplete(birth: DateReading, reference: Reference) -> str:
    is_adult = birth.last is not None and full_years(birth.last, reference.first_day) >= _ADULT
    return "warning" if is_adult and reference.register == "beneficiaries" else ""


def _out_of_range(first: date, last: date, reference: Reference) -> list[str]:
    """What must hold for every day between the two, the days on which the person may have been born."""
    age = full_years(last, reference.first_day)
    rules = []
    if first > reference.latest_birth:
        rules.append("birth_date.future")
    if last < _EARLIEST or age > _OLDEST:
        rules.append("birth_date.implausible")
    if reference.register == "children" and age >= _ADULT and not rules:
        rules.append("birth_date.not_a_child")
    return rules
