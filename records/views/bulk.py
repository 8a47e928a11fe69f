"""What is done to many people at once: first what will change is shown, then it is done as one change set."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST

from campaigns import audit
from campaigns.current import current_register
from campaigns.models import Register
from campaigns.permissions import Permission, has, require
from campaigns.templatetags.written import within_sentence
from records import review
from records.models import Finding, Record, Severity
from records.private import number_fields, shown, unseen_by
from records.reading.rules import RULES
from records.views.answers import say_undoable
from records.views.columns import label_of, row_number
from records.views.filters import filters_of
from records.views.review import LAST_VIEW
from records.views.scope import campaign_of, communes_of, user_of

SHOWN = 500  # lines of one rule in the preview
_ACTS_WITH_PAGE = {"suggest": "suggestions", "confirm": "confirm_many", "exclude": "ask_exclusion", "set": "set_value"}


@dataclass
class RuleToApply:
    """One rule's suggestions among the people meant: `seen` stands for exactly these, so that what is done is what
    was shown."""

    rule: str
    label: str
    count: int = 0
    lines: list[dict[str, Any]] = field(default_factory=list)
    seen: str = ""

    @property
    def left_out(self) -> int:
        return self.count - len(self.lines)


@require_http_methods(["GET", "POST"])
@require(Permission.REVIEW)
def suggestions(request: HttpRequest) -> HttpResponse:
    """Suggestions of the chosen rows (`record=…`), or of everyone whom the filters of the address show."""
    found = list(_suggested(request))
    rules = _rules_to_apply(request, found)
    if request.method == "POST":
        wanted = next((r for r in rules if r.rule == request.POST.get("rule")), None)
        if wanted is not None and wanted.seen == request.POST.get("seen"):
            return _apply(request, wanted, {f.record_id for f in found if f.rule == wanted.rule})
        messages.error(request, "Danh sách đã đổi từ lúc xem. Xem lại rồi dùng; chưa có gì thay đổi.")
        return redirect(request.get_full_path())
    _record_spelled_out(request, rules)
    return render(request, "records/suggestions.html", {"rules": rules, "back_url": back_to_grid(request)})


def _apply(request: HttpRequest, wanted: RuleToApply, record_ids: set[int]) -> HttpResponse:
    accepted = review.accept_suggestions(
        campaign_of(request), _register(request), [wanted.rule], by=user_of(request), record_ids=record_ids
    )
    say_undoable(request, f"Đã dùng {accepted.corrected} gợi ý: {wanted.label}.", accepted.change_set)
    return redirect(back_to_grid(request))


@require_POST
@require(Permission.REVIEW)
def chosen(request: HttpRequest) -> HttpResponse:
    """The buttons under the grid, for the rows that are ticked."""
    codes = request.POST.getlist("record")
    people = chosen_records(request, codes)
    if not codes:
        messages.info(request, "Chưa chọn hồ sơ nào. Đánh dấu các dòng rồi bấm lại.")
        return redirect(back_to_grid(request))
    act = request.POST.get("act", "")
    if act in _ACTS_WITH_PAGE:
        query = urlencode([("so", _register(request)), ("chon", "1"), *(("record", code) for code in codes)])
        return redirect(f"{reverse(_ACTS_WITH_PAGE[act])}?{query}")
    count = review.ask_police(list(people), by=user_of(request))
    messages.success(request, f"{count} hồ sơ sẽ có trong danh sách gửi công an, khi xong rà soát xã.")
    return redirect(back_to_grid(request))


@require_http_methods(["GET", "POST"])
@require(Permission.REVIEW)
def close_review(request: HttpRequest) -> HttpResponse:
    """Says what closing the review of a commune will do, then does it."""
    user, campaign, register = user_of(request), campaign_of(request), _register(request)
    wanted = request.GET.get("xa", "") or (user.commune.code if user.commune else "")
    commune = next((c for c in communes_of(campaign, user) if c.code == wanted), None)
    if commune is None:
        messages.info(request, "Chọn xã ở bộ lọc trước, rồi bấm Xong rà soát xã.")
        return redirect(back_to_grid(request))
    if request.method == "POST":
        reviewed = review.mark_reviewed(campaign, register, commune, by=user)
        messages.success(request, f"Xong rà soát {within_sentence(commune.name)}: " + _sum_of(**vars(reviewed)))
        leads_on = reviewed.ready_for_police and has(user, Permission.SEND)
        return redirect(reverse("batches") if leads_on else reverse("review") + f"?so={register}")
    police, clean, still_open = review.where_they_go(campaign, register, commune, by=user)
    context = {
        "place": within_sentence(commune.name), "register": Register(register).label, "action": request.get_full_path(),
        "police": len(police), "clean": len(clean), "still_open": still_open,
        "total": len(police) + len(clean) + still_open, "back_url": back_to_grid(request),
    }  # fmt: skip
    return render(request, "records/close_review.html", context)


def _sum_of(ready_for_police: int, cleaned: int, still_open: int) -> str:
    return f"{ready_for_police} hồ sơ chờ gửi công an, {cleaned} đã sạch, {still_open} còn điều cần xem."


def _suggested(request: HttpRequest) -> QuerySet[Finding]:
    user, register = user_of(request), _register(request)
    if request.GET.get("chon"):
        records = chosen_records(request, request.GET.getlist("record"))
    else:
        records = filters_of(request).records()
    found = Finding.objects.open().filter(record__in=records).exclude(suggestion="")
    if rule := request.GET.get("qt"):
        found = found.filter(rule=rule)
    hidden = unseen_by(user, register)
    return found.exclude(field__in=hidden).select_related("record__source_row").order_by("record_id", "id")


def chosen_records(request: HttpRequest, codes: list[str]) -> QuerySet[Record]:
    return Record.objects.for_user(user_of(request)).filter(campaign=campaign_of(request), row_code__in=codes)


def _rules_to_apply(request: HttpRequest, found: list[Finding]) -> list[RuleToApply]:
    rules: dict[str, RuleToApply] = {}
    digests: dict[str, Any] = {}
    for finding in found:
        rule = rules.setdefault(finding.rule, RuleToApply(finding.rule, RULES[finding.rule].label))
        rule.count += 1
        digests.setdefault(finding.rule, hashlib.sha256()).update(f"{finding.pk} {finding.suggestion}\n".encode())
        if len(rule.lines) < SHOWN:
            rule.lines.append(_line(finding))
    for code, rule in rules.items():
        rule.seen = digests[code].hexdigest()
    order = [Severity.ERROR, Severity.WARNING, Severity.NOTICE]
    return sorted(rules.values(), key=lambda r: (order.index(Severity(RULES[r.rule].severity)), -r.count))


def _line(finding: Finding) -> dict[str, Any]:
    record = finding.record
    return {
        "record": record,
        "row": row_number(record),
        "key": finding.field,
        "field": label_of(finding.field, record.register),
        "is_number": finding.field in number_fields(record.register),
        "now": shown(record.register, finding.field, record.value(finding.field)),
        "then": finding.suggestion,
    }


def _record_spelled_out(request: HttpRequest, rules: list[RuleToApply]) -> None:
    """A preview spells out the numbers it would write: that is a look at each."""
    numbers = number_fields(_register(request))
    codes = sorted({line["record"].row_code for rule in rules for line in rule.lines if line["key"] in numbers})
    if codes:
        audit.record(
            "number_revealed", by=user_of(request), campaign=campaign_of(request), records=codes, where="preview",
            target=f"register:{_register(request)}",
        )  # fmt: skip


def _register(request: HttpRequest) -> str:
    return current_register(request)


def back_to_grid(request: HttpRequest) -> str:
    return str(request.session.get(LAST_VIEW) or reverse("review"))
