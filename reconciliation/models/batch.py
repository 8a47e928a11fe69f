from __future__ import annotations

from django.db import models
from django.db.models import Q

from campaigns.models import Campaign, Commune, Register, User
from campaigns.permissions import BATCH_KINDS, Permission, Role, has
from records.models import Record, SourceFile, Stage


class BatchKind(models.TextChoices):
    POLICE = "police", "công an"
    CIVIL_REGISTRY = "civil_registry", "hộ tịch"


class Outcome(models.TextChoices):
    """What became of a line; '' while the list is out. Contract section 4."""

    ACCEPTED = "accepted", "đã nhận"
    TO_SETTLE = "to_settle", "cần quyết định"
    TO_CIVIL_REGISTRY = "to_civil_registry", "chuyển hộ tịch"
    UNANSWERED = "unanswered", "chưa trả lời"
    MISSING = "missing", "thiếu trong tệp"


def _place(user: User, prefix: str = "") -> Q:
    kind = BATCH_KINDS.get(Role(user.role))
    where = Q(**{f"{prefix}kind": kind}) if kind else Q()
    return where & Q(**{f"{prefix}commune": user.commune_id}) if user.commune_id else where


class BatchQuerySet(models.QuerySet["Batch"]):
    def for_user(self, user: User) -> BatchQuerySet:
        return self.filter(_place(user)) if has(user, Permission.SEE_BATCHES) else self.none()


class Batch(models.Model):
    """A numbered list that left for one partner in one commune. Made before its file is written."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, verbose_name="đợt")
    register = models.CharField("sổ", max_length=15, choices=Register.choices)
    commune = models.ForeignKey(Commune, models.PROTECT, verbose_name="xã, thị trấn")
    kind = models.CharField("gửi", max_length=15, choices=BatchKind.choices)
    code = models.CharField("mã lô", max_length=20)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="người gửi")
    at = models.DateTimeField("gửi lúc")
    due = models.DateField("hẹn trả")
    rows = models.PositiveIntegerField("số dòng")
    file = models.FileField("tệp", upload_to="batches/%Y/%m/", max_length=255, blank=True)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    closed_at = models.DateTimeField("xong lúc", null=True, blank=True)

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = "lô"
        verbose_name_plural = "lô"
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["campaign", "code"], name="batch_code")]
        indexes = [models.Index(fields=["campaign", "register", "commune", "kind"], name="batch_place")]

    def __str__(self) -> str:
        return self.code


def waits_for_decision(prefix: str = "") -> Q:
    """Lines on which somebody has still to decide. A record that left the register with a second person's word has
    been decided on."""
    open_line = Q(**{f"{prefix}outcome": Outcome.TO_SETTLE, f"{prefix}settled_at": None})
    return open_line & ~Q(**{f"{prefix}record__stage": Stage.EXCLUDED})


class BatchLineQuerySet(models.QuerySet["BatchLine"]):
    def for_user(self, user: User) -> BatchLineQuerySet:
        return self.filter(_place(user, "batch__")) if has(user, Permission.SEE_LINES) else self.none()


class BatchLine(models.Model):
    """One person on a list. `sent` holds exactly what was written, heading → text; `sent_values` what the record held
    then, field → value, for the fields that went out. `answer` is the last answer, heading → text."""

    campaign = models.ForeignKey(Campaign, models.PROTECT)
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="lines")
    number = models.PositiveIntegerField("STT")
    record = models.ForeignKey(Record, models.PROTECT, related_name="batch_lines")
    row_code = models.CharField("mã dòng", max_length=8)
    record_version = models.PositiveIntegerField()
    sent = models.JSONField(default=dict)
    sent_values = models.JSONField(default=dict)
    answer = models.JSONField("trả lời", default=dict)
    draft = models.JSONField("đang trả lời", default=dict, help_text="Gõ trong trình duyệt, chưa nộp.")
    result_code = models.CharField("mã kết quả", max_length=1, blank=True)
    outcome = models.CharField("kết quả", max_length=20, choices=Outcome.choices, blank=True)
    altered = models.JSONField("cột bị sửa", default=list)
    repeated = models.BooleanField("lặp", default=False)
    reason = models.TextField("lý do", blank=True)
    answered_at = models.DateTimeField("trả lời lúc", null=True, blank=True)
    settled_at = models.DateTimeField("quyết định xong lúc", null=True, blank=True)

    objects = BatchLineQuerySet.as_manager()

    class Meta:
        verbose_name = "dòng của lô"
        verbose_name_plural = "dòng của lô"
        ordering = ["batch", "number"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "batch", "row_code"], name="batchline_row_code"),
            models.UniqueConstraint(fields=["campaign", "batch", "number"], name="batchline_number"),
            models.CheckConstraint(
                name="batchline_answered_has_time",
                condition=~Q(outcome__in=["accepted", "to_settle", "to_civil_registry"]) | Q(answered_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["campaign", "record"], name="batchline_record")]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.row_code}"


class HandBackQuerySet(models.QuerySet["HandBack"]):
    def for_user(self, user: User) -> HandBackQuerySet:
        return self.filter(_place(user, "batch__")) if has(user, Permission.HAND_BACK) else self.none()


class HandBack(models.Model):
    """One returned file of a batch, kept byte for byte (`source_file`; None for answers typed in the browser), and
    what its rows came to, row by row."""

    campaign = models.ForeignKey(Campaign, models.PROTECT)
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="hand_backs")
    source_file = models.ForeignKey(SourceFile, models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="người nhận")
    at = models.DateTimeField("nhận lúc", auto_now_add=True)
    counts = models.JSONField("kết quả", default=dict)
    rows = models.JSONField("từng dòng", default=list, help_text="row_code, outcome, altered, repeated, reason")
    undone_at = models.DateTimeField("hoàn tác lúc", null=True)
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người hoàn tác")

    objects = HandBackQuerySet.as_manager()

    class Meta:
        verbose_name = "lần nhận lại"
        verbose_name_plural = "lần nhận lại"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.at:%d/%m/%Y %H:%M}"


class Difference(models.Model):
    """One thing about a returned line that a person must decide: a field where theirs is not ours, or (field '') a
    line without values such as N, M, D, T."""

    campaign = models.ForeignKey(Campaign, models.PROTECT)
    line = models.ForeignKey(BatchLine, models.CASCADE, related_name="differences")
    field = models.CharField("trường", max_length=40, blank=True)
    ours = models.TextField("sổ ta", blank=True)
    sent = models.TextField("đã gửi", blank=True)
    theirs = models.TextField("họ trả", blank=True)
    reason = models.TextField("vì sao", blank=True)
    decision = models.CharField(
        "quyết định", max_length=15, blank=True,
        choices=[
            ("theirs", "lấy của họ"), ("ours", "giữ của ta"), ("civil_registry", "hỏi hộ tịch"),
            ("ask_again", "hỏi lại"), ("review", "về rà soát"), ("exclusion", "đề nghị đưa ra khỏi sổ"),
        ],
    )  # fmt: skip
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người quyết định")
    at = models.DateTimeField("lúc", null=True)

    class Meta:
        verbose_name = "điều cần quyết định"
        verbose_name_plural = "điều cần quyết định"
        ordering = ["line", "id"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "line", "field"], name="difference_line_field"),
            models.CheckConstraint(
                name="difference_decided_by_someone",
                condition=Q(decision="", by__isnull=True, at__isnull=True)
                | ~Q(decision="") & Q(by__isnull=False, at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line_id} {self.field}"
