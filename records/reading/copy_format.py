"""Lines of PostgreSQL's COPY text format.

Nearly all cells hold neither quotation marks nor backslashes nor line breaks. One look at a whole row joined
together tells that, and is several times faster than escaping value by value.
"""

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from json import JSONEncoder

_SPECIAL = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})

to_json = JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":")).encode


def json_value(value: object) -> str:
    """JSON ready for a line: only the backslash needs care, the encoder has escaped the rest."""
    text = to_json(value)
    return text.replace("\\", "\\\\") if "\\" in text else text


def json_texts(texts: Sequence[str]) -> str:
    """A JSON array of texts, ready for a line."""
    joined = '","'.join(texts)
    if texts and joined.isprintable() and "\\" not in joined and joined.count('"') == 2 * len(texts) - 2:
        return f'["{joined}"]'
    return json_value(texts)


def json_object(texts: Mapping[str, str]) -> str:
    """A JSON object of texts whose keys need no escaping, ready for a line."""
    filled = json_form(tuple(texts)) % tuple(texts.values())
    if filled.isprintable() and "\\" not in filled and filled.count('"') == 4 * len(texts):
        return filled
    return json_value(texts)


@lru_cache(maxsize=64)
def json_form(keys: tuple[str, ...]) -> str:
    """A JSON object with a place for the text of each key."""
    return "{" + ",".join([f'"{key.replace("%", "%%")}":"%s"' for key in keys]) + "}"


def copy_values(values: Sequence[str | int | bool | None], null_if_empty: Collection[int] = ()) -> str:
    """Columns of a line, joined by tabs; an empty text at one of the places `null_if_empty` is a NULL."""
    parts = [value if type(value) is str else _plain(value) for value in values]
    for place in null_if_empty:
        parts[place] = parts[place] or "\\N"
    line = "\t".join(parts)
    if "\\" in line or "\n" in line or "\r" in line or line.count("\t") >= len(parts):
        # Only a text that its part still equals is escaped, not the signs put in for NULL.
        return "\t".join(
            [part if value != part else part.translate(_SPECIAL) for value, part in zip(values, parts, strict=True)]
        )
    return line


def _plain(value: str | int | bool | None) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, bool):
        return "t" if value else "f"
    return str(value)
