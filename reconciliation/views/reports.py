from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from campaigns import audit
from campaigns.current import current_campaign
from campaigns.errors import WorkRefused
from campaigns.models import Campaign, User
from campaigns.permissions import NotAllowed, Permission, has, require
from reconciliation.forms import ReportForm
from reconciliation.models import Report
from reconciliation.report_calendar import reports_asked_for
from reconciliation.reports import is_provisional, make_report, suffix_of

ROWS = 50


@require_http_methods(["GET", "POST"])
@require(Permission.SEE_FIGURES)
def reports(request: HttpRequest) -> HttpResponse:
    """Reports that were issued, those that the plan asks for, and making one."""
    campaign, user = current_campaign(request), _reader(request)
    form = ReportForm(request.POST or None, initial=_asked_for(request))
    if request.method == "POST" and form.is_valid():
        try:
            report = make_report(campaign, by=user, **form.cleaned_data)
        except WorkRefused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, f"Đã lập {report.code}{suffix_of(report)}. Tải về ở danh sách dưới.")
            return redirect("reports")
    page = Paginator(_shown(campaign, user), ROWS).get_page(request.GET.get("page"))
    context = {
        "form": form if has(user, Permission.REPORT) else None,
        "page": page,
        "rows": [_row(report) for report in page],
        "due": list(_due(campaign)),
    }
    return render(request, "reconciliation/reports.html", context, status=422 if form.errors else 200)


@require_GET
@require(Permission.SEE_FIGURES)
def report_file(request: HttpRequest, code: str) -> FileResponse:
    campaign, user = current_campaign(request), _reader(request)
    report = get_object_or_404(Report.objects.for_user(user), campaign=campaign, code=code)
    audit.record("report_exported", by=user, campaign=campaign, target=f"report:{code}", sha256=report.sha256)
    name = f"{report.code}-{report.kind}-{report.as_of.isoformat()}{suffix_of(report)}"
    return FileResponse(report.file.open(), as_attachment=True, filename=name)


def _reader(request: HttpRequest) -> User:
    """Reports are the district's: an account of one commune has the progress page."""
    user: User = request.user  # type: ignore[assignment]
    if user.commune_id is not None:
        raise NotAllowed("Báo cáo là của huyện. Số liệu của xã ở trang Tiến độ.")
    return user


def _shown(campaign: Campaign, user: User) -> Any:
    return Report.objects.for_user(user).filter(campaign=campaign).select_related("by")


def _row(report: Report) -> dict[str, Any]:
    return {"report": report, "suffix": suffix_of(report).removeprefix("."), "provisional": is_provisional(report)}


def _asked_for(request: HttpRequest) -> dict[str, str]:
    """What a link from elsewhere, such as the first page, fills into the form."""
    today = f"{timezone.localdate():%d/%m/%Y}"
    return {"kind": request.GET.get("loai", "periodic"), "as_of": request.GET.get("den", today)}


def _due(campaign: Campaign) -> list[dict[str, Any]]:
    """Reports that the plan asks for, newest first, up to the next one to come, and the final one."""
    today = timezone.localdate()
    made = set(Report.objects.filter(campaign=campaign).values_list("kind", "as_of", "at"))
    issued = {(kind, as_of) for kind, as_of, at in made if timezone.localdate(at) > as_of}
    return [
        {"report": due, "issued": (due.kind, due.as_of) in issued, "ready": due.as_of < today,
         "late": due.due < today and (due.kind, due.as_of) not in issued}
        for due in reports_asked_for(campaign, today)
    ]  # fmt: skip
