from __future__ import annotations

import math

from django.db import models

from campaigns.models.user import User
from campaigns.permissions import Permission, has


class JobStatus(models.TextChoices):
    QUEUED = "queued", "chờ"
    RUNNING = "running", "đang chạy"
    DONE = "done", "xong"
    FAILED = "failed", "không thành"
    CANCELLED = "cancelled", "đã dừng"


class JobQuerySet(models.QuerySet["Job"]):
    def for_user(self, user: User) -> JobQuerySet:
        return self if has(user, Permission.SEE_JOBS) else self.filter(by=user)

    def unfinished(self) -> JobQuerySet:
        return self.filter(status__in=[JobStatus.QUEUED, JobStatus.RUNNING])


class Job(models.Model):
    """The truth about a piece of long work. The broker only rings the bell: a job that nobody was told about, or
    whose worker died, is found here again (`jobs.ring_waiting`). `seen_at`: when the bell last rang for it, or
    the worker that runs it last gave a sign of life."""

    campaign = models.ForeignKey("campaigns.Campaign", models.CASCADE, verbose_name="đợt")
    kind = models.CharField("việc", max_length=30)
    target_id = models.BigIntegerField(help_text="Khóa của thứ mà việc này làm trên đó.")
    options = models.JSONField(default=dict)
    by = models.ForeignKey("campaigns.User", models.PROTECT, verbose_name="người giao")
    status = models.CharField("tình trạng", max_length=10, choices=JobStatus.choices, default=JobStatus.QUEUED)
    stage = models.CharField("đang làm", max_length=60, blank=True)
    done = models.PositiveIntegerField("đã xong", default=0)
    total = models.PositiveIntegerField("tổng", default=0)
    error = models.TextField("lý do", blank=True)
    result = models.JSONField("kết quả", default=dict)
    created_at = models.DateTimeField("giao lúc", auto_now_add=True)
    started_at = models.DateTimeField("bắt đầu", null=True)
    seen_at = models.DateTimeField("còn sống lúc", null=True)
    finished_at = models.DateTimeField("xong lúc", null=True)
    stage_at = models.DateTimeField("bắt đầu phần đang làm", null=True)
    cancel_asked_at = models.DateTimeField("yêu cầu dừng lúc", null=True)
    cancel_asked_by = models.ForeignKey(
        "campaigns.User", models.PROTECT, null=True, related_name="+", verbose_name="người yêu cầu dừng"
    )
    starts = models.PositiveSmallIntegerField("số lần bắt đầu", default=0)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = "việc nền"
        verbose_name_plural = "việc nền"
        ordering = ["-id"]
        indexes = [models.Index(fields=["status", "seen_at"], name="job_status_seen")]

    def __str__(self) -> str:
        return f"{self.kind} {self.target_id}: {self.get_status_display()}"

    @property
    def is_unfinished(self) -> bool:
        return self.status in (JobStatus.QUEUED, JobStatus.RUNNING)

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 0

    @property
    def rows_a_second(self) -> int | None:
        """Of what is being done now; None before there is anything to tell it from."""
        if not (self.stage_at and self.seen_at and self.done):
            return None
        seconds = (self.seen_at - self.stage_at).total_seconds()
        return round(self.done / seconds) if seconds >= 1 else None

    @property
    def seconds_left(self) -> int | None:
        """Of what is being done now; None where its size or its pace is not known."""
        pace = self.rows_a_second
        return math.ceil((self.total - self.done) / pace) if pace and self.total >= self.done else None
