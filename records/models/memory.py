"""What people answered once and need not be asked again."""

from __future__ import annotations

from django.db import models

from campaigns.models import Register, User


class HeadingMap(models.Model):
    """A heading (folded) and the field it means; an empty field means: keep, do not use."""

    register = models.CharField("sổ", max_length=15, choices=Register.choices)
    heading = models.CharField("tiêu đề (bỏ dấu)", max_length=200)
    shown = models.CharField("tiêu đề", max_length=200)
    field = models.CharField("trường", max_length=40, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="người chọn")
    at = models.DateTimeField("lúc", auto_now=True)

    class Meta:
        verbose_name = "tiêu đề đã nhớ"
        verbose_name_plural = "tiêu đề đã nhớ"
        constraints = [models.UniqueConstraint(fields=["register", "heading"], name="headingmap_heading")]

    def __str__(self) -> str:
        return f"{self.shown} → {self.field or 'không dùng'}"


class CategoryAnswer(models.Model):
    """A text of the category column (folded) and the category a person said it means."""

    text = models.CharField("cách ghi (bỏ dấu)", max_length=300, unique=True)
    shown = models.CharField("cách ghi", max_length=300)
    category_code = models.CharField("mã loại", max_length=12)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="người chọn")
    at = models.DateTimeField("lúc", auto_now=True)

    class Meta:
        verbose_name = "loại đối tượng đã nhớ"
        verbose_name_plural = "loại đối tượng đã nhớ"

    def __str__(self) -> str:
        return f"{self.shown} → {self.category_code}"
