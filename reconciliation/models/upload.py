from __future__ import annotations

from django.db import models

from campaigns.models import Campaign, Commune, Register, User
from campaigns.permissions import Permission, has
from records.models import Record


class UploadFileQuerySet(models.QuerySet["UploadFile"]):
    def for_user(self, user: User) -> UploadFileQuerySet:
        if not has(user, Permission.UPLOAD):
            return self.none()
        return self if user.commune_id is None else self.filter(commune=user.commune_id)


class UploadFile(models.Model):
    """A file made for the ministry's software; its bytes are kept as they left."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, verbose_name="đợt")
    register = models.CharField("sổ", max_length=15, choices=Register.choices)
    commune = models.ForeignKey(Commune, models.PROTECT, null=True, blank=True, verbose_name="xã, thị trấn")
    code = models.CharField("mã tệp", max_length=20)
    only_changed = models.BooleanField("chỉ dòng khác", default=False)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="người lập")
    at = models.DateTimeField("lúc", auto_now_add=True)
    file = models.FileField("tệp", upload_to="uploads/%Y/%m/", max_length=255)
    sha256 = models.CharField("SHA-256", max_length=64)
    counts = models.JSONField("số đếm", default=dict)
    result_at = models.DateTimeField("có trả lời lúc", null=True, blank=True)
    result_counts = models.JSONField("trả lời", default=dict)

    objects = UploadFileQuerySet.as_manager()

    class Meta:
        verbose_name = "tệp tải lên"
        verbose_name_plural = "tệp tải lên"
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["campaign", "code"], name="uploadfile_code")]

    def __str__(self) -> str:
        return self.code


class UploadLine(models.Model):
    """One record in an upload file and what the ministry's software said of it."""

    campaign = models.ForeignKey(Campaign, models.PROTECT)
    upload_file = models.ForeignKey(UploadFile, models.PROTECT, related_name="lines")
    row_number = models.PositiveIntegerField(help_text="Dòng trong tệp tải lên.")
    record = models.ForeignKey(Record, models.PROTECT, related_name="upload_lines")
    record_version = models.PositiveIntegerField()
    changed = models.JSONField("ô đã sửa", default=dict, help_text="Trường → giá trị đã ghi.")
    result = models.CharField(
        "trả lời", max_length=10, blank=True, choices=[("uploaded", "đã nhận"), ("rejected", "từ chối")]
    )
    reason = models.TextField("lý do", blank=True)

    class Meta:
        verbose_name = "dòng tải lên"
        verbose_name_plural = "dòng tải lên"
        ordering = ["upload_file", "row_number"]
        constraints = [models.UniqueConstraint(fields=["campaign", "upload_file", "record"], name="uploadline_record")]

    def __str__(self) -> str:
        return f"{self.upload_file_id}:{self.row_number}"
