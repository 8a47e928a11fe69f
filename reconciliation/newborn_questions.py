"""What a newborn list says otherwise than the register waits in a batch of its own (LC-TE-KS-01), to be settled like
an answer of the civil registry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from campaigns.models import Register, User
from reconciliation.batch_codes import next_code
from reconciliation.models import Batch, BatchKind, BatchLine, Difference, Outcome
from reconciliation.outcomes import Differs
from records.models import Record, SourceFile
from records.reference import field_labels

PART = "KS"


@dataclass(frozen=True)
class Question:
    record: Record
    differs: list[Differs]


def ask(source_file: SourceFile, questions: Sequence[Question], *, by: User, sha256: str) -> str:
    """Returns the batch's code, '' when nothing new waits: what was asked before from another list is not asked again,
    decided or not."""
    questions = _new(questions)
    if not questions or source_file.commune is None:
        return ""
    now = timezone.now()
    batch = Batch.objects.create(
        campaign=source_file.campaign, register=Register.CHILDREN, commune=source_file.commune,
        kind=BatchKind.CIVIL_REGISTRY, by=by, at=now, due=timezone.localdate(now), rows=len(questions), sha256=sha256,
        code=next_code(source_file.campaign, source_file.commune, Register.CHILDREN, PART), closed_at=now,
    )  # fmt: skip
    labels = field_labels(Register.CHILDREN)
    lines = BatchLine.objects.bulk_create(
        [_line(batch, number, question, labels) for number, question in enumerate(questions, start=1)], batch_size=1000
    )
    Difference.objects.bulk_create(
        [
            Difference(
                campaign_id=batch.campaign_id, line=line, field=d.field, ours=d.ours, sent=d.sent, theirs=d.theirs,
                reason=line.reason,
            )
            for line, question in zip(lines, questions, strict=True)
            for d in question.differs
        ],
        batch_size=1000,
    )  # fmt: skip
    return batch.code


def already_decided(record_ids: Sequence[int]) -> set[tuple[int, str, str]]:
    """(record id, field, their value) on which a person has decided before."""
    return set(_asked(record_ids).exclude(decision="").values_list("line__record_id", "field", "theirs"))


def _asked(record_ids: Sequence[int]) -> QuerySet[Difference]:
    return Difference.objects.filter(line__record__in=record_ids, line__batch__code__contains=f"-{PART}-")


def _new(questions: Sequence[Question]) -> list[Question]:
    asked = set(_asked([q.record.pk for q in questions]).values_list("line__record_id", "field", "theirs"))
    fresh: dict[int, Question] = {}
    for question in questions:
        differs = [d for d in question.differs if (question.record.pk, d.field, d.theirs) not in asked]
        if differs:
            fresh.setdefault(question.record.pk, Question(question.record, differs))
    return list(fresh.values())


def _line(batch: Batch, number: int, question: Question, labels: dict[str, str]) -> BatchLine:
    record = question.record
    names = ", ".join(labels[d.field].lower() for d in question.differs)
    return BatchLine(
        campaign_id=batch.campaign_id, batch=batch, number=number, record=record, row_code=record.row_code,
        record_version=record.version, sent={}, sent_values={},
        answer={labels[d.field]: d.theirs for d in question.differs}, result_code="S", outcome=Outcome.TO_SETTLE,
        reason=f"Danh sách khai sinh ghi khác: {names}", answered_at=batch.at,
    )  # fmt: skip
