"""What every page about a batch asks first: which batch, and whether it is this user's."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from campaigns import audit
from campaigns.current import current_campaign
from campaigns.models import User
from reconciliation.batch_face import with_counts
from reconciliation.models import Batch, BatchLine
from records import row_codes
from records.views.scope import user_of


def find_batch(request: HttpRequest, code: str) -> Any:
    """The batch with the counts of `with_counts`. Raises Http404 for one that is not this user's."""
    campaign = current_campaign(request)
    batch = get_object_or_404(
        with_counts(Batch.objects.for_user(user_of(request))), campaign=campaign, code=code.strip().upper()
    )
    batch.campaign = campaign
    return batch


def find_line(request: HttpRequest, batch: Batch, row_code: str) -> BatchLine:
    mine = BatchLine.objects.for_user(user_of(request)).filter(batch=batch).select_related("record")
    line = get_object_or_404(mine, row_code=row_codes.check(row_code) or "")
    line.batch = batch
    return line


def record_look(event: str, batch: Batch, by: User, **details: Any) -> None:
    audit.record(
        event, by=by, campaign=batch.campaign, target=f"batch:{batch.code}", commune_code=batch.commune.code, **details
    )


def record_person_look(event: str, line: BatchLine, by: User, **details: Any) -> None:
    """A look at one person of the batch, found again under that person like any other."""
    batch = line.batch
    audit.record(
        event, by=by, campaign=batch.campaign, target=f"record:{line.row_code}", commune_code=batch.commune.code,
        batch=batch.code, **details,
    )  # fmt: skip
