"""Bulk import and export of the registers in the administration: every row by our row code, all of them through the one
door at once."""

from __future__ import annotations

from copy import copy
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from import_export import fields
from import_export.instance_loaders import BaseInstanceLoader

from campaigns.models import Register
from campaigns.resources import BulkResource
from records import changes
from records.models import Beneficiary, ChangeKind, Child, Record
from records.reference import fields_of

ROW_CODE, VERSION = "Mã dòng", "Lần sửa"


class ByRowCode(BaseInstanceLoader):
    """Records of the file, asked for once; a row without a code is a new person."""

    def get_instance(self, row: Any) -> Record | None:
        code = str(row.get(ROW_CODE) or "").strip().upper()
        if not code:
            return None
        if code in self.resource.seen:
            raise ValidationError(f"Mã dòng {code} đã có ở dòng trên. Mỗi người chỉ một dòng.")
        self.resource.seen.add(code)
        if code not in self.resource.known:
            raise ValidationError(f"Sổ này không có hồ sơ mã dòng {code}. Xem lại mã, hoặc để trống để thêm người mới.")
        known: dict[str, Record] = self.resource.known
        return copy(known[code])


class ValueField(fields.Field):
    """One field of the column set, read from and written to `Record.values`."""

    def get_value(self, instance: Record) -> str:
        return instance.value(self.attribute)

    def save(self, instance: Record, row: Any, is_m2m: bool = False, **kwargs: Any) -> None:
        """An empty cell of a column that the record never had says nothing."""
        text = str(row.get(self.column_name) or "").strip()
        if text or (self.column_name in row and self.attribute in instance.values):
            instance.values = {**instance.values, self.attribute: text}


class RecordResource(BulkResource):
    """`values` of an instance is what its row wants. Nothing is written row by row: when all rows are read, those that
    differ become one change set, and rows without a code become new persons."""

    register: str
    row_by_row = False

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fields = {
            "row_code": fields.Field("row_code", column_name=ROW_CODE, readonly=True),
            "version": fields.Field("version", column_name=VERSION, readonly=True),
            **{f.key: ValueField(f.key, column_name=f.label) for f in fields_of(self.register)},
        }
        self.known: dict[str, Record] = {}
        self.seen: set[str] = set()
        self.edits: dict[int, dict[str, str | None]] = {}
        self.versions: dict[int, int] = {}
        self.people: list[dict[str, str]] = []
        self.of_code: dict[str, str] = {}  # system code → row code of who has it

    @classmethod
    def get_display_name(cls) -> str:
        return str(capfirst(cls._meta.model._meta.verbose_name_plural))

    def get_queryset(self) -> Any:
        records = self._meta.model.objects.order_by("pk")
        return records.filter(campaign=self.bulk_file.campaign) if self.bulk_file else records.none()

    def get_import_order(self) -> Any:
        return list(self.fields)

    get_export_order = get_import_order

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        super().before_import(dataset, **kwargs)
        if ROW_CODE not in dataset.headers:
            raise ValidationError(f"Tệp không có cột “{ROW_CODE}”. Xuất một tệp từ đây rồi sửa trong tệp ấy.")
        codes = {str(code or "").strip().upper() for code in dataset[ROW_CODE]} - {""}
        self.known = {record.row_code: record for record in self.get_queryset().filter(row_code__in=codes)}

        heading = self.fields["system_code"].column_name
        if heading in dataset.headers:
            given = {str(code or "").strip() for code in dataset[heading]} - {""}
            held = self.get_queryset().filter(system_code__in=given)
            self.of_code = dict(held.values_list("system_code", "row_code"))

    def init_instance(self, row: Any = None) -> Record:
        return self._meta.model(register=self.register, values={})  # type: ignore[no-any-return]

    def skip_row(self, instance: Record, original: Record, row: Any, import_validation_errors: Any = None) -> bool:
        return bool(instance.pk) and instance.values == original.values

    def validate_instance(self, instance: Record, *args: Any, **kwargs: Any) -> None:
        """The rules judge, and never refuse a row (contract section 2)."""

    def _check_system_code(self, instance: Record) -> None:
        code = instance.value("system_code")
        if not code:
            return
        me = instance.row_code or f"mới thứ {len(self.people) + 1} của tệp"
        holder = self.of_code.setdefault(code, me)
        if holder != me:
            raise ValidationError(
                f"{self.fields['system_code'].column_name} {code} đã có ở hồ sơ {holder}. "
                "Người mới chưa có trên phần mềm thì để trống ô này."
            )

    def save_instance(self, instance: Record, is_create: bool, row: Any, **kwargs: Any) -> None:
        self._check_system_code(instance)
        if is_create:
            self.people.append(instance.values)
            return
        before = self.known[instance.row_code].values
        self.edits[instance.pk] = {key: text for key, text in instance.values.items() if before.get(key) != text}
        version = str(row.get(VERSION) or "").strip()
        if version.isdecimal():
            self.versions[instance.pk] = int(version)

    def after_import(self, dataset: Any, result: Any, **kwargs: Any) -> None:
        if self.bulk_file is None or result.has_errors() or result.has_validation_errors():
            return
        campaign, by = self.bulk_file.campaign, kwargs["user"]
        if not self.edits and not self.people:
            return
        if self.report is not None:
            self.report("ghi vào sổ", 0, 0)
        change_set = changes.open_change_set(campaign, ChangeKind.ADMIN, by=by, document=self.bulk_file.name)
        applied = changes.apply(change_set, self.edits, versions=self.versions)
        changes.add_people(campaign, self.register, self.people, change_set=change_set)
        if applied.stale:
            codes = sorted({edit.record.row_code for edit in applied.stale})
            shown = ", ".join(codes[:10]) + ("…" if len(codes) > 10 else "")
            self.notes.append(
                f"{len(codes)} hồ sơ đã có người sửa sau khi tệp được xuất nên giữ nguyên: {shown}. "
                "Xuất lại tệp để sửa tiếp các hồ sơ ấy."
            )


class ChildResource(RecordResource):
    register = Register.CHILDREN

    class Meta:
        model = Child
        instance_loader_class = ByRowCode
        import_id_fields = ("row_code",)
        fields = ("row_code",)


class BeneficiaryResource(RecordResource):
    register = Register.BENEFICIARIES

    class Meta:
        model = Beneficiary
        instance_loader_class = ByRowCode
        import_id_fields = ("row_code",)
        fields = ("row_code",)
