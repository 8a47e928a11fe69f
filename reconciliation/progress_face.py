"""The figures of one register as the progress page and the reports show them: labels, order, words for voices."""

from __future__ import annotations

import datetime
from typing import Any

from campaigns import clock
from campaigns.models import Campaign, Register, User
from campaigns.templatetags.written import grouped
from reconciliation.clock_face import STEP_LABELS, late_communes, not_begun, register_verdict, verdict
from reconciliation.models import Batch
from reconciliation.progress import DONE, NO_COMMUNE, Moment
from records.models import Stage

MOVING = (Stage.READY_FOR_POLICE, Stage.WITH_POLICE, Stage.TO_SETTLE, Stage.WITH_CIVIL_REGISTRY)
# The order in which a record goes through them; what is done comes last.
STAGE_ORDER = (Stage.TO_REVIEW, *MOVING, Stage.CLEANED, Stage.UPLOADED, Stage.EXCLUDED)
LEFT_LABELS = {
    clock.REVIEW: "Còn rà soát",
    clock.POLICE: "Còn xác minh",
    clock.UPDATE: "Còn cập nhật",
    clock.REPORT: "Còn lại",
}


def registers_of(figures: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """The registers of a progress object in their own order, which a database does not keep."""
    parts = figures["registers"]
    return [(register, parts[register]) for register in Register.values if register in parts]


def group_labels(campaign: Campaign, register: str) -> dict[str, str]:
    """Group number → the plan's own words for it."""
    groups = campaign.plan.get("tracks", {}).get(register, {}).get("target_groups", [])
    labels = {str(n): group["label"] for n, group in enumerate(groups, start=1)}
    return {n: labels.get(n, f"Nhóm {n}") for n in ("1", "2", "3", "4")}


def group_rows(campaign: Campaign, register: str, figures: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "label": f"{n}. {label}",
            "done": (done := figures["groups"][n]["done"]),
            "total": (total := figures["groups"][n]["in_scope"]),
            "of": max(total, 1),
            "words": f"Xong {grouped(done)} trong {grouped(total)}",
        }
        for n, label in group_labels(campaign, register).items()
    ]


def stage_entries(figures: dict[str, Any]) -> list[dict[str, Any]]:
    """Entries of includes/ledger.html; they add up to the records in scope."""
    return [
        {"label": Stage(stage).label.capitalize(), "count": figures["stages"][stage], "level": _level(stage)}
        for stage in STAGE_ORDER
    ]


def _level(stage: str) -> str:
    if stage in DONE:
        return "success"
    return "waiting" if stage in MOVING else "warning"


def commune_rows(campaign: Campaign, register: str, figures: dict[str, Any]) -> list[dict[str, Any]]:
    """One row a commune, measured by the step that the register as a whole stands at; the latest first."""
    step = figures["clock"]["step"]
    rows = [_row(campaign, step, commune) for commune in figures["communes"]]
    return sorted(rows, key=_lateness, reverse=True)


def late_rows(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The communes that can be reminded."""
    return [row for row in rows if not row["on_time"] and row["code"] != NO_COMMUNE]


def total_row(campaign: Campaign, figures: dict[str, Any]) -> dict[str, Any]:
    row = _row(campaign, figures["clock"]["step"], {**figures, "code": "", "name": "Cả huyện", "overdue_batches": 0})
    return row | {
        "verdict": register_verdict(campaign, figures),
        "overdue_batches": sum(c["overdue_batches"] for c in figures["communes"]),
    }


def _row(campaign: Campaign, step: str, commune: dict[str, Any]) -> dict[str, Any]:
    face, stages, total = commune["clock"], commune["stages"], commune["in_scope"]
    here = face["step"] == step and face["remaining"] > 0
    moving = sum(stages[stage] for stage in MOVING)
    waits = here and not_begun(campaign, face)
    return {
        "code": commune["code"],
        "name": commune["name"],
        "short": commune["name"].removeprefix("Xã ").replace("Thị trấn", "TT", 1),
        "in_scope": total,
        "of": max(total, 1),
        "done": commune["done"],
        "moving": moving,
        "words": f"Xong {grouped(commune['done'])}, đang đi {grouped(moving)}, "
        f"còn rà soát {grouped(stages[Stage.TO_REVIEW])}",
        "remaining": face["remaining"] if here else 0,
        "needed": face["needed_per_day"] if here else 0,
        "pace": face["pace_per_day"] if here else None,
        "forecast": face["forecast"] if here else None,
        "due": face["due"],
        "verdict": verdict(campaign, face) if here else "Xong bước này",
        "level": "waiting" if waits else "success" if face["on_time"] or not here else "error",
        "on_time": face["on_time"] or not here or waits,
        "stages": {stage.value: stages[stage] for stage in MOVING},
        "overdue_batches": commune["overdue_batches"],
    }


def _lateness(row: dict[str, Any]) -> tuple[bool, bool, str, int]:
    """One that does not move is later than any day."""
    stuck = row["remaining"] > 0 and row["forecast"] is None
    return (not row["on_time"], stuck, row["forecast"] or "", row["remaining"])


def overdue_batches(campaign: Campaign, register: str, at: Moment, *, by: User) -> list[dict[str, Any]]:
    """Lists that should be back and were not, longest overdue first; as of that moment, like the figures. One query."""
    late = Batch.objects.filter(campaign=campaign, register=register, at__lt=at.until, due__lt=at.start)
    late = late.filter(closed_at=None) | late.filter(closed_at__gte=at.until)
    if by.commune_id is not None:
        late = late.filter(commune=by.commune_id)
    days = clock.WorkingDays(campaign)
    return [
        {"code": b.code, "commune": b.commune.name, "to": b.get_kind_display(), "rows": b.rows, "due": b.due,
         "late": max(days.count(b.due + datetime.timedelta(days=1), at.day), 1)}
        for b in late.select_related("commune").order_by("due", "code")
    ]  # fmt: skip


def headline(figures: dict[str, Any], burn: dict[str, Any] | None) -> str:
    """What the drawing says, in one sentence."""
    if burn is None:
        return "Không còn hồ sơ nào phải làm"
    late = late_communes(figures["communes"])
    behind = burn["left"] - burn["planned_left"]
    if behind > 0:
        return f"Chậm hơn kế hoạch {grouped(behind)} hồ sơ"
    if late and len(figures["communes"]) > 1:
        return f"Cả huyện đúng kế hoạch, {late} xã thì không"
    return "Đúng kế hoạch"


def step_words(register: str, step: str) -> str:
    """“rà soát trẻ em”."""
    return f"{STEP_LABELS[step].lower()} {Register(register).label.lower()}"
