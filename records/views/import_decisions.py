"""What a person decides on once a file is applied: rows that waited for a second look, and fields that both sides
changed."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from campaigns.errors import WorkRefused
from campaigns.permissions import Permission, require
from records import conflicts
from records.models import FileStatus, Side, SourceFile
from records.views import import_work
from records.views.scope import user_of


@require_POST
@require(Permission.IMPORT)
def apply_rest(request: HttpRequest, code: str) -> HttpResponse:
    source_file = import_work.file_at_rest(request, code)
    if source_file is not None and source_file.status == FileStatus.APPLIED and source_file.counts.get("again"):
        import_work.enqueue(request, "apply_rest", source_file)
    return redirect("import_file", code)


@require_POST
@require(Permission.IMPORT)
def decide_conflicts(request: HttpRequest, code: str) -> HttpResponse:
    """Fields chosen one by one, or all of one kind: `field` and `side`."""
    source_file = import_work.file_at_rest(request, code)
    if source_file is None:
        return redirect("import_file", code)
    choices, versions = _chosen(request, source_file)
    if not choices:
        messages.info(request, "Chưa chọn ô nào. Ở mỗi ô chọn giữ của sổ hoặc lấy theo tệp, rồi ghi.")
        return redirect("import_file", code)
    try:
        decided = conflicts.decide(source_file, choices, by=user_of(request), versions=versions)
    except WorkRefused as refused:
        messages.error(request, refused.message)
        return redirect("import_file", code)
    undo_url = reverse("undo", args=[decided.change_set.pk]) if decided.change_set else ""
    said = f"Đã lấy {decided.theirs} ô theo tệp, giữ {decided.ours} ô của sổ."
    messages.success(request, said, extra_tags=undo_url)
    if decided.stale:
        messages.warning(request, f"{decided.stale} ô để lại: hồ sơ đã đổi từ lúc trang được mở. Xem lại rồi chọn.")
    return redirect("import_file", code)


def _chosen(request: HttpRequest, source_file: SourceFile) -> tuple[dict[int, str], dict[int, int]]:
    """Conflict id → side, and record id → the version that was shown."""
    if field := request.POST.get("field", ""):
        side = request.POST.get("side", "")
        if side not in Side.values:
            return {}, {}
        alike = list(source_file.conflicts.undecided().filter(field=field).select_related("record"))
        return {c.pk: side for c in alike}, {c.record_id: c.record.version for c in alike}
    choices = {
        int(name[2:]): side
        for name, side in request.POST.items()
        if name.startswith("o-") and name[2:].isdecimal() and side in Side.values
    }
    versions = {
        int(name[2:]): int(str(version))
        for name, version in request.POST.items()
        if name.startswith("v-") and name[2:].isdecimal() and str(version).isdecimal()
    }
    return choices, versions
