"""Lines of PostgreSQL's COPY text format.

Nearly all cells hold neither quotation marks nor backslashes nor line breaks. One look at a whole row joined
together tells that, and is several times faster than escaping value by value.
"""

from collections.abc import Mapping, Sequence
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


def copy_value(value: str | int | bool | None) -> str:
    if type(value) is str:
        return value if value.isprintable() and "\\" not in value else value.translate(_SPECIAL)
    if value is None:
        return "\\N"
    if isinstance(value, bool):
        return "t" if value else "f"
    return str(value)
