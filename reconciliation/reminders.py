"""Texts ready to be pasted into a chat: figures, places and codes only, never a name or a number of a person."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from campaigns.models import Campaign
from campaigns.templatetags.written import day as written_day
from campaigns.templatetags.written import grouped, within_sentence
from reconciliation.progress import Moment
from reconciliation.progress_face import step_words


def reminder(campaign: Campaign, register: str, step: str, rows: Sequence[dict[str, Any]], at: Moment) -> str:
    """For the communes of `rows` (of `progress_face.commune_rows`), which are late on the step."""
    names = ", ".join(within_sentence(row["name"]) for row in rows)
    lines = [
        f"Kính gửi UBND {names}.",
        f"Việc {step_words(register, step)}, {_as_of(at)}, hạn {written_day(rows[0]['due'])}:",
        *(_line(row) for row in rows),
        (
            f"Đề nghị {'các xã' if len(rows) > 1 else 'xã'} bố trí thêm người để kịp hạn. "
            "Cần hỗ trợ, gọi Phòng LĐ-TB&XH huyện."
        ),
    ]
    return "\n".join(lines)


def _line(row: dict[str, Any]) -> str:
    said = [f"còn {grouped(row['remaining'])}"]
    if row["forecast"]:
        said += [f"đang làm {grouped(row['pace'])} mỗi ngày", f"dự kiến xong {written_day(row['forecast'])}"]
    else:
        said += ["năm ngày qua chưa xong hồ sơ nào"]
    verdict = f" ({row['verdict'].lower()})" if row["forecast"] else ""
    needed = f" Để kịp, cần {grouped(row['needed'])} mỗi ngày." if row["needed"] else " Hạn đã qua: báo ngày xong thật."
    return f"- {row['name']}: {', '.join(said)}{verdict}.{needed}"


def unanswered_reminder(to: str, batches: Sequence[dict[str, Any]], today: datetime.date) -> str:
    """For one partner of one commune: `batches` with `code`, `left`, `due`."""
    lines = [
        f"- Lô {batch['code']}: {grouped(batch['left'])} dòng chưa trả lời, hẹn trả {written_day(batch['due'])}"
        f"{' (đã quá hạn)' if batch['due'] < today else ''}."
        for batch in batches
    ]
    return "\n".join(
        [
            f"Kính gửi {to}.",
            f"Đến hết ngày {written_day(today)}, các danh sách sau chưa trả lời xong:",
            *lines,
            (
                "Đề nghị trả lời nốt, kể cả các dòng không tìm thấy (mã N) hoặc cần xem thêm (mã X). "
                "Trả lời trên máy, bằng tệp hay bản in đều được."
            ),
        ]
    )


def _as_of(at: Moment) -> str:
    if at.is_now:
        return f"số liệu {timezone.localtime():%H:%M} ngày {at.day:%d/%m}"
    return f"số liệu đến hết ngày {at.day:%d/%m}"
