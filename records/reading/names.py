"""A person's name as the rules, the matching and the ordering see it."""

from typing import NamedTuple

from records.reading.legacy_fonts import from_legacy, may_be_legacy
from records.reading.memo import Memo, repeated
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


_NO_NAME = NameReading("", "", "", False, False, 0, ())


@repeated
def read_name(text: str) -> NameReading:
    """Reads a tidied name; an empty one gives empty parts."""
    return _read(text, is_converted=False) if text else _NO_NAME


def _read(name: str, *, is_converted: bool) -> NameReading:
    words = map(_WORDS.__getitem__, name.split(" "))
    folded, places, tones, lower, odd, may_be_legacy = zip(*words, strict=True)
    if True in may_be_legacy and not is_converted:
        converted = from_legacy(name)
        if converted is not None:
            return _read(converted, is_converted=True)
    return NameReading(
        name,
        " ".join(folded if all(folded) else filter(None, folded)),
        f"{'-'.join(places)} {'-'.join(tones)}",
        is_converted,
        True in odd,
        len(folded),
        lower[1:-1],
    )


def _read_word(word: str) -> _Word:
    places, tones = word_key(word)
    is_odd = not word.isalpha() and any(not (c.isalpha() or c in SIGNS_IN_NAMES or _is_mark(c)) for c in word)
    return _Word(fold_words(word), places, tones, word.lower(), is_odd, may_be_legacy(word))


_WORDS = Memo(_read_word)


def _is_mark(char: str) -> bool:
    """A mark that no composed letter carries: it stays beside its letter in NFC."""
    return "\u0300" <= char <= "\u036f"
