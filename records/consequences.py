"""What an edit brought about: which findings it settled and which it made, on the record itself and on those that share
its number or its name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q

from records.models import Finding, Record
from records.reading.rules import RULES

_MOST = 20  # other records that are looked at
_Key = tuple[int, str, str]


@dataclass
class Consequences:
    """Labels of rules in the order of the table; `others`: ids of other records of which something else is said now."""

    settled: list[str] = field(default_factory=list)
    arisen: list[str] = field(default_factory=list)
    others: list[int] = field(default_factory=list)


class Watch:
    """Looks at what is said before the edit, and again after it. Two queries each time, however many records."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._near = self._neighbours(record)
        self._before = self._said()

    def consequences(self, now: Record) -> Consequences:
        self._near |= self._neighbours(now)
        after = self._said()
        return Consequences(
            settled=_labels(rule for pk, rule, _ in self._before - after if pk == self._record.pk),
            arisen=_labels(rule for pk, rule, _ in after - self._before if pk == self._record.pk),
            others=sorted({pk for pk, _, _ in self._before ^ after} - {self._record.pk}),
        )

    def _said(self) -> set[_Key]:
        found = Finding.objects.open().filter(record__in={self._record.pk, *self._near})
        return set(found.values_list("record", "rule", "field"))

    def _neighbours(self, record: Record) -> set[int]:
        same = Q()
        if record.personal_number:
            same |= Q(personal_number=record.personal_number)
        if record.match_name:
            same |= Q(match_name=record.match_name)
        if not same:
            return set()
        people = Record.objects.register(record.campaign, record.register).filter(same).exclude(pk=record.pk)
        return set(people.order_by("pk").values_list("pk", flat=True)[:_MOST])


def _labels(rules: Iterable[str]) -> list[str]:
    fired = set(rules)
    return [rule.label for code, rule in RULES.items() if code in fired]
