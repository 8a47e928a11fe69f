"""The district's decisions about rules: what each rule finds, what is in force, and a form with a reason."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods

from campaigns.errors import WorkRefused
from campaigns.models import Campaign, Register
from campaigns.permissions import Permission, require
from records import rule_settings
from records.forms_rules import RuleForm
from records.models import Finding, RuleDecision, RuleState
from records.reading.rules import RULES
from records.views.scope import campaign_of, user_of

_FAMILIES = {
    "number": "Số định danh", "name": "Họ tên", "birth_date": "Ngày sinh", "sex": "Giới tính",
    "ethnic_group": "Dân tộc", "parents": "Cha, mẹ", "father": "Cha, mẹ", "mother": "Cha, mẹ", "parent": "Cha, mẹ",
    "commune": "Nơi ở", "village": "Nơi ở", "address": "Nơi ở", "category": "Trợ giúp xã hội",
    "amount": "Trợ giúp xã hội", "payee": "Trợ giúp xã hội", "record": "Cả hồ sơ", "ministry": "Cả hồ sơ",
}  # fmt: skip
# How a state looks, and what it means for a record.
LOOKS = {"error": "error", "warning": "warning", "notice": "notice", "off": "waiting"}
MEANS = {
    RuleState.ERROR: "Giữ hồ sơ ở rà soát; hết khi sửa, hoặc khi xác nhận kèm giấy tờ đã xem.",
    RuleState.WARNING: "Giữ hồ sơ ở rà soát; hết khi sửa, hoặc khi xác nhận bằng một ghi chú ngắn.",
    RuleState.NOTICE: "Chỉ cho biết, không giữ hồ sơ ở rà soát.",
    RuleState.OFF: "Không xét. Điều đang mở khép lại; bật lại thì hiện lại.",
}


@require_GET
@require(Permission.SET_RULES)
def rule_list(request: HttpRequest) -> HttpResponse:
    campaign = campaign_of(request)
    only_new = bool(request.GET.get("moi"))
    decided = _newest(RuleDecision.objects.for_user(user_of(request)).filter(campaign=campaign).select_related("by"))
    counts = _counts(campaign)
    rows = [_row(code, counts.get(code, (0, 0)), decided.get(code)) for code in RULES]
    families: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        if row["new"] or not only_new:
            families.setdefault(_FAMILIES[row["code"].split(".")[0]], []).append(row)
    context = {
        "families": families.items(), "only_new": only_new, "new": sum(row["new"] for row in rows),
        "open": sum(row["open"] for row in rows), "changed": sum(row["is_changed"] for row in rows),
    }  # fmt: skip
    return render(request, "records/rules.html", context)


@require_http_methods(["GET", "POST"])
@require(Permission.SET_RULES)
def rule(request: HttpRequest, code: str) -> HttpResponse:
    if code not in RULES:
        raise Http404(f"Không có quy tắc “{code}”.")
    campaign = campaign_of(request)
    history = list(
        RuleDecision.objects.for_user(user_of(request)).filter(campaign=campaign, rule=code).select_related("by")
    )
    states = rule_settings.choices(code)
    current = history[0].state if history else RuleState.USUAL
    form = RuleForm(request.POST or None, choices=_choices(code, current))
    if request.method == "POST" and form.is_valid():
        try:
            job = rule_settings.decide(campaign, code, **form.cleaned_data, by=user_of(request))
        except WorkRefused as refusal:
            form.add_error(None, refusal.message)
        else:
            label = RULES[code].label
            messages.success(request, f"Đã ghi quyết định về “{label}”. Các hồ sơ đang được đối chiếu lại.")
            return redirect("job", job.pk)
    context = {
        "row": _row(code, _counts(campaign, code).get(code, (0, 0)), history[0] if history else None), "form": form,
        "history": [(decision, _state_words(code, decision.state)) for decision in history], "fast": len(states) == 1,
        "reviews": [
            {"label": register.label, "url": f"{reverse('review')}?{urlencode({'so': register, 'qt': code})}"}
            for register in Register
        ],
    }  # fmt: skip
    return render(request, "records/rule.html", context, status=422 if form.errors else 200)


def _choices(code: str, current: str) -> list[tuple[str, str]]:
    return [
        (state, f"{_state_words(code, state).capitalize()}. {MEANS[_as_severity(code, state)]}")
        for state in rule_settings.choices(code)
        if state != current
    ]


def _as_severity(code: str, state: str) -> RuleState:
    return RuleState(RULES[code].severity if state == RuleState.USUAL else state)


def _state_words(code: str, state: str) -> str:
    if state == RuleState.USUAL:
        return f"như thường lệ ({_as_severity(code, state).label})"
    return str(RuleState(state).label)


def _newest(decisions: Iterable[RuleDecision]) -> dict[str, RuleDecision]:
    found: dict[str, RuleDecision] = {}
    for decision in decisions:  # newest first
        found.setdefault(decision.rule, decision)
    return found


def _counts(campaign: Campaign, code: str = "") -> dict[str, tuple[int, int]]:
    """Rule → open findings, and how many of them are new since yesterday. One query."""
    found = Finding.objects.open().filter(campaign=campaign)
    if code:
        found = found.filter(rule=code)
    new = Finding.objects.new_since_yesterday().values("pk")
    rows = found.order_by().values("rule").annotate(open=Count("pk"), new=Count("pk", filter=Q(pk__in=new)))
    return {row["rule"]: (row["open"], row["new"]) for row in rows}


def _row(code: str, counts: tuple[int, int], decision: RuleDecision | None) -> dict[str, Any]:
    state = decision.state if decision else RuleState.USUAL
    severity = _as_severity(code, state)
    return {
        "code": code, "label": RULES[code].label, "help": RULES[code].help, "group": RULES[code].group,
        "open": counts[0], "new": counts[1], "decision": decision, "is_changed": state != RuleState.USUAL,
        "said": severity.label, "level": LOOKS[severity], "usual": RuleState(RULES[code].severity).label,
        "may_change": len(rule_settings.choices(code)) > 1,
    }  # fmt: skip
