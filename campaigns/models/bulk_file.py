from __future__ import annotations

from django.db import models

from campaigns.models.user import User
from campaigns.permissions import Permission, has


class BulkStatus(models.TextChoices):
    RECEIVED = "received", "đang đọc"
    CHECKED = "checked", "chờ xác nhận"
    REFUSED = "refused", "không ghi được"
    APPLIED = "applied", "đã ghi vào"
    DISCARDED = "discarded", "đã bỏ"
    WRITING = "writing", "đang lập"
    WRITTEN = "written", "lập xong"


class BulkFileQuerySet(models.QuerySet["BulkFile"]):
    def for_user(self, user: User) -> BulkFileQuerySet:
        return self if has(user, Permission.MANAGE) else self.none()


class BulkFile(models.Model):
    """A file of the administrator's bulk import or export. `face`: what the page shows of it (counts, the first rows
    that change, errors); emptied with the file's own purpose, because it may hold what is said of people."""

    campaign = models.ForeignKey("campaigns.Campaign", models.CASCADE, verbose_name="đợt")
    model = models.CharField("loại dữ liệu", max_length=60, help_text="app.model, as Django names it.")
    is_export = models.BooleanField("xuất ra")
    format = models.CharField("định dạng", max_length=5)
    name = models.CharField("tên tệp", max_length=255)
    file = models.FileField("tệp", upload_to="bulk/")
    sha256 = models.CharField(max_length=64, blank=True)
    options = models.JSONField(default=dict, help_text="Of an export: which columns and rows.")
    rows = models.PositiveIntegerField("số dòng", default=0)
    status = models.CharField("tình trạng", max_length=10, choices=BulkStatus.choices)
    refused_because = models.TextField("lý do", blank=True)
    face = models.JSONField(default=dict)
    by = models.ForeignKey("campaigns.User", models.PROTECT, verbose_name="người làm")
    at = models.DateTimeField("lúc", auto_now_add=True)
    applied_at = models.DateTimeField("ghi lúc", null=True)

    objects = BulkFileQuerySet.as_manager()

    class Meta:
        verbose_name = "tệp hàng loạt"
        verbose_name_plural = "tệp hàng loạt"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name
