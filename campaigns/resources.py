"""Bulk import and export of reference data and accounts in the admin. Vietnamese headings, natural keys."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import capfirst
from import_export import fields, resources, widgets
from import_export.resources import Diff

from campaigns import audit
from campaigns.models import BulkFile, Category, Commune, EthnicGroup, StandardLevel, User, Village
from campaigns.permissions import Role

_REPORT_EVERY = 200  # rows


class Listed(widgets.Widget):
    """A list of texts in one cell, separated by `;`."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> list[str]:
        return [part.strip() for part in str(value or "").split(";") if part.strip()]

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return ";".join(value or [])


class Day(widgets.DateWidget):
    """Written as people write days here; read that way or as ISO."""

    def __init__(self) -> None:
        super().__init__(format="%d/%m/%Y")
        self.formats = ("%d/%m/%Y", "%Y-%m-%d")


class YesNo(widgets.Widget):
    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> bool:
        text = str(value or "").strip().lower()
        if text in ("có", "co", "1", "x", "true", "đúng"):
            return True
        if text in ("không", "khong", "0", "", "false", "sai"):
            return False
        raise ValueError(f"“{value}” không phải có hay không. Ghi “có” hoặc “không”.")

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "có" if value else "không"


class Choice(widgets.Widget):
    """Written in words; read in words or as the code that is kept."""

    def __init__(self, choices: list[tuple[str, str]]) -> None:
        super().__init__()
        self.words = {code: str(label) for code, label in choices}
        self.codes = {text.casefold(): code for code, label in choices for text in (str(label), str(code))}

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        text = str(value or "").strip()
        if text and text.casefold() not in self.codes:
            raise ValueError(f"“{text}” không có trong danh sách. Chọn một trong: {', '.join(self.words.values())}.")
        return self.codes.get(text.casefold(), "")

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return self.words.get(value, str(value or ""))


class CommuneCode(widgets.Widget):
    """A commune of the campaign by its code: a code may have meant another commune at another time."""

    def __init__(self) -> None:
        super().__init__()
        self.communes: dict[str, Commune] = {}

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Commune | None:
        code = str(value or "").strip()
        if not code:
            return None
        if code.zfill(5) not in self.communes:
            raise ValueError(f"Huyện không có xã, thị trấn mã “{code}”. Xem mã ở danh mục xã, thị trấn.")
        return self.communes[code.zfill(5)]

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return value.code if value else ""


class Changes(Diff):
    """Before and after of each column, to be drawn by our own page."""

    def as_html(self) -> list[list[str]]:
        return [["" if self.new else str(old), str(new)] for old, new in zip(self.left, self.right, strict=True)]


class BulkResource(resources.ModelResource):
    """What all resources share: they know the file that they work for, say how far they are, and call columns as the
    pages call them. `row_by_row`: each row is written by itself, inside a savepoint."""

    row_by_row = True

    def __init__(self, *, bulk_file: BulkFile | None = None, report: Any = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.bulk_file, self.report = bulk_file, report
        self.headings: list[str] = []
        self.notes: list[str] = []
        self._total = 0

    @classmethod
    def get_diff_class(cls) -> type[Diff]:
        return Changes

    @classmethod
    def get_display_name(cls) -> str:
        return str(capfirst(cls._meta.model._meta.verbose_name_plural))

    @classmethod
    def field_from_django_field(cls, field_name: str, django_field: Any, readonly: bool) -> fields.Field:
        field: fields.Field = super().field_from_django_field(field_name, django_field, readonly)
        field.column_name = capfirst(django_field.verbose_name)
        if django_field.choices:
            field.widget = Choice(list(django_field.choices))
        elif isinstance(django_field, models.BooleanField):
            field.widget = YesNo()
        elif isinstance(django_field, models.DateField):
            field.widget = Day()
        return field

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        self.headings, self._total = list(dataset.headers), len(dataset)
        if self.bulk_file is not None:
            communes = {one.code: one for one in Commune.objects.in_campaign(self.bulk_file.campaign)}
            for field in self.fields.values():
                if isinstance(field.widget, CommuneCode):
                    field.widget.communes = communes

    def before_import_row(self, row: Any, **kwargs: Any) -> None:
        if self.report is not None and kwargs["row_number"] % _REPORT_EVERY == 0:
            self.report("đối chiếu từng dòng", kwargs["row_number"], self._total)

    def after_import(self, dataset: Any, result: Any, **kwargs: Any) -> None:
        """The library would reset sequences; nothing here sets a key."""


class EthnicGroupResource(BulkResource):
    aliases = fields.Field("aliases", column_name="Tên gọi khác", widget=Listed())

    class Meta:
        model = EthnicGroup
        import_id_fields = ("code",)
        fields = ("code", "name", "aliases", "code_2008", "means_missing")
        skip_unchanged = True
        clean_model_instances = True


class CommuneResource(BulkResource):
    aliases = fields.Field("aliases", column_name="Tên khác", widget=Listed())

    class Meta:
        model = Commune
        import_id_fields = ("code", "valid_from")
        exclude = ("id",)
        skip_unchanged = True
        clean_model_instances = True


class CategoryResource(BulkResource):
    aliases = fields.Field("aliases", column_name="Cách ghi khác", widget=Listed())

    class Meta:
        model = Category
        import_id_fields = ("code",)
        skip_unchanged = True
        clean_model_instances = True


class StandardLevelResource(BulkResource):
    class Meta:
        model = StandardLevel
        import_id_fields = ("effective_from",)
        skip_unchanged = True
        clean_model_instances = True


class VillageResource(BulkResource):
    commune = fields.Field("commune", column_name="Mã xã", widget=CommuneCode())

    class Meta:
        model = Village
        import_id_fields = ("commune", "name")
        exclude = ("id",)
        skip_unchanged = True
        clean_model_instances = True


class VillageNames(widgets.ManyToManyWidget):
    """Villages of the row's own commune, by name."""

    def __init__(self) -> None:
        super().__init__(Village, separator=";", field="name")

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        names = Listed().clean(value)
        found = Village.objects.filter(commune__code=str(row.get("Mã xã") or "").zfill(5), name__in=names)
        if missing := sorted(set(names) - {village.name for village in found}):
            raise ValueError(f"Xã không có bản {', '.join(missing)}. Xem tên ở danh mục bản, tiểu khu.")
        return found


class UserResource(BulkResource):
    """Accounts without passwords: a new one cannot sign in until an administrator gives it one."""

    username = fields.Field("username", column_name="Tài khoản")
    full_name = fields.Field("full_name", column_name="Họ và tên")
    commune = fields.Field("commune", column_name="Mã xã", widget=CommuneCode())
    villages = fields.Field("villages", column_name="Bản phụ trách", widget=VillageNames())
    is_active = fields.Field("is_active", column_name="Đang dùng", widget=YesNo())

    class Meta:
        model = User
        import_id_fields = ("username",)
        fields = ("username", "full_name", "role", "commune", "villages", "is_active")
        skip_unchanged = True
        clean_model_instances = True

    def get_queryset(self) -> Any:
        return super().get_queryset().exclude(role=Role.SYSTEM).select_related("commune").prefetch_related("villages")

    def after_init_instance(self, instance: User, new: bool, row: Any, **kwargs: Any) -> None:
        if new:
            instance.set_unusable_password()

    def before_save_instance(self, instance: User, row: Any, **kwargs: Any) -> None:
        by = kwargs["user"]
        if instance.pk == by.pk:
            raise ValidationError("Không tự đổi tài khoản của mình trong tệp. Bỏ dòng này ra.")
        if instance.role == Role.SYSTEM:
            raise ValidationError("Vai trò này chỉ dành cho lệnh trên máy chủ.")
        event = "account_changed" if instance.pk else "account_created"
        audit.record(event, by=by, target=f"account:{instance.username}", fields=["bulk"], role=instance.role)
