"""The way of an export of the ministry's software into the register: receive → inspect → compare → apply.

`compare` is the same work as `apply`, rolled back: so a preview shows what will happen, findings that compare records
included, and never something nearly like it. The whole of an apply is one transaction; a worker that dies in it has
written nothing, and the file can be applied again."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from campaigns import audit
from campaigns.errors import WorkRefused
from campaigns.jobs import Report, no_report
from campaigns.models import Campaign, Commune, User
from campaigns.permissions import Permission, check
from records import second_look, source_files
from records.comparing import Difference
from records.import_run import Run, as_refusal, reference_of, remember_summary, request, run, run_rest
from records.models import FileKind, FileStatus, SourceFile
from records.reading import process
from records.suspicion import SuspectFile, Suspicion
from records.told_of_reading import told_of_reading

_NOT_YET_USED = (FileStatus.RECEIVED, FileStatus.READ, FileStatus.REFUSED)


@dataclass
class Imported:
    """What a file is, and what applying it did or would do. `findings`: open ones, by rule, of the people in it."""

    source_file: SourceFile
    difference: Difference
    findings: dict[str, int]
    suspicions: list[Suspicion]
    seconds: float

    @property
    def applied(self) -> bool:
        return self.source_file.status == FileStatus.APPLIED

    @property
    def needs_person(self) -> bool:
        return bool(self.difference.skipped or self.suspicions)

    def as_json(self) -> dict[str, Any]:
        """The contract's object (section 1)."""
        file, difference = self.source_file, self.difference
        read = {key: file.summary[key] for key in ("sheet", "header_row", "columns", "unmapped", "absent")}
        counts = {
            key: getattr(difference, key) for key in ("rows", "created", "changed", "unchanged", "gone", "skipped")
        }
        return {
            "source_file": file.code, "sha256": file.sha256, **read, **counts, "findings": self.findings,
            "applied": self.applied, "seconds": round(self.seconds, 2),
        }  # fmt: skip

    def notes(self) -> list[str]:
        """Lines for a person: what was held, what people's own value stayed in, what was overruled."""
        lines = [f"{s.sentence()}; có thể vì {s.perhaps}." for s in self.suspicions]
        lines += told_of_reading(self.source_file.summary)
        held = self.difference.examples.get("held", [])
        if repeated := self.difference.repeated:
            shown = ", ".join(f"{row} ({code})" for row, code, _ in held)
            lines.append(f"{repeated} dòng giữ lại vì trùng mã với dòng trước: {shown}.")
        if self.difference.unplaced:
            asked = self.difference.examples["unplaced"]
            shown = ", ".join(f"{row} (giống {', '.join(codes)})" for row, _, codes in asked)
            lines.append(
                f"{self.difference.unplaced} dòng không có mã và không rõ là ai trong sổ, giữ lại: {shown}. "
                "Ghi mã dòng vào bảng dòng cần sửa (export_errors) rồi nhập bảng ấy."
            )
        if self.difference.again:
            lines.append(
                f"{self.difference.again} dòng để lại vì hồ sơ đã đổi từ lúc xem trước: xem lại và áp dụng ở trang "
                "Nhập dữ liệu."
            )
        if self.difference.conflicts:
            rows = sorted({line[0] for line in self.difference.examples.get("changed", []) if not line[5]})
            lines.append(
                f"{self.difference.conflicts} ô đã sửa trong sổ và tệp cũng đổi: giữ giá trị trong sổ "
                f"(dòng {', '.join(map(str, rows))})."
            )
        return lines


def receive(
    campaign: Campaign,
    register: str,
    *,
    by: User,
    name: str,
    content: bytes | File[bytes],
    commune: Commune | None = None,
    partial: bool = False,
) -> SourceFile:
    """Keeps the file byte for byte; nothing is read yet."""
    check(by, Permission.IMPORT)
    source_file = source_files.keep(
        campaign, kind=FileKind.EXPORT, by=by, name=name, content=content, register=register, commune=commune,
        partial=partial,
    )  # fmt: skip
    audit.record(
        "file_received", by=by, campaign=campaign, target=source_file.code,
        commune_code=commune.code if commune else "", sha256=source_file.sha256,
    )  # fmt: skip
    return source_file


def inspect(source_file: SourceFile, *, by: User) -> dict[str, Any]:
    """The child's summary: sheets, heading, columns, first rows and samples; kept as `source_file.summary`.
    What was compared before no longer counts. Raises WorkRefused with the reading's code, or `already_undone` for a
    file that is applied."""
    check(by, Permission.IMPORT)
    reference = reference_of(source_file)
    with _keeping_refusal(source_file), source_files.local_path(source_file) as path, as_refusal():
        summary = process.inspect(request(source_file, str(path), reference))
    with transaction.atomic():
        _check_not_used(source_file)
        remember_summary(source_file, summary)
        second_look.keep(source_file, {})
        source_file.status, source_file.refused_because, source_file.counts = FileStatus.RECEIVED, "", {}
        source_file.save(update_fields=["summary", "status", "refused_because", "counts"])
    return summary


def compare(source_file: SourceFile, *, by: User, anyway: str = "", report: Report = no_report) -> Imported:
    """The preview. Raises WorkRefused: the reading's codes, or `suspect_file` when no reason to go on is given."""
    check(by, Permission.IMPORT)
    started = time.monotonic()
    with _keeping_refusal(source_file), transaction.atomic():
        _check_not_used(source_file)
        found = run(source_file, by=by, anyway=anyway, for_good=False, report=report)
        transaction.set_rollback(True)
    with transaction.atomic():
        _check_not_used(source_file)
        source_file.status = FileStatus.READ
        second_look.keep(source_file, found.seen)
        return _finish(source_file, by, "import_compared", found, started)


def apply(source_file: SourceFile, *, by: User, anyway: str = "", report: Report = no_report) -> Imported:
    """Writes the file into the register, whole or not at all. Rows that would now do something else than its preview
    said wait for a second look (`apply_rest`). A file that is applied already stays as it is."""
    check(by, Permission.IMPORT)
    started = time.monotonic()
    with _keeping_refusal(source_file), transaction.atomic():
        status = _locked_status(source_file)
        if status == FileStatus.APPLIED:
            source_file.refresh_from_db()
            return _as_applied(source_file)
        if status == FileStatus.UNDONE:
            raise WorkRefused("already_undone", f"Tệp {source_file.code} đã được hoàn tác. Hãy đưa tệp lên lại.")
        found = run(source_file, by=by, anyway=anyway, for_good=True, report=report)
        source_file.status, source_file.applied_at = FileStatus.APPLIED, timezone.now()
        second_look.keep(source_file, found.seen if found.difference.again else {})
        return _finish(source_file, by, "import_applied", found, started)


def apply_rest(source_file: SourceFile, *, by: User, report: Report = no_report) -> Imported:
    """Writes the rows that waited for a second look, as they were shown when the file was applied. Those that have
    changed again since wait on; where none waits nothing happens. Raises WorkRefused `unknown_file` for a file that is
    not applied."""
    check(by, Permission.IMPORT)
    started = time.monotonic()
    with transaction.atomic():
        status = _locked_status(source_file)
        source_file.refresh_from_db()
        if status != FileStatus.APPLIED:
            raise WorkRefused("unknown_file", f"Tệp {source_file.code} không ở trong sổ. Xem tình trạng của tệp.")
        if not source_file.counts.get("again"):
            return _as_applied(source_file)
        before = _as_applied(source_file).difference
        found = run_rest(source_file, by=by, report=report)
        found.difference = before.followed_by(found.difference)
        found.strange = [Suspicion(**s) for s in source_file.counts["suspicions"]]
        second_look.keep(source_file, found.seen if found.difference.again else {})
        return _finish(source_file, by, "import_applied", found, started)


@transaction.atomic
def discard(source_file: SourceFile, *, by: User) -> None:
    """The bytes stay on the shelf; nothing that was read of them is kept."""
    check(by, Permission.IMPORT)
    _check_not_used(source_file)
    source_file.status, source_file.refused_because = FileStatus.REFUSED, "Tệp đã được bỏ trước khi áp dụng."
    source_file.summary, source_file.counts = {}, {}
    source_file.save(update_fields=["status", "refused_because", "summary", "counts"])
    audit.record(
        "file_discarded", by=by, campaign=source_file.campaign, target=source_file.code,
        commune_code=source_file.commune.code if source_file.commune else "",
    )  # fmt: skip


def _locked_status(source_file: SourceFile) -> str:
    files = SourceFile.objects.select_for_update(of=("self",))
    return files.values_list("status", flat=True).get(pk=source_file.pk)


def _check_not_used(source_file: SourceFile) -> None:
    if _locked_status(source_file) not in _NOT_YET_USED:
        raise WorkRefused(
            "usage", f"Tệp {source_file.code} đã được dùng. Muốn đọc lại thì đưa tệp lên một lần nữa, dưới mã mới."
        )


def _finish(source_file: SourceFile, by: User, event: str, found: Run, started: float) -> Imported:
    difference = found.difference
    imported = Imported(source_file, difference, found.findings, found.strange, time.monotonic() - started)
    source_file.refused_because = ""
    source_file.counts = {
        **asdict(difference), "findings": found.findings, "suspicions": [asdict(s) for s in found.strange],
        "seconds": imported.seconds,
    }  # fmt: skip
    source_file.save()
    audit.record(
        event, by=by, campaign=source_file.campaign, target=source_file.code,
        commune_code=source_file.commune.code if source_file.commune else "",
        rows=difference.rows, created=difference.created, changed=difference.changed, gone=difference.gone,
        overruled=source_file.overruled_because,
    )  # fmt: skip
    return imported


def _as_applied(source_file: SourceFile) -> Imported:
    counts = dict(source_file.counts)
    findings, strange, seconds = (counts.pop(key) for key in ("findings", "suspicions", "seconds"))
    return Imported(source_file, Difference(**counts), findings, [Suspicion(**s) for s in strange], seconds)


@contextlib.contextmanager
def _keeping_refusal(source_file: SourceFile) -> Iterator[None]:
    """A refused file stays on the shelf with the reason; of the register nothing has changed."""
    try:
        yield
    except WorkRefused as refusal:
        seen: dict[str, Any] = {}
        if isinstance(refusal, SuspectFile):
            seen["summary"] = source_file.summary
            seen["counts"] = {"suspicions": [asdict(s) for s in refusal.suspicions]}
        SourceFile.objects.filter(pk=source_file.pk, status__in=_NOT_YET_USED).update(
            status=FileStatus.REFUSED, refused_because=refusal.message, **seen
        )
        raise
