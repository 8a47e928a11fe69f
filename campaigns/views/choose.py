from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from campaigns.current import SESSION_KEY
from campaigns.models import Campaign


@require_POST
def choose_campaign(request: HttpRequest) -> HttpResponse:
    """Which of several open campaigns the pages are about, until signing out. What a person may see in it follows
    from role and place, as in any other."""
    campaign = get_object_or_404(Campaign.objects.open(), code=request.POST.get("campaign", ""))
    request.session[SESSION_KEY] = campaign.code
    return redirect("home")
