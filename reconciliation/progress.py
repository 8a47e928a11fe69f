"""Progress by register, commune, target group and stage, and the plan clock (contract section 6), as of now or as of
the end of any past day: stages and communes of a past day are read from their history, findings from when they were
first seen."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.utils import timezone

from campaigns import clock
from campaigns.models import Campaign, Commune, Register, User
from campaigns.permissions import Permission, check
from reconciliation.models import Batch
from records.models import Stage
from records.reading.checks_benefit import category_codes, is_care_support
from records.reference import reference_for

DONE = (Stage.CLEANED, Stage.UPLOADED, Stage.EXCLUDED)
# What each step of the clock still has to do.
STILL_IN: dict[str, tuple[str, ...]] = {
    clock.REVIEW: (Stage.TO_REVIEW,),
    clock.POLICE: (
        Stage.TO_REVIEW, Stage.READY_FOR_POLICE, Stage.WITH_POLICE, Stage.WITH_CIVIL_REGISTRY, Stage.TO_SETTLE,
    ),
    clock.UPDATE: tuple(s for s in Stage.values if s not in (Stage.UPLOADED, Stage.EXCLUDED)),
}  # fmt: skip
NO_COMMUNE = "?"
GROUPS = (1, 2, 3, 4)

# One row for each (register, commune, stage, set of groups, care support); `groups` is a bit set, 0 out of scope.
COUNT = """
WITH scope AS (
    SELECT record_id, bit_or(1 << f."group") AS groups FROM records_finding f
    WHERE f.campaign_id = %(campaign)s AND f."group" IS NOT NULL AND f.first_seen_at < %(until)s
    GROUP BY record_id
)
SELECT r.register, coalesce(c.code, %(nowhere)s), {stage}, coalesce(scope.groups, 0), {care}, count(*)
FROM records_record r
LEFT JOIN scope ON scope.record_id = r.id
{place}
{category}
WHERE r.campaign_id = %(campaign)s AND r.created_at < %(until)s
  AND (%(commune)s::bigint IS NULL OR c.id = %(commune)s)
GROUP BY 1, 2, 3, 4, 5
"""
PLACE_NOW = "LEFT JOIN campaigns_commune c ON c.id = r.commune_id"
# Who was moved to another commune since stood in the one that the first of these changes took away.
PLACE_THEN = """
LEFT JOIN (
    SELECT DISTINCT ON (h.record_id) h.record_id, h.old FROM records_change h
    JOIN records_changeset hs ON hs.id = h.change_set_id JOIN records_record hr ON hr.id = h.record_id
    WHERE h.campaign_id = %(campaign)s AND h.field = 'commune' AND hs.at >= %(until)s AND hs.id <> hr.created_in_id
    ORDER BY h.record_id, h.id
) moved ON moved.record_id = r.id
LEFT JOIN campaigns_commune c ON CASE WHEN moved.record_id IS NULL THEN c.id = r.commune_id
                                      ELSE c.name = moved.old AND c.district_code = %(district)s
                                       AND c.valid_from <= %(places_on)s
                                       AND (c.valid_to IS NULL OR c.valid_to >= %(places_on)s) END
"""
STAGE_THEN = """coalesce((
    SELECT s.new FROM records_stagechange s
    WHERE s.campaign_id = %(campaign)s AND s.record_id = r.id AND s.at < %(until)s
    ORDER BY s.at DESC, s.id DESC LIMIT 1), r.stage)"""
# Whose category was changed since had the one that the first of these changes took away.
RECLASSIFIED = """
    SELECT DISTINCT ON (h.record_id) h.record_id, h.old FROM records_change h
    JOIN records_changeset hs ON hs.id = h.change_set_id JOIN records_record hr ON hr.id = h.record_id
    WHERE h.campaign_id = %(campaign)s AND h.field = 'category' AND hs.at >= %(until)s AND hs.id <> hr.created_in_id
    ORDER BY h.record_id, h.id
"""
CATEGORY_THEN = f"LEFT JOIN ({RECLASSIFIED}) category ON category.record_id = r.id"
CARE_THEN = """CASE WHEN category.record_id IS NULL THEN r.care_support
                    ELSE coalesce(category.old, '') = ANY(%(care_categories)s) END"""
# In-scope records that left a step on a given day; a record that left it twice that day counts once.
LEFT = """
SELECT r.register, coalesce(c.code, %(nowhere)s), (s.at AT TIME ZONE %(zone)s)::date,
       count(DISTINCT r.id) FILTER (WHERE s.old = ANY(%(review)s) AND s.new <> ALL(%(review)s)),
       count(DISTINCT r.id) FILTER (WHERE s.old = ANY(%(police)s) AND s.new <> ALL(%(police)s)),
       count(DISTINCT r.id) FILTER (WHERE s.old = ANY(%(update)s) AND s.new <> ALL(%(update)s))
FROM records_stagechange s
JOIN records_record r ON r.id = s.record_id
{place}
WHERE s.campaign_id = %(campaign)s AND s.at >= %(since)s AND s.at < %(until)s
  AND EXISTS (SELECT FROM records_finding f WHERE f.campaign_id = s.campaign_id AND f.record_id = r.id
                AND f."group" IS NOT NULL AND f.first_seen_at < %(until)s)
GROUP BY 1, 2, 3
"""


@dataclass
class _Tally:
    """Counts of one register, or of one commune of it."""

    total: int = 0
    in_scope: int = 0
    care_support: int = 0
    stages: Counter[str] = field(default_factory=Counter)
    groups: Counter[int] = field(default_factory=Counter)
    groups_done: Counter[int] = field(default_factory=Counter)

    def add(self, stage: str, groups: int, care_support: bool, count: int) -> None:
        self.total += count
        self.care_support += count * care_support
        if not groups:
            return
        self.in_scope += count
        self.stages[stage] += count
        for group in GROUPS:
            if groups >> group & 1:
                self.groups[group] += count
                self.groups_done[group] += count * (stage in DONE)

    @property
    def done(self) -> int:
        return sum(self.stages[stage] for stage in DONE)

    def still_in(self, step: str) -> int:
        return sum(self.stages[stage] for stage in STILL_IN[step])


@dataclass(frozen=True)
class Moment:
    """As of when: `until` is the first instant no longer counted, `start` the first day still to be worked."""

    day: datetime.date
    until: datetime.datetime
    start: datetime.date
    is_now: bool


def moment(as_of: datetime.date | None = None, *, ended: bool = False) -> Moment:
    """Now where `as_of` is None or today; else the end of that day. `ended`: a report stands at the end of its day."""
    now = timezone.localtime()
    today = now.date()
    day = as_of or today
    is_now = day >= today
    midnight = timezone.make_aware(datetime.datetime.combine(day + datetime.timedelta(days=1), datetime.time()))
    until = now + datetime.timedelta(seconds=1) if is_now and not ended else midnight
    return Moment(day, until, clock.counting_from(day, today=today, ended=ended), is_now)


def progress(
    campaign: Campaign, *, by: User, registers: Iterable[str] = tuple(Register.values), at: Moment | None = None
) -> dict[str, Any]:
    """The contract's progress object; a commune's account gets its own commune. Four queries, for a past day five."""
    check(by, Permission.SEE_FIGURES)
    at = at or moment()
    communes = dict(Commune.objects.in_campaign(campaign).values_list("code", "name"))
    if by.commune is not None:
        communes = {by.commune.code: by.commune.name}
    tallies, left, overdue = _tallies(campaign, at, by.commune_id), _left(campaign, at), _overdue(campaign, at)
    figures = {}
    for register in registers:
        mine = {code: tallies.get((register, code), _Tally()) for code in communes}
        if by.commune is None and (register, NO_COMMUNE) in tallies:
            mine[NO_COMMUNE] = tallies[register, NO_COMMUNE]
            communes = {**communes, NO_COMMUNE: "Chưa rõ xã"}
        names = {code: communes[code] for code in mine}
        figures[register] = _register(campaign, register, at, mine, names, left.get(register, {}), overdue)
    return {"campaign": campaign.code, "as_of": at.day.isoformat(), "registers": figures}


def _common(campaign: Campaign, at: Moment) -> dict[str, Any]:
    return {
        "campaign": campaign.pk, "until": at.until, "nowhere": NO_COMMUNE, "district": campaign.district_code,
        "places_on": campaign.places_on,
    }  # fmt: skip


def _tallies(campaign: Campaign, at: Moment, commune: int | None) -> dict[tuple[str, str], _Tally]:
    tallies: dict[tuple[Any, Any], _Tally] = {}
    query, parameters = COUNT.format(stage="r.stage", place=PLACE_NOW, category="", care="r.care_support"), {}
    if not at.is_now:
        query = COUNT.format(stage=STAGE_THEN, place=PLACE_THEN, category=CATEGORY_THEN, care=CARE_THEN)
        parameters = {"care_categories": _care_categories(campaign, at)}
    with connection.cursor() as cursor:
        cursor.execute(query, _common(campaign, at) | {"commune": commune} | parameters)
        for register, commune, stage, groups, care_support, count in cursor.fetchall():
            tallies.setdefault((register, commune), _Tally()).add(stage, groups, care_support, count)
    return tallies


def _care_categories(campaign: Campaign, at: Moment) -> list[str]:
    """Of the categories that were changed since, as the register held them, those of care and support."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT DISTINCT coalesce(old, '') FROM ({RECLASSIFIED}) r", _common(campaign, at))
        texts = [text for (text,) in cursor.fetchall()]
    if not texts:
        return []
    reference = reference_for(campaign, Register.BENEFICIARIES, received_on=at.day)
    return [text for text in texts if is_care_support(category_codes(text, reference), reference)]


def left_per_day(
    campaign: Campaign, at: Moment, since: datetime.date
) -> list[tuple[str, str, datetime.date, dict[str, int]]]:
    """(register, commune code, day, {step: in-scope records that left it}) since a day, up to the moment."""
    parameters = _common(campaign, at) | {
        "zone": timezone.get_current_timezone_name(),
        "since": timezone.make_aware(datetime.datetime.combine(since, datetime.time())),
        **{step: list(stages) for step, stages in STILL_IN.items()},
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(LEFT.format(place=PLACE_NOW if at.is_now else PLACE_THEN), parameters)
        return [
            (register, commune, day, dict(zip(clock.STEPS, counts, strict=True)))
            for register, commune, day, *counts in cursor.fetchall()
        ]


def _left(campaign: Campaign, at: Moment) -> dict[str, dict[str, Counter[str]]]:
    """register → step → commune code → records that left the step on the days that make the pace."""
    days = set(clock.pace_days(clock.WorkingDays(campaign), at.start))
    left: dict[str, dict[str, Counter[str]]] = {}
    for register, commune, day, counts in left_per_day(campaign, at, min(days)):
        if day in days:
            for step, count in counts.items():
                left.setdefault(register, {}).setdefault(step, Counter())[commune] += count
    return left


def _overdue(campaign: Campaign, at: Moment) -> Counter[tuple[str, str]]:
    """(register, commune code) → batches that should be back and were not."""
    late = Batch.objects.filter(campaign=campaign, at__lt=at.until, due__lt=at.start)
    late = late.filter(closed_at=None) | late.filter(closed_at__gte=at.until)
    return Counter(late.values_list("register", "commune__code"))


def _register(
    campaign: Campaign,
    register: str,
    at: Moment,
    tallies: Mapping[str, _Tally],
    names: Mapping[str, str],
    left: Mapping[str, Mapping[str, int]],
    overdue: Mapping[tuple[str, str], int],
) -> dict[str, Any]:
    days, windows = clock.WorkingDays(campaign), clock.windows_of(campaign, register)
    remaining = {step: {code: t.still_in(step) for code, t in tallies.items()} for step in clock.STEPS}
    left = {step: left.get(step, {}) for step in clock.STEPS}

    def clock_of(codes: Mapping[str, str]) -> clock.Clock:
        return clock.plan_clock(days, windows, start=at.start, communes=codes, remaining=remaining, left=left)

    whole = _Tally()
    for tally in tallies.values():
        _merge(whole, tally)
    return {
        "total": whole.total,
        "in_scope": whole.in_scope,
        "groups": {str(g): {"in_scope": whole.groups[g], "done": whole.groups_done[g]} for g in GROUPS},
        "additional": {"care_support": whole.care_support} if register == Register.BENEFICIARIES else {},
        "stages": {stage: whole.stages[stage] for stage in Stage.values},
        "done": whole.done,
        "done_percent": percent(whole.done, whole.in_scope),
        "communes": [
            {
                "code": code, "name": names[code], "total": tally.total, "in_scope": tally.in_scope, "done": tally.done,
                "stages": {stage: tally.stages[stage] for stage in Stage.values},
                "overdue_batches": overdue.get((register, code), 0), "clock": clock_of({code: names[code]}),
            }
            for code, tally in tallies.items()
        ],
        "clock": clock_of(names),
    }  # fmt: skip


def _merge(whole: _Tally, part: _Tally) -> None:
    whole.total += part.total
    whole.in_scope += part.in_scope
    whole.care_support += part.care_support
    whole.stages.update(part.stages)
    whole.groups.update(part.groups)
    whole.groups_done.update(part.groups_done)


def percent(done: int, of: int) -> float:
    """One decimal, never rounded up to 100 while something is left. Nothing to do is 100."""
    if of == 0 or done == of:
        return 100.0
    return min(round(100 * done / of, 1), 99.9)
