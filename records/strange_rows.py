"""What is strange about the rows of a file, taken by themselves and beside the people whom they are about: how many of
them, of how many, and a few to look at. One look at all rows; a second one only at what was found strange."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.backends.utils import CursorWrapper

from campaigns.models import Commune
from records.masking import mask_within


@dataclass(frozen=True)
class Measure:
    """Rows for which `holds` (SQL) of those for which `among` does; `threshold` is a key of the plan's
    `suspect_file`, over whose share of rows the file is asked about. `got` and `expected` are SQL texts for an example.
    `enough`: fewer rows than that are no measure."""

    threshold: str
    holds: str
    among: str
    what: str
    usual: str
    perhaps: str
    got: str
    expected: str = "''"
    enough: int = 5


@dataclass(frozen=True)
class Found:
    measure: Measure
    count: int
    of: int
    examples: list[tuple[int, str, str]] = field(default_factory=list)


def _finds(rule: str, *, with_suggestion: bool = False) -> str:
    condition = f'@[0] == "{rule}"' + (' && @[5] != ""' if with_suggestion else "")
    return f"s.findings @? 'strict $[*] ? ({condition})'"


_CELL = "coalesce(s.values ->> '{}', '')"
_WOMAN = r"{} ~ '^\S+ thi \S'"  # of a folded name

ALONE: tuple[Measure, ...] = (
    Measure(
        "empty_name_share", "s.full_name = ''", "true", "Nhiều dòng không có họ tên", "dòng nào cũng có",
        "lệch cột, hoặc nhận nhầm cột họ tên", _CELL.format("personal_number"), enough=1,
    ),
    Measure(
        "impossible_dates_share", _finds("birth_date.impossible", with_suggestion=True),
        f"(s.birth_precision = 'day' OR {_finds('birth_date.impossible', with_suggestion=True)})",
        "Ngày sinh có vẻ ghi tháng trước ngày sau", "ngày, rồi tháng", "tệp lưu theo kiểu ngày của máy khác",
        _CELL.format("birth_date"),
    ),
    Measure(
        "number_disagrees_share", f"({_finds('number.birth_year')} OR {_finds('number.sex')})",
        "s.personal_number <> '' AND s.birth_year IS NOT NULL",
        "Số định danh không hợp với ngày sinh, giới tính của dòng", "hợp nhau",
        "cột số hoặc cột ngày sinh bị lệch dòng khi sắp xếp, hoặc nhận nhầm cột số",
        _CELL.format("personal_number"), _CELL.format("birth_date"), enough=20,
    ),
    Measure(
        "swapped_columns_share", _WOMAN.format("s.father_match"), "s.father_match <> ''",
        "Cột họ tên cha ghi tên phụ nữ", "tên đàn ông", "hai cột cha và mẹ đổi chỗ", "s.father_name", enough=20,
    ),
)  # fmt: skip


def elsewhere(commune: Commune | None) -> Measure:
    """A place outside the file's scope: another commune than its own, or, for a file of the district, none of it."""
    outside = f"({_finds('commune.elsewhere')} OR {_finds('commune.unknown')})"
    other = "s.commune_code NOT IN ('', %(commune_code)s)"
    return Measure(
        "other_commune_share", other if commune else outside, "true",
        f"Nhiều dòng ghi xã ngoài {commune.name if commune else 'huyện'}", "đúng phạm vi",
        "chọn nhầm tệp, hoặc nhầm xã", _CELL.format("commune"), enough=1,
    )  # fmt: skip


def _swapped(one: str, other: str, what: str, usual: str) -> Measure:
    return Measure(
        "swapped_columns_share",
        f"s.{one} <> r.{one} AND s.{one} <> '' AND s.{other} <> '' AND s.{one} = r.{other} AND s.{other} = r.{one}",
        f"s.{one} <> '' AND s.{other} <> ''", what, usual, "cột bị đổi chỗ khi chép",
        f"s.{one.replace('match_name', 'full_name').replace('_match', '_name')}",
        f"r.{one.replace('match_name', 'full_name').replace('_match', '_name')}", enough=1,
    )  # fmt: skip


def _swapped_value(one: str, other: str, what: str, usual: str) -> Measure:
    mine, theirs = f"s.values ->> '{one}'", f"s.values ->> '{other}'"
    return Measure(
        "swapped_columns_share",
        f"{mine} IS DISTINCT FROM r.values ->> '{one}' AND {mine} <> '' AND {theirs} <> ''"
        f" AND {mine} = r.values ->> '{other}' AND {theirs} = r.values ->> '{one}'",
        f"{mine} <> '' AND {theirs} <> ''", what, usual, "cột bị đổi chỗ khi chép", mine, f"r.values ->> '{one}'",
    )  # fmt: skip


_TURNABLE = (
    "s.birth_precision = 'day' AND r.birth_precision = 'day' AND extract(day FROM r.birth_date) <= 12"
    " AND extract(day FROM r.birth_date) <> extract(month FROM r.birth_date)"
)
_TURNED = (
    f"s.birth_date <> r.birth_date AND {_TURNABLE} AND s.birth_year = r.birth_year"
    " AND extract(day FROM s.birth_date) = extract(month FROM r.birth_date)"
    " AND extract(month FROM s.birth_date) = extract(day FROM r.birth_date)"
)
OTHER_PEOPLE = Measure(
    "changed_identity_share", "s.match_name <> r.match_name AND s.birth_date IS DISTINCT FROM r.birth_date", "true",
    "Nhiều mã mang họ tên, ngày sinh khác hẳn", "cùng người", "danh sách bị sắp xếp lệch cột",
    "s.full_name", "r.full_name", enough=1,
)  # fmt: skip
BESIDE_THE_REGISTER: tuple[Measure, ...] = (
    OTHER_PEOPLE,
    _swapped("father_match", "mother_match", "Hai cột cha và mẹ đổi chỗ", "cha, rồi mẹ"),
    _swapped("match_name", "father_match", "Cột họ tên và cột cha đổi chỗ", "họ tên, rồi cha"),
    _swapped("match_name", "mother_match", "Cột họ tên và cột mẹ đổi chỗ", "họ tên, rồi mẹ"),
    Measure(
        "reversed_dates_share", _TURNED, _TURNABLE, "Ngày và tháng sinh đổi chỗ", "ngày, rồi tháng",
        "tệp lưu theo kiểu ngày của máy khác", "to_char(s.birth_date, 'DD/MM/YYYY')",
        "to_char(r.birth_date, 'DD/MM/YYYY')",
    ),
    Measure(
        "other_commune_share", "s.commune_code <> c.code", "s.commune_code <> ''", "Nhiều người chuyển sang xã khác",
        "vẫn ở xã cũ", "chọn nhầm xã, hoặc cột xã bị chép đè", _CELL.format("commune"), "c.name",
    ),
)  # fmt: skip
# Whether it is worth looking at the rows above and below.
DIFFER = tuple(
    Measure("shifted_rows_share", f"s.{key} <> r.{key}", f"s.{key} IS NOT NULL", "", "", "", "''")
    for key in ("match_name", "birth_date", "personal_number")
)
OF_BENEFICIARIES: tuple[Measure, ...] = (
    _swapped_value("full_name", "payee_name", "Cột họ tên và cột người nhận thay đổi chỗ", "họ tên, rồi người nhận"),
    _swapped_value("personal_number", "payee_number", "Số của người hưởng và của người nhận thay đổi chỗ",
                   "người hưởng, rồi người nhận"),
)  # fmt: skip
OF_CHILDREN: tuple[Measure, ...] = (
    _swapped_value("personal_number", "father_number", "Số của trẻ và số của cha đổi chỗ", "trẻ, rồi cha"),
    _swapped_value("personal_number", "mother_number", "Số của trẻ và số của mẹ đổi chỗ", "trẻ, rồi mẹ"),
)  # fmt: skip

STAGE = "import_stage s"
MATCHED = """(import_stage s JOIN import_row m USING (row_number) JOIN records_record r ON r.id = m.record_id
    LEFT JOIN campaigns_commune c ON c.id = r.commune_id)"""
_SHIFTED = """
WITH rows AS (
    SELECT s.row_number, s.match_name, s.birth_date::text AS birth_date, s.personal_number,
           r.match_name AS own_match_name, r.birth_date::text AS own_birth_date,
           r.personal_number AS own_personal_number, {lagged}
    FROM {matched} WINDOW above AS (ORDER BY s.row_number)
)
SELECT {counts} FROM rows
"""
_SHIFTABLE = {"match_name": "họ tên", "birth_date": "ngày sinh", "personal_number": "số định danh"}
_NEIGHBOURS = {"lag": "trên", "lead": "dưới"}


def strange(
    cursor: CursorWrapper,
    measures: Iterable[Measure],
    rows: str,
    thresholds: dict[str, float],
    parameters: dict[str, Any],
) -> list[Found]:
    """Those of the measures that are over their threshold; `rows`: STAGE or MATCHED."""
    measures = list(measures)
    counts = ", ".join(f"count(*) FILTER (WHERE {m.holds}), count(*) FILTER (WHERE {m.among})" for m in measures)
    cursor.execute(f"SELECT {counts} FROM {rows}", parameters)
    numbers = cursor.fetchone()
    found = []
    for measure, count, of in zip(measures, numbers[::2], numbers[1::2], strict=True):
        if of >= measure.enough and count / of > thresholds[measure.threshold]:
            found.append(Found(measure, count, of, _examples(cursor, measure, rows, parameters)))
    return found


def _examples(
    cursor: CursorWrapper, measure: Measure, rows: str, parameters: dict[str, Any]
) -> list[tuple[int, str, str]]:
    cursor.execute(
        f"SELECT s.row_number, {measure.got}, {measure.expected} FROM {rows} WHERE {measure.holds}"
        " ORDER BY s.row_number LIMIT 3",
        parameters,
    )
    return [(row, mask_within(got or ""), mask_within(expected or "")) for row, got, expected in cursor.fetchall()]


@dataclass(frozen=True)
class Shifted:
    """Columns whose cells stand a row off: `count` of `of` rows hold what is their neighbour's."""

    columns: list[str]
    neighbour: str
    count: int
    of: int
    rows: list[int]


def shifted(cursor: CursorWrapper, share: float) -> Shifted | None:
    """Whether columns stand one row too low or too high beside the register."""
    found = [one for way in _NEIGHBOURS if (one := _shifted(cursor, way, share)) is not None]
    return max(found, key=lambda one: one.count, default=None)


def _shifted(cursor: CursorWrapper, way: str, share: float) -> Shifted | None:
    conditions = {key: f"{key} <> '' AND {key} <> coalesce(own_{key}, '') AND {key} = next_{key}" for key in _SHIFTABLE}
    lagged = ", ".join(f"{way}(r.{key}::text) OVER above AS next_{key}" for key in _SHIFTABLE)
    counts = ", ".join(
        f"count(*) FILTER (WHERE {condition}), count(*) FILTER (WHERE {key} <> ''),"
        f" (array_agg(row_number ORDER BY row_number) FILTER (WHERE {condition}))[1:3]"
        for key, condition in conditions.items()
    )
    cursor.execute(_SHIFTED.format(lagged=lagged, matched=MATCHED, counts=counts))
    numbers: tuple[Any, ...] = cursor.fetchone()
    columns, count, of, rows = [], 0, 0, []
    for index, label in enumerate(_SHIFTABLE.values()):
        hits, known, examples = numbers[index * 3 : index * 3 + 3]
        if known >= _ENOUGH and hits / known > share:
            columns.append(label)
            if hits > count:
                count, of, rows = hits, known, examples
    return Shifted(columns, _NEIGHBOURS[way], count, of, rows) if columns else None


_ENOUGH = 5
