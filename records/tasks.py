"""Long work of this app; each calls one step and may run twice."""

from __future__ import annotations

from typing import Any

from campaigns.jobs import Report, job
from campaigns.models import Job
from records import imports
from records.models import SourceFile


@job("read_file", title="Đọc tệp và so với sổ")
def read_file(row: Job, report: Report) -> dict[str, Any]:
    return imports.compare(_file(row), by=row.by, anyway=row.options.get("anyway", ""), report=report).as_json()


@job("apply_file", title="Ghi tệp vào sổ")
def apply_file(row: Job, report: Report) -> dict[str, Any]:
    return imports.apply(_file(row), by=row.by, anyway=row.options.get("anyway", ""), report=report).as_json()


def _file(row: Job) -> SourceFile:
    return SourceFile.objects.select_related("campaign", "commune").get(pk=row.target_id)
