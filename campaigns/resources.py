"""Bulk import and export of reference data and accounts in the admin. Vietnamese headings, natural keys."""

from __future__ import annotations

from typing import Any

from django.utils.text import capfirst
from import_export import fields, resources, widgets

from campaigns.models import Category, Commune, EthnicGroup, StandardLevel, User, Village
from campaigns.permissions import Role


class Listed(widgets.Widget):
    """A list of texts in one cell, separated by `;`."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> list[str]:
        return [part.strip() for part in str(value or "").split(";") if part.strip()]

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return ";".join(value or [])


class OfficeResource(resources.ModelResource):
    """Columns are headed as the pages call the fields."""

    @classmethod
    def field_from_django_field(cls, field_name: str, django_field: Any, readonly: bool) -> fields.Field:
        field: fields.Field = super().field_from_django_field(field_name, django_field, readonly)
        field.column_name = capfirst(django_field.verbose_name)
        return field

    @classmethod
    def get_display_name(cls) -> str:
        return str(capfirst(cls._meta.model._meta.verbose_name_plural))


class EthnicGroupResource(OfficeResource):
    aliases = fields.Field("aliases", column_name="Tên gọi khác", widget=Listed())

    class Meta:
        model = EthnicGroup
        import_id_fields = ("code",)
        fields = ("code", "name", "aliases", "code_2008", "means_missing")
        skip_unchanged = True


class CommuneResource(OfficeResource):
    aliases = fields.Field("aliases", column_name="Tên khác", widget=Listed())

    class Meta:
        model = Commune
        import_id_fields = ("code", "valid_from")
        exclude = ("id",)
        skip_unchanged = True


class CategoryResource(OfficeResource):
    aliases = fields.Field("aliases", column_name="Cách ghi khác", widget=Listed())

    class Meta:
        model = Category
        import_id_fields = ("code",)
        skip_unchanged = True


class StandardLevelResource(OfficeResource):
    class Meta:
        model = StandardLevel
        import_id_fields = ("effective_from",)
        skip_unchanged = True


class VillageResource(OfficeResource):
    commune = fields.Field("commune", column_name="Mã xã", widget=widgets.CachedForeignKeyWidget(Commune, "code"))

    class Meta:
        model = Village
        import_id_fields = ("commune", "name")
        exclude = ("id",)
        skip_unchanged = True


class UserResource(OfficeResource):
    """Accounts without passwords: a new one cannot sign in until an administrator gives it one."""

    username = fields.Field("username", column_name="Tài khoản")
    full_name = fields.Field("full_name", column_name="Họ và tên")
    role = fields.Field("role", column_name="Vai trò")
    commune = fields.Field("commune", column_name="Mã xã", widget=widgets.ForeignKeyWidget(Commune, "code"))
    is_active = fields.Field("is_active", column_name="Đang dùng", widget=widgets.BooleanWidget())

    class Meta:
        model = User
        import_id_fields = ("username",)
        fields = ("username", "full_name", "role", "commune", "is_active")
        skip_unchanged = True
        clean_model_instances = True

    def get_queryset(self) -> Any:
        return super().get_queryset().exclude(role=Role.SYSTEM)

    def before_save_instance(self, instance: User, row: Any, **kwargs: Any) -> None:
        if not instance.password:
            instance.set_unusable_password()
