"""Record one audit event. Every step records exactly one; looking at a person, a search, a reveal, an export and a
print are recorded by the view that does it."""

from __future__ import annotations

import contextlib
import getpass
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any

from campaigns.models import AuditEvent, Campaign, User

_via: ContextVar[str] = ContextVar("via", default="web")


@contextlib.contextmanager
def acting_by(via: str) -> Iterator[None]:
    """Everything recorded inside was done by "command" or "job" rather than in the browser."""
    token = _via.set(via)
    try:
        yield
    finally:
        _via.reset(token)


def by_command() -> bool:
    """True inside a command: a command never counts as the second of two people."""
    return _via.get() == "command"


def record(
    event: str,
    *,
    by: User,
    campaign: Campaign | None = None,
    target: str = "",
    commune_code: str = "",
    **details: Any,
) -> AuditEvent:
    """`details` must be JSON and hold no name and no personal number; row codes, file codes and counts are fine."""
    return AuditEvent.objects.create(
        event=event,
        username=by.username,
        actor_name=by.full_name,
        via=_via.get(),
        os_account=_os_account() if _via.get() == "command" else "",
        campaign_code=campaign.code if campaign else "",
        target=target,
        commune_code=commune_code,
        details=details,
    )


def _os_account() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "?"
