"""Long work of this app; each calls one step and may run twice."""

from __future__ import annotations

from typing import Any

from campaigns.jobs import Report, job
from campaigns.models import Job
from records import imports, undoing
from records.models import FileStatus, SourceFile


@job("inspect_file", title="Đọc tệp", page="import_of_job")
def inspect_file(row: Job, report: Report) -> dict[str, Any]:
    report("tìm bảng và cột", 0, 0)
    return {"rows": imports.inspect(_file(row), by=row.by)["rows"]}


@job("read_file", title="So tệp với sổ", page="import_of_job")
def read_file(row: Job, report: Report) -> dict[str, Any]:
    return imports.compare(_file(row), by=row.by, anyway=row.options.get("anyway", ""), report=report).as_json()


@job("apply_file", title="Ghi tệp vào sổ", page="import_of_job")
def apply_file(row: Job, report: Report) -> dict[str, Any]:
    return imports.apply(_file(row), by=row.by, anyway=row.options.get("anyway", ""), report=report).as_json()


@job("undo_file", title="Hoàn tác tệp", page="import_of_job")
def undo_file(row: Job, report: Report) -> dict[str, Any]:
    """A file that is taken back already was so by this job, before its worker died."""
    if _file(row).status != FileStatus.UNDONE:
        report("trả sổ về như trước tệp", 0, 0)
        undoing.undo_import(_file(row), by=row.by)
    undone = _file(row).counts["undone"]
    return {"restored": undone["restored"], "removed": undone["removed"], "kept": len(undone["kept"])}


def _file(row: Job) -> SourceFile:
    return SourceFile.objects.select_related("campaign", "commune").get(pk=row.target_id)
