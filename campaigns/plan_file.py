"""Read a plan's YAML and say what is wrong with it. No database here: text in, Plan out.

The format is the one of campaigns/reference/plan_bac_yen_2023.yaml. Everything that is not read here (legal bases,
target groups, distribution list, issues …) is kept as written in `Plan.written` for reports and pages.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from campaigns.errors import WorkRefused
from campaigns.models import Register, Step
from campaigns.os_errors import why
from campaigns.permissions import ROLE_PERMISSIONS, Permission, Role
from campaigns.plan_node import Node, short

VERSION = 1
CODE = (r"[A-Za-z0-9_-]{1,40}", "mã gồm chữ không dấu, số và gạch nối, nhiều nhất 40 ký tự")
_TRACK_STEPS = [Step.EXPORT, Step.REVIEW, Step.HANDOVER, Step.POLICE, Step.HANDBACK, Step.UPDATE]
# Work that stands still when whom the plan names has no right to do it in the program.
_ACTOR_NEEDS = {Step.REVIEW: Permission.REVIEW, Step.HANDOVER: Permission.SEND, Step.UPDATE: Permission.UPLOAD}
# Steps whose days the clock and the rules cannot do without.
_NEEDS_FIRST_DAY = {Step.EXPORT, Step.REVIEW}
_NEEDS_LAST_DAY = {Step.EXPORT, Step.REVIEW, Step.UPDATE}


@dataclass(frozen=True)
class PlanWindow:
    """`actor` and `receivers` are roles of the program."""

    register: str
    step: str
    first_day: datetime.date | None
    last_day: datetime.date | None
    stated: str
    actor: str
    receivers: tuple[str, ...] = ()

    def days(self) -> Iterator[datetime.date]:
        yield from (day for day in (self.first_day, self.last_day) if day)

    def shifted(self, by: datetime.timedelta) -> PlanWindow:
        """The plan's words name its own days, so they do not come along."""
        first, last = (day + by if day else None for day in (self.first_day, self.last_day))
        return replace(self, first_day=first, last_day=last, stated="")


@dataclass(frozen=True)
class Plan:
    code: str
    name: str
    issuing_body: str
    province_code: str
    district_code: str
    settings: dict[str, Any]
    windows: tuple[PlanWindow, ...]
    written: dict[str, Any] = field(repr=False)
    places_on: datetime.date | None = None

    @property
    def first_day(self) -> datetime.date:
        return min(day for window in self.windows for day in window.days())

    def starting(self, first_day: datetime.date) -> Plan:
        """The same plan with all days moved together, so that its first day is that one. Its places stay those of the
        days as written: a plan of 2023 that is practised in 2026 still speaks of the communes of 2023."""
        by = first_day - self.first_day
        if not by:
            return self
        windows = tuple(window.shifted(by) for window in self.windows)
        return replace(self, windows=windows, places_on=self.places_on or self.first_day)


# What a plan may set, each with its default and how it is read.
def _switch(node: Node) -> bool:
    if not isinstance(node.value, bool):
        node.refuse("true hoặc false")
    return node.value


def _whole(node: Node) -> int:
    if type(node.value) is not int or not 1 <= node.value <= 60:
        node.refuse("một số nguyên từ 1 đến 60")
    return node.value


def _number(node: Node) -> float:
    if type(node.value) not in (int, float) or not 0 <= node.value < math.inf:
        node.refuse("một số không âm")
    return node.value  # type: ignore[no-any-return]


def _suspect_file(node: Node) -> dict[str, float]:
    thresholds = {name: _number(value) for name, value in node.items()}
    unknown = [name for name in thresholds if name not in SUSPECT_FILE]
    if unknown:
        node[unknown[0]].refuse("một ngưỡng có tên trong: " + ", ".join(SUSPECT_FILE))
    return SUSPECT_FILE | thresholds


SUSPECT_FILE: dict[str, float] = {
    "other_commune_share": 0.5,
    "min_rows_ratio": 0.5,
    "max_rows_ratio": 2.0,
    "missing_communes_share": 0.25,
    "swapped_columns_share": 0.5,
    "changed_identity_share": 0.5,
    "empty_name_share": 0.5,
    "shifted_rows_share": 0.5,
    "reversed_dates_share": 0.5,
    "impossible_dates_share": 0.25,
    "number_disagrees_share": 0.5,
    "min_rows_to_judge": 20,
}
SETTINGS: dict[str, tuple[Any, Callable[[Node], Any]]] = {
    "weekends_count": (False, _switch),
    "update_days": (5, _whole),
    "return_days": (5, _whole),
    "collaborator_accounts": (False, _switch),
    "periodic_report_every": ("week", lambda node: node.one_of(["week", "month"])),
    "suspect_file": (SUSPECT_FILE, _suspect_file),
}


def read(path: Path) -> Plan:
    """Raises WorkRefused `usage` with one sentence that names the place, what stands there and what belongs there."""
    try:
        return parse(yaml.safe_load(path.read_text(encoding="utf-8")), file=path.name)
    except OSError as error:
        message = f"Không mở được kế hoạch {path}: {why(error)}. Xem lại đường dẫn và quyền đọc."
        raise WorkRefused("usage", message) from error
    except UnicodeDecodeError as error:
        raise WorkRefused("usage", f"Kế hoạch {path.name} không phải tệp chữ UTF-8. Lưu lại dạng UTF-8.") from error
    except yaml.MarkedYAMLError as error:
        line = f", dòng {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise WorkRefused("usage", f"Kế hoạch {path.name}{line}: viết chưa đúng YAML ({error.problem}).") from error
    except (yaml.YAMLError, ValueError) as error:  # ValueError: a day such as 2023-02-30
        raise WorkRefused("usage", f"Kế hoạch {path.name}: có giá trị không đọc được ({short(error)}).") from error


def parse(content: Any, *, file: str) -> Plan:
    top = Node(content, "", file)
    if top["version"].value != VERSION:
        top["version"].refuse(f"số {VERSION}")
    campaign = top["campaign"]
    roles = {name: _app_role(node) for name, node in top["roles"].items()}
    return Plan(
        code=campaign["code"].matching(*CODE),
        name=campaign["name"].text(),
        issuing_body=campaign["issuing_body"].text(most=200),
        province_code=campaign["province_code"].matching(r"\d\d", "mã tỉnh 2 chữ số, trong dấu nháy"),
        district_code=campaign["district_code"].matching(r"\d{3}", "mã huyện 3 chữ số, trong dấu nháy"),
        settings=_settings(top["settings"]),
        windows=(*_tracks(top["tracks"], roles), _final_report(top["reports"]["final"], roles)),
        written=_as_json(content),
    )


def _settings(node: Node) -> dict[str, Any]:
    given = dict(node.items()) if node.value is not None else {}
    for name, value in given.items():
        if name not in SETTINGS:
            value.refuse("một cấu hình có tên trong: " + ", ".join(SETTINGS))
    return {name: read(given[name]) if name in given else default for name, (default, read) in SETTINGS.items()}


def _app_role(node: Node) -> str:
    """The role of the program behind a role of the plan; '' where it has no account."""
    roles = [role for role in Role.values if role != Role.SYSTEM]
    return "" if node["app_role"].value is None else node["app_role"].one_of(roles)


def _tracks(node: Node, roles: dict[str, str]) -> Iterator[PlanWindow]:
    if sorted(node.mapping()) != sorted(Register.values):
        node.refuse("đúng các sổ: " + ", ".join(Register.values))
    for register in Register.values:
        yield from _track(node[register], register, roles)


def _track(node: Node, register: str, roles: dict[str, str]) -> list[PlanWindow]:
    steps = {step["step"].one_of(_TRACK_STEPS): step for step in node["steps"].entries()}
    missing = [step.value for step in _TRACK_STEPS if step not in steps]
    if missing or len(steps) != len(node["steps"].entries()):
        wrong = f"còn thiếu: {', '.join(missing)}" if missing else "có bước ghi hai lần"
        node["steps"].refuse(f"mỗi bước đúng một lần ({wrong})")
    windows = [_window(steps[step], register, step, roles, finish=node["finish"]) for step in _TRACK_STEPS]
    review, update = windows[_TRACK_STEPS.index(Step.REVIEW)], windows[_TRACK_STEPS.index(Step.UPDATE)]
    if review.last_day and update.last_day and review.last_day >= update.last_day:
        steps[Step.UPDATE]["to"].refuse(f"một ngày sau ngày cuối rà soát {review.last_day.isoformat()}")
    return windows


def _window(node: Node, register: str, step: Step, roles: dict[str, str], *, finish: Node) -> PlanWindow:
    first, last, stated = node["from"].day(), node["to"].day(), node["stated"]
    if step == Step.UPDATE and finish.value is not None:
        last, stated = last or finish["last_day"].day(), finish["stated"]
    _check_days(node, step, first, last)
    actor = node["done_by"] if node["done_by"].value is not None else node["actor"]
    receivers = node["receiver"].entries() if isinstance(node["receiver"].value, list) else [node["receiver"]]
    window = PlanWindow(
        register=register,
        step=step.value,
        first_day=first,
        last_day=last,
        stated=stated.text(most=200) if stated.value is not None else "",
        actor=_named(actor, roles, _ACTOR_NEEDS.get(step)),
        receivers=tuple(
            _named(receiver, roles, Permission.HAND_BACK if step == Step.HANDBACK else None)
            for receiver in receivers
            if receiver.value is not None
        ),
    )
    if step == Step.HANDBACK and not window.receivers:
        node["receiver"].refuse("ít nhất một nơi nhận")
    return window


def _check_days(node: Node, step: Step, first: datetime.date | None, last: datetime.date | None) -> None:
    if first is None and step in _NEEDS_FIRST_DAY:
        node["from"].refuse("ngày bắt đầu")
    if last is None and step in _NEEDS_LAST_DAY:
        node["to"].refuse("ngày cuối")
    if first and last and first > last:
        node["to"].refuse(f"một ngày không sớm hơn ngày bắt đầu {first.isoformat()}")


def _final_report(node: Node, roles: dict[str, str]) -> PlanWindow:
    last = node["last_day"].day()
    if last is None:
        node["last_day"].refuse("ngày cuối nộp báo cáo")
    stated = node["stated"].text(most=200) if node["stated"].value is not None else ""
    actor = _named(node["actor"], roles, Permission.REPORT)
    return PlanWindow("", Step.FINAL_REPORT.value, None, last, stated, actor)


def _named(node: Node, roles: dict[str, str], needs: Permission | None) -> str:
    """The program's role behind a name of the section `roles`."""
    role = roles[node.one_of(list(roles))]
    if needs is not None and needs not in ROLE_PERMISSIONS.get(role, frozenset()):
        able = [name for name, app_role in roles.items() if app_role and needs in ROLE_PERMISSIONS[app_role]]
        node.refuse("vai làm được việc này trong ứng dụng (có thể ghi thêm done_by): " + ", ".join(able))
    return role


def _as_json(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _as_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_as_json(item) for item in value]
    if value is None or isinstance(value, str | bool | int):
        return value
    return value if isinstance(value, float) and math.isfinite(value) else str(value)
