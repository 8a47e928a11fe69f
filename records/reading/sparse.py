"""A workbook with a stray cell far out, row by row through openpyxl: slower than calamine, without a full grid."""

import datetime as dt
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.worksheet._reader import WorkSheetParser

from records.reading.cells import row_texts
from records.reading.container import LAST_COLUMN, LAST_ROW, Container, unreadable
from records.reading.request import Request
from records.reading.workbook import Merge, Sheet

_BROKEN = (KeyError, IndexError, ValueError, TypeError, AttributeError, OSError, zipfile.BadZipFile, ParseError)
_WITHOUT_GAPS = 200  # rows among which a heading is looked for: an empty one is given too


class SparseBook:
    def __init__(self, request: Request, container: Container) -> None:
        self._request = request
        self.from_1904, self.notes = container.from_1904, container.notes
        try:
            self._book = openpyxl.load_workbook(request.path, read_only=True, data_only=True)
        except _BROKEN as error:
            raise unreadable(request.name) from error
        self.all_names = [sheet.title for sheet in self._book.worksheets]
        visible = [sheet.title for sheet in self._book.worksheets if sheet.sheet_state == "visible"]
        self.sheet_names = visible or self.all_names

    def sheet(self, name: str) -> Sheet:
        return _SparseSheet(name, self._book, self._request)


@dataclass
class _SparseSheet:
    name: str
    _book: Any
    _request: Request
    merges: list[Merge] | None = field(default=None)

    @property
    def height(self) -> int:
        return max((number for number, cells in self.rows() if any(cells)), default=0)

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        last = 0
        try:
            for number, cells in self._parsed():
                if not last < number <= LAST_ROW or any(cell["column"] > LAST_COLUMN for cell in cells):
                    raise ValueError(f"row {number} after row {last}")
                for empty in range(last + 1, min(number, _WITHOUT_GAPS)):
                    yield empty, []
                last = number
                yield number, _texts(cells)
        except _BROKEN as error:
            raise unreadable(self._request.name, f"hỏng ở trang tính “{self.name}”") from error

    def _parsed(self) -> Iterator[tuple[int, list[dict[str, Any]]]]:
        """The rows that the sheet really has; openpyxl's own reader would make up those between them."""
        sheet, book = self._book[self.name], self._book
        with sheet._get_source() as source:
            yield from WorkSheetParser(
                source, sheet._shared_strings, data_only=True, epoch=book.epoch, date_formats=book._date_formats,
                timedelta_formats=book._timedelta_formats,
            ).parse()  # fmt: skip


def _texts(cells: list[dict[str, Any]]) -> list[str]:
    values: list[Any] = [None] * max((cell["column"] for cell in cells), default=0)
    for cell in cells:
        values[cell["column"] - 1] = _plain_day(cell["value"])
    texts = row_texts(values)
    while texts and not texts[-1]:
        texts.pop()
    return texts


def _plain_day(value: Any) -> Any:
    return value.replace(microsecond=0) if isinstance(value, dt.datetime) else value
