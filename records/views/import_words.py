"""What a file would change, changed, or would take back with it, in sentences."""

from __future__ import annotations

from typing import Any

from campaigns.models import Register
from campaigns.templatetags.written import grouped
from records.models import SourceFile
from records.undoing import Undone

PEOPLE = {Register.CHILDREN: "trẻ", Register.BENEFICIARIES: "đối tượng"}


def people_of(source_file: SourceFile) -> str:
    return PEOPLE[Register(source_file.register)]


def consequences(source_file: SourceFile) -> list[str]:
    """What applying would do, group by group."""
    counts, people = source_file.counts, people_of(source_file)
    found = []
    if counts["created"]:
        found.append(f"{grouped(counts['created'])} {people} mới: thêm vào sổ.")
    if counts["changed"]:
        kept = (
            f"; {grouped(counts['conflicts'])} ô cả hai bên cùng đổi thì giữ của sổ, sau đó bạn chọn từng ô"
            if counts["conflicts"]
            else ""
        )
        found.append(f"{grouped(counts['changed'])} hồ sơ thay đổi: lấy theo tệp{kept}.")
    if repeated := counts["skipped"] - counts.get("unplaced", 0) - counts.get("again", 0):
        found.append(
            f"{grouped(repeated)} dòng giữ lại, không ghi vào sổ: mã trùng với một dòng trước. "
            "Sửa mã trong bảng dòng cần sửa rồi nhập bảng ấy."
        )
    if counts.get("unplaced"):
        found.append(
            f"{grouped(counts['unplaced'])} dòng giữ lại, không ghi vào sổ: dòng không có mã và có thể là người đã có "
            "trong sổ. Ghi mã dòng vào bảng dòng cần sửa rồi nhập bảng ấy; chưa ai trong số họ bị coi là không còn."
        )
    if source_file.partial:
        found.append("Tệp trích: người không có trong tệp vẫn ở lại sổ như cũ.")
    elif counts["gone"]:
        found.append(
            f"{grouped(counts['gone'])} {people} có trong sổ, không có trong tệp: "
            "chỉ được đánh dấu để xã xem, không xóa."
        )
    return found or ["Tệp không nói gì khác với sổ."]


def apply_label(counts: dict[str, Any]) -> str:
    parts = [("created", "mới"), ("changed", "thay đổi"), ("gone", "đánh dấu không còn")]
    said = ", ".join(f"{grouped(counts[key])} {words}" for key, words in parts if counts[key])
    return f"Áp dụng: {said}" if said else "Áp dụng: ghi nhận tệp, không đổi hồ sơ nào"


def outcome(source_file: SourceFile) -> str:
    """A sum that closes, and beside it what does not belong to it."""
    counts, people = source_file.counts, people_of(source_file)
    parts = [
        f"Thêm {grouped(counts['created'])} {people}", f"đổi {grouped(counts['changed'])} hồ sơ",
        f"không đổi {grouped(counts['unchanged'])}",
    ]  # fmt: skip
    if counts["skipped"]:
        parts.append(f"giữ lại {grouped(counts['skipped'])}")
    said = f"{', '.join(parts)}: đủ {grouped(counts['rows'])} dòng."
    if counts["conflicts"]:
        said += f" {grouped(counts['conflicts'])} ô đã có người sửa trong sổ: giữ của sổ."
    if counts["gone"]:
        said += f" {grouped(counts['gone'])} hồ sơ mang dấu “không còn trong tệp”."
    return said


def undoing_would(source_file: SourceFile, undone: Undone) -> list[str]:
    lines = []
    if undone.removed:
        lines.append(f"Đưa ra khỏi sổ {grouped(undone.removed)} {people_of(source_file)} do tệp này thêm.")
    if undone.restored:
        lines.append(
            f"Trả lại {grouped(undone.restored)} hồ sơ như trước tệp này, kể cả dấu “không còn trong tệp xuất”."
        )
    if undone.kept:
        lines.append(f"Giữ nguyên {grouped(len(undone.kept))} hồ sơ đã được dùng tiếp sau tệp này.")
    return [*lines, "Tệp vẫn được lưu. Muốn nhập lại thì đưa tệp lên một lần nữa."]
