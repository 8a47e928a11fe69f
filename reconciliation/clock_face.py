"""The plan clock in words: what stands on every page, on the first page and on the progress page."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from campaigns import clock
from campaigns.models import Campaign, Register
from campaigns.templatetags.written import day as written_day
from reconciliation.progress import NO_COMMUNE

if TYPE_CHECKING:
    from reconciliation.waiting import OpenBatch

STEP_LABELS = {
    clock.REVIEW: "Rà soát",
    clock.POLICE: "Công an xác minh",
    clock.UPDATE: "Cập nhật phần mềm",
    clock.REPORT: "Báo cáo",
}


def clock_face(campaign: Campaign, register: str, figures: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Context of includes/clock.html from the figures of one register, or of one commune of it."""
    face = dict(figures["clock"])
    if not figures["total"]:
        return _empty_face(register, face)
    first, last = clock.windows_of(campaign, register)[face["step"]]
    steps = list(STEP_LABELS)
    return {
        **face,
        "label": f"{Register(register).label} · bước {steps.index(face['step']) + 1}/{len(steps)}",
        "step_label": STEP_LABELS[face["step"]],
        "window": f"{first:%d/%m} – {last:%d/%m}",
        "total": figures["in_scope"],
        "verdict": register_verdict(campaign, figures),
        "level": "waiting" if not_begun(campaign, face) else "",
        "advice": advice(campaign, face, figures.get("communes", [])),
        **more,
    }


def _empty_face(register: str, face: dict[str, Any]) -> dict[str, Any]:
    """A register that nobody has brought in yet: nothing is left to do, and nothing is done."""
    return {
        **face,
        "label": Register(register).label,
        "step_label": "Chưa có hồ sơ nào",
        "due": None,
        "verdict": "Chưa bắt đầu",
        "level": "waiting",
    }


def partner_face(campaign: Campaign, face: clock.Clock, batches: Sequence[OpenBatch]) -> dict[str, Any]:
    """Context of includes/clock.html from the lists that are out at one partner (`waiting.partner_clock`)."""
    lists = "1 lô đang mở" if len(batches) == 1 else f"{len(batches)} lô đang mở"
    shown: dict[str, Any] = {**face}
    waits = face["forecast"] is None and face["days_left"] > 0
    return {
        **shown,
        "label": "Danh sách được gửi",
        "step_label": "Xác minh, trả lời",
        "window": lists,
        "total": sum(batch.rows for batch in batches),
        "verdict": "Chưa trả lời dòng nào" if waits else verdict(campaign, shown),
        "level": "waiting" if waits else "",
        "advice": "" if waits else advice(campaign, shown, []),
    }


def register_verdict(campaign: Campaign, figures: dict[str, Any]) -> str:
    """Of a whole register: how many communes are late, where several are counted; a register is done when its last
    commune is."""
    communes = figures.get("communes", [])
    late = _late(campaign, communes)
    return f"{late} xã muộn" if late and len(communes) > 1 else verdict(campaign, figures["clock"])


def late_communes(communes: Sequence[dict[str, Any]]) -> int:
    """Records of which nobody knows the commune are no commune that could be reminded."""
    return sum(not c["clock"]["on_time"] for c in communes if c["code"] != NO_COMMUNE)


def _late(campaign: Campaign, communes: Sequence[dict[str, Any]]) -> int:
    """Of those where the step has begun."""
    return late_communes([c for c in communes if not not_begun(campaign, c["clock"])])


def not_begun(campaign: Campaign, face: dict[str, Any]) -> bool:
    """Nothing has moved, and the step is younger than the days by which a pace is measured: nobody is late yet."""
    if not face["remaining"] or face["forecast"] is not None or not face["days_left"]:
        return False
    days = clock.WorkingDays(campaign)
    spans = [clock.windows_of(campaign, register)[face["step"]] for register in Register.values]
    gone = [days.count(first, last) - face["days_left"] for first, last in spans if last.isoformat() == face["due"]]
    return bool(gone) and min(gone) < clock.PACE_DAYS


def verdict(campaign: Campaign, face: dict[str, Any]) -> str:
    """Late or on time, and by how many working days."""
    if not face["remaining"]:
        return "Xong"
    if not_begun(campaign, face):
        return "Chưa bắt đầu"
    if face["forecast"] is None:
        return "Muộn, chưa rõ ngày"
    due, forecast = _day(face["due"]), _day(face["forecast"])
    days = clock.WorkingDays(campaign)
    if forecast <= due:
        early = days.count(forecast, due) - 1
        return f"Kịp, sớm {early} ngày" if early > 0 else "Kịp, vừa đúng hạn"
    return f"Muộn {max(days.count(due, forecast) - days.is_working(due), 1)} ngày"


def advice(campaign: Campaign, face: dict[str, Any], communes: list[dict[str, Any]]) -> str:
    """The one act that would change the verdict."""
    if face["on_time"] or not face["remaining"]:
        return ""
    if not_begun(campaign, face):
        return f"Mỗi ngày {face['needed_per_day']} hồ sơ là kịp."
    late = _late(campaign, communes)
    if face["latest"] and len(communes) > 1:
        finish = f"xong {written_day(face['forecast'])}" if face["forecast"] else "chưa làm được hồ sơ nào năm ngày qua"
        others = f" {late - 1} xã khác cũng muộn." if late > 1 else ""
        return f"Xã xong sau cùng mới là ngày xong: {face['latest']['name']}, {finish}.{others}"
    if face["needed_per_day"] is None:
        return f"Hạn đã qua, còn {face['remaining']} hồ sơ. Báo Phòng LĐ-TB&XH ngày xong thật."
    more = face["needed_per_day"] - face["pace_per_day"]
    return f"Mỗi ngày thêm {max(round(more), 1)} hồ sơ là kịp." if more > 0 else ""


def _day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)
