"""Rows without the ministry's code, of people who have one in the register: found only where everything that can be
compared is equal and nobody else could be meant. Who might be somebody of the register is asked about, and neither
doubled nor taken for gone."""

from __future__ import annotations

from typing import Any

from django.db.backends.utils import CursorWrapper

_ANY_TO_PLACE = """
SELECT EXISTS (SELECT FROM import_stage s JOIN import_row m USING (row_number)
               WHERE s.system_code = '' AND m.record_id IS NULL AND m.outcome IS NULL)
   AND EXISTS (SELECT FROM records_record
               WHERE campaign_id = %(campaign)s AND register = %(register)s AND system_code <> '')
"""
# A key that stands on two rows, or on two records, tells nobody from the other.
_UNIQUE = """
WITH unplaced AS (
    SELECT s.*, count(*) OVER (PARTITION BY {row_keys}) AS times FROM import_stage s
    WHERE s.system_code = '' AND {row_known}
), people AS (
    SELECT r.*, {person_keys}, count(*) OVER (PARTITION BY {person_exprs}) AS times
    FROM records_record r LEFT JOIN records_sourcerow b ON b.id = r.source_row_id
    LEFT JOIN campaigns_commune c ON c.id = r.commune_id
    WHERE r.campaign_id = %(campaign)s AND r.register = %(register)s AND r.system_code <> ''
)
UPDATE import_row m SET record_id = r.id
FROM unplaced s JOIN people r ON {equal}
WHERE m.row_number = s.row_number AND m.record_id IS NULL AND m.outcome IS NULL
  AND s.times = 1 AND r.times = 1 AND {condition}
  AND NOT EXISTS (SELECT FROM import_row taken WHERE taken.record_id = r.id)
"""
_NONE_DIFFERS = " AND ".join(
    f"NOT (s.{key} <> '' AND r.{key} <> '' AND s.{key} <> r.{key})"
    for key in ("personal_number", "father_match", "mother_match")
)
_ROW_EXPRESSIONS = {"row": "s.values - 'system_code'"}
_PERSON_EXPRESSIONS = {"row": "b.values - 'system_code'", "commune_code": "c.code"}
_BIRTH = ("match_name", "birth_date", "birth_precision")
# Keys, of which those of text must be known; what else must hold.
_PASSES: tuple[tuple[tuple[str, ...], str], ...] = (
    (("row",), "true"),
    (("match_name", "personal_number"), "true"),
    ((*_BIRTH, "father_match", "mother_match"), "true"),
    ((*_BIRTH, "father_match"), _NONE_DIFFERS),
    ((*_BIRTH, "mother_match"), _NONE_DIFFERS),
    ((*_BIRTH, "commune_code", "village"), f"s.birth_precision = 'day' AND {_NONE_DIFFERS}"),
)
_NO_TEXT = {"row", "birth_date"}

_SAME_NUMBER = "r.personal_number = s.personal_number AND s.personal_number <> ''"
_SAME_NAME = (
    "r.match_name = s.match_name AND s.match_name <> ''"
    " AND coalesce(r.birth_year, s.birth_year) IS NOT DISTINCT FROM coalesce(s.birth_year, r.birth_year)"
)
_SAME_FAMILY = (
    "r.birth_date = s.birth_date AND s.birth_precision = 'day' AND r.birth_precision = 'day'"
    " AND (s.father_match <> '' AND r.father_match = s.father_match"
    " OR s.mother_match <> '' AND r.mother_match = s.mother_match)"
)
_CANDIDATES = "INSERT INTO import_candidate" + " UNION ".join(
    f"""
SELECT s.row_number, r.id FROM import_stage s JOIN import_row m USING (row_number) JOIN records_record r ON {alike}
WHERE s.system_code = '' AND m.record_id IS NULL AND m.outcome IS NULL
  AND r.campaign_id = %(campaign)s AND r.register = %(register)s AND r.system_code <> ''
  AND NOT EXISTS (SELECT FROM import_row taken WHERE taken.record_id = r.id)
"""
    for alike in (_SAME_NUMBER, _SAME_NAME, _SAME_FAMILY)
)
_ASKED = """
UPDATE import_row SET outcome = 'unplaced'
WHERE outcome IS NULL AND record_id IS NULL AND row_number IN (SELECT row_number FROM import_candidate)
"""
# Such a row says nothing about the code, as if its file had no such column.
_SAYS_NO_CODE = """
UPDATE import_stage s SET values = s.values - 'system_code'
FROM import_row m JOIN records_record r ON r.id = m.record_id
WHERE s.row_number = m.row_number AND s.system_code = '' AND r.system_code <> '' AND s.values ? 'system_code'
"""


def place(cursor: CursorWrapper, parameters: dict[str, Any]) -> None:
    """After the rows that have a code, and those of people without one, met their records."""
    cursor.execute(_ANY_TO_PLACE, parameters)
    if cursor.fetchone()[0]:
        for keys, condition in _PASSES:
            cursor.execute(_pass(keys, condition), parameters)
        cursor.execute(_CANDIDATES, parameters)
        cursor.execute(_ASKED)
    cursor.execute(_SAYS_NO_CODE)


def _pass(keys: tuple[str, ...], condition: str) -> str:
    row = {key: _ROW_EXPRESSIONS.get(key, f"s.{key}") for key in keys}
    person = {key: _PERSON_EXPRESSIONS.get(key, f"r.{key}") for key in keys}
    renamed = {key: f"{person[key]} AS key_{key}" for key in keys if key in _PERSON_EXPRESSIONS}
    return _UNIQUE.format(
        row_keys=", ".join(row.values()),
        row_known=" AND ".join([f"s.{key} <> ''" for key in keys if key not in _NO_TEXT] or ["true"]),
        person_keys=", ".join(renamed.values()) or "true AS alone",
        person_exprs=", ".join(person.values()),
        equal=" AND ".join(f"{row[key]} = r.{f'key_{key}' if key in renamed else key}" for key in keys),
        condition=condition,
    )
