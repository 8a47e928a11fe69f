"""The civil registry's own first page: its batches, who waits to be asked about, the newborn lists."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from campaigns.current import current_campaign
from campaigns.models import Register
from campaigns.permissions import Permission, has, require
from reconciliation import batch_face
from reconciliation.models import Batch, BatchKind
from reconciliation.views.newborns import lists_of
from records.views.scope import user_of

NEWEST = 10


@require_GET
@require(Permission.NEWBORNS)
def civil_registry(request: HttpRequest) -> HttpResponse:
    campaign, user = current_campaign(request), user_of(request)
    asked = Batch.objects.for_user(user).filter(campaign=campaign, kind=BatchKind.CIVIL_REGISTRY)
    mine = batch_face.with_counts(asked)
    waiting = [
        {
            "one": one,
            "register": Register(register).label,
            "url": f"{reverse('send_batch')}?{urlencode({'so': register, 'gui': one.kind, 'xa': one.commune.code})}",
        }
        for register in Register.values
        for one in batch_face.to_send(campaign, register, user, [BatchKind.CIVIL_REGISTRY])
    ]
    context = {
        "open": batch_face.faces(campaign, mine.filter(closed_at=None).order_by("due", "code"), user),
        "closed": batch_face.faces(campaign, mine.exclude(closed_at=None).order_by("-closed_at")[:NEWEST], user),
        "waiting": waiting,
        "sends": has(user, Permission.SEND),
        "newborn_lists": lists_of(campaign, user)[:NEWEST],
        "in_commune": user.commune is not None,
        "answers": has(user, Permission.ANSWER),
    }
    return render(request, "reconciliation/civil_registry.html", context)
