"""A person's name as the rules, the matching and the ordering see it."""

from functools import lru_cache
from typing import NamedTuple

from records.reading.legacy_fonts import from_legacy, may_be_legacy
from records.reading.vietnamese import fold_words, word_key

SIGNS_IN_NAMES = frozenset("-'’‘`´ʼ‐‑")


class NameReading(NamedTuple):
    """`text` is Unicode (a legacy encoding converted), `match` folded words, `sort` its key of order.

    `odd`: digits, brackets or symbols stand in it. `middle_words` lower case, with diacritics.
    """

    text: str
    match: str
    sort: str
    from_legacy: bool
    odd: bool
    word_count: int
    middle_words: tuple[str, ...]


class _Word(NamedTuple):
    """One word of a name; `places` and `tones` are its part of the key of order."""

    folded: str
    places: str
    tones: str
    lower: str
    odd: bool
    may_be_legacy: bool


def read_own_name(text: str) -> NameReading:
    """Reads a tidied name, one that hardly any other row has; an empty one gives empty parts."""
    words = [_read_word(word) for word in text.split(" ")]
    if True in [word.may_be_legacy for word in words]:
        converted = from_legacy(text)
        if converted is not None:
            return _put_together(converted, [_read_word(word) for word in converted.split(" ")], True)
    return _put_together(text, words, False)


def _put_together(name: str, words: list[_Word], is_converted: bool) -> NameReading:
    return NameReading(
        name,
        " ".join([word.folded for word in words if word.folded]),
        "-".join([word.places for word in words]) + " " + "-".join([word.tones for word in words]) if name else "",
        is_converted,
        True in [word.odd for word in words],
        len(words) if name else 0,
        tuple([word.lower for word in words[1:-1]]),
    )


# Parents and guardians stand on several rows, close to each other.
read_name = lru_cache(maxsize=4096)(read_own_name)


@lru_cache(maxsize=16384)
def _read_word(word: str) -> _Word:
    places, tones = word_key(word)
    is_odd = not word.isalpha() and any(not (c.isalpha() or c in SIGNS_IN_NAMES or _is_mark(c)) for c in word)
    return _Word(fold_words(word), places, tones, word.lower(), is_odd, may_be_legacy(word))


def _is_mark(char: str) -> bool:
    """A mark that no composed letter carries: it stays beside its letter in NFC."""
    return "\u0300" <= char <= "\u036f"
