"""The lines of a batch as pages write them: numbers masked, answers in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from reconciliation.models import Batch, BatchLine, Outcome
from reconciliation.sheets import Column, columns_of, sent_columns, to_fill_in
from records.masking import mask
from records.models import Stage
from records.reference import field_labels

LEVELS = {
    Outcome.ACCEPTED: "success",
    Outcome.TO_SETTLE: "warning",
    Outcome.TO_CIVIL_REGISTRY: "notice",
    Outcome.UNANSWERED: "waiting",
    Outcome.MISSING: "error",
    "added": "notice",
    "unreadable": "error",
}
WORDS = {
    Outcome.ACCEPTED: "Đã nhận",
    Outcome.TO_SETTLE: "Cần quyết định",
    Outcome.TO_CIVIL_REGISTRY: "Chuyển hộ tịch",
    Outcome.UNANSWERED: "Chưa trả lời",
    Outcome.MISSING: "Thiếu trong tệp",
    "added": "Dòng thêm",
    "unreadable": "Không đọc được mã dòng",
}
_HEADINGS = {column.key: column.heading for column in sent_columns()}
_NUMBER_IN_TEXT = re.compile(r"[0-9]{9,12}")


@dataclass
class LineFace:
    """One line of the table. `held`, `given`: masked; `answer`: the other cells that were filled in."""

    number: int
    row_code: str
    name: str
    birth_date: str
    sex: str
    residence: str
    request: str
    held: str
    given: str
    code: str
    level: str
    said: str
    reason: str
    answer: list[str] = field(default_factory=list)
    altered: str = ""


def line_faces(batch: Batch, lines: Iterable[BatchLine]) -> list[LineFace]:
    return [_face(batch, line) for line in lines]


def cell(line: BatchLine, key: str) -> str:
    """What was sent in that column; lines of a newborn list were not sent, so the record speaks."""
    sent: str = line.sent.get(_HEADINGS[key], "")
    if sent or line.sent:
        return sent
    return line.record.value({"held_number": "personal_number", "residence": "permanent_address"}.get(key, key))


def _face(batch: Batch, line: BatchLine) -> LineFace:
    level, said = standing(line)
    return LineFace(
        number=line.number,
        row_code=line.row_code,
        name=cell(line, "full_name") or "(chưa có tên)",
        birth_date=cell(line, "birth_date"),
        sex=cell(line, "sex"),
        residence=cell(line, "residence"),
        request=cell(line, "request"),
        held=mask(cell(line, "held_number")),
        given=mask(line.answer.get("Số định danh", "")),
        code=line.result_code,
        level=level,
        said=said,
        reason=line.reason,
        answer=filled(line.answer, to_fill_in(batch.kind)),
        altered=altered_in_words(batch, line.altered),
    )


def standing(line: BatchLine) -> tuple[str, str]:
    """Level and words of where a line is."""
    if line.outcome == Outcome.TO_SETTLE and line.settled_at is not None:
        return "success", "Đã quyết định"
    if line.outcome == Outcome.TO_SETTLE and line.record.stage == Stage.EXCLUDED:
        return "success", "Đã ra khỏi sổ"
    if line.draft and line.answered_at is None:
        return "waiting", "Đang trả lời, chưa nộp"
    if not line.outcome:
        return "waiting", WORDS[Outcome.UNANSWERED]
    return LEVELS[Outcome(line.outcome)], WORDS[Outcome(line.outcome)]


def filled(answer: Mapping[str, str], columns: Iterable[Column]) -> list[str]:
    """Cells of an answer but its code and number: “Ngày sinh đúng: 05/03/2015”; numbers in a note are masked."""
    shown = [c for c in columns if c.key not in ("result", "number") and answer.get(c.heading)]
    return [f"{c.heading}: {masked_in(answer[c.heading])}" for c in shown]


def masked_in(text: str) -> str:
    """The text with any number of a person in it masked."""
    return _NUMBER_IN_TEXT.sub(lambda found: mask(found[0]), text)


def altered_in_words(batch: Batch, altered: Iterable[str]) -> str:
    """“Ngày sinh, Họ tên mẹ”: the columns of ours that came back edited."""
    headings = {column.field or column.key: column.heading for column in columns_of(batch.kind) if not column.to_fill}
    labels = field_labels(batch.register)
    return ", ".join(headings.get(key) or labels.get(key, key) for key in altered)
