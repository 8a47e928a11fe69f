"""Nhập dữ liệu: the files that came in, and the reading of one: its table, its columns, its difference."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from campaigns.current import current_campaign, current_register
from campaigns.errors import WorkRefused
from campaigns.models import Register
from campaigns.permissions import Permission, require
from records import headings, imports
from records.forms_import import ACCEPTED, ReceiveForm
from records.models import FileStatus, SourceFile
from records.reference import field_labels
from records.views import import_work
from records.views.import_page import columns_form, is_questioned, page_of, status_of
from records.views.scope import user_of

LOOK_ONLY = "chỉ xem khác biệt, chưa ghi"
_ROWS = 25


@require_http_methods(["GET", "POST"])
@require(Permission.IMPORT)
def import_list(request: HttpRequest) -> HttpResponse:
    """The files of a register, newest first, and a place to put the next one."""
    campaign, register = current_campaign(request), current_register(request)
    form = ReceiveForm(request.POST or None, request.FILES or None, campaign=campaign, initial={"register": register})
    if form.is_bound and form.is_valid():
        source_file = _receive(request, form)
        if source_file is not None:
            return redirect("import_file", source_file.code)
    files = SourceFile.objects.for_user(user_of(request)).filter(
        campaign=campaign, register=register, kind__in=import_work.KINDS
    )
    page = Paginator(files.select_related("by", "commune"), _ROWS).get_page(request.GET.get("page"))
    context = {
        "form": form, "accepted": ACCEPTED, "max_mb": settings.MAX_UPLOAD_MB, "page": page,
        "files": [_listed(source_file) for source_file in page],
        "registers": [
            {"label": r.label, "url": f"{reverse('imports')}?so={r}", "current": r == register} for r in Register
        ],
    }  # fmt: skip
    return render(request, "records/imports/list.html", context, status=422 if form.is_bound else 200)


def _listed(source_file: SourceFile) -> dict[str, Any]:
    counts = source_file.counts
    numbers = {key: counts.get(key) for key in ("rows", "created", "changed", "skipped")}
    numbers["rows"] = numbers["rows"] or source_file.summary.get("rows")
    return {"file": source_file, "status": status_of(source_file), **numbers}


def _receive(request: HttpRequest, form: ReceiveForm) -> SourceFile | None:
    """Keeps the file and has it read. None when it was too large to be kept; the form then says so."""
    file: File[bytes] = form.cleaned_data["file"]
    try:
        source_file = imports.receive(
            current_campaign(request), form.cleaned_data["register"], by=user_of(request), name=file.name or "tep",
            content=file, commune=form.cleaned_data["commune"], partial=form.cleaned_data["partial"],
        )  # fmt: skip
    except WorkRefused as refused:
        form.add_error("file", refused.message)
        return None
    import_work.inspect(request, source_file)
    return source_file


@require_GET
@require(Permission.IMPORT)
def import_file(request: HttpRequest, code: str) -> HttpResponse:
    return render(request, "records/imports/file.html", page_of(import_work.file_of(request, code), request))


@require_GET
@require(Permission.IMPORT)
def import_of_job(request: HttpRequest, pk: int) -> HttpResponse:
    """A job knows its file by key."""
    source_file = get_object_or_404(SourceFile.objects.for_user(user_of(request)), pk=pk)
    return redirect("import_file", source_file.code)


@require_POST
@require(Permission.IMPORT)
def choose_sheet(request: HttpRequest, code: str) -> HttpResponse:
    source_file = import_work.file_at_rest(request, code)
    sheet = request.POST.get("sheet", "")
    if source_file and sheet in {known["name"] for known in source_file.summary.get("sheets", [])}:
        headings.choose(source_file, by=user_of(request), sheet=sheet, columns=None)
        import_work.inspect(request, source_file)
    return redirect("import_file", code)


@require_POST
@require(Permission.IMPORT)
def compare_file(request: HttpRequest, code: str) -> HttpResponse:
    """The columns as the person confirms them, and what the file then would change."""
    source_file = import_work.file_at_rest(request, code)
    if source_file is None or not source_file.summary:
        return redirect("import_file", code)
    form = columns_form(source_file, request.POST)
    if not form.is_valid():
        return render(request, "records/imports/file.html", page_of(source_file, request, columns=form), status=422)
    sheet = source_file.summary["sheet"]
    headings.choose(source_file, by=user_of(request), sheet=sheet, columns=form.column_index())
    import_work.compare(request, source_file)
    return redirect("import_file", code)


@require_POST
@require(Permission.IMPORT)
def choose_column(request: HttpRequest, code: str) -> HttpResponse:
    """One press on a column: `la` is its index and the field that it is, '' for none."""
    source_file = import_work.file_at_rest(request, code)
    index, _, field = request.POST.get("la", "").partition(":")
    if source_file is None or source_file.status in (FileStatus.APPLIED, FileStatus.UNDONE):
        return redirect("import_file", code)
    is_column = index.isdecimal() and int(index) < len(source_file.summary.get("headings", []))
    if is_column and field in {"", *field_labels(source_file.register)}:
        headings.give_field(source_file, int(index), field, by=user_of(request))
    return redirect("import_file", code)


@require_POST
@require(Permission.IMPORT)
def look_at_file(request: HttpRequest, code: str) -> HttpResponse:
    """The difference of a file that was found strange. Nothing is written; applying it asks for a reason."""
    source_file = import_work.file_at_rest(request, code)
    if source_file and is_questioned(source_file):
        import_work.compare(request, source_file, anyway=LOOK_ONLY)
    return redirect("import_file", code)
