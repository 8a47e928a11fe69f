from __future__ import annotations

from django.db import models
from django.db.models import Q

from campaigns.models import Campaign, Commune, Register, User
from campaigns.permissions import Permission, has


class FileKind(models.TextChoices):
    EXPORT = "export", "tệp xuất của phần mềm"
    ERRORS = "errors", "bảng lỗi đã sửa"
    LIST = "list", "danh sách sửa trả về"
    NEWBORNS = "newborns", "danh sách khai sinh"
    HAND_BACK = "hand_back", "lô trả về"
    MINISTRY_RESULT = "ministry_result", "trả lời của phần mềm"


class FileStatus(models.TextChoices):
    RECEIVED = "received", "mới nhận"
    READ = "read", "đã đọc, chưa áp dụng"
    APPLIED = "applied", "đã áp dụng"
    UNDONE = "undone", "đã hoàn tác"
    REFUSED = "refused", "không dùng"


class SourceFileQuerySet(models.QuerySet["SourceFile"]):
    def for_user(self, user: User) -> SourceFileQuerySet:
        if has(user, Permission.IMPORT):
            return self
        if not has(user, Permission.SEE_PEOPLE) or user.commune_id is None:
            return self.none()
        return self.filter(commune=user.commune_id)

    def lists_for(self, user: User) -> SourceFileQuerySet:
        """Lists that came home: of the user's place, and those that the user brought."""
        lists = self.filter(kind=FileKind.LIST)
        return lists.for_user(user) | lists.filter(by=user)


class SourceFile(models.Model):
    """A file as it came in, kept byte for byte, and what was found in it."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, verbose_name="đợt")
    register = models.CharField("sổ", max_length=15, choices=Register.choices, blank=True)
    kind = models.CharField("loại", max_length=20, choices=FileKind.choices)
    code = models.CharField("mã tệp", max_length=20)
    name = models.CharField("tên tệp", max_length=255)
    file = models.FileField("tệp", upload_to="source/%Y/%m/", max_length=255)
    sha256 = models.CharField("SHA-256", max_length=64)
    size = models.PositiveBigIntegerField("cỡ (byte)")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="người đưa vào")
    at = models.DateTimeField("lúc", auto_now_add=True)
    status = models.CharField("tình trạng", max_length=10, choices=FileStatus.choices, default=FileStatus.RECEIVED)
    commune = models.ForeignKey(Commune, models.PROTECT, null=True, blank=True, verbose_name="chỉ của xã")
    partial = models.BooleanField("tệp trích", default=False)
    summary = models.JSONField(
        "đã đọc được", default=dict, help_text="Như child process trả: sheet, headings, column_index…"
    )
    counts = models.JSONField("kết quả", default=dict)
    refused_because = models.TextField("lý do không dùng", blank=True)
    overruled_because = models.TextField("lý do vẫn dùng", blank=True)
    applied_at = models.DateTimeField("áp dụng lúc", null=True, blank=True)

    objects = SourceFileQuerySet.as_manager()

    class Meta:
        verbose_name = "tệp nhận vào"
        verbose_name_plural = "tệp nhận vào"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "code"], name="sourcefile_code"),
            models.CheckConstraint(
                name="sourcefile_applied_has_time",
                condition=~Q(status__in=["applied", "undone"]) | Q(applied_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


OUTCOMES = ("created", "changed", "unchanged", "held", "unplaced", "again")


class SourceRow(models.Model):
    """One data row: `cells` the texts as read, one a column of the sheet; `values` their canonical reading; `record`
    the record it was matched with, None when it was held (its code stands on an earlier row) or could not be placed
    (`alike` are then the row codes of those it may be about). `again`: waits for a second look."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, db_constraint=False, db_index=False)
    source_file = models.ForeignKey(SourceFile, models.CASCADE, db_constraint=False, related_name="rows")
    row_number = models.PositiveIntegerField(help_text="Như bảng tính đánh số.")
    cells = models.JSONField(default=list)
    values = models.JSONField(default=dict)
    record = models.ForeignKey("records.Record", models.SET_NULL, null=True, related_name="source_rows")
    outcome = models.CharField(max_length=10, choices=[(c, c) for c in OUTCOMES])
    alike = models.JSONField(null=True)

    class Meta:
        verbose_name = "dòng nhận vào"
        verbose_name_plural = "dòng nhận vào"
        ordering = ["source_file", "row_number"]
        constraints = [models.UniqueConstraint(fields=["campaign", "source_file", "row_number"], name="sourcerow_row")]

    def __str__(self) -> str:
        return f"{self.source_file_id}:{self.row_number}"
