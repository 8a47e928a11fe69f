from __future__ import annotations

import datetime

from django.db import models
from django.db.models import Q


class CommuneQuerySet(models.QuerySet["Commune"]):
    def valid_on(self, day: datetime.date) -> CommuneQuerySet:
        return self.filter(Q(valid_from__lte=day), Q(valid_to__isnull=True) | Q(valid_to__gte=day))

    def in_campaign(self, campaign: models.Model) -> CommuneQuerySet:
        """The units of the campaign's district as its plan knows them."""
        return self.valid_on(campaign.places_on).filter(district_code=campaign.district_code)  # type: ignore[attr-defined]


class Commune(models.Model):
    """A commune-level unit for the time it existed. A code may change owner (three did on 1/7/2025), so the key
    is code and first day."""

    code = models.CharField("mã", max_length=5)
    name = models.CharField("tên", max_length=100, help_text="Kèm loại: Xã Làng Chếu, Thị trấn Bắc Yên.")
    kind = models.CharField(
        "loại", max_length=10, choices=[("xa", "xã"), ("thi_tran", "thị trấn"), ("phuong", "phường")]
    )
    province_code = models.CharField("mã tỉnh", max_length=2)
    district_code = models.CharField("mã huyện", max_length=3, blank=True)
    valid_from = models.DateField("từ ngày")
    valid_to = models.DateField("đến ngày", null=True, blank=True)
    successor_code = models.CharField("mã đơn vị kế tiếp", max_length=5, blank=True)
    aliases = models.JSONField("tên khác", default=list, blank=True)

    objects = CommuneQuerySet.as_manager()

    class Meta:
        verbose_name = "xã, thị trấn"
        verbose_name_plural = "xã, thị trấn"
        ordering = ["code", "valid_from"]
        constraints = [models.UniqueConstraint(fields=["code", "valid_from"], name="commune_code_valid_from")]

    def __str__(self) -> str:
        return self.name

    @property
    def short_name(self) -> str:
        return self.name.removeprefix("Xã ").removeprefix("Thị trấn ").removeprefix("Phường ")


class Village(models.Model):
    """A village (bản, tiểu khu) as people of the commune write it; found in the registers, kept by the commune."""

    commune = models.ForeignKey(Commune, models.CASCADE, verbose_name="xã, thị trấn")
    name = models.CharField("tên", max_length=100)
    walk_order = models.PositiveSmallIntegerField("thứ tự đi", default=0)

    class Meta:
        verbose_name = "bản, tiểu khu"
        verbose_name_plural = "bản, tiểu khu"
        ordering = ["commune", "walk_order", "name"]
        constraints = [models.UniqueConstraint(fields=["commune", "name"], name="village_commune_name")]

    def __str__(self) -> str:
        return self.name
