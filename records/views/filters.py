"""The filters of the review page: one address for every view, and beside each choice how many people it shows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, QueryDict
from django.urls import reverse

from campaigns.current import current_register
from campaigns.models import Campaign, Commune, Register, User
from campaigns.permissions import Permission, has
from records.models import Finding, Record, Severity, Stage
from records.models.record import RecordQuerySet
from records.private import unseen_by
from records.reading.rules import RULES
from records.views.scope import campaign_of, user_of
from records.views.searching import Search, read_search

ALL_STAGES = "tat-ca"
NO_VILLAGE = "-"
GROUPS = {"1": "1 Chưa có số", "2": "2 Sai số", "3": "3 Thiếu, sai thông tin", "4": "4 Chưa có trên phần mềm"}
_SEVERITIES = [Severity.ERROR, Severity.WARNING, Severity.NOTICE]
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
    search: Search | None = None

    def records(self, *, without: str = "") -> RecordQuerySet:
        """The people that these filters show; `without` one of them, to count its choices."""
        records = Record.objects.for_user(self.user).register(self.campaign, self.register)
        if self.stage != ALL_STAGES and without != "stage":
            records = records.filter(stage=self.stage)
        if self.commune and without != "commune":
            records = records.filter(commune__code=self.commune)
        if self.village and without not in ("village", "commune"):
            records = records.filter(village="" if self.village == NO_VILLAGE else self.village)
        if self.search:
            records = records.filter(self.search.where)
        for name, wanted in (("group", Q(group=self.group or None)), ("rule", Q(rule=self.rule))):
            if getattr(self, name) and without != name:
                records = records.filter(Exists(self.findings().filter(wanted, record=OuterRef("pk"))))
        return records

    def findings(self) -> QuerySet[Finding]:
        """Open ones that this user may know of."""
        hidden = unseen_by(self.user, self.register)
        return Finding.objects.open().filter(campaign=self.campaign).exclude(field__in=hidden)

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
        texts = {"xa": self.commune, "nhom": self.group, "qt": self.rule, "ban": self.village}
        texts["tim"] = self.search.text if self.search else ""
        if self.stage != (ALL_STAGES if self.search else Stage.TO_REVIEW):
            texts["tt"] = self.stage
        for key, text in texts.items():
            if text:
                query[key] = text
        return query.urlencode()

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
    """Every filter with its choices and how many people each would show. One query each."""
    found = [_stages(filters)]
    if filters.user.commune_id is None:
        found.append(_communes(filters))
    found += [_groups(filters), _rules(filters)]
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
    here = replace(filters, group="", rule="", village="", search=None, stage=str(Stage.TO_REVIEW))
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
    counts = dict(filters.records(without="stage").values_list("stage").annotate(Count("pk")).order_by())
    wanted = [stage for stage in Stage if counts.get(stage) or stage in (Stage.TO_REVIEW, filters.stage)]
    choices = [
        _choice(filters, "stage", str(stage), stage.label.capitalize(), counts.get(stage, 0)) for stage in wanted
    ]
    choices.append(_choice(filters, "stage", ALL_STAGES, "Tất cả", sum(counts.values())))
    return Facet("Trạng thái", "tt", choices)


def _groups(filters: Filters) -> Facet:
    counts = _by_finding(filters, "group")
    wanted = [group for group in GROUPS if counts.get(int(group)) or group == filters.group]
    return Facet("Nhóm", "nhom", [_choice(filters, "group", g, GROUPS[g], counts.get(int(g), 0)) for g in wanted])


def _rules(filters: Filters) -> Facet:
    counts = _by_finding(filters, "rule")
    if filters.rule:
        counts.setdefault(filters.rule, 0)

    def place(rule: str) -> tuple[int, int, int]:
        return _SEVERITIES.index(Severity(RULES[rule].severity)), -counts[rule], _ORDER_OF_RULES[rule]

    wanted = sorted(counts, key=place)
    return Facet("Quy tắc", "qt", [_choice(filters, "rule", r, RULES[r].label, counts[r]) for r in wanted])


def _by_finding(filters: Filters, name: str) -> dict[Any, int]:
    """How many of the people have an open finding of each group, or rule."""
    found = filters.findings().filter(record__in=filters.records(without=name)).exclude(**{f"{name}__isnull": True})
    return dict(found.values_list(name).annotate(Count("record", distinct=True)).order_by())


def _communes(filters: Filters) -> Facet:
    counted = filters.records(without="commune").exclude(commune=None)
    counts = counted.values_list("commune__code", "commune__name").annotate(Count("pk")).order_by("commune__name")
    return Facet(
        "Xã, thị trấn", "xa", [_choice(filters, "commune", code, name, n) for code, name, n in counts], is_open=False
    )


def _villages(filters: Filters) -> Facet:
    counts = filters.records(without="village").values_list("village").annotate(n=Count("pk")).order_by("-n", "village")
    choices = [
        _choice(filters, "village", village or NO_VILLAGE, village or "(chưa rõ bản)", n) for village, n in counts
    ]
    return Facet("Bản", "ban", choices, is_open=bool(filters.village))
