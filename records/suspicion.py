"""Does the file look like the ones before it? Thresholds come from the plan (`settings.suspect_file`).

A suspicion is a question to a person, never a verdict: `--anyway REASON` goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.backends.utils import CursorWrapper

from campaigns.errors import WorkRefused
from campaigns.models import Commune
from records.comparing import Scope
from records.models import FileStatus, SourceFile
from records.reference import field_labels

_MEASURE = """
SELECT count(*),
       count(*) FILTER (WHERE full_name = ''),
       count(*) FILTER (WHERE findings @? 'strict $[*] ? (@[0] == "commune.elsewhere" || @[0] == "commune.unknown")'),
       count(*) FILTER (WHERE commune_code NOT IN ('', %(commune_code)s))
FROM import_stage
"""
_MEASURE_MATCHED = """
SELECT count(*),
       count(*) FILTER (WHERE s.father_match <> '' AND s.mother_match <> '' AND s.father_match <> s.mother_match
                          AND s.father_match = r.mother_match AND s.mother_match = r.father_match),
       count(*) FILTER (WHERE s.match_name <> r.match_name AND s.birth_date IS DISTINCT FROM r.birth_date)
FROM import_stage s JOIN import_row m USING (row_number) JOIN records_record r ON r.id = m.record_id
WHERE s.system_code <> ''
"""


@dataclass(frozen=True)
class Suspicion:
    """One strange thing: what it is, what was usual, what this file has, why that may be. All Vietnamese."""

    what: str
    usual: str
    here: str
    perhaps: str

    def sentence(self) -> str:
        return f"{self.what} (mọi lần: {self.usual}; tệp này: {self.here})"


class SuspectFile(WorkRefused):
    """The file does not look like the ones before it; a reason to go on makes it pass."""

    def __init__(self, source_file: SourceFile, strange: list[Suspicion]) -> None:
        super().__init__(
            "suspect_file",
            f"Tệp “{source_file.name}” không giống các tệp trước: {'; '.join(s.sentence() for s in strange)}. "
            "Chưa ghi gì. Xem lại tệp; nếu đúng là tệp cần nhập thì nhập lại và ghi lý do (--anyway).",
        )
        self.suspicions = strange


@dataclass(frozen=True)
class _Measured:
    """Counts of rows of the file. `elsewhere`: named a commune outside the file's scope."""

    rows: int
    nameless: int
    elsewhere: int
    matched: int
    swapped: int
    other_people: int


def suspicions(
    cursor: CursorWrapper, scope: Scope, summary: dict[str, Any], commune: Commune | None
) -> list[Suspicion]:
    """Asked after `matching.match_rows`. Our own files are only asked for their required columns."""
    found = list(_absent_columns(scope.register, summary))
    if scope.own:
        return found
    thresholds: dict[str, float] = scope.campaign.setting("suspect_file")
    found += _shares(_measure(cursor, commune), thresholds, commune)
    previous = _previous(scope, commune)
    if previous is not None and not scope.extract and previous.counts["rows"] >= thresholds["min_rows_to_judge"]:
        found += _unlike(previous, summary, thresholds, scope)
    return found


def _measure(cursor: CursorWrapper, commune: Commune | None) -> _Measured:
    cursor.execute(_MEASURE, {"commune_code": commune.code if commune else ""})
    rows, nameless, outside, other_commune = cursor.fetchone()
    cursor.execute(_MEASURE_MATCHED)
    matched, swapped, other_people = cursor.fetchone()
    return _Measured(rows, nameless, other_commune if commune else outside, matched, swapped, other_people)


def _previous(scope: Scope, commune: Commune | None) -> SourceFile | None:
    """The last whole file of the same register and scope."""
    return (
        SourceFile.objects.filter(
            campaign=scope.campaign, register=scope.register, commune=commune, partial=False,
            status=FileStatus.APPLIED,
        )
        .order_by("-applied_at")
        .first()
    )  # fmt: skip


def _absent_columns(register: str, summary: dict[str, Any]) -> Iterator[Suspicion]:
    labels = field_labels(register)
    if absent := [labels.get(key, key) for key in summary["required_absent"]]:
        yield Suspicion(
            "Thiếu cột không thể thiếu", "có đủ", "không thấy cột " + ", ".join(f"“{label}”" for label in absent),
            "xuất thiếu cột, hoặc tiêu đề đặt khác",
        )  # fmt: skip


def _shares(measured: _Measured, thresholds: dict[str, float], commune: Commune | None) -> Iterator[Suspicion]:
    where = f"ngoài {commune.name}" if commune else "ngoài huyện"
    asked: tuple[tuple[str, int, int, str, str, str], ...] = (
        ("empty_name_share", measured.nameless, measured.rows, "Nhiều dòng không có họ tên", "dòng nào cũng có",
         "lệch cột, hoặc nhận nhầm cột họ tên"),
        ("other_commune_share", measured.elsewhere, measured.rows, f"Nhiều dòng ghi xã {where}", "đúng phạm vi",
         "chọn nhầm tệp, hoặc nhầm xã"),
        ("swapped_columns_share", measured.swapped, measured.matched, "Hai cột cha và mẹ đổi chỗ", "cha, rồi mẹ",
         "cột bị đổi chỗ khi chép"),
        ("changed_identity_share", measured.other_people, measured.matched, "Nhiều mã mang họ tên, ngày sinh khác hẳn",
         "cùng người", "danh sách bị sắp xếp lệch cột"),
    )  # fmt: skip
    for key, count, of, what, usual, perhaps in asked:
        if of and count / of > thresholds[key]:
            yield Suspicion(what, usual, f"{_thousands(count)} trên {_thousands(of)} dòng", perhaps)


def _unlike(
    previous: SourceFile, summary: dict[str, Any], thresholds: dict[str, float], scope: Scope
) -> Iterator[Suspicion]:
    before, now = previous.counts["rows"], summary["rows"]
    if now < before * thresholds["min_rows_ratio"] or now > before * thresholds["max_rows_ratio"]:
        yield Suspicion(
            "Ít dòng hơn hẳn" if now < before else "Nhiều dòng hơn hẳn", f"{_thousands(before)} dòng",
            f"{_thousands(now)} dòng", "tệp đang lọc khi lưu, xuất thiếu trang, hoặc chọn nhầm tệp",
        )  # fmt: skip
    if "system_code" in summary["absent"] and "system_code" not in previous.summary["absent"]:
        yield Suspicion("Không có cột mã của phần mềm", "có", "không có", "tệp không xuất từ phần mềm")
    yield from _missing_communes(previous, summary, thresholds, scope)


def _missing_communes(
    previous: SourceFile, summary: dict[str, Any], thresholds: dict[str, float], scope: Scope
) -> Iterator[Suspicion]:
    known: Callable[[dict[str, Any]], set[str]] = lambda of: set(of["counts"]["by_commune"]) - {""}  # noqa: E731
    before = known(previous.summary)
    missing = before - known(summary)
    if before and len(missing) / len(before) > thresholds["missing_communes_share"]:
        names = dict(Commune.objects.in_campaign(scope.campaign).values_list("code", "name"))
        shown = ", ".join(names.get(code, code) for code in sorted(missing))
        yield Suspicion("Thiếu xã", f"{len(before)} xã, thị trấn", f"không có dòng nào của {shown}", "xuất thiếu xã")


def _thousands(number: int) -> str:
    return f"{number:,}".replace(",", ".")
