"""Which campaign a page is about: the one chosen in this session, else the newest open one."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from campaigns.models import Campaign, Register

SESSION_KEY = "campaign"


def current_campaign(request: HttpRequest) -> Campaign:
    """Raises Http404 while no plan has been loaded."""
    found = getattr(request, "_campaign", None)
    if found is None:
        campaigns = Campaign.objects.open().prefetch_related("windows")
        chosen = campaigns.filter(code=request.session.get(SESSION_KEY, ""))
        found = chosen.first() or campaigns.first()
        if found is None:
            raise Http404("Chưa có đợt nào đang mở. Quản trị nạp kế hoạch bằng lệnh load_plan.")
        request._campaign = found  # type: ignore[attr-defined]
    return found  # type: ignore[no-any-return]


def current_register(request: HttpRequest) -> str:
    """`?so=` in the address, else the one last looked at, else children."""
    wanted = request.GET.get("so", "") or request.session.get("register", "")
    register = wanted if wanted in Register.values else Register.CHILDREN
    if request.session.get("register") != register:
        request.session["register"] = str(register)
    return str(register)
