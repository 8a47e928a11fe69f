from __future__ import annotations

import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from campaigns import audit
from campaigns.clock import REPORT
from campaigns.current import current_campaign, current_register
from campaigns.models import Campaign, Register, User
from campaigns.permissions import Permission, has, require
from campaigns.templatetags.written import grouped
from reconciliation.burn_down import burn_down
from reconciliation.clock_face import clock_face
from reconciliation.current import current_figures
from reconciliation.forms import DayForm
from reconciliation.progress import Moment, moment, progress
from reconciliation.progress_face import (
    LEFT_LABELS,
    commune_rows,
    group_rows,
    headline,
    late_rows,
    overdue_batches,
    stage_entries,
    total_row,
)
from reconciliation.reminders import reminder
from reconciliation.report_workbook import figures_workbook
from reconciliation.work_days import days_of, top_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
@require(Permission.SEE_FIGURES)
def progress_page(request: HttpRequest) -> HttpResponse:
    campaign, register = current_campaign(request), current_register(request)
    user: User = request.user  # type: ignore[assignment]
    form, at, figures = _asked(request, campaign)
    part = figures["registers"][register]
    burn = burn_down(campaign, register, part, at, commune_id=user.commune_id)
    rows = commune_rows(campaign, register, part)
    days = days_of(campaign, user, figures["registers"], at)
    context = {
        "form": form,
        "register": register,
        "tabs": [{"label": label, "value": value, "url": _address(request, so=value)} for value, label in _tabs()],
        "basis": _basis(at),
        "xlsx_query": urlencode({"so": register, "den": f"{at.day:%d/%m/%Y}"}),
        "clocks": [
            clock_face(campaign, r, f, days=days.get(r), days_top=top_of(days.get(r, [])))
            for r, f in figures["registers"].items()
        ],
        "headline": headline(part, burn),
        "burn": burn,
        "figures": part,
        "groups": group_rows(campaign, register, part),
        "groups_sum": sum(group["in_scope"] for group in part["groups"].values()),
        "stages": stage_entries(part),
        "done_words": f"Đã xong {grouped(part['done'])} ({grouped(part['done_percent'])} %): "
        "đã sạch, đã cập nhật, đưa ra khỏi sổ.",
        "left_label": LEFT_LABELS[part["clock"]["step"]],
        "communes": rows,
        "total": total_row(campaign, part) if len(rows) > 1 else None,
        "overdue": overdue_batches(campaign, register, at, by=user),
        "sees_batches": has(user, Permission.SEE_BATCHES),
        "reminders": _reminders(campaign, register, part["clock"]["step"], rows, at) if user.commune is None else [],
    }
    return render(request, "reconciliation/progress.html", context)


@require_GET
@require(Permission.SEE_FIGURES)
def progress_workbook(request: HttpRequest) -> HttpResponse:
    """The same figures as the page, both registers, as a workbook."""
    campaign = current_campaign(request)
    _, at, figures = _asked(request, campaign)
    content = figures_workbook(campaign, figures, title="Tiến độ làm sạch dữ liệu", basis=_basis(at))
    audit.record(
        "progress_exported", by=request.user, campaign=campaign, as_of=at.day.isoformat()  # type: ignore[arg-type]
    )  # fmt: skip
    name = f"tien-do-{campaign.code}-{at.day.isoformat()}.xlsx"
    return HttpResponse(content, XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _asked(request: HttpRequest, campaign: Campaign) -> tuple[DayForm, Moment, dict[str, Any]]:
    """The day that was asked for, today where it is none that can be shown, and its figures."""
    today = timezone.localdate()
    form = DayForm(request.GET if request.GET.get("den") else {"den": f"{today:%d/%m/%Y}"})
    if not form.is_valid():
        messages.warning(request, f"{form.errors['den'][0]} Đang xem số liệu hôm nay.")
    day: datetime.date = form.cleaned_data.get("den") or today
    if day == today:
        return form, moment(), current_figures(request)
    at = moment(day)
    return form, at, progress(campaign, by=request.user, at=at)  # type: ignore[arg-type]


def _basis(at: Moment) -> str:
    if at.is_now:
        return f"Số liệu {timezone.localtime():%H:%M} ngày {at.day:%d/%m/%Y}"
    return f"Số liệu đến hết ngày {at.day:%d/%m/%Y}"


def _tabs() -> list[tuple[str, str]]:
    return [(str(value), str(label)) for value, label in Register.choices]


def _address(request: HttpRequest, **changed: str) -> str:
    query = request.GET.copy()
    for name, value in changed.items():
        query[name] = value
    return f"?{query.urlencode()}"


def _reminders(
    campaign: Campaign, register: str, step: str, rows: list[dict[str, Any]], at: Moment
) -> list[dict[str, str]]:
    """One for all late communes, then one for each."""
    late = late_rows(rows)
    if not late or step == REPORT:
        return []
    whole = {
        "id": "reminder",
        "to": f"{len(late)} xã muộn" if len(late) > 1 else late[0]["name"],
        "text": reminder(campaign, register, step, late, at),
        "rows": str(len(late) + 4),
    }
    if len(late) == 1:
        return [whole]
    return [whole] + [
        {"id": f"reminder-{row['code']}", "to": row["name"], "text": reminder(campaign, register, step, [row], at),
         "rows": "5"}
        for row in late
    ]  # fmt: skip
