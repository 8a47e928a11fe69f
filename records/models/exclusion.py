from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from campaigns.models import Campaign, User
from campaigns.permissions import Permission, has


class ExclusionQuerySet(models.QuerySet["Exclusion"]):
    def for_user(self, user: User) -> ExclusionQuerySet:
        if not has(user, Permission.EXCLUDE):
            return self.none()
        if user.commune_id is None:
            return self
        return self.filter(commune=user.commune_id)

    def waiting(self) -> ExclusionQuerySet:
        return self.filter(decided_at__isnull=True)


REASONS = [
    ("dead", "đã chết"),
    ("moved", "chuyển đi nơi khác"),
    ("duplicate", "trùng hồ sơ"),
    ("other", "không thuộc đợt này"),
]


class Exclusion(models.Model):
    """A request to take people out of the register, for one reason, on one document or note; in force only once a
    second person over the same commune has confirmed it. Many people for one reason are one request."""

    campaign = models.ForeignKey(Campaign, models.PROTECT)
    commune = models.ForeignKey("campaigns.Commune", models.PROTECT, null=True)
    reason = models.CharField("lý do", max_length=15, choices=REASONS)
    document = models.CharField("giấy tờ hoặc ghi chú", max_length=200)
    row_codes = models.JSONField("mã dòng", default=list)
    requested_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="người đề nghị")
    requested_at = models.DateTimeField("đề nghị lúc", auto_now_add=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người quyết định")
    decided_at = models.DateTimeField("quyết định lúc", null=True)
    confirmed = models.BooleanField("đồng ý", null=True)

    objects = ExclusionQuerySet.as_manager()

    class Meta:
        verbose_name = "đề nghị đưa ra khỏi sổ"
        verbose_name_plural = "đề nghị đưa ra khỏi sổ"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(name="exclusion_document", condition=~Q(document="")),
            models.CheckConstraint(
                name="exclusion_decided_whole",
                condition=Q(decided_by__isnull=True, decided_at__isnull=True, confirmed__isnull=True)
                | Q(decided_by__isnull=False, decided_at__isnull=False, confirmed__isnull=False),
            ),
            models.CheckConstraint(
                name="exclusion_second_person",
                condition=Q(decided_by__isnull=True) | Q(confirmed=False) | ~Q(decided_by=F("requested_by")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()}: {', '.join(self.row_codes)}"
