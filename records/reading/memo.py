"""Remembering what was worked out from a text, where texts repeat."""

from collections.abc import Callable
from typing import TypeVar

_Key = TypeVar("_Key")
_Result = TypeVar("_Result")

# Past this many different texts a memo starts anew.
_SIZE = 16384


class Memo(dict[_Key, _Result]):
    """Results by text, worked out when first asked for: a hit is one look into a dict, without a Python call."""

    def __init__(self, work_out: Callable[[_Key], _Result]) -> None:
        super().__init__()
        self._work_out = work_out

    def __missing__(self, text: _Key) -> _Result:
        if len(self) >= _SIZE:
            self.clear()
        result = self[text] = self._work_out(text)
        return result


def repeated(work_out: Callable[[str], _Result]) -> Callable[[str], _Result]:
    """The function with a memory, for columns whose texts repeat."""
    return Memo(work_out).__getitem__
