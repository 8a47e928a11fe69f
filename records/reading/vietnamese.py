"""Vietnamese text as people type it: tidied, folded for comparison, ordered, and words for "nothing"."""

import re
import unicodedata
from functools import lru_cache
from string import ascii_letters, digits

from records.reading.legacy_fonts import from_legacy

__all__ = ["fold", "fold_words", "from_legacy", "is_none_word", "narrow", "sort_key", "tidy"]

_SPACES = re.compile(r"\s+")
_DROPPED_IN_NAMES = frozenset("-'’‘`´ʼ‐‑–—−")
_NONE_WORDS = frozenset(
    {
        "chua co", "chua cap", "chua lam", "khong", "khong co", "k co", "x", "0", "null",
        "khong ro", "khong xac dinh",
    }
)  # fmt: skip
_LONGEST_NONE_WORD = 16
# No repair, folding or conversion touches an ASCII letter or digit at either end of a text.
_PLAIN_SIGNS = frozenset(ascii_letters + digits)
_NEVER_FIRST = _PLAIN_SIGNS - {sign for word in _NONE_WORDS for sign in word[0] + word[0].upper()}
_NEVER_LAST = _PLAIN_SIGNS - {sign for word in _NONE_WORDS for sign in word[-1] + word[-1].upper()}
_DASHES = re.compile(r"[-‐‑–—−]+")

# Letters, digits and signs as wide as a Chinese character, which an Asian keyboard types, to the usual ones.
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}

_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_PLACES = dict(zip(_ALPHABET, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg", strict=True))
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}


def tidy(text: str) -> str:
    """NFC, without control and zero-width characters, every run of white space one space, none at the ends.

    The soft hyphen stays in TCVN3 text, where it is the letter ư.
    """
    if text.isprintable() and "  " not in text and (text.isascii() or unicodedata.is_normalized("NFC", text)):
        return text.strip(" ")
    return _tidy_slowly(text)


def _tidy_slowly(text: str) -> str:
    kept = []
    for char in text:
        category = unicodedata.category(char)
        if category[0] == "Z" or char in "\t\n\r\v\f\x85":
            kept.append(" ")
        elif char == "\xad" or category not in ("Cc", "Cf", "Cs"):
            kept.append(char)
    tidied = _compose("".join(kept))
    if "\xad" in tidied and from_legacy(tidied) is None:
        tidied = _compose(tidied.replace("\xad", ""))
    return tidied


def _compose(text: str) -> str:
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()


def narrow(text: str) -> str:
    """For numbers, dates and codes: full-width letters, digits and signs as the usual ones."""
    return text if text.isascii() else text.translate(_WIDE)


def _plain(text: str) -> str:
    """Lower case without diacritics; equal for the composed and decomposed forms of one text."""
    if text.isascii():
        return text.lower()
    text = narrow(text)
    lowered = unicodedata.normalize("NFD", unicodedata.normalize("NFD", text).lower())
    return "".join(char for char in lowered if unicodedata.category(char) != "Mn").replace("đ", "d")


@lru_cache(maxsize=16384)
def fold(text: str) -> str:
    """Letters and digits only, lower case, no diacritics, đ as d: for headings, aliases and codes."""
    return "".join(char for char in _plain(text) if char.isalnum())


@lru_cache(maxsize=16384)
def _fold_word(word: str) -> str:
    """One word of a name; a space where a sign other than a hyphen or an apostrophe stands in it."""
    plain = _plain(word)
    if plain.isalnum():
        return plain
    return "".join(c if c.isalnum() else "" if c in _DROPPED_IN_NAMES else " " for c in plain).strip()


@lru_cache(maxsize=16384)
def fold_words(text: str) -> str:
    """As `fold`, words kept apart by single spaces; hyphens and apostrophes join ("H'Mông" is "hmong")."""
    folded = " ".join([_fold_word(word) for word in text.split()])
    return " ".join(folded.split())


@lru_cache(maxsize=16384)
def word_key(word: str) -> tuple[str, str]:
    """The part that one word has in `sort_key`: its letters and their tones."""
    places: list[str] = []
    tones: list[str] = []
    for char in unicodedata.normalize("NFC", word.lower()):
        tone = "0"
        letters = unicodedata.normalize("NFD", char)
        mark = next((sign for sign in letters if sign in _TONES), None)
        if mark is not None:
            tone = _TONES[mark]
            char = unicodedata.normalize("NFC", letters.replace(mark, ""))
        place = _PLACES.get(char)
        if place is None and not char.isalnum():
            continue
        places.append(place or (char if char.isascii() else "z" + char))
        tones.append(tone)
    return "".join(places), "".join(tones)


@lru_cache(maxsize=16384)
def sort_key(text: str) -> str:
    """Key that sorts bytewise (collation "C") in Vietnamese order: the letters of all words, then the tones.

    A space is "-" and the border between letters and tones a space, so that a shorter name comes first.
    """
    keys = [word_key(word) for word in text.split()]
    return "-".join([places for places, _ in keys]) + " " + "-".join([tones for _, tones in keys])


def is_none_word(text: str) -> bool:
    """Whether the tidied text is empty or a word that people write for "nothing" ("chưa có", "-", "0")."""
    return (
        len(text) <= _LONGEST_NONE_WORD
        and text[-1:] not in _NEVER_LAST
        and text[:1] not in _NEVER_FIRST
        and _short_none_word(text)
    )


@lru_cache(maxsize=16384)
def _short_none_word(text: str) -> bool:
    if not text or _DASHES.fullmatch(text):
        return True
    return fold_words(from_legacy(text) or text) in _NONE_WORDS
