"""A file of bulk import or export: what it would do, the answer of who gave it, and the file itself."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from campaigns import audit, bulk, bulk_writing
from campaigns.admin_bulk import admin_of, ask_reason
from campaigns.errors import WorkRefused
from campaigns.models import BulkFile, BulkStatus, User
from campaigns.permissions import Permission, require

WORDS = {"new": "thêm mới", "update": "sửa", "skip": "giữ nguyên"}
LEVELS = {"new": "success", "update": "warning"}


@require_GET
@require(Permission.MANAGE)
def bulk_file(request: HttpRequest, pk: int) -> HttpResponse:
    row = _mine(request, pk)
    model_admin = admin_of(row)
    if (asked := ask_reason(request, model_admin)) is not None:
        return asked
    face = row.face
    context = {
        "file": row, "title": str(model_admin.opts.verbose_name_plural), "is_open": row.status == BulkStatus.CHECKED,
        "may_discard": not row.is_export and row.status in (BulkStatus.CHECKED, BulkStatus.REFUSED),
        "totals": [(WORDS[key], LEVELS.get(key, "waiting"), count) for key, count in face.get("totals", {}).items()],
        "errors": face.get("errors", []), "unknown": face.get("unknown", []), "notes": face.get("notes", []),
        "changes": [_change(kind, face["headings"], diff) for kind, diff in face.get("rows", [])],
        "again": reverse(f"admin:{model_admin.opts.app_label}_{model_admin.opts.model_name}_import"),
        "list_url": reverse(f"admin:{model_admin.opts.app_label}_{model_admin.opts.model_name}_changelist"),
        "most": bulk.SHOWN, "is_written": row.status == BulkStatus.WRITTEN,
    }  # fmt: skip
    return render(request, "campaigns/bulk_file.html", context)


@require_POST
@require(Permission.MANAGE)
def bulk_apply(request: HttpRequest, pk: int) -> HttpResponse:
    row, by = _mine(request, pk), cast(User, request.user)
    try:
        job = bulk.go_on(row, bulk.APPLY, by=by)
    except WorkRefused as refusal:
        messages.error(request, refusal.message)
        return redirect("bulk_file", pk)
    return redirect("job", job.pk) if job else redirect("bulk_file", pk)


@require_POST
@require(Permission.MANAGE)
def bulk_discard(request: HttpRequest, pk: int) -> HttpResponse:
    row = _mine(request, pk)
    try:
        bulk.discard(row, by=cast(User, request.user))
    except WorkRefused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, f"Đã bỏ tệp “{row.name}”. Không có gì được ghi.")
    return redirect("bulk_file", pk)


@require_GET
@require(Permission.MANAGE)
def bulk_download(request: HttpRequest, pk: int) -> HttpResponseBase:
    row = _mine(request, pk)
    if (asked := ask_reason(request, admin_of(row))) is not None:
        return asked
    if row.status != BulkStatus.WRITTEN:
        raise Http404("Tệp này chưa lập xong, hoặc đã quá một ngày nên không giữ nữa. Xuất lại.")
    audit.record(
        "bulk_file_exported", by=cast(User, request.user), campaign=row.campaign, target=f"bulk:{row.pk}",
        model=row.model, rows=row.rows, sha256=row.sha256,
    )  # fmt: skip
    kind = bulk_writing.CONTENT_TYPES[row.format]
    return FileResponse(row.file.open(), as_attachment=True, filename=row.name, content_type=kind)


def _mine(request: HttpRequest, pk: int) -> BulkFile:
    files = BulkFile.objects.for_user(cast(User, request.user)).select_related("campaign", "by")
    return get_object_or_404(files, pk=pk)


def _change(kind: str, headings: list[str], diff: list[list[str]]) -> dict[str, Any]:
    """The first column says whom or what the row is about; of a changed row only what differs is shown."""
    cells = [(heading, old, new) for heading, (old, new) in zip(headings, diff, strict=True)]
    about = next((new for _, _, new in cells if new), "")
    return {
        "said": WORDS[kind], "level": LEVELS[kind], "about": about,
        "cells": [cell for cell in cells if cell[1] != cell[2]],
    }  # fmt: skip
