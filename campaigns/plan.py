"""Make a campaign and its windows from a plan, or bring them up to date with it.

What an office has changed since in the administration stays: of a plan loaded before, only what differs in the file
from the last time is written. So the same file with the same first day changes nothing, however often it is loaded.
"""

from __future__ import annotations

import datetime
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, cast

from django.db import models, transaction

from campaigns import audit, plan_file, reference_data
from campaigns.clock import WorkingDays
from campaigns.models import Campaign, Commune, Step, User, Window
from campaigns.permissions import Permission, check
from campaigns.plan_file import Plan, PlanWindow
from campaigns.plan_node import Node

# Key of Campaign.plan, beside what the file says: the values that the last load wrote.
LOADED = "loaded"


@dataclass
class Loaded:
    """`created` and `changed` count the campaign and its windows together; `notes` are Vietnamese lines."""

    campaign: Campaign
    windows: int
    created: int = 0
    changed: int = 0
    notes: list[str] = field(default_factory=list)


@transaction.atomic
def load(path: Path, *, by: User, first_day: datetime.date | None = None, code: str | None = None) -> Loaded:
    """Raises WorkRefused `usage` when the file is no plan. `first_day`: the campaign begins on that day and all its
    days move along; without it the days are as written. `code`: instead of the one in the file. In a new database the
    project's reference lists come with the first plan: no register can be read without them."""
    check(by, Permission.MANAGE)
    plan = plan_file.read(path)
    if not Commune.objects.exists():
        reference_data.load(by=by)
    if code is not None:
        plan = replace(plan, code=Node(code, "--code", path.name).matching(*plan_file.CODE))
    if first_day is not None:
        plan = plan.starting(first_day)
    campaign = Campaign.objects.select_for_update().filter(code=plan.code).first() or Campaign(code=plan.code)
    loaded = _write(campaign, plan)
    if loaded.created or loaded.changed:
        audit.record(
            "plan_loaded", by=by, campaign=campaign, target=campaign.code,
            first_day=campaign.first_day.isoformat(), created=loaded.created, changed=loaded.changed,
        )  # fmt: skip
    loaded.notes = _days_off(campaign)
    return loaded


def _write(campaign: Campaign, plan: Plan) -> Loaded:
    loaded = Loaded(campaign, windows=len(plan.windows))
    values = {"campaign": _campaign_values(plan), "settings": plan.settings, "windows": _window_values(plan)}
    before = campaign.plan.get(LOADED, {"campaign": {}, "settings": {}, "windows": {}})
    changed = _update(campaign, before["campaign"], values["campaign"])
    settings = campaign.settings | _differing(before["settings"], plan.settings)
    written = plan.written | {LOADED: values}
    if changed or settings != campaign.settings or written != campaign.plan:
        campaign.settings, campaign.plan = settings, written
        _count(loaded, campaign)
    existing = {_key(window): window for window in campaign.windows.all()}
    for key, wanted in values["windows"].items():
        window = existing.get(key) or Window(campaign=campaign, register=wanted["register"], step=wanted["step"])
        if _update(window, before["windows"].get(key, {}) if window.pk else {}, wanted):
            _count(loaded, window)
    return loaded


def _count(loaded: Loaded, row: Campaign | Window) -> None:
    if row.pk is None:
        loaded.created += 1
    else:
        loaded.changed += 1
    row.save()


def _campaign_values(plan: Plan) -> dict[str, Any]:
    """As JSON keeps them: days are ISO texts."""
    return {
        "name": plan.name,
        "issuing_body": plan.issuing_body,
        "province_code": plan.province_code,
        "district_code": plan.district_code,
        "first_day": plan.first_day.isoformat(),
        "places_on": (plan.places_on or plan.first_day).isoformat(),
    }


def _window_values(plan: Plan) -> dict[str, dict[str, Any]]:
    return {_key(window): _as_json(window) for window in plan.windows}


def _as_json(window: PlanWindow) -> dict[str, Any]:
    days = {name: day.isoformat() if day else None for name, day in _days(window).items()}
    return asdict(window) | days | {"receivers": list(window.receivers)}


def _days(window: PlanWindow) -> dict[str, datetime.date | None]:
    return {"first_day": window.first_day, "last_day": window.last_day}


def _key(window: Window | PlanWindow) -> str:
    return f"{window.register} {window.step}".strip()


def _differing(before: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in now.items() if name not in before or before[name] != value}


def _update(row: models.Model, before: dict[str, Any], now: dict[str, Any]) -> bool:
    """Sets what the file says otherwise than last time; True when the row is new or something on it is another now."""
    changed = row.pk is None
    for name, value in _differing(before, now).items():
        value = cast("models.Field[Any, Any]", row._meta.get_field(name)).to_python(value)
        if getattr(row, name) != value:
            setattr(row, name, value)
            changed = True
    return changed


def _days_off(campaign: Campaign) -> list[str]:
    """Deadlines on days on which nobody works."""
    days = WorkingDays(campaign)
    return [
        f"{window}: hạn {window.last_day:%d/%m/%Y} rơi vào ngày nghỉ, ngày làm việc cuối là "
        f"{days.add(window.last_day, -1):%d/%m/%Y}."
        for window in campaign.windows.all()
        if window.last_day and window.step in _WITH_DEADLINE and not days.is_working(window.last_day)
    ]


_WITH_DEADLINE = {Step.EXPORT, Step.REVIEW, Step.UPDATE, Step.FINAL_REPORT}
