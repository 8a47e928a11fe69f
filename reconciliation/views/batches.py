"""Lists that leave: who waits to be sent, what is out, one list with its lines, its files and its paper."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods

from campaigns.current import current_campaign, current_register
from campaigns.errors import WorkRefused
from campaigns.models import Campaign, Commune, Register, User
from campaigns.permissions import Permission, has, require
from campaigns.templatetags.written import within_sentence
from reconciliation import batch_face
from reconciliation.forms import SendForm
from reconciliation.handover import send_batch
from reconciliation.handover_record import handover_record
from reconciliation.line_face import cell, line_faces
from reconciliation.models import Batch, BatchKind, BatchLine
from reconciliation.printed_list import printed_list
from reconciliation.reminders import unanswered_reminder
from reconciliation.sendable import held_back, held_in_words
from reconciliation.views.batch_context import batch_context, lines_shown
from reconciliation.views.scope import find_batch, find_line, record_look, record_person_look
from records.models import Record
from records.views.scope import communes_of, user_of

ROWS = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@require_GET
@require(Permission.SEE_BATCHES)
def batches(request: HttpRequest) -> HttpResponse:
    campaign, register, user = current_campaign(request), current_register(request), user_of(request)
    mine = batch_face.with_counts(Batch.objects.for_user(user).filter(campaign=campaign, register=register))
    closed = Paginator(mine.exclude(closed_at=None).order_by("-closed_at", "-pk"), ROWS)
    page = closed.get_page(request.GET.get("page"))
    context = {
        "tabs": _tabs(batch_face.open_by_register(campaign, user), register),
        "register": register,
        "to_send": [
            {"one": one, "url": f"{reverse('send_batch')}?{_send_query(register, one)}"}
            for one in batch_face.to_send(campaign, register, user)
        ],
        "sends": has(user, Permission.SEND),
        "held": _held(campaign, register, user) if has(user, Permission.SEND) else [],
        "open": batch_face.faces(campaign, mine.filter(closed_at=None).order_by("due", "code"), user),
        "closed": batch_face.faces(campaign, page, user),
        "page": page,
        "in_commune": user.commune is not None,
        "takes_back": has(user, Permission.HAND_BACK),
        "answers": has(user, Permission.ANSWER),
    }
    return render(request, "reconciliation/batches.html", context)


def _held(campaign: Campaign, register: str, user: User) -> list[tuple[Record, str]]:
    """Who waits for a list and may be on none."""
    return [one for kind in BatchKind.values for one in held_back(campaign, register, kind, user.commune)]


def _tabs(counts: dict[str, int], register: str) -> list[dict[str, Any]]:
    return [
        {"label": label, "count": counts[value], "url": f"?so={value}", "current": value == register}
        for value, label in Register.choices
    ]


def _send_query(register: str, one: batch_face.ToSend) -> str:
    return urlencode({"so": register, "gui": one.kind, "xa": one.commune.code})


@require_http_methods(["GET", "POST"])
@require(Permission.SEND)
def send(request: HttpRequest) -> HttpResponse:
    """Says how many and when due before the list is made."""
    campaign, register, user = current_campaign(request), current_register(request), user_of(request)
    kind, commune = request.GET.get("gui", ""), _asked_commune(request)
    back = f"{reverse('batches')}?so={register}"
    if kind not in BatchKind.values or commune is None:
        return redirect(back)
    found = batch_face.to_send(campaign, register, user, [kind], commune)
    held = held_back(campaign, register, kind, commune)
    if not found:
        said = f"{commune.name}: không còn ai chờ gửi {BatchKind(kind).label}. {held_in_words(held)}"
        messages.info(request, said.strip())
        return redirect(back)
    form = SendForm(request.POST or None, initial={"due": found[0].due})
    if request.method == "POST" and form.is_valid():
        try:
            sent = send_batch(campaign, register, commune, kind, by=user, due=form.cleaned_data["due"])
        except WorkRefused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, f"Đã lập lô {sent.batch.code}: {sent.batch.rows} người. {sent.note}".strip())
            return redirect("batch", sent.batch.code)
    context = {"found": found[0], "form": form, "register": Register(register).label, "back_url": back, "held": held}
    return render(request, "reconciliation/send.html", context, status=422 if form.errors else 200)


def _asked_commune(request: HttpRequest) -> Commune | None:
    """None where none is named. Raises Http404 outside the own commune."""
    code = request.GET.get("xa", "")
    mine = communes_of(current_campaign(request), user_of(request))
    found = next((commune for commune in mine if commune.code == code), None)
    if code and found is None:
        raise Http404
    return found


@require_GET
@require(Permission.SEE_BATCHES)
def batch(request: HttpRequest, code: str) -> HttpResponse:
    """Facts and counts for all who see batches; the people on it for those who may see lines."""
    found, user = find_batch(request, code), user_of(request)
    context = batch_context(found, user)
    context["reminder"] = _reminder(context["face"]) if has(user, Permission.SEND) else None
    if has(user, Permission.SEE_LINES):
        wanted = request.GET.get("kq", "")
        context |= lines_shown(found, user, wanted)
        context["page"] = page = Paginator(context["lines"], ROWS).get_page(request.GET.get("page"))
        context["lines"] = line_faces(found, page)
        record_look("batch_viewed", found, user, page=page.number, lines=len(page))
    return render(request, "reconciliation/batch.html", context)


def _reminder(face: batch_face.BatchFace) -> dict[str, str] | None:
    batch = face.batch
    if not face.left or not face.is_open:
        return None
    to = f"{face.partner} {within_sentence(batch.commune.name)}"
    facts = [{"code": batch.code, "left": face.left, "due": batch.due}]
    text = unanswered_reminder(to, facts, timezone.localdate())
    return {"id": "reminder", "to": to, "text": text, "rows": "5"}


@require_GET
@require(Permission.SEE_LINES)
def workbook(request: HttpRequest, code: str) -> HttpResponseBase:
    """The very file that was sent."""
    found = find_batch(request, code)
    if not found.file:
        raise Http404
    record_look("list_exported", found, user_of(request), rows=found.rows, sha256=found.sha256)
    return FileResponse(found.file.open(), as_attachment=True, filename=f"{found.code}.xlsx", content_type=XLSX)


@require_GET
@require(Permission.SEE_BATCHES)
def record_document(request: HttpRequest, code: str) -> HttpResponse:
    """The handover record; counts and officials only."""
    found = find_batch(request, code)
    if not found.file:
        raise Http404
    content = handover_record(found)
    record_look("handover_record_exported", found, user_of(request))
    name = f"bien-ban-{found.code}.docx"
    return HttpResponse(content, DOCX, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@require_GET
@require(Permission.SEE_LINES)
def print_list(request: HttpRequest, code: str) -> HttpResponse:
    """The list on paper, to be answered with a pen: whole numbers, row codes, a number on each sheet."""
    found, user = find_batch(request, code), user_of(request)
    if not found.file:
        raise Http404
    lines = BatchLine.objects.for_user(user).filter(batch=found).order_by("number")
    record_look("printed", found, user, rows=found.rows)
    return render(request, "reconciliation/print_list.html", printed_list(found, lines))


@require_GET
@require(Permission.SEE_NUMBERS)
def reveal_line(request: HttpRequest, code: str, row_code: str) -> HttpResponse:
    """The whole number on file of one line; a look, and recorded as one."""
    found, user = find_batch(request, code), user_of(request)
    line = find_line(request, found, row_code)
    number = cell(line, "held_number")
    if not number:
        raise Http404
    record_person_look("number_revealed", line, user)
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "includes/masked.html", {"whole": number})
    context = {"batch": found, "line": line, "number": number, "back_url": reverse("batch", args=[found.code])}
    return render(request, "reconciliation/revealed.html", context)
