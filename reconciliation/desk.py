"""The answering desk: one person at a time, what is asked for each code, and what does not fit in what was typed.

Pure: nothing here asks the database or changes anything."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from reconciliation.line_face import cell
from reconciliation.models import BatchKind, BatchLine
from reconciliation.sheets import ResultCode, result_codes, to_fill_in
from reconciliation.taking import ANSWERED
from records.reading.personal_number import is_placeholder, number_sex, number_year, province_is_known

PADS = {"K": "1", "C": "2", "S": "3", "N": "4", "T": "5", "M": "6", "D": "7", "V": "8", "G": "9", "R": "0", "X": "."}
# What the buttons say; the full meanings stand on the list itself.
_SHORT = {
    "K": "Số đang có là đúng",
    "C": "Cấp số",
    "S": "Có khác, ghi chỗ khác",
    "N": "Không tìm thấy",
    "T": "Trùng người khác",
    "M": "Đã chết",
    "D": "Đã chuyển đi",
    "V": "Vắng, chưa kiểm tra",
    "G": "Chưa đăng ký khai sinh",
    "R": "Không có nơi thường trú",
    "X": "Cần xác minh thêm",
}
NOTE_HINTS = {
    "S": "Ghi căn cứ: giấy tờ đã xem.",
    "N": "Ghi đã tra theo gì, chỗ nào không thấy.",
    "T": "Ghi trùng với ai: họ tên, nơi ở, mã dòng nếu biết.",
    "M": "Ghi ngày chết và giấy tờ, ví dụ trích lục khai tử số 12/2023.",
    "D": "Ghi nơi chuyển đến.",
    "V": "Ghi ngày hẹn lại.",
    "G": "Ghi vì sao chưa đăng ký, ai sẽ đi đăng ký.",
    "R": "Ghi đang ở đâu, vướng gì.",
    "X": "Ghi cần xác minh gì, hẹn ngày nào.",
}
SEX_WORDS = {"nam": "Nam", "nu": "Nữ"}
_AROUND = 30  # lines of the queue shown before and after the current one
# Column key → the codes that ask for it; what is absent here is asked for every code.
_ASKED = {
    BatchKind.POLICE: dict.fromkeys(("right_name", "right_birth_date", "right_sex", "right_residence"), "S"),
    BatchKind.CIVIL_REGISTRY: {
        **dict.fromkeys(
            ("right_name", "right_birth_date", "right_sex", "right_residence", "right_father", "right_mother"), "S"
        ),
        **dict.fromkeys(("registration", "registered_on"), "K S"),
    },
}


@dataclass(frozen=True)
class Code:
    code: str
    label: str
    pad: str
    disabled: bool
    checked: bool


@dataclass(frozen=True)
class Doubt:
    """`sex`: what the number says, where changing the recorded sex would make it fit; `field`: where to type next."""

    text: str
    sex: str = ""
    field: str = ""


def asked_with(kind: str, key: str) -> str:
    """Codes that ask for the column, as the page's data-code; '' for every code."""
    return _ASKED[BatchKind(kind)].get(key, "")


def codes(kind: str, line: BatchLine, chosen: str) -> list[Code]:
    """K confirms a number on file, so the police have it only where twelve digits stand there."""
    by_police = kind == BatchKind.POLICE
    no_k = by_police and len(cell(line, "held_number")) != 12
    return [
        Code(
            code=c.code,
            label=_label(c, by_police, no_k),
            pad=PADS.get(c.code, ""),
            disabled=c.code == "K" and no_k,
            checked=c.code == chosen,
        )
        for c in result_codes(kind).values()
    ]


def _label(code: ResultCode, by_police: bool, no_k: bool) -> str:
    if code.code == "K" and not by_police:
        return "Đúng theo sổ hộ tịch"
    if code.code == "K" and no_k:
        return f"{_SHORT['K']} (chưa có số)"
    return _SHORT.get(code.code, code.label)


def drafted(line: BatchLine, kind: str) -> dict[str, str]:
    """Column key → text of the draft, else of what was handed in before."""
    if line.draft:
        return dict(line.draft)
    return {c.key: line.answer[c.heading] for c in to_fill_in(kind) if line.answer.get(c.heading)}


def kept(cells: Mapping[str, str], kind: str) -> tuple[dict[str, str], list[str]]:
    """The cells without those that the code does not ask for (a browser sends hidden ones too), and their headings."""
    code = cells.get("result", "")
    left_out = [
        column
        for column in to_fill_in(kind)
        if cells.get(column.key) and (codes := asked_with(kind, column.key)) and code and code not in codes.split()
    ]
    keys = {column.key for column in left_out}
    return {k: text for k, text in cells.items() if k not in keys}, [column.heading for column in left_out]


def is_done(line: BatchLine) -> bool:
    """Answered, or typed and not handed in yet."""
    return bool(line.draft) or line.outcome in ANSWERED


def pick(lines: Sequence[BatchLine], row_code: str) -> BatchLine:
    """The line asked for, else the first that nobody has answered, else the first."""
    asked = (line for line in lines if line.row_code == row_code)
    return next(asked, None) or next((line for line in lines if not is_done(line)), lines[0])


def after(lines: Sequence[BatchLine], line: BatchLine) -> BatchLine | None:
    """The next line that nobody has answered, from the beginning again at the end; None when all are done."""
    at = lines.index(line)
    return next((other for other in [*lines[at + 1 :], *lines[:at]] if not is_done(other)), None)


def beside(lines: Sequence[BatchLine], line: BatchLine, step: int) -> BatchLine | None:
    at = lines.index(line) + step
    return lines[at] if 0 <= at < len(lines) else None


def around(lines: Sequence[BatchLine], line: BatchLine) -> Sequence[BatchLine]:
    """The part of the queue near the line."""
    at = next((i for i, other in enumerate(lines) if other.pk == line.pk), 0)
    start = max(min(at - _AROUND, len(lines) - 2 * _AROUND), 0)
    return lines[start : start + 2 * _AROUND]


def listed_sex(line: BatchLine) -> str:
    """ "nam", "nữ" or '' as the list says."""
    return cell(line, "sex").lower()


def listed_year(line: BatchLine) -> int | None:
    found = re.search(r"[0-9]{4}$", cell(line, "birth_date"))
    return int(found[0]) if found else None


def read_back(number: str, line: BatchLine, provinces: Mapping[str, str]) -> list[tuple[str, str]]:
    """Level and words of what twelve digits say beside what the list says."""
    if len(number) != 12 or not number.isdigit():
        return []
    sex, year = SEX_WORDS[number_sex(number)].lower(), number_year(number)
    listed, born = listed_sex(line), listed_year(line)
    place = provinces.get(number[:3])
    said = [("success", f"{number[:3]} {place}") if place else ("warning", f"{number[:3]}: không phải mã tỉnh")]
    said.append(_against(sex, listed, f"{number[3]}: {sex}"))
    said.append(_against(str(year), str(born or ""), f"{number[4:6]}: năm {year}"))
    return said


def _against(read: str, listed: str, words: str) -> tuple[str, str]:
    if not listed:
        return "notice", words
    return ("success", f"{words}, khớp") if read == listed else ("error", f"{words}, danh sách ghi {listed}")


def doubts(
    line: BatchLine, cells: Mapping[str, str], lines: Iterable[BatchLine], provinces: Mapping[str, str]
) -> list[Doubt]:
    """What a number that is to be written down does not fit with: said once, never refused."""
    number = cells.get("number", "")
    if not number:
        return []
    if len(number) != 12 or not number.isdigit():
        return [Doubt(f"Số vừa gõ có {len(number)} ký tự; số định danh có 12 chữ số. Gõ lại số.")]
    if is_placeholder(number):
        return [Doubt("Số vừa gõ là dãy phím liền nhau. Gõ lại số.")]
    found = []
    if not province_is_known(number, provinces.keys()):
        found.append(Doubt(f"Ba chữ số đầu {number[:3]} không phải mã tỉnh hay mã nước nào. Gõ lại số."))
    sex, listed = SEX_WORDS[number_sex(number)], listed_sex(line)
    if listed and sex.lower() != listed and cells.get("right_sex") != sex:
        found.append(Doubt(f"Chữ số thứ tư là {number[3]} ({sex.lower()}), danh sách ghi {listed}.", sex))
    year, born = number_year(number), listed_year(line)
    if born and year != born and not str(cells.get("right_birth_date", "")).endswith(str(year)):
        found.append(Doubt(f"Chữ số thứ năm, sáu là {number[4:6]} (năm {year}), danh sách ghi {born}."))
    return found + list(_elsewhere(line, number, lines))


def _elsewhere(line: BatchLine, number: str, lines: Iterable[BatchLine]) -> Iterable[Doubt]:
    record = line.record
    parents = {record.father_number: "cha", record.mother_number: "mẹ", record.guardian_number: "người giám hộ"}
    if whose := parents.get(number):
        yield Doubt(f"Trùng số của {whose} trong sổ. Gõ lại số, hoặc chọn X kèm ghi chú.")
    for other in lines:
        if other.pk != line.pk and number in (other.draft.get("number"), other.answer.get("Số định danh")):
            yield Doubt(f"Số này đã ghi cho dòng {other.number}. Một số chỉ của một người: xem lại cả hai dòng.")
