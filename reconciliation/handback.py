"""Take an answered list back: every returning row lands where it belongs, or is shown to a person with the reason."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone

from campaigns import audit
from campaigns.errors import WorkRefused
from campaigns.models import Campaign, User
from campaigns.permissions import NotAllowed, Permission, check, may_receive
from reconciliation import taking
from reconciliation.answers import ReturnedList, ReturnedRow, read_returned
from reconciliation.batch_codes import codes_in
from reconciliation.models import Batch, BatchKind, BatchLine, HandBack
from reconciliation.taking import LineResult, Verdict
from records import row_codes, source_files
from records.models import FileKind, FileStatus, Record

COUNTED = (
    "rows", "accepted", "to_settle", "to_civil_registry", "unanswered", "added", "missing", "altered", "repeated",
    "unreadable",
)  # fmt: skip


@dataclass
class TakenBack:
    """`counts` has the keys of COUNTED; `rows` one entry a line that was sent, then the rows that are no line of it.
    `already`: this very file was taken before; `drifted`: rows come to something else than was looked at; in both cases
    nothing was changed."""

    batch: Batch
    counts: dict[str, int]
    rows: list[LineResult]
    reordered: bool
    notes: list[str] = field(default_factory=list)
    already: bool = False
    drifted: bool = False

    @property
    def fingerprint(self) -> str:
        """Of what was seen: another one when any row would come to something else."""
        return hashlib.sha256(json.dumps([asdict(row) for row in self.rows]).encode()).hexdigest()

    @property
    def needs_person(self) -> bool:
        others = (
            "to_settle",
            "to_civil_registry",
            "unanswered",
            "added",
            "missing",
            "altered",
            "repeated",
            "unreadable",
        )
        return any(self.counts[key] for key in others)


def take_back(
    campaign: Campaign,
    *,
    by: User,
    name: str,
    content: bytes,
    dry_run: bool = False,
    batch: Batch | None = None,
    looked_at: str = "",
) -> TakenBack:
    """`batch`: the one that a page speaks of; a file that names another is refused. `looked_at`: fingerprint of the
    preview that was agreed to; where rows come to something else by now, nothing is written. Raises WorkRefused
    `unknown_batch`, `no_row_codes` or one of the reading's codes, NotAllowed for whom the plan does not name."""
    check(by, Permission.HAND_BACK)
    returned = read_returned(content, name)
    if not returned.has_row_codes:
        raise WorkRefused(
            "no_row_codes",
            f"Tệp “{name}” không có cột Mã dòng nên không biết dòng nào của ai. "
            "Khôi phục cột Mã dòng từ danh sách đã gửi rồi nộp lại.",
        )
    digest = hashlib.sha256(content).hexdigest()
    found = _find_batch(campaign, returned, digest, name, batch)
    check_receiver(found, by)
    with transaction.atomic():
        found = taking.locked(found)
        before = found.hand_backs.filter(source_file__sha256=digest, undone_at=None).order_by("id").first()
        if before is not None:
            return _as_before(found, before, name)
        taken, verdicts = _judge(found, returned)
        taken.drifted = bool(looked_at) and looked_at != taken.fingerprint
        if not dry_run and not taken.drifted:
            _write(taken, verdicts, by=by, name=name, content=content)
    return taken


def check_receiver(batch: Batch, by: User) -> None:
    """The plan names who receives the answers of the police; the registry answers the commune that asked."""
    if by.commune_id not in (None, batch.commune_id):
        raise NotAllowed(f"Lô {batch.code} là của {batch.commune.name}; chỉ nhận lại được danh sách của xã mình.")
    if batch.kind == BatchKind.POLICE and not may_receive(by, batch.campaign, batch.register):
        raise NotAllowed(
            f"Theo kế hoạch, {by.get_role_display()} không nhận lại danh sách công an trả của sổ "
            f"{batch.get_register_display()}. Chuyển tệp cho Phòng LĐ-TB&XH."
        )


def _judge(batch: Batch, returned: ReturnedList) -> tuple[TakenBack, list[Verdict]]:
    lines = taking.lines_of(batch)
    by_line, strangers = _sort(batch, returned.rows, lines)
    verdicts = taking.judge_all(batch, lines, by_line)
    results = [verdict.result for verdict in verdicts] + strangers
    counts, is_reordered = count(results, len(returned.rows)), _is_reordered(lines, returned.rows)
    return TakenBack(batch, counts, results, is_reordered, taking.notes(verdicts)), verdicts


def _write(taken: TakenBack, verdicts: Sequence[Verdict], *, by: User, name: str, content: bytes) -> None:
    batch = taken.batch
    source_file = source_files.keep(
        batch.campaign, kind=FileKind.HAND_BACK, by=by, name=name, content=content, register=batch.register,
        commune=batch.commune, partial=True,
    )  # fmt: skip
    taking.write(batch, verdicts, by=by, source_file=source_file)
    counts = taken.counts | {"reordered": taken.reordered}
    taking.keep(batch, counts, taken.rows, by=by, source_file=source_file)
    source_file.status, source_file.applied_at = FileStatus.APPLIED, source_file.at
    source_file.counts = taken.counts
    source_file.save(update_fields=["status", "applied_at", "counts"])
    audit.record(
        "hand_back_taken", by=by, campaign=batch.campaign, target=f"batch:{batch.code}",
        commune_code=batch.commune.code, source_file=source_file.code, **taken.counts,
    )  # fmt: skip


def _as_before(batch: Batch, before: HandBack, name: str) -> TakenBack:
    counts = {key: before.counts[key] for key in COUNTED}
    reordered = bool(before.counts.get("reordered"))
    note = f"Tệp “{name}” đã nhận lúc {timezone.localtime(before.at):%H:%M %d/%m/%Y}; không có gì thay đổi."
    return TakenBack(batch, counts, [LineResult(**row) for row in before.rows], reordered, [note], already=True)


def count(results: Sequence[LineResult], rows: int) -> dict[str, int]:
    counts = dict.fromkeys(COUNTED, 0) | {"rows": rows}
    for result in results:
        counts[result.outcome] += 1
        counts["altered"] += bool(result.altered)
        counts["repeated"] += result.repeated
    return counts


def _is_reordered(lines: Sequence[BatchLine], rows: Sequence[ReturnedRow]) -> bool:
    """By the first row of each line: a copy further down moves nothing."""
    places = {line.row_code: line.number for line in lines}
    order = dict.fromkeys(places[code] for row in rows if (code := row_codes.check(row.row_code)) in places)
    return list(order) != sorted(order)


def _find_batch(campaign: Campaign, returned: ReturnedList, digest: str, name: str, expected: Batch | None) -> Batch:
    """By the code above the table, else by the rows' codes (contract section 4)."""
    batches = Batch.objects.filter(campaign=campaign).select_related("campaign", "commune")
    written = codes_in(returned.lines_above)
    if written:
        found = list(batches.filter(code__in=written))
    elif expected is not None:
        found = [expected]
    else:
        found = list(batches.filter(hand_backs__source_file__sha256=digest).distinct()) or _by_rows(batches, returned)
    if len(found) != 1:
        read = f"Trên bảng ghi mã lô {', '.join(written)}" if written else "Trên bảng không còn mã lô"
        raise WorkRefused(
            "unknown_batch",
            f"Không biết tệp “{name}” là lô nào. {read}, và không có đúng một lô đang mở khớp với tệp. "
            "Ghi lại dòng “Mã lô: …” phía trên bảng như danh sách đã gửi.",
        )
    if expected is not None and found[0].pk != expected.pk:
        raise WorkRefused(
            "unknown_batch",
            f"Tệp “{name}” là của lô {found[0].code}, không phải {expected.code}. Mở lô {found[0].code} để nhận lại.",
        )
    return found[0]


def _by_rows(batches: Any, returned: ReturnedList) -> list[Batch]:
    codes = {code for row in returned.rows if (code := row_codes.check(row.row_code))}
    if not codes:
        return []
    holding: dict[int, set[str]] = {}
    held = BatchLine.objects.filter(batch__in=batches.filter(closed_at=None), row_code__in=codes)
    for batch_id, code in held.values_list("batch_id", "row_code"):
        holding.setdefault(batch_id, set()).add(code)
    return list(batches.filter(pk__in=[pk for pk, held_codes in holding.items() if held_codes == codes]))


def _sort(
    batch: Batch, rows: Sequence[ReturnedRow], lines: Sequence[BatchLine]
) -> tuple[dict[str, list[ReturnedRow]], list[LineResult]]:
    """Rows by the line they belong to, and results of those that belong to none."""
    ours = {line.row_code for line in lines}
    by_line: dict[str, list[ReturnedRow]] = {}
    others: list[tuple[ReturnedRow, str | None]] = []
    for row in rows:
        code = row_codes.check(row.row_code)
        if code in ours:
            by_line.setdefault(str(code), []).append(row)
        else:
            others.append((row, code))
    known = _where_from(batch, [code for _, code in others if code])
    return by_line, [_stranger(row, code, known) for row, code in others]


def _where_from(batch: Batch, codes: Sequence[str]) -> dict[str, str]:
    """Row codes that were given out in the campaign → the newest batch that holds them, '' for none."""
    if not codes:
        return {}
    given_out = Record.objects.filter(campaign=batch.campaign, row_code__in=codes).values_list("row_code", flat=True)
    known = dict.fromkeys(given_out, "")
    held = BatchLine.objects.filter(campaign=batch.campaign, row_code__in=codes).order_by("id")
    return known | dict(held.values_list("row_code", "batch__code"))


def _stranger(row: ReturnedRow, code: str | None, known: Mapping[str, str]) -> LineResult:
    if not row.row_code:
        return LineResult("", "added", reason=f"{row.place}: không có mã dòng, không phải dòng của lô", row=row.number)
    if code is None or code not in known:
        why = "mã dòng sai một ký tự hoặc thiếu" if code is None else "mã dòng chưa từng cấp"
        reason = f"{row.place}: {why}; đối chiếu với danh sách đã gửi để biết là của ai"
        return LineResult(row.row_code, "unreadable", reason=reason, row=row.number, given=row.given, sent=row.sent)
    where = f"của lô {known[code]}" if known[code] else "chưa gửi trong lô nào"
    return LineResult(code, "added", reason=f"{row.place}: mã dòng đúng nhưng {where}", row=row.number)
