"""What stands around every page: the way to the others, the plan clock on the wall, whose campaign it is."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse

from campaigns.current import current_campaign, current_register, open_campaigns
from campaigns.models import Campaign, Register, User
from campaigns.permissions import Permission, Role, collaborators_on, has
from reconciliation.clock_face import STEP_LABELS, not_begun, register_verdict
from reconciliation.current import current_figures

P = Permission
# Address name, words, and the permission without which the page is not shown in the bar.
NAVIGATION = [
    ("home", "Việc của tôi", None),
    ("imports", "Nhập dữ liệu", P.IMPORT),
    ("review", "Rà soát", P.REVIEW),
    ("add_person", "Thêm mới", P.ADD_PERSON),
    ("batches", "Gửi – nhận", P.SEE_BATCHES),
    ("civil_registry", "Hộ tịch", P.NEWBORNS),
    ("uploads", "Tệp tải lên", P.UPLOAD),
    ("progress", "Tiến độ", P.SEE_FIGURES),
    ("reports", "Báo cáo", P.REPORT),
    ("jobs", "Việc nền", P.SEE_JOBS),
    ("admin:index", "Quản trị", P.MANAGE),
]

# Beside the account: seldom needed, and the bar has no room left.
SETTINGS = [("rules", "Quy tắc rà soát", P.SET_RULES)]


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor. Parts that htmx asks for have no frame."""
    user = getattr(request, "user", None)
    if not isinstance(user, User) or getattr(request, "htmx", False):
        return {}
    try:
        campaign = current_campaign(request)
    except Http404:
        return {"nav": _navigation(request, user)}
    campaigns = open_campaigns(request)
    paper_only = user.role == Role.COLLABORATOR and not collaborators_on(campaign)
    return {
        "nav": _navigation(request, user)[: 1 if paper_only else None],
        "settings": [
            {"url": reverse(name), "label": label} for name, label, permission in SETTINGS if has(user, permission)
        ],
        "campaign": campaign,
        "campaigns": campaigns if len(campaigns) > 1 else [],
        "place": _place(campaign),
        "wall": _wall(request, user, campaign),
    }


def _navigation(request: HttpRequest, user: User) -> list[dict[str, Any]]:
    return [
        {"url": (url := reverse(name)), "label": label, "current": _is_current(request.path, url)}
        for name, label, permission in NAVIGATION
        if permission is None or has(user, permission)
    ]


def _is_current(path: str, url: str) -> bool:
    return path == url or (url != "/" and path.startswith(url))


def _place(campaign: Campaign) -> str:
    return campaign.issuing_body.removeprefix("Ủy ban nhân dân").removeprefix(" huyện").strip()


def _wall(request: HttpRequest, user: User, campaign: Campaign) -> dict[str, Any] | None:
    if not has(user, P.SEE_FIGURES):
        return None
    register = current_register(request)
    figures = current_figures(request)["registers"][register]
    if not figures["total"]:
        return None
    clock = figures["clock"]
    label = f"{Register(register).label} · {STEP_LABELS[clock['step']].lower()}"
    level = "waiting" if not_begun(campaign, clock) else ""
    verdict = register_verdict(campaign, figures).lower()
    return {**clock, "label": label, "verdict": verdict, "level": level, "url": reverse("progress")}
