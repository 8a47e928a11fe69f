"""An answered list comes home: dropped, looked at before anything is written, taken, and its outcome row by row."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from campaigns.current import current_campaign
from campaigns.errors import WorkRefused
from campaigns.permissions import NotAllowed, Permission, has, require
from reconciliation import hand_back_face, held_files
from reconciliation.batch_face import is_from_newborns, may_take_back
from reconciliation.forms import PlaceRowForm, ReturnedFileForm
from reconciliation.handback import TakenBack, take_back
from reconciliation.line_face import cell
from reconciliation.models import HandBack, Outcome
from reconciliation.placing import place_row
from reconciliation.taking import ANSWERED, LineResult
from reconciliation.undoing_answers import undo_hand_back, what_would_be_undone
from reconciliation.views.scope import find_batch, record_look
from records.views.scope import user_of

ROWS = 50
PURPOSE = "hand_back"


@require_http_methods(["GET", "POST"])
@require(Permission.HAND_BACK)
def hand_back(request: HttpRequest, code: str) -> HttpResponse:
    batch = find_batch(request, code)
    if is_from_newborns(batch):
        messages.info(request, f"Lô {batch.code} là danh sách khai sinh, không có gì để nhận lại.")
        return redirect("batch", batch.code)
    return _hand_back(request, batch)


@require_http_methods(["GET", "POST"])
@require(Permission.HAND_BACK)
def hand_back_any(request: HttpRequest) -> HttpResponse:
    """The file says which batch it is."""
    return _hand_back(request, None)


def _hand_back(request: HttpRequest, batch: Any) -> HttpResponse:
    if request.method == "GET":
        return _page(request, batch, ReturnedFileForm())
    if request.POST.get("act") == "take":
        return _take(request, batch)
    form = ReturnedFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, batch, form)
    file = form.cleaned_data["file"]
    user = user_of(request)
    kept = held_files.hold(request, user, PURPOSE, file.name, file.read())
    try:
        taken = take_back(
            current_campaign(request), by=user, name=kept.name, content=kept.content, dry_run=True, batch=batch
        )
    except (WorkRefused, NotAllowed) as refusal:
        held_files.let_go(request, user, PURPOSE)
        form.add_error("file", str(refusal))
        return _page(request, batch, form)
    return render(request, "reconciliation/hand_back.html", _preview(taken, kept) | {"form": form, "only": batch})


def _take(request: HttpRequest, batch: Any) -> HttpResponse:
    user = user_of(request)
    kept = held_files.held(request, user, PURPOSE, request.POST.get("sha256", ""))
    if kept is None:
        messages.error(request, "Tệp đã xem không còn giữ ở máy chủ. Thả lại tệp để xem rồi nhận.")
        return redirect(request.path)
    try:
        taken = take_back(
            current_campaign(request), by=user, name=kept.name, content=kept.content, batch=batch,
            looked_at=request.POST.get("looked_at", ""),
        )  # fmt: skip
    except (WorkRefused, NotAllowed) as refusal:
        messages.error(request, str(refusal))
        return redirect(request.path)
    if taken.drifted:
        return render(request, "reconciliation/hand_back.html", _preview(taken, kept) | {"only": batch}, status=409)
    held_files.let_go(request, user, PURPOSE)
    if taken.already:
        messages.info(request, taken.notes[0])
    else:
        messages.success(request, f"Đã nhận lại lô {taken.batch.code}: {taken.counts['accepted']} dòng vào sổ.")
        for note in taken.notes:
            messages.info(request, note)
    newest = taken.batch.hand_backs.filter(source_file__sha256=kept.sha256, undone_at=None).latest("pk")
    return redirect("hand_back_result", taken.batch.code, newest.pk)


def _page(request: HttpRequest, batch: Any, form: ReturnedFileForm) -> HttpResponse:
    context = {"form": form, "only": batch, "batch": batch}
    return render(request, "reconciliation/hand_back.html", context, status=422 if form.errors else 200)


def _preview(taken: TakenBack, kept: held_files.HeldFile) -> dict[str, Any]:
    batch = taken.batch
    names = hand_back_face.names_of(batch.lines.select_related("record"))
    return {
        "batch": batch,
        "name": kept.name,
        "sha256": kept.sha256,
        "taken": taken,
        "entries": hand_back_face.ledger(taken.counts, batch),
        "beside": hand_back_face.beside(taken.counts, taken.reordered),
        "rows": hand_back_face.row_faces(batch, filter(hand_back_face.needs_look, taken.rows), names),
    }


@require_GET
@require(Permission.HAND_BACK)
def hand_back_result(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    batch, user = find_batch(request, code), user_of(request)
    mine = HandBack.objects.for_user(user).filter(batch=batch).select_related("source_file", "by")
    taken = get_object_or_404(mine, pk=pk)
    lines = list(batch.lines.select_related("record").order_by("number"))
    results = [LineResult(**row) for row in taken.rows]
    wanted = [r for r in results if hand_back_face.needs_look(r)] if "tat-ca" not in request.GET else results
    page = Paginator(wanted, ROWS).get_page(request.GET.get("page"))
    counts = {key: n for key, n in taken.counts.items() if key != "reordered"}
    record_look("batch_viewed", batch, user, hand_back=taken.pk, page=page.number)
    context = {
        "batch": batch,
        "taken": taken,
        "entries": hand_back_face.ledger(counts, batch),
        "sum": sum(counts[outcome] for outcome in Outcome.values),
        "beside": hand_back_face.beside(counts, bool(taken.counts.get("reordered"))),
        "rows": hand_back_face.row_faces(batch, page, hand_back_face.names_of(lines)),
        "page": page,
        "shows_all": "tat-ca" in request.GET,
        "accepted": counts["accepted"],
        "open_lines": [(line.row_code, cell(line, "full_name")) for line in lines if line.outcome not in ANSWERED],
        "settles": has(user, Permission.SETTLE) and batch.waiting,
        "undoable": taken.undone_at is None and may_take_back(user, batch.campaign, batch),
    }
    return render(request, "reconciliation/hand_back_result.html", context)


@require_http_methods(["GET", "POST"])
@require(Permission.HAND_BACK)
def undo(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Says what will wait for an answer again and what stays, and why, before it is done."""
    batch, user = find_batch(request, code), user_of(request)
    hand_back = get_object_or_404(HandBack.objects.for_user(user).filter(batch=batch), pk=pk)
    back = redirect("hand_back_result", batch.code, hand_back.pk)
    if request.method == "GET":
        undoing = what_would_be_undone(hand_back)
        context = {"batch": batch, "undoing": undoing, "title": f"Hoàn tác lần nhận lại lô {batch.code}?",
                   "lines": hand_back_face.undo_in_words(batch, undoing), "action": request.path, "back_url": back.url,
                   "act": f"Hoàn tác {len(undoing.lines)} dòng"}  # fmt: skip
        return render(request, "reconciliation/undo_hand_back.html", context)
    try:
        undoing = undo_hand_back(hand_back, by=user)
    except (WorkRefused, NotAllowed) as refusal:
        messages.error(request, str(refusal))
    else:
        stays = f" {len(undoing.stays)} dòng giữ nguyên." if undoing.stays else ""
        messages.success(request, f"Đã hoàn tác {len(undoing.lines)} dòng của lô {batch.code}: lại chờ trả lời.{stays}")
    return back


@require_POST
@require(Permission.HAND_BACK)
def place(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """A person says whose row it is that came back with an unreadable code."""
    batch, user = find_batch(request, code), user_of(request)
    taken = get_object_or_404(HandBack.objects.for_user(user).filter(batch=batch), pk=pk)
    form = PlaceRowForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Chọn dòng mà trả lời này thuộc về.")
    else:
        try:
            result = place_row(taken, form.cleaned_data["row"], form.cleaned_data["row_code"], by=user)
        except WorkRefused as refusal:
            messages.error(request, refusal.message)
        else:
            said = hand_back_face.WORDS[result.outcome].lower()
            messages.success(request, f"Đã đặt dòng {form.cleaned_data['row']} của tệp vào {result.row_code}: {said}.")
    return redirect(reverse("hand_back_result", args=[batch.code, taken.pk]))
