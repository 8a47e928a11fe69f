"""What answers do, whether they came in a file or were typed in the browser: judged together, written together.

The number of queries does not depend on the number of lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field

from django.db import connection
from django.db.models import Q
from django.utils import timezone
from psycopg2.extras import Json, execute_values

from campaigns.models import Register, User
from reconciliation.answers import UNKNOWN, Answer, ReturnedRow, differing, put_together
from reconciliation.meaning import Meaning
from reconciliation.models import Batch, BatchKind, BatchLine, Difference, HandBack, Outcome
from reconciliation.outcomes import NUMBER, Judgement, OurSide, Surroundings, given_number, judge_line
from reconciliation.sheets import sent_columns, to_fill_in
from records import changes, stages
from records.models import ChangeKind, Finding, FindingStatus, Record, SourceFile, Stage
from records.models.record import MOVES
from records.reference import field_labels, reference_for

NOTE = "Ghi chú"
ANSWERED = frozenset({Outcome.ACCEPTED, Outcome.TO_SETTLE, Outcome.TO_CIVIL_REGISTRY})
CONFIRMED_BY_REGISTRY = (
    "name.one_word", "birth_date.incomplete", "birth_date.implausible", "sex.middle_name", "father.missing",
    "mother.missing",
)  # fmt: skip
_CHANGE_KINDS = {BatchKind.POLICE: ChangeKind.POLICE, BatchKind.CIVIL_REGISTRY: ChangeKind.CIVIL_REGISTRY}
_WRITE = """
UPDATE reconciliation_batchline l
SET answer = v.answer, draft = '{}', result_code = v.code, outcome = v.outcome, altered = v.altered,
    repeated = v.repeated, reason = v.reason, answered_at = v.at, settled_at = NULL
FROM (VALUES %s) AS v (id, answer, code, outcome, altered, repeated, reason, at) WHERE l.id = v.id
"""
_TEMPLATE = "(%s, %s::jsonb, %s, %s, %s::jsonb, %s::boolean, %s, %s::timestamptz)"


@dataclass
class LineResult:
    """`outcome`: of the contract. `row`: in the file, 0 for none; `given` and `sent` (column key → text) are kept of a
    row whose code cannot be read, so that a person can place it; `placed` says where to."""

    row_code: str
    outcome: str
    altered: list[str] = field(default_factory=list)
    repeated: bool = False
    reason: str = ""
    row: int = 0
    given: dict[str, str] = field(default_factory=dict)
    sent: dict[str, str] = field(default_factory=dict)
    placed: str = ""


@dataclass(frozen=True)
class Verdict:
    """`is_news`: the line's answer changes by it; otherwise it says again what is known, or nothing."""

    line: BatchLine
    answer: Answer
    judgement: Judgement
    result: LineResult
    is_news: bool


def locked(batch: Batch) -> Batch:
    """The batch, so that two people who hand back at once come one after the other."""
    return Batch.objects.select_for_update(of=("self",)).select_related("campaign", "commune").get(pk=batch.pk)


def lines_of(batch: Batch) -> list[BatchLine]:
    return list(batch.lines.select_related("record").order_by("number"))


def judge_all(
    batch: Batch, lines: Sequence[BatchLine], rows: Mapping[str, Sequence[ReturnedRow]], *, whole_list: bool = True
) -> list[Verdict]:
    """`rows`: row code → the rows that came back with it. With `whole_list` a line without any is missing; otherwise
    it is left as it was."""
    reference = reference_for(batch.campaign, batch.register)
    meaning = Meaning(reference)
    answers = {
        line.row_code: put_together(rows[line.row_code], line.sent, batch.kind, meaning)
        for line in lines
        if line.row_code in rows
    }
    around = Surroundings(batch.kind, reference, meaning, field_labels(batch.register))
    decided = set(
        Difference.objects.filter(line__batch=batch).exclude(decision="").values_list("line_id", flat=True).distinct()
    )
    sides = {line.row_code: _our_side(line, line.pk in decided) for line in lines}
    around = _looked_up(batch, around, sides, answers)
    return [
        _verdict(line, answers.get(line.row_code), sides[line.row_code], around)
        for line in lines
        if whole_list or line.row_code in answers
    ]


def _our_side(line: BatchLine, is_decided: bool) -> OurSide:
    record = line.record
    return OurSide(
        record_id=record.pk,
        values=record.values,
        sex=record.sex,
        birth_year=record.birth_year,
        number=record.personal_number,
        sent=line.sent,
        changed=tuple(key for key, text in line.sent_values.items() if record.value(key) != text),
        excluded=record.stage == Stage.EXCLUDED,
        earlier=is_decided or line.outcome in (Outcome.ACCEPTED, Outcome.TO_CIVIL_REGISTRY),
    )


def _looked_up(
    batch: Batch, around: Surroundings, sides: Mapping[str, OurSide], answers: Mapping[str, Answer]
) -> Surroundings:
    given = {code: given_number(answer, sides[code], around) for code, answer in answers.items()}
    times = Counter(number for number in given.values() if number)
    asked = set(times) | {sides[code].number for code in answers if sides[code].number}
    register = Record.objects.register(batch.campaign, batch.register).present()
    holders: dict[str, set[int]] = {}
    for number, pk in register.filter(personal_number__in=asked).values_list("personal_number", "pk"):
        holders.setdefault(number, set()).add(pk)
    parents: set[str] = set()
    if batch.register == Register.CHILDREN:
        # A beneficiary may well be somebody's parent; a child may not.
        stands = Q(father_number__in=asked) | Q(mother_number__in=asked)
        for pair in register.filter(stands).values_list("father_number", "mother_number"):
            parents.update(asked & set(pair))
    return Surroundings(
        around.kind, around.reference, around.meaning, around.labels, holders, parents,
        {number for number, n in times.items() if n > 1},
    )  # fmt: skip


def _verdict(line: BatchLine, answer: Answer | None, ours: OurSide, around: Surroundings) -> Verdict:
    if answer is None:
        result = LineResult(line.row_code, Outcome.MISSING)
        return Verdict(line, Answer(), Judgement(Outcome.MISSING), result, is_news=line.outcome == "")
    altered = altered_fields(answer)
    if line.outcome in ANSWERED and _says_what_is_known(line, answer, altered, ours, around):
        outcome = Outcome.UNANSWERED if answer.is_empty else Outcome(line.outcome)
        reason = "" if answer.is_empty else line.reason
        result = LineResult(line.row_code, outcome, altered, answer.repeated, reason)
        return Verdict(line, answer, Judgement(outcome), result, is_news=False)
    judgement = judge_line(ours, answer, around)
    result = LineResult(line.row_code, judgement.outcome, altered, answer.repeated, judgement.reason)
    return Verdict(line, answer, judgement, result, is_news=True)


def _says_what_is_known(
    line: BatchLine, answer: Answer, altered: Sequence[str], ours: OurSide, around: Surroundings
) -> bool:
    """However it is spelled. A note is news only while nothing was done on the answer yet."""
    if answer.is_empty:
        return True
    if not set(altered) <= set(line.altered) or (answer.contradictory and line.outcome == Outcome.ACCEPTED):
        return False
    known = {c.key: line.answer[c.heading] for c in to_fill_in(around.kind) if c.heading in line.answer}
    if not ours.earlier and answer.given.get("note", "") != known.get("note", ""):
        return False
    return not differing(known, answer.given, around.kind, around.meaning)


def altered_fields(answer: Answer) -> list[str]:
    return [column.field or column.key for column in sent_columns() if column.key in answer.altered]


def texts(answer: Answer, kind: str) -> dict[str, str]:
    """Heading → text, as BatchLine keeps it."""
    return {c.heading: answer.given[c.key] for c in to_fill_in(kind) if c.key in answer.given}


def notes(verdicts: Sequence[Verdict]) -> list[str]:
    """What is to be read although nothing needs to be decided."""
    noted = [
        v.line.row_code for v in verdicts if v.judgement.outcome == Outcome.ACCEPTED and v.answer.given.get("note")
    ]
    known = sum(v.line.outcome in ANSWERED and v.result.outcome not in ANSWERED for v in verdicts)
    found = []
    if noted:
        found.append(f"Đã nhận nhưng có ghi chú, cần đọc: {', '.join(noted)}.")
    if known:
        found.append(f"{known} dòng không có trả lời trong tệp này đã có trả lời ở lần nhận trước; giữ nguyên.")
    return found


def write(batch: Batch, verdicts: Sequence[Verdict], *, by: User, source_file: SourceFile | None) -> None:
    """Numbers through the one door, lines, differences, stages; closes the batch once nobody is waited for."""
    news = [v for v in verdicts if v.is_news]
    numbers = {v.line.record_id: {NUMBER: v.judgement.number} for v in news if v.judgement.number}
    if numbers:
        change_set = changes.open_change_set(
            batch.campaign, _CHANGE_KINDS[BatchKind(batch.kind)], by=by, document=batch.code, source_file=source_file,
            reason=reason_of(batch),
        )  # fmt: skip
        changes.apply(change_set, numbers)
    _write_lines(batch, news)
    _write_notes(v for v in verdicts if not v.is_news)
    _write_differences(batch, news)
    if batch.kind == BatchKind.CIVIL_REGISTRY:
        _confirm_particulars(batch, news, by)
    _move(batch, news, by)
    still_out = batch.lines.exclude(outcome__in=ANSWERED).exists()
    if not still_out and batch.closed_at is None:
        batch.closed_at = timezone.now()
        batch.save(update_fields=["closed_at"])


def keep(
    batch: Batch, counts: Mapping[str, int], results: Sequence[LineResult], *, by: User, source_file: SourceFile | None
) -> HandBack:
    return HandBack.objects.create(
        campaign=batch.campaign, batch=batch, source_file=source_file, by=by, counts=dict(counts),
        rows=[asdict(result) for result in results],
    )  # fmt: skip


def _confirm_particulars(batch: Batch, news: Sequence[Verdict], by: User) -> None:
    """The registry's K is the document that what looked odd in a person's particulars is right."""
    accepted = [v.line.record_id for v in news if v.judgement.outcome == Outcome.ACCEPTED]
    Finding.objects.blocking().filter(record__in=accepted, rule__in=CONFIRMED_BY_REGISTRY).update(
        status=FindingStatus.CONFIRMED, by=by, status_at=timezone.now(), note=confirmed_note(batch)
    )


def reason_of(batch: Batch) -> str:
    """Why records changed and moved; by it an undo of the hand-back finds what it did."""
    return f"nhận lại lô {batch.code}"


def confirmed_note(batch: Batch) -> str:
    return f"Hộ tịch xác nhận, lô {batch.code}"


def _write_lines(batch: Batch, news: Sequence[Verdict]) -> None:
    now = timezone.now()
    rows = [
        (
            v.line.pk, Json(texts(v.answer, batch.kind)), v.judgement.code.replace(UNKNOWN, ""), v.judgement.outcome,
            Json(v.result.altered), v.result.repeated, v.judgement.reason,
            now if v.judgement.outcome in ANSWERED else None,
        )
        for v in news
    ]  # fmt: skip
    if rows:
        with connection.cursor() as cursor:
            execute_values(cursor.cursor, _WRITE, rows, template=_TEMPLATE, page_size=1000)


def _write_notes(known: Iterable[Verdict]) -> None:
    """A note that came later stands beside the answer that it belongs to."""
    noted = []
    for verdict in known:
        note = verdict.answer.given.get("note")
        if note and note != verdict.line.answer.get(NOTE):
            verdict.line.answer = {**verdict.line.answer, NOTE: note}
            noted.append(verdict.line)
    BatchLine.objects.bulk_update(noted, ["answer"], batch_size=1000)


def _write_differences(batch: Batch, news: Sequence[Verdict]) -> None:
    Difference.objects.filter(line__in=[v.line.pk for v in news if v.line.outcome in ANSWERED]).delete()
    Difference.objects.bulk_create(
        [
            Difference(
                campaign_id=batch.campaign_id, line=v.line, field=d.field, ours=d.ours, sent=d.sent, theirs=d.theirs,
                reason=v.judgement.reason,
            )
            for v in news
            for d in v.judgement.differences
        ],
        batch_size=1000,
    )  # fmt: skip


def _move(batch: Batch, news: Sequence[Verdict], by: User) -> None:
    """Records that meanwhile left the register stay out of it."""

    def of(outcome: str, to: str) -> list[int]:
        movable = MOVES[to] | {to}
        return [v.line.record_id for v in news if v.judgement.outcome == outcome and v.line.record.stage in movable]

    reason = reason_of(batch)
    campaign = batch.campaign
    stages.move(campaign, of(Outcome.TO_SETTLE, Stage.TO_SETTLE), Stage.TO_SETTLE, by=by, reason=reason)
    registry = of(Outcome.TO_CIVIL_REGISTRY, Stage.WITH_CIVIL_REGISTRY)
    stages.move(campaign, registry, Stage.WITH_CIVIL_REGISTRY, by=by, reason=reason)
    stages.move_to_clean_or_review(campaign, of(Outcome.ACCEPTED, Stage.CLEANED), by=by, reason=reason)
