from __future__ import annotations

from django.contrib.admin import AdminSite
from django.http import HttpRequest

from campaigns.models import User
from campaigns.permissions import Permission, has


class OfficeAdminSite(AdminSite):
    """The administrator's pages. Who may enter follows from the table of permissions, not from `is_staff`."""

    site_header = "Quản trị"
    site_title = "Quản trị"
    index_title = "Tài khoản, kế hoạch, danh mục, nhập xuất hàng loạt"
    site_url = "/"

    def has_permission(self, request: HttpRequest) -> bool:
        return isinstance(request.user, User) and has(request.user, Permission.MANAGE)
