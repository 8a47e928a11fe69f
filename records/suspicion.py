"""Does the file look like the ones before it? Thresholds come from the plan (`settings.suspect_file`).

A suspicion is a question to a person, never a verdict: `--anyway REASON` goes on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.backends.utils import CursorWrapper

from campaigns.errors import WorkRefused
from campaigns.models import Commune, Register
from campaigns.plan_file import SUSPECT_FILE
from campaigns.templatetags.written import grouped
from records import strange_rows as rows
from records.comparing import Scope
from records.models import FileStatus, SourceFile
from records.reference import field_labels

# Of whom the register has people whom the file would leave out.
_COMMUNES = """
SELECT r.commune_id, count(*), bool_and(NOT EXISTS (SELECT FROM import_row m WHERE m.record_id = r.id)
                                    AND NOT EXISTS (SELECT FROM import_candidate c WHERE c.record_id = r.id))
FROM records_record r
WHERE r.campaign_id = %(campaign)s AND r.register = %(register)s AND r.system_code <> '' AND NOT r.is_gone
  AND r.stage <> 'excluded' AND r.commune_id IS NOT NULL AND (%(commune)s::bigint IS NULL OR r.commune_id = %(commune)s)
GROUP BY r.commune_id
"""
_NAMED_SHEETS = 20


@dataclass(frozen=True)
class Suspicion:
    """One strange thing: what it is, what was usual, what this file has, why that may be, all Vietnamese; and some
    rows to look at, each with what is strange about it."""

    what: str
    usual: str
    here: str
    perhaps: str
    rows: list[int] = field(default_factory=list)
    examples: list[str] = field(default_factory=list)

    def sentence(self) -> str:
        """Names nobody: it also stands where people's names do not belong."""
        rows = f", ví dụ dòng {', '.join(map(str, self.rows))}" if self.rows else ""
        return f"{self.what} (trước nay: {self.usual}; tệp này: {self.here}{rows})"


class SuspectFile(WorkRefused):
    """The file does not look like the ones before it; a reason to go on makes it pass."""

    def __init__(self, source_file: SourceFile, strange: list[Suspicion]) -> None:
        super().__init__(
            "suspect_file",
            f"Tệp “{source_file.name}” không giống các tệp trước: {'; '.join(s.sentence() for s in strange)}. "
            "Chưa ghi gì. Xem lại tệp; nếu đúng là tệp cần nhập thì nhập lại và ghi lý do (--anyway).",
        )
        self.suspicions = strange


def suspicions(
    cursor: CursorWrapper, scope: Scope, summary: dict[str, Any], commune: Commune | None
) -> list[Suspicion]:
    """Asked after `matching.match_rows`. Our own files are only asked for their required columns, and whether their
    rows still are about the same people."""
    thresholds: dict[str, float] = SUSPECT_FILE | scope.campaign.setting("suspect_file")
    found = list(_absent_columns(scope.register, summary))
    if scope.own:
        return [*found, *_beside_the_register(cursor, [replace(rows.OTHER_PEOPLE, enough=5)], thresholds)]
    found += _other_tables(summary)
    alone = [rows.elsewhere(commune), *rows.ALONE]
    found += map(_told, rows.strange(cursor, alone, rows.STAGE, thresholds, _commune_code(commune)))
    more = rows.OF_CHILDREN if scope.register == Register.CHILDREN else rows.OF_BENEFICIARIES
    found += _beside_the_register(cursor, [*rows.BESIDE_THE_REGISTER, *more], thresholds)
    if not scope.extract:
        found += _unlike(cursor, scope, summary, thresholds, commune)
    return found


def _commune_code(commune: Commune | None) -> dict[str, Any]:
    return {"commune_code": commune.code if commune else ""}


def _beside_the_register(
    cursor: CursorWrapper, measures: list[rows.Measure], thresholds: dict[str, float]
) -> Iterator[Suspicion]:
    found = rows.strange(cursor, [*measures, *rows.DIFFER], rows.MATCHED, thresholds, {})
    differ = [one for one in found if not one.measure.what]
    moved = rows.shifted(cursor, thresholds["shifted_rows_share"]) if differ else None
    if moved is not None:
        yield Suspicion(
            "Các dòng lệch nhau một dòng", "mỗi dòng một người",
            f"{' và '.join(moved.columns)} của {_of(moved.count, moved.of)} là của người ở dòng {moved.neighbour}",
            "một cột bị sắp xếp riêng, hoặc bị thêm, xóa một ô", moved.rows,
            [f"dòng {row} mang {moved.columns[0]} của người ở dòng {moved.neighbour}" for row in moved.rows],
        )  # fmt: skip
    for one in found:
        if one.measure.what and not (moved and one.measure == measures[0]):
            yield _told(one)


def _told(found: rows.Found) -> Suspicion:
    measure = found.measure
    return Suspicion(
        measure.what, measure.usual, _of(found.count, found.of), measure.perhaps, [row for row, _, _ in found.examples],
        [_example(*example) for example in found.examples],
    )  # fmt: skip


def _example(row: int, got: str, expected: str) -> str:
    said = f"dòng {row}: tệp ghi {f'“{got}”' if got else 'trống'}"
    return f"{said}, sổ ghi “{expected}”" if expected else said


def _of(count: int, of: int) -> str:
    return f"{grouped(count)} trên {grouped(of)} dòng"


def _absent_columns(register: str, summary: dict[str, Any]) -> Iterator[Suspicion]:
    labels = field_labels(register)
    if absent := [labels.get(key, key) for key in summary["required_absent"]]:
        yield Suspicion(
            "Thiếu cột không thể thiếu", "có đủ", "không thấy cột " + ", ".join(f"“{label}”" for label in absent),
            "xuất thiếu cột, hoặc tiêu đề đặt khác",
        )  # fmt: skip


def _other_tables(summary: dict[str, Any]) -> Iterator[Suspicion]:
    """Nobody chose a sheet, and several look like the register."""
    if others := summary.get("other_tables"):
        named = ", ".join(f"“{other['name']}” ({grouped(other['rows'])} dòng)" for other in others[:_NAMED_SHEETS])
        more = f" và {len(others) - _NAMED_SHEETS} trang nữa" if len(others) > _NAMED_SHEETS else ""
        yield Suspicion(
            "Nhiều trang tính cùng giống danh sách mà chưa chọn trang nào (--sheet)", "một trang",
            f"chỉ đọc “{summary['sheet']}” ({grouped(summary['rows'])} dòng), chưa đọc {named}{more}",
            "mỗi xã một trang tính; chọn từng trang và nhập kèm xã của trang ấy",
        )  # fmt: skip


def _unlike(
    cursor: CursorWrapper,
    scope: Scope,
    summary: dict[str, Any],
    thresholds: dict[str, float],
    commune: Commune | None,
) -> Iterator[Suspicion]:
    """Beside the last whole file of the same register and scope, or else what the register has of it."""
    cursor.execute(_COMMUNES, scope.parameters())
    communes = cursor.fetchall()
    known = sum(count for _, count, _ in communes)
    files = SourceFile.objects.filter(
        campaign=scope.campaign, register=scope.register, commune=commune, partial=False, status=FileStatus.APPLIED
    )
    previous = files.order_by("-applied_at").first()
    before, now = (previous.counts["rows"] if previous else known), summary["rows"]
    if before >= thresholds["min_rows_to_judge"]:
        fewer = now < before * thresholds["min_rows_ratio"]
        if fewer or (previous and now > before * thresholds["max_rows_ratio"]):
            yield Suspicion(
                "Ít dòng hơn hẳn" if fewer else "Nhiều dòng hơn hẳn",
                f"{grouped(before)} dòng" if previous else f"sổ có {grouped(before)} người",
                f"{grouped(now)} dòng", "tệp đang lọc khi lưu, xuất thiếu trang, hoặc chọn nhầm tệp",
            )  # fmt: skip
        if "system_code" in summary["absent"] and known:
            yield Suspicion("Không có cột mã của phần mềm", "có", "không có", "tệp không xuất từ phần mềm")
    yield from _missing_communes(scope, communes, summary, thresholds)


def _missing_communes(
    scope: Scope, communes: list[tuple[int, int, bool]], summary: dict[str, Any], thresholds: dict[str, float]
) -> Iterator[Suspicion]:
    """Many communes of the register, or one of more than a few people, of whom the file has nobody."""
    missing = {commune: count for commune, count, is_missing in communes if is_missing}
    known = sum(count for _, count, _ in communes)
    if known < thresholds["min_rows_to_judge"] or not missing:
        return
    is_much = len(missing) / len(communes) > thresholds["missing_communes_share"]
    if not is_much and max(missing.values()) < thresholds["min_rows_to_judge"]:
        return
    names = dict(Commune.objects.in_campaign(scope.campaign).values_list("pk", "name"))
    shown = ", ".join(f"{names.get(pk, '?')} ({grouped(count)} người)" for pk, count in sorted(missing.items()))
    others = [
        sheet["name"]
        for sheet in summary["sheets"]
        if sheet["name"] != summary["sheet"] and sheet["rows"] >= thresholds["min_rows_to_judge"]
    ]
    unread = f"; tệp còn trang tính chưa đọc: {', '.join(others)}" if others else ""
    yield Suspicion(
        "Thiếu xã", f"sổ có người của {len(communes)} xã, thị trấn",
        f"chỉ có {len(communes) - len(missing)}, không có ai của {shown}{unread}",
        "xuất thiếu xã, hoặc mỗi xã một trang tính mà mới đọc một trang",
    )  # fmt: skip
