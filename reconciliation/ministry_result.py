"""What the ministry's software said of an upload file: it took a row, or it refused one, with a reason."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from campaigns import audit
from campaigns.errors import WorkRefused
from campaigns.models import Campaign, User
from campaigns.permissions import NotAllowed, may_upload
from reconciliation.models import UploadFile, UploadLine
from records import row_codes, source_files, stages
from records.models import FileKind, Finding, FindingStatus, Severity, Stage
from records.reading.errors import ReadingError
from records.reading.personal_number import read_number
from records.reading.process import read_table
from records.reading.vietnamese import fold, tidy
from records.reference import fields_of
from records.review import LEGAL_FIELDS

REASON_HEADINGS = [
    "Lý do", "Lý do từ chối", "Lý do lỗi", "Lỗi", "Nội dung lỗi", "Mô tả lỗi", "Thông báo lỗi", "Chi tiết lỗi",
    "Thông báo", "Ghi chú lỗi",
]  # fmt: skip
RESULT_HEADINGS = ["Kết quả", "Kết quả xử lý", "Kết quả tải lên", "Kết quả cập nhật", "Trạng thái xử lý"]
NO_REASON = "phần mềm không nêu lý do"
_TAKEN = frozenset({"thanhcong", "capnhatthanhcong", "tailenthanhcong", "ok", "hople", "danhan", "dacapnhat"})


@dataclass(frozen=True)
class Refusal:
    """One row of the answer: whom it is about, by any of three keys, and why."""

    system_code: str
    row_code: str
    number: str
    reason: str


@dataclass
class Recorded:
    uploaded: int
    rejected: int
    unmatched: int
    notes: list[str]


def find_upload(campaign: Campaign, code: str, *, by: User) -> UploadFile:
    """Raises WorkRefused `unknown_file`."""
    found = UploadFile.objects.for_user(by).filter(campaign=campaign, code=code.strip().upper()).first()
    if found is None:
        raise WorkRefused("unknown_file", f"Không có tệp tải lên nào mã “{code}”. Xem mã tệp ở trang Tệp tải lên.")
    return found


def read_refusals(upload: UploadFile, *, name: str, content: bytes, by: User) -> list[Refusal]:
    """Reads the software's answer and keeps it byte for byte. Raises WorkRefused, and NotAllowed for whom the plan
    does not name; then nothing is kept."""
    _check_updater(upload, by)
    refusals = _read(upload, name, content)
    source_files.keep(
        upload.campaign, kind=FileKind.MINISTRY_RESULT, by=by, name=name, content=content, register=upload.register,
        commune=upload.commune, partial=True,
    )  # fmt: skip
    return refusals


def preview_refusals(upload: UploadFile, *, name: str, content: bytes) -> tuple[list[Refusal], Recorded]:
    """What the answer says and what recording it would do; nothing is kept. Raises WorkRefused."""
    refusals = _read(upload, name, content)
    lines = list(upload.lines.select_related("record"))
    refused, unmatched = _match(lines, refusals)
    return refusals, Recorded(len(lines) - len(refused), len(refused), len(unmatched), _notes(upload, unmatched, []))


def _read(upload: UploadFile, name: str, content: bytes) -> list[Refusal]:
    """Whatever sheet it is: by our code or its own, or the number, and a reason."""
    fields = {f.key: [f.label, *f.header_aliases] for f in fields_of(upload.register)}
    wanted = [
        {"key": "system_code", "headings": fields["system_code"]},
        {"key": "row_code", "headings": ["Mã dòng"]},
        {"key": "personal_number", "headings": fields["personal_number"]},
        {"key": "reason", "headings": REASON_HEADINGS},
        {"key": "result", "headings": RESULT_HEADINGS},
    ]
    with tempfile.NamedTemporaryFile() as copy:
        copy.write(content)
        copy.flush()
        try:
            summary, rows = read_table(Path(copy.name), name, wanted)
        except ReadingError as error:
            raise WorkRefused(error.code, error.message) from error
    if not {"system_code", "row_code", "personal_number"} & set(summary["found"]):
        raise WorkRefused(
            "no_heading",
            f"Tệp “{name}” không có cột mã: cần “{fields['system_code'][0]}” hoặc “Mã dòng”, và một cột “Lý do”.",
        )
    found = (_refusal({key: tidy(text) for key, text in row["cells"].items()}) for row in rows)
    return [refusal for refusal in found if refusal is not None]


def _refusal(cells: Mapping[str, str]) -> Refusal | None:
    """None for a row that the software says it took: some answers list every row."""
    told = [text for text in (cells.get("reason", ""), cells.get("result", "")) if text]
    if told and all(fold(text) in _TAKEN for text in told):
        return None
    number = read_number(cells.get("personal_number", "")).text
    return Refusal(
        system_code=cells.get("system_code", ""),
        row_code=row_codes.check(cells.get("row_code", "")) or "",
        number=number.zfill(12) if number.isdigit() and len(number) in (10, 11) else number,
        reason=told[0] if told else NO_REASON,
    )


@transaction.atomic
def record_result(upload: UploadFile, refusals: Iterable[Refusal], *, by: User) -> Recorded:
    """Every line that is not refused was taken. Refused records go back to review with the reason. Raises WorkRefused
    `already_undone` for a file whose answer was recorded before."""
    _check_updater(upload, by)
    upload = UploadFile.objects.select_for_update(of=("self",)).get(pk=upload.pk)
    if upload.result_at is not None:
        raise WorkRefused(
            "already_undone", f"Trả lời cho tệp {upload.code} đã được ghi. Lập tệp tải lên mới cho phần còn lại."
        )
    lines = list(upload.lines.select_related("record"))
    refused, unmatched = _match(lines, refusals)
    for line in lines:
        line.result, line.reason = ("rejected", refused[line.pk]) if line.pk in refused else ("uploaded", "")
    UploadLine.objects.bulk_update(lines, ["result", "reason"], batch_size=1000)
    # A record that was corrected after the file was built is clean in another form than the one taken.
    taken = [line for line in lines if line.result == "uploaded" and line.record.stage == Stage.CLEANED]
    changed_since = [line for line in taken if line.record.version != line.record_version]
    moved = [line.record_id for line in taken if line.record.version == line.record_version]
    stages.move(upload.campaign, moved, Stage.UPLOADED, by=by, reason=upload.code)
    _send_back(upload, [line for line in lines if line.result == "rejected"], by=by)
    notes = _notes(upload, unmatched, [line.record.row_code for line in changed_since])
    recorded = Recorded(len(lines) - len(refused), len(refused), len(unmatched), notes)
    upload.result_at = timezone.now()
    counts = {"uploaded": recorded.uploaded, "rejected": recorded.rejected, "unmatched": recorded.unmatched}
    upload.result_counts = {**counts, "notes": notes}
    upload.save(update_fields=["result_at", "result_counts"])
    audit.record(
        "ministry_result_recorded", by=by, campaign=upload.campaign, target=f"upload:{upload.code}",
        commune_code=upload.commune.code if upload.commune else "", **counts,
    )  # fmt: skip
    return recorded


def _check_updater(upload: UploadFile, by: User) -> None:
    if not may_upload(by, upload.campaign, upload.register):
        raise NotAllowed("Theo kế hoạch, việc cập nhật phần mềm của sổ này do nơi khác làm.")


def _notes(upload: UploadFile, unmatched: list[str], changed_since: list[str]) -> list[str]:
    """For people: rows of the answer that are nobody's, and who was corrected after the file was built."""
    notes = [f"Mã không có trong tệp {upload.code}: {', '.join(unmatched)}."] if unmatched else []
    if changed_since:
        notes.append(f"Đã sửa sau khi lập tệp, vẫn chờ cập nhật: {', '.join(changed_since)}.")
    return notes


def _match(lines: list[UploadLine], refusals: Iterable[Refusal]) -> tuple[dict[int, str], list[str]]:
    """(line id → reason, what the answer calls rows that are not in the file)."""
    by_system = {line.record.system_code.casefold(): line for line in lines if line.record.system_code}
    by_code = {line.record.row_code: line for line in lines}
    by_number = {line.record.personal_number: line for line in lines if line.record.personal_number}
    refused: dict[int, str] = {}
    unmatched = []
    for refusal in refusals:
        line = (
            by_system.get(refusal.system_code.casefold())
            or by_code.get(refusal.row_code)
            or by_number.get(refusal.number)
        )
        if line is not None:
            refused[line.pk] = "; ".join(filter(None, [refused.get(line.pk), refusal.reason]))
        else:
            unmatched.append(refusal.system_code or refusal.row_code or "(không có mã)")
    return refused, unmatched


def _send_back(upload: UploadFile, lines: list[UploadLine], *, by: User) -> None:
    now = timezone.now()
    found = []
    for line in lines:
        field = field_named(line.reason, upload.register)
        found.append(
            Finding(
                campaign=upload.campaign, record=line.record, rule="ministry.rejected", field=field or "system_code",
                severity=Severity.ERROR, group=_group_of(field), value=line.reason, first_seen_at=now,
                status=FindingStatus.OPEN,
            )
        )  # fmt: skip
    Finding.objects.bulk_create(
        found,
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["campaign", "record", "rule", "field"],
        update_fields=["value", "group", "status", "severity"],
    )
    back = [line.record_id for line in lines if line.record.stage in (Stage.CLEANED, Stage.UPLOADED)]
    stages.move(upload.campaign, back, Stage.TO_REVIEW, by=by, reason=f"phần mềm từ chối, {upload.code}")


def field_named(reason: str, register: str) -> str:
    """The field whose heading the reason speaks of; the longest heading wins; '' where it speaks of none."""
    words = fold(reason) if reason != NO_REASON else ""
    named = [
        (len(heading), field.key)
        for field in fields_of(register)
        for heading in map(fold, (field.label, *field.header_aliases))
        if len(heading) > 3 and heading in words
    ]
    return max(named)[1] if named else ""


def _group_of(field: str) -> int | None:
    """The plan's target group of a field: 2 for the number, 3 for basic information, none for the others."""
    if field in ("personal_number", "old_id_number"):
        return 2
    return 3 if field in LEGAL_FIELDS else None
