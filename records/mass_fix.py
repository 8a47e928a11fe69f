"""One value for many records: ways of writing the same place, or a value that a row lacks and its neighbours have.

Names, birth dates and numbers are never set for many: of those only a suggestion that follows from the row itself is
taken (`review.accept_suggestions`)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count
from django.db.models.fields.json import KeyTextTransform
from rapidfuzz.distance import DamerauLevenshtein

from campaigns import audit
from campaigns.errors import WorkRefused
from campaigns.models import Campaign, User
from campaigns.permissions import Permission, check
from records import changes
from records.models import ChangeKind, ChangeSet, Record, Stage
from records.models.record import RecordQuerySet
from records.reading.vietnamese import fold_words, sort_key
from records.review import LEGAL_FIELDS
from records.typed import as_typed

FIELDS = ("village", "permanent_address", "ethnic_group")
MOST = 500  # records in one change: so many can be looked at
# What has gone out to others is not changed under them.
OPEN_STAGES = (Stage.TO_REVIEW, Stage.READY_FOR_POLICE, Stage.CLEANED, Stage.UPLOADED)
_PLACE_WORDS = re.compile(r"^(ban|thon|tieu khu|tk|xom|to dan pho)\s+")
_FEW = 2  # records that a slip stands on
_LONG = 4  # letters of a word that may have a slip in it


@dataclass(frozen=True)
class Written:
    """`is_same`: the letters are those of the most usual way; else a slip may lie between them, or another place."""

    text: str
    count: int
    is_same: bool = True


@dataclass
class Alike:
    """Ways of writing what may be one thing, the most usual first."""

    ways: list[Written]

    @property
    def count(self) -> int:
        return sum(way.count for way in self.ways)


def changeable(campaign: Campaign, register: str, *, by: User) -> RecordQuerySet:
    return Record.objects.for_user(by).register(campaign, register).present().filter(stage__in=OPEN_STAGES)


def groups_of(records: RecordQuerySet, field: str) -> list[Alike]:
    """The values of a field, those alike together; what is written in one way only is a group of one. One query."""
    counted = records.annotate(text=KeyTextTransform(field, "values")).values_list("text").annotate(Count("pk"))
    totals: dict[str, int] = {}
    for text, count in counted.order_by():
        totals[text or ""] = totals.get(text or "", 0) + count
    groups: list[Alike] = []
    for text in sorted(totals, key=lambda one: (-totals[one], sort_key(one))):
        count = totals[text]
        group = next((g for g in groups if text and _belongs(text, count, g.ways[0])), None)
        if group is None:
            groups.append(Alike([Written(text, count)]))
        else:
            group.ways.append(Written(text, count, _joined(text) == _joined(group.ways[0].text)))
    return groups


def _belongs(text: str, count: int, usual: Written) -> bool:
    """A slip is rare beside the right way; what many wrote is rather another place."""
    if not usual.text:
        return False
    is_rare = count <= max(_FEW, usual.count // 10)
    return _joined(text) == _joined(usual.text) or (is_rare and _alike(_key(text), _key(usual.text)))


def _joined(text: str) -> str:
    return _key(text).replace(" ", "")


def _key(text: str) -> str:
    return _PLACE_WORDS.sub("", fold_words(text))


def _alike(one: str, other: str) -> bool:
    """The same words, a slip in a long one apart; digits and single letters tell places apart."""
    ours, theirs = one.split(), other.split()
    return len(ours) == len(theirs) and all(map(_alike_word, ours, theirs))


def _alike_word(one: str, other: str) -> bool:
    if one == other:
        return True
    if min(len(one), len(other)) < _LONG or one[0] != other[0] or not (one.isalpha() and other.isalpha()):
        return False
    return DamerauLevenshtein.distance(one, other) == 1


def written_as(records: RecordQuerySet, field: str, texts: Iterable[str]) -> RecordQuerySet:
    """Those that have one of these values; '' is also a column that the file did not have."""
    wanted = list(texts)
    with_text = records.annotate(text=KeyTextTransform(field, "values"))
    found = with_text.filter(text__in=wanted)
    return found | with_text.filter(text__isnull=True) if "" in wanted else found


@transaction.atomic
def set_value(
    records: Collection[Record], field: str, text: str, *, by: User, document: str = ""
) -> tuple[ChangeSet | None, int]:
    """Writes one value into many records of one register, as one change set; how many it changed. Raises WorkRefused
    `usage` for a field that is not set for many, without a value, or without a paper where the law wants one."""
    check(by, Permission.REVIEW)
    if field not in FIELDS:
        raise WorkRefused("usage", "Họ tên, ngày sinh và số chỉ sửa từng người, hoặc theo gợi ý của từng dòng.")
    if field in LEGAL_FIELDS and not document:
        raise WorkRefused("usage", "Sửa dân tộc: ghi rõ đã xem giấy tờ nào.")
    if not records:
        return None, 0
    if len(records) > MOST:
        raise WorkRefused("usage", f"Mỗi lần sửa tối đa {MOST} hồ sơ. Lọc theo bản, rồi sửa từng bản.")
    first = next(iter(records))
    text = as_typed(first.register, field, text)
    if not text:
        raise WorkRefused("usage", "Chưa có giá trị sẽ ghi. Gõ giá trị rồi xem lại.")
    change_set = changes.open_change_set(
        first.campaign, ChangeKind.EDIT, by=by, document=document, reason=f"sửa hàng loạt thành {text}"
    )
    applied = changes.apply(change_set, {record.pk: {field: text} for record in records})
    if not applied.changed:
        change_set.delete()
        return None, 0
    audit.record(
        "values_set", by=by, campaign=first.campaign, target=f"register:{first.register}", field=field,
        commune_code=by.commune.code if by.commune else "", corrected=applied.changed,
    )  # fmt: skip
    return change_set, applied.changed
