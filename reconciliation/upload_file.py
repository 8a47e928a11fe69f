"""Cleaned rows for the ministry's software, in the layout of the export they came from (contract sections 1 and 4)."""

from __future__ import annotations

import csv
import hashlib
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from pathlib import Path

from django.core.files.base import ContentFile
from django.db import transaction

from campaigns import audit
from campaigns.errors import WorkRefused
from campaigns.models import Campaign, Commune, User
from campaigns.outfile import whole_file
from campaigns.permissions import NotAllowed, may_upload, place_filter
from reconciliation.models import UploadFile, UploadLine
from records.exported import Exported
from records.history import origin_of, provenance
from records.layout import Layout
from records.models import FileKind, FileStatus, Finding, Record, SourceFile, SourceRow, Stage
from records.models.record import RecordQuerySet

_AT_ONCE = 1000  # records whose origins are in memory
PROVENANCE_COLUMNS = ("system_code", "field", "value", "came_from", "document", "by", "at")


@dataclass
class _Line:
    """`row`: the record's row in the newest export that held it, None for people who are in none."""

    record: Record
    row: SourceRow | None
    number: int = 0
    changed: int = 0


@transaction.atomic
def build_upload(
    campaign: Campaign, register: str, *, by: User, commune: Commune | None = None, only_changed: bool = False
) -> UploadFile:
    """Makes and keeps the file of every clean record that waits for the ministry's software. Raises WorkRefused
    `nothing_to_send` where there is none, NotAllowed where the plan gives updating to others."""
    if not may_upload(by, campaign, register):
        raise NotAllowed(
            "Theo kế hoạch, việc cập nhật phần mềm của sổ này do nơi khác làm. Xem Kế hoạch ở trang Tiến độ."
        )
    commune = commune or by.commune
    records = _waiting(campaign, register, by, commune)
    rows = _latest_rows(records)
    layout_file = _layout_file(campaign, register, rows)
    lines = sorted((_Line(r, rows.get(r.pk)) for r in records), key=lambda line: _place(line, layout_file))
    layout = Layout(layout_file, "upload")
    layout.drop_sheets_of_people()  # of other communes, or not clean
    lines = _write(layout, lines, only_changed)
    if not lines:
        raise WorkRefused("nothing_to_send", "Không có dòng nào khác với tệp xuất, cũng không có người mới đã sạch.")
    return _keep(campaign, register, layout, lines, by=by, commune=commune, only_changed=only_changed)


def waiting(campaign: Campaign, register: str, by: User) -> RecordQuerySet:
    """Records that the ministry's software does not have as they are now."""
    records = Record.objects.filter(place_filter(by)).register(campaign, register)
    return records.present().filter(stage=Stage.CLEANED, in_scope=True)


def _waiting(campaign: Campaign, register: str, by: User, commune: Commune | None) -> list[Record]:
    records = waiting(campaign, register, by)
    if commune is not None:
        records = records.filter(commune=commune)
    # The stage says clean; what the file promises is looked up all the same.
    records = records.exclude(pk__in=Finding.objects.blocking().filter(campaign=campaign).values("record"))
    found = list(records.select_for_update(of=("self",)).order_by("pk"))
    if not found:
        raise WorkRefused("nothing_to_send", "Không có hồ sơ đã sạch nào chờ cập nhật. Xem tình trạng ở trang Tiến độ.")
    return found


def _latest_rows(records: Sequence[Record]) -> dict[int, SourceRow]:
    """record id → its row in the newest export that held it."""
    rows = (
        SourceRow.objects.filter(
            record__in=[r.pk for r in records],
            source_file__status=FileStatus.APPLIED,
            source_file__kind=FileKind.EXPORT,
        )
        .order_by("record_id", "-source_file__applied_at", "row_number")
        .distinct("record_id")
    )
    return {row.record_id: row for row in rows if row.record_id is not None}


def _layout_file(campaign: Campaign, register: str, rows: dict[int, SourceRow]) -> SourceFile:
    """The export that most of the records came from, the newest of several; for new people alone, the newest."""
    counted = Counter(row.source_file_id for row in rows.values())
    files = SourceFile.objects.filter(
        campaign=campaign, register=register, kind=FileKind.EXPORT, status=FileStatus.APPLIED
    ).order_by("-applied_at")
    newest_first = sorted(files, key=lambda file: -counted[file.pk])
    if not newest_first:
        raise WorkRefused(
            "nothing_to_send", "Chưa nhập tệp xuất nào của sổ này, nên chưa biết tệp tải lên có những cột gì."
        )
    return newest_first[0]


def _place(line: _Line, layout_file: SourceFile) -> tuple[int, ...]:
    """The layout's own rows as they stood, then those of other exports, then people who are in none."""
    if line.row is None:
        return 2, 0, 0, line.record.pk
    is_other = line.row.source_file_id != layout_file.pk
    return int(is_other), line.row.source_file_id, line.row.row_number, line.record.pk


def _write(layout: Layout, lines: list[_Line], only_changed: bool) -> list[_Line]:
    written = []
    for source_file_id, group in groupby(lines, key=lambda line: line.row and line.row.source_file_id):
        if source_file_id is None:
            written += [_add(layout, line) for line in group]
            continue
        is_own = source_file_id == layout.own.source_file.pk
        export = layout.own if is_own else Exported(SourceFile.objects.get(pk=source_file_id))
        columns = layout.columns_in(export)
        written += [line for line in group if _take_over(layout, export, columns, line, only_changed)]
    return written


def _add(layout: Layout, line: _Line) -> _Line:
    line.number = layout.add_row(layout.cells_of(line.record.values, layout.fields))
    return line


def _take_over(layout: Layout, export: Exported, columns: Mapping[int, int], line: _Line, only_changed: bool) -> bool:
    """Writes the row as it was exported, but for what was corrected since; False where it is left out."""
    row, record = line.row, line.record
    assert row is not None  # noqa: S101 - the caller's group has rows
    wanted = layout.cells_of(record.values, _changed_fields(layout, record, row))
    corrections = {i: t for i, t in wanted.items() if i in columns and export.differs(row.row_number, columns[i], t)}
    if only_changed and not corrections:
        return False
    line.changed = len(corrections)
    not_there = {i: t for i, t in layout.cells_of(record.values, layout.fields).items() if i not in columns}
    line.number = layout.put_row(export, row.row_number, columns, corrections | not_there)
    return True


def _changed_fields(layout: Layout, record: Record, row: SourceRow) -> set[str]:
    """Fields whose meaning is no longer what the export said, and the number."""
    changed = {f for f in layout.fields if record.value(f) != row.values.get(f, "")}
    return changed | ({"personal_number"} if record.personal_number else set())


def _keep(
    campaign: Campaign,
    register: str,
    layout: Layout,
    lines: list[_Line],
    *,
    by: User,
    commune: Commune | None,
    only_changed: bool,
) -> UploadFile:
    number = UploadFile.objects.filter(campaign=campaign).count() + 1
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "upload.xlsx"
        layout.save(path)
        content = path.read_bytes()
    upload = UploadFile(
        campaign=campaign, register=register, commune=commune, code=f"TL-{number:04d}", only_changed=only_changed,
        by=by, sha256=hashlib.sha256(content).hexdigest(),
        counts={
            "rows": len(lines),
            "changed_cells": sum(line.changed for line in lines),
            "new_rows": sum(not line.record.system_code for line in lines),
        },
    )  # fmt: skip
    upload.file.save(f"{upload.code}.xlsx", ContentFile(content), save=False)
    upload.save()
    UploadLine.objects.bulk_create(
        [
            UploadLine(
                campaign=campaign, upload_file=upload, row_number=line.number, record=line.record,
                record_version=line.record.version, changed=_changed_values(layout, line),
            )
            for line in lines
        ],
        batch_size=2000,
    )  # fmt: skip
    audit.record(
        "upload_built", by=by, campaign=campaign, target=f"upload:{upload.code}",
        commune_code=commune.code if commune else "", sha256=upload.sha256, **upload.counts,
    )  # fmt: skip
    return upload


def _changed_values(layout: Layout, line: _Line) -> dict[str, str]:
    was = line.row.values if line.row else {}
    return {f: line.record.value(f) for f in layout.fields if line.record.value(f) != was.get(f, "")}


def write_provenance(upload: UploadFile, out: Path, *, by: User) -> int:
    """One line for every filled cell of the upload file that a field stands in: where its value came from."""
    lines = upload.lines.select_related("record").iterator(_AT_ONCE)
    written = 0
    with whole_file(out) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(PROVENANCE_COLUMNS)
        while records := [line.record for line in islice(lines, _AT_ONCE)]:
            rows = list(_provenance_rows(records))
            writer.writerows(rows)
            written += len(rows)
    audit.record("provenance_exported", by=by, campaign=upload.campaign, target=f"upload:{upload.code}", rows=written)
    return written


def _provenance_rows(records: Sequence[Record]) -> Iterator[list[str]]:
    found = provenance(records)
    for record in records:
        for field, value in record.values.items():
            if value and not field.endswith("_note"):
                origin = origin_of(found, record, field)
                at = origin.at.isoformat(timespec="seconds")
                yield [record.system_code, field, value, origin.came_from, origin.document, origin.by, at]
