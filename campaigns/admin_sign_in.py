"""Who signed in, and whose name is being guessed: for the administrator to see, and to unlock."""

from __future__ import annotations

from typing import cast

from axes.models import AccessAttempt, AccessLog
from django.conf import settings
from django.contrib import admin
from django.contrib.admin import display
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from campaigns import audit
from campaigns.admin_site import ReadOnly
from campaigns.models import User


class _Listed(ReadOnly, admin.ModelAdmin):
    """Not opened one by one."""

    list_display_links = None
    show_full_result_count = False


@admin.register(AccessLog)
class SignInAdmin(_Listed):
    list_display = ["attempt_time", "username", "ip_address", "logout_time", "user_agent"]
    search_fields = ["username", "ip_address"]
    date_hierarchy = "attempt_time"


@admin.register(AccessAttempt)
class WrongSignInAdmin(_Listed):
    list_display = ["attempt_time", "username", "ip_address", "failures_since_start", "locked"]
    search_fields = ["username", "ip_address"]
    actions = ["unlock"]

    @display(description="Bị khóa đến")
    def locked(self, attempt: AccessAttempt) -> str:
        until = attempt.attempt_time + settings.AXES_COOLOFF_TIME
        is_locked = attempt.failures_since_start >= settings.AXES_FAILURE_LIMIT and until > timezone.now()
        return f"{timezone.localtime(until):%H:%M}" if is_locked else "–"

    @admin.action(description="Mở khóa cho các tên đã chọn", permissions=["view"])
    def unlock(self, request: HttpRequest, chosen: QuerySet[AccessAttempt]) -> None:
        for username in sorted({attempt.username or "" for attempt in chosen}):
            audit.record("account_unlocked", by=cast(User, request.user), target=f"account:{username}")
        count, _ = chosen.delete()
        self.message_user(request, f"Đã mở khóa {count} mục. Người dùng đăng nhập lại được ngay.")
