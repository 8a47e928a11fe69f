"""A file of the import pages, and the work on it: small ones within the request, others as a job."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from campaigns import jobs
from campaigns.current import current_campaign
from campaigns.errors import WorkRefused
from records import imports
from records.models import FileKind, SourceFile
from records.views.import_page import latest_job
from records.views.scope import user_of

KINDS = (FileKind.EXPORT, FileKind.ERRORS)
# A commune's export, about 1,500 rows, is read and compared in two or three seconds; beyond that a job does it.
AT_ONCE = 256 << 10  # bytes


def file_of(request: HttpRequest, code: str) -> SourceFile:
    """Raises Http404."""
    files = SourceFile.objects.for_user(user_of(request)).filter(campaign=current_campaign(request), kind__in=KINDS)
    return get_object_or_404(files.select_related("campaign", "commune", "by"), code=code)


def file_at_rest(request: HttpRequest, code: str) -> SourceFile | None:
    """None while a job works on the file: the page shows how far it is."""
    source_file = file_of(request, code)
    job = latest_job(source_file)
    if job is not None and job.is_unfinished:
        messages.info(request, f"Tệp {source_file.code} đang được xử lý. Chờ xong rồi làm bước tiếp theo.")
        return None
    return source_file


def inspect(request: HttpRequest, source_file: SourceFile) -> None:
    if source_file.size > AT_ONCE:
        enqueue(request, "inspect_file", source_file)
        return
    with suppress(WorkRefused):  # kept with the file, for its page to say
        imports.inspect(source_file, by=user_of(request))


def compare(request: HttpRequest, source_file: SourceFile, *, anyway: str = "") -> None:
    if source_file.size > AT_ONCE:
        enqueue(request, "read_file", source_file, anyway=anyway)
        return
    with suppress(WorkRefused):  # kept with the file, for its page to say
        imports.compare(source_file, by=user_of(request), anyway=anyway)


def enqueue(request: HttpRequest, kind: str, source_file: SourceFile, **options: Any) -> None:
    jobs.enqueue(kind, campaign=source_file.campaign, by=user_of(request), target_id=source_file.pk, **options)
