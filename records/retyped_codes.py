"""What a row code was before hands typed it off a sheet or a photograph: a sign that looks like another, and letters
that a Vietnamese keyboard made of two keys ("AA" → "Â", "DD" → "Đ", "HAF48X" → "HÀ48X"). Only whole codes whose check
character is right come out; whose list it stands on is asked by the caller."""

from __future__ import annotations

import unicodedata

from records import row_codes

_LOOK_ALIKE = str.maketrans("OIL", "011")
# The mark of a letter → the keys that put it there, in Telex and in VNI.
_KEYS_OF_MARK = {
    "\u0301": "S1", "\u0300": "F2", "\u0309": "R3", "\u0303": "X4", "\u0323": "J5", "\u0306": "W8", "\u031b": "W7",
}  # fmt: skip
_CIRCUMFLEX = "\u0302"
_MOST_MARKS = 3


def readings(text: str) -> set[str]:
    """All codes that may have been meant; a code that is right as it stands is the only one."""
    if code := row_codes.check(text):
        return {code}
    plain, marks = _taken_apart(text)
    if len(plain) + len(marks) != row_codes.LENGTH or len(marks) > _MOST_MARKS:
        return set()
    found = {plain}
    for start, keys in reversed(marks):  # the second key may have been pressed anywhere after the letter
        found = {s[:at] + key + s[at:] for s in found for at in range(start, len(s) + 1) for key in keys}
    return {code for s in found if (code := row_codes.check(s))}


def _taken_apart(text: str) -> tuple[str, list[tuple[int, str]]]:
    """The letters and digits without their marks; per mark from where on, and by which keys, it may have come."""
    plain = ""
    marks: list[tuple[int, str]] = []
    for sign in unicodedata.normalize("NFC", text).upper():
        if not sign.isalnum():
            continue
        if sign == "Đ":
            plain += "D"
            marks.append((len(plain), "D9"))
            continue
        if sign == "Ư":  # a W by itself
            plain += "W"
            continue
        apart = unicodedata.normalize("NFD", sign)
        letter = apart[0]
        plain += letter.translate(_LOOK_ALIKE)
        for mark in apart[1:]:
            marks.append((len(plain), f"{letter}6" if mark == _CIRCUMFLEX else _KEYS_OF_MARK.get(mark, "")))
    return plain, marks
