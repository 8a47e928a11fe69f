"""What came back and is not ours to take without a look: ours, sent and theirs side by side, one decision at a time."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from campaigns.errors import WorkRefused
from campaigns.permissions import Permission, check, require
from reconciliation import settling
from reconciliation.forms import DocumentForm
from reconciliation.line_face import cell
from reconciliation.models import Batch, BatchLine, Difference
from reconciliation.settle_face import Desk, alike, of_kind
from reconciliation.views.scope import find_batch, record_look, record_person_look
from reconciliation.views.settle_context import settle_context, waiting_of
from records.reference import reference_for
from records.views.scope import user_of


@require_GET
@require(Permission.SETTLE)
def settle(request: HttpRequest, code: str) -> HttpResponse:
    batch = find_batch(request, code)
    context = settle_context(request, batch)
    record_look("batch_viewed", batch, user_of(request), page=context["page"].number, lines=len(context["people"]))
    return render(request, "reconciliation/settle.html", context)


@require_POST
@require(Permission.SETTLE)
def decide(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """One decision, saved at once; then the next thing that waits."""
    batch = find_batch(request, code)
    difference = _difference(request, batch, pk)
    decision = request.POST.get("decision", "")
    if decision not in (settling.THEIRS, settling.OURS, settling.REGISTRY, settling.AGAIN, settling.REVIEW):
        raise Http404
    try:
        settling.decide(difference, decision, by=user_of(request))
    except WorkRefused as refusal:
        messages.error(request, refusal.message)
    else:
        desk = Desk(batch, reference_for(batch.campaign, batch.register), user_of(request))
        what = desk.labels.get(difference.field, difference.field).lower() if difference.field else ""
        text = ": ".join(filter(None, [f"{desk.decided(decision)}, {cell(difference.line, 'full_name')}", what]))
        undo = f"{reverse('undo_decision', args=[batch.code, difference.pk])}?{urlencode(_place(request))}"
        messages.success(request, text, extra_tags=undo)
    return _answer(request, batch, difference)


@require_POST
@require(Permission.SETTLE)
def undo_decision(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    batch = find_batch(request, code)
    difference = _difference(request, batch, pk)
    try:
        settling.take_decision_back(difference, by=user_of(request))
        messages.info(request, f"Đã hoàn tác quyết định ở dòng {difference.line.number}.")
    except WorkRefused as refusal:
        messages.error(request, refusal.message)
    return _answer(request, batch, difference, stay=True)


def _answer(request: HttpRequest, batch: Batch, difference: Difference, *, stay: bool = False) -> HttpResponse:
    """To htmx the part of the page that changed; to everyone else the page, at the next thing to decide."""
    query = _place(request) | {"o" if stay else "sau": str(difference.pk)}
    if getattr(request, "htmx", False):
        fresh = find_batch(request, batch.code)
        context = settle_context(request, fresh, query) | {"oob": True}
        return render(request, "reconciliation/settle_answer.html", context)
    return redirect(f"{reverse('settle', args=[batch.code])}?{urlencode(query)}#now")


def _place(request: HttpRequest) -> dict[str, str]:
    """Where on the page one was: carried along, so that what was decided stays in its place."""
    asked = {key: request.POST.get(key) or request.GET.get(key, "") for key in ("luc", "page")}
    return {key: text for key, text in asked.items() if text}


@require_http_methods(["GET", "POST"])
@require(Permission.SETTLE)
def exclude_line(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Dead, moved away, a duplicate: asked for on a paper, in force when a second person agrees."""
    batch = find_batch(request, code)
    difference = _difference(request, batch, pk)
    form = DocumentForm(request.POST or None, initial={"document": difference.line.answer.get("Ghi chú", "")})
    if request.method == "POST" and form.is_valid():
        try:
            settling.decide(difference, settling.EXCLUSION, by=user_of(request), document=form.cleaned_data["document"])
        except WorkRefused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "Đã gửi đề nghị. Hồ sơ rời sổ khi người thứ hai đồng ý, ở trang Ra khỏi sổ.")
            return redirect("settle", batch.code)
    desk = Desk(batch, reference_for(batch.campaign, batch.register), user_of(request))
    context = {"batch": batch, "person": desk.person(difference.line, {}, 0), "form": form}
    return render(request, "reconciliation/exclude_line.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@require(Permission.SETTLE)
def settle_alike(request: HttpRequest, code: str) -> HttpResponse:
    """Many lines that differ in the same way: every one is named before anything is written."""
    batch, user = find_batch(request, code), user_of(request)
    name, take = request.GET.get("truong", ""), request.GET.get("lay", "")
    if take not in (settling.THEIRS, settling.OURS):
        return redirect("settle", batch.code)
    desk = Desk(batch, reference_for(batch.campaign, batch.register), user)
    found = of_kind(waiting_of(batch), name, request.GET.get("ma", ""), bool(request.GET.get("trong")))
    open_ones = [d for d in found if not settling.why_not(d, take, batch.kind, desk.reference)]
    if request.method == "POST":
        chosen = set(request.POST.getlist("row_code")) & {d.line.row_code for d in open_ones}
        if chosen:
            done = settling.settle(batch, take, by=user, row_codes=chosen, fields=[name])
            messages.success(request, f"{desk.decided(take)} ở {done.settled} dòng.")
        else:
            messages.info(request, "Không có dòng nào được chọn.")
        return redirect("settle", batch.code)
    context = {
        "batch": batch,
        "label": desk.labels.get(name, name),
        "act": f"Lấy của {desk.their_name}" if take == settling.THEIRS else "Giữ của ta",
        "their_name": desk.their_name,
        "rows": [(d.line, cell(d.line, "full_name"), desk.row(d.line, d, {})) for d in open_ones],
        "closed": len(found) - len(open_ones),
        "back_url": reverse("settle", args=[batch.code]),
    }
    record_look("batch_viewed", batch, user, lines=len(open_ones))
    return render(request, "reconciliation/settle_alike.html", context)


@require_GET
@require(Permission.SETTLE)
def reveal_difference(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """A whole number of one difference, `o` says whose; a look, and recorded as one."""
    batch, user = find_batch(request, code), user_of(request)
    check(user, Permission.SEE_NUMBERS)
    difference = _difference(request, batch, pk)
    whose = request.GET.get("o", "")
    numbers = {
        "ours": difference.line.record.value(difference.field),
        "sent": difference.sent,
        "theirs": difference.theirs,
    }
    if not numbers.get(whose):
        raise Http404
    record_person_look("number_revealed", difference.line, user, field=difference.field, which=whose)
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "includes/masked.html", {"whole": numbers[whose]})
    context = {"batch": batch, "line": difference.line, "number": numbers[whose]}
    context["back_url"] = reverse("settle", args=[batch.code])
    return render(request, "reconciliation/revealed.html", context)


def _difference(request: HttpRequest, batch: Batch, pk: int) -> Difference:
    """Of a line that this user may see; Http404 otherwise."""
    lines = BatchLine.objects.for_user(user_of(request)).filter(batch=batch)
    found = get_object_or_404(Difference.objects.filter(line__in=lines).select_related("line__record"), pk=pk)
    found.line.batch = batch
    return found


__all__ = ["Paginator", "alike"]
