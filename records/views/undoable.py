"""The last change that this person can take back: what Ctrl+Z does, also after the page was loaded again."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, F, OuterRef
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from campaigns.templatetags.written import within_sentence
from records.models import Change, ChangeSet
from records.taking_back import OF_THE_REVIEW
from records.views.columns import label_of, named
from records.views.scope import campaign_of, user_of


def last_undoable(request: HttpRequest) -> dict[str, Any] | None:
    """Of today, newest first; one whose values have changed since is passed over. Two queries."""
    change_set = _last(request)
    if change_set is None:
        return None
    changes = list(change_set.changes.select_related("record__source_row").order_by("id"))
    people, record = {change.record_id for change in changes}, changes[0].record
    if len(people) > 1:
        why = f": {change_set.reason}" if change_set.reason else ""
        text = f"Đã sửa {len(changes)} ô của {len(people)} hồ sơ{why}."
    else:
        fields = dict.fromkeys(change.field for change in changes)
        labels = ", ".join(within_sentence(label_of(field, record.register)) for field in fields)
        text = f"Đã sửa {labels} của {named(record)}."
    return {"text": text, "url": reverse("undo", args=[change_set.pk])}


def _last(request: HttpRequest) -> ChangeSet | None:
    later = Change.objects.filter(
        campaign=OuterRef("campaign"), record=OuterRef("record"), field=OuterRef("field"), id__gt=OuterRef("id")
    )
    mine = Change.objects.filter(change_set=OuterRef("pk"))
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    sets = ChangeSet.objects.filter(
        campaign=campaign_of(request), by=user_of(request), kind__in=OF_THE_REVIEW, at__gte=today,
        undoes=None, undone_in=None,
    )  # fmt: skip
    overtaken = mine.annotate(is_overtaken=Exists(later)).filter(is_overtaken=True)
    return sets.filter(Exists(mine)).exclude(Exists(overtaken)).order_by(F("id").desc()).first()
