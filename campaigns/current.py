"""Which campaign a page is about: the one chosen in this session, else the newest open one."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from campaigns.models import Campaign, Register

SESSION_KEY = "campaign"


def open_campaigns(request: HttpRequest) -> list[Campaign]:
    """The open campaigns, newest first; asked for once a request."""
    found: list[Campaign] | None = getattr(request, "_campaigns", None)
    if found is None:
        found = list(Campaign.objects.open().prefetch_related("windows"))
        request._campaigns = found  # type: ignore[attr-defined]
    return found


def current_campaign(request: HttpRequest) -> Campaign:
    """Raises Http404 while no plan has been loaded."""
    campaigns = open_campaigns(request)
    if not campaigns:
        raise Http404("Chưa có đợt nào đang mở. Quản trị nạp kế hoạch bằng lệnh load_plan.")
    chosen = request.session.get(SESSION_KEY, "")
    return next((c for c in campaigns if c.code == chosen), campaigns[0])


def current_register(request: HttpRequest) -> str:
    """`?so=` in the address, else the one last looked at, else children."""
    wanted = request.GET.get("so", "") or request.session.get("register", "")
    register = wanted if wanted in Register.values else Register.CHILDREN
    if request.session.get("register") != register:
        request.session["register"] = str(register)
    return str(register)
