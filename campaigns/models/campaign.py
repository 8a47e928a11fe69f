from __future__ import annotations

import datetime
from typing import Any

from django.db import models

from campaigns.permissions import Role


class Register(models.TextChoices):
    CHILDREN = "children", "Trẻ em"
    BENEFICIARIES = "beneficiaries", "Đối tượng bảo trợ xã hội"


class Step(models.TextChoices):
    """Steps of the plan, as its YAML names them."""

    EXPORT = "export", "Xuất danh sách"
    REVIEW = "review", "Rà soát"
    HANDOVER = "handover_to_police", "Bàn giao công an"
    POLICE = "police_check", "Công an xác minh"
    HANDBACK = "handback", "Nhận lại"
    UPDATE = "update_software", "Cập nhật phần mềm"
    FINAL_REPORT = "final_report", "Báo cáo kết thúc"


class CampaignQuerySet(models.QuerySet["Campaign"]):
    def open(self) -> CampaignQuerySet:
        return self.filter(is_open=True)


class Campaign(models.Model):
    """One district, one plan, its own two registers. `settings` holds what the plan leaves open (see the YAML)."""

    code = models.SlugField("mã đợt", max_length=40, unique=True)
    name = models.TextField("tên")
    issuing_body = models.CharField("cơ quan ban hành", max_length=200)
    province_code = models.CharField("mã tỉnh", max_length=2)
    district_code = models.CharField("mã huyện", max_length=3)
    first_day = models.DateField("ngày đầu")
    places_on = models.DateField("đơn vị hành chính theo ngày", help_text="Xã, huyện lấy như ngày này.")
    is_open = models.BooleanField("đang mở", default=True)
    is_demo = models.BooleanField("dữ liệu mẫu", default=False, editable=False)
    settings = models.JSONField("cấu hình", default=dict)
    plan = models.JSONField("kế hoạch đã nạp", default=dict, editable=False)
    next_row_number = models.PositiveBigIntegerField(default=1, editable=False)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = "đợt làm sạch"
        verbose_name_plural = "đợt làm sạch"
        ordering = ["-first_day", "code"]

    def __str__(self) -> str:
        return self.name

    def setting(self, key: str) -> Any:
        """A plan setting by name; raises KeyError for one that the plan format does not know."""
        return self.settings[key]

    def last_day(self, register: str) -> datetime.date:
        """The last day of the register's own windows."""
        days = [w.last_day for w in self.windows.all() if w.register == register and w.last_day]
        return max(days, default=self.first_day)

    def window(self, register: str, step: str) -> Window:
        """The plan's window; raises Window.DoesNotExist where the plan has no such step."""
        for window in self.windows.all():
            if window.register == register and window.step == step:
                return window
        raise Window.DoesNotExist(f"{self.code}: {register} {step}")


class Window(models.Model):
    """A step of the plan for one register: when, who acts, who receives. Dates are inclusive; None where the plan
    names none (the police window is worked out in `clock.py`)."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="windows", verbose_name="đợt")
    register = models.CharField("sổ", max_length=15, choices=Register.choices, blank=True)
    step = models.CharField("bước", max_length=20, choices=Step.choices)
    first_day = models.DateField("từ ngày", null=True, blank=True)
    last_day = models.DateField("đến hết ngày", null=True, blank=True)
    stated = models.CharField("lời kế hoạch", max_length=200, blank=True)
    actor = models.CharField("ai làm", max_length=20, choices=Role.choices, blank=True)
    receivers = models.JSONField("ai nhận", default=list, blank=True)

    class Meta:
        verbose_name = "khoảng thời gian"
        verbose_name_plural = "khoảng thời gian"
        ordering = ["campaign", "register", "id"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "register", "step"], name="window_campaign_register_step"),
            models.CheckConstraint(
                name="window_days_in_order",
                condition=models.Q(first_day__isnull=True)
                | models.Q(last_day__isnull=True)
                | models.Q(first_day__lte=models.F("last_day")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_register_display()} {self.get_step_display()}".strip()
