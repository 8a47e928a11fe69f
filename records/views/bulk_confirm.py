from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from campaigns.current import current_register
from campaigns.errors import WorkRefused
from campaigns.permissions import Permission, require
from records import review
from records.forms import ConfirmForm
from records.models import Finding, Severity
from records.private import shown, unseen_by
from records.reading.rules import RULES
from records.views.bulk import back_to_grid, chosen_records
from records.views.columns import label_of
from records.views.scope import user_of


@require_http_methods(["GET", "POST"])
@require(Permission.REVIEW)
def confirm_many(request: HttpRequest) -> HttpResponse:
    """The chosen people, by rule: one reason for all findings of a rule."""
    groups = _groups(request)
    if request.method == "POST":
        group = next((g for g in groups if g["rule"] == request.POST.get("rule")), None)
        if group is None:
            messages.info(request, "Không còn điều nào của quy tắc ấy để xác nhận.")
        elif group["form"].is_valid():
            return _confirm(request, group)
    return render(request, "records/confirm_many.html", {"groups": groups, "back_url": back_to_grid(request)})


def _confirm(request: HttpRequest, group: dict[str, Any]) -> HttpResponse:
    try:
        count = review.confirm(group["findings"], note=group["form"].said(), by=user_of(request))
        messages.success(request, f"Đã xác nhận đúng {count} ô: {group['label']}.")
    except WorkRefused as refused:
        messages.error(request, refused.message)
    return redirect(back_to_grid(request))


def _groups(request: HttpRequest) -> list[dict[str, Any]]:
    hidden = unseen_by(user_of(request), current_register(request))
    records = chosen_records(request, request.GET.getlist("record"))
    found = Finding.objects.blocking().filter(record__in=records).exclude(field__in=hidden)
    by_rule: dict[str, list[Finding]] = {}
    for finding in found.select_related("record__source_row").order_by("record_id", "id"):
        if not RULES[finding.rule].only_correction:
            by_rule.setdefault(finding.rule, []).append(finding)
    return [_group(request, rule, findings) for rule, findings in by_rule.items()]


def _group(request: HttpRequest, rule: str, findings: list[Finding]) -> dict[str, Any]:
    data = request.POST if request.method == "POST" and request.POST.get("rule") == rule else None
    lines = [
        {
            "record": f.record,
            "field": label_of(f.field, f.record.register),
            "now": shown(f.record.register, f.field, f.record.value(f.field)) or "trống",
        }
        for f in findings
    ]
    with_notes = all(f.severity == Severity.WARNING for f in findings)
    form = ConfirmForm(data, with_notes=with_notes, auto_id=f"{rule}_%s")
    return {
        "rule": rule, "label": RULES[rule].label, "severity": findings[0].severity, "form": form,
        "findings": findings, "lines": lines,
    }  # fmt: skip
