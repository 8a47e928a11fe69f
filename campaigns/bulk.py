"""Bulk import and export of the administration: receive → check → apply, and write. What a kind of data is made of, and
by which door it comes in, is said by its resource (`resources.py` of each app); files of many rows are worked on by a
job. `check` is the same work as `apply`, rolled back."""

from __future__ import annotations

import hashlib
import logging
import re
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import tablib
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import OperationalError, transaction
from django.utils import timezone
from import_export.results import Result, RowResult

from campaigns import audit, bulk_reading, bulk_writing, jobs
from campaigns.errors import WorkRefused
from campaigns.jobs import Report, no_report
from campaigns.models import BulkFile, BulkStatus, Campaign, Job, User
from campaigns.permissions import Permission, check

AT_ONCE = 2000  # rows; more are worked on by a job
SHOWN = 100  # rows of a preview
CHECK, APPLY, WRITE = "bulk_check", "bulk_apply", "bulk_write"
_WORDS = {RowResult.IMPORT_TYPE_NEW: "new", RowResult.IMPORT_TYPE_UPDATE: "update", RowResult.IMPORT_TYPE_SKIP: "skip"}
S = BulkStatus
_log = logging.getLogger(__name__)


def forget_old() -> None:
    """What was exported, or never confirmed, is fetched within a day or not at all: people's data does not lie here."""
    yesterday = timezone.now() - timedelta(days=1)
    for old in BulkFile.objects.filter(at__lt=yesterday).exclude(status=S.APPLIED).exclude(file=""):
        old.file.delete(save=False)
        BulkFile.objects.filter(pk=old.pk).update(file="", face={}, status=S.DISCARDED)


def resource_for(bulk_file: BulkFile, report: Report = no_report) -> Any:
    model_admin: Any = admin.site.get_model_admin(apps.get_model(bulk_file.model))
    return model_admin.resource_classes[0](bulk_file=bulk_file, report=report)


def receive(campaign: Campaign, model: str, upload: UploadedFile, *, by: User) -> BulkFile:
    """Keeps the file and counts its rows. Raises WorkRefused: `too_large`, `unreadable_file`."""
    check(by, Permission.MANAGE)
    forget_old()
    name = upload.name or ""
    if (upload.size or 0) > settings.MAX_UPLOAD_MB << 20:
        raise WorkRefused(
            "too_large", f"Tệp “{name}” lớn hơn {settings.MAX_UPLOAD_MB} MB. Tách tệp rồi nhập từng phần."
        )
    content = upload.read()
    bulk_file = BulkFile(
        campaign=campaign, model=model, is_export=False, name=name[-255:], by=by, status=S.RECEIVED,
        sha256=hashlib.sha256(content).hexdigest(),
    )  # fmt: skip
    try:
        bulk_file.format = bulk_reading.format_of(name)
        _, rows = _read(content, bulk_file.format)
    except bulk_reading.NotReadableError as error:
        raise WorkRefused("unreadable_file", str(error)) from error
    bulk_file.rows = len(rows)
    bulk_file.file.save(f"{model}.{bulk_file.format}", ContentFile(content), save=False)
    bulk_file.save()
    return bulk_file


def check_file(bulk_file: BulkFile, *, by: User, report: Report = no_report) -> BulkFile:
    """The preview: what applying would do, for a person to confirm; or why it cannot be."""
    check(by, Permission.MANAGE)
    _still(bulk_file, S.RECEIVED, S.CHECKED, S.REFUSED)
    with transaction.atomic():
        result, resource = _work(bulk_file, report)
        transaction.set_rollback(True)
    _show(bulk_file, result, resource)
    bulk_file.status = S.REFUSED if bulk_file.face["errors"] else S.CHECKED
    bulk_file.refused_because = "Có dòng chưa hợp lệ; chưa có gì được ghi." if bulk_file.face["errors"] else ""
    bulk_file.save(update_fields=["status", "refused_because", "face"])
    return bulk_file


@transaction.atomic
def apply_file(bulk_file: BulkFile, *, by: User, report: Report = no_report) -> BulkFile:
    """Writes all of it or nothing. A file that is applied already stays as it is."""
    check(by, Permission.MANAGE)
    bulk_file = BulkFile.objects.select_for_update(of=("self",)).select_related("campaign", "by").get(pk=bulk_file.pk)
    if bulk_file.status == S.APPLIED:
        return bulk_file
    _still(bulk_file, S.CHECKED)
    result, resource = _work(bulk_file, report)
    _show(bulk_file, result, resource)
    if bulk_file.face["errors"]:
        line, said = bulk_file.face["errors"][0]
        raise WorkRefused("usage", f"Dữ liệu đã đổi từ khi xem trước; dòng {line}: {said} Xem trước lại. Chưa ghi gì.")
    bulk_file.face |= {"rows": [], "headings": []}  # what stands in the register now need not lie here too
    bulk_file.status, bulk_file.applied_at = S.APPLIED, timezone.now()
    bulk_file.save(update_fields=["status", "face", "applied_at"])
    audit.record(
        "bulk_imported", by=by, campaign=bulk_file.campaign, target=f"bulk:{bulk_file.pk}", model=bulk_file.model,
        sha256=bulk_file.sha256, totals=bulk_file.face["totals"],
    )  # fmt: skip
    judge_again(bulk_file.model, by=by)
    return bulk_file


@transaction.atomic
def discard(bulk_file: BulkFile, *, by: User) -> None:
    check(by, Permission.MANAGE)
    _still(bulk_file, S.RECEIVED, S.CHECKED, S.REFUSED)
    bulk_file.status, bulk_file.face = S.DISCARDED, {}
    bulk_file.save(update_fields=["status", "face"])
    audit.record("bulk_discarded", by=by, campaign=bulk_file.campaign, target=f"bulk:{bulk_file.pk}")


def ask_to_write(campaign: Campaign, model: str, kind: str, *, by: User, rows: int, **options: Any) -> BulkFile:
    """An export that a job will write. `options`: `columns` (names of the resource's fields), `keys` (None: all)."""
    check(by, Permission.MANAGE)
    forget_old()
    return BulkFile.objects.create(
        campaign=campaign, model=model, is_export=True, format=kind, by=by, rows=rows, status=S.WRITING,
        options=options, name=f"{model.rpartition('.')[2]}-{timezone.localtime():%Y%m%d-%H%M}.{kind}",
    )  # fmt: skip


def content_of(bulk_file: BulkFile, *, by: User, report: Report = no_report) -> bytes:
    """What an export holds, as bytes; recorded."""
    check(by, Permission.MANAGE)
    resource = resource_for(bulk_file, report)
    columns, keys = bulk_file.options["columns"], bulk_file.options["keys"]
    queryset = resource.get_queryset()
    if keys is not None:
        queryset = queryset.filter(pk__in=keys)
    dataset = resource.export(queryset, export_fields=columns)
    audit.record(
        "bulk_exported", by=by, campaign=bulk_file.campaign, target=f"bulk:{bulk_file.pk or ''}",
        model=bulk_file.model, rows=len(dataset),
    )  # fmt: skip
    return bulk_writing.write(dataset.headers or [], dataset, bulk_file.format)


def write_file(bulk_file: BulkFile, *, by: User, report: Report = no_report) -> BulkFile:
    """A job whose worker died may call it again."""
    if bulk_file.status == S.WRITTEN:
        return bulk_file
    content = content_of(bulk_file, by=by, report=report)
    bulk_file.file.save(f"{bulk_file.model}.{bulk_file.format}", ContentFile(content), save=False)
    bulk_file.sha256, bulk_file.status = hashlib.sha256(content).hexdigest(), S.WRITTEN
    bulk_file.save(update_fields=["file", "sha256", "status"])
    return bulk_file


def go_on(bulk_file: BulkFile, kind: str, *, by: User) -> Job | None:
    """The next step: now for few rows, else as a job, which is returned."""
    if bulk_file.rows > AT_ONCE:
        return jobs.enqueue(kind, campaign=bulk_file.campaign, by=by, target_id=bulk_file.pk)
    {CHECK: check_file, APPLY: apply_file, WRITE: write_file}[kind](bulk_file, by=by)
    return None


def judge_again(model: str, *, by: User) -> None:
    """A list that rules compare with has changed: findings of every open campaign are to be brought up to date."""
    kind = getattr(admin.site.get_model_admin(apps.get_model(model)), "judging_job", "")
    if not kind:
        return
    for campaign in Campaign.objects.open():
        jobs.enqueue_once(kind, campaign=campaign, by=by)


def _still(bulk_file: BulkFile, *statuses: str) -> None:
    if bulk_file.status not in statuses:
        raise WorkRefused("usage", f"Tệp “{bulk_file.name}” {bulk_file.get_status_display()}. Đưa tệp lên lại nếu cần.")


def _read(content: bytes, kind: str) -> tuple[list[str], list[list[str]]]:
    with tempfile.NamedTemporaryFile(suffix=f".{kind}") as copy:
        copy.write(content)
        copy.flush()
        return bulk_reading.read(Path(copy.name), kind)


def _work(bulk_file: BulkFile, report: Report) -> tuple[Result, Any]:
    report("đọc tệp", 0, 0)
    with bulk_file.file.open() as kept:
        headings, rows = _read(kept.read(), bulk_file.format)
    resource = resource_for(bulk_file, report)
    result = resource.import_data(
        tablib.Dataset(*rows, headers=headings), dry_run=False, use_transactions=resource.row_by_row, user=bulk_file.by
    )
    of_rows = [error for _, errors in result.row_errors() for error in errors]
    for error in [*result.base_errors, *of_rows]:  # the library takes everything for an error of the file
        if isinstance(error.error, (jobs.JobCancelledError, OperationalError)):
            raise error.error
    return result, resource


def _show(bulk_file: BulkFile, result: Result, resource: Any) -> None:
    headings = [field.column_name for field in resource.get_import_fields()]
    given = resource.headings
    bulk_file.face = {
        "totals": {word: result.totals[kind] for kind, word in _WORDS.items()},
        "unknown": [heading for heading in given if heading not in headings],
        "headings": headings,
        "rows": [[row.import_type, row.diff] for row in result.valid_rows() if row.diff and not row.is_skip()][:SHOWN],
        "errors": _errors(result, resource)[:SHOWN],
        "notes": resource.notes,
    }


def _errors(result: Result, resource: Any) -> list[list[Any]]:
    """[line of the file, sentence]; the heading is line 1. 0: the whole file."""
    columns = {name: field.column_name for name, field in resource.fields.items()}
    found: list[list[Any]] = [[0, _sentence(error.error)] for error in result.base_errors]
    found += [[line + 1, _sentence(error.error)] for line, errors in result.row_errors() for error in errors]
    for row in result.invalid_rows:
        for name, said in row.error_dict.items():
            heading = f"{columns[name]}: " if name in columns else ""
            found += [[row.number + 1, f"{heading}{sentence}"] for sentence in said]
    return sorted(found, key=lambda error: error[0])


def _sentence(error: Exception) -> str:
    """What we say ourselves is Vietnamese; what a library or the database says is for the log."""
    said = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
    if re.search(r"[À-ỹ]", said):
        return said
    _log.warning("Bulk import: %s: %s", type(error).__name__, said.partition("\n")[0])
    return "Có giá trị trùng với dòng khác, hoặc không đúng kiểu của cột. Xem lại các mã, số và ngày trong dòng."
