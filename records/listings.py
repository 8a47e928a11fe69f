"""What is wrong, one line a finding, for scripts and spreadsheets: values exactly as they stand."""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path

from campaigns import audit
from campaigns.models import Campaign, Commune, User
from campaigns.outfile import whole_file
from campaigns.permissions import Permission, check, check_place
from records.models import Finding, FindingStatus, Record

COLUMNS = {
    "row": "record__source_row__row_number", "system_code": "record__system_code", "row_code": "record__row_code",
    "commune": "record__commune__name", "field": "field", "rule": "rule", "severity": "severity", "group": "group",
    "value": "value", "suggestion": "suggestion", "status": "status",
}  # fmt: skip
_CHUNK = 5000  # rows in memory at once


def write_findings(
    campaign: Campaign, register: str, out: Path, *, by: User, commune: Commune | None = None, open_only: bool = True
) -> tuple[int, str]:
    """Writes the findings of what this user may see as CSV (UTF-8, columns of the contract); returns how many, and the
    file's SHA-256."""
    check(by, Permission.EXPORT)
    check_place(by, commune)
    records = Record.objects.for_user(by).register(campaign, register)
    if commune is not None:
        records = records.filter(commune=commune)
    found = Finding.objects.filter(campaign=campaign, record__in=records).order_by("record_id", "id")
    if open_only:
        found = found.filter(status=FindingStatus.OPEN)
    written = 0
    with whole_file(out) as temporary:
        with temporary.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(COLUMNS)
            for row in found.values_list(*COLUMNS.values()).iterator(_CHUNK):
                writer.writerow("" if value is None else value for value in row)
                written += 1
        with temporary.open("rb") as written_file:
            digest = hashlib.file_digest(written_file, "sha256").hexdigest()
    audit.record(
        "findings_exported", by=by, campaign=campaign, target=f"register:{register}",
        commune_code=commune.code if commune else "", rows=written, sha256=digest,
    )  # fmt: skip
    return written, digest
