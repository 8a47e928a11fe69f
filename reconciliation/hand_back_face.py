"""What a returned file came to, as pages say it: a sum that closes, and each row with its reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from reconciliation.line_face import LEVELS, WORDS, altered_in_words, cell, filled, masked_in
from reconciliation.models import Batch, BatchKind, BatchLine, Outcome
from reconciliation.sheets import to_fill_in
from reconciliation.taking import LineResult
from reconciliation.undoing_answers import Undoing
from records.masking import mask

STRANGERS = ("added", "unreadable")


@dataclass(frozen=True)
class RowFace:
    """`row`: in the file, 0 for none; `placeable`: a person may say whose row it is; `given`: what it holds."""

    row: int
    row_code: str
    name: str
    level: str
    said: str
    reason: str
    altered: str
    repeated: bool
    given: str
    placeable: bool
    placed: str


def ledger(counts: Mapping[str, int], batch: Batch) -> list[dict[str, Any]]:
    return [{"label": WORDS[one], "count": counts[one], "level": LEVELS[one]} for one in Outcome]


def beside(counts: Mapping[str, int], reordered: bool) -> str:
    """What does not belong to the sum, in sentences."""
    said = [f"Tệp trả có {counts['rows']} dòng."]
    if counts["added"]:
        said.append(f"{counts['added']} dòng thêm, không có trong lô: không lấy.")
    if counts["unreadable"]:
        said.append(f"{counts['unreadable']} dòng không đọc được mã dòng: đặt vào đúng người ở bảng dưới.")
    if counts["repeated"]:
        said.append(f"{counts['repeated']} mã dòng lặp lại.")
    if counts["altered"]:
        said.append(f"{counts['altered']} dòng bị sửa ở cột ta gửi đi: không lấy ngay, chờ quyết định.")
    if reordered:
        said.append("Thứ tự dòng đã đổi: không sao, dò theo mã dòng.")
    return " ".join(said)


def undo_in_words(batch: Batch, undoing: Undoing) -> list[str]:
    """What an undo of a hand-back does, and each line that stays with its reason."""
    partner = "công an" if batch.kind == BatchKind.POLICE else "hộ tịch"
    back = f"{len(undoing.lines)} dòng lại chờ {partner} trả lời; số đã ghi vào sổ theo lần nhận này được lấy ra."
    said = [back, "Lô mở lại, và chính tệp ấy nộp lại được."]
    if undoing.stays:
        said.append(f"{len(undoing.stays)} dòng giữ nguyên:")
    return said + [f"{line.row_code}: {why}." for line, why in undoing.stays]


def row_faces(batch: Batch, results: Iterable[LineResult], names: Mapping[str, str]) -> list[RowFace]:
    """`names`: row code → name, of the batch's lines."""
    return [_face(batch, result, names) for result in results]


def names_of(lines: Iterable[BatchLine]) -> dict[str, str]:
    return {line.row_code: cell(line, "full_name") or "(chưa có tên)" for line in lines}


def needs_look(result: LineResult) -> bool:
    return result.outcome != Outcome.ACCEPTED or bool(result.altered) or result.repeated


def _face(batch: Batch, result: LineResult, names: Mapping[str, str]) -> RowFace:
    placeable = result.outcome == "unreadable" and not result.placed
    return RowFace(
        row=result.row,
        row_code=result.row_code,
        name=names.get(result.placed or result.row_code, "") or result.sent.get("full_name", ""),
        level=LEVELS[result.outcome],
        said=WORDS[result.outcome],
        reason=masked_in(result.reason),
        altered=altered_in_words(batch, result.altered),
        repeated=result.repeated,
        given=_given(batch, result),
        placeable=placeable,
        placed=result.placed,
    )


def _given(batch: Batch, result: LineResult) -> str:
    """What a row that belongs to nobody yet was answered with."""
    headings = {c.heading: result.given[c.key] for c in to_fill_in(batch.kind) if c.key in result.given}
    number = mask(result.given.get("number", ""))
    said = [result.given.get("result", ""), number, *filled(headings, to_fill_in(batch.kind))]
    return " · ".join(filter(None, said))
