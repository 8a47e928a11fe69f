"""What several parts of one page ask for: worked out once a request."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from campaigns.current import current_campaign
from campaigns.models import User
from reconciliation.progress import progress


def current_figures(request: HttpRequest) -> dict[str, Any]:
    """The progress object of the current campaign as of now, both registers, for who asks. Raises NotAllowed without
    the permission to see figures, Http404 while no plan has been loaded."""
    found: dict[str, Any] | None = getattr(request, "_figures", None)
    if found is None:
        user: User = request.user  # type: ignore[assignment]
        found = progress(current_campaign(request), by=user)
        request._figures = found  # type: ignore[attr-defined]
    return found
