"""The 12-digit personal number (số định danh cá nhân): reading what people typed, and what its digits say.

Digits 1-3: province of birth registration, or 101-295 for a country; digit 4: century and sex; digits 5-6:
year of birth (Nghị định 137/2015/NĐ-CP art. 13, Thông tư 59/2021/TT-BCA). There is no check digit.
"""

import re
from collections.abc import Collection
from typing import Literal, NamedTuple

from records.reading.vietnamese import is_none_word

Kind = Literal["none", "no_digit", "exponent", "lookalike", "twelve", "placeholder", "other"]

_SEPARATORS = re.compile(r"[\s.,'’‘`´ʼ\-‐‑‒–—−]+")
# A number cell that Excel showed with one decimal; a Vietnamese Excel writes a comma.
_TRAILING_ZERO_DECIMAL = re.compile(r"(?<=[0-9])[.,]0$")
_EXPONENT = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?\s*[eE]\s*[+-]?[0-9]+")
_LOOKALIKES = str.maketrans("OolI", "0011")
_DIGITS = re.compile(r"[0-9]+")
_FOREIGN_BIRTH = range(101, 296)
_YEARS = {f"{century}{year:02}": 1900 + century // 2 * 100 + year for century in range(10) for year in range(100)}

# Numbers typed only to fill the cell: one key held down, up or down the keys, or counting 0, 1, … 9, 10.
_KEYS_UP = "0123456789" * 3
_PLACEHOLDERS = frozenset(
    {
        "012345678910",
        "123456789101",
        *(key * 12 for key in "0123456789"),
        *(_KEYS_UP[start : start + 12] for start in range(10)),
        *(_KEYS_UP[start : start + 12][::-1] for start in range(10)),
    }
)


class NumberReading(NamedTuple):
    """`text` is bare digits when nothing but digits and separators was typed, else the text as typed."""

    kind: Kind
    text: str
    repaired: str = ""  # the twelve digits behind a look-alike


_NO_NUMBER = NumberReading("none", "")


def bare_digits(text: str) -> str:
    """The tidied text without the separators that people put around and inside a number."""
    return _SEPARATORS.sub("", _TRAILING_ZERO_DECIMAL.sub("", text))


def is_placeholder(number: str) -> bool:
    """Twelve equal digits, or a run such as 012345678910 or 123456789012, upwards or downwards."""
    return number in _PLACEHOLDERS


def usable_number(text: str) -> str:
    """The twelve digits of a canonical reading that may stand for a person; "" for anything else."""
    is_usable = len(text) == 12 and text.isascii() and text.isdigit() and text not in _PLACEHOLDERS
    return text if is_usable else ""


def read_number(text: str) -> NumberReading:
    """Reads a tidied cell; `kind` "other" is any count of digits but twelve, or other characters."""
    if len(text) == 12 and text.isascii() and text.isdigit():
        return NumberReading("placeholder" if is_placeholder(text) else "twelve", text)
    if not text:
        return _NO_NUMBER
    bare = bare_digits(text)
    if is_none_word(text) or bare == "0":
        return _NO_NUMBER
    if _DIGITS.fullmatch(bare):
        if len(bare) == 12:
            return NumberReading("placeholder" if is_placeholder(bare) else "twelve", bare)
        return NumberReading("other", bare)
    if not any(char.isdecimal() for char in text):
        return NumberReading("no_digit", text)
    if _EXPONENT.fullmatch(text.strip("'’‘` ")):
        return NumberReading("exponent", text)
    repaired = bare.translate(_LOOKALIKES)
    if len(repaired) == 12 and _DIGITS.fullmatch(repaired):
        return NumberReading("lookalike", text, repaired)
    return NumberReading("other", text)


def is_old_id(digits: str) -> bool:
    """Nine digits: an identity card (CMND) of before the personal number."""
    return len(digits) == 9 and _DIGITS.fullmatch(digits) is not None


def number_sex(number: str) -> str:
    """ "nam" or "nu", as the fourth of twelve digits says."""
    return "nu" if number[3] in "13579" else "nam"


def number_year(number: str) -> int:
    """Year of birth, as digits four to six of twelve say (1900-2399)."""
    return _YEARS[number[3:6]]


def province_is_known(number: str, province_codes: Collection[str]) -> bool:
    return number[:3] in province_codes or int(number[:3]) in _FOREIGN_BIRTH


def broken_rules(number: str, sex: str, birth_year: int | None, province_codes: Collection[str]) -> list[str]:
    """Rules that twelve digits break, alone and against sex ("nam", "nu", "" unknown) and birth year."""
    if is_placeholder(number):
        return ["number.placeholder"]
    broken = []
    if not province_is_known(number, province_codes):
        broken.append("number.province")
    if sex and number_sex(number) != sex:
        broken.append("number.sex")
    if birth_year is not None and number_year(number) != birth_year:
        broken.append("number.birth_year")
    return broken


def with_lost_zeros(digits: str, sex: str, birth_year: int | None, province_codes: Collection[str]) -> str | None:
    """What 8, 10 or 11 digits were before a spreadsheet dropped the leading zeros; None where not sure.

    Twelve digits must have a province and agree with sex and birth year, one of which must be known. Eight
    digits that start with 5 are an old ID of Sơn La (05…): the result has nine digits.
    """
    if not _DIGITS.fullmatch(digits):
        return None
    if len(digits) == 8 and digits[0] == "5":
        return "0" + digits
    if len(digits) not in (10, 11) or not (sex or birth_year is not None):
        return None
    padded = digits.zfill(12)
    sure = padded[:3] in province_codes and not broken_rules(padded, sex, birth_year, province_codes)
    return padded if sure else None


def same_number(one: str, other: str) -> bool:
    """Whether two readings are one number, a leading zero lost on either side not counted."""
    if one == other:
        return _DIGITS.fullmatch(one) is not None
    if len(one) == len(other) or min(len(one), len(other)) < 10:
        return False
    both_digits = _DIGITS.fullmatch(one) and _DIGITS.fullmatch(other)
    return both_digits is not None and one.zfill(12) == other.zfill(12)
