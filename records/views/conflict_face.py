"""Fields that people and a new file changed, three values side by side, ready for the template."""

from __future__ import annotations

from typing import Any

from django.db.models import Count
from django.urls import reverse

from records.masking import mask
from records.models import Conflict, FileStatus, SourceFile
from records.private import number_fields, shown
from records.views.columns import label_of

_AT_ONCE = 50


def conflicts_of(source_file: SourceFile) -> dict[str, Any] | None:
    """None where nobody has to decide. Two queries, however many there are."""
    if source_file.status != FileStatus.APPLIED or not source_file.counts.get("conflicts"):
        return None
    undecided = source_file.conflicts.undecided()
    fields = list(undecided.order_by().values("field").annotate(count=Count("pk")).order_by("-count", "field"))
    if not fields:
        return None
    left = sum(line["count"] for line in fields)
    found = list(undecided.select_related("record")[:_AT_ONCE])
    return {
        "left": left,
        "shown": len(found),
        "fields": [
            {"key": line["field"], "label": label_of(line["field"], source_file.register), "count": line["count"]}
            for line in fields
            if line["count"] > 1
        ],
        "lines": [_line(source_file.register, conflict) for conflict in found],
        "versions": {c.record_id: c.record.version for c in found}.items(),
    }


def _line(register: str, conflict: Conflict) -> dict[str, Any]:
    record = conflict.record
    texts = [conflict.base or "", record.value(conflict.field), conflict.theirs or ""]
    if conflict.field in number_fields(register):
        base, ours, theirs = side_by_side(texts)
    else:
        base, ours, theirs = (shown(register, conflict.field, text) for text in texts)
    return {
        "pk": conflict.pk, "row": conflict.row_number, "name": record.full_name, "row_code": record.row_code,
        "url": reverse("record", args=[record.row_code]), "field": label_of(conflict.field, register),
        "base": base, "ours": ours, "theirs": theirs, "is_number": conflict.field in number_fields(register),
    }  # fmt: skip


def side_by_side(numbers: list[str]) -> list[str]:
    """Numbers masked but for the digits in which they differ, so that one can be told from the other."""
    masked = [list(mask(number)) for number in numbers]
    whole = [number for number in numbers if number]
    if len({len(number) for number in whole}) == 1:
        differing = [at for at, digits in enumerate(zip(*whole, strict=True)) if len(set(digits)) > 1]
        for number, signs in zip(numbers, masked, strict=True):
            for at in differing if number else ():
                signs[at] = number[at]
    return ["".join(signs) for signs in masked]
