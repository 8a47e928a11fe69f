from __future__ import annotations

from django.db import models
from django.utils import timezone


class AuditEvent(models.Model):
    """Who did or looked at what. Plain text, no foreign keys, so that it survives what it speaks of; the database
    refuses to change or delete a row. Holds row codes, never names or numbers of people."""

    at = models.DateTimeField("lúc", default=timezone.now)
    campaign_code = models.CharField("đợt", max_length=40, blank=True)
    username = models.CharField("tài khoản", max_length=150)
    actor_name = models.CharField("họ và tên", max_length=100)
    via = models.CharField(
        "bằng", max_length=10, choices=[("web", "trình duyệt"), ("command", "lệnh"), ("job", "việc nền")]
    )
    os_account = models.CharField("tài khoản máy", max_length=64, blank=True)
    event = models.CharField("việc", max_length=40)
    target = models.CharField("đối với", max_length=120, blank=True)
    commune_code = models.CharField("xã", max_length=5, blank=True)
    details = models.JSONField("chi tiết", default=dict)

    class Meta:
        verbose_name = "nhật ký"
        verbose_name_plural = "nhật ký"
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["campaign_code", "-at"], name="audit_campaign_at"),
            models.Index(fields=["target", "-at"], name="audit_target_at"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%d/%m/%Y %H:%M} {self.username} {self.event} {self.target}"
