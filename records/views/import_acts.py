"""What is decided about a file that was read: apply it, leave it, take it back; and the sheet of what to correct."""

from __future__ import annotations

import tempfile
from io import BytesIO
from pathlib import Path

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from campaigns.errors import WorkRefused
from campaigns.permissions import Permission, require
from records import import_lists, imports, undoing
from records.error_sheet import export_errors
from records.forms_import import AnywayForm
from records.models import FileStatus
from records.views import import_work
from records.views.import_page import kept_people, page_of
from records.views.import_words import undoing_would
from records.views.scope import user_of

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_POST
@require(Permission.IMPORT)
def apply_file(request: HttpRequest, code: str) -> HttpResponse:
    source_file = import_work.file_at_rest(request, code)
    if source_file is None or source_file.status != FileStatus.READ:
        return redirect("import_file", code)
    reason = ""
    if source_file.counts["suspicions"]:
        form = AnywayForm(request.POST)
        if not form.is_valid():
            return render(request, "records/imports/file.html", page_of(source_file, request, anyway=form), status=422)
        reason = form.cleaned_data["reason"]
    import_work.enqueue(request, "apply_file", source_file, anyway=reason)
    return redirect("import_file", code)


@require_POST
@require(Permission.IMPORT)
def discard_file(request: HttpRequest, code: str) -> HttpResponse:
    source_file = import_work.file_at_rest(request, code)
    if source_file is None:
        return redirect("import_file", code)
    try:
        imports.discard(source_file, by=user_of(request))
    except WorkRefused as refused:
        messages.error(request, refused.message)
        return redirect("import_file", code)
    messages.success(request, f"Đã bỏ tệp {source_file.code}. Sổ không thay đổi.")
    return redirect("imports")


@require_http_methods(["GET", "POST"])
@require(Permission.IMPORT)
def undo_file(request: HttpRequest, code: str) -> HttpResponse:
    """What taking the file back would do, then the doing as a job."""
    source_file = import_work.file_at_rest(request, code)
    if source_file is None or source_file.status != FileStatus.APPLIED:
        return redirect("import_file", code)
    if request.method == "POST":
        import_work.enqueue(request, "undo_file", source_file)
        return redirect("import_file", code)
    undone = undoing.foresee(source_file, by=user_of(request))
    context = {"file": source_file, "lines": undoing_would(source_file, undone), **kept_people(undone)}
    return render(request, "records/imports/undo.html", context)


@require_POST
@require(Permission.IMPORT)
def people_of_file(request: HttpRequest, code: str, which: str) -> HttpResponseBase:
    """Who is new with the file, or not in it."""
    source_file = import_work.file_of(request, code)
    if which not in import_lists.TITLES:
        raise Http404
    try:
        content = import_lists.list_of(source_file, which, by=user_of(request))
    except WorkRefused as refused:
        messages.error(request, refused.message)
        return redirect("import_file", code)
    name = {"new": "moi", "gone": "khong-con"}[which]
    return FileResponse(BytesIO(content), as_attachment=True, filename=f"{code}-{name}.xlsx", content_type=_XLSX)


@require_POST
@require(Permission.EXPORT)
def error_sheet(request: HttpRequest, code: str) -> HttpResponseBase:
    """The sender's own sheet with the rows to correct."""
    source_file = import_work.file_of(request, code)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "can-sua.xlsx"
        try:
            export_errors(source_file, path, by=user_of(request))
        except WorkRefused as refused:
            messages.error(request, refused.message)
            return redirect("import_file", code)
        content = BytesIO(path.read_bytes())
    return FileResponse(content, as_attachment=True, filename=f"{code}-can-sua.xlsx", content_type=_XLSX)
