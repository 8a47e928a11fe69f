"""A person's name as the rules, the matching and the ordering see it."""

from functools import lru_cache
from typing import NamedTuple

from records.reading.vietnamese import fold_words, from_legacy, word_key

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


def read_own_name(text: str) -> NameReading:
    """Reads a tidied name, one that hardly any other row has; an empty one gives empty parts."""
    converted = from_legacy(text)
    name = text if converted is None else converted
    words = name.split(" ") if name else []
    readings = [_read_word(word) for word in words]
    return NameReading(
        name,
        " ".join([reading[0] for reading in readings if reading[0]]),
        "-".join([reading[1] for reading in readings]) + " " + "-".join([reading[2] for reading in readings]),
        converted is not None,
        True in [reading[3] for reading in readings],
        len(words),
        tuple([reading[4] for reading in readings[1:-1]]),
    )


# Parents and guardians stand on several rows, close to each other.
read_name = lru_cache(maxsize=4096)(read_own_name)


@lru_cache(maxsize=16384)
def _read_word(word: str) -> tuple[str, str, str, bool, str]:
    """Folded, places and tones of its key of order, whether odd signs stand in it, lower case."""
    places, tones = word_key(word)
    is_odd = not word.isalpha() and any(not (c.isalpha() or c in SIGNS_IN_NAMES or _is_mark(c)) for c in word)
    return fold_words(word), places, tones, is_odd, word.lower()


def _is_mark(char: str) -> bool:
    """A mark that no composed letter carries: it stays beside its letter in NFC."""
    return "\u0300" <= char <= "\u036f"
