"""The sender's own sheet with only the rows that need something and the reasons, to be corrected and imported again."""

from __future__ import annotations

import hashlib
from pathlib import Path

from campaigns import audit
from campaigns.errors import WorkRefused
from campaigns.models import User
from campaigns.outfile import whole_file
from campaigns.permissions import Permission, check
from records import own_files
from records.layout import Layout
from records.models import FileKind, FileStatus, Finding, Record, Severity, SourceFile, SourceRow
from records.reading.explanations import explain
from records.reference import reference_for


def export_errors(source_file: SourceFile, out: Path, *, by: User) -> tuple[int, str]:
    """Only the sheet that was imported, and of it only people of the author's own place. Returns how many rows and the
    file's SHA-256. Raises WorkRefused `nothing_to_send` where no error is open."""
    check(by, Permission.EXPORT)
    if source_file.status != FileStatus.APPLIED:
        raise WorkRefused("unknown_file", f"Tệp {source_file.code} chưa được áp dụng, nên chưa có điều cần sửa nào.")
    reasons, repeated = _reasons(source_file, by), _repeated_codes(source_file)
    rows = source_file.rows.order_by("row_number").iterator(2000)
    layout = Layout(source_file, "errors")
    layout.drop_other_sheets()
    why_index = layout.add_column(own_files.REASONS_HEADING)
    if source_file.rows.filter(outcome="unplaced").exists():
        layout.add_column(own_files.ROW_CODE_HEADING)
    placed = _placed_since(source_file)
    written = 0
    for row in rows:
        if row.outcome == "held":
            why = _held(row, repeated, by)
        elif row.outcome == "unplaced":
            why = _unplaced(row, placed, by)
        else:
            why = reasons.get(row.record_id or 0, "")
        if why:
            at = layout.keep_row(row.row_number)
            layout.put(at, why_index, why)
            written += 1
    if not written:
        raise WorkRefused("nothing_to_send", f"Tệp {source_file.code} không còn dòng nào có lỗi chưa xử lý.")
    with whole_file(out) as temporary:
        layout.save(temporary)
        with temporary.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    audit.record(
        "errors_exported", by=by, campaign=source_file.campaign, target=f"file:{source_file.code}", rows=written,
        sha256=digest, commune_code=source_file.commune.code if source_file.commune else "",
    )  # fmt: skip
    return written, digest


def _reasons(source_file: SourceFile, by: User) -> dict[int, str]:
    reference = reference_for(source_file.campaign, source_file.register)
    reasons: dict[int, list[str]] = {}
    mine = Record.objects.for_user(by).filter(pk__in=source_file.rows.values("record"))
    found = Finding.objects.open().filter(severity=Severity.ERROR, campaign=source_file.campaign, record__in=mine)
    for f in found.select_related("record").order_by("record_id", "id").iterator(2000):
        text = explain(f.rule, f.field, f.value, f.suggestion, f.record.values, reference)
        reasons.setdefault(f.record_id, []).append(text)
    return {pk: "\n".join(texts) for pk, texts in reasons.items()}


def _repeated_codes(source_file: SourceFile) -> set[str]:
    """Codes on several rows, of which nobody has decided yet."""
    undecided = Finding.objects.open().filter(
        campaign=source_file.campaign, record__register=source_file.register, rule="record.repeated",
        field="system_code",
    )  # fmt: skip
    return set(undecided.values_list("record__system_code", flat=True))


def _held(row: SourceRow, repeated: set[str], by: User) -> str:
    """'' for a row whose code was decided on since, or of another commune than the author's own."""
    code = row.values.get("system_code", "")
    if code not in repeated or _is_elsewhere(row, by):
        return ""
    return f"Mã {code} đã có ở một dòng trước của tệp. Bỏ một dòng khỏi bảng, hoặc sửa mã cho đúng người."


def _placed_since(source_file: SourceFile) -> set[tuple[str, str]]:
    """(name, birth date) of rows that a later file of ours brought to somebody: a person said who that is."""
    later = SourceRow.objects.filter(
        campaign=source_file.campaign, source_file__register=source_file.register, source_file__kind=FileKind.ERRORS,
        source_file__status=FileStatus.APPLIED, source_file__gt=source_file.pk, record__isnull=False,
    )  # fmt: skip
    return set(later.values_list("values__full_name", "values__birth_date"))


def _unplaced(row: SourceRow, placed: set[tuple[str, str]], by: User) -> str:
    """'' for a row that was placed since, or of another commune than the author's own."""
    if (row.values.get("full_name"), row.values.get("birth_date")) in placed or _is_elsewhere(row, by):
        return ""
    codes = ", ".join(row.alike or [])
    return (
        f"Dòng này không có mã, có thể là hồ sơ {codes}. Đúng người thì ghi mã dòng của hồ sơ ấy vào cột "
        f"“{own_files.ROW_CODE_HEADING}”; người chưa có trong sổ thì ghi “mới”."
    )


def _is_elsewhere(row: SourceRow, by: User) -> bool:
    return by.commune is not None and row.values.get("commune") != by.commune.name
