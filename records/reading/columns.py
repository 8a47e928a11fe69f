"""Headings → fields: which column of a sheet holds what, and where the heading rows are."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from records.reading.vietnamese import fold, from_legacy, tidy

JOINT = " / "

# How sure a match is; the surer takes the field when two columns claim it, then the one further left.
_REMEMBERED, _LABEL, _ALIAS, _SPLIT_LABEL, _WITHOUT_BRACKETS, _COMPOSED, _LOWER_ALONE = 7, 6, 5, 4, 3, 2, 1

_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_WORDS = re.compile(r"[^\W\d_]+")
_COUNTERS = frozenset({"stt", "tt", "sott", "sothutu", "no"})

# Whose particulars the columns under an upper heading are. With diacritics where folding would confuse words.
_PERSONS: tuple[tuple[str, frozenset[str], tuple[str, ...]], ...] = (
    ("payee", frozenset(), ("nguoinhan", "nhanthay", "linhthay", "nguoilinh", "uyquyen")),
    ("guardian", frozenset(), ("giamho", "nuoiduong", "chamsoc", "dodau", "nguoidaidien")),
    ("household_head", frozenset(), ("chuho",)),
    ("father", frozenset({"cha", "bố", "bo"}), ()),
    ("mother", frozenset({"mẹ", "me"}), ()),
)
# Upper headings under which "Xã", "Bản", "Địa chỉ" do not say where the person lives now.
_OTHER_PLACES = ("khaisinh", "quequan", "noisinh", "tamtru", "nguyenquan")
_PLACE_FIELDS = frozenset({"commune", "village", "permanent_address"})


class FieldLike(Protocol):
    """What is needed of a field of a column set."""

    @property
    def key(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def header_aliases(self) -> Sequence[str]: ...


class Split(NamedTuple):
    """One field spread over several columns: `kind` birth_by_sex (Nam, Nữ hold the date), sex_marks (Nam, Nữ are
    ticked) or birth_parts (day, month, year)."""

    kind: str
    columns: tuple[int, ...]


@dataclass(slots=True)
class Columns:
    """`mapping`: field key → column index; `score` rises with the number and sureness of the matches."""

    headings: list[str]
    mapping: dict[str, int]
    splits: list[Split]
    unmapped: list[tuple[int, str]]
    absent: list[str]
    score: float

    @property
    def found(self) -> set[str]:
        keys = set(self.mapping)
        for split in self.splits:
            keys.update(_FIELDS_OF_SPLIT[split.kind])
        return keys


_FIELDS_OF_SPLIT = {
    "birth_by_sex": ("birth_date", "sex"),
    "sex_marks": ("sex",),
    "birth_parts": ("birth_date",),
}


@dataclass
class HeadingMatcher:
    """The headings that one register's column set knows, with those that people of it have taught."""

    fields: Sequence[FieldLike]
    heading_map: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._keys = [item.key for item in self.fields]
        self._known: dict[str, tuple[str, int]] = {}
        for item in self.fields:
            for alias in item.header_aliases:
                self._known.setdefault(fold(alias), (item.key, _ALIAS))
        for item in self.fields:
            self._known[fold(item.label)] = (item.key, _LABEL)
        for heading, key in self.heading_map.items():
            self._known[fold(heading)] = (key if key in self._keys else "", _REMEMBERED)

    def match(self, headings: Sequence[str]) -> Columns:
        claims = []
        for index, heading in enumerate(headings):
            key, sureness = self.resolve(heading)
            if key:
                claims.append((-sureness, index, key))
        mapping: dict[str, int] = {}
        for _, index, key in sorted(claims):
            mapping.setdefault(key, index)
        mapping = dict(sorted(mapping.items(), key=lambda pair: pair[1]))
        parts = self._birth_parts(headings, mapping)
        splits = [*parts, *self._splits(headings, mapping, {index for split in parts for index in split.columns})]
        sureness = sum(-sureness for sureness, _, _ in claims)
        return self._columns(list(headings), mapping, splits, sureness)

    def knows(self, text: str) -> bool:
        """Whether a cell alone could be a heading of one of the fields; quick, for scanning rows."""
        return bool(text) and (self.resolve(text)[0] != "" or _upper_and_last_word(text)[1] in _SPLIT_WORDS)

    def _columns(
        self, headings: list[str], mapping: dict[str, int], splits: list[Split], sureness: float = 0
    ) -> Columns:
        is_old_number = self._read_only_old_number(mapping)
        columns = Columns(headings, mapping, splits, [], [], 0)
        used = set(mapping.values()).union(*(split.columns for split in splits))
        columns.unmapped = [(i, heading) for i, heading in enumerate(headings) if heading and i not in used]
        found = columns.found
        columns.absent = [
            key for key in self._keys if key not in found and not (key == "old_id_number" and is_old_number)
        ]
        columns.score = len(found) + len(splits) + sureness / 1000
        return columns

    def chosen(self, headings: list[str], choice: Mapping[str, int], matched: Columns) -> Columns:
        """The columns as a person chose them; a split stays where its own first columns were chosen."""
        mapping = {key: index for key, index in choice.items() if key in self._keys and 0 <= index < len(headings)}
        splits = []
        for split in matched.splits:
            keys = _FIELDS_OF_SPLIT[split.kind]
            if any(choice.get(key) in split.columns for key in keys):
                splits.append(split)
                for key in keys:
                    if mapping.get(key) in split.columns:
                        del mapping[key]
        return self._columns(headings, mapping, splits)

    def resolve(self, heading: str) -> tuple[str, int]:
        """(field key, sureness); ("", 0) for a heading that is not known, or that people said to leave."""
        parts = [from_legacy(part) or part for part in tidy(heading).split(JOINT)]
        whole = fold("".join(parts))
        if whole in self._known:
            return self._known[whole]
        bare = [without_brackets(part) for part in parts]
        stripped = fold("".join(bare))
        if stripped in self._known:
            return self._known[stripped][0], _WITHOUT_BRACKETS
        if len(parts) == 1:
            return "", 0
        return self._compose(" ".join(bare[:-1]), bare[-2], bare[-1])

    def _compose(self, upper: str, nearest: str, lower: str) -> tuple[str, int]:
        above, below = fold(upper), fold(lower)
        for joined in (below + fold(nearest), fold(nearest) + below, below + above):
            if joined in self._known:
                return self._known[joined][0], _COMPOSED
        key = self._known.get(below, ("", 0))[0]
        whose = person_of(upper)
        if whose is not None:
            return self._of_person(whose, key), _COMPOSED
        if key in _PLACE_FIELDS and any(place in above for place in _OTHER_PLACES):
            return "", 0
        return (key, _LOWER_ALONE) if key else ("", 0)

    def _of_person(self, whose: str, key: str) -> str:
        """The field of a relative for what would be the person's own: never the person's own field itself."""
        ending = {
            "full_name": "name",
            "personal_number": "number",
            "old_id_number": "number",
            "guardian_relationship": "relationship",
            "payee_relationship": "relationship",
        }.get(key)
        of_relative = f"{whose}_{ending}" if ending else key
        return of_relative if of_relative.startswith(whose) and of_relative in self._keys else ""

    def _birth_parts(self, headings: Sequence[str], mapping: dict[str, int]) -> list[Split]:
        """Day, month and year of birth in three neighbours; one of them alone ("Năm sinh") is then no birth date."""
        if "birth_date" not in self._keys:
            return []
        parts = [_birth_part(heading) for heading in headings]
        for start in range(len(headings) - 2):
            trio = (start, start + 1, start + 2)
            roles = [parts[index][0] for index in trio]
            if roles not in (["day", "month", "year"], ["year", "month", "day"]):
                continue
            if any(parts[index][1] for index in trio) and mapping.get("birth_date", start) in trio:
                mapping.pop("birth_date", None)
                return [Split("birth_parts", trio if roles[0] == "day" else trio[::-1])]
        return []

    def _splits(self, headings: Sequence[str], mapping: dict[str, int], parts: set[int]) -> list[Split]:
        groups: dict[str, dict[str, int]] = {}
        taken = set(mapping.values()) | parts
        for index, heading in enumerate(headings):
            upper, lower = _upper_and_last_word(heading)
            if index not in taken and lower in _SPLIT_WORDS:
                groups.setdefault(upper, {}).setdefault(lower, index)
        found = [self._split(upper, words, mapping) for upper, words in groups.items()]
        return [split for split in found if split is not None]

    def _split(self, upper: str, words: dict[str, int], mapping: dict[str, int]) -> Split | None:
        key = self._known.get(fold(upper), ("", 0))[0]
        man, woman = words.get("nam", words.get("năm")), words.get("nữ")
        if man is None or woman is None or key not in ("birth_date", "sex", ""):
            return None
        if "birth_date" in mapping or key == "sex":
            return None if "sex" in mapping else Split("sex_marks", (man, woman))
        return Split("birth_by_sex", (man, woman))

    def _read_only_old_number(self, mapping: dict[str, int]) -> bool:
        """A column of old numbers that is the only one of numbers is read as the personal number's: nothing lacks."""
        is_only = "personal_number" not in mapping and "old_id_number" in mapping and "personal_number" in self._keys
        if is_only:
            mapping["personal_number"] = mapping.pop("old_id_number")
        return is_only


_SPLIT_WORDS = frozenset({"nam", "nữ", "ngày", "tháng", "năm"})
_BIRTH_PARTS = {"ngay": "day", "thang": "month", "nam": "year"}
_UNACCENTED = {"nu": "nữ", "ngay": "ngày", "thang": "tháng"}


def _upper_and_last_word(heading: str) -> tuple[str, str]:
    text = " ".join(from_legacy(part) or part for part in tidy(heading).split(JOINT)).lower()
    words = _WORDS.findall(without_brackets(text))
    if not words:
        return "", ""
    return " ".join(words[:-1]), _UNACCENTED.get(words[-1], words[-1])


def _birth_part(heading: str) -> tuple[str, bool]:
    """(day, month or year, whether of the person's birth) of a heading such as "Ngày sinh / Tháng" or "Năm sinh"."""
    parts = [without_brackets(from_legacy(part) or part) for part in tidy(heading).split(JOINT)]
    upper, lower = " ".join(parts[:-1]), fold(parts[-1])
    role = _BIRTH_PARTS.get(lower.removesuffix("sinh").removeprefix("sinh"), "")
    if not role or person_of(upper) is not None:
        return "", False
    above = fold(upper)
    of_birth = "sinh" in lower or not above or "sinh" in above.replace("khaisinh", "")
    return role, of_birth


def person_of(upper: str) -> str | None:
    """Whose particulars stand under an upper heading, if it names a relative ("parents": it names both)."""
    folded, words = fold(upper), set(_WORDS.findall(upper.lower()))
    named = [
        whose
        for whose, own_words, phrases in _PERSONS
        if own_words & words or any(phrase in folded for phrase in phrases)
    ]
    if "father" in named and "mother" in named:
        return "parents"
    return named[0] if named else None


def without_brackets(heading: str) -> str:
    """A heading without its remarks: "Dân tộc (ghi rõ)" is "Dân tộc"."""
    return _BRACKETS.sub(" ", heading)


def is_counter(heading: str) -> bool:
    """Whether the column only numbers the rows ("STT")."""
    return fold(from_legacy(heading) or heading) in _COUNTERS


def match_headings(
    headings: Sequence[str], fields: Iterable[FieldLike], heading_map: Mapping[str, str] | None = None
) -> Columns:
    """Headings of one row, or of two joined by " / ", against a column set."""
    return HeadingMatcher(list(fields), heading_map or {}).match(headings)
