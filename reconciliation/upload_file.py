"""Cleaned rows for the ministry's software, in the layout of the export they came from (contract sections 1 and 4)."""

from __future__ import annotations

import csv
import hashlib
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.core.files.base import ContentFile
from django.db import transaction

from campaigns import audit
from campaigns.errors import WorkRefused
from campaigns.models import Campaign, Commune, User
from campaigns.outfile import whole_file
from campaigns.permissions import NotAllowed, may_upload, place_filter
from reconciliation.models import UploadFile, UploadLine
from records.history import Origin, origin_of, provenance
from records.layout import Layout
from records.models import FileKind, FileStatus, Finding, Record, SourceFile, SourceRow, Stage

PROVENANCE_COLUMNS = ("system_code", "field", "value", "came_from", "document", "by", "at")


@dataclass
class _Line:
    record: Record
    row: SourceRow | None  # the row of the layout's own file; None for people who are not in it
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
    mine = {pk: row for pk, row in rows.items() if row.source_file_id == layout_file.pk}
    lines = [_Line(record, mine.get(record.pk)) for record in records]
    lines.sort(key=lambda line: (line.row is None, line.row.row_number if line.row else 0, line.record.pk))
    layout = Layout(layout_file, "upload")
    lines = _write(layout, lines, rows, only_changed)
    if not lines:
        raise WorkRefused("nothing_to_send", "Không có dòng nào khác với tệp xuất, cũng không có người mới đã sạch.")
    return _keep(campaign, register, layout, lines, by=by, commune=commune, only_changed=only_changed)


def _waiting(campaign: Campaign, register: str, by: User, commune: Commune | None) -> list[Record]:
    records = Record.objects.filter(place_filter(by)).register(campaign, register)
    records = records.present().filter(stage=Stage.CLEANED, in_scope=True)
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


def _write(layout: Layout, lines: list[_Line], rows: dict[int, SourceRow], only_changed: bool) -> list[_Line]:
    files = SourceFile.objects.filter(pk__in={row.source_file_id for row in rows.values()})
    headings = {file.pk: file.summary["headings"] for file in files}
    written = []
    for line in lines:
        if line.row is not None:
            at, cells = line.row.row_number, line.row.cells
            corrections = layout.differing(at, cells, _wanted(layout, line.record, line.row))
            if only_changed and not corrections:
                continue
            line.number, line.changed = layout.keep_row(at, cells, corrections), len(corrections)
        else:
            line.number = layout.add_row(_texts(layout, line.record, rows.get(line.record.pk), headings))
        written.append(line)
    return written


def _wanted(layout: Layout, record: Record, row: SourceRow) -> dict[int, str]:
    """Column index → text, for the cells whose meaning is no longer what the export said, and for the number."""
    changed = {f for f in layout.fields if record.value(f) != row.values.get(f, "")}
    if record.personal_number:
        changed.add("personal_number")
    return layout.cells_of(record.values, changed)


def _texts(layout: Layout, record: Record, row: SourceRow | None, headings: dict[int, list[str]]) -> dict[int, str]:
    """A person who is not in the layout's file: by field; for one of another export also by equal headings."""
    texts: dict[int, str] = {}
    if row is not None:
        theirs = dict(zip(headings[row.source_file_id], row.cells, strict=False))
        texts = {i: theirs[heading] for i, heading in enumerate(layout.summary["headings"]) if heading in theirs}
    return texts | layout.cells_of(record.values, layout.fields)


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
    lines = list(upload.lines.select_related("record"))
    found = provenance([line.record for line in lines])
    written = 0
    with whole_file(out) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(PROVENANCE_COLUMNS)
        for line in lines:
            for field, value in line.record.values.items():
                if value and not field.endswith("_note"):
                    writer.writerow(_provenance_row(line.record, field, value, origin_of(found, line.record, field)))
                    written += 1
    audit.record("provenance_exported", by=by, campaign=upload.campaign, target=f"upload:{upload.code}", rows=written)
    return written


def _provenance_row(record: Record, field: str, value: str, origin: Origin) -> list[str]:
    at = origin.at.isoformat(timespec="seconds")
    return [record.system_code, field, value, origin.came_from, origin.document, origin.by, at]
