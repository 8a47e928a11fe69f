"""From the text of a cell to its canonical reading, by the kind of its field.

A reading repairs silently what the contract lists (spaces, separators of numbers, aliases, forms of dates) and
leaves everything else as typed. Reading a reading gives the same text.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from records.reading.dates import DateReading, read_date
from records.reading.personal_number import read_number
from records.reading.reference import Reference
from records.reading.vietnamese import (
    LONGEST_NONE_WORD,
    fold,
    fold_words,
    from_legacy,
    is_none_word,
    tidy,
)

Reader = Callable[[str], str]

_MALE = frozenset({"nam", "trai", "namgioi", "contrai", "betrai", "male", "m"})
_FEMALE = frozenset({"nu", "gai", "nugioi", "congai", "begai", "female", "f"})
_DEAD = frozenset({"da chet", "da mat"})
_UNNAMED = "chua dat ten"
_LONGEST_DEAD = 10
# Past this many different texts a memo starts anew.
_MEMO_SIZE = 16384


@dataclass(frozen=True, slots=True)
class Known:
    """A text found in a reference list: what to write, the code, and why there is none.

    `problem`: "" or "missing", "unknown", "ambiguous".
    """

    text: str
    code: str
    problem: str


class _Memo(dict[str, str]):
    """Readings by text, worked out when first asked for."""

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self._reader = reader

    def __missing__(self, text: str) -> str:
        if len(self) >= _MEMO_SIZE:
            self.clear()
        reading = self[text] = self._reader(text)
        return reading


def repeated(reader: Reader) -> Reader:
    """The reader with a memory, for columns whose texts repeat: a hit costs no Python call."""
    return _Memo(reader).__getitem__


class CellReader:
    """Reads cells for one register and campaign; keeps what it has read where texts repeat."""

    def __init__(self, reference: Reference) -> None:
        self._reference = reference
        self._campaign_year = reference.first_day.year
        self._century_is_clear = reference.register == "children"
        self._ethnic: dict[str, Known] = {}
        self._communes: dict[str, Known] = {}
        by_kind: dict[str, Reader] = {
            "date": repeated(self._date_text),
            "sex": repeated(_sex),
            "ethnic_group": repeated(lambda text: self.ethnic_group(tidy(text)).text),
            "commune": repeated(lambda text: self.commune(tidy(text)).text),
            "personal_number": _number_text,
            "personal_number_old": _number_text,
            "person_name": repeated(_text),
            "village": repeated(_text),
            "category": repeated(_text),
        }
        self._readers = {key: by_kind.get(kind, _text) for key, kind in reference.kinds.items()}
        self._readers["full_name"] = _own_name

    def read(self, raw: Mapping[str, str]) -> dict[str, str]:
        """Canonical values of a row; a key that the row lacks stays absent."""
        readers = self._readers
        values = {}
        for key, cell in raw.items():
            text = cell if isinstance(cell, str) else "" if cell is None else str(cell)
            values[key] = readers.get(key, _text)(text) if text else ""
        for key in ("father_name", "mother_name"):
            name = values.get(key)
            if name and len(name) <= _LONGEST_DEAD and fold_words(from_legacy(name) or name) in _DEAD:
                values[key + "_note"] = name
                values[key] = ""
        return values

    def date(self, text: str) -> DateReading:
        return read_date(text, self._campaign_year, self._century_is_clear)

    def ethnic_group(self, text: str) -> Known:
        found = self._ethnic.get(text)
        if found is None:
            found = _remember(self._ethnic, text, self._find_ethnic_group(text))
        return found

    def commune(self, text: str) -> Known:
        found = self._communes.get(text)
        if found is None:
            found = _remember(self._communes, text, self._find_commune(text))
        return found

    def _date_text(self, text: str) -> str:
        return self.date(tidy(text)).text

    def _find_ethnic_group(self, text: str) -> Known:
        if is_none_word(text):
            return Known("", "", "missing")
        folded = fold(from_legacy(text) or text)
        codes = self._reference.ethnic_names.get(folded) or self._reference.ethnic_numbers.get(folded.zfill(2), ())
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

    def _find_commune(self, text: str) -> Known:
        if is_none_word(text):
            return Known("", "", "missing")
        folded = fold(from_legacy(text) or text)
        commune = self._reference.commune_names.get(folded)
        if commune is None and folded.isdecimal():
            commune = self._reference.communes_by_code.get(folded.zfill(5))
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


def _remember(memo: dict[str, Known], text: str, found: Known) -> Known:
    if len(memo) >= _MEMO_SIZE:
        memo.clear()
    memo[text] = found
    return found


def _text(text: str) -> str:
    tidied = tidy(text)
    return "" if len(tidied) <= LONGEST_NONE_WORD and is_none_word(tidied) else tidied


def _own_name(text: str) -> str:
    name = _text(text)
    if name[:1] in "cC" and fold_words(from_legacy(name) or name) == _UNNAMED:
        return ""
    return name


def _number_text(text: str) -> str:
    if len(text) == 12 and text.isascii() and text.isdigit():
        return text
    return read_number(tidy(text)).text
