from __future__ import annotations

from django.db import models

from campaigns.models import Campaign, User
from campaigns.permissions import Permission, has


class ReportQuerySet(models.QuerySet["Report"]):
    def for_user(self, user: User) -> ReportQuerySet:
        return (
            self
            if has(user, Permission.REPORT) or (has(user, Permission.SEE_FIGURES) and not user.commune_id)
            else self.none()
        )


class Report(models.Model):
    """Figures frozen as of the end of a day, with the file that was issued. The same report asked for again for the
    same day is written from the same figures."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, verbose_name="đợt")
    kind = models.CharField(
        "loại", max_length=10, choices=[("periodic", "định kỳ"), ("adhoc", "đột xuất"), ("final", "kết thúc")]
    )
    code = models.CharField("mã", max_length=20)
    as_of = models.DateField("đến hết ngày")
    figures = models.JSONField("số liệu")
    file = models.FileField("tệp", upload_to="reports/%Y/%m/", max_length=255)
    sha256 = models.CharField("SHA-256", max_length=64)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="người lập")
    at = models.DateTimeField("lúc", auto_now_add=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = "báo cáo"
        verbose_name_plural = "báo cáo"
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["campaign", "code"], name="report_code")]

    def __str__(self) -> str:
        return self.code
