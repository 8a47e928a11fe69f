from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from campaigns import health, jobs
from campaigns.models import Job
from campaigns.models.job import JobStatus
from campaigns.permissions import Permission, require

ROWS = 50


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
    }


@require_GET
def job(request: HttpRequest, pk: int) -> HttpResponse:
    row = _mine(request, pk)
    return render(request, "campaigns/job.html", progress_context(row, request))


@require_GET
def job_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of a page that asks for itself again until the job is over."""
    row = _mine(request, pk)
    return render(request, "includes/job_progress.html", progress_context(row, request))


@require_POST
def job_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Gives the same work once more, by who gave it first; the steps ask again whether that person may."""
    row = get_object_or_404(Job.objects.filter(by=request.user.pk), pk=pk)
    if row.status == JobStatus.FAILED:
        row = jobs.enqueue(row.kind, campaign=row.campaign, by=row.by, target_id=row.target_id, **row.options)
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
