"""Bulk import and export of the registers in the admin: every format of django-import-export, the same one door."""

from __future__ import annotations

from typing import Any

from django.utils.text import capfirst
from import_export import fields, resources
from import_export.instance_loaders import BaseInstanceLoader

from campaigns.command import find_campaign
from campaigns.models import Register, User
from records import changes
from records.models import Beneficiary, ChangeKind, ChangeSet, Child, Record
from records.reference import fields_of


class ByRowCode(BaseInstanceLoader):
    """Finds a record of the open campaign by our row code; a row without one is a new person."""

    def get_instance(self, row: Any) -> Record | None:
        code = str(row.get("Mã dòng") or "").strip()
        return self.resource.get_queryset().filter(row_code=code).first() if code else None


class ValueField(fields.Field):
    """One field of the column set, read from and written to `Record.values`."""

    def get_value(self, instance: Record) -> str:
        return instance.value(self.attribute)

    def save(self, instance: Record, row: Any, is_m2m: bool = False, **kwargs: Any) -> None:
        """An empty cell of a column that the record never had says nothing."""
        text = str(row.get(self.column_name) or "").strip()
        if text or (self.column_name in row and self.attribute in instance.values):
            instance.values = {**instance.values, self.attribute: text}


class RecordResource(resources.ModelResource):
    """`values` of the instance is what the row wants; saving turns it into an edit of the stored record."""

    register: str

    def __init__(self, *, user: User | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.user = user
        self.fields = {
            "row_code": fields.Field("row_code", column_name="Mã dòng", readonly=True),
            **{f.key: ValueField(f.key, column_name=f.label) for f in fields_of(self.register)},
        }

    @classmethod
    def get_display_name(cls) -> str:
        return str(capfirst(cls._meta.model._meta.verbose_name_plural))

    def get_queryset(self) -> Any:
        return self._meta.model.objects.filter(campaign=find_campaign(None)).order_by("pk")

    def get_import_order(self) -> Any:
        return list(self.fields)

    get_export_order = get_import_order

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        self.campaign = find_campaign(None)
        self.change_set: ChangeSet = changes.open_change_set(
            self.campaign, ChangeKind.ADMIN, by=kwargs["user"], document=str(kwargs.get("file_name") or "")
        )

    def after_import(self, dataset: Any, result: Any, **kwargs: Any) -> None:
        """ModelResource would reset sequences; nothing here sets a key."""

    def init_instance(self, row: Any = None) -> Record:
        return self._meta.model(campaign=find_campaign(None), register=self.register, values={})  # type: ignore[no-any-return]

    def skip_row(self, instance: Record, original: Record, row: Any, import_validation_errors: Any = None) -> bool:
        return bool(instance.pk) and instance.values == original.values

    def validate_instance(self, instance: Record, *args: Any, **kwargs: Any) -> None:
        """The rules judge, and never refuse a row (contract section 2)."""

    def save_instance(self, instance: Record, is_create: bool, row: Any, **kwargs: Any) -> None:
        if is_create:
            record = changes.add_person(self.campaign, self.register, instance.values, change_set=self.change_set)
            instance.pk, instance.row_code = record.pk, record.row_code
        else:
            changes.apply(self.change_set, {instance.pk: instance.values})


class ChildResource(RecordResource):
    register = Register.CHILDREN

    class Meta:
        model = Child
        instance_loader_class = ByRowCode
        import_id_fields = ("row_code",)
        fields = ("row_code",)
        use_transactions = True


class BeneficiaryResource(RecordResource):
    register = Register.BENEFICIARIES

    class Meta:
        model = Beneficiary
        instance_loader_class = ByRowCode
        import_id_fields = ("row_code",)
        fields = ("row_code",)
        use_transactions = True
