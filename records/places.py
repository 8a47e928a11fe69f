"""Communes as people and commands name them."""

from __future__ import annotations

from campaigns.errors import WorkRefused
from campaigns.models import Campaign, Commune


def find_commune(campaign: Campaign, code: str | None) -> Commune | None:
    """The commune of the campaign's district with this code; None for no code. Raises WorkRefused `usage`."""
    if not code:
        return None
    communes = Commune.objects.in_campaign(campaign)
    found = communes.filter(code=code).first()
    if found is None:
        known = ", ".join(f"{c.code} {c.short_name}" for c in communes)
        raise WorkRefused(
            "usage", f"Không có xã, thị trấn nào mã “{code}” trong huyện của đợt này. Các mã có: {known}."
        )
    return found
