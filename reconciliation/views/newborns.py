"""Newborn lists of the civil registry: looked at, applied, and what became of each row."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from campaigns import audit
from campaigns.current import current_campaign
from campaigns.errors import WorkRefused
from campaigns.models import Campaign, Commune, Register, User
from campaigns.permissions import NotAllowed, Permission, has, require
from reconciliation import held_files
from reconciliation.civil_registry import Newborns, import_newborns
from reconciliation.forms import NewbornsForm
from reconciliation.models import Batch, Difference
from reconciliation.newborn_questions import PART
from records.masking import mask
from records.models import FileKind, SourceFile, SourceRow
from records.private import shown
from records.reference import field_labels
from records.views.scope import communes_of, user_of

PURPOSE = "newborns"
ROWS = 50
_WORDS = {
    "created": ("success", "Thêm mới"),
    "changed": ("success", "Đã bổ sung chỗ trống"),
    "unchanged": ("notice", "Đã có, không đổi"),
    "held": ("warning", "Khác sổ, chờ quyết định"),
}


@require_http_methods(["GET", "POST"])
@require(Permission.NEWBORNS)
def newborns(request: HttpRequest) -> HttpResponse:
    campaign, user = current_campaign(request), user_of(request)
    communes = communes_of(campaign, user)
    if request.POST.get("act") == "apply":
        return _apply(request, campaign, communes)
    form = NewbornsForm(request.POST or None, request.FILES or None, communes=communes)
    context: dict[str, Any] = {"form": form, "one_commune": communes[0] if len(communes) == 1 else None}
    if request.method == "POST" and form.is_valid():
        commune = _commune(communes, form.cleaned_data["commune"])
        file = form.cleaned_data["file"]
        kept = held_files.hold(request, user, PURPOSE, file.name, file.read())
        try:
            found = import_newborns(campaign, commune, by=user, name=kept.name, content=kept.content, dry_run=True)
        except (WorkRefused, NotAllowed) as refusal:
            held_files.let_go(request, user, PURPOSE)
            form.add_error("file", str(refusal))
        else:
            context |= {"found": found, "entries": _entries(found), "beside": _beside(found), "kept": kept}
            context["commune"] = commune
    context["lists"] = lists_of(campaign, user)[:ROWS]
    return render(request, "reconciliation/newborns.html", context, status=422 if form.errors else 200)


def _commune(communes: list[Commune], code: str) -> Commune:
    return next(commune for commune in communes if commune.code == code)


def _apply(request: HttpRequest, campaign: Campaign, communes: list[Commune]) -> HttpResponse:
    user = user_of(request)
    kept = held_files.held(request, user, PURPOSE, request.POST.get("sha256", ""))
    code = request.POST.get("commune", "")
    if kept is None or code not in {commune.code for commune in communes}:
        messages.error(request, "Tệp đã xem không còn giữ ở máy chủ. Thả lại tệp để xem rồi nhập.")
        return redirect("newborns")
    commune = _commune(communes, code)
    try:
        found = import_newborns(campaign, commune, by=user, name=kept.name, content=kept.content)
    except (WorkRefused, NotAllowed) as refusal:
        messages.error(request, str(refusal))
        return redirect("newborns")
    held_files.let_go(request, user, PURPOSE)
    messages.success(request, f"Đã nhập {found.rows} dòng: thêm {found.created} trẻ, bổ sung {found.filled} trẻ.")
    newest = lists_of(campaign, user).filter(sha256=kept.sha256).first()
    return redirect("newborn_list", newest.code) if newest else redirect("newborns")


def _entries(found: Newborns) -> list[dict[str, Any]]:
    return [
        {"label": "Đã có trong sổ", "count": found.matched, "level": "notice"},
        {"label": "Chưa có, sẽ thêm mới", "count": found.created, "level": "success"},
    ]


def _beside(found: Newborns) -> str:
    """Of the rows whose child is known already."""
    return (
        f"Trong số đã có: {found.filled} trẻ được bổ sung chỗ trống, "
        f"{found.to_settle} trẻ có chỗ khác với sổ, chờ quyết định."
    )


def lists_of(campaign: Campaign, user: User) -> QuerySet[SourceFile]:
    """Newborn lists that were applied, of the own commune or of the district."""
    lists = SourceFile.objects.filter(campaign=campaign, kind=FileKind.NEWBORNS)
    if user.commune_id is not None:
        lists = lists.filter(commune=user.commune_id)
    return lists.select_related("by", "commune").order_by("-pk")


@require_GET
@require(Permission.NEWBORNS)
def newborn_list(request: HttpRequest, code: str) -> HttpResponse:
    """What became of each row; what contradicts the register is shown with both sides."""
    campaign, user = current_campaign(request), user_of(request)
    file = get_object_or_404(lists_of(campaign, user), code=code)
    rows = SourceRow.objects.filter(source_file=file).select_related("record")
    wanted = request.GET.get("kq", "")
    if wanted in _WORDS:
        rows = rows.filter(outcome=wanted)
    page = Paginator(rows.order_by("row_number"), ROWS).get_page(request.GET.get("page"))
    batch = Batch.objects.filter(campaign=campaign, sha256=file.sha256, code__contains=f"-{PART}-").first()
    audit.record(
        "newborn_list_viewed", by=user, campaign=campaign, target=file.code, rows=len(page),
        commune_code=file.commune.code if file.commune else "",
    )  # fmt: skip
    context = {
        "file": file,
        "entries": [
            {"label": "Đã có trong sổ", "count": file.counts.get("matched", 0), "level": "notice"},
            {"label": "Thêm mới", "count": file.counts.get("created", 0), "level": "success"},
        ],
        "rows": _row_faces(page, batch, user),
        "page": page,
        "batch": batch,
        "tabs": [
            {"label": "Tất cả", "url": "?", "current": wanted not in _WORDS},
            {"label": "Chờ quyết định", "url": "?kq=held", "current": wanted == "held"},
            {"label": "Thêm mới", "url": "?kq=created", "current": wanted == "created"},
        ],
        "settle_url": reverse("settle", args=[batch.code]) if batch and has(user, Permission.SETTLE) else "",
    }
    return render(request, "reconciliation/newborn_list.html", context)


def _row_faces(page: Any, batch: Batch | None, user: User) -> list[dict[str, Any]]:
    rows, labels = list(page), field_labels(Register.CHILDREN)
    differs: dict[int, list[str]] = {}
    if batch is not None:
        asked = Difference.objects.filter(line__batch=batch, line__record__in=[row.record_id for row in rows])
        for one in asked.select_related("line").order_by("pk"):
            ours, theirs = (shown(Register.CHILDREN, one.field, text) or "trống" for text in (one.ours, one.theirs))
            differs.setdefault(one.line.record_id, []).append(
                f"{labels.get(one.field, one.field)}: sổ ghi {ours}, danh sách ghi {theirs}"
            )
    sees = has(user, Permission.SEE_PEOPLE)
    return [
        {
            "number": row.row_number,
            "name": row.values.get("full_name") or "(chưa đặt tên)",
            "birth_date": row.values.get("birth_date", ""),
            "id": mask(row.values.get("personal_number", "")),
            "level": _WORDS[row.outcome][0],
            "said": _WORDS[row.outcome][1],
            "differs": differs.get(row.record_id or 0, []) if row.outcome == "held" else [],
            "elsewhere": row.outcome == "held" and (row.record_id or 0) not in differs,
            "url": reverse("record", args=[row.record.row_code]) if sees and row.record else "",
        }
        for row in rows
    ]
