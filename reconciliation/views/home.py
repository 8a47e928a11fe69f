from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from campaigns import clock
from campaigns.current import current_campaign
from campaigns.models import Campaign, Register, User
from campaigns.permissions import Permission, Role, has
from campaigns.templatetags.written import day as written_day
from campaigns.templatetags.written import weekday
from reconciliation.clock_face import clock_face, partner_face
from reconciliation.current import current_figures
from reconciliation.event_log import called, since_yesterday
from reconciliation.first_steps import is_new, steps_for
from reconciliation.home import TO, Todo, elsewhere, late_batches, todo
from reconciliation.home_facts import Facts, facts_for
from reconciliation.progress import moment
from reconciliation.reminders import unanswered_reminder
from reconciliation.waiting import OpenBatch, partner_clock
from reconciliation.work_days import days_of, top_of

# Which page changes the verdict of a step, and what a link to it says, for who may do it.
_ACTS = {
    clock.REVIEW: ("review", "Rà soát tiếp", Permission.REVIEW),
    clock.POLICE: ("batches", "Xem các lô", Permission.SEE_BATCHES),
    clock.UPDATE: ("uploads", "Xem tệp tải lên", Permission.UPLOAD),
}


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Every role's first page."""
    user: User = request.user  # type: ignore[assignment]
    today = timezone.localdate()
    try:
        campaign = current_campaign(request)
    except Http404:
        return render(request, "reconciliation/home_without_plan.html", {"manages": has(user, Permission.MANAGE)})
    figures = current_figures(request) if has(user, Permission.SEE_FIGURES) else None
    facts = facts_for(campaign, user, figures, today)
    context = {
        "subtitle": _subtitle(user, today),
        "clocks": _clocks(campaign, user, figures, facts),
        "todo": [_todo_row(item, today) for item in todo(facts)],
        "batches": [_batch_row(batch, facts) for batch in facts.batches] if _is_partner(user) else [],
        "answers": facts.answers,
        "steps": steps_for(user, paper_only=facts.paper_only),
        "steps_open": is_new(user),
        "nothing": _nothing(facts),
        "log": since_yesterday(campaign, user, today),
        "elsewhere": elsewhere(facts),
        "reminders": list(_reminders(facts)) if facts.sends and facts.in_commune else [],
    }
    return render(request, "reconciliation/home.html", context)


def _is_partner(user: User) -> bool:
    return user.role in (Role.COMMUNE_POLICE, Role.COMMUNE_JUSTICE, Role.DISTRICT_POLICE, Role.DISTRICT_JUSTICE)


def _subtitle(user: User, today: datetime.date) -> str:
    return f"{called(user)} · {weekday(today)} {today:%d/%m/%Y}"


def _clocks(campaign: Campaign, user: User, figures: dict[str, Any] | None, facts: Facts) -> list[dict[str, Any]]:
    if figures is None:
        face = partner_clock(campaign, user, facts.batches, facts.today) if facts.answers else None
        return [partner_face(campaign, face, facts.batches)] if face else []
    days = days_of(campaign, user, figures["registers"], moment())
    return [
        clock_face(
            campaign, register, part, days=days.get(register), days_top=top_of(days.get(register, [])),
            **_act(user, register, part["clock"]["step"]),
        )
        for register, part in figures["registers"].items()
    ]  # fmt: skip


def _nothing(facts: Facts) -> dict[str, str]:
    """What an empty page says."""
    if facts.paper_only:
        return {"text": "Đợt này cộng tác viên rà soát bằng phiếu in; phiếu do công chức của xã phát và thu."}
    if facts.all_jobs is None:
        return {"text": "Việc mới hiện ở đây, hạn gần trước."}
    text = f"Từ hôm qua không có việc nền nào hỏng; {facts.all_jobs.running} việc đang chạy."
    return {"text": text, "url": reverse("jobs"), "act": "Xem việc nền"}


def _act(user: User, register: str, step: str) -> dict[str, str]:
    page, act, permission = _ACTS.get(step, ("progress", "Xem tiến độ", Permission.SEE_FIGURES))
    if user.commune_id is None or not has(user, permission):
        page, act = "progress", "Xem từng xã" if user.commune_id is None else "Xem tiến độ"
    return {"advice_url": f"{reverse(page)}?so={register}", "advice_act": act}


def _todo_row(item: Todo, today: datetime.date) -> dict[str, Any]:
    soon, level = _soon(item.due, today)
    return {"item": item, "due": written_day(item.due), "soon": soon, "level": level}


def _soon(due: datetime.date | None, today: datetime.date) -> tuple[str, str]:
    """How far off, and how loud to say it."""
    if due is None:
        return "không hẹn ngày", ""
    days = (due - today).days
    if days < 0:
        return f"quá {-days} ngày", "error"
    return {0: ("hôm nay", "warning"), 1: ("mai", "warning")}.get(days, (f"{days} ngày nữa", ""))


def _batch_row(batch: OpenBatch, facts: Facts) -> dict[str, Any]:
    soon, level = _soon(batch.due, facts.today)
    if level:
        said = ("hạn " if level == "warning" else "") + soon
    elif batch.drafted:
        said, level = "đang làm, chưa nộp", "notice"
    else:
        said, level = ("chưa trả lời", "waiting") if not batch.answered else ("trả lời một phần", "notice")
    act = "Làm tiếp" if batch.drafted else f"Trả lời {batch.left} dòng"
    return {"batch": batch, "register": Register(batch.register).label, "said": said, "level": level, "act": act}


def _reminders(facts: Facts) -> Iterable[dict[str, str]]:
    """One a partner, for the lists whose day has come."""
    for kind, who in TO.items():
        late = [batch for batch in late_batches(facts) if batch.kind == kind]
        if late:
            lists = [{"code": batch.code, "left": batch.left, "due": batch.due} for batch in late]
            to = f"{who} {late[0].commune[:1].lower()}{late[0].commune[1:]}"
            yield {"id": f"reminder-{kind}", "to": to, "text": unanswered_reminder(to, lists, facts.today), "rows": "6"}
