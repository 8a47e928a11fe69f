"""A person's name as the rules, the matching and the ordering see it."""

from dataclasses import dataclass
from functools import lru_cache

from records.reading.vietnamese import fold_words, from_legacy, sort_key

_SIGNS_IN_NAMES = frozenset(" -'’‘`´ʼ‐‑")


@dataclass(frozen=True, slots=True)
class NameReading:
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


@lru_cache(maxsize=16384)
def read_name(text: str) -> NameReading:
    """Reads a tidied name; an empty one gives empty parts."""
    converted = from_legacy(text)
    name = text if converted is None else converted
    words = name.split()
    return NameReading(
        text=name,
        match=fold_words(name),
        sort=sort_key(name) if name else "",
        from_legacy=converted is not None,
        odd=_has_odd_signs(name),
        word_count=len(words),
        middle_words=tuple(word.lower() for word in words[1:-1]),
    )


def _has_odd_signs(name: str) -> bool:
    """Letters of any alphabet are fine, also a mark that no composed letter carries."""
    plain = name.replace(" ", "")
    if plain.isalpha():
        return False
    return any(not (char.isalpha() or char in _SIGNS_IN_NAMES or _is_mark(char)) for char in plain)


def _is_mark(char: str) -> bool:
    return "\u0300" <= char <= "\u036f"
