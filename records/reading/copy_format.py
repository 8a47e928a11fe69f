"""Lines of PostgreSQL's COPY text format.

Nearly all cells hold neither quotation marks nor backslashes nor line breaks. One look at a whole row joined
together tells that, and is several times faster than escaping value by value.
"""

from collections.abc import Collection, Mapping, Sequence
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
    joined = '","'.join([f'{key}":"{text}' for key, text in texts.items()])
    if texts and joined.isprintable() and "\\" not in joined and joined.count('"') == 4 * len(texts) - 2:
        return f'{{"{joined}"}}'
    return json_value(texts)


def copy_values(values: Sequence[str | int | bool | None], null_if_empty: Collection[int] = ()) -> str:
    """Columns of a line, joined by tabs; an empty text at one of the places `null_if_empty` is a NULL."""
    texts = "".join([value for value in values if type(value) is str])
    if "\\" in texts or not texts.isprintable():
        values = [value.translate(_SPECIAL) if type(value) is str else value for value in values]
    parts = [value if type(value) is str else _plain(value) for value in values]
    for place in null_if_empty:
        parts[place] = parts[place] or "\\N"
    return "\t".join(parts)


def _plain(value: str | int | bool | None) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, bool):
        return "t" if value else "f"
    return str(value)
