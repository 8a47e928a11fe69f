"""What the settling page shows: the sum, and the people on whose lines something is or was to be decided."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from campaigns.models import User
from reconciliation.models import BatchLine, Difference, Outcome
from reconciliation.models.batch import waits_for_decision
from reconciliation.settle_face import Desk, alike
from reconciliation.settling import OURS, THEIRS
from reconciliation.views.batch_context import batch_context
from records.models import Exclusion
from records.reference import reference_for
from records.views.scope import user_of

PEOPLE = 25


def settle_context(request: HttpRequest, batch: Any, query: Mapping[str, str] | None = None) -> dict[str, Any]:
    """`query`: instead of the address's own. `luc`: since when what was decided stays in place, ticked; 0 for all.
    `sau`: the difference just decided, so the next one is where one is; `o`: where one stays."""
    asked = request.GET if query is None else query
    user, since = user_of(request), _since(asked.get("luc", ""))
    desk = Desk(batch, reference_for(batch.campaign, batch.register), user)
    waiting = waiting_of(batch)
    lines = _lines(batch, user, since)
    after, at = _whole(asked.get("sau", "")), _whole(asked.get("o", ""))
    now = at or _next(waiting, after)
    page = Paginator(lines, PEOPLE).get_page(asked.get("page") or _page_with(lines, now))
    exclusions = _exclusions(batch, user)
    return batch_context(batch, user) | {
        "people": [desk.person(line, exclusions, now) for line in page],
        "page": page,
        "since": int(since.timestamp()) if since else 0,
        "waiting": len({difference.line_id for difference in waiting}),
        "their_name": desk.their_name,
        "their_words": f"{desk.their_name} {'ghi' if desk.from_newborns else 'trả'}",
        "from_newborns": desk.from_newborns,
        "answered_at": max((line.answered_at for line in page if line.answered_at), default=None),
        "alike": _alike(batch, desk, waiting),
        "shows_all": not since,
    }


def waiting_of(batch: Any) -> list[Difference]:
    """What nobody has decided, in the order of the list."""
    waiting = Difference.objects.filter(waits_for_decision("line__"), line__batch=batch, decision="")
    return list(waiting.select_related("line__record").order_by("line__number", "pk"))


def _since(text: str) -> datetime.datetime | None:
    if text == "0":
        return None
    return datetime.datetime.fromtimestamp(_whole(text), tz=datetime.UTC) if _whole(text) else timezone.now()


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else 0


def _lines(batch: Any, user: User, since: datetime.datetime | None) -> QuerySet[BatchLine]:
    mine = BatchLine.objects.for_user(user).filter(batch=batch, outcome=Outcome.TO_SETTLE)
    if since is not None:
        mine = mine.filter(waits_for_decision() | Q(settled_at__gte=since))
    return mine.select_related("record").prefetch_related("differences").order_by("number")


def _next(waiting: list[Difference], after: int) -> int:
    """The first thing that waits below the one just decided, else the first of all."""
    place = Difference.objects.filter(pk=after).values_list("line__number", "pk").first() if after else None
    below = (d.pk for d in waiting if place is not None and (d.line.number, d.pk) > place)
    return next(below, waiting[0].pk if waiting else 0)


def _page_with(lines: QuerySet[BatchLine], now: int) -> int:
    number = Difference.objects.filter(pk=now).values_list("line__number", flat=True).first() if now else None
    return lines.filter(number__lt=number).count() // PEOPLE + 1 if number else 1


def _exclusions(batch: Any, user: User) -> dict[str, Exclusion]:
    """Row code → the newest request to take that person out of the register."""
    asked = Exclusion.objects.for_user(user).filter(campaign=batch.campaign, commune=batch.commune).order_by("pk")
    return {code: one for one in asked for code in one.row_codes}


def _alike(batch: Any, desk: Desk, waiting: list[Difference]) -> list[dict[str, Any]]:
    page = reverse("settle_alike", args=[batch.code])
    return [
        {
            "one": one,
            "theirs_url": f"{page}?{urlencode({**one.query, 'lay': THEIRS})}" if desk.may_take(one.field) else "",
            "ours_url": f"{page}?{urlencode({**one.query, 'lay': OURS})}",
        }
        for one in alike(desk, waiting)
    ]
