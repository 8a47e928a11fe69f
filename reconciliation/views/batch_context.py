"""What the page of one batch shows."""

from __future__ import annotations

from typing import Any

from django.db.models import Count
from django.urls import reverse

from campaigns.models import User
from campaigns.permissions import Permission, has
from reconciliation import batch_face
from reconciliation.line_face import LEVELS, WORDS
from reconciliation.models import Batch, BatchLine, HandBack, Outcome
from reconciliation.taking import ANSWERED

LEFT = "left"  # in `?kq=`: lines without an answer
_TABS = {
    Outcome.TO_SETTLE: "Cần quyết định",
    Outcome.ACCEPTED: "Đã nhận",
    Outcome.TO_CIVIL_REGISTRY: "Chuyển hộ tịch",
    LEFT: "Chưa trả lời",
}


def batch_context(batch: Any, user: User) -> dict[str, Any]:
    [face] = batch_face.faces(batch.campaign, [batch], user)
    counts = _counts(batch)
    return {
        "batch": batch,
        "face": face,
        "register": batch.get_register_display(),
        "entries": ledger_entries(counts),
        "total_label": "Cộng, bằng số đã gửi" if batch.file else "Cộng",
        "settled": counts.get(Outcome.TO_SETTLE, 0) - face.waiting,
        "has_file": bool(batch.file),
        "sees_lines": has(user, Permission.SEE_LINES),
        "hand_backs": _hand_backs(batch, user),
        "takes_back": face.is_open and batch_face.may_take_back(user, batch.campaign, batch),
        "settles": has(user, Permission.SETTLE),
    }


def _counts(batch: Batch) -> dict[str, int]:
    return dict(batch.lines.order_by().values_list("outcome").annotate(n=Count("pk")))


def ledger_entries(counts: dict[str, int]) -> list[dict[str, Any]]:
    """Five counts that add up to the lines sent; lines that never came back count as unanswered."""
    counts = {**counts, Outcome.UNANSWERED: counts.get(Outcome.UNANSWERED, 0) + counts.get("", 0)}
    return [{"label": WORDS[one], "count": counts.get(one, 0), "level": LEVELS[one]} for one in Outcome]


def _hand_backs(batch: Batch, user: User) -> list[dict[str, Any]]:
    taken = HandBack.objects.for_user(user).filter(batch=batch).select_related("source_file", "by").defer("rows")
    return [
        {
            "at": one.at,
            "by": one.by.get_full_name(),
            "what": one.source_file.name if one.source_file else "trả lời trên máy",
            "url": reverse("hand_back_result", args=[batch.code, one.pk]),
        }
        for one in taken
    ]


def lines_shown(batch: Any, user: User, wanted: str) -> dict[str, Any]:
    """`wanted`: one of the tabs, '' for all lines."""
    lines = BatchLine.objects.for_user(user).filter(batch=batch).select_related("record").order_by("number")
    counts = _counts(batch)
    answered = sum(counts.get(outcome, 0) for outcome in ANSWERED)
    by_tab = {**counts, LEFT: batch.rows - answered}
    if wanted == LEFT:
        lines = lines.exclude(outcome__in=ANSWERED)
    elif wanted in _TABS:
        lines = lines.filter(outcome=wanted)
    else:
        wanted = ""
    tabs = [{"label": "Tất cả", "count": batch.rows, "url": f"{_address(batch)}#lines", "current": not wanted}]
    for value, label in _TABS.items():
        if by_tab.get(value):
            url = f"{_address(batch)}?kq={value}#lines"
            tabs.append({"label": label, "count": by_tab[value], "url": url, "current": value == wanted})
    return {"lines": lines, "tabs": tabs}


def _address(batch: Batch) -> str:
    return reverse("batch", args=[batch.code])
