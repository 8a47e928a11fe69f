"""The partner answers in the browser, one person at a time; everything typed is a draft until it is handed in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from campaigns.errors import WorkRefused
from campaigns.permissions import Permission, require
from reconciliation import batch_face, desk
from reconciliation.answering import save_draft, submit
from reconciliation.answers import code_of
from reconciliation.forms import AnswerForm
from reconciliation.models import BatchKind, BatchLine
from reconciliation.outcomes import lacking
from reconciliation.views.desk_context import address, desk_context, questions
from reconciliation.views.scope import find_batch, record_person_look
from records.reference import reference_for
from records.views.scope import user_of


@require_http_methods(["GET", "POST"])
@require(Permission.ANSWER)
def answer(request: HttpRequest, code: str) -> HttpResponse:
    batch = _mine(request, code)
    lines = _lines(request, batch)
    line = desk.pick(lines, request.GET.get("dong", ""))
    if request.method == "POST":
        return _save(request, batch, lines, line)
    record_person_look("record_viewed", line, user_of(request))
    return _page(request, batch, lines, line)


@require_http_methods(["GET", "POST"])
@require(Permission.ANSWER)
def answer_submit(request: HttpRequest, code: str) -> HttpResponse:
    """Says what will be handed in, then hands it in by the same road as a returned file."""
    batch = _mine(request, code)
    if request.method == "POST":
        return _submit(request, batch)
    lines = _lines(request, batch)
    typed = [line for line in lines if line.draft]
    context = {
        "batch": batch,
        "typed": len(typed),
        "left": sum(not desk.is_done(line) for line in lines),
        "incomplete": [
            {"line": line, "said": "; ".join(said), "url": address(batch, line)}
            for line in typed
            if (said := _lacking(batch.kind, line.draft))
        ],
        "back_url": reverse("answer", args=[batch.code]),
    }
    return render(request, "reconciliation/answer_submit.html", context)


def _mine(request: HttpRequest, code: str) -> Any:
    """Raises Http404 for a batch that was never sent as a list."""
    batch = find_batch(request, code)
    if batch_face.is_from_newborns(batch):
        raise Http404
    return batch


def _lines(request: HttpRequest, batch: Any) -> list[BatchLine]:
    mine = BatchLine.objects.for_user(user_of(request)).filter(batch=batch).select_related("record")
    lines = list(mine.order_by("number"))
    if not lines:
        raise Http404
    for line in lines:
        line.batch = batch
    return lines


def _provinces(batch: Any) -> dict[str, str]:
    return dict(reference_for(batch.campaign, batch.register).province_names)


def _page(
    request: HttpRequest, batch: Any, lines: list[BatchLine], line: BatchLine, form: AnswerForm | None = None
) -> HttpResponse:
    asks = "hoi" in request.GET and form is None
    context = desk_context(batch, lines, line, provinces=_provinces(batch), asks=asks, form=form)
    [context["face"]] = batch_face.faces(batch.campaign, [batch], user_of(request))
    return render(request, "reconciliation/answer.html", context, status=422 if form else 200)


def _save(request: HttpRequest, batch: Any, lines: list[BatchLine], line: BatchLine) -> HttpResponse:
    form = AnswerForm(request.POST, kind=batch.kind)
    if not form.is_valid():
        return _page(request, batch, lines, line, form=form)
    cells, left_out = desk.kept(_with_sex(request, form.cells), batch.kind)
    if left_out:
        text = f"Mã {cells['result']} không dùng các ô {', '.join(left_out)}; đã bỏ. Có khác thì chọn mã S."
        messages.warning(request, text)
    typed = {key: text for key, text in cells.items() if text}
    handed_in = not line.draft and typed == desk.drafted(line, batch.kind) != {}
    if not handed_in:
        save_draft(line, typed, by=user_of(request))
        line.draft = typed
    asked = [] if handed_in or "sure" in request.POST else questions(batch.kind, line, typed, lines, _provinces(batch))
    if asked:
        return redirect(f"{address(batch, line)}&hoi=1")
    following = desk.after(lines, line)
    if following is None:
        messages.success(request, f"Đã gõ xong cả lô {batch.code}. Xem lại rồi nộp.")
        return redirect("answer_submit", batch.code)
    return redirect(address(batch, following))


def _with_sex(request: HttpRequest, cells: dict[str, str]) -> dict[str, str]:
    """“The number is right, the sex is wrong” makes it an S with the sex that the number says."""
    sex = request.POST.get("sex_is", "")
    if sex not in desk.SEX_WORDS.values():
        return cells
    return {**cells, "result": "S", "right_sex": sex}


def _submit(request: HttpRequest, batch: Any) -> HttpResponse:
    try:
        taken = submit(batch, by=user_of(request))
    except WorkRefused as refusal:
        messages.error(request, refusal.message)
        return redirect("answer", batch.code)
    counts = taken.counts
    to_read = counts["rows"] - counts["accepted"]
    text = f"Đã nộp {counts['rows']} dòng của lô {batch.code}"
    messages.success(request, f"{text}; xã xem lại {to_read} dòng." if to_read else f"{text}.")
    return redirect("answer" if counts["unanswered"] else "batch", batch.code)


def _lacking(kind: str, draft: dict[str, str]) -> list[str]:
    code = code_of(draft.get("result", ""), kind) or ("C" if "number" in draft and kind == BatchKind.POLICE else "")
    return lacking(kind, code, draft) if code else ["thiếu mã kết quả"]
