"""Columns whose cells do not look like what their heading says."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from records.reading.personal_number import bare_digits
from records.reading.vietnamese import fold, is_none_word, narrow, tidy

_DAY = re.compile(r"[0-9]{1,2}[/.\-][0-9]{1,2}[/.\-][0-9]{2,4}|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}")
_FEWEST = 3  # cells that say something
_SHARE = 0.5

DATE, NUMBER, SEX, NAME = "ngày tháng", "số định danh", "giới tính", "họ tên"
_NOT_THERE = {
    "person_name": {DATE, NUMBER, SEX},
    "date": {NUMBER, SEX, NAME},
    "sex": {DATE, NUMBER, NAME},
    "personal_number": {DATE, SEX, NAME},
    "personal_number_old": {DATE, SEX, NAME},
    "ethnic_group": {DATE, NUMBER, SEX},
    "commune": {DATE, NUMBER, SEX},
}


class Doubts:
    """Looks at the first rows; `told` says of a column, by its index, why it may not be what it is taken for."""

    def __init__(self, mapping: Mapping[str, int], kinds: Mapping[str, str]) -> None:
        self._kinds = {index: kinds[key] for key, index in mapping.items() if kinds.get(key) in _NOT_THERE}
        self._seen: dict[int, Counter[str]] = {index: Counter() for index in self._kinds}

    def look(self, cells: Sequence[str]) -> None:
        for index, seen in self._seen.items():
            text = narrow(tidy(cells[index]))
            if not is_none_word(text):
                seen[_shape(text)] += 1

    def told(self) -> dict[int, str]:
        found = {}
        for index, seen in self._seen.items():
            total = seen.total()
            shape = max(_NOT_THERE[self._kinds[index]], key=lambda one: (seen[one], one))
            if total >= _FEWEST and seen[shape] > _SHARE * total:
                found[index] = f"{seen[shape]} trên {total} ô đầu trông như {shape}"
        return found


def _shape(text: str) -> str:
    if text[0].isdigit():
        if _DAY.fullmatch(text.split(" ")[0]):
            return DATE
        digits = bare_digits(text)
        return NUMBER if len(digits) in (9, 12) and digits.isdecimal() else ""
    if fold(text) in ("nam", "nu"):
        return SEX
    words = text.split(" ")
    return NAME if len(words) > 1 and all(word.isalpha() for word in words) else ""
