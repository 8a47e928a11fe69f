"""One upload file, and recording what the ministry's software said of it: looked at first, since it is for good."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from campaigns import audit
from campaigns.errors import WorkRefused
from campaigns.models import Register, User
from campaigns.permissions import Permission, may_upload, require
from reconciliation import held_files, upload_face
from reconciliation.forms import ReturnedFileForm
from reconciliation.ministry_result import Recorded, preview_refusals, read_refusals, record_result
from reconciliation.models import UploadFile
from reconciliation.views.uploads import find_upload
from records.views.scope import user_of

PURPOSE = "ministry_result"
ROWS = 50
_SHOWN_REFUSALS = 20


@require_GET
@require(Permission.UPLOAD)
def upload_file(request: HttpRequest, code: str) -> HttpResponse:
    upload = find_upload(request, code)
    return render(request, "reconciliation/upload_file.html", _context(request, upload))


def _context(request: HttpRequest, upload: UploadFile, form: ReturnedFileForm | None = None) -> dict[str, Any]:
    user, wanted = user_of(request), request.GET.get("kq", "")
    lines = upload.lines.select_related("record").order_by("result", "row_number")  # the refused ones first
    if wanted in ("uploaded", "rejected"):
        lines = lines.filter(result=wanted)
    page = Paginator(lines, ROWS).get_page(request.GET.get("page"))
    _record_look(upload, user, page.number, len(page))
    tabs = [("", "Tất cả"), ("rejected", "Từ chối"), ("uploaded", "Đã nhận")] if upload.result_at else []
    return {
        "face": upload_face.face(upload),
        "upload": upload,
        "register_label": Register(upload.register).label,
        "may": may_upload(user, upload.campaign, upload.register),
        "form": form or ReturnedFileForm(),
        "page": page,
        "refused_url": f"{reverse('review')}?so={upload.register}&qt=ministry.rejected",
        "lines": [upload_face.line_face(line) for line in page],
        "tabs": [
            {"label": label, "url": f"?kq={value}" if value else "?", "current": value == wanted}
            for value, label in tabs
        ],
    }


def _record_look(upload: UploadFile, user: User, page: int, lines: int) -> None:
    audit.record(
        "upload_viewed", by=user, campaign=upload.campaign, target=f"upload:{upload.code}", page=page, lines=lines,
        commune_code=upload.commune.code if upload.commune else "",
    )  # fmt: skip


@require_POST
@require(Permission.UPLOAD)
def upload_answer(request: HttpRequest, code: str) -> HttpResponse:
    """What recording would do: all was taken, or all but the rows of the file of refusals."""
    upload, user = find_upload(request, code), user_of(request)
    if request.POST.get("act") == "all":
        found = Recorded(int(upload.counts["rows"]), 0, 0, [])
        return render(request, "reconciliation/upload_answer.html", _preview(upload, found))
    form = ReturnedFileForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        kept = held_files.hold(request, user, PURPOSE, file.name, file.read())
        try:
            refusals, found = preview_refusals(upload, name=kept.name, content=kept.content)
        except WorkRefused as refused:
            held_files.let_go(request, user, PURPOSE)
            form.add_error("file", refused.message)
        else:
            first = [upload_face.refusal_face(refusal) for refusal in refusals[:_SHOWN_REFUSALS]]
            context = _preview(upload, found) | {"kept": kept, "refusals": first}
            return render(request, "reconciliation/upload_answer.html", context)
    return render(request, "reconciliation/upload_file.html", _context(request, upload, form), status=422)


def _preview(upload: UploadFile, found: Recorded) -> dict[str, Any]:
    return {
        "face": upload_face.face(upload),
        "upload": upload,
        "found": found,
        "entries": upload_face.entries(found.uploaded, found.rejected),
        "rows": found.uploaded + found.rejected,
        "nobody": not found.rejected and bool(found.unmatched),
    }


@require_POST
@require(Permission.UPLOAD)
def upload_record(request: HttpRequest, code: str) -> HttpResponse:
    """Records what was looked at; the file of refusals is known by its hash."""
    upload, user = find_upload(request, code), user_of(request)
    sha256 = request.POST.get("sha256", "")
    kept = held_files.held(request, user, PURPOSE, sha256) if sha256 else None
    if kept is None and request.POST.get("act") != "all":
        messages.error(request, "Tệp từ chối đã xem không còn giữ ở máy chủ. Thả lại tệp để xem rồi ghi.")
        return redirect("upload_file", upload.code)
    try:
        refusals = read_refusals(upload, name=kept.name, content=kept.content, by=user) if kept else []
        recorded = record_result(upload, refusals, by=user)
    except WorkRefused as refused:
        messages.error(request, refused.message)
        return redirect("upload_file", upload.code)
    held_files.let_go(request, user, PURPOSE)
    messages.success(request, f"Đã ghi trả lời: phần mềm nhận {recorded.uploaded} dòng, từ chối {recorded.rejected}.")
    return redirect("upload_file", upload.code)
