from __future__ import annotations

from django.db import models

from campaigns.models import Campaign, Commune, Register, User
from campaigns.permissions import Permission, has


class ListKind(models.TextChoices):
    TO_CLEAN = "to_clean", "danh sách cần làm sạch"
    CLEANED = "cleaned", "danh sách đã sạch"
    ALL = "all", "toàn bộ sổ"
    VISIT = "visit", "phiếu rà soát tại hộ"


class PeopleListQuerySet(models.QuerySet["PeopleList"]):
    def for_user(self, user: User) -> PeopleListQuerySet:
        if not has(user, Permission.EXPORT):
            return self.none()
        return self if user.commune_id is None else self.filter(commune=user.commune_id)


class PeopleList(models.Model):
    """A list for people that left: who stood on it and when, so that it can come home. What the register held then is
    worked out from the changes since."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, verbose_name="đợt")
    register = models.CharField("sổ", max_length=15, choices=Register.choices)
    kind = models.CharField("loại", max_length=10, choices=ListKind.choices)
    commune = models.ForeignKey(Commune, models.PROTECT, null=True, verbose_name="xã, thị trấn")
    code = models.CharField("mã danh sách", max_length=12)
    row_codes = models.JSONField("mã dòng", default=list)
    sha256 = models.CharField("SHA-256", max_length=64)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="người lập")
    at = models.DateTimeField("lúc")

    objects = PeopleListQuerySet.as_manager()

    class Meta:
        verbose_name = "danh sách đã lập"
        verbose_name_plural = "danh sách đã lập"
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["campaign", "code"], name="peoplelist_code")]

    def __str__(self) -> str:
        return self.code
