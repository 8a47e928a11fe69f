"""What the page of one file shows, ready for the template: everything masked, counted and in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from campaigns.models import Job, Register
from campaigns.models.job import JobStatus
from campaigns.views.jobs import progress_context
from records.forms_import import NOT_USED, AnywayForm, ColumnsForm
from records.headings import cell_shown, columns_of
from records.models import FileStatus, Severity, SourceFile
from records.private import number_fields, sensitive_fields, shown
from records.reading.rules import RULES
from records.reference import field_labels, fields_of
from records.told_of_reading import told_of_reading
from records.undoing import Undone
from records.views.conflict_face import conflicts_of
from records.views.import_words import apply_label, consequences, outcome, people_of

STEP_OF_JOB = {"inspect_file": 1, "read_file": 3, "apply_file": 4, "apply_rest": 4, "undo_file": 4}
STATUS = {
    FileStatus.RECEIVED: ("waiting", "Chưa so với sổ"),
    FileStatus.READ: ("notice", "Đã so, chưa áp dụng"),
    FileStatus.APPLIED: ("success", "Đã áp dụng"),
    FileStatus.UNDONE: ("notice", "Đã hoàn tác"),
    FileStatus.REFUSED: ("error", "Không dùng"),
}
_PREVIEWED_ROWS = 4
_SHOWN_AT_ONCE = 8
_RULES_AT_ONCE = 10
_NAMED = 20
_REASONS = 50
_SEVERITIES = [Severity.ERROR, Severity.WARNING, Severity.NOTICE]


def is_questioned(source_file: SourceFile) -> bool:
    """The file was found strange, and nobody has looked further yet."""
    return source_file.status == FileStatus.REFUSED and bool(source_file.counts.get("suspicions"))


def status_of(source_file: SourceFile) -> dict[str, str]:
    level, words = STATUS[FileStatus(source_file.status)]
    if is_questioned(source_file):
        level, words = "warning", "Có điều lạ, cần trả lời"
    return {"level": level, "words": words}


def latest_job(source_file: SourceFile) -> Job | None:
    return Job.objects.filter(campaign=source_file.campaign_id, kind__in=STEP_OF_JOB, target_id=source_file.pk).first()


def page_of(
    source_file: SourceFile,
    request: HttpRequest,
    *,
    columns: ColumnsForm | None = None,
    anyway: AnywayForm | None = None,
) -> dict[str, Any]:
    """`columns`, `anyway`: a form that was refused, to be drawn with its errors."""
    job = latest_job(source_file)
    at_work = job is not None and job.is_unfinished
    is_open = not at_work and source_file.status not in (FileStatus.APPLIED, FileStatus.UNDONE)
    context: dict[str, Any] = {
        "file": source_file,
        "register_label": Register(source_file.register).label,
        "people": people_of(source_file),
        "status": status_of(source_file),
        "is_open": is_open,
        "at_work": at_work,
        "refusal": "" if is_questioned(source_file) else source_file.refused_because,
        "step": _step(source_file),
    }
    if job is not None and (at_work or (job.status == JobStatus.FAILED and not source_file.refused_because)):
        context |= progress_context(job, request) | {"job_step": STEP_OF_JOB[job.kind]}
    if source_file.summary:
        columns = columns or columns_form(source_file)
        context |= {"found": _found(source_file, columns), "columns": _columns(columns, source_file)}
    if "suspicions" in source_file.counts:
        context["suspicions"] = source_file.counts["suspicions"]
        context["anyway"] = (anyway or AnywayForm()) if source_file.counts["suspicions"] else None
    if "rows" in source_file.counts:
        context["difference"] = _difference(source_file)
        context["conflicts"] = conflicts_of(source_file)
    return context


def columns_form(source_file: SourceFile, data: Any = None) -> ColumnsForm:
    return ColumnsForm(data, register=source_file.register, columns=columns_of(source_file))


def _step(source_file: SourceFile) -> int:
    """Where the work stands: 1 nothing read, 2 columns to confirm, 3 difference to decide on, 4 over."""
    if source_file.status in (FileStatus.APPLIED, FileStatus.UNDONE):
        return 4
    if source_file.counts:
        return 3
    return 2 if source_file.summary else 1


def _found(source_file: SourceFile, form: ColumnsForm) -> dict[str, Any]:
    summary = source_file.summary
    first, last = summary["header_rows"]
    return {
        "sheet": summary["sheet"],
        "sheets": summary["sheets"],
        "other_tables": summary.get("other_tables", []),
        "heading_rows": str(last) if first == last else f"{first} và {last}",
        "rows": summary.get("rows") or source_file.counts.get("rows"),
        "titles": first - 1,
        "skipped": summary["skipped_count"],
        "told": told_of_reading(summary),
        "preview": list(_preview(source_file, {column.index: column.field for column in form.columns})),
        "width": len(summary["headings"]),
    }


def _preview(source_file: SourceFile, fields: dict[int, str]) -> Iterator[dict[str, Any]]:
    """The rows above the heading that hold something, the heading, and the first rows under it."""
    summary = source_file.summary
    first, last = summary["header_rows"]
    width, skipped = len(summary["headings"]), {number for number, _ in summary["skipped"]}
    left = _PREVIEWED_ROWS
    for number, cells in enumerate(summary.get("preview", []), start=1):
        if number < first and any(cells):
            yield {"number": number, "kind": "title", "text": next(text for text in cells if text)}
        elif first <= number <= last:
            yield {"number": number, "kind": "heading", "cells": _padded(cells, width)}
        elif number > last and number not in skipped and left:
            left -= 1
            texts = enumerate(_padded(cells, width))
            shown_texts = [cell_shown(source_file.register, fields.get(index, ""), text) for index, text in texts]
            yield {"number": number, "kind": "row", "cells": shown_texts}


def _padded(cells: list[str], width: int) -> list[str]:
    return [*cells, *[""] * width][:width]


def _columns(form: ColumnsForm, source_file: SourceFile) -> dict[str, Any]:
    """The columns to look at first, those sure by their heading, and those that were known before."""
    by_kind: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for column, field in form.drawn():
        by_kind[column.kind].append({"column": column, "field": field, **_SIGNS[column.kind]})
    return {
        "form": form,
        "total": len(form.columns),
        "unknown": len(by_kind["unknown"]),
        "asked": by_kind["rival"] + by_kind["doubted"] + by_kind["unknown"] + by_kind["guessed"],
        "doubted": len(by_kind["rival"]) + len(by_kind["doubted"]),
        "sure": by_kind["sure"] + by_kind["split"],
        "known": by_kind["remembered"],
        "read_as": [
            {"heading": c.heading, "field": c.whole or form.labels.get(c.field, NOT_USED)} for c in form.columns
        ],
        "absent": [form.labels[key] for key in source_file.summary["absent"] if key in form.labels],
        "required": _required_absent(form, source_file),
    }


def _required_absent(form: ColumnsForm, source_file: SourceFile) -> list[str]:
    """Fields that the register cannot do without, and that no column is."""
    found = {column.field for column in form.columns}
    return [form.labels.get(k, k) for k in source_file.summary.get("required_absent", []) if k not in found]


_SIGNS = {
    "rival": {"level": "warning", "words": "Hai cột một trường"},
    "doubted": {"level": "warning", "words": "Không giống tiêu đề"},
    "unknown": {"level": "error", "words": "Chưa rõ"},
    "guessed": {"level": "warning", "words": "Đoán"},
    "sure": {"level": "success", "words": "Chắc"},
    "split": {"level": "success", "words": "Chắc"},
    "remembered": {"level": "success", "words": "Đã nhớ"},
}


def _difference(source_file: SourceFile) -> dict[str, Any]:
    counts, examples = source_file.counts, source_file.counts["examples"]
    rules = _rules(counts["findings"])
    cells = [_cell(source_file.register, *line) for line in _telling_first(source_file.register, examples)]
    entries = [
        {"label": "Mới", "count": counts["created"]},
        {"label": "Thay đổi", "count": counts["changed"]},
        {"label": "Không đổi", "count": counts["unchanged"]},
    ]
    if counts["skipped"]:
        entries.append({"label": "Giữ lại, chưa nhận", "count": counts["skipped"], "level": "warning"})
    return {
        **{key: counts[key] for key in ("rows", "created", "changed", "unchanged", "skipped", "conflicts", "gone")},
        "entries": entries,
        "cells": cells[:_SHOWN_AT_ONCE],
        "more_cells": cells[_SHOWN_AT_ONCE:],
        "new_people": [{"row": row, "name": name} for row, name in examples.get("created", [])],
        "held": [{"row": row, "code": code, "name": name} for row, code, name in examples.get("held", [])],
        "repeated": counts["skipped"] - counts.get("unplaced", 0) - counts.get("again", 0),
        "again": counts.get("again", 0) if source_file.status == FileStatus.APPLIED else 0,
        "again_cells": [_waiting(source_file.register, *line) for line in examples.get("again", [])],
        "unplaced": counts.get("unplaced", 0),
        "unplaced_people": [
            {"row": row, "name": name, "alike": [_linked(code) for code in codes]}
            for row, name, codes in examples.get("unplaced", [])
        ],
        "gone_people": [
            {"url": reverse("record", args=[code]), "code": code, "name": name}
            for code, name in examples.get("gone", [])
        ],
        "rules": rules[:_RULES_AT_ONCE],
        "more_rules": rules[_RULES_AT_ONCE:],
        "more_findings": sum(line["count"] for line in rules[_RULES_AT_ONCE:]),
        "findings": sum(line["count"] for line in rules),
        "sentences": consequences(source_file),
        "apply": apply_label(counts),
        "done": outcome(source_file),
        "undone": _undone(counts.get("undone")),
    }


def _telling_first(register: str, examples: dict[str, list[list[Any]]]) -> list[list[Any]]:
    """Changed cells: those that people's own value stays in, then who a person is, then the rest."""
    identity = {field.key for field in fields_of(register) if field.identity}
    return sorted(examples.get("changed", []), key=lambda line: (line[5], line[2] not in identity))


def _cell(
    register: str, row: int, name: str, field: str, old: str | None, new: str | None, taken: bool,
    base: str | None = None,
) -> dict[str, Any]:  # fmt: skip
    return {
        "base": shown(register, field, base or ""),
        "row": row, "name": name, "field": field_labels(register).get(field, field), "taken": taken,
        "old": shown(register, field, old or ""), "new": shown(register, field, new or ""),
        "is_number": field in number_fields(register), "is_hidden": field in sensitive_fields(register),
    }  # fmt: skip


def _waiting(
    register: str, row: int, name: str, row_code: str | None, field: str | None, base: str | None, ours: str | None,
    theirs: str | None,
) -> dict[str, Any]:  # fmt: skip
    """A row that waits for a second look; without a field where it would make somebody new."""
    if field is None:
        return {"row": row, "name": name}
    cell = _cell(register, row, name, field, ours, theirs, taken=True, base=base)
    return cell | {"url": reverse("record", args=[row_code]) if row_code else ""}


def _rules(findings: dict[str, int]) -> list[dict[str, Any]]:
    """Most serious first, then most frequent."""
    lines = [{"label": RULES[r].label, "severity": RULES[r].severity, "count": n} for r, n in findings.items()]
    return sorted(lines, key=lambda line: (_SEVERITIES.index(Severity(str(line["severity"]))), -int(line["count"])))


def _undone(undone: dict[str, Any] | None) -> dict[str, Any] | None:
    return undone and {"removed": undone["removed"], "restored": undone["restored"], **kept_people(Undone(**undone))}


def kept_people(undone: Undone) -> dict[str, Any]:
    """Those who were left alone, by reason: how many, the first of them to be looked at, and how many more."""
    groups = [
        {
            "why": why, "count": len(codes), "people": [_linked(code) for code in codes[:_NAMED]],
            "more": max(0, len(codes) - _NAMED),
        }
        for why, codes in undone.kept_by_reason().items()
    ]  # fmt: skip
    return {"kept": len(undone.kept), "kept_groups": groups[:_REASONS], "kept_reasons_more": len(groups[_REASONS:])}


def _linked(row_code: str) -> dict[str, str]:
    return {"code": row_code, "url": reverse("record", args=[row_code])}
