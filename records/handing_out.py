"""Who walks which village: a commune gives its villages to collaborators (Đoàn TN, Hội LHPN) and takes them back."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from campaigns import audit
from campaigns.errors import WorkRefused
from campaigns.models import Campaign, Commune, User, Village
from campaigns.permissions import NotAllowed, Permission, Role, check, check_place
from records.models import Record
from records.reading.vietnamese import sort_key


def collaborators_of(campaign: Campaign, by: User) -> list[User]:
    """The collaborators of the user's commune, or of the district. Two queries."""
    people = User.objects.filter(
        role=Role.COLLABORATOR, is_active=True, commune__in=Commune.objects.in_campaign(campaign)
    )
    if by.commune_id is not None:
        people = people.filter(commune=by.commune_id)
    return list(people.select_related("commune").prefetch_related("villages").order_by("commune__code", "username"))


def villages_in(campaign: Campaign, communes: Collection[int]) -> dict[int, list[str]]:
    """Commune id → the villages that its registers name, in Vietnamese order. One query."""
    named = Record.objects.filter(campaign=campaign, commune__in=communes).present().exclude(village="")
    found: dict[int, list[str]] = {}
    for commune, village in named.order_by().values_list("commune", "village").distinct():
        found.setdefault(commune, []).append(village)
    return {commune: sorted(names, key=sort_key) for commune, names in found.items()}


@transaction.atomic
def hand_out(campaign: Campaign, collaborator: User, villages: Collection[str], *, by: User) -> None:
    """From now on these are the collaborator's villages, and no others. Raises NotAllowed for somebody of another place
    or role, WorkRefused `usage` for a village that the commune's registers do not name."""
    check(by, Permission.HAND_OUT)
    check_place(by, collaborator.commune)
    if collaborator.role != Role.COLLABORATOR or collaborator.commune is None:
        raise NotAllowed("Chỉ giao bản cho tài khoản cộng tác viên.")
    known = villages_in(campaign, [collaborator.commune.pk]).get(collaborator.commune.pk, [])
    strange = set(villages) - set(known) - set(collaborator.villages.values_list("name", flat=True))
    if strange:
        raise WorkRefused("usage", f"Sổ của {collaborator.commune.name} không có {', '.join(sorted(strange))}.")
    before = collaborator.villages.count()
    chosen = [Village.objects.get_or_create(commune=collaborator.commune, name=name)[0] for name in sorted(villages)]
    collaborator.villages.set(chosen)
    audit.record(
        "villages_handed_out", by=by, campaign=campaign, target=f"user:{collaborator.username}",
        commune_code=collaborator.commune.code, villages=sorted(villages), before=before,
    )  # fmt: skip
