from __future__ import annotations

from django.db import models
from django.db.models import Q

from campaigns.models import Campaign, User
from campaigns.permissions import Permission, has


class RuleState(models.TextChoices):
    USUAL = "usual", "như thường lệ"
    ERROR = "error", "lỗi"
    WARNING = "warning", "cần xem"
    NOTICE = "notice", "cho biết"
    OFF = "off", "tắt"


class RuleDecisionQuerySet(models.QuerySet["RuleDecision"]):
    def for_user(self, user: User) -> RuleDecisionQuerySet:
        return self if has(user, Permission.SET_RULES) else self.none()

    def in_force(self, campaign: Campaign) -> dict[str, str]:
        """Rule → severity or `off`, for rules that are not as usual."""
        newest = self.filter(campaign=campaign).order_by("rule", "-id").distinct("rule")
        return {rule: state for rule, state in newest.values_list("rule", "state") if state != RuleState.USUAL}


class RuleDecision(models.Model):
    """What the district decided about a rule in a campaign. The newest row of a rule is in force; the earlier ones stay
    as the record of it. What may be decided: `records.rule_settings`."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, verbose_name="đợt")
    rule = models.CharField("quy tắc", max_length=40)
    state = models.CharField("áp dụng", max_length=8, choices=RuleState.choices)
    reason = models.CharField("lý do", max_length=200)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="người quyết định")
    at = models.DateTimeField("lúc", auto_now_add=True)

    objects = RuleDecisionQuerySet.as_manager()

    class Meta:
        verbose_name = "quyết định về quy tắc"
        verbose_name_plural = "quyết định về quy tắc"
        ordering = ["-id"]
        constraints = [models.CheckConstraint(name="rule_decision_has_reason", condition=~Q(reason=""))]
        indexes = [models.Index(fields=["campaign", "rule", "-id"], name="rule_decision_newest")]

    def __str__(self) -> str:
        return f"{self.rule}: {self.get_state_display()}"
