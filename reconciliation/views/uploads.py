"""Tệp tải lên: files for the ministry's software, what went into them, and what it answered."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from campaigns import audit, jobs
from campaigns.current import current_campaign, current_register
from campaigns.models import Campaign, Job, Register, User
from campaigns.models.job import JobStatus
from campaigns.permissions import NotAllowed, Permission, may_upload, require
from campaigns.views.jobs import progress_context
from reconciliation import upload_face
from reconciliation.forms_upload import BuildForm
from reconciliation.models import UploadFile
from reconciliation.upload_file import write_provenance
from records.views.scope import communes_of, user_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ROWS = 25
_FAILURE_SHOWN = timedelta(hours=1)


@require_GET
@require(Permission.UPLOAD)
def uploads(request: HttpRequest) -> HttpResponse:
    campaign, register, user = current_campaign(request), current_register(request), user_of(request)
    mine = UploadFile.objects.for_user(user).filter(campaign=campaign, register=register)
    page = Paginator(mine.select_related("by", "commune"), _ROWS).get_page(request.GET.get("page"))
    may = may_upload(user, campaign, register)
    waiting = upload_face.waiting_by_commune(campaign, register, user) if may else []
    context: dict[str, Any] = {
        "register": register,
        "registers": [
            {"label": r.label, "url": f"{reverse('uploads')}?so={r}", "current": r == register} for r in Register
        ],
        "may": may,
        "who": upload_face.who_updates(campaign, register),
        "waiting": waiting,
        "total": sum(row["count"] for row in waiting),
        "of_district": user.commune_id is None,
        "page": page,
        "files": [upload_face.face(upload) for upload in page],
    }
    if job := _job_to_show(campaign, user):
        context |= progress_context(job, request)
    return render(request, "reconciliation/uploads.html", context)


def _job_to_show(campaign: Campaign, user: User) -> Job | None:
    """The user's newest build while it is at work, and for a while why it came to nothing."""
    job = Job.objects.filter(campaign=campaign, kind="build_upload", by=user).first()
    if job is None or job.status == JobStatus.DONE:
        return None
    failed_long_ago = Q(status=JobStatus.FAILED, finished_at__lt=timezone.now() - _FAILURE_SHOWN)
    return None if Job.objects.filter(failed_long_ago, pk=job.pk).exists() else job


@require_POST
@require(Permission.UPLOAD)
def build(request: HttpRequest) -> HttpResponse:
    campaign, register, user = current_campaign(request), current_register(request), user_of(request)
    if not may_upload(user, campaign, register):
        raise NotAllowed(f"Theo kế hoạch, sổ này do {upload_face.who_updates(campaign, register)} cập nhật phần mềm.")
    form = BuildForm(request.POST, communes=communes_of(campaign, user))
    if not form.is_valid():
        messages.error(request, "Không có xã này trong đợt. Chọn xã ở bảng Chờ cập nhật rồi lập lại.")
        return redirect("uploads")
    commune = form.cleaned_data["commune"] or user.commune
    jobs.enqueue(
        "build_upload", campaign=campaign, by=user, target_id=commune.pk if commune else 0, register=register,
        only_changed=form.cleaned_data["only_changed"],
    )  # fmt: skip
    return redirect(f"{reverse('uploads')}?so={register}")


@require_GET
@require(Permission.UPLOAD)
def upload_of_job(request: HttpRequest, pk: int) -> HttpResponse:
    """A job that built a file knows its commune by key, 0 for the district."""
    mine = UploadFile.objects.for_user(user_of(request)).filter(by=user_of(request), commune=pk or None)
    upload = mine.filter(campaign=current_campaign(request)).first()
    return redirect("upload_file", upload.code) if upload else redirect("uploads")


def find_upload(request: HttpRequest, code: str) -> UploadFile:
    """Raises Http404."""
    mine = UploadFile.objects.for_user(user_of(request)).filter(campaign=current_campaign(request))
    return get_object_or_404(mine.select_related("campaign", "commune", "by"), code=code.strip().upper())


@require_GET
@require(Permission.UPLOAD)
def upload_workbook(request: HttpRequest, code: str) -> FileResponse:
    """The very file that was built."""
    upload = find_upload(request, code)
    audit.record(
        "upload_exported", by=user_of(request), campaign=upload.campaign, target=f"upload:{upload.code}",
        commune_code=upload.commune.code if upload.commune else "", sha256=upload.sha256, **upload.counts,
    )  # fmt: skip
    return FileResponse(upload.file.open(), as_attachment=True, filename=f"{upload.code}.xlsx", content_type=XLSX)


@require_GET
@require(Permission.UPLOAD)
def upload_provenance(request: HttpRequest, code: str) -> FileResponse:
    """Where each cell of the file came from, as CSV."""
    upload = find_upload(request, code)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "provenance.csv"
        write_provenance(upload, path, by=user_of(request))
        content = BytesIO(path.read_bytes())
    return FileResponse(content, as_attachment=True, filename=f"{upload.code}-nguon-goc.csv", content_type="text/csv")
