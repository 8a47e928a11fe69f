"""One file through the whole of the import, inside the caller's transaction: read, matched, compared, written. A
preview and an apply are the same run; what differs is whether the caller keeps it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import DataError, connection
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from campaigns.errors import WorkRefused
from campaigns.jobs import Report
from campaigns.models import User
from records import changes, comparing, matching, merging, own_files, second_look, source_files, staging
from records.comparing import Difference, Scope
from records.models import ChangeKind, FileKind, SourceFile
from records.reading import process
from records.reading.errors import ReadingError
from records.reading.reference import Reference
from records.reference import reference_for
from records.suspicion import SuspectFile, Suspicion, suspicions


@dataclass
class Run:
    """`seen`: what a second look will be compared with, as `second_look.keep` takes it."""

    difference: Difference
    findings: dict[str, int]
    strange: list[Suspicion] = field(default_factory=list)
    seen: dict[str, Any] = field(default_factory=dict)


def run(source_file: SourceFile, *, by: User, anyway: str, for_good: bool, report: Report) -> Run:
    """Raises SuspectFile where no reason to go on is given, and WorkRefused with the reading's codes."""
    reference = reference_of(source_file)
    with connection.cursor() as cursor:
        scope = _read(cursor, source_file, reference, report)
        strange = suspicions(cursor, scope, source_file.summary, source_file.commune)
        if strange and not anyway:
            raise SuspectFile(source_file, strange)
        source_file.overruled_because = anyway if strange else ""
        found = _write(cursor, source_file, scope, reference, by=by, for_good=for_good, report=report)
    found.strange = strange
    return found


def run_rest(source_file: SourceFile, *, by: User, report: Report) -> Run:
    """The rows that wait for a second look, once more."""
    reference = reference_of(source_file)
    with connection.cursor() as cursor:
        scope = _read(cursor, source_file, reference, report, rest=True)
        second_look.only_what_waits(cursor, source_file)
        return _write(cursor, source_file, scope, reference, by=by, for_good=True, report=report)


def _read(
    cursor: CursorWrapper, source_file: SourceFile, reference: Reference, report: Report, *, rest: bool = False
) -> Scope:
    """Fills `import_stage` and `import_row`; from here on no other file of the register is at work."""
    summary, own = stage(cursor, source_file, reference, report)
    staging.lock(cursor, source_file)
    remember_summary(source_file, summary)
    source_file.partial = source_file.partial or own
    if own:
        source_file.kind = FileKind.ERRORS
    report("so với sổ", 0, 0)
    matching.match_rows(
        cursor, source_file.campaign, source_file.register,
        row_code_column=own_files.row_code_column(summary["headings"]) if own else None,
    )  # fmt: skip
    return Scope(
        source_file.campaign, source_file.register, source_file.commune_id, source_file.partial or rest, own,
        corrected=own and own_files.is_error_sheet(summary["headings"]), rest=rest,
    )  # fmt: skip


def _write(
    cursor: CursorWrapper,
    source_file: SourceFile,
    scope: Scope,
    reference: Reference,
    *,
    by: User,
    for_good: bool,
    report: Report,
) -> Run:
    matching.number_new(cursor)
    comparing.compare(cursor, scope)
    waiting = second_look.hold(cursor, scope, source_file) if for_good else []
    seen = second_look.remember(cursor, scope, again=for_good)
    difference = comparing.difference_of(cursor, scope)
    difference.examples["again"] = waiting
    report("ghi vào sổ", 0, difference.rows)
    change_set = changes.open_change_set(
        scope.campaign, ChangeKind.LIST if scope.own else ChangeKind.IMPORT, by=by,
        reason=source_file.overruled_because, document=source_file.code, source_file=source_file,
    )  # fmt: skip
    findings = merging.merge(cursor, merging.Merge(scope, source_file, change_set, reference, for_good), difference)
    return Run(difference, findings, seen=seen)


def stage(
    cursor: CursorWrapper, source_file: SourceFile, reference: Reference, report: Report
) -> tuple[dict[str, Any], bool]:
    """Pipes the reading process's rows into `import_stage`; returns its summary, and whether the file is our own."""
    known = source_file.summary.get("rows", 0)

    def read(what: str, done: int, total: int) -> None:
        report(what, done, known if done <= known else 0)

    with source_files.local_path(source_file) as path:
        asked = request(source_file, str(path), reference) | {"mode": "register"}
        with as_refusal(), process.open_reading(asked) as reading:
            try:
                staging.load(cursor, reading.stdout, read)
            except DataError:
                reading.finish()  # a process that died within a line says why; else COPY's own error stands
                raise
            summary = reading.finish()
        return summary, own_files.wrote_it(path, summary["headings"])


def request(source_file: SourceFile, path: str, reference: Reference) -> dict[str, Any]:
    chosen = source_file.summary.get("chosen", {})
    return {
        "path": path, "name": source_file.name, "sheet": chosen.get("sheet"), "columns": chosen.get("columns"),
        "commune": source_file.commune.code if source_file.commune else None, "reference": reference.to_json(),
    }  # fmt: skip


def reference_of(source_file: SourceFile) -> Reference:
    return reference_for(source_file.campaign, source_file.register, received_on=timezone.localdate(source_file.at))


def remember_summary(source_file: SourceFile, summary: dict[str, Any]) -> None:
    """What a person chose stays, what only `inspect` gives, and the sheets there were to choose from."""
    kept = {key: source_file.summary[key] for key in ("chosen", "preview", "samples") if key in source_file.summary}
    sheets = max(source_file.summary.get("sheets", []), summary["sheets"], key=len)
    source_file.summary = kept | summary | {"sheets": sheets}


@contextlib.contextmanager
def as_refusal() -> Iterator[None]:
    try:
        yield
    except ReadingError as error:
        raise WorkRefused(error.code, error.message) from error
