"""What is done to one person from the grid, or from the person's own page."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from campaigns.errors import WorkRefused
from campaigns.permissions import NotAllowed, Permission, require
from records import review
from records.models import ChangeSet, Finding, Record
from records.private import unseen_by
from records.reading.rules import RULES
from records.reference import field_labels, reference_for
from records.taking_back import take_back
from records.views import editors
from records.views.answers import done, named, row_answer, say_undoable
from records.views.columns import label_of
from records.views.grid import NOT_EDITED, said_of
from records.views.scope import back, campaign_of, find_record, user_of


@require_GET
@require(Permission.REVIEW)
def review_row(request: HttpRequest, row_code: str) -> HttpResponse:
    """The row without an editor; to a browser without script, the person's page."""
    record = find_record(request, row_code)
    return done(request, record) if request.htmx else redirect("record", record.row_code)  # type: ignore[attr-defined]


@require_http_methods(["GET", "POST"])
@require(Permission.REVIEW)
def edit_cell(request: HttpRequest, row_code: str, field: str) -> HttpResponse:
    record = find_record(request, row_code)
    _check_field(request, record, field)
    if request.method == "GET":
        editors.record_opening(request, record, field)
        return _draw(request, record, editors.cell_editor(record, field, editors.cell_form(request, record, field)))
    form = editors.cell_form(request, record, field, request.POST)
    if not form.is_valid():
        return _draw(request, record, editors.cell_editor(record, field, form), status=422)
    change_set, applied = review.correct(
        record, {field: form.cleaned_data["value"]},
        by=user_of(request), version=form.cleaned_data["version"], document=form.said(),
    )  # fmt: skip
    if applied.stale:
        return _ask_again(request, applied.stale[0].record, field)
    if form.is_legal:
        request.session[editors.LAST_PAPER] = form.cleaned_data["paper"]
    if change_set:
        say_undoable(request, f"Đã sửa {_small(label_of(field, record.register))} của {named(record)}.", change_set)
    return done(request, record)


def _ask_again(request: HttpRequest, record: Record, field: str) -> HttpResponse:
    """Somebody wrote another value meanwhile: both are shown, and the next save is against the new version."""
    data = request.POST.copy()
    data["version"] = str(record.version)
    form = editors.cell_form(request, record, field, data)
    editor = editors.cell_editor(record, field, form, stale=editors.who_changed(record, field))
    return _draw(request, record, editor, status=422)


@require_http_methods(["GET", "POST"])
@require(Permission.REVIEW)
def confirm_cell(request: HttpRequest, row_code: str, field: str) -> HttpResponse:
    record = find_record(request, row_code)
    _check_field(request, record, field, to_edit=False)
    open_here = Finding.objects.blocking().filter(record=record, field=field)
    findings = [finding for finding in open_here if not RULES[finding.rule].only_correction]
    if not findings:
        messages.info(request, "Ô này không còn điều nào xác nhận được.")
        return done(request, record)
    form = editors.confirm_form(request, record, findings, request.POST if request.method == "POST" else None)
    if not form.is_valid():
        editor = editors.confirm_editor(record, field, form, findings)
        return _draw(request, record, editor, status=422 if form.is_bound else 200)
    try:
        review.confirm(findings, note=form.said(), by=user_of(request))
        messages.success(request, f"Đã xác nhận đúng: {named(record)}.")
    except WorkRefused as refused:
        messages.error(request, refused.message)
    return done(request, record)


@require_POST
@require(Permission.REVIEW)
def use_suggestion(request: HttpRequest, row_code: str, rule: str) -> HttpResponse:
    """Writes what a rule suggests, if it is still what the page showed (`fix`)."""
    record = find_record(request, row_code)
    found = Finding.objects.open().filter(record=record, rule=rule).exclude(suggestion="").first()
    if found is None or found.field in unseen_by(user_of(request), record.register):
        messages.info(request, f"Không còn gợi ý nào cho {named(record)}.")
    elif found.suggestion != request.POST.get("fix"):
        messages.error(request, f"Gợi ý cho {named(record)} đã đổi. Xem giá trị mới rồi dùng.")
    else:
        accepted = review.accept_suggestions(
            record.campaign, record.register, [rule], by=user_of(request), record_ids=[record.pk]
        )
        label = _small(label_of(found.field, record.register))
        say_undoable(request, f"Đã sửa {label} của {named(record)}.", accepted.change_set)
    return done(request, record)


@require_POST
@require(Permission.REVIEW)
def ask_police(request: HttpRequest, row_code: str) -> HttpResponse:
    record = find_record(request, row_code)
    review.ask_police([record], by=user_of(request))
    messages.success(request, f"{named(record)} sẽ có trong danh sách gửi công an, khi xong rà soát xã.")
    return done(request, record)


@require_POST
@require(Permission.REVIEW)
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    change_set = ChangeSet.objects.for_user(user_of(request)).filter(campaign=campaign_of(request), pk=pk).first()
    if change_set is None:
        raise Http404
    try:
        take_back(change_set, by=user_of(request))
        messages.success(request, "Đã hoàn tác: giá trị trở lại như trước.")
    except (WorkRefused, NotAllowed) as refused:
        messages.error(request, str(refused))
    return redirect(back(request, reverse("review")))


def _draw(request: HttpRequest, record: Record, editor: dict[str, object], status: int = 200) -> HttpResponse:
    """In the grid the row with its cell open, elsewhere a page."""
    if request.htmx:  # type: ignore[attr-defined]
        return row_answer(request, record, editor=editor, status=status)
    said = said_of([record], user_of(request), reference_for(record.campaign, record.register, headings=False))
    context = {
        "editor": editor,
        "record": record,
        "findings": [one for one in said[record.pk] if one.finding.field == editor["field"]],
        "back_url": back(request, reverse("record", args=[record.row_code])),
    }
    return render(request, "records/cell.html", context, status=status)


def _check_field(request: HttpRequest, record: Record, field: str, *, to_edit: bool = True) -> None:
    """Raises Http404 for what is no field of the register, and for one that this user may not see."""
    known = field in field_labels(record.register) and not (to_edit and field in NOT_EDITED)
    if not known or field in unseen_by(user_of(request), record.register):
        raise Http404


def _small(label: str) -> str:
    return label[:1].lower() + label[1:]
