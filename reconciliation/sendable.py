"""Who may be put on the next list, and who waits for one and may not, with the reason."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from campaigns.models import Campaign, Commune
from reconciliation.models import BatchKind, BatchLine, Outcome
from records.models import Finding, Record, Stage
from records.reading.rules import RULES

STILL_OUT = ("", Outcome.UNANSWERED, Outcome.MISSING)
GONE = "không còn trong tệp xuất mới nhất. Đưa ra khỏi sổ, hoặc nhập tệp xuất có người này"


def on_no_open_list(kind: str) -> Q:
    return ~Q(Exists(BatchLine.objects.filter(record=OuterRef("pk"), batch__kind=kind, outcome__in=STILL_OUT)))


def is_sendable(kind: str) -> Q:
    """Of those who wait: still in the export, and nothing new to look at on whom the review was closed. The number
    is what the police are asked for; the particulars, what the registry is."""
    if kind == BatchKind.CIVIL_REGISTRY:
        return Q(is_gone=False)
    return Q(is_gone=False) & ~Q(Exists(_news().filter(record=OuterRef("pk"), first_seen_at__gt=OuterRef("stage_at"))))


def unsent(campaign: Campaign, register: str, kind: str) -> QuerySet[Record]:
    """Whom the next lists of this kind would hold, in all communes."""
    return _waiting(campaign, register, kind).filter(is_sendable(kind))


def held_back(campaign: Campaign, register: str, kind: str, commune: Commune | None = None) -> list[tuple[Record, str]]:
    """Who waits for a list and may be on none, and why. Two queries."""
    held = _waiting(campaign, register, kind).exclude(is_sendable(kind)).select_related("commune")
    if commune is not None:
        held = held.filter(commune=commune)
    news = Prefetch("findings", queryset=_news(), to_attr="news")
    return [(record, _why(record)) for record in held.order_by("village", "sort_key", "id").prefetch_related(news)]


def held_in_words(held: Sequence[tuple[Record, str]]) -> str:
    """One sentence for whom a list leaves out, '' for nobody; codes, no names."""
    if not held:
        return ""
    return f"Giữ lại {len(held)} người, chưa gửi: " + "; ".join(f"{r.row_code} {why}" for r, why in held) + "."


def _waiting(campaign: Campaign, register: str, kind: str) -> QuerySet[Record]:
    records = Record.objects.register(campaign, register).filter(in_scope=True)
    if kind == BatchKind.POLICE:
        return records.filter(stage=Stage.READY_FOR_POLICE)
    return records.filter(on_no_open_list(kind), stage=Stage.WITH_CIVIL_REGISTRY)


def _news() -> QuerySet[Finding]:
    return Finding.objects.blocking().exclude(rule__startswith="number.").order_by("id")


def _why(record: Record) -> str:
    if record.is_gone:
        return GONE
    since = [f for f in record.news if f.first_seen_at > record.stage_at]  # type: ignore[attr-defined]
    labels = dict.fromkeys(RULES[finding.rule].label.lower() for finding in since)
    return f"có điều mới cần xem sau khi đóng rà soát ({', '.join(labels)}). Sửa hoặc xác nhận ở trang Hồ sơ"
