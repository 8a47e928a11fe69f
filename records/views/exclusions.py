from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from campaigns.errors import WorkRefused
from campaigns.models import User
from campaigns.permissions import NotAllowed, Permission, require
from records.exclusions import ask_exclusion as ask
from records.exclusions import decide_exclusion as decide
from records.forms import ExclusionForm
from records.models import Exclusion, Record
from records.views.bulk import back_to_grid, chosen_records
from records.views.scope import campaign_of, user_of

DECIDED = 20  # newest decisions shown


@require_GET
@require(Permission.EXCLUDE)
def exclusions(request: HttpRequest) -> HttpResponse:
    user, campaign = user_of(request), campaign_of(request)
    mine = (
        Exclusion.objects.for_user(user)
        .filter(campaign=campaign)
        .select_related("requested_by", "decided_by", "commune")
    )
    waiting, decided = list(mine.waiting()), list(mine.exclude(decided_at=None).order_by("-decided_at")[:DECIDED])
    names = _names([*waiting, *decided], user)
    context = {
        "waiting": [_shown(request_, names, user) for request_ in waiting],
        "decided": [_shown(request_, names, user) for request_ in decided],
    }
    return render(request, "records/exclusions.html", context)


@require_http_methods(["GET", "POST"])
@require(Permission.EXCLUDE)
def ask_exclusion(request: HttpRequest) -> HttpResponse:
    """The form for one person or many: one reason, one document, one request a commune."""
    people = list(chosen_records(request, request.GET.getlist("record")).select_related("commune"))
    if not people:
        messages.info(request, "Chưa chọn hồ sơ nào. Đánh dấu các dòng rồi bấm lại.")
        return redirect(back_to_grid(request))
    form = ExclusionForm(request.POST or None, initial={"reason": request.GET.get("ly-do", "")})
    if not form.is_valid():
        context = {"form": form, "people": people, "back_url": back_to_grid(request)}
        return render(request, "records/ask_exclusion.html", context, status=422 if form.is_bound else 200)
    try:
        ask(people, **form.cleaned_data, by=user_of(request))
        messages.success(request, "Đã ghi đề nghị. Người thứ hai đồng ý thì hồ sơ ra khỏi sổ.")
    except WorkRefused as refused:
        messages.error(request, refused.message)
    return redirect("exclusions")


@require_POST
@require(Permission.EXCLUDE)
def decide_exclusion(request: HttpRequest, pk: int) -> HttpResponse:
    mine = Exclusion.objects.for_user(user_of(request)).filter(campaign=campaign_of(request))
    exclusion = get_object_or_404(mine, pk=pk)
    agree = request.POST.get("agree") == "1"
    try:
        count = decide(exclusion, agree=agree, by=user_of(request))
        said = f"Đã đồng ý: {count} hồ sơ ra khỏi sổ." if agree else "Đã từ chối: hồ sơ ở lại trong sổ."
        messages.success(request, said)
    except (WorkRefused, NotAllowed) as refused:
        messages.error(request, str(refused))
    return redirect("exclusions")


def _names(found: list[Exclusion], user: User) -> dict[str, str]:
    """Row code → name, of those this user may look at. One query."""
    codes = {code for exclusion in found for code in exclusion.row_codes}
    campaigns = {exclusion.campaign_id for exclusion in found}
    people = Record.objects.for_user(user).filter(campaign__in=campaigns, row_code__in=codes)
    return dict(people.values_list("row_code", "full_name"))


def _shown(exclusion: Exclusion, names: dict[str, str], user: User) -> dict[str, Any]:
    return {
        "exclusion": exclusion,
        "reason": exclusion.get_reason_display().capitalize(),
        "people": [
            {"name": names[code] or f"(chưa có tên, mã {code})", "url": reverse("record", args=[code])}
            for code in exclusion.row_codes
            if code in names
        ],
        "count": len(exclusion.row_codes),
        "is_mine": exclusion.requested_by_id == user.pk,
    }
