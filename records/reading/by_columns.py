"""Rows judged column by column: quicker than `checks.judge`, row by row, and with the same result.

Most cells of a column have been seen before, and most rules look at one cell. So each text of a column is judged once,
in a row of its own. Where the cells that rules look at together agree, what is to be said about a row is what is to be
said about its cells; every other row is left to `checks.judge`. Tests hold the two together.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import compress, starmap
from operator import ne, not_
from typing import Any, NamedTuple, Self

from records.reading.checks import NULL_IF_EMPTY, SEX_CODES, TypedValue, judge
from records.reading.checks_birth import birth_faults
from records.reading.checks_number import YEARS_TO_A_PARENT
from records.reading.checks_person import fits_middle_name
from records.reading.copy_format import copy_values, json_form, json_texts, json_value
from records.reading.memo import Memo
from records.reading.names import read_name
from records.reading.personal_number import broken_rules, number_year, read_number, usable_number
from records.reading.reference import Reference
from records.reading.row import Finding
from records.reading.values import cell_reader

# The typed columns that follow from one field, in the order of TYPED_COLUMNS.
TYPED_OF: dict[str, tuple[str, ...]] = {
    "system_code": ("system_code",),
    "full_name": ("full_name", "match_name", "sort_key"),
    "birth_date": ("birth_date", "birth_precision", "birth_year"),
    "sex": ("sex",),
    "ethnic_group": ("ethnic_group",),
    "personal_number": ("personal_number",),
    "father_name": ("father_name", "father_match"),
    "father_number": ("father_number",),
    "mother_name": ("mother_name", "mother_match"),
    "mother_number": ("mother_number",),
    "guardian_name": ("guardian_name",),
    "guardian_number": ("guardian_number",),
    "commune": ("commune_code",),
    "village": ("village",),
    "permanent_address": ("address",),
    "category": ("care_support",),
}
_OTHERS_NUMBERS = ("father_number", "mother_number", "guardian_number")
_PARENTS = ("father_name", "mother_name", "guardian_name")
_SAID_ALONE = frozenset({"none", "no_digit", "placeholder"})  # kinds of numbers of which no other cell says more
# A code that is read as it stands: no word for "nothing" ends with a digit, save "0" alone.
_PLAIN_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z./-]*[0-9]")
_ASK_THE_ROW = "?"
_SOMEBODY = "Mùa A"
_WORDS_OF_A_NAME = 2


class _Cell(NamedTuple):
    """One text of a column. `value` and `typed` as they stand in a line of COPY, `findings` too, or _ASK_THE_ROW where
    they depend on other cells; `meaning` is what other cells are compared with."""

    value: str
    typed: str
    findings: str
    meaning: TypedValue


class ReadRow(NamedTuple):
    """The columns of a line of COPY, and the name."""

    values: str
    findings: str
    typed: str
    commune_code: str
    name: str


_Reader = Callable[[Sequence[str]], list[_Cell]]
_Columns = dict[str, list[tuple[Any, ...]]]  # of a field: values, typed, findings, meanings


class ByColumns:
    """For one file, whose columns hold the fields `keys`."""

    def __init__(self, keys: Sequence[str], reference: Reference) -> None:
        self._reference = reference
        self._cells = cell_reader(reference)
        self._keys = list(keys)
        self._form = json_form(tuple(keys))
        self._readers = [self._reader_of(key) for key in keys]
        nothing = judge({}, reference).typed
        self._absent = {key: _copied(nothing, key) for key in TYPED_OF if key not in keys}
        self._number_fits = Memo(self._fits_number)
        self._name_fits = Memo(self._fits_name)
        self._may_be_child = Memo(_may_be_child)
        self._parents = [key for key in _PARENTS if key in keys]
        self._parents_found = Memo(self._find_parents)

    @classmethod
    def of(cls, keys: Sequence[str], reference: Reference) -> Self | None:
        """None for files where rules look at more cells together than are known here."""
        return cls(keys, reference) if reference.register == "children" and "personal_number" in keys else None

    def read(self, columns: Sequence[Sequence[str]]) -> Iterator[ReadRow | None]:
        """For each row of the columns (texts, by `keys`) what it comes to; None where it must be judged as a row."""
        size = len(columns[0])
        read: _Columns = {
            key: list(zip(*reader(texts), strict=True))
            for key, reader, texts in zip(self._keys, self._readers, columns, strict=True)
        }
        values = map(self._form.__mod__, zip(*[read[key][0] for key in self._keys], strict=True))
        parts = [read[key][1] if key in read else [self._absent[key]] * size for key in TYPED_OF]
        typed = map("\t".join, zip(*parts, strict=True))
        nothing = [""] * size
        communes = read["commune"][1] if "commune" in read else nothing
        names = read["full_name"][0] if "full_name" in read else nothing
        found = self._findings(read, size)
        for row in zip(values, found, typed, communes, names, strict=True):
            yield None if row[1] == _ASK_THE_ROW else ReadRow._make(row)

    def _findings(self, read: _Columns, size: int) -> list[str]:
        said = [""] * size
        for findings in (*(cells[2] for cells in read.values()), self._of_parents(read)):
            for row in compress(range(size), findings):
                text = findings[row]
                if text == _ASK_THE_ROW or said[row] == _ASK_THE_ROW:
                    said[row] = _ASK_THE_ROW
                else:
                    said[row] = f"{said[row]},{text}" if said[row] else text
        for row in compress(range(size), map(not_, self._agree(read, size))):
            said[row] = _ASK_THE_ROW
        return [text if text == _ASK_THE_ROW else f"[{text}]" for text in said]

    def _of_parents(self, read: _Columns) -> list[str]:
        """That father, mother or both are missing; a name that is there counts for any."""
        cells = [read[key][3] for key in self._parents]
        return list(map(self._parents_found.__getitem__, zip(*cells, strict=True))) if cells else []

    def _agree(self, read: _Columns, size: int) -> Iterator[bool]:
        """Whether the cells that rules look at together agree: number, sex and year of birth; sex and name; the number
        and those of others; the year of birth and the parents'."""
        numbers, nothing = read["personal_number"][3], [""] * size
        sexes = read["sex"][3] if "sex" in read else nothing
        years = read["birth_date"][3] if "birth_date" in read else [None] * size
        names = read["full_name"][3] if "full_name" in read else nothing
        agreements: list[Iterator[bool]] = [
            map(self._number_fits.__getitem__, zip([number[:6] for number in numbers], sexes, years, strict=True)),
            map(self._name_fits.__getitem__, zip(sexes, names, strict=True)),
        ]
        ends = [number[-10:] or "no number" for number in numbers]
        for key in _OTHERS_NUMBERS:
            if key in read:
                _, typed, _, others = read[key]
                agreements.append(starmap(ne, zip(ends, [number[-10:] for number in others], strict=True)))
                born = zip([number[3:6] for number in typed], years, strict=True)
                agreements.append(map(self._may_be_child.__getitem__, born))
        return map(all, zip(*agreements, strict=True))

    def _reader_of(self, key: str) -> _Reader:
        kind = self._reference.kinds.get(key, "")
        alone: Memo[str, _Cell] = Memo(lambda text: self._alone(key, text))
        if kind == "code":
            typed = key == "system_code"
            return lambda texts: [
                _Cell(text, text if typed else "", "", None) if _PLAIN_CODE.fullmatch(text) else alone[text]
                for text in texts
            ]
        if kind == "personal_number":
            return lambda texts: [_Cell(text, text, "", text) if usable_number(text) else alone[text] for text in texts]
        return lambda texts: list(map(alone.__getitem__, texts))

    def _alone(self, key: str, text: str) -> _Cell:
        kind = self._reference.kinds.get(key)
        values = self._cells.read({key: text})
        value = values[key]
        if key not in TYPED_OF and kind != "person_name":
            return _Cell(_json(value), "", _ASK_THE_ROW if value and kind == "personal_number_old" else "", None)
        if value and len(values) == 1 and (usual := self._usual(key, kind, value)):
            return _Cell(_json(value), copy_values(usual[: len(TYPED_OF.get(key, ()))]), "", usual[-1])
        return self._judged_alone(key, text)

    def _usual(self, key: str, kind: str | None, value: str) -> tuple[TypedValue, ...]:
        """Typed columns and meaning of a text of which no rule can say anything; nothing where one might."""
        if kind == "person_name":
            name = read_name(value)
            if not (name.odd or name.from_legacy or name.word_count < _WORDS_OF_A_NAME):
                return name.text, name.match, name.sort, None if key in _PARENTS else value
        elif key == "birth_date":
            if not birth_faults(value, self._reference, self._cells):
                birth = self._cells.date(value)
                return birth.iso, birth.precision, birth.year, birth.year
        elif key in ("village", "permanent_address"):
            return self._cells.unicode(value), None
        return ()

    def _judged_alone(self, key: str, text: str) -> _Cell:
        judged = judge({key: text}, self._reference)
        value = judged.values[key]
        findings = _said(finding for finding in judged.findings if finding.field == key and not _of_parents(finding))
        meaning: TypedValue = value
        if key == "birth_date":
            meaning = judged.typed["birth_year"]
        elif key == "personal_number":
            meaning = judged.typed["personal_number"]
            if read_number(value).kind not in _SAID_ALONE and (findings or not meaning):
                findings = _ASK_THE_ROW
        elif key in _PARENTS:
            meaning = None if value else text
        if len(judged.values) > 1:  # more is read from the cell than its field holds
            findings = _ASK_THE_ROW
        return _Cell(_json(value), _copied(judged.typed, key), findings, meaning)

    def _find_parents(self, of: tuple[str | None, ...]) -> str:
        """Texts of cells without a name; None for a name."""
        raw = {key: _SOMEBODY if text is None else text for key, text in zip(self._parents, of, strict=True)}
        return _said(filter(_of_parents, judge(raw, self._reference).findings))

    def _fits_number(self, of: tuple[str, str, int | None]) -> bool:
        """The six digits that say something, if there are twelve, sex and year of birth."""
        digits, sex, year = of
        return not digits or not broken_rules(
            f"{digits}000000", SEX_CODES.get(sex, ""), year, self._reference.province_codes
        )

    def _fits_name(self, of: tuple[str, str]) -> bool:
        sex, name = of
        return sex not in SEX_CODES or fits_middle_name(SEX_CODES[sex], read_name(name))


def _may_be_child(of: tuple[str, int | None]) -> bool:
    """Century and year in the number of a parent, if there is one, and the child's year of birth."""
    digits, year = of
    return not digits or year is None or year - number_year(f"000{digits}") >= YEARS_TO_A_PARENT


def _of_parents(finding: Finding) -> bool:
    return finding.rule in ("parents.missing", "father.missing", "mother.missing")


def _said(findings: Iterable[Finding]) -> str:
    said = [[f.rule, f.field, f.severity, f.group, f.value, f.suggestion] for f in findings]
    return json_value(said)[1:-1]


def _copied(typed: Mapping[str, TypedValue], key: str) -> str:
    columns = TYPED_OF.get(key, ())
    places = [place for place, column in enumerate(columns) if column in NULL_IF_EMPTY]
    return copy_values([typed[column] for column in columns], places)


def _json(text: str) -> str:
    return json_texts([text])[2:-2]
