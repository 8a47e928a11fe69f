"""The partner answers in the browser: line by line as a draft, then handed in by the same path as a returned file."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from campaigns import audit
from campaigns.errors import WorkRefused
from campaigns.models import User
from campaigns.permissions import NotAllowed, Permission, check
from reconciliation import taking
from reconciliation.answers import ReturnedRow, code_of, filled_in
from reconciliation.handback import TakenBack, count
from reconciliation.models import Batch, BatchLine
from reconciliation.outcomes import lacking
from reconciliation.sheets import to_fill_in


@transaction.atomic
def save_draft(line: BatchLine, cells: Mapping[str, str], *, by: User) -> list[str]:
    """Keeps what was typed so far (column key → text; nothing typed empties the draft) and returns what the code still
    needs, as phrases. Raises NotAllowed for whom the list was not sent to."""
    check(by, Permission.ANSWER)
    found = BatchLine.objects.for_user(by).select_for_update(of=("self",)).select_related("batch__campaign")
    line = found.filter(pk=line.pk).first() or _refuse()
    keys = {column.key for column in to_fill_in(line.batch.kind)}
    line.draft = filled_in({key: text for key, text in cells.items() if key in keys})
    line.save(update_fields=["draft"])
    audit.record(
        "answer_drafted", by=by, campaign=line.batch.campaign, target=f"batch:{line.batch.code}", record=line.row_code
    )
    code = code_of(line.draft.get("result", ""), line.batch.kind) or ("C" if "number" in line.draft else "")
    return lacking(line.batch.kind, code, line.draft)


def _refuse() -> BatchLine:
    raise NotAllowed("Dòng này không nằm trong danh sách gửi cho đơn vị của ông, bà.")


@transaction.atomic
def submit(batch: Batch, *, by: User) -> TakenBack:
    """Hands in all drafts of the batch; lines without one stay out. Raises WorkRefused `nothing_to_send` when nothing
    was typed, NotAllowed for whom the list was not sent to."""
    check(by, Permission.ANSWER)
    if not Batch.objects.for_user(by).filter(pk=batch.pk).exists():
        raise NotAllowed(f"Lô {batch.code} không gửi cho đơn vị của ông, bà.")
    batch = taking.locked(batch)
    lines = taking.lines_of(batch)
    drafts = {line.row_code: [ReturnedRow(0, line.row_code, {}, line.draft)] for line in lines if line.draft}
    if not drafts:
        raise WorkRefused("nothing_to_send", f"Lô {batch.code}: chưa có dòng nào được trả lời để nộp.")
    verdicts = taking.judge_all(batch, lines, drafts, whole_list=False)
    taking.write(batch, verdicts, by=by, source_file=None)
    batch.lines.filter(row_code__in=drafts).update(draft={})
    results = [verdict.result for verdict in verdicts]
    counts = count(results, len(drafts))
    counts["unanswered"] = batch.lines.exclude(outcome__in=taking.ANSWERED).count()
    taken = TakenBack(batch, counts, results, reordered=False, notes=taking.notes(verdicts))
    taking.keep(batch, counts | {"reordered": False}, results, by=by, source_file=None)
    audit.record(
        "answers_submitted", by=by, campaign=batch.campaign, target=f"batch:{batch.code}",
        commune_code=batch.commune.code, **counts,
    )  # fmt: skip
    return taken
