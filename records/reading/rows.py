"""Which rows under the heading are people, and which are column numbers, totals, notes or signatures."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from records.reading.columns import JOINT, is_counter
from records.reading.heading import is_column_numbers, looks_like
from records.reading.vietnamese import fold, from_legacy, tidy

COLUMN_NUMBERS = "dòng đánh số cột"
REPEATED_HEADING = "tiêu đề lặp lại"
TOTAL = "dòng cộng"
SIGNATURE = "phần ký tên"
GROUP = "dòng tên nhóm"
ONLY_COUNTER = "chỉ có số thứ tự"
OUTSIDE_TABLE = "ngoài các cột của bảng"

_TOTAL = re.compile(
    r"(tổng|tong)\s*(cộng|cong|số|so)\b|(cộng|cong)\b\s*(:|\d|$|\()|(tổng|tong)\s*(:|\d|$)", re.IGNORECASE
)
_DATE_LINE = re.compile(r"([^,]{0,60},\s*)?ng[àa]y[\d.…_ ]*th[áa]ng[\d.…_ ]*n[ăa]m[\d.…_ ]*", re.IGNORECASE)
_GROUP = re.compile(
    r"([IVXLC]+|[A-Z]|\d+)?\s*[.)/:-]?\s*(bản|xã|thị trấn|tiểu khu|thôn|tổ dân phố|khu|xóm)\b", re.IGNORECASE
)
# Before the name of a group; anything longer is a person, of whom only the commune is known.
_ORDINAL = re.compile(r"([IVXLC]+|[A-Za-z]|\d+)\s*[.)/:-]?")
_SIGNATURE_STARTS = (
    "nguoilap",
    "lapbieu",
    "nguoitonghop",
    "nguoirasoat",
    "canbo",
    "congchuc",
    "ketoan",
    "tmuyban",
    "tmubnd",
    "uybannhandan",
    "ubndxa",
    "ubndhuyen",
    "ubndthitran",
    "chutich",
    "phochutich",
    "thutruong",
    "truongphong",
    "photruongphong",
    "ktchutich",
    "ktthutruong",
    "kttruongphong",
    "tlchutich",
    "xacnhancua",
    "kyten",
    "kyvaghiro",
    "kyghiro",
    "kydongdau",
    "daky",
    "truongcongan",
    "congan",
    "giamdoc",
    "noinhan",
    "truongban",
    "truongtieukhu",
    "phonglaodong",
    "phongldtbxh",
    "donvilap",
)
_LONGEST_SIGNATURE = 60
_MOST_SIGNATURE_CELLS = 5
_MOST_DATE_LINE_CELLS = 3
_NUMBER_DIGITS = 8
_DATE_DIGITS = 6


@dataclass
class RowSieve:
    """Rows one after the other: `reason_to_skip` says why a row is no person's; it remembers what came before.

    `own` are the indexes of the columns that hold fields, `identifying` those of codes, numbers and birth dates, the
    fullest first, `counters` those that only number the rows; `heading` holds the folded texts of the heading.
    """

    own: frozenset[int]
    identifying: tuple[int, ...]
    counters: frozenset[int]
    heading: frozenset[str]
    _in_signature: bool = field(default=False, init=False)

    @classmethod
    def of(cls, headings: Sequence[str], own: Iterable[int], identifying: Iterable[int]) -> "RowSieve":
        counters = frozenset(i for i, heading in enumerate(headings) if is_counter(heading))
        parts = {fold(part) for heading in headings for part in heading.split(JOINT)}
        return cls(frozenset(own) - counters, tuple(identifying), counters, frozenset(parts - {""}))

    def reason_to_skip(self, cells: Sequence[str]) -> str | None:
        """None for a row of data; "" for a blank row; else the reason, as a person may read it."""
        for index in self.identifying:
            if index < len(cells) and _identifies(cells[index]):
                self._in_signature = False
                return None
        return self._reason_without_identity(cells)

    def _reason_without_identity(self, cells: Sequence[str]) -> str | None:
        if not any(cells):
            return ""
        tidied = [tidy(cell) for cell in cells]
        filled = [index for index, text in enumerate(tidied) if text]
        if not filled:
            return ""
        texts = [tidied[index] for index in filled]
        reason = self._not_of_table(texts)
        if reason is None and not self._is_numbered(cells, filled):
            reason = _total(texts)
        if reason is None:
            self._in_signature = self._is_signature(texts, cells, filled)
            reason = SIGNATURE if self._in_signature else self._outside(texts, cells, filled)
        return reason

    def _not_of_table(self, texts: list[str]) -> str | None:
        if is_column_numbers(texts):
            return COLUMN_NUMBERS
        if looks_like(texts, self.heading) or all(text[0] == "(" and text[-1] == ")" for text in texts):
            return REPEATED_HEADING
        return None

    def _is_signature(self, texts: list[str], cells: Sequence[str], filled: list[int]) -> bool:
        if len(filled) > _MOST_SIGNATURE_CELLS or self._is_numbered(cells, filled):
            return False
        if len(filled) <= _MOST_DATE_LINE_CELLS and any(_DATE_LINE.fullmatch(text) for text in texts):
            return True
        if any(_has_particulars(cells[index]) for index in filled if index in self.own):
            return False
        return self._in_signature or any(_is_signature_text(text) for text in texts)

    def _is_numbered(self, cells: Sequence[str], filled: list[int]) -> bool:
        return filled[0] in self.counters and _counts(cells[filled[0]])

    def _outside(self, texts: list[str], cells: Sequence[str], filled: list[int]) -> str | None:
        numbered = self._is_numbered(cells, filled)
        if not any(index in self.own for index in filled):
            return ONLY_COUNTER if numbered and len(filled) == 1 else OUTSIDE_TABLE
        names_group = _GROUP.match(from_legacy(texts[-1]) or texts[-1]) is not None
        if names_group and not numbered and (len(filled) == 1 or (len(filled) == 2 and _ORDINAL.fullmatch(texts[0]))):
            return GROUP
        return None


def _total(texts: list[str]) -> str | None:
    words = [text for text in texts[:3] if not _counts(text)]
    return TOTAL if words and _TOTAL.match(from_legacy(words[0]) or words[0]) else None


def _counts(cell: str) -> bool:
    return cell.strip(" .)").isdigit()


def _identifies(cell: str) -> bool:
    """A code, a number or a date: what neither a total nor a signature has in such a column. (A date in words, with a
    place before it, is what signatures begin with.)"""
    if len(cell) >= _NUMBER_DIGITS and cell.isascii() and cell.isdigit():
        return True
    if not cell:
        return False
    digits = sum(map(cell.count, "0123456789"))
    if digits < _NUMBER_DIGITS:
        return digits >= _DATE_DIGITS and ("/" in cell or "-" in cell or "." in cell)
    return cell.isascii() or not _DATE_LINE.fullmatch(tidy(cell))


def _has_particulars(cell: str) -> bool:
    return any(char.isdigit() for char in cell) or fold(cell) in ("nam", "nu")


def _is_signature_text(text: str) -> bool:
    folded = fold(from_legacy(text) or text)
    return len(text) <= _LONGEST_SIGNATURE and folded.startswith(_SIGNATURE_STARTS)
