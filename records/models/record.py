from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from campaigns.models import Campaign, Commune, Register, User
from campaigns.permissions import Permission, has, place_filter
from records.reading.vietnamese import sort_key


class Stage(models.TextChoices):
    TO_REVIEW = "to_review", "cần rà soát"
    READY_FOR_POLICE = "ready_for_police", "chờ gửi công an"
    WITH_POLICE = "with_police", "ở công an"
    TO_SETTLE = "to_settle", "cần quyết định"
    WITH_CIVIL_REGISTRY = "with_civil_registry", "ở hộ tịch"
    CLEANED = "cleaned", "đã sạch"
    UPLOADED = "uploaded", "đã cập nhật"
    EXCLUDED = "excluded", "đưa ra khỏi sổ"


# From where a record may come to a stage. `changes.move` refuses everything else.
S = Stage
MOVES: dict[str, frozenset[str]] = {
    S.TO_REVIEW: frozenset(Stage.values),
    S.READY_FOR_POLICE: frozenset({S.TO_REVIEW, S.CLEANED, S.WITH_POLICE, S.TO_SETTLE, S.WITH_CIVIL_REGISTRY}),
    # Back from where an answer led, when it is taken back.
    S.WITH_POLICE: frozenset({S.READY_FOR_POLICE, S.TO_SETTLE, S.TO_REVIEW, S.CLEANED, S.WITH_CIVIL_REGISTRY}),
    # A partner may answer once more, and otherwise, when the first answer is long accepted.
    S.TO_SETTLE: frozenset(set(Stage.values) - {S.TO_SETTLE, S.EXCLUDED}),
    S.WITH_CIVIL_REGISTRY: frozenset({S.TO_REVIEW, S.READY_FOR_POLICE, S.WITH_POLICE, S.TO_SETTLE, S.CLEANED}),
    S.CLEANED: frozenset(set(Stage.values) - {S.CLEANED, S.EXCLUDED}),
    S.UPLOADED: frozenset({S.CLEANED}),
    S.EXCLUDED: frozenset(set(Stage.values) - {S.EXCLUDED}),
}


class RecordQuerySet(models.QuerySet["Record"]):
    def for_user(self, user: User) -> RecordQuerySet:
        """Records that this user may look at: the own commune (or villages), the district, or none at all."""
        if not has(user, Permission.SEE_PEOPLE):
            return self.none()
        return self.filter(place_filter(user))

    def register(self, campaign: Campaign, register: str) -> RecordQuerySet:
        return self.filter(campaign=campaign, register=register)

    def present(self) -> RecordQuerySet:
        """Neither excluded from the register nor gone from the last export: what records are compared with."""
        return self.filter(is_gone=False).exclude(stage=Stage.EXCLUDED)

    def villages(self) -> list[str]:
        """As they are written, in Vietnamese order. One query."""
        named = self.exclude(village="").order_by().values_list("village", flat=True).distinct()
        return sorted(named, key=sort_key)


class Record(models.Model):
    """A person of one register. `values` is the truth: field key → text, the canonical reading of what the file had
    or people wrote; a key that is absent means that the file had no such column. The typed columns follow from it
    (`reading.checks.judge`) and are never written alone. Values change only through `records.changes`."""

    # Campaigns are never deleted, and every index that is used starts with the campaign: neither a check nor an index
    # of its own for each of a hundred thousand rows. So too in the other large tables, and for what a whole import
    # writes into every row of it (decision 18).
    campaign = models.ForeignKey(Campaign, models.PROTECT, db_constraint=False, db_index=False, verbose_name="đợt")
    register = models.CharField("sổ", max_length=15, choices=Register.choices)
    row_code = models.CharField("mã dòng", max_length=8)
    system_code = models.CharField("mã phần mềm", max_length=60, blank=True)
    values = models.JSONField("giá trị", default=dict)

    full_name = models.TextField("họ và tên", blank=True)
    match_name = models.TextField(blank=True, editable=False)
    sort_key = models.TextField(blank=True, editable=False, db_collation="C")
    birth_date = models.DateField("ngày sinh", null=True, blank=True)
    birth_precision = models.CharField(max_length=5, blank=True, editable=False)
    birth_year = models.SmallIntegerField(null=True, blank=True, editable=False)
    sex = models.CharField("giới tính", max_length=3, blank=True, choices=[("nam", "Nam"), ("nu", "Nữ")])
    ethnic_group = models.CharField("dân tộc", max_length=2, blank=True)
    personal_number = models.CharField("số định danh", max_length=12, blank=True)
    father_name = models.TextField("họ tên cha", blank=True)
    father_match = models.TextField(blank=True, editable=False)
    father_number = models.CharField(max_length=12, blank=True, editable=False)
    mother_name = models.TextField("họ tên mẹ", blank=True)
    mother_match = models.TextField(blank=True, editable=False)
    mother_number = models.CharField(max_length=12, blank=True, editable=False)
    guardian_name = models.TextField("người giám hộ, nhận thay", blank=True)
    guardian_number = models.CharField(max_length=12, blank=True, editable=False)
    commune = models.ForeignKey(
        Commune, models.PROTECT, null=True, blank=True, db_index=False, verbose_name="xã, thị trấn"
    )
    village = models.TextField("bản", blank=True)
    address = models.TextField("nơi thường trú", blank=True)
    care_support = models.BooleanField("diện chăm sóc", default=False)

    stage = models.CharField("tình trạng", max_length=20, choices=Stage.choices)
    stage_at = models.DateTimeField("từ lúc")
    in_scope = models.BooleanField(default=True, help_text="Sai: không xét (đối tượng thôi hưởng).")
    is_gone = models.BooleanField("không còn trong tệp xuất", default=False)
    is_new = models.BooleanField("thêm trong đợt", default=False)
    ask_police = models.BooleanField("đề nghị công an xem", default=False)
    version = models.PositiveIntegerField(default=1)
    source_row = models.ForeignKey(
        "records.SourceRow", models.SET_NULL, null=True, db_constraint=False, db_index=False, related_name="+"
    )
    created_in = models.ForeignKey(
        "records.ChangeSet", models.PROTECT, db_constraint=False, related_name="created_records"
    )
    exclusion = models.ForeignKey("records.Exclusion", models.PROTECT, null=True, related_name="records")
    created_at = models.DateTimeField("đưa vào lúc")

    objects = RecordQuerySet.as_manager()

    class Meta:
        verbose_name = "hồ sơ"
        verbose_name_plural = "hồ sơ"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "row_code"], name="record_row_code"),
            models.UniqueConstraint(
                fields=["campaign", "register", "system_code"],
                condition=~Q(system_code=""),
                name="record_system_code",
            ),
            models.CheckConstraint(name="record_stage_known", condition=Q(stage__in=Stage.values)),
            models.CheckConstraint(
                name="record_excluded_with_request",
                condition=~Q(stage="excluded") | Q(exclusion__isnull=False),
            ),
            models.CheckConstraint(
                name="record_number_is_12_digits",
                condition=Q(personal_number="") | Q(personal_number__regex=r"^[0-9]{12}$"),
            ),
            models.CheckConstraint(
                name="record_birth_date_has_precision",
                condition=Q(birth_date__isnull=True, birth_precision="")
                | Q(birth_date__isnull=False, birth_precision__in=["day", "month", "year"]),
            ),
        ]
        indexes = [
            models.Index(fields=["campaign", "register", "commune", "stage", "id"], name="record_place_stage"),
            models.Index(
                fields=["campaign", "register", "personal_number"],
                condition=~Q(personal_number=""),
                name="record_number",
            ),
            models.Index(fields=["campaign", "register", "match_name", "birth_year"], name="record_name_year"),
            models.Index(fields=["campaign", "register", "commune", "village", "sort_key"], name="record_walk"),
        ]

    def __str__(self) -> str:
        return self.row_code

    def value(self, field: str) -> str:
        """The value as it stands, '' when there is none or the file had no such column."""
        text: str = self.values.get(field, "")
        return text


class _RegisterManager(models.Manager["Record"]):
    def __init__(self, register: str) -> None:
        super().__init__()
        self.register = register

    def get_queryset(self) -> Any:
        return RecordQuerySet(self.model, using=self._db).filter(register=self.register)


class Child(Record):
    objects = _RegisterManager(Register.CHILDREN)  # type: ignore[misc, assignment]

    class Meta:
        proxy = True
        verbose_name = "trẻ em"
        verbose_name_plural = "sổ trẻ em"


class Beneficiary(Record):
    objects = _RegisterManager(Register.BENEFICIARIES)  # type: ignore[misc, assignment]

    class Meta:
        proxy = True
        verbose_name = "đối tượng bảo trợ"
        verbose_name_plural = "sổ đối tượng bảo trợ"
