from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from campaigns.errors import WorkRefused
from campaigns.models import User
from campaigns.permissions import Permission, collaborators_on, require
from records import handing_out
from records.views.scope import campaign_of, user_of


@require_GET
@require(Permission.HAND_OUT)
def collaborators(request: HttpRequest) -> HttpResponse:
    """Who walks which village, each with the villages of the own commune to choose from."""
    campaign, user = campaign_of(request), user_of(request)
    people = handing_out.collaborators_of(campaign, user)
    named = handing_out.villages_in(campaign, {person.commune_id for person in people if person.commune_id})
    return render(
        request,
        "records/collaborators.html",
        {"people": [_row(person, named) for person in people], "is_on": collaborators_on(campaign)},
    )


def _row(person: User, named: dict[int, list[str]]) -> dict[str, object]:
    has_now = {village.name for village in person.villages.all()}
    names = named.get(person.commune_id or 0, [])
    return {
        "person": person,
        "villages": [{"name": name, "has": name in has_now} for name in [*names, *sorted(has_now - set(names))]],
    }


@require_POST
@require(Permission.HAND_OUT)
def hand_out(request: HttpRequest, username: str) -> HttpResponse:
    campaign, user = campaign_of(request), user_of(request)
    mine = [person.pk for person in handing_out.collaborators_of(campaign, user)]
    person = get_object_or_404(User, pk__in=mine, username=username)
    villages = request.POST.getlist("village")
    try:
        handing_out.hand_out(campaign, person, villages, by=user)
        messages.success(request, f"{person.get_full_name()}: {', '.join(villages) or 'không còn bản nào'}.")
    except WorkRefused as refused:
        messages.error(request, refused.message)
    return redirect("collaborators")
