"""The filters of the review page: one address for every view, and beside each choice how many people it shows."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, When
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils import timezone

from campaigns.current import current_register
from campaigns.models import Campaign, Commune, Register, User
from campaigns.permissions import Permission, has
from records.models import Change, Finding, Record, Severity, Stage
from records.models.record import RecordQuerySet
from records.private import unseen_by
from records.reading.rules import RULES
from records.reading.vietnamese import sort_key
from records.taking_back import OF_THE_REVIEW
from records.views.scope import campaign_of, user_of
from records.views.searching import Search, read_search

ALL_STAGES = "tat-ca"
NO_VILLAGE = "-"
SINCE_YESTERDAY, BY_ME = "hom-qua", "da-sua"
OF_FINDINGS = ("group", "severity", "rule")  # fields of Finding, and filters of that name
GROUPS = {"1": "1 Chưa có số", "2": "2 Sai số", "3": "3 Thiếu, sai thông tin", "4": "4 Chưa có trên phần mềm"}
_SEVERITIES = [Severity.ERROR, Severity.WARNING, Severity.NOTICE]
Said = list[Any]  # lines of record id and OF_FINDINGS
_ORDER_OF_RULES = {rule: place for place, rule in enumerate(RULES)}


@dataclass(frozen=True)
class Filters:
    """Texts as they stand in the address; '' for no choice. `stage` is never '': see ALL_STAGES."""

    campaign: Campaign
    register: str
    user: User
    stage: str
    group: str = ""
    rule: str = ""
    village: str = ""
    commune: str = ""
    severity: str = ""
    new: str = ""  # SINCE_YESTERDAY
    mine: str = ""  # BY_ME
    search: Search | None = None

    def records(self, *, without: Collection[str] = ()) -> RecordQuerySet:
        """The people that these filters show; `without` some of them, to count their choices."""
        records = Record.objects.for_user(self.user).register(self.campaign, self.register)
        if self.stage != ALL_STAGES and "stage" not in without:
            records = records.filter(stage=self.stage)
        if self.commune and "commune" not in without:
            records = records.filter(commune__code=self.commune)
        if self.village and "village" not in without and "commune" not in without:
            records = records.filter(village="" if self.village == NO_VILLAGE else self.village)
        if self.search:
            records = records.filter(self.search.where)
        wanted = {name: self._chosen(name) for name in OF_FINDINGS if self._chosen(name) and name not in without}
        if wanted:  # one finding that is all of these
            records = records.filter(Exists(self.findings().filter(**wanted, record=OuterRef("pk"))))
        if self.new and "new" not in without:
            records = records.filter(self.is_new())
        if self.mine and "mine" not in without:
            records = records.filter(self.is_mine())
        return records

    def findings(self) -> QuerySet[Finding]:
        """Open ones that this user may know of."""
        hidden = unseen_by(self.user, self.register)
        return Finding.objects.open().filter(campaign=self.campaign).exclude(field__in=hidden)

    def _chosen(self, name: str) -> str:
        return str(getattr(self, name))

    def is_new(self) -> Q:
        """Came to its stage, or had something said of it, since yesterday began."""
        today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
        since = today - datetime.timedelta(days=1)
        said = self.findings().filter(record=OuterRef("pk"), first_seen_at__gte=since)
        return Q(stage_at__gte=since) | Q(Exists(said))

    def is_mine(self) -> Q:
        """Corrected, confirmed or added by this user."""
        changed = Change.objects.filter(
            campaign=self.campaign, record=OuterRef("pk"), change_set__by=self.user, change_set__kind__in=OF_THE_REVIEW
        )
        confirmed = Finding.objects.filter(campaign=self.campaign, record=OuterRef("pk"), by=self.user)
        return Q(Exists(changed)) | Q(Exists(confirmed.filter(status="confirmed"))) | Q(created_in__by=self.user)

    def address(self, **other: str) -> str:
        """Of this view with some filters set otherwise (by the names of this class); paging starts anew."""
        wanted = replace(self, **other)  # type: ignore[arg-type] # every filter in the address is a text
        if "commune" in other:
            wanted = replace(wanted, village="")
        return reverse("review") + "?" + wanted.query

    @property
    def query(self) -> str:
        query = QueryDict(mutable=True)
        query["so"] = self.register
        texts = {"xa": self.commune, "nhom": self.group, "muc": self.severity, "qt": self.rule, "ban": self.village}
        texts |= {"moi": self.new, "toi": self.mine}
        texts["tim"] = self.search.text if self.search else ""
        if self.stage != (ALL_STAGES if self.search else Stage.TO_REVIEW):
            texts["tt"] = self.stage
        for key, text in texts.items():
            if text:
                query[key] = text
        return query.urlencode()

    @property
    def is_narrowed(self) -> bool:
        return any((self.group, self.rule, self.severity, self.village, self.commune, self.new, self.mine))

    @cached_property
    def chosen_commune(self) -> Commune | None:
        if self.user.commune is not None:
            return self.user.commune
        if not self.commune:
            return None
        return Commune.objects.in_campaign(self.campaign).filter(code=self.commune).first()


def filters_of(request: HttpRequest) -> Filters:
    """Reads the address; what it says that makes no sense is no filter. A search goes through all stages."""
    user, get = user_of(request), request.GET
    search = read_search(get.get("tim", ""), numbers_seen=has(user, Permission.SEE_NUMBERS))
    stage = get.get("tt", "")
    if stage not in (*Stage.values, ALL_STAGES):
        stage = ALL_STAGES if search else Stage.TO_REVIEW
    return Filters(
        campaign=campaign_of(request),
        register=current_register(request),
        user=user,
        stage=str(stage),
        group=get.get("nhom", "") if get.get("nhom") in GROUPS else "",
        rule=get.get("qt", "") if get.get("qt") in RULES else "",
        severity=get.get("muc", "") if get.get("muc") in Severity.values else "",
        new=SINCE_YESTERDAY if get.get("moi") else "",
        mine=BY_ME if get.get("toi") else "",
        village=get.get("ban", ""),
        commune=get.get("xa", "") if user.commune_id is None else "",
        search=search,
    )


@dataclass
class Facet:
    title: str
    name: str  # in the address
    choices: list[dict[str, Any]]
    is_open: bool = True


def facets(filters: Filters) -> list[Facet]:
    """Every filter with its choices and how many people each would show. One query each; one for what findings say."""
    found = [_stages(filters), *_apart(filters)]
    if filters.user.commune_id is None:
        found.append(_communes(filters))
    said = list(
        filters.findings()
        .filter(record__in=filters.records(without=OF_FINDINGS))
        .values_list("record", *OF_FINDINGS)
        .order_by()
    )
    found += [_groups(filters, said), _severities(filters, said), _rules(filters, said)]
    if filters.chosen_commune:
        found.append(_villages(filters))
    return [facet for facet in found if facet.choices]


def total_of(facets: list[Facet]) -> int:
    """How many people the view shows, as its first filter says."""
    return next((c["count"] for c in facets[0].choices if c["current"]), 0) if facets else 0


def register_counts(filters: Filters) -> list[dict[str, Any]]:
    """The two registers as tabs, each with how many there are to review in the same place."""
    mine = Record.objects.for_user(filters.user).filter(campaign=filters.campaign, stage=Stage.TO_REVIEW)
    if filters.commune:
        mine = mine.filter(commune__code=filters.commune)
    counts = dict(mine.values_list("register").annotate(Count("pk")).order_by())
    short = {Register.CHILDREN: "Trẻ em", Register.BENEFICIARIES: "Bảo trợ"}
    here = replace(
        filters, group="", rule="", severity="", village="", new="", mine="", search=None, stage=str(Stage.TO_REVIEW)
    )
    return [
        {
            "label": label, "count": counts.get(register, 0), "current": register == filters.register,
            "url": here.address(register=str(register)),
        }
        for register, label in short.items()
    ]  # fmt: skip


def _choice(filters: Filters, name: str, value: str, label: str, count: int) -> dict[str, Any]:
    """One line; a choice that is made already is taken back by the same line (stages and the only commune are not)."""
    current = getattr(filters, name) == value
    after = "" if current and name != "stage" else value
    return {
        "value": value, "label": label, "count": count, "current": current, "url": filters.address(**{name: after}),
    }  # fmt: skip


def _stages(filters: Filters) -> Facet:
    counts = dict(filters.records(without=["stage"]).values_list("stage").annotate(Count("pk")).order_by())
    wanted = [stage for stage in Stage if counts.get(stage) or stage in (Stage.TO_REVIEW, filters.stage)]
    choices = [
        _choice(filters, "stage", str(stage), stage.label.capitalize(), counts.get(stage, 0)) for stage in wanted
    ]
    choices.append(_choice(filters, "stage", ALL_STAGES, "Tất cả", sum(counts.values())))
    return Facet("Trạng thái", "tt", choices)


def _apart(filters: Filters) -> list[Facet]:
    """What is looked at by itself. One query."""
    people = filters.records(without=["new", "mine"]).annotate(
        came_lately=Case(When(filters.is_new(), then=True), default=False),
        touched_by_me=Case(When(filters.is_mine(), then=True), default=False),
    )
    new, mine = Q(came_lately=True), Q(touched_by_me=True)
    counts = people.aggregate(
        new=Count("pk", filter=new & mine if filters.mine else new),
        mine=Count("pk", filter=mine & new if filters.new else mine),
    )
    return [
        Facet("Mới", "moi", [_choice(filters, "new", SINCE_YESTERDAY, "Từ hôm qua", counts["new"])]),
        Facet("Của tôi", "toi", [_choice(filters, "mine", BY_ME, "Tôi đã sửa, đã thêm", counts["mine"])]),
    ]


def _groups(filters: Filters, said: Said) -> Facet:
    counts = _by_finding(filters, said, "group")
    wanted = [group for group in GROUPS if counts.get(int(group)) or group == filters.group]
    return Facet("Nhóm", "nhom", [_choice(filters, "group", g, GROUPS[g], counts.get(int(g), 0)) for g in wanted])


def _severities(filters: Filters, said: Said) -> Facet:
    counts = _by_finding(filters, said, "severity")
    wanted = [severity for severity in _SEVERITIES if counts.get(severity) or severity == filters.severity]
    return Facet(
        "Mức", "muc", [_choice(filters, "severity", str(s), s.label.capitalize(), counts.get(s, 0)) for s in wanted]
    )


def _rules(filters: Filters, said: Said) -> Facet:
    counts = _by_finding(filters, said, "rule")
    if filters.rule:
        counts.setdefault(filters.rule, 0)

    def place(rule: str) -> tuple[int, int, int]:
        return _SEVERITIES.index(Severity(RULES[rule].severity)), -counts[rule], _ORDER_OF_RULES[rule]

    wanted = sorted(counts, key=place)
    return Facet("Quy tắc", "qt", [_choice(filters, "rule", r, RULES[r].label, counts[r]) for r in wanted])


def _by_finding(filters: Filters, said: Said, name: str) -> dict[Any, int]:
    """How many of the people have an open finding of each group, severity or rule that is also what else is chosen."""
    at = 1 + OF_FINDINGS.index(name)
    others = [(1 + place, getattr(filters, other)) for place, other in enumerate(OF_FINDINGS) if other != name]
    chosen = [(place, text) for place, text in others if text]
    people: dict[Any, set[int]] = {}
    for line in said:
        if line[at] is not None and all(str(line[place]) == text for place, text in chosen):
            people.setdefault(line[at], set()).add(line[0])
    return {value: len(those) for value, those in people.items()}


def _communes(filters: Filters) -> Facet:
    counted = filters.records(without=["commune"]).exclude(commune=None)
    counts = counted.values_list("commune__code", "commune__name").annotate(Count("pk")).order_by()
    return Facet(
        "Xã, thị trấn",
        "xa",
        [_choice(filters, "commune", code, name, n) for code, name, n in sorted(counts, key=lambda c: sort_key(c[1]))],
        is_open=False,
    )


def _villages(filters: Filters) -> Facet:
    counts = filters.records(without=["village"]).values_list("village").annotate(n=Count("pk")).order_by()
    in_order = sorted(counts, key=lambda counted: (not counted[0], sort_key(counted[0])))
    choices = [
        _choice(filters, "village", village or NO_VILLAGE, village or "(chưa rõ bản)", n) for village, n in in_order
    ]
    return Facet("Bản", "ban", choices, is_open=bool(filters.village))
