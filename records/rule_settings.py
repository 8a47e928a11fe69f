"""Which rules a district may switch off or make weigh less in its campaign, and what it decided.

Why some stand fast: docs/decisions/0017-what-a-district-may-decide-about-rules.md."""

from __future__ import annotations

from django.db import transaction

from campaigns import audit
from campaigns.errors import WorkRefused
from campaigns.models import Campaign, Job, User
from campaigns.permissions import Permission, check
from records import refreshing
from records.models import RuleDecision, RuleState
from records.reading.rules import RULES

S = RuleState
# Without these the campaign would not do what its plan is for: a right number, a person who can be told from others,
# every person in the register of the own district once, and what the ministry's software said.
STAND_FAST = frozenset(
    {
        "name.missing", "birth_date.missing", "birth_date.impossible", "birth_date.unreadable", "birth_date.future",
        "sex.missing", "sex.unreadable", "commune.missing", "commune.unknown", "commune.elsewhere", "record.repeated",
        "record.new", "ministry.rejected",
    }
)  # fmt: skip


def choices(rule: str) -> list[RuleState]:
    """What may be decided about a rule, the usual first; only that for one that stands fast. An error may weigh less
    and still has to be looked at; a warning or a notice may weigh more or less, or be switched off."""
    if rule.startswith("number.") or rule in STAND_FAST:
        return [S.USUAL]
    if RULES[rule].severity == "error":
        return [S.USUAL, S.WARNING]
    return [S.USUAL, *(state for state in (S.ERROR, S.WARNING, S.NOTICE) if state != RULES[rule].severity), S.OFF]


@transaction.atomic
def decide(campaign: Campaign, rule: str, state: str, *, reason: str, by: User) -> Job:
    """Decides about a rule; the job that is returned brings the findings of the campaign up to date. Raises WorkRefused
    `usage` for what may not be decided, or is in force already."""
    check(by, Permission.SET_RULES)
    known = RULES.get(rule)
    if known is None:
        raise WorkRefused("usage", f"Không có quy tắc “{rule}”. Xem tên ở trang Quy tắc rà soát.")
    if len(choices(rule)) == 1:
        raise WorkRefused("usage", f"“{known.label}” là yêu cầu của kế hoạch: không tắt và không đổi mức được.")
    if state not in choices(rule):
        may = ", ".join(f"“{choice.label}”" for choice in choices(rule))
        raise WorkRefused("usage", f"“{known.label}” chỉ chọn được {may}.")
    if not reason.strip():
        raise WorkRefused("usage", "Ghi lý do: ai quyết định, theo văn bản hoặc cuộc họp nào.")
    before = RuleDecision.objects.in_force(campaign).get(rule, S.USUAL)
    if state == before:
        raise WorkRefused("usage", f"“{known.label}” đang {S(state).label} rồi, không có gì để đổi.")
    RuleDecision.objects.create(campaign=campaign, rule=rule, state=state, reason=reason.strip()[:200], by=by)
    audit.record(
        "rule_decided", by=by, campaign=campaign, target=f"rule:{rule}", before=str(before), state=str(state),
        reason=reason.strip()[:200],
    )  # fmt: skip
    return refreshing.ask(campaign, by=by)
