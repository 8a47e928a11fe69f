from __future__ import annotations

from django.contrib.auth.backends import ModelBackend

from campaigns.models import Campaign, User


class OfficeBackend(ModelBackend):
    """Passwords as Django keeps them; demo accounts, whose passwords lie in a file, are shut out of a database that
    holds a real campaign."""

    def user_can_authenticate(self, user: User | None) -> bool:  # type: ignore[override]
        if user is None or not super().user_can_authenticate(user):
            return False
        return not (user.is_demo and Campaign.objects.filter(is_demo=False).exists())
