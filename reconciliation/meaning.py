"""Whether two cells say the same to a person, whatever spreadsheet they passed through."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from reconciliation.sheets import Column
from records.reading.reference import Reference
from records.reading.values import cell_reader
from records.reading.vietnamese import from_legacy, tidy

_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_JOINING = frozenset("-'’‘`´ʼ‐‑‒–—−")


def spelled(text: str) -> str:
    """The text without what makes no difference: case, spaces, composition, and on which vowel a tone stands
    (hòa, hoà). Diacritics do differ: Dua is not Dưa."""
    text = tidy(from_legacy(text) or text).lower()
    if text.isascii():
        return text
    return " ".join(_word(word) for word in text.split())


def spelled_name(text: str) -> str:
    """`spelled`, and hyphens and apostrophes aside (H'Mông, HMông)."""
    return "".join(character for character in spelled(text) if character not in _JOINING)


def _word(word: str) -> str:
    letters: list[str] = []
    tones: list[str] = []
    for character in unicodedata.normalize("NFD", word):
        (tones if character in _TONES else letters).append(character)
    return unicodedata.normalize("NFC", "".join(letters)) + "".join(sorted(tones))


def bare(number: str) -> str:
    """Digits without the zeros that a spreadsheet drops from their front; other text as spelled."""
    return number.lstrip("0") if number.isdigit() else spelled(number)


class Meaning:
    """Reads cells the way the register's own cells are read (dates, numbers, sex, aliases of ethnic groups)."""

    def __init__(self, reference: Reference) -> None:
        self._cells = cell_reader(reference)

    def canonical(self, cells: Mapping[str, str]) -> dict[str, str]:
        """Field key → text, to field key → canonical text; words for none become ''."""
        return self._cells.read(cells)

    def same(self, column: Column, one: str, other: str) -> bool:
        if one == other:
            return True
        if column.kind == "name":
            return spelled_name(one) == spelled_name(other)
        if column.field:
            read = self._cells.read
            one, other = read({column.field: one})[column.field], read({column.field: other})[column.field]
        if column.kind == "number":
            return bare(one) == bare(other)
        return spelled(one) == spelled(other)
