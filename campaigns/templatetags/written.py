"""How a page writes days and counts: `{{ clock.due|day }}` is "T6 13/10", `{{ 1227|grouped }}` is "1.227"."""

from __future__ import annotations

import datetime

from django import template
from django.utils import timezone

register = template.Library()

WEEKDAYS = ("T2", "T3", "T4", "T5", "T6", "T7", "CN")
_WEEKDAYS_IN_FULL = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")


@register.filter
def day(value: datetime.date | str | None) -> str:
    """Weekday, day and month of a date, a moment or an ISO date; empty for None and for an empty text.

    Raises ValueError for a text that is no ISO date."""
    if not value:
        return ""
    if isinstance(value, str):
        value = datetime.date.fromisoformat(value[:10])
    elif isinstance(value, datetime.datetime):
        value = timezone.localtime(value)
    return f"{WEEKDAYS[value.weekday()]} {value:%d/%m}"


@register.filter
def grouped(value: float | None) -> str:
    """Thousands with a dot, at most one decimal after a comma; a dash for None."""
    if value is None:
        return "–"
    text = f"{value:,.1f}".removesuffix(".0")
    return text.translate(str.maketrans(",.", ".,"))


def weekday(day: datetime.date) -> str:
    """In full: “thứ Năm”."""
    return _WEEKDAYS_IN_FULL[day.weekday()]


def within_sentence(name: str) -> str:
    """A label, or the name of a place, where no sentence begins: “xã Làng Chếu”."""
    return name[:1].lower() + name[1:]


def duration(seconds: int) -> str:
    """In words, as exact as anybody wants to know: “40 giây”, “3 phút”, “2 giờ 10 phút”."""
    if seconds < 90:
        return f"{max(seconds, 1)} giây"
    minutes = round(seconds / 60)
    if minutes < 90:
        return f"{minutes} phút"
    hours, rest = divmod(minutes, 60)
    return f"{hours} giờ {rest} phút" if rest else f"{hours} giờ"
