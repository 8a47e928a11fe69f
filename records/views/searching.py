"""What is typed in the search box: a row code, the ministry's code, a number, a date, a name without diacritics."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.db.models import Q

from records import row_codes
from records.reading.dates import read_date
from records.reading.personal_number import bare_digits
from records.reading.vietnamese import fold_words, tidy

_DATE = re.compile(r"(?<!\d)(?:\d{1,2}\s*[/.\-]\s*){0,2}(?:19|20)\d\d(?!\d)|(?<!\d)(?:19|20)\d\d-\d\d?-\d\d?(?!\d)")
_NUMBER = range(8, 13)  # digits
_NOBODY = Q(pk__in=[])


@dataclass(frozen=True)
class Search:
    """`kind` is what the audit trail keeps of it: code, number, date, name."""

    text: str
    kind: str
    where: Q


def read_search(text: str, *, numbers_seen: bool) -> Search | None:
    """None for an empty box. Without `numbers_seen` a number finds nobody: the search must not tell what the page
    does not show."""
    text = tidy(text)[:100]
    if not text:
        return None
    digits = bare_digits(text)
    if code := row_codes.check(text):
        return Search(text, "code", Q(row_code=code) | _name(text))
    if digits.isascii() and digits.isdigit() and len(digits) in _NUMBER:
        return Search(text, "number", _number(digits) if numbers_seen else _NOBODY)
    if any(char.isdigit() for char in text) and any(char.isalpha() for char in text) and " " not in text:
        return Search(text, "code", Q(system_code__iexact=text))
    return _date_or_name(text)


def _number(digits: str) -> Q:
    return Q(personal_number=digits) | Q(values__personal_number=digits) | Q(values__old_id_number=digits)


def _date_or_name(text: str) -> Search:
    found = _DATE.search(text)
    if found is None:
        return Search(text, "name", _name(text))
    where = _born(found[0])
    name = (text[: found.start()] + " " + text[found.end() :]).strip()
    return Search(text, "date", where & _name(name) if name else where)


def _born(text: str) -> Q:
    read = read_date(tidy(text), 2000, True)
    if read.first is None:
        return _NOBODY
    if read.precision == "year":
        return Q(birth_year=read.year)
    return Q(birth_date__range=(read.first, read.last)) & ~Q(birth_precision="year")


def _name(text: str) -> Q:
    folded = fold_words(text)
    if not folded:
        return _NOBODY
    return Q(match_name__contains=folded) | Q(father_match__contains=folded) | Q(mother_match__contains=folded)
