"""Long work of this app; each calls one step and may run twice."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from celery import shared_task
from django.utils import timezone

from campaigns.jobs import Report, job
from campaigns.models import Job
from records import imports, refreshing, undoing
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


@job("apply_rest", title="Ghi các dòng đã xem lại", page="import_of_job")
def apply_rest(row: Job, report: Report) -> dict[str, Any]:
    return imports.apply_rest(_file(row), by=row.by, report=report).as_json()


@job("undo_file", title="Hoàn tác tệp", page="import_of_job")
def undo_file(row: Job, report: Report) -> dict[str, Any]:
    """A file that is taken back already was so by this job, before its worker died."""
    if _file(row).status != FileStatus.UNDONE:
        report("trả sổ về như trước tệp", 0, 0)
        undoing.undo_import(_file(row), by=row.by)
    undone = _file(row).counts["undone"]
    return {"restored": undone["restored"], "removed": undone["removed"], "kept": len(undone["kept"])}


@job(refreshing.KIND, title="Đối chiếu lại quy tắc")
def refresh_findings(row: Job, report: Report) -> dict[str, Any]:
    """`target_id`: the campaign's key."""
    return asdict(refreshing.refresh(row.campaign, by=row.by, report=report))


@shared_task(name="records.refresh_nightly", ignore_result=True, expires=600)
def refresh_nightly() -> None:
    refreshing.ask_where_due(timezone.now())


def _file(row: Job) -> SourceFile:
    return SourceFile.objects.select_related("campaign", "commune").get(pk=row.target_id)
