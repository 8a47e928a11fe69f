"""What every page about people asks first: which campaign, whose record, and where to go back to."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.http import url_has_allowed_host_and_scheme

from campaigns.current import current_campaign
from campaigns.models import Campaign, Commune, User
from campaigns.permissions import NotAllowed, Role, collaborators_on
from records import row_codes
from records.models import Record

_WITH = ("commune", "source_row", "exclusion__requested_by", "exclusion__decided_by")


def user_of(request: HttpRequest) -> User:
    return cast(User, request.user)


def campaign_of(request: HttpRequest) -> Campaign:
    """The current campaign. Raises NotAllowed for a collaborator where the campaign has them work on paper only."""
    campaign = current_campaign(request)
    if user_of(request).role == Role.COLLABORATOR and not collaborators_on(campaign):
        raise NotAllowed(
            "Đợt này cộng tác viên dùng phiếu in, không dùng tài khoản. Nhận phiếu ở công chức LĐ-TB&XH xã."
        )
    return campaign


def find_record(request: HttpRequest, row_code: str) -> Record:
    """Raises Http404 for a code that is not one, and for a record that is not this user's."""
    campaign = campaign_of(request)
    mine = Record.objects.for_user(user_of(request)).filter(campaign=campaign).select_related(*_WITH)
    record = get_object_or_404(mine, row_code=row_codes.check(row_code) or "")
    record.campaign = campaign  # with its windows
    return record


def communes_of(campaign: Campaign, user: User) -> list[Commune]:
    """Communes to choose from: the user's own, or all of the district."""
    if user.commune is not None:
        return [user.commune]
    return list(Commune.objects.in_campaign(campaign))


def own_address(request: HttpRequest, address: str, default: str) -> str:
    """The address if it is one of ours, else the default."""
    ours = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if ours else default


def back(request: HttpRequest, default: str) -> str:
    """Where the form said it came from, else the page the request came from."""
    address = request.POST.get("next") or request.GET.get("next") or request.headers.get("Referer", "")
    return own_address(request, address, default)
