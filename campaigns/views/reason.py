from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from campaigns import audit
from campaigns.forms import ReasonForm
from campaigns.permissions import REASON_SESSION_KEY, Permission, require


@require_http_methods(["GET", "POST"])
@require(Permission.MANAGE)
def reason(request: HttpRequest) -> HttpResponse:
    """An administrator says why before looking at people; it holds until signing out."""
    form = ReasonForm(request.POST or None, initial={"next": request.GET.get("next", "")})
    if not form.is_valid():
        return render(request, "campaigns/reason.html", {"form": form}, status=422 if form.is_bound else 200)
    audit.record("reason_given", by=request.user, reason=form.cleaned_data["reason"])  # type: ignore[arg-type]
    request.session[REASON_SESSION_KEY] = form.cleaned_data["reason"]
    return redirect(_inside(request, form.cleaned_data["next"]))


def _inside(request: HttpRequest, address: str) -> str:
    """The address if it is one of ours, else the first page."""
    ours = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if ours else "home"
