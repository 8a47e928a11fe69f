"""Some days of work in October 2023, for pages and reports that look back."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

from campaigns.models import Campaign, User
from records import stages
from records.models import Finding, Record, Stage, StageChange
from tests.records.people import exported_child


def at(day: int, month: int = 10, hour: int = 9) -> datetime.datetime:
    return datetime.datetime(2023, month, day, hour, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


def some_work(campaign: Campaign, district: User, officer: User, *, prefix: str = "LC") -> list[Record]:
    """Six children in scope in Làng Chếu since 3/10 (group 1, one also group 3) and a clean one. Two leave review on
    10/10 and go to the police on 11/10; one of them comes back clean on 12/10 at nine."""
    names = ["Páo", "Dia", "Chu", "Lử", "Sềnh", "Mang"]
    children = [
        exported_child(campaign, district, f"{prefix}{n}", full_name=f"Mùa A {name}", personal_number="",
                       mother_name="" if n == 0 else "Giàng Thị Dợ")
        for n, name in enumerate(names)
    ]  # fmt: skip
    children.append(exported_child(campaign, district, f"{prefix}9", full_name=f"Thào A {prefix}"))
    ids = [record.pk for record in children]
    Record.objects.filter(pk__in=ids).update(created_at=at(3), stage_at=at(3))
    StageChange.objects.filter(record__in=ids).update(at=at(3))
    Finding.objects.filter(record__in=ids).update(first_seen_at=at(3))
    stages.move(campaign, ids[:2], Stage.READY_FOR_POLICE, by=officer, at=at(10))
    stages.move(campaign, ids[:2], Stage.WITH_POLICE, by=officer, at=at(11))
    stages.move(campaign, ids[:1], Stage.CLEANED, by=officer, at=at(12))
    return children
