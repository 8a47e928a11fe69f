"""What is done to one person from the grid, or from the person's own page."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRefresh

from campaigns.errors import WorkRefused
from campaigns.permissions import NotAllowed, Permission, require
from campaigns.templatetags.written import within_sentence
from records import review
from records.consequences import Watch
from records.models import ChangeSet, Finding, FindingStatus, Record
from records.private import unseen_by
from records.reading.rules import RULES
from records.reference import field_labels, reference_for
from records.taking_back import take_back
from records.views import editors
from records.views.answers import done, row_answer, rows_answer, say_undoable
from records.views.columns import label_of, named
from records.views.grid import NOT_EDITED, said_of
from records.views.origins import day_in_words
from records.views.scope import back, campaign_of, find_record, user_of

_MOST_ROWS = 20  # sent back one by one; beyond them the page is loaded again


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
    watch = Watch(record)
    change_set, applied = review.correct(
        record, {field: form.cleaned_data["value"]},
        by=user_of(request), version=form.cleaned_data["version"], document=form.said(),
    )  # fmt: skip
    if applied.stale:
        return _ask_again(request, applied.stale[0].record, field)
    if form.is_legal:
        request.session[editors.LAST_PAPER] = form.cleaned_data["paper"]
    return _say_corrected(request, record, field, change_set, watch)


def _say_corrected(
    request: HttpRequest, record: Record, field: str, change_set: ChangeSet | None, watch: Watch
) -> HttpResponse:
    """What was written, what that settled and what it now contradicts; with the rows that it touched."""
    if change_set is None:
        return done(request, record)
    now = Record.objects.select_related("commune", "source_row").get(pk=record.pk)
    now.campaign = record.campaign
    came = watch.consequences(now)
    written = day_in_words(now) if field == "birth_date" else ""
    said = [f"Đã sửa {within_sentence(label_of(field, record.register))} của {named(now)}{written}."]
    if came.settled:
        said.append(f"✓ Hết: {', '.join(within_sentence(label) for label in came.settled)}.")
    if came.arisen:
        said.append(f"▲ Nay cần xem: {', '.join(within_sentence(label) for label in came.arisen)}.")
    say_undoable(request, " ".join(said), change_set)
    return done(request, now, others=came.others)


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
    found = Finding.objects.filter(record=record, rule=rule).exclude(suggestion="", status=FindingStatus.OPEN).first()
    fix = request.POST.get("fix", "")
    if found is None or found.field in unseen_by(user_of(request), record.register):
        messages.info(request, f"Không còn gợi ý nào cho {named(record)}.")
    elif fix and record.value(found.field) == fix:
        pass  # pressed twice: it is written already
    elif found.status != FindingStatus.OPEN:
        messages.info(request, f"Không còn gợi ý nào cho {named(record)}.")
    elif found.suggestion != fix:
        messages.error(request, f"Gợi ý cho {named(record)} đã đổi. Xem giá trị mới rồi dùng.")
    else:
        watch = Watch(record)
        accepted = review.accept_suggestions(
            record.campaign, record.register, [rule], by=user_of(request), record_ids=[record.pk]
        )
        return _say_corrected(request, record, found.field, accepted.change_set, watch)
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
    touched = list(change_set.changes.values_list("record", "record__register").distinct()[: _MOST_ROWS + 1])
    try:
        take_back(change_set, by=user_of(request))
        messages.success(request, "Đã hoàn tác: giá trị trở lại như trước.")
    except (WorkRefused, NotAllowed) as refused:
        messages.error(request, str(refused))
    if request.htmx and touched:  # type: ignore[attr-defined]
        if len(touched) > _MOST_ROWS:
            return HttpResponseClientRefresh()
        return rows_answer(request, [pk for pk, _ in touched], register=touched[0][1])
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
