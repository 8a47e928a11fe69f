"""A returned row whose code could not be read is placed by a person."""

from __future__ import annotations

from django.db import transaction

from campaigns import audit
from campaigns.errors import WorkRefused
from campaigns.models import User
from campaigns.permissions import NotAllowed, Permission, check
from reconciliation import taking
from reconciliation.answers import ReturnedRow
from reconciliation.models import HandBack
from reconciliation.taking import LineResult
from records.row_codes import check as checked_code


@transaction.atomic
def place_row(hand_back: HandBack, row: int, row_code: str, *, by: User) -> LineResult:
    """Takes the row of that number in the returned file as the answer of the named line. Raises WorkRefused `usage`
    where there is no such row waiting or the line has its answer already."""
    check(by, Permission.HAND_BACK)
    if not HandBack.objects.for_user(by).filter(pk=hand_back.pk).exists():
        raise NotAllowed("Lô này không thuộc xã của ông, bà.")
    batch = taking.locked(hand_back.batch)
    hand_back = HandBack.objects.select_for_update(of=("self",)).select_related("source_file").get(pk=hand_back.pk)
    entry = next((e for e in hand_back.rows if _is_waiting(e, row)), None)
    if entry is None or hand_back.undone_at is not None:
        raise WorkRefused("usage", f"Dòng {row} của tệp không chờ đặt vào đâu. Tải lại trang để xem.")
    code = checked_code(row_code) or ""
    lines = [line for line in taking.lines_of(batch) if line.row_code == code]
    if not lines or lines[0].outcome in taking.ANSWERED:
        raise WorkRefused("usage", f"Lô {batch.code} không có dòng “{row_code}” đang chờ trả lời. Chọn dòng khác.")
    rows = {code: [ReturnedRow(row, code, entry["sent"], entry["given"])]}
    verdicts = taking.judge_all(batch, lines, rows, whole_list=False)
    taking.write(batch, verdicts, by=by, source_file=hand_back.source_file)
    entry["placed"] = code
    hand_back.save(update_fields=["rows"])
    audit.record(
        "row_placed", by=by, campaign=batch.campaign, target=f"batch:{batch.code}",
        commune_code=batch.commune.code, record=code, row=row,
    )  # fmt: skip
    return verdicts[0].result


def _is_waiting(entry: dict[str, object], row: int) -> bool:
    return entry["outcome"] == "unreadable" and entry["row"] == row and not entry["placed"]
