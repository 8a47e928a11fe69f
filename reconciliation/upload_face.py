"""Upload files as their pages show them: what waits, what went out, what the ministry's software said."""

from __future__ import annotations

from typing import Any

from django.db.models import Count
from django.urls import reverse

from campaigns.models import Campaign, Step, User
from campaigns.permissions import Role
from reconciliation.ministry_result import Refusal
from reconciliation.models import UploadFile, UploadLine
from reconciliation.upload_file import waiting
from records.masking import mask_within
from records.reading.vietnamese import sort_key
from records.reference import field_labels

RESULTS = {"uploaded": ("success", "Đã nhận"), "rejected": ("error", "Từ chối"), "": ("waiting", "Chưa có trả lời")}


def waiting_by_commune(campaign: Campaign, register: str, user: User) -> list[dict[str, Any]]:
    """Communes with clean records that the software does not have yet."""
    counted = (
        waiting(campaign, register, user)
        .exclude(commune=None)
        .values("commune__code", "commune__name")
        .annotate(count=Count("pk"))
    )
    rows = [
        {"code": row["commune__code"], "name": row["commune__name"], "count": row["count"]}
        for row in counted.order_by()
    ]
    return sorted(rows, key=lambda row: sort_key(row["name"]))


def who_updates(campaign: Campaign, register: str) -> str:
    """In words, by the plan: "Phòng LĐ-TB&XH"."""
    return Role(campaign.window(register, Step.UPDATE).actor).label


def face(upload: UploadFile) -> dict[str, Any]:
    return {
        "upload": upload,
        "url": reverse("upload_file", args=[upload.code]),
        "place": upload.commune.name if upload.commune else "Cả huyện",
        "kind": "Chỉ dòng khác" if upload.only_changed else "Đầy đủ",
        "sha_start": upload.sha256[:8],
        "sha_parts": [upload.sha256[start : start + 8] for start in range(0, 64, 8)],
        **{key: upload.counts.get(key, 0) for key in ("rows", "changed_cells", "new_rows")},
        **_answer(upload),
    }


def _answer(upload: UploadFile) -> dict[str, Any]:
    if upload.result_at is None:
        return {"level": "waiting", "said": "Chưa ghi trả lời", "entries": []}
    counts = upload.result_counts
    taken, refused = int(counts["uploaded"]), int(counts["rejected"])
    return {
        "level": "error" if refused else "success",
        "said": f"Nhận {taken}, từ chối {refused}" if refused else "Nhận hết",
        "refused": refused,
        "unmatched": counts["unmatched"],
        "notes": counts.get("notes", []),
        "entries": entries(taken, refused),
    }


def entries(taken: int, refused: int) -> list[dict[str, Any]]:
    """For the ledger: a sum that closes."""
    return [
        {"label": "Phần mềm nhận", "count": taken, "level": "success"},
        {"label": "Từ chối, trở lại rà soát", "count": refused, "level": "error"},
    ]


def refusal_face(refusal: Refusal) -> dict[str, str]:
    return {
        "system_code": refusal.system_code, "row_code": refusal.row_code, "reason": mask_within(refusal.reason),
    }  # fmt: skip


def line_face(line: UploadLine) -> dict[str, Any]:
    """One row of the file. `line.record` must be loaded."""
    level, words = RESULTS[line.result]
    labels = field_labels(line.record.register)
    return {
        "number": line.row_number,
        "name": line.record.full_name or "(không có tên)",
        "code": line.record.system_code or "chưa có mã",
        "url": reverse("record", args=[line.record.row_code]),
        "changed": ", ".join(labels.get(field, field) for field in line.changed) or "như tệp xuất",
        "level": level,
        "said": words,
        "reason": mask_within(line.reason),
    }
