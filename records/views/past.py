"""What became of a person, newest first: change sets and moves between stages."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from campaigns.models import AuditEvent, User
from records.models import Change, ChangeKind, ChangeSet, Record, Stage, StageChange
from records.private import shown, unseen_by
from records.taking_back import OF_THE_REVIEW
from records.views.columns import label_of

_LOOKS = {"record_viewed": "lượt xem", "number_revealed": "lượt hiện số", "sensitive_revealed": "lượt hiện ô kín"}


@dataclass
class Event:
    at: datetime.datetime
    by: str
    text: str
    changes: list[dict[str, Any]] = field(default_factory=list)
    undo_url: str = ""
    is_undone: bool = False


def events_of(record: Record, user: User) -> list[Event]:
    """Two queries, however long the past."""
    events = [*_changes(record, user), *_moves(record)]
    return sorted(events, key=lambda event: event.at, reverse=True)


def _changes(record: Record, user: User) -> list[Event]:
    hidden = unseen_by(user, record.register)
    found = Change.objects.filter(record=record).exclude(field="source_row").exclude(field__in=hidden).order_by("-id")
    by_set: dict[int, Event] = {}
    for change in found.select_related("change_set__by", "change_set__source_file", "change_set__undone_in"):
        event = by_set.setdefault(change.change_set_id, _event(change.change_set))
        event.changes.append(
            {
                "label": label_of(change.field, record.register),
                "old": shown(record.register, change.field, change.old or "") or "trống",
                "new": shown(record.register, change.field, change.new or "") or "trống",
            }
        )
    return list(by_set.values())


def _event(change_set: ChangeSet) -> Event:
    document = change_set.document or (change_set.source_file.code if change_set.source_file else "")
    is_undone = hasattr(change_set, "undone_in")
    can_undo = ChangeKind(change_set.kind) in OF_THE_REVIEW and not is_undone
    text = ChangeKind(change_set.kind).label.capitalize()
    return Event(
        at=change_set.at,
        by=change_set.by.get_full_name(),
        text=f"{text}, {document}" if document else text,
        undo_url=reverse("undo", args=[change_set.pk]) if can_undo else "",
        is_undone=is_undone,
    )


def _moves(record: Record) -> list[Event]:
    moves = StageChange.objects.filter(record=record).select_related("by").order_by("-id")
    return [
        Event(
            at=move.at,
            by=move.by.get_full_name(),
            text=(f"{Stage(move.old).label.capitalize()} → {Stage(move.new).label}" if move.old else "Vào sổ")
            + (f" ({move.reason})" if move.reason else ""),
        )
        for move in moves
    ]


def looks_at(record: Record) -> str:
    """How many people looked at this person, in words. One query."""
    events = AuditEvent.objects.filter(
        campaign_code=record.campaign.code, target=f"record:{record.row_code}", event__in=_LOOKS
    )
    found = list(events.values_list("event", "username"))
    people = len({username for _, username in found})
    counts = [(label, sum(event == name for event, _ in found)) for name, label in _LOOKS.items()]
    said = ", ".join(f"{count} {label}" for label, count in counts if count)
    return f"{people} người đã xem hồ sơ này: {said}." if found else ""
