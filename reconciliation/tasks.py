"""Long work of this app; each calls one step and may run twice."""

from __future__ import annotations

from typing import Any

from campaigns.jobs import Report, job
from campaigns.models import Commune, Job
from reconciliation.models import UploadFile
from reconciliation.upload_file import build_upload


@job("build_upload", title="Lập tệp tải lên", page="upload_of_job")
def build_upload_file(row: Job, report: Report) -> dict[str, Any]:
    """`target_id`: the commune's key, 0 for the whole district. Whose worker died once the file was kept gives it."""
    commune = Commune.objects.get(pk=row.target_id) if row.target_id else None
    scope = {"register": row.options["register"], "commune": commune, "only_changed": row.options["only_changed"]}
    kept = UploadFile.objects.filter(campaign=row.campaign, by=row.by, at__gte=row.created_at, **scope).first()
    if kept is None:
        report("ghi vào bố cục của tệp xuất", 0, 0)
        kept = build_upload(row.campaign, by=row.by, **scope)
    return {"upload_file": kept.code, **kept.counts}
