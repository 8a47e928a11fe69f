"""From the text of a cell to its canonical reading, by the kind of its field.

A reading repairs silently what the contract lists (spaces, separators of numbers, aliases, forms of dates) and
leaves everything else as typed. Reading a reading gives the same text.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from records.reading.communes import commune_within
from records.reading.dates import DateReading, read_date
from records.reading.memo import Memo, repeated
from records.reading.personal_number import read_number
from records.reading.reference import Reference
from records.reading.vietnamese import fold, fold_words, from_legacy, is_none_word, narrow, tidy

Reader = Callable[[str], str]

_MALE = frozenset({"nam", "trai", "namgioi", "contrai", "betrai", "male", "m"})
_FEMALE = frozenset({"nu", "gai", "nugioi", "congai", "begai", "female", "f"})
_DEAD = frozenset({"da chet", "da mat"})
_BETWEEN_NAMES = re.compile(r"[()\[\]/,;]|\s[-–—]\s")
_UNNAMED = "chua dat ten"
_LONGEST_DEAD = 10


@dataclass(frozen=True, slots=True)
class Known:
    """A text found in a reference list: what to write, the code, and why there is none.

    `problem`: "" or "missing", "unknown", "ambiguous".
    """

    text: str
    code: str
    problem: str


class CellReader:
    """Reads cells for one register and campaign; keeps what it has read where texts repeat.

    `date`, `ethnic_group`, `commune` and `unicode` (a legacy encoding converted) take canonical readings.
    """

    def __init__(self, reference: Reference) -> None:
        self._reference = reference
        year, century_is_clear = reference.first_day.year, reference.register == "children"
        self.date: Callable[[str], DateReading] = repeated(lambda text: read_date(text, year, century_is_clear))
        self.ethnic_group: Callable[[str], Known] = repeated(self._find_ethnic_group)
        self.commune: Callable[[str], Known] = repeated(self._find_commune)
        self.unicode: Reader = repeated(lambda text: from_legacy(text) or text)
        self._readers = Memo(self._reader_of)
        self._by_kind: dict[str, Reader] = {
            "date": repeated(lambda text: self.date(tidy(narrow(text))).text),
            "sex": repeated(_sex),
            "ethnic_group": repeated(lambda text: self.ethnic_group(tidy(text)).text),
            "commune": repeated(lambda text: self.commune(tidy(text)).text),
            "personal_number": _number_text,
            "personal_number_old": _number_text,
            "person_name": repeated(_text),
            "code": lambda text: _text(narrow(text)),
            "note": _text,
        }
        self._usual = repeated(_text)

    def read(self, raw: Mapping[str, str]) -> dict[str, str]:
        """Canonical values of a row; a key that the row lacks stays absent."""
        readers = self._readers
        values = {
            key: (readers[key](cell) if cell else "") if type(cell) is str else readers[key](_as_text(cell))
            for key, cell in raw.items()
        }
        for key in ("father_name", "mother_name"):
            name = values.get(key)
            if name and len(name) <= _LONGEST_DEAD and _says_dead(name):
                values[key + "_note"] = name
                values[key] = ""
        return values

    def _reader_of(self, key: str) -> Reader:
        if key == "full_name":
            return repeated(_own_name)
        return self._by_kind.get(self._reference.kinds.get(key, ""), self._usual)

    def _find_ethnic_group(self, text: str) -> Known:
        if is_none_word(text):
            return Known("", "", "missing")
        unicode = from_legacy(text) or text
        folded = fold(unicode)
        codes = self._reference.ethnic_names.get(folded) or self._reference.ethnic_numbers.get(folded.zfill(2), ())
        codes = codes or self._one_of_several_names(unicode)
        if not codes:
            return Known(text, "", "unknown")
        if len(codes) > 1:
            return Known(text, "", "ambiguous")
        group = self._reference.groups_by_code[codes[0]]
        if group.means_missing:
            return Known("", "", "missing")
        # The own name of group 24 (Thổ) is itself ambiguous: its aliases are then kept as typed.
        is_clear = self._reference.ethnic_names[fold(group.name)] == codes
        return Known(group.name if is_clear else text, group.code, "")

    def _one_of_several_names(self, text: str) -> tuple[str, ...]:
        """Of "Mông (Mèo)", names of one group: what all of them may mean; nothing where they contradict."""
        names = [name for name in map(fold, _BETWEEN_NAMES.split(text)) if name]
        if len(names) < 2:
            return ()
        meant = [set(self._reference.ethnic_names.get(name, ())) for name in names]
        return tuple(sorted(set.intersection(*meant)))

    def _find_commune(self, text: str) -> Known:
        if is_none_word(text):
            return Known("", "", "missing")
        unicode = from_legacy(text) or text
        folded = fold(unicode)
        commune = self._reference.commune_names.get(folded)
        if commune is None and folded.isdecimal():
            commune = self._reference.communes_by_code.get(folded.zfill(5))
        commune = commune or commune_within(unicode, self._reference)
        if commune is None:
            return Known(text, "", "unknown")
        elsewhere = commune.district_code != self._reference.district_code
        return Known(commune.name, commune.code, "elsewhere" if elsewhere else "")


def cell_reader(reference: Reference) -> CellReader:
    """The reader of a reference, made once."""
    reader = reference.memo.get("cell_reader")
    if reader is None:
        reader = reference.memo["cell_reader"] = CellReader(reference)
    return reader


def _sex(text: str) -> str:
    """ "Nam" or "Nữ" for a known spelling of either, "" for nothing, else the text as typed."""
    tidied = tidy(text)
    if is_none_word(tidied):
        return ""
    folded = fold(from_legacy(tidied) or tidied)
    return "Nam" if folded in _MALE else "Nữ" if folded in _FEMALE else tidied


def _text(text: str) -> str:
    if " " in text or not text.isascii() or not text.isprintable():
        text = tidy(text)
    return "" if is_none_word(text) else text


def _as_text(cell: object) -> str:
    return cell if isinstance(cell, str) else "" if cell is None else str(cell)


@repeated
def _says_dead(name: str) -> bool:
    return fold_words(from_legacy(name) or name) in _DEAD


def _own_name(text: str) -> str:
    name = _text(text)
    if name[:1] in "cC" and fold_words(from_legacy(name) or name) == _UNNAMED:
        return ""
    return name


def _number_text(text: str) -> str:
    if len(text) == 12 and text.isascii() and text.isdigit():
        return text
    return read_number(tidy(narrow(text))).text
