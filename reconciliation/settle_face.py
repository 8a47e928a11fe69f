"""What waits on a returned list as the page shows it: ours, sent, theirs, and the decisions that are open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.urls import reverse
from django.utils import timezone

from campaigns.models import User
from campaigns.permissions import Permission, has
from reconciliation import settling
from reconciliation.batch_face import is_from_newborns
from reconciliation.line_face import altered_in_words, cell, filled
from reconciliation.models import Batch, BatchKind, BatchLine, Difference
from reconciliation.outcomes import EXCLUDING, NUMBER
from reconciliation.sheets import result_codes, to_fill_in
from records.models import Exclusion
from records.private import number_fields, shown
from records.reading.personal_number import broken_rules
from records.reading.reference import Reference
from records.reading.rules import RULES
from records.reference import field_labels

ALIKE = 3  # from how many lines on the same decision is offered for all at once
# What usually follows a line without values; the other decisions stand beside it.
_USUAL = {"N": settling.REVIEW}


@dataclass(frozen=True)
class Decision:
    """A button. `key`: of bacyen.js, '' for what has none; `cap`: what is printed on it; `url`: a page of its own."""

    value: str
    label: str
    key: str = ""
    cap: str = ""
    look: str = ""
    url: str = ""


@dataclass
class Cell:
    text: str
    reveal_url: str = ""
    is_number: bool = False


@dataclass
class Row:
    """One difference. `said`: what was decided; `picked`: whose value stands."""

    pk: int
    label: str
    ours: Cell
    sent: Cell
    theirs: Cell
    differs: bool
    warning: str = ""
    note: str = ""
    decisions: list[Decision] = field(default_factory=list)
    said: str = ""
    picked: str = ""
    undo_url: str = ""
    now: bool = False
    values: bool = True


@dataclass
class Person:
    row_code: str
    name: str
    tag: str
    altered: str
    reason: str
    answer: list[str]
    record_url: str
    rows: list[Row]


@dataclass(frozen=True)
class Alike:
    """Lines on which the same may be decided at once: one field, one code, ours empty or not."""

    field: str
    code: str
    ours_empty: bool
    label: str
    count: int

    @property
    def query(self) -> dict[str, str]:
        return {"truong": self.field, "ma": self.code, "trong": "1" if self.ours_empty else ""}


class Desk:
    """Faces of the differences of one batch for one user."""

    def __init__(self, batch: Batch, reference: Reference, user: User) -> None:
        self.batch, self.reference, self.user = batch, reference, user
        self.labels = field_labels(batch.register)
        self.from_newborns = is_from_newborns(batch)
        self.of_police = batch.kind == BatchKind.POLICE

    @property
    def their_name(self) -> str:
        return "công an" if self.of_police else "hộ tịch"

    def may_take(self, key: str) -> bool:
        """Names that the police give otherwise are for the civil registry."""
        return not (self.of_police and key in settling.NAMES)

    def person(self, line: BatchLine, exclusions: Mapping[str, Exclusion], now: int) -> Person:
        rows = [self.row(line, difference, exclusions) for difference in line.differences.all()]
        for row in rows:
            row.now = row.pk == now
        code = result_codes(self.batch.kind).get(line.result_code)
        return Person(
            row_code=line.row_code,
            name=cell(line, "full_name") or "(chưa có tên)",
            tag=f"{code.code} · {code.label[:1].lower()}{code.label[1:]}" if code and not self.from_newborns else "",
            altered=altered_in_words(self.batch, line.altered),
            reason=_without_code(line.reason, line.result_code, code.label if code else ""),
            answer=[] if self.from_newborns else filled(line.answer, to_fill_in(self.batch.kind)),
            record_url=reverse("record", args=[line.row_code]) if has(self.user, Permission.SEE_PEOPLE) else "",
            rows=rows,
        )

    def row(self, line: BatchLine, difference: Difference, exclusions: Mapping[str, Exclusion]) -> Row:
        key, record = difference.field, line.record
        ours = record.value(key) if key else ""
        row = Row(
            pk=difference.pk,
            label=self.labels.get(key, key) if key else "",
            ours=self._cell(difference, "ours", ours),
            sent=self._cell(difference, "sent", difference.sent),
            theirs=self._cell(difference, "theirs", difference.theirs),
            differs=ours != difference.theirs,
            warning=self.number_words(line, difference) if key == NUMBER and not difference.decision else "",
            values=bool(key),
        )
        self._add_state(row, line, difference, exclusions)
        return row

    def _cell(self, difference: Difference, whose: str, text: str) -> Cell:
        key = difference.field
        is_number = key in number_fields(self.batch.register)
        url = ""
        if is_number and text and has(self.user, Permission.SEE_NUMBERS):
            url = reverse("reveal_difference", args=[self.batch.code, difference.pk]) + f"?o={whose}"
        return Cell(shown(self.batch.register, key, text) if key else "", url, is_number)

    def number_words(self, line: BatchLine, difference: Difference) -> str:
        """What their number breaks on this person: “Giới tính trong số không khớp”."""
        number = difference.theirs
        if len(number) != 12 or not number.isdigit():
            return "Không phải 12 chữ số"
        record = line.record
        broken = broken_rules(number, record.sex, record.birth_year, self.reference.province_codes)
        return "; ".join(RULES[rule].label for rule in broken)

    def _add_state(
        self, row: Row, line: BatchLine, difference: Difference, exclusions: Mapping[str, Exclusion]
    ) -> None:
        if difference.decision and difference.decision != settling.EXCLUSION:
            at = timezone.localtime(difference.at) if difference.at else None
            row.said = f"{self.decided(difference.decision)}{f', {at:%H:%M %d/%m}' if at else ''}"
            row.picked = difference.decision if difference.field else ""
            row.undo_url = reverse("undo_decision", args=[self.batch.code, difference.pk])
            return
        if difference.decision == settling.EXCLUSION:
            asked = exclusions.get(line.row_code)
            row.note, refused = _second_word(asked)
            row.decisions = list(self.decisions(line, difference)) if refused else []
            return
        row.note = self._note(line, difference)
        row.decisions = list(self.decisions(line, difference, bool(row.warning)))

    def decided(self, decision: str) -> str:
        return {
            settling.THEIRS: f"Đã lấy của {self.their_name}",
            settling.OURS: "Đã giữ của ta",
            settling.REGISTRY: "Đã chuyển hỏi hộ tịch",
            settling.AGAIN: f"Sẽ hỏi lại {self.their_name}",
            settling.REVIEW: "Đã đưa về rà soát",
        }.get(decision, "Đã quyết định")

    def _note(self, line: BatchLine, difference: Difference) -> str:
        if line.result_code in EXCLUDING:
            return "Đưa ra khỏi sổ cần giấy tờ và người thứ hai đồng ý."
        if not self.may_take(difference.field):
            return "tên khác nhau: hộ tịch quyết"
        return ""

    def decisions(self, line: BatchLine, difference: Difference, doubtful: bool = False) -> Iterable[Decision]:
        """In the order of the buttons; what `why_not` closes is not offered."""
        if line.result_code in EXCLUDING:
            yield from self._excluding(line, difference)
            return
        if not difference.field:
            yield from self._without_values(line.result_code)
            return
        yield Decision(settling.OURS, "Giữ", "arrowleft", "←")
        if not settling.why_not(difference, settling.THEIRS, self.batch.kind, self.reference):
            yield Decision(settling.THEIRS, "Lấy", "arrowright", "→")
        if self.from_newborns:
            return
        if self.of_police and difference.field != NUMBER:
            look = "quiet" if self.may_take(difference.field) else "main"
            yield Decision(settling.REGISTRY, "Hỏi hộ tịch", "h", "H", look)
        else:
            yield self._again("main" if doubtful else "quiet")

    def _again(self, look: str) -> Decision:
        return Decision(settling.AGAIN, f"Hỏi lại {self.their_name}", "p", "P", look)

    def _without_values(self, code: str) -> Iterable[Decision]:
        """N, V, R, X and what could not be read: what usually follows comes first."""
        usual = _USUAL.get(code, settling.AGAIN)
        others = [
            self._again("quiet"),
            Decision(settling.REVIEW, "Về rà soát", "r", "R", "quiet"),
            *([Decision(settling.REGISTRY, "Hỏi hộ tịch", "h", "H", "quiet")] if self.of_police else []),
            Decision(settling.OURS, "Giữ nguyên", "arrowleft", "←", "quiet"),
        ]
        first = [replace(one, look="") for one in others if one.value == usual]
        yield from [*first, *(one for one in others if one.value != usual)]

    def _excluding(self, line: BatchLine, difference: Difference) -> Iterable[Decision]:
        """No key takes a person out of the register."""
        if line.result_code == "T":
            yield Decision("", "Xem hồ sơ, đặt cạnh nhau", "t", "T", url=reverse("record", args=[line.row_code]))
        url = reverse("exclude_line", args=[self.batch.code, difference.pk])
        yield Decision(settling.EXCLUSION, "Ghi giấy tờ, đề nghị đưa ra khỏi sổ…", url=url)
        yield self._again("quiet")
        yield Decision(settling.REVIEW, "Về rà soát", "r", "R", "quiet")


def _second_word(asked: Exclusion | None) -> tuple[str, bool]:
    """What the second person said of taking the record out of the register, and whether it was no."""
    if asked is None or asked.decided_at is None:
        return "Đã đề nghị đưa ra khỏi sổ, chờ người thứ hai", False
    return ("Đã ra khỏi sổ, người thứ hai đồng ý", False) if asked.confirmed else ("Người thứ hai không đồng ý", True)


def _without_code(reason: str, code: str, label: str) -> str:
    """The reason without the code that the tag beside it says already."""
    rest = reason.removeprefix(f"{code}: {label}").removeprefix("; ")
    return rest[:1].upper() + rest[1:]


def alike(desk: Desk, waiting: Sequence[Difference]) -> list[Alike]:
    """`waiting`: differences not decided, with their line and record."""
    counts: dict[tuple[str, str, bool], int] = {}
    for difference in waiting:
        if difference.field and difference.line.result_code not in EXCLUDING and not difference.decision:
            key = _kind_of(difference)
            counts[key] = counts.get(key, 0) + 1
    return [
        Alike(
            name, code, empty, f"{desk.labels.get(name, name)}{', sổ ta trống' if empty else ''}, mã {code or '–'}", n
        )
        for (name, code, empty), n in counts.items()
        if n >= ALIKE
    ]


def of_kind(waiting: Iterable[Difference], name: str, code: str, ours_empty: bool) -> list[Difference]:
    return [d for d in waiting if not d.decision and _kind_of(d) == (name, code, ours_empty)]


def _kind_of(difference: Difference) -> tuple[str, str, bool]:
    ours = difference.line.record.value(difference.field)
    return difference.field, difference.line.result_code, not ours
