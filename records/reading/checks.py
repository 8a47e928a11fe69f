"""Judging one row: canonical values, typed columns for the database, and what a person should look at.

The same function judges the rows of a file and an edit in the browser. It never raises, whatever the input, and
judging its own values again gives the same values, typed columns and findings.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from records.reading.checks_benefit import (
    category_codes,
    check_amount,
    check_category,
    check_category_age,
    check_payee,
    is_care_support,
)
from records.reading.checks_birth import check_birth_date
from records.reading.checks_number import check_number, check_parent_ages
from records.reading.checks_person import (
    check_ethnic_group,
    check_full_name,
    check_name_writing,
    check_parents,
    check_sex,
)
from records.reading.checks_place import check_place
from records.reading.names import read_name
from records.reading.personal_number import read_number, usable_number
from records.reading.reference import Reference, Register
from records.reading.row import Finding, Row
from records.reading.values import cell_reader
from records.reading.vietnamese import fold, from_legacy

__all__ = ["TYPED_COLUMNS", "Finding", "Judged", "judge"]

TypedValue = str | int | None

TYPED_COLUMNS: tuple[str, ...] = (
    "system_code",
    "full_name",
    "match_name",
    "sort_key",
    "birth_date",
    "birth_precision",
    "birth_year",
    "sex",
    "ethnic_group",
    "personal_number",
    "father_name",
    "father_match",
    "father_number",
    "mother_name",
    "mother_match",
    "mother_number",
    "guardian_name",
    "guardian_number",
    "commune_code",
    "village",
    "address",
    "care_support",
)

# In a line of COPY nothing is NULL there, not "".
NULL_IF_EMPTY = frozenset({"birth_date", "birth_year"})

_ENDED = "thoihuong"
SEX_CODES = {"Nam": "nam", "Nữ": "nu"}

# A rule about children that looks at several cells together must be known to `by_columns` as well.
_Check = Callable[[Row], None]
_OF_BOTH: tuple[_Check, ...] = (
    check_number,
    check_full_name,
    check_name_writing,
    check_birth_date,
    check_sex,
    check_ethnic_group,
    check_parent_ages,
    check_place,
)
_CHECKS: dict[Register, tuple[_Check, ...]] = {
    "children": (*_OF_BOTH, check_parents),
    "beneficiaries": (*_OF_BOTH, check_category, check_category_age, check_amount, check_payee),
}


@dataclass(slots=True)
class Judged:
    """`typed` has the keys of TYPED_COLUMNS; `in_scope` is False for a beneficiary who no longer receives."""

    values: dict[str, str]
    typed: dict[str, TypedValue]
    findings: list[Finding]
    in_scope: bool


def judge(raw: Mapping[str, str], reference: Reference, *, added_by_hand: bool = False) -> Judged:
    """Judges cells by field key, as typed or as read before; a key that is absent was no column of the file."""
    row = _read_row(raw, reference)
    in_scope = not _has_ended(row)
    if in_scope:
        for check in _CHECKS[reference.register]:
            check(row)
        if added_by_hand and not row.values.get("system_code"):
            row.add("record.new", "system_code")
    return Judged(row.values, _typed(row), row.findings, in_scope)


def _read_row(raw: Mapping[str, str], reference: Reference) -> Row:
    cells = cell_reader(reference)
    values = cells.read(raw)
    get = values.get
    return Row(
        raw,
        values,
        reference,
        cells,
        name=read_name(get("full_name", "")),
        sex=SEX_CODES.get(get("sex", ""), ""),
        birth=cells.date(get("birth_date", "")),
        number=read_number(get("personal_number", "")),
        ethnic_group=cells.ethnic_group(get("ethnic_group", "")),
        commune=cells.commune(get("commune", "")),
        father_number=usable_number(get("father_number", "")),
        mother_number=usable_number(get("mother_number", "")),
        category_codes=category_codes(get("category", ""), reference),
    )


def _has_ended(row: Row) -> bool:
    status = row.values.get("status")
    if not status or row.reference.register != "beneficiaries":
        return False
    return fold(from_legacy(status) or status).startswith(_ENDED)


def _typed(row: Row) -> dict[str, TypedValue]:
    get, name, birth = row.values.get, row.name, row.birth
    father, mother = read_name(get("father_name", "")), read_name(get("mother_name", ""))
    guardian_name, guardian_number = _guardian(row.values)
    unicode = row.cells.unicode
    return {
        "system_code": get("system_code", ""),
        "full_name": name.text,
        "match_name": name.match,
        "sort_key": name.sort,
        "birth_date": birth.iso,
        "birth_precision": birth.precision,
        "birth_year": birth.year,
        "sex": row.sex,
        "ethnic_group": row.ethnic_group.code,
        "personal_number": row.number.text if row.number.kind == "twelve" else "",
        "father_name": father.text,
        "father_match": father.match,
        "father_number": row.father_number,
        "mother_name": mother.text,
        "mother_match": mother.match,
        "mother_number": row.mother_number,
        "guardian_name": read_name(guardian_name).text,
        "guardian_number": usable_number(guardian_number),
        "commune_code": row.commune.code,
        "village": unicode(get("village", "")),
        "address": unicode(get("permanent_address", "")),
        "care_support": is_care_support(row.category_codes, row.reference),
    }


def _guardian(values: Mapping[str, str]) -> tuple[str, str]:
    """Name and number of the guardian; of the payee where no guardian is named."""
    name, number = values.get("guardian_name", ""), values.get("guardian_number", "")
    if name or number:
        return name, number
    return values.get("payee_name", ""), values.get("payee_number", "")
