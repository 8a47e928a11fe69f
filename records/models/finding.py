from __future__ import annotations

import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone

from campaigns.models import Campaign, User
from campaigns.permissions import Permission, has, place_filter


class Severity(models.TextChoices):
    ERROR = "error", "lỗi"
    WARNING = "warning", "cần xem"
    NOTICE = "notice", "cho biết"


class FindingStatus(models.TextChoices):
    OPEN = "open", "chưa xử lý"
    FIXED = "fixed", "đã sửa"
    CONFIRMED = "confirmed", "xác nhận là đúng"
    GONE = "gone", "không còn"


class FindingQuerySet(models.QuerySet["Finding"]):
    def for_user(self, user: User) -> FindingQuerySet:
        if not has(user, Permission.SEE_PEOPLE):
            return self.none()
        return self.filter(place_filter(user, "record__"))

    def open(self) -> FindingQuerySet:
        return self.filter(status=FindingStatus.OPEN)

    def new_since_yesterday(self) -> FindingQuerySet:
        """Seen first since the morning of yesterday, by the calendar here."""
        yesterday = timezone.localdate() - datetime.timedelta(days=1)
        return self.filter(
            first_seen_at__gte=timezone.make_aware(datetime.datetime.combine(yesterday, datetime.time()))
        )

    def blocking(self) -> FindingQuerySet:
        """Open errors and warnings: what keeps a record from being clean."""
        return self.open().filter(severity__in=[Severity.ERROR, Severity.WARNING])


class Finding(models.Model):
    """What a rule says about one field of one record. A row is never deleted while its record stands: its status
    says what became of it, so that the groups a record was ever in can be counted."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, db_constraint=False, db_index=False)
    record = models.ForeignKey("records.Record", models.CASCADE, related_name="findings")
    rule = models.CharField("quy tắc", max_length=40)
    field = models.CharField("trường", max_length=40)
    severity = models.CharField("mức", max_length=8, choices=Severity.choices)
    group = models.PositiveSmallIntegerField("nhóm", null=True, blank=True)
    value = models.TextField("giá trị", blank=True)
    suggestion = models.TextField("gợi ý", blank=True)
    status = models.CharField("tình trạng", max_length=10, choices=FindingStatus.choices, default=FindingStatus.OPEN)
    first_seen_at = models.DateTimeField("thấy lúc")
    status_at = models.DateTimeField("xử lý lúc", null=True, blank=True)
    by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, db_index=False, related_name="+", verbose_name="người xử lý"
    )
    note = models.CharField("ghi chú, giấy tờ", max_length=200, blank=True)

    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = "điều cần xem"
        verbose_name_plural = "điều cần xem"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "record", "rule", "field"], name="finding_record_rule_field"),
            models.CheckConstraint(
                name="finding_confirmed_by_someone",
                condition=~Q(status="confirmed") | Q(by__isnull=False, status_at__isnull=False) & ~Q(note=""),
            ),
            models.CheckConstraint(
                name="finding_group_1_to_4", condition=Q(group__isnull=True) | Q(group__range=(1, 4))
            ),
        ]
        indexes = [
            models.Index(fields=["campaign", "rule", "record"], condition=Q(status="open"), name="finding_open_rule"),
            models.Index(fields=["campaign", "record"], condition=Q(status="open"), name="finding_open_record"),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.field}"
