"""What people looked at before, and decide on after, a file is written into the register."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from campaigns.models import Campaign, User
from campaigns.permissions import Permission, has
from records.models.change import ChangeSet
from records.models.record import Record
from records.models.source import SourceFile


class Foreseen(models.Model):
    """What a preview said that a file would do: applying does only that. `created`: numbers of the rows that would make
    somebody new, None when all of them would. `rows`, `records`, `versions`: the rows that would change somebody, whom,
    and which version of the record they were compared with. `gone`: ids of records that would be marked."""

    source_file = models.OneToOneField(SourceFile, models.CASCADE, related_name="foreseen")
    created = ArrayField(models.IntegerField(), null=True)
    rows = ArrayField(models.IntegerField(), default=list)
    records = ArrayField(models.BigIntegerField(), default=list)
    versions = ArrayField(models.IntegerField(), default=list)
    gone = ArrayField(models.BigIntegerField(), default=list)

    class Meta:
        verbose_name = "điều đã xem trước"
        verbose_name_plural = "điều đã xem trước"

    def __str__(self) -> str:
        return str(self.source_file)


class Side(models.TextChoices):
    OURS = "ours", "giữ của sổ"
    THEIRS = "theirs", "lấy theo tệp"


class ConflictQuerySet(models.QuerySet["Conflict"]):
    def for_user(self, user: User) -> ConflictQuerySet:
        return self if has(user, Permission.IMPORT) else self.none()

    def undecided(self) -> ConflictQuerySet:
        """Not decided yet, or decided by a change that was taken back."""
        return self.filter(Q(decision="") | Q(change_set__undone_in__isnull=False))


class Conflict(models.Model):
    """A field that people changed and the new file too, otherwise: `base` is what the file before said, `ours` what the
    register held, `theirs` what the new file says; None where there was no such field. Ours stands until a person
    decides."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, db_constraint=False, db_index=False)
    source_file = models.ForeignKey(SourceFile, models.CASCADE, related_name="conflicts")
    record = models.ForeignKey(Record, models.CASCADE, related_name="conflicts")
    row_number = models.PositiveIntegerField()
    field = models.CharField("trường", max_length=40)
    base = models.TextField(null=True)  # noqa: DJ001 - None and "" differ here
    ours = models.TextField(null=True)  # noqa: DJ001
    theirs = models.TextField(null=True)  # noqa: DJ001
    decision = models.CharField("quyết định", max_length=6, choices=Side.choices, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, db_index=False, related_name="+")
    at = models.DateTimeField(null=True)
    change_set = models.ForeignKey(ChangeSet, models.SET_NULL, null=True, related_name="+")

    objects = ConflictQuerySet.as_manager()

    class Meta:
        verbose_name = "ô cả hai bên cùng đổi"
        verbose_name_plural = "ô cả hai bên cùng đổi"
        ordering = ["source_file", "row_number", "field"]
        constraints = [
            models.UniqueConstraint(fields=["source_file", "record", "field"], name="conflict_field"),
            models.CheckConstraint(
                name="conflict_decided_by_someone",
                condition=Q(decision="") | Q(by__isnull=False, at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.record_id} {self.field}"
