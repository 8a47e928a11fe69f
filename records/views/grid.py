"""Rows of the review grid: every cell with its text, its mark, the reason and what can be done about it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from campaigns.models import Campaign, User
from campaigns.templatetags.written import within_sentence
from records.history import Origin, origin_of, provenance
from records.models import ChangeKind, Finding, Record, Severity, Stage
from records.private import number_fields, sensitive_fields, shown, unseen_by
from records.reading.explanations import explain
from records.reading.reference import Reference
from records.reading.rules import RULES
from records.reference import reference_for
from records.views.columns import WORDS, Column, column_of, columns_for, row_number
from records.views.origins import origin_in_words

_BY_HAND = (ChangeKind.EDIT, ChangeKind.SUGGESTION)
_RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTICE: 2}
# Not typed over in the grid: the ministry's code is not ours to change.
NOT_EDITED = frozenset({"system_code", "updated_on"})


@dataclass
class Said:
    """A finding as pages say it."""

    finding: Finding
    label: str
    explanation: str
    severity: str
    suggestion: str
    can_confirm: bool

    @property
    def rule(self) -> str:
        return self.finding.rule


@dataclass
class Cell:
    field: str
    label: str
    classes: str
    text: str
    raw: str = ""  # the value, where the text says more than it
    why: str = ""
    origin: str = ""
    fix: str = ""
    use_url: str = ""
    edit_url: str = ""
    confirm_url: str = ""
    reveal_url: str = ""
    police: bool = False
    editor: dict[str, Any] | None = None
    tab: str = "-1"


@dataclass
class Row:
    record: Record
    number: str  # of the row in the file
    name: str
    cells: list[Cell]
    level: str
    words: str
    words_cell: Cell
    urls: dict[str, str]
    findings: list[Said] = field(default_factory=list)


def said_of(records: Collection[Record], user: User, reference: Reference) -> dict[int, list[Said]]:
    """Open findings of these records (of one register) that this user may know of, worst first. One query."""
    by_id = {record.pk: record for record in records}
    hidden = unseen_by(user, reference.register)
    said: dict[int, list[Said]] = {pk: [] for pk in by_id}
    for finding in Finding.objects.open().filter(record__in=by_id).exclude(field__in=hidden).order_by("id"):
        said[finding.record_id].append(say(finding, by_id[finding.record_id], reference))
    for found in said.values():
        found.sort(key=rank)
    return said


def rank(one: Said) -> int:
    return _RANK[Severity(one.severity)]


def say(finding: Finding, record: Record, reference: Reference) -> Said:
    rule = RULES[finding.rule]
    private = finding.field in sensitive_fields(record.register)
    return Said(
        finding=finding,
        label=rule.label,
        explanation=f"{rule.label}. {rule.help}"
        if private
        else explain(finding.rule, finding.field, finding.value, finding.suggestion, record.values, reference),
        severity=finding.severity,
        suggestion="" if private else finding.suggestion,
        can_confirm=not rule.only_correction and finding.severity != Severity.NOTICE,
    )


def rows_of(
    records: Sequence[Record], user: User, campaign: Campaign, *, editor: dict[str, Any] | None = None
) -> list[Row]:
    """Rows of records of one register of the campaign. `editor`: {"field": …, …} opens that cell of the only row. The
    number of queries does not depend on how many rows."""
    if not records:
        return []
    register = records[0].register
    reference = reference_for(campaign, register, headings=False)
    said, origins = said_of(records, user, reference), provenance(records)
    columns = columns_for(user, register)
    rows = [_row(record, said[record.pk], origins, columns, user, editor) for record in records]
    _first_stop(rows)
    return rows


def _row(
    record: Record,
    said: list[Said],
    origins: dict[tuple[int, str], Origin],
    columns: list[Column],
    user: User,
    editor: dict[str, Any] | None,
) -> Row:
    by_column: dict[str, list[Said]] = {}
    for one in said:
        by_column.setdefault(column_of(one.finding.field, record.register), []).append(one)
    edited = column_of(editor["field"], record.register) if editor else ""
    cells = []
    for column in columns:
        origin = origin_of(origins, record, column.field)
        cell = _cell(record, column, by_column.get(column.field, []), origin)
        if edited == column.field:
            cell.editor, cell.classes = editor, column.classes
        cells.append(cell)
    if record.village:  # the heading says already what it is
        cells[-1].raw, cells[-1].text = record.village, record.village.removeprefix("Bản ")
    if user.commune_id is None and record.commune:
        cells[-1].text = " · ".join(filter(None, [record.commune.short_name, cells[-1].text]))
    words_cell = _words_cell(record, by_column.get(WORDS, []))
    words_cell.editor = editor if edited == WORDS else None
    level, words = _words(record, said, any("done" in cell.classes for cell in cells))
    return Row(
        record=record,
        number=row_number(record),
        name=record.full_name or "(chưa có tên)",
        cells=cells,
        level=level,
        words=words,
        words_cell=words_cell,
        urls={
            "record": reverse("record", args=[record.row_code]),
            "police": reverse("ask_police", args=[record.row_code]),
        },
        findings=said,
    )


def _cell(record: Record, column: Column, said: list[Said], origin: Origin) -> Cell:
    value = record.value(column.field)
    text = shown(record.register, column.field, value)
    cell = Cell(
        field=column.field,
        label=column.label,
        classes=column.classes,
        text=text or ("thiếu" if said else ""),
        origin=origin_in_words(origin, record) if value or origin.kind != ChangeKind.IMPORT else "Ô để trống.",
    )
    _mark(cell, record, said)
    blocking = any(one.severity != Severity.NOTICE for one in said)
    if said and not text:
        cell.classes += " none"
    if origin.kind in _BY_HAND and not blocking:
        cell.classes += " done"
    if column.field in number_fields(record.register):
        cell.reveal_url = reverse("reveal", args=[record.row_code]) if len(value) > 1 else ""
        cell.police = True
    return cell


def _words_cell(record: Record, said: list[Said]) -> Cell:
    """The last cell speaks for fields without a column: of those, the worst one is edited from it."""
    cell = Cell(field=WORDS, label="Cần xem", classes="full words", text="", origin="")
    _mark(cell, record, said)
    cell.classes = "full words"
    return cell


def _mark(cell: Cell, record: Record, said: list[Said]) -> None:
    edited = said[0].finding.field if cell.field == WORDS and said else cell.field
    if edited not in (WORDS, *NOT_EDITED):
        cell.edit_url = reverse("edit_cell", args=[record.row_code, edited])
    if not said:
        return
    severity = said[0].severity
    if severity != Severity.NOTICE:
        cell.classes += f" {severity}"
    cell.why = " ".join(one.explanation for one in said)
    with_fix = next((one for one in said if one.suggestion), None)
    if with_fix:
        cell.fix = with_fix.suggestion
        cell.use_url = reverse("use_suggestion", args=[record.row_code, with_fix.rule])
    to_confirm = next((one for one in said if one.can_confirm), None)
    if to_confirm:
        cell.confirm_url = reverse("confirm_cell", args=[record.row_code, to_confirm.finding.field])


def _words(record: Record, said: list[Said], corrected: bool) -> tuple[str, str]:
    """The row's verdict: its worst level, and all its labels."""
    labels = list(dict.fromkeys(one.label for one in said))
    if record.ask_police:
        labels.append("sẽ hỏi công an")
    if labels:
        first, *others = labels
        return (said[0].severity if said else "waiting"), ", ".join(
            [first, *(within_sentence(other) for other in others)]
        )
    if record.stage != Stage.TO_REVIEW:
        is_done = record.stage in (Stage.CLEANED, Stage.UPLOADED)
        return "success" if is_done else "waiting", record.get_stage_display().capitalize()
    return ("success", "Xong") if corrected else ("success", "Không còn điều cần xem")


def _first_stop(rows: list[Row]) -> None:
    """Tab leads to one cell of the grid: the first that is to be looked at."""
    cells = [cell for row in rows for cell in (*row.cells, row.words_cell)]
    marked = (cell for cell in cells if cell.why)
    next(marked, cells[0]).tab = "0"
