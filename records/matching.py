"""Which record each row of a file is about: set-based, over `import_stage` and the register.

The ministry's code decides. Rows without a code, or with one that we do not know, are looked for among records without
a code: people added in the campaign, and people of exports that had none. Each pass pairs equals with equals in their
order, so that the same file again meets the same records. Rows without a code are then looked for among those who have
one (`codeless`)."""

from __future__ import annotations

from typing import Any

from django.db.backends.utils import CursorWrapper

from campaigns.models import Campaign
from records import codeless

_ROWS = """
INSERT INTO import_row (row_number, record_id, source_row_id, outcome)
SELECT s.row_number, CASE WHEN s.nth = 1 THEN r.id END,
       nextval('records_sourcerow_id_seq'),
       CASE WHEN s.nth > 1 THEN 'held' END
FROM (
    SELECT row_number, system_code,
           CASE WHEN system_code = '' THEN 1
                ELSE row_number() OVER (PARTITION BY system_code ORDER BY row_number) END AS nth
    FROM import_stage
) s
LEFT JOIN records_record r ON r.campaign_id = %(campaign)s AND r.register = %(register)s
     AND r.system_code = s.system_code AND s.system_code <> ''
ORDER BY s.row_number
"""

_BY_ROW_CODE = """
UPDATE import_row m SET record_id = r.id
FROM (SELECT DISTINCT ON (code) row_number, code
      FROM (SELECT row_number, upper(regexp_replace(cells ->> %(column)s, '\\s', '', 'g')) AS code FROM import_stage) c
      ORDER BY code, row_number) s
JOIN records_record r ON r.campaign_id = %(campaign)s AND r.register = %(register)s AND r.row_code = s.code
WHERE m.row_number = s.row_number AND m.record_id IS NULL AND m.outcome IS NULL
  AND NOT EXISTS (SELECT FROM import_row taken WHERE taken.record_id = r.id)
"""

_PAIR = """
WITH unmatched AS (
    SELECT s.row_number, {row_keys}, row_number() OVER (PARTITION BY {row_keys} ORDER BY s.row_number) AS nth
    FROM import_stage s JOIN import_row m USING (row_number)
    WHERE m.record_id IS NULL AND m.outcome IS NULL AND {row_known}
), people AS (
    SELECT r.id, {named_person_keys}, row_number() OVER (PARTITION BY {person_keys} ORDER BY r.id) AS nth
    FROM records_record r {person_join}
    WHERE r.campaign_id = %(campaign)s AND r.register = %(register)s AND r.system_code = '' AND {person_known}
      AND NOT EXISTS (SELECT FROM import_row m WHERE m.record_id = r.id)
)
UPDATE import_row m SET record_id = people.id
FROM unmatched JOIN people USING ({names}, nth)
WHERE m.row_number = unmatched.row_number
"""
_BASE = "JOIN records_sourcerow b ON b.id = r.source_row_id"
_PLACE = "JOIN campaigns_commune c ON c.id = r.commune_id"

_BIRTH = ("match_name", "birth_date", "birth_precision")
_BIRTH_KNOWN = ("match_name", "birth_precision")
# Names of the keys, what joins the record to where they come from, which are elsewhere, which must be known.
_PASSES: tuple[tuple[tuple[str, ...], str, dict[str, str], tuple[str, ...]], ...] = (
    (("values",), _BASE, {"values": "b.values"}, ()),
    (("match_name", "personal_number"), "", {}, ("match_name", "personal_number")),
    ((*_BIRTH, "father_match"), "", {}, (*_BIRTH_KNOWN, "father_match")),
    ((*_BIRTH, "mother_match"), "", {}, (*_BIRTH_KNOWN, "mother_match")),
    (
        (*_BIRTH, "commune_code", "village"),
        _PLACE,
        {"commune_code": "c.code"},
        (*_BIRTH_KNOWN, "commune_code", "village"),
    ),
)

# Nearly always nobody: then no pass has anyone to find.
_ANYBODY_WITHOUT_CODE = """
SELECT EXISTS (SELECT FROM records_record
               WHERE campaign_id = %(campaign)s AND register = %(register)s AND system_code = '')
"""
# In our row code column, of a person whom nobody in the register is.
_SAID_TO_BE_NEW = """
UPDATE import_row m SET outcome = 'created' FROM import_stage s
WHERE m.row_number = s.row_number AND m.record_id IS NULL AND m.outcome IS NULL
  AND normalize(lower(btrim(s.cells ->> %(column)s)), NFC) IN ('mới', 'moi')
"""
_NEW = """
UPDATE import_row SET record_id = nextval('records_record_id_seq'), outcome = 'created'
WHERE record_id IS NULL AND (outcome IS NULL OR outcome = 'created')
"""


def match_rows(cursor: CursorWrapper, campaign: Campaign, register: str, *, row_code_column: int | None) -> None:
    """Fills `import_row`. Later rows of a code that an earlier row has are `held`; rows without a code that may be one
    of several people are `unplaced`, and `import_candidate` says whom they are like; rows that meet nobody stay without
    a record until `number_new`. `row_code_column`: index of our own row code, in files that we wrote."""
    parameters: dict[str, Any] = {"campaign": campaign.pk, "register": register, "column": row_code_column}
    cursor.execute(_ROWS, parameters)
    cursor.execute("ANALYZE import_row")
    if row_code_column is not None:
        cursor.execute(_BY_ROW_CODE, parameters)
        cursor.execute(_SAID_TO_BE_NEW, parameters)
    cursor.execute(_ANYBODY_WITHOUT_CODE, parameters)
    if cursor.fetchone()[0]:
        for names, join, own, known in _PASSES:
            cursor.execute(_pass(names, join, own, known), parameters)
    codeless.place(cursor, parameters)


def number_new(cursor: CursorWrapper) -> None:
    """Gives the rows that meet nobody the id of the record they will become."""
    cursor.execute(_NEW)
    cursor.execute("CREATE UNIQUE INDEX ON import_row (record_id)")


def _pass(names: tuple[str, ...], join: str, own: dict[str, str], known: tuple[str, ...]) -> str:
    person = {name: own.get(name, f"r.{name}") for name in names}
    return _PAIR.format(
        names=", ".join(names),
        row_keys=", ".join(f"s.{name}" for name in names),
        row_known=" AND ".join([f"s.{name} <> ''" for name in known] or ["true"]),
        person_keys=", ".join(person.values()),
        named_person_keys=", ".join(f"{column} AS {name}" for name, column in person.items()),
        person_known=" AND ".join([f"{person[name]} <> ''" for name in known] or ["true"]),
        person_join=join,
    )
