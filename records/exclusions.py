"""Taking people out of the register: asked for by one person, in force when a second one over the commune agrees."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from campaigns import audit
from campaigns.errors import WorkRefused
from campaigns.models import User
from campaigns.permissions import NotAllowed, Permission, check
from records import findings, stages
from records.models import Exclusion, Record, Stage


@transaction.atomic
def ask_exclusion(records: Collection[Record], *, reason: str, document: str, by: User) -> list[Exclusion]:
    """One request per commune for all of these people. Raises WorkRefused without a document or note."""
    check(by, Permission.EXCLUDE)
    if not document.strip():
        raise WorkRefused("usage", "Ghi giấy tờ hoặc ghi chú làm căn cứ, ví dụ “Trích lục khai tử số 12/2023”.")
    mine = Record.objects.for_user(by).filter(pk__in=[r.pk for r in records]).exclude(stage=Stage.EXCLUDED)
    requests = []
    by_commune: dict[int | None, list[Record]] = {}
    for record in mine.select_related("campaign", "commune").order_by("row_code"):
        by_commune.setdefault(record.commune_id, []).append(record)
    for people in by_commune.values():
        request = Exclusion.objects.create(
            campaign=people[0].campaign, commune=people[0].commune, reason=reason, document=document.strip()[:200],
            row_codes=[r.row_code for r in people], requested_by=by,
        )  # fmt: skip
        audit.record(
            "exclusion_asked", by=by, campaign=request.campaign, target=f"exclusion:{request.pk}",
            commune_code=people[0].commune.code if people[0].commune else "", records=request.row_codes, reason=reason,
        )  # fmt: skip
        requests.append(request)
    return requests


@transaction.atomic
def decide_exclusion(exclusion: Exclusion, *, agree: bool, by: User) -> int:
    """The second person's word; returns how many records left the register. Raises NotAllowed for the person who asked
    and for commands, WorkRefused `already_undone` for a request that was decided before."""
    check(by, Permission.EXCLUDE)
    exclusion = Exclusion.objects.for_user(by).select_for_update(of=("self",)).get(pk=exclusion.pk)
    if exclusion.decided_at is not None:
        raise WorkRefused("already_undone", "Đề nghị này đã có quyết định. Tải lại trang để xem.")
    if agree and (by.pk == exclusion.requested_by_id or audit.by_command()):
        raise NotAllowed("Người thứ hai phải là người khác người đề nghị: cán bộ khác của xã, hoặc Phòng LĐ-TB&XH.")
    exclusion.decided_by, exclusion.decided_at, exclusion.confirmed = by, timezone.now(), agree
    exclusion.save(update_fields=["decided_by", "decided_at", "confirmed"])
    moved = 0
    if agree:
        people = Record.objects.filter(campaign=exclusion.campaign, row_code__in=exclusion.row_codes)
        people = people.exclude(stage=Stage.EXCLUDED)
        ids = list(people.values_list("pk", flat=True))
        people.update(exclusion=exclusion)
        moved = stages.move(exclusion.campaign, ids, Stage.EXCLUDED, by=by, reason=exclusion.get_reason_display())
        near = findings.compare_records(exclusion.campaign, by=by, at=exclusion.decided_at, near=ids)
        stages.reopen_unclean(exclusion.campaign, by=by, near=near)
    audit.record(
        "exclusion_decided", by=by, campaign=exclusion.campaign, target=f"exclusion:{exclusion.pk}", agreed=agree,
        records=exclusion.row_codes, commune_code=exclusion.commune.code if exclusion.commune else "",
    )  # fmt: skip
    return moved


@transaction.atomic
def readmit(record: Record, *, by: User, reason: str) -> None:
    """Takes a person back into the register, to be reviewed."""
    check(by, Permission.EXCLUDE)
    if not reason.strip():
        raise WorkRefused("usage", "Ghi lý do đưa trở lại sổ.")
    stages.move(record.campaign, [record.pk], Stage.TO_REVIEW, by=by, reason=reason)
    near = findings.compare_records(record.campaign, by=by, at=timezone.now(), near=[record.pk])
    stages.reopen_unclean(record.campaign, by=by, near=near)
    audit.record(
        "record_readmitted",
        by=by,
        campaign=record.campaign,
        target=f"record:{record.row_code}",
        reason=reason,
    )
