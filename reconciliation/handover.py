"""Send a list: the batch and its lines are written first, then the workbook that leaves."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from campaigns import audit
from campaigns.clock import POLICE, batch_due, windows_of
from campaigns.errors import WorkRefused
from campaigns.models import Campaign, Commune, Register, User
from campaigns.permissions import NotAllowed, Permission, check
from reconciliation.asking import request_texts
from reconciliation.batch_codes import next_code, part_of
from reconciliation.list_workbook import list_workbook
from reconciliation.models import Batch, BatchKind, BatchLine
from reconciliation.residence import ADDRESS, VILLAGE, residence_text
from reconciliation.sendable import held_back, held_in_words, unsent
from reconciliation.sheets import sent_columns
from records import stages
from records.models import Record, Stage

SENT_FIELDS = ("full_name", "birth_date", "sex", "ethnic_group", "personal_number", "father_name", "mother_name")


@dataclass(frozen=True)
class Sent:
    """`note`: what a person should know about the return date and about whom the list leaves out, else ''."""

    batch: Batch
    note: str


@transaction.atomic
def send_batch(
    campaign: Campaign,
    register: str,
    commune: Commune,
    kind: str,
    *,
    by: User,
    due: datetime.date | None = None,
    record_ids: Collection[int] | None = None,
    at: datetime.datetime | None = None,
) -> Sent:
    """Sends everybody who waits to be sent (or those of `record_ids` who do). `at`: when it left, now unless a history
    is being told. Raises WorkRefused `nothing_to_send`,
    NotAllowed outside the own commune."""
    check(by, Permission.SEND)
    if by.commune_id not in (None, commune.pk):
        raise NotAllowed(f"Chỉ gửi được danh sách của xã mình, không gửi được của {commune.name}.")
    code = next_code(campaign, commune, register, part_of(kind))
    records = _waiting(campaign, register, commune, kind, record_ids)
    held = held_in_words(held_back(campaign, register, kind, commune))
    if not records:
        raise _nothing(register, commune, kind, held)
    now = at or timezone.now()
    day, note = _due(campaign, register, timezone.localdate(now), due)
    batch = Batch.objects.create(
        campaign=campaign, register=register, commune=commune, kind=kind, code=code, by=by, at=now, due=day,
        rows=len(records),
    )  # fmt: skip
    lines = _lines(batch, records)
    BatchLine.objects.bulk_create(lines, batch_size=1000)
    content = list_workbook(batch, (line.sent for line in lines))
    batch.sha256 = hashlib.sha256(content).hexdigest()
    batch.file.save(f"{batch.code}.xlsx", ContentFile(content), save=False)
    batch.save(update_fields=["sha256", "file"])
    if kind == BatchKind.POLICE:
        ids = [record.pk for record in records]
        stages.move(campaign, ids, Stage.WITH_POLICE, by=by, reason=f"gửi lô {batch.code}", at=now)
    audit.record(
        "batch_sent", by=by, campaign=campaign, target=f"batch:{batch.code}", commune_code=commune.code,
        rows=batch.rows, sha256=batch.sha256, due=day.isoformat(), kind=kind,
    )  # fmt: skip
    return Sent(batch, " ".join(filter(None, (note, held))))


def waiting(campaign: Campaign, register: str, commune: Commune, kind: str) -> Sequence[int]:
    """Ids of the records that the next list of this kind would hold."""
    return [record.pk for record in _waiting(campaign, register, commune, kind, None)]


def _waiting(
    campaign: Campaign, register: str, commune: Commune, kind: str, record_ids: Collection[int] | None
) -> list[Record]:
    records = unsent(campaign, register, kind).filter(commune=commune)
    if record_ids is not None:
        records = records.filter(pk__in=record_ids)
    locked = records.select_for_update(of=("self",)).select_related("commune")
    return list(locked.order_by("village", "sort_key", "id"))


def _nothing(register: str, commune: Commune, kind: str, held: str) -> WorkRefused:
    where = f"{commune.name}, sổ {Register(register).label}"
    if held:
        why = held
    elif kind == BatchKind.POLICE:
        why = "không có hồ sơ nào chờ gửi công an. Đóng rà soát của xã trước (mark_reviewed)."
    else:
        why = "không có hồ sơ nào chờ gửi hộ tịch (công an trả mã G, hoặc đã quyết định hỏi hộ tịch)."
    return WorkRefused("nothing_to_send", f"{where}: {why}")


def _due(
    campaign: Campaign, register: str, today: datetime.date, said: datetime.date | None
) -> tuple[datetime.date, str]:
    if said is None:
        default = batch_due(campaign, register, today)
        return default.day, default.note
    if said < today:
        raise WorkRefused("usage", f"Hẹn trả {said:%d/%m/%Y} đã qua. Chọn một ngày từ hôm nay trở đi.")
    last = windows_of(campaign, register)[POLICE][1]
    if today <= last < said:
        return last, (
            f"Hẹn trả rút từ {said:%d/%m/%Y} về {last:%d/%m/%Y}, ngày cuối dành cho công an "
            f"({Register(register).label.lower()}), để còn đủ ngày cập nhật phần mềm."
        )
    return said, ""


def _lines(batch: Batch, records: list[Record]) -> list[BatchLine]:
    requests = request_texts(batch.kind, records)
    return [
        BatchLine(
            campaign_id=batch.campaign_id, batch=batch, number=number, record=record, row_code=record.row_code,
            record_version=record.version, sent=_sent(number, record, requests[record.pk]),
            sent_values={key: record.value(key) for key in _sent_fields(record)},
        )
        for number, record in enumerate(records, start=1)
    ]  # fmt: skip


def _sent_fields(record: Record) -> list[str]:
    """The fields behind the texts of `_sent`."""
    fields = [*SENT_FIELDS, ADDRESS if record.address else VILLAGE]
    if not record.value("personal_number"):
        fields.append("old_id_number")
    if not (record.father_name or record.mother_name):
        fields.append("guardian_name")
    return fields


def _sent(number: int, record: Record, request: str) -> dict[str, str]:
    """Heading → text. Names stand in Unicode, whatever font they were typed in."""
    texts = {
        "stt": str(number),
        "row_code": record.row_code,
        "full_name": record.full_name,
        "birth_date": record.value("birth_date"),
        "sex": record.value("sex"),
        "ethnic_group": record.value("ethnic_group"),
        "held_number": record.value("personal_number") or record.value("old_id_number"),
        "father_name": record.father_name,
        "mother_name": record.mother_name,
        "residence": residence_text(record),
        "request": request,
    }
    return {column.heading: texts[column.key] for column in sent_columns()}
