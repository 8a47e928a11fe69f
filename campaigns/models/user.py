from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.db import models

from campaigns.permissions import Permission, Role, has

SYSTEM_USERNAME = "lenh"


class UserManager(DjangoUserManager["User"]):
    def system(self) -> User:
        """The built-in author of what a command does when no `--as` is given. It has no password and is inactive,
        so nobody can sign in with it."""
        user, created = self.get_or_create(
            username=SYSTEM_USERNAME,
            defaults={"full_name": "Lệnh trên máy chủ", "role": Role.SYSTEM, "is_active": False},
        )
        if created:
            user.set_unusable_password()
            user.save(update_fields=["password"])
        return user

    def create_superuser(
        self, username: str, email: str | None = None, password: str | None = None, **extra: Any
    ) -> User:
        extra.setdefault("role", Role.ADMIN)
        return super().create_superuser(username, email, password, **extra)


class User(AbstractUser):
    """A person with an account. What the person may see and do follows from role and place (`permissions.py`)."""

    full_name = models.CharField("họ và tên", max_length=100)
    role = models.CharField("vai trò", max_length=20, choices=Role.choices)
    commune = models.ForeignKey(
        "campaigns.Commune", models.PROTECT, null=True, blank=True, verbose_name="xã, thị trấn",
        help_text="Bỏ trống với vai trò cấp huyện, tỉnh.",
    )  # fmt: skip
    villages = models.ManyToManyField("campaigns.Village", blank=True, verbose_name="bản phụ trách")
    is_demo = models.BooleanField("tài khoản mẫu", default=False, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        verbose_name = "tài khoản"
        verbose_name_plural = "tài khoản"
        ordering = ["username"]
        constraints = [
            models.CheckConstraint(
                name="user_commune_role_has_commune",
                condition=~models.Q(role__in=Role.commune_roles()) | models.Q(commune__isnull=False),
                violation_error_message="Vai trò cấp xã phải có xã, thị trấn.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.full_name} ({self.username})"

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Django's own permissions are asked by the admin pages only; those are an administrator's."""
        return has(self, Permission.MANAGE)

    def has_module_perms(self, app_label: str) -> bool:
        return has(self, Permission.MANAGE)

    def get_full_name(self) -> str:
        return self.full_name or self.username
