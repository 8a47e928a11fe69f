"""Comma-, semicolon- or tab-separated text in whatever encoding an office still writes."""

import csv
import io
import unicodedata
from collections.abc import Iterator
from statistics import median
from typing import Any

from records.reading.container import LAST_COLUMN, unreadable

_DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_LINES = 60
_MOST_LINES_IN_ROW = 60  # more than this in one row is a quotation mark that nobody closed
_LONGEST_CELL = 1 << 20
_VIETNAMESE = frozenset("àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ" + "–—…“”‘’«»•·°€₫\xa0")
_VIETNAMESE_SHARE = 0.95


class Delimited:
    """The rows of one text file; `height` is the number of the last that holds anything. Raises ReadingError when it
    is no table of text."""

    def __init__(self, content: bytes, name: str) -> None:
        self._name = name
        self._text = decode(content, name).removeprefix("\ufeff")
        if "\x00" in self._text:
            raise unreadable(name, "là tệp nhị phân không rõ loại")
        self._delimiter = _declared_delimiter(self._text) or _likely_delimiter(self._text)
        csv.field_size_limit(_LONGEST_CELL)
        self._quotes = True
        self._quotes = '"' not in self._text or self._quotes_close()
        self.height = self._last_filled()

    def rows(self) -> Iterator[list[str]]:
        lines = io.StringIO(self._text, newline="")
        if _declared_delimiter(self._text):
            lines.readline()
            yield []
        yield from self._reader(lines)

    def _reader(self, lines: io.StringIO) -> Any:
        if self._quotes:
            return csv.reader(lines, delimiter=self._delimiter)
        return csv.reader(lines, delimiter=self._delimiter, quoting=csv.QUOTE_NONE)

    def _quotes_close(self) -> bool:
        """Whether no cell holds so many lines that it must be a quotation mark that nobody closed."""
        reader, last_line = self._reader(io.StringIO(self._text, newline="")), 0
        try:
            for _ in reader:
                if reader.line_num - last_line > _MOST_LINES_IN_ROW:
                    return False
                last_line = reader.line_num
        except csv.Error:
            return False
        return True

    def _last_filled(self) -> int:
        height = 0
        try:
            for number, row in enumerate(self.rows(), start=1):
                if len(row) > LAST_COLUMN:
                    raise unreadable(self._name, f"có dòng dài hơn {LAST_COLUMN:,} cột".replace(",", "."))
                if any(row):
                    height = number
        except csv.Error as error:
            raise unreadable(self._name, "có ô dài quá một triệu ký tự") from error
        return height


def decode(content: bytes, name: str) -> str:
    """UTF-8, UTF-16 with or without a mark, Windows-1258, or bytes of an old Vietnamese font.

    Text typed in TCVN3 or VNI comes out as Windows-1252 letters, which is how it looks in a workbook too;
    `from_legacy` then reads it cell by cell.
    """
    utf16 = _utf16(content)
    try:
        if utf16:
            return content.decode(utf16)
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        if utf16:
            raise unreadable(name, "hỏng ở phần mã ký tự UTF-16") from error
    try:
        text = unicodedata.normalize("NFC", content.decode("cp1258"))
    except UnicodeDecodeError:
        return _western(content)
    foreign = [char for char in text if not char.isascii()]
    known = sum(char.lower() in _VIETNAMESE for char in foreign)
    return text if known >= _VIETNAMESE_SHARE * len(foreign) else _western(content)


def _utf16(content: bytes) -> str | None:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    sample = content[:2000]
    if sample[1::2].count(0) > len(sample) // 8:
        return "utf-16-le"
    if sample[::2].count(0) > len(sample) // 8:
        return "utf-16-be"
    return None


def _western(content: bytes) -> str:
    """Windows-1252; the five bytes that it leaves open stay the control characters they are in Latin-1."""
    return "".join(
        chunk.decode("cp1252") if not _OPEN_IN_1252.intersection(chunk) else _byte_by_byte(chunk)
        for chunk in content.splitlines(keepends=True)
    )


_OPEN_IN_1252 = frozenset(b"\x81\x8d\x8f\x90\x9d")


def _byte_by_byte(chunk: bytes) -> str:
    return "".join(chr(byte) if byte in _OPEN_IN_1252 else bytes([byte]).decode("cp1252") for byte in chunk)


def _declared_delimiter(text: str) -> str | None:
    """Excel's own first line "sep=;"."""
    first = text[:8].splitlines()[:1]
    if first and first[0].lower().startswith("sep=") and len(first[0]) == len("sep=;"):
        return first[0][-1]
    return None


def _likely_delimiter(text: str) -> str:
    """The one that cuts the lines into most cells, most of the time."""
    sample = "".join(text[: 1 << 18].splitlines(keepends=True)[:_SAMPLE_LINES])

    def cells(delimiter: str) -> tuple[float, int]:
        try:
            widths = [len(row) for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)]
        except csv.Error:
            return 0.0, 0
        return (median(widths) if widths else 0.0), sum(widths)

    return max(_DELIMITERS, key=cells)
