"""Who may see and do what, where: the only table of it.

Rows are decided by `Model.objects.for_user(user)` (what is not yours is a 404), acts by `@require(Permission.…)`
and `check(user, …)` (what you may see but not do is a 403). Contract section 5.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q, TextChoices
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

if TYPE_CHECKING:
    from campaigns.models import Campaign, Commune, User


class Role(TextChoices):
    ADMIN = "admin", "Quản trị"
    DISTRICT_OFFICER = "district_officer", "Phòng LĐ-TB&XH"
    COMMUNE_OFFICER = "commune_officer", "Công chức LĐ-TB&XH xã"
    COMMUNE_POLICE = "commune_police", "Công an xã"
    COMMUNE_JUSTICE = "commune_justice", "Tư pháp - hộ tịch xã"
    DISTRICT_POLICE = "district_police", "Công an huyện"
    DISTRICT_JUSTICE = "district_justice", "Phòng Tư pháp"
    COLLABORATOR = "collaborator", "Cộng tác viên (Đoàn TN, Hội LHPN)"
    LEADER = "leader", "Lãnh đạo UBND"
    PROVINCE_VIEWER = "province_viewer", "Sở, UBND tỉnh"
    TECHNICAL_SUPPORT = "technical_support", "Hỗ trợ kỹ thuật"
    SYSTEM = "system", "Lệnh trên máy chủ"

    @classmethod
    def commune_roles(cls) -> list[str]:
        return [cls.COMMUNE_OFFICER, cls.COMMUNE_POLICE, cls.COMMUNE_JUSTICE, cls.COLLABORATOR]


class Permission(StrEnum):
    SEE_PEOPLE = "see_people"  # records of the own place
    SEE_NUMBERS = "see_numbers"  # reveal a whole personal number
    SEE_FIGURES = "see_figures"
    SEE_BATCHES = "see_batches"  # batches and how many of their lines are answered
    SEE_LINES = "see_lines"  # the people on a batch
    REVIEW = "review"  # correct, confirm, mark reviewed
    ADD_PERSON = "add_person"
    HAND_OUT = "hand_out"  # say which villages a collaborator has
    EXCLUDE = "exclude"  # ask for it, or confirm what another asked for
    IMPORT = "import"
    EXPORT = "export"  # lists for people
    SEND = "send"
    HAND_BACK = "hand_back"  # also bound to the plan's receivers: may_receive
    SETTLE = "settle"
    ANSWER = "answer"  # answer a batch in the browser
    NEWBORNS = "newborns"
    SET_RULES = "set_rules"  # switch rules off or weigh them otherwise, for a campaign
    UPLOAD = "upload"  # also bound to the plan's updater: may_upload
    REPORT = "report"
    MANAGE = "manage"  # accounts, plan, column sets, reference data, bulk import/export
    SEE_JOBS = "see_jobs"
    SEE_AUDIT = "see_audit"


P = Permission
_ACTS = {
    P.SEE_PEOPLE: "xem hồ sơ",
    P.SEE_NUMBERS: "xem số định danh",
    P.SEE_FIGURES: "xem số liệu",
    P.SEE_BATCHES: "xem các lô",
    P.SEE_LINES: "xem người trong lô",
    P.REVIEW: "rà soát, sửa hồ sơ",
    P.ADD_PERSON: "thêm người",
    P.HAND_OUT: "giao bản cho cộng tác viên",
    P.EXCLUDE: "đưa ra khỏi danh sách",
    P.IMPORT: "nhập tệp xuất",
    P.EXPORT: "xuất danh sách",
    P.SEND: "lập danh sách gửi đi",
    P.HAND_BACK: "nhận lại danh sách",
    P.SETTLE: "quyết định dòng chờ",
    P.ANSWER: "trả lời lô",
    P.NEWBORNS: "nhập danh sách khai sinh",
    P.SET_RULES: "đặt quy tắc rà soát",
    P.UPLOAD: "tạo tệp tải lên",
    P.REPORT: "lập báo cáo",
    P.MANAGE: "quản trị",
    P.SEE_JOBS: "xem việc của hệ thống",
    P.SEE_AUDIT: "xem nhật ký",
}
_DISTRICT_WORK = {
    P.SEE_PEOPLE, P.SEE_NUMBERS, P.SEE_FIGURES, P.SEE_BATCHES, P.SEE_LINES, P.REVIEW, P.ADD_PERSON, P.EXCLUDE,
    P.HAND_OUT, P.IMPORT, P.EXPORT, P.SEND, P.HAND_BACK, P.SETTLE, P.NEWBORNS, P.SET_RULES, P.UPLOAD, P.REPORT,
    P.SEE_JOBS, P.SEE_AUDIT,
}  # fmt: skip
_COMMUNE_WORK = {
    P.SEE_PEOPLE, P.SEE_NUMBERS, P.SEE_FIGURES, P.SEE_BATCHES, P.SEE_LINES, P.REVIEW, P.ADD_PERSON, P.EXCLUDE,
    P.HAND_OUT, P.EXPORT, P.SEND, P.HAND_BACK, P.SETTLE, P.UPLOAD,
}  # fmt: skip

ROLE_PERMISSIONS: dict[str, frozenset[Permission]] = {
    Role.ADMIN: frozenset(_DISTRICT_WORK | {P.MANAGE}),
    Role.DISTRICT_OFFICER: frozenset(_DISTRICT_WORK),
    Role.COMMUNE_OFFICER: frozenset(_COMMUNE_WORK),
    Role.COMMUNE_POLICE: frozenset({P.SEE_NUMBERS, P.SEE_BATCHES, P.SEE_LINES, P.ANSWER}),
    Role.COMMUNE_JUSTICE: frozenset({P.SEE_NUMBERS, P.SEE_BATCHES, P.SEE_LINES, P.ANSWER, P.NEWBORNS}),
    Role.DISTRICT_POLICE: frozenset({P.SEE_FIGURES, P.SEE_BATCHES}),
    Role.DISTRICT_JUSTICE: frozenset({P.SEE_FIGURES, P.SEE_BATCHES, P.SEE_LINES, P.SEE_NUMBERS}),
    Role.COLLABORATOR: frozenset({P.SEE_PEOPLE, P.REVIEW, P.ADD_PERSON}),
    Role.LEADER: frozenset({P.SEE_FIGURES}),
    Role.PROVINCE_VIEWER: frozenset({P.SEE_FIGURES}),
    Role.TECHNICAL_SUPPORT: frozenset({P.SEE_JOBS}),
    Role.SYSTEM: frozenset(Permission),
}

# Which kind of batch a partner's account may see; the others that see batches see both kinds.
BATCH_KINDS = {
    Role.COMMUNE_POLICE: "police",
    Role.DISTRICT_POLICE: "police",
    Role.COMMUNE_JUSTICE: "civil_registry",
    Role.DISTRICT_JUSTICE: "civil_registry",
}
REASON_SESSION_KEY = "reason_for_looking"


class NotAllowed(PermissionDenied):
    """A person may not do this; the message says so in Vietnamese. Commands turn it into exit 2 `not_allowed`."""


def has(user: User, permission: Permission) -> bool:
    if not (user.is_active or user.role == Role.SYSTEM):
        return False
    return permission in ROLE_PERMISSIONS.get(user.role, frozenset())


def check(user: User, permission: Permission) -> None:
    """Raises NotAllowed. Steps call this first, so that a page, a command and a job are all held to it."""
    if not has(user, permission):
        raise NotAllowed(f"Vai trò {user.get_role_display()} không được làm việc này ({_ACTS[permission]}).")


def check_place(user: User, commune: Commune | None) -> None:
    """Raises NotAllowed for a commune that is not the user's own; whoever has no commune has the whole district."""
    if commune is not None and user.commune_id not in (None, commune.pk):
        raise NotAllowed(f"Tài khoản này chỉ làm việc được với xã của mình, không với {commune.name}.")


def may_receive(user: User, campaign: Campaign, register: str) -> bool:
    """Hand-backs go to whom the plan names (children: commune and district; beneficiaries: district only)."""
    return has(user, P.HAND_BACK) and _named_by_plan(user, campaign.window(register, "handback").receivers)


def may_upload(user: User, campaign: Campaign, register: str) -> bool:
    """Who updates the ministry's software, by the plan (children: district; beneficiaries: communes)."""
    return has(user, P.UPLOAD) and _named_by_plan(user, [campaign.window(register, "update_software").actor])


def _named_by_plan(user: User, roles: list[str]) -> bool:
    return user.role in {*roles, Role.ADMIN, Role.SYSTEM}


def place_filter(user: User, prefix: str = "") -> Q:
    """Rows of the user's own place, for models with `commune` (and `village`); `prefix` ends in `__`.
    District, province and system roles have no commune and see the whole district."""
    if user.role == Role.COLLABORATOR:
        names = list(user.villages.values_list("name", flat=True))
        return Q(**{f"{prefix}commune": user.commune_id, f"{prefix}village__in": names})
    if user.commune_id is not None:
        return Q(**{f"{prefix}commune": user.commune_id})
    if user.role in Role.commune_roles():
        return Q(pk__in=[])
    return Q()


def collaborators_on(campaign: Campaign) -> bool:
    return bool(campaign.setting("collaborator_accounts"))


def require(
    permission: Permission,
) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """View decorator: 403 without the permission. An administrator who is about to look at people is asked for a
    reason once a session (contract section 5)."""

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            user: User = request.user  # type: ignore[assignment]
            check(user, permission)
            if (
                user.role == Role.ADMIN
                and permission in _LOOKS_AT_PEOPLE
                and not request.session.get(REASON_SESSION_KEY)
            ):
                return redirect(reverse("reason") + "?" + urlencode({"next": request.get_full_path()}))
            return view(request, *args, **kwargs)

        guarded.required_permission = permission  # type: ignore[attr-defined]
        return guarded

    return decorate


_LOOKS_AT_PEOPLE = frozenset(Permission) - {
    P.SEE_FIGURES, P.SEE_JOBS, P.SEE_AUDIT, P.MANAGE, P.REPORT, P.SET_RULES,
}  # fmt: skip
