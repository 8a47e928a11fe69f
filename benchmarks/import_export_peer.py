"""django-import-export doing its part: the rows of the file into records, as its admin does. The file is read by its
own format for .xlsx and run dry, then, when a person has confirmed, read again and run for good.

It gets the easier half: a file without title rows, no checks, no findings, no kept rows, no history, no comparison of
people, no entries in the admin's log."""

from __future__ import annotations

import datetime
import time
from pathlib import Path
from typing import Any

from django.utils import timezone
from import_export import fields, resources
from import_export.formats.base_formats import XLSX
from import_export.instance_loaders import CachedInstanceLoader

from benchmarks.register_file import HEADINGS
from campaigns.models import Campaign, Commune, Register, User
from records.models import ChangeKind, ChangeSet, Record, Stage


class CellField(fields.Field):
    """A column without a typed column of its own: kept in `values`."""

    def get_value(self, instance: Record) -> str:
        text: str = instance.values.get(self.column_name, "")
        return text

    def save(self, instance: Record, row: dict[str, Any], is_m2m: bool = False, **kwargs: Any) -> None:
        instance.values[self.column_name] = row[self.column_name]


TYPED = {
    "system_code": "Mã trẻ em", "full_name": "Họ và tên", "father_name": "Họ tên cha", "mother_name": "Họ tên mẹ",
    "village": "Bản", "address": "Nơi thường trú",
}  # fmt: skip


class RecordResource(resources.ModelResource):
    """All columns of the file, as texts; what Record cannot be without is filled in."""

    campaign: Campaign
    change_set: ChangeSet
    communes: dict[str, Commune]
    number = 0

    class Meta:
        model = Record
        import_id_fields = ("system_code",)
        fields = ()
        skip_unchanged = True

    def __init__(self) -> None:
        super().__init__()
        for attribute, heading in TYPED.items():
            self.fields[attribute] = fields.Field(attribute, heading)
        for number, heading in enumerate(HEADINGS):
            if heading not in TYPED.values():
                self.fields[f"cell_{number}"] = CellField(f"cell_{number}", heading)

    def before_import_row(self, row: dict[str, Any], **kwargs: Any) -> None:
        row.update((heading, "") for heading, text in row.items() if text is None)

    def before_save_instance(self, instance: Record, row: dict[str, Any], **kwargs: Any) -> None:
        RecordResource.number += 1
        instance.campaign, instance.register, instance.created_in = self.campaign, Register.CHILDREN, self.change_set
        instance.row_code = f"P{RecordResource.number}"
        instance.stage, instance.stage_at, instance.created_at = Stage.TO_REVIEW, timezone.now(), timezone.now()
        instance.commune = self.communes.get(row["Xã"])
        instance.sex = {"Nam": "nam", "Nữ": "nu"}.get(row["Giới tính"], "")
        number = row["Số định danh cá nhân"]
        instance.personal_number = number if len(number) == 12 else ""
        instance.birth_date, instance.birth_precision = _date(row["Ngày sinh"])


class BulkRecordResource(RecordResource):
    class Meta:
        model = Record
        import_id_fields = ("system_code",)
        fields = ()
        use_bulk = True
        batch_size = 1000
        skip_diff = True
        instance_loader_class = CachedInstanceLoader


def _date(text: str) -> tuple[datetime.date | None, str]:
    if text.count("/") != 2:
        return None, ""
    day, month, year = map(int, text.split("/"))
    return datetime.date(year, month, day), "day"


def measure(path: Path, *, bulk: bool) -> float:
    campaign = Campaign.objects.get()
    by = User.objects.system()
    started = time.perf_counter()
    resource = (BulkRecordResource if bulk else RecordResource)()
    resource.campaign = campaign
    resource.change_set = ChangeSet.objects.create(campaign=campaign, kind=ChangeKind.ADMIN, by=by)
    resource.communes = {c.short_name: c for c in Commune.objects.in_campaign(campaign)}
    for dry_run in (True, False):
        dataset = XLSX().create_dataset(path.read_bytes())
        result = resource.import_data(dataset, dry_run=dry_run, raise_errors=True, use_transactions=True)
        assert result.totals["new"] == len(dataset)
    assert Record.objects.count() == len(dataset)
    return time.perf_counter() - started
