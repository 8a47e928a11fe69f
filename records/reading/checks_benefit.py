"""Rules on what a beneficiary receives, and the reading of categories, coefficients and amounts."""

import re
from decimal import Decimal

from records.reading.dates import DateReading
from records.reading.reference import Category, Reference, StandardLevel, without_case_and_spaces
from records.reading.row import Row
from records.reading.vietnamese import fold, from_legacy

_CHILD = 16
_ALLOWANCE = "tro_cap"
_CARE = "cham_soc"
_CURRENCY = re.compile(r"\s*(?:đ|₫|đồng|dong|vnđ|vnd)\.?(?:\s*/\s*tháng)?$", re.IGNORECASE)
_DECIMALS = re.compile(r"(?<=[0-9])[.,]00?$")
_GROUPING = re.compile(r"[\s.,']")
_NUMBER = re.compile(r"[0-9]{1,12}")
_NO_CATEGORY: frozenset[str] = frozenset()
_COEFFICIENT = re.compile(r"[0-9]{1,2}(?:[.,][0-9]{1,3})?")


def category_codes(text: str, reference: Reference) -> frozenset[str]:
    """The categories that a cell may mean: none, the one it means, or several of which a person must choose."""
    if not text:
        return _NO_CATEGORY
    return reference.remembered("category_codes", lambda other: _category_codes(other, reference))(text)


def _category_codes(text: str, reference: Reference) -> frozenset[str]:
    """Compared as written first, because folding makes "điểm đ" a "điểm d"; then what a person answered before;
    then folded.
    """
    converted = from_legacy(text) or text
    exact, folded = reference.category_names
    as_written = exact.get(without_case_and_spaces(converted), set())
    if len(as_written) == 1:
        return frozenset(as_written)
    answered = reference.category_map.get(fold(converted))
    if answered:
        return frozenset({answered})
    return frozenset(as_written or folded.get(fold(converted), set()))


def is_care_support(codes: frozenset[str], reference: Reference) -> bool:
    """Whether a cell surely means care support, where the row is often the carer."""
    return bool(codes) and all(rate.scheme == _CARE for rate in _rates(codes, reference))


def check_category(row: Row) -> None:
    if row.is_empty("category"):
        row.add("category.missing", "category")
    elif row.values.get("category") and len(row.category_codes) != 1:
        row.add("category.unknown", "category")


def check_category_age(row: Row) -> None:
    youngest, oldest = row.youngest_age(), row.oldest_age()
    if len(row.category_codes) != 1 or youngest is None or oldest is None:
        return
    rates = _rates(row.category_codes, row.reference)
    if any(rate.scheme == _CARE for rate in rates):
        return
    ages = range(youngest, oldest + 1)
    if rates and not any(rate.fits_age(age) for rate in rates for age in ages):
        row.add("category.age", "category")


def check_payee(row: Row) -> None:
    oldest = row.oldest_age()
    rates = _rates(row.category_codes, row.reference)
    is_allowance = bool(rates) and all(rate.scheme == _ALLOWANCE for rate in rates)
    if not is_allowance or oldest is None or oldest >= _CHILD:
        return
    if row.is_empty("payee_name") and not row.values.get("payee_number"):
        row.add("payee.missing", "payee_name")


def check_amount(row: Row) -> None:
    amount = _amount(row.values.get("amount", ""))
    rates = _rates(row.category_codes, row.reference)
    if not amount or not rates or not all(rate.scheme == _ALLOWANCE and rate.certain for rate in rates):
        return
    coefficient = _coefficient(row.values.get("coefficient", "")) or _only_coefficient(row, rates)
    standards = _possible_standards(row)
    if coefficient is None or standards is None:
        return
    if all(amount != coefficient * level.amount for level in standards):
        row.add("amount.disagrees", "amount")


def _rates(codes: frozenset[str], reference: Reference) -> list[Category]:
    return [rate for code in codes for rate in reference.categories_by_code.get(code, ())]


def _only_coefficient(row: Row, rates: list[Category]) -> Decimal | None:
    coefficients = {rate.coefficient for rate in rates}
    return _coefficient(coefficients.pop()) if len(row.category_codes) == 1 and len(coefficients) == 1 else None


def _possible_standards(row: Row) -> list[StandardLevel] | None:
    reference, cells = row.reference, row.cells
    remembered = reference.remembered("standards", lambda text: _standards(cells.date(text), reference))
    return remembered(row.values.get("decision_date", ""))


def _standards(decision: DateReading, reference: Reference) -> list[StandardLevel] | None:
    """The standard of the first day and those that may have been in force on the decision date.

    With no decision date, any up to the first day. None where one of them is not certain or not known.
    """
    if decision.first is None or decision.last is None:
        until = reference.first_day.isoformat()
        levels = [level for level in reference.standard_levels if level.effective_from <= until]
    else:
        start = reference.standard_on(decision.first)
        if start is None:
            return None
        levels = [
            level
            for level in reference.standard_levels
            if start.effective_from <= level.effective_from <= decision.last.isoformat()
        ]
    today = reference.standard_on(reference.first_day)
    if today is None or not all(level.certain for level in [*levels, today]):
        return None
    return [*levels, today]


def _amount(text: str) -> int:
    """Đồng; 0 where the text is no plain amount."""
    digits = _GROUPING.sub("", _DECIMALS.sub("", _CURRENCY.sub("", text)))
    return int(digits) if _NUMBER.fullmatch(digits) else 0


def _coefficient(text: str) -> Decimal | None:
    return Decimal(text.replace(",", ".")) if _COEFFICIENT.fullmatch(text) else None
