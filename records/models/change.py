from __future__ import annotations

from django.db import models
from django.utils import timezone

from campaigns.models import Campaign, User
from campaigns.permissions import Permission, has, place_filter


class ChangeKind(models.TextChoices):
    """Where a change came from. `provenance` groups them into the contract's came_from."""

    IMPORT = "import", "tệp xuất"
    EDIT = "edit", "sửa tay"
    SUGGESTION = "suggestion", "theo gợi ý"
    LIST = "list", "danh sách sửa trả về"
    NEW_PERSON = "new_person", "thêm mới"
    POLICE = "police", "công an trả"
    CIVIL_REGISTRY = "civil_registry", "hộ tịch trả"
    NEWBORNS = "newborns", "danh sách khai sinh"
    EXCLUSION = "exclusion", "đưa ra khỏi sổ"
    ADMIN = "admin", "nhập hàng loạt"
    UNDO = "undo", "hoàn tác"


CAME_FROM = {
    ChangeKind.IMPORT: "import",
    ChangeKind.SUGGESTION: "rule",
    ChangeKind.POLICE: "police",
    ChangeKind.CIVIL_REGISTRY: "civil_registry",
    ChangeKind.NEWBORNS: "civil_registry",
}  # all others: "officer"


class ChangeSetQuerySet(models.QuerySet["ChangeSet"]):
    def for_user(self, user: User) -> ChangeSetQuerySet:
        if not has(user, Permission.SEE_PEOPLE):
            return self.none()
        if user.commune_id is None:
            return self
        return self.filter(place_filter(user, "changes__record__")).distinct()


class ChangeSet(models.Model):
    """Who changed what, when, why, from which document: the one door. Undone as a whole or not at all."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, verbose_name="đợt")
    kind = models.CharField("nguồn", max_length=20, choices=ChangeKind.choices)
    by = models.ForeignKey(User, models.PROTECT, verbose_name="người làm", related_name="+")
    at = models.DateTimeField("lúc", default=timezone.now)
    reason = models.TextField("lý do", blank=True)
    document = models.CharField("giấy tờ, tệp, lô", max_length=200, blank=True)
    source_file = models.ForeignKey("records.SourceFile", models.PROTECT, null=True, related_name="change_sets")
    undoes = models.OneToOneField("self", models.PROTECT, null=True, related_name="undone_in")

    objects = ChangeSetQuerySet.as_manager()

    class Meta:
        verbose_name = "lần thay đổi"
        verbose_name_plural = "lần thay đổi"
        ordering = ["-id"]
        indexes = [models.Index(fields=["campaign", "by", "-id"], name="changeset_by")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%d/%m/%Y %H:%M}"


class Change(models.Model):
    """One value of one record, before and after; None for a field that the record did not have. The pointer
    `source_row` changes like a field, under that name. The database refuses to change or delete a row, so history
    outlives a record that `undo_import` takes out again: hence no foreign key in the database."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, db_constraint=False, db_index=False)
    change_set = models.ForeignKey(ChangeSet, models.PROTECT, related_name="changes")
    record = models.ForeignKey("records.Record", models.DO_NOTHING, related_name="changes", db_constraint=False)
    field = models.CharField(max_length=40)
    old = models.TextField(null=True)  # noqa: DJ001 - None and "" differ here
    new = models.TextField(null=True)  # noqa: DJ001

    class Meta:
        verbose_name = "thay đổi"
        verbose_name_plural = "thay đổi"
        ordering = ["-id"]
        indexes = [models.Index(fields=["campaign", "record", "field", "-id"], name="change_record_field")]

    def __str__(self) -> str:
        return f"{self.record_id} {self.field}"


class StageChange(models.Model):
    """One move of a record between stages; `old` is '' when the record came into being. Progress of any past day is
    counted from these."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, db_constraint=False, db_index=False)
    record = models.ForeignKey("records.Record", models.CASCADE, related_name="stage_changes")
    old = models.CharField(max_length=20, blank=True)
    new = models.CharField(max_length=20)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, db_constraint=False, db_index=False, related_name="+")
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = "lần chuyển tình trạng"
        verbose_name_plural = "lần chuyển tình trạng"
        ordering = ["id"]
        indexes = [models.Index(fields=["campaign", "record", "-id"], name="stagechange_record")]

    def __str__(self) -> str:
        return f"{self.record_id} {self.old} → {self.new}"
