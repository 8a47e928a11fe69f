from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from campaigns import health, jobs
from campaigns.models import Job, User
from campaigns.models.job import JobStatus
from campaigns.permissions import Permission, has, require
from campaigns.templatetags.written import duration

ROWS = 50
# What the results of jobs count, as the page calls it.
COUNTED = {
    "records": "hồ sơ đã xét", "rows": "dòng", "created": "thêm mới", "changed": "thay đổi", "unchanged": "giữ nguyên",
    "gone": "không còn trong tệp", "skipped": "giữ lại vì trùng mã", "opened": "điều cần xem mới",
    "closed": "điều đã khép", "moved": "hồ sơ đổi tình trạng", "restored": "trả lại như trước", "removed": "bỏ ra",
    "kept": "để nguyên vì đã sửa sau đó", "changed_cells": "ô đã sửa", "new_rows": "người mới",
}  # fmt: skip


def progress_context(row: Job, request: HttpRequest) -> dict[str, Any]:
    """What includes/job_progress.html needs; for every page that shows a job."""
    kind = jobs.kind_of(row)
    has_page = kind is not None and bool(kind.page)
    return {
        "job": row,
        "job_title": kind.title if kind else row.kind,
        "job_url": reverse("job_progress", args=[row.pk]),
        "done_url": reverse(kind.page, args=[row.target_id]) if kind and has_page else reverse("home"),
        "done_act": "Xem kết quả" if has_page else "Về Việc của tôi",
        "retry_url": reverse("job_again", args=[row.pk]) if row.by_id == request.user.pk else "",
        "cancel_url": reverse("job_cancel", args=[row.pk]) if row.is_unfinished and not row.cancel_asked_at else "",
        "time_left": duration(row.seconds_left) if row.seconds_left is not None else "",
    }


@require_GET
def job(request: HttpRequest, pk: int) -> HttpResponse:
    row = _mine(request, pk)
    user: User = request.user  # type: ignore[assignment]
    context = progress_context(row, request) | {
        "sees_all": has(user, Permission.SEE_JOBS),
        "counts": [(words.capitalize(), row.result[key]) for key, words in COUNTED.items() if key in row.result],
    }
    return render(request, "campaigns/job.html", context)


@require_GET
def job_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of a page that asks for itself again until the job is over."""
    row = _mine(request, pk)
    return render(request, "includes/job_progress.html", progress_context(row, request))


@require_POST
def job_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Gives the same work once more, by who gave it first; the steps ask again whether that person may."""
    row = get_object_or_404(Job.objects.filter(by=request.user.pk), pk=pk)
    if row.status in (JobStatus.FAILED, JobStatus.CANCELLED):
        row = jobs.enqueue(row.kind, campaign=row.campaign, by=row.by, target_id=row.target_id, **row.options)
    return redirect("job", row.pk)


@require_http_methods(["GET", "POST"])
def job_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks once more, then stops it: what was done so far is thrown away."""
    row = _mine(request, pk)
    kind = jobs.kind_of(row)
    title = kind.title if kind else row.kind
    if request.method == "GET" and row.is_unfinished:
        return render(request, "campaigns/job_cancel.html", {"job": row, "job_title": title})
    user: User = request.user  # type: ignore[assignment]
    if not row.is_unfinished:
        messages.info(request, f"“{title}” đã kết thúc trước khi dừng được.")
    elif jobs.cancel(row, by=user) == JobStatus.CANCELLED:
        messages.success(request, f"Đã dừng “{title}”. Sổ không thay đổi.")
    else:
        messages.info(request, f"Đang dừng “{title}”. Máy bỏ phần đang làm dở; chờ vài giây.")
    return redirect("job", row.pk)


@require_GET
@require(Permission.SEE_JOBS)
def job_list(request: HttpRequest) -> HttpResponse:
    """Jobs of all campaigns, newest first, and the health of the machine."""
    rows = Job.objects.select_related("by", "campaign")
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    titled = [(row, kind.title if (kind := jobs.kind_of(row)) else row.kind) for row in page]
    return render(request, "campaigns/jobs.html", {"page": page, "jobs": titled, "signs": health.signs()})


def _mine(request: HttpRequest, pk: int) -> Job:
    return get_object_or_404(Job.objects.for_user(request.user), pk=pk)  # type: ignore[arg-type]
