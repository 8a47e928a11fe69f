"""Newborn lists of the civil registry: who is known is completed, who is not is added, what contradicts ours waits.

(Questions to the registry go out and come back like those to the police: `handover.py`, `handback.py`.)"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from campaigns import audit
from campaigns.models import Campaign, Commune, Register, User
from campaigns.permissions import NotAllowed, Permission, check
from reconciliation.models import BatchKind, BatchLine
from reconciliation.newborn_list import Birth, compare, match, read_births
from reconciliation.newborn_questions import Question, ask
from reconciliation.sendable import STILL_OUT
from records import changes, source_files, stages
from records.models import ChangeKind, ChangeSet, FileKind, FileStatus, Record, SourceFile, SourceRow, Stage
from records.reference import reference_for


@dataclass(frozen=True)
class Newborns:
    """`filled` and `to_settle` count matched rows; a row may be both."""

    rows: int
    matched: int
    filled: int
    created: int
    to_settle: int
    batch: str = ""
    notes: list[str] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        names = ("rows", "matched", "filled", "created", "to_settle")
        return {name: getattr(self, name) for name in names}


@transaction.atomic
def import_newborns(
    campaign: Campaign, commune: Commune, *, by: User, name: str, content: bytes, dry_run: bool = False
) -> Newborns:
    """Raises WorkRefused with the reading's codes, NotAllowed outside the own commune. The same list again finds
    everybody and changes nothing."""
    check(by, Permission.NEWBORNS)
    if by.commune_id not in (None, commune.pk):
        raise NotAllowed(f"Chỉ nhập được danh sách khai sinh của xã mình, không nhập được của {commune.name}.")
    reference = reference_for(campaign, Register.CHILDREN)
    births = read_births(content, name, commune, reference)
    match(campaign, births)
    compare(campaign, commune, births, reference)
    if dry_run:
        return _counted(births)
    source_file = source_files.keep(
        campaign, kind=FileKind.NEWBORNS, by=by, name=name, content=content, register=Register.CHILDREN,
        commune=commune, partial=True,
    )  # fmt: skip
    batch = _write(source_file, births, by, hashlib.sha256(content).hexdigest())
    newborns = _counted(births, batch)
    source_file.counts, source_file.status, source_file.applied_at = (
        newborns.counts(),
        FileStatus.APPLIED,
        timezone.now(),
    )
    source_file.save(update_fields=["counts", "status", "applied_at"])
    audit.record(
        "newborns_imported", by=by, campaign=campaign, target=source_file.code, commune_code=commune.code,
        batch=batch, **newborns.counts(),
    )  # fmt: skip
    return newborns


def _counted(births: Sequence[Birth], batch: str = "") -> Newborns:
    matched = [b for b in births if not b.is_new]
    elsewhere = [b.record.row_code for b in births if b.is_elsewhere and b.record is not None]
    notes = []
    if batch:
        notes.append(f"Chỗ khác với sổ chờ quyết định ở lô {batch}: settle --batch {batch} --take theirs|ours.")
    if elsewhere:
        notes.append(f"Đang ở xã khác, Phòng LĐ-TB&XH xem: {', '.join(elsewhere)}.")
    return Newborns(
        rows=len(births),
        matched=len(matched),
        filled=sum(bool(b.filled) for b in matched),
        created=len(births) - len(matched),
        to_settle=sum(b.waits for b in matched),
        batch=batch,
        notes=notes,
    )


def _write(source_file: SourceFile, births: Sequence[Birth], by: User, sha256: str) -> str:
    """Returns the code of the batch in which contradictions wait, '' for none."""
    campaign = source_file.campaign
    edits: dict[int, dict[str, str | None]] = {}
    for birth in births:
        if birth.record is not None and birth.filled and not birth.is_new:
            edits.setdefault(birth.record.pk, {}).update(birth.filled)
    new = [b for b in births if b.is_new]
    if edits or new:
        change_set = changes.open_change_set(
            campaign, ChangeKind.NEWBORNS, by=by, document=source_file.code, source_file=source_file
        )
        changes.apply(change_set, edits)
        _add(change_set, new)
    _keep_rows(source_file, births)
    _move_on(source_file, births, by)
    questions = [Question(b.record, b.contradicts) for b in births if b.record is not None and b.contradicts]
    return ask(source_file, questions, by=by, sha256=sha256)


def _add(change_set: ChangeSet, births: Sequence[Birth]) -> None:
    people = [{key: text for key, text in b.values.items() if key != "system_code"} for b in births]
    added = changes.add_people(change_set.campaign, Register.CHILDREN, people, change_set=change_set)
    for birth, record in zip(births, added, strict=True):
        birth.record = record


def _keep_rows(source_file: SourceFile, births: Iterable[Birth]) -> None:
    def outcome(birth: Birth) -> str:
        if birth.is_new:
            return "created"
        return "held" if birth.waits else "changed" if birth.filled else "unchanged"

    SourceRow.objects.bulk_create(
        [
            SourceRow(
                campaign_id=source_file.campaign_id, source_file=source_file, row_number=b.row, cells=b.cells,
                values=b.values, record=b.record, outcome=outcome(b),
            )
            for b in births
        ],
        batch_size=1000,
    )  # fmt: skip


def _move_on(source_file: SourceFile, births: Sequence[Birth], by: User) -> None:
    """Children whose birth had to be registered first, and now is."""
    out = BatchLine.objects.filter(record=OuterRef("pk"), batch__kind=BatchKind.CIVIL_REGISTRY, outcome__in=STILL_OUT)
    known = [b.record.pk for b in births if b.record is not None and not b.is_new and not b.waits]
    waiting = Record.objects.filter(pk__in=known, stage=Stage.WITH_CIVIL_REGISTRY).exclude(Exists(out))
    stages.move_to_clean_or_review(
        source_file.campaign, list(waiting.values_list("pk", flat=True)), by=by,
        reason=f"có trong danh sách khai sinh {source_file.code}",
    )  # fmt: skip
