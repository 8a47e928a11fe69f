"""Decide what waits on a returned list, field by field: theirs, ours, the civil registry, ask again, back to review.

When everything about a line is decided, the line is settled and its record goes on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from campaigns import audit
from campaigns.errors import WorkRefused
from campaigns.models import Campaign, User
from campaigns.permissions import NotAllowed, Permission, check
from reconciliation.models import Batch, BatchKind, BatchLine, Difference, Outcome
from reconciliation.outcomes import EXCLUDING, NUMBER
from reconciliation.sheets import columns_of
from records import changes, exclusions, stages
from records.models import Change, ChangeKind, ChangeSet, Record, Stage
from records.reading.personal_number import read_number
from records.reading.reference import Reference
from records.reading.values import cell_reader
from records.reference import field_labels, reference_for
from records.row_codes import check as checked_code

THEIRS, OURS, REGISTRY, AGAIN, REVIEW, EXCLUSION = (
    "theirs", "ours", "civil_registry", "ask_again", "review", "exclusion",
)  # fmt: skip
NAMES = frozenset({"full_name", "father_name", "mother_name", "guardian_name"})
CHANGE_KINDS = {BatchKind.POLICE: ChangeKind.POLICE, BatchKind.CIVIL_REGISTRY: ChangeKind.CIVIL_REGISTRY}
_EXCLUSION_REASONS = {"M": "dead", "D": "moved", "T": "duplicate"}


@dataclass(frozen=True)
class Settled:
    """Fields; a line without values counts as one."""

    settled: int
    left: int


def find_batch(campaign: Campaign, code: str) -> Batch:
    """Raises WorkRefused `unknown_batch`."""
    batch = Batch.objects.filter(campaign=campaign, code=code.strip().upper()).select_related("commune").first()
    if batch is None:
        raise WorkRefused("unknown_batch", f"Không có lô nào mã “{code}”. Xem mã lô ở trang Danh sách gửi đi.")
    return batch


@transaction.atomic
def settle(
    batch: Batch,
    take: str,
    *,
    by: User,
    row_codes: Collection[str] | None = None,
    fields: Collection[str] | None = None,
) -> Settled:
    """Takes one side of everything that waits, or of the named rows and fields; `take` is "theirs" or "ours". What that
    side cannot decide is left: names to theirs, M, D and T to either. Raises WorkRefused `usage` for unknown names."""
    _check_place(batch, by)
    waiting = _waiting(batch, row_codes, fields)
    reference = reference_for(batch.campaign, batch.register)
    chosen = [d for d in waiting if not why_not(d, take, batch.kind, reference)]
    _decide(batch, chosen, take, by)
    audit.record(
        "differences_settled", by=by, campaign=batch.campaign, target=f"batch:{batch.code}",
        commune_code=batch.commune.code, take=take, settled=len(chosen), left=len(waiting) - len(chosen),
    )  # fmt: skip
    return Settled(len(chosen), len(waiting) - len(chosen))


@transaction.atomic
def decide(difference: Difference, decision: str, *, by: User, document: str = "") -> Difference:
    """One decision in the browser. `document`: the paper or note that an exclusion stands on. Raises WorkRefused
    `usage` where the decision is not open, `already_undone` where somebody has decided before."""
    difference = _locked(difference)
    batch = difference.line.batch
    _check_place(batch, by)
    if difference.decision not in ("", EXCLUSION):
        raise WorkRefused("already_undone", "Điều này đã có người quyết định. Tải lại trang để xem.")
    if why := why_not(difference, decision, batch.kind, reference_for(batch.campaign, batch.register)):
        raise WorkRefused("usage", why)
    if decision == EXCLUSION:
        reason = _EXCLUSION_REASONS.get(difference.line.result_code, "other")
        exclusions.ask_exclusion([difference.line.record], reason=reason, document=document, by=by)
    _decide(batch, [difference], decision, by)
    audit.record(
        "difference_decided", by=by, campaign=batch.campaign, target=f"batch:{batch.code}",
        commune_code=batch.commune.code, record=difference.line.row_code, field=difference.field, decision=decision,
    )  # fmt: skip
    difference.refresh_from_db()
    return difference


@transaction.atomic
def take_decision_back(difference: Difference, *, by: User) -> None:
    """Undoes one decision of the browser, and what it wrote. Raises WorkRefused `already_undone` when the record has
    moved on since."""
    difference = _locked(difference)
    line, batch = difference.line, difference.line.batch
    _check_place(batch, by)
    if difference.decision in ("", EXCLUSION):
        raise WorkRefused("already_undone", "Quyết định này không còn để hoàn tác. Tải lại trang để xem.")
    if line.record.stage in (Stage.WITH_POLICE, Stage.UPLOADED, Stage.EXCLUDED):
        raise WorkRefused("already_undone", f"Hồ sơ {line.row_code} đã đi tiếp sau quyết định này. Sửa ở trang Hồ sơ.")
    if difference.decision == THEIRS:
        changes.undo(_written_by(difference), by=by)
    Difference.objects.filter(pk=difference.pk).update(decision="", by=None, at=None)
    BatchLine.objects.filter(pk=line.pk).update(settled_at=None)
    stages.move(
        batch.campaign, [line.record_id], Stage.TO_SETTLE, by=by, reason=f"hoàn tác quyết định, lô {batch.code}"
    )
    audit.record(
        "decision_undone", by=by, campaign=batch.campaign, target=f"batch:{batch.code}",
        commune_code=batch.commune.code, record=line.row_code, field=difference.field,
    )  # fmt: skip


def why_not(difference: Difference, decision: str, kind: str, reference: Reference) -> str:
    """Why this decision is not open for this difference, as a sentence; '' when it is."""
    code = difference.line.result_code
    if code in EXCLUDING and decision in (THEIRS, OURS):
        return f"Mã {code}: đề nghị đưa ra khỏi sổ (người thứ hai xác nhận), hoặc đưa về rà soát."
    if decision != THEIRS:
        return ""
    if not difference.field:
        return "Dòng này không có giá trị nào để lấy."
    if difference.field in NAMES and kind == BatchKind.POLICE:
        return "Tên khác nhau thì hộ tịch quyết định: giữ tên của ta, hoặc hỏi hộ tịch."
    if not _is_readable(difference.field, difference.theirs, reference):
        return f"Giá trị trả về không đọc được là {field_labels(reference.register)[difference.field].lower()}."
    return ""


def _is_readable(field: str, text: str, reference: Reference) -> bool:
    if field == NUMBER:
        return read_number(text).kind == "twelve"
    if field == "birth_date":
        return cell_reader(reference).date(text).first is not None
    return text in ("Nam", "Nữ") if field == "sex" else bool(text)


def _check_place(batch: Batch, by: User) -> None:
    check(by, Permission.SETTLE)
    if by.commune_id not in (None, batch.commune_id):
        raise NotAllowed(f"Lô {batch.code} là của {batch.commune.name}; chỉ quyết định được lô của xã mình.")


def _locked(difference: Difference) -> Difference:
    found = Difference.objects.select_for_update(of=("self", "line")).select_related(
        "line__record", "line__batch__commune", "line__batch__campaign"
    )
    return found.get(pk=difference.pk)


def _waiting(batch: Batch, codes: Collection[str] | None, fields: Collection[str] | None) -> Sequence[Difference]:
    waiting = Difference.objects.filter(line__batch=batch, line__outcome=Outcome.TO_SETTLE, line__settled_at=None)
    if codes is not None:
        waiting = waiting.filter(line__row_code__in=_lines_named(batch, codes))
    if fields is not None:
        known = {column.field for column in columns_of(batch.kind) if column.field} | {"village"}
        if unknown := sorted(set(fields) - known):
            raise WorkRefused(
                "usage", f"Không có trường {', '.join(unknown)} trên danh sách. Có: {', '.join(sorted(known))}."
            )
        waiting = waiting.filter(field__in=fields)
    locked = waiting.filter(decision__in=["", EXCLUSION]).select_for_update(of=("self", "line"))
    return list(locked.select_related("line__record").order_by("line__number", "id"))


def _lines_named(batch: Batch, codes: Iterable[str]) -> list[str]:
    named = {text: checked_code(text) for text in codes}
    held = set(batch.lines.filter(row_code__in=[c for c in named.values() if c]).values_list("row_code", flat=True))
    if unknown := [text for text, code in named.items() if code not in held]:
        raise WorkRefused("usage", f"Lô {batch.code} không có mã dòng {', '.join(unknown)}. Xem lại danh sách đã gửi.")
    return sorted(held)


def _decide(batch: Batch, differences: Sequence[Difference], decision: str, by: User) -> None:
    if not differences:
        return
    if decision == THEIRS:
        _write_theirs(batch, differences, by)
    Difference.objects.filter(pk__in=[d.pk for d in differences]).update(decision=decision, by=by, at=timezone.now())
    _finish(batch, {d.line_id for d in differences}, by)


def _write_theirs(batch: Batch, differences: Sequence[Difference], by: User) -> None:
    edits: dict[int, dict[str, str | None]] = {}
    for difference in differences:
        edits.setdefault(difference.line.record_id, {})[difference.field] = difference.theirs
    change_set = changes.open_change_set(
        batch.campaign, CHANGE_KINDS[BatchKind(batch.kind)], by=by, document=_document(batch, differences),
        reason=f"quyết định lô {batch.code}",
    )  # fmt: skip
    changes.apply(change_set, edits)


def _document(batch: Batch, differences: Sequence[Difference]) -> str:
    """The batch, and the entry of the registry's book where one line is decided."""
    entries = {d.line.answer.get("Quyển số/Số đăng ký khai sinh", "") for d in differences} - {""}
    return f"{batch.code}, khai sinh {entries.pop()}" if len(entries) == 1 else batch.code


def _written_by(difference: Difference) -> ChangeSet:
    """The change set that took their value."""
    change = (
        Change.objects.filter(
            record_id=difference.line.record_id, field=difference.field,
            change_set__document__startswith=difference.line.batch.code,
            change_set__at__gte=difference.line.answered_at,
        )
        .select_related("change_set")
        .order_by("-id")
        .first()
    )  # fmt: skip
    if change is None or change.change_set.changes.values("record").distinct().count() > 1:
        raise WorkRefused(
            "already_undone", "Quyết định này nằm trong một lần quyết định nhiều dòng. Hoàn tác ở Lịch sử."
        )
    return change.change_set


def _finish(batch: Batch, line_ids: Collection[int], by: User) -> None:
    """Settles the lines on which nothing waits any more, and sends their records on. An exclusion waits for its second
    person; the record leaves when that person agrees."""
    done = list(
        batch.lines.filter(pk__in=line_ids)
        .annotate(waiting=Count("differences", filter=Q(differences__decision__in=["", EXCLUSION])))
        .filter(waiting=0)
        .prefetch_related("differences")
    )
    BatchLine.objects.filter(pk__in=[line.pk for line in done]).update(settled_at=timezone.now())
    elsewhere = set(
        BatchLine.objects.filter(
            record__in=[line.record_id for line in done], outcome=Outcome.TO_SETTLE, settled_at=None
        ).values_list("record_id", flat=True)
    )
    at_settling = set(
        Record.objects.filter(pk__in=[line.record_id for line in done], stage=Stage.TO_SETTLE)
        .exclude(pk__in=elsewhere)
        .values_list("pk", flat=True)
    )
    ways: dict[str, list[int]] = {}
    for line in done:
        if line.record_id in at_settling:
            way = _way_on({d.decision for d in line.differences.all()}, batch.kind)
            ways.setdefault(way, []).append(line.record_id)
    reason = f"quyết định lô {batch.code}"
    for way, ids in ways.items():
        if way == Stage.CLEANED:
            stages.move_to_clean_or_review(batch.campaign, ids, by=by, reason=reason)
        else:
            stages.move(batch.campaign, ids, way, by=by, reason=reason)


def _way_on(decisions: Collection[str], kind: str) -> str:
    """A question to the registry goes first: its answer may change what the police are asked."""
    if REGISTRY in decisions:
        return Stage.WITH_CIVIL_REGISTRY
    if AGAIN in decisions:
        return Stage.READY_FOR_POLICE if kind == BatchKind.POLICE else Stage.WITH_CIVIL_REGISTRY
    return Stage.TO_REVIEW if REVIEW in decisions else Stage.CLEANED
