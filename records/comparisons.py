"""The rules that compare records with each other (contract section 2), as set-based SQL.

`judged` holds the records to judge; `FIRE` puts what fires into `judged_finding`. Excluded and gone records, and
beneficiaries who no longer receive anything, are compared with nobody. Placeholder numbers never reach
`personal_number`, so they never match."""

COMPARED_RULES = (
    "number.shared",
    "record.repeated",
    "record.possible_duplicate",
    "record.new",
    "record.gone",
    "record.in_both_registers",
)

# Joins, not `= ANY (array)`: with thousands of records an array that is no constant is searched from end to end.
NEIGHBOURS = """
INSERT INTO judged
WITH near AS (
    SELECT id, personal_number::text, match_name FROM records_record
    WHERE campaign_id = %(campaign)s AND id = ANY(%(near)s)
), numbers AS (
    SELECT personal_number FROM near WHERE personal_number <> '' UNION SELECT unnest(%(numbers)s::text[])
), names AS (
    SELECT match_name FROM near WHERE match_name <> '' UNION SELECT unnest(%(names)s::text[])
)
SELECT id FROM near
UNION
SELECT o.id FROM records_record o JOIN numbers n ON n.personal_number = o.personal_number
WHERE o.campaign_id = %(campaign)s AND o.personal_number <> ''
UNION
SELECT o.id FROM records_record o JOIN names n ON n.match_name = o.match_name
WHERE o.campaign_id = %(campaign)s
"""

_OTHER_REGISTER = "CASE a.register WHEN 'children' THEN 'beneficiaries' ELSE 'children' END"
_PRESENT = "NOT {0}.is_gone AND {0}.stage <> 'excluded' AND {0}.in_scope"


def _known_and_differ(column: str) -> str:
    return f"(a.{column} <> '' AND b.{column} <> '' AND a.{column} <> b.{column})"


def _known_and_equal(column: str) -> str:
    return f"(a.{column} <> '' AND a.{column} = b.{column})"


_NONE_DIFFERS = "NOT (" + " OR ".join(map(_known_and_differ, ("personal_number", "father_match", "mother_match"))) + ")"
_ONE_EQUALS = "(" + " OR ".join(map(_known_and_equal, ("personal_number", "father_match", "mother_match"))) + ")"

# Two rows for one person, without doubt: everything that can be compared is equal.
_REPEATED = f"""
    a.birth_date = b.birth_date AND a.birth_precision = 'day' AND b.birth_precision = 'day'
    AND a.sex <> '' AND a.sex = b.sex AND a.commune_id = b.commune_id AND {_ONE_EQUALS} AND {_NONE_DIFFERS}
"""
# First version: the same name; dates that agree as far as they are known, or with day and month swapped; nothing known
# that differs; a parent, the number or the village in common.
_DATES_AGREE = """(
    a.birth_date = b.birth_date
    OR (a.birth_precision = 'year' OR b.birth_precision = 'year') AND a.birth_year = b.birth_year
    OR a.birth_precision = 'day' AND b.birth_precision = 'day' AND a.birth_year = b.birth_year
       AND extract(day FROM a.birth_date) = extract(month FROM b.birth_date)
       AND extract(month FROM a.birth_date) = extract(day FROM b.birth_date)
)"""
_LIKELY = f"""
    {_DATES_AGREE} AND NOT {_known_and_differ("sex")} AND {_NONE_DIFFERS}
    AND ({_ONE_EQUALS} OR a.village <> '' AND a.village = b.village AND a.commune_id = b.commune_id)
"""

# `a` is a judged record, `b` whom it is compared with; a block is a name and a year, a handful of people.
FIRE = f"""
WITH mine AS (
    SELECT r.id, r.register, r.match_name, r.birth_date, r.birth_precision, r.birth_year, r.sex, r.personal_number,
           r.father_match, r.mother_match, r.commune_id, r.village, r.is_new, r.system_code
    FROM records_record r JOIN judged j ON j.record_id = r.id WHERE {_PRESENT.format("r")}
), alike AS MATERIALIZED (
    SELECT a.id, b.id AS other, b.row_code, ({_REPEATED}) AS repeated
    FROM mine a
    JOIN records_record b ON b.campaign_id = %(campaign)s AND b.register = a.register
         AND b.match_name = a.match_name AND b.birth_year = a.birth_year AND b.id <> a.id
    WHERE a.match_name <> '' AND {_PRESENT.format("b")} AND ({_LIKELY})
), both_registers AS (
    SELECT a.id, b.row_code FROM mine a
    JOIN records_record b ON b.campaign_id = %(campaign)s AND b.register = {_OTHER_REGISTER}
         AND b.personal_number = a.personal_number
    WHERE a.personal_number <> '' AND {_PRESENT.format("b")}
  UNION
    SELECT a.id, b.row_code FROM mine a
    JOIN records_record b ON b.campaign_id = %(campaign)s AND b.register = {_OTHER_REGISTER}
         AND b.match_name = a.match_name AND b.birth_year = a.birth_year
    WHERE a.match_name <> '' AND {_PRESENT.format("b")} AND a.birth_precision = 'day' AND b.birth_precision = 'day'
      AND a.birth_date = b.birth_date AND {_ONE_EQUALS} AND {_NONE_DIFFERS}
), fired AS (
    SELECT a.id AS record_id, 'number.shared' AS rule, 'personal_number' AS field, 'error' AS severity, 2 AS grp,
           a.personal_number::text AS value
    FROM mine a
    WHERE a.personal_number <> '' AND EXISTS (
        SELECT FROM records_record b
        WHERE b.campaign_id = %(campaign)s AND b.register = a.register AND b.personal_number = a.personal_number
          AND b.personal_number <> '' AND b.id <> a.id AND {_PRESENT.format("b")})
  UNION ALL
    SELECT id, 'record.repeated', 'full_name', 'error', 3, string_agg(row_code, ', ' ORDER BY other)
    FROM alike WHERE repeated AND other < id GROUP BY id
  UNION ALL
    SELECT id, 'record.possible_duplicate', 'full_name', 'warning', 3, string_agg(row_code, ', ' ORDER BY other)
    FROM alike WHERE NOT repeated GROUP BY id
  UNION ALL
    SELECT id, 'record.in_both_registers', 'full_name', 'notice', NULL, string_agg(row_code, ', ' ORDER BY row_code)
    FROM both_registers GROUP BY id
  UNION ALL
    SELECT id, 'record.new', 'system_code', 'notice', 4, '' FROM mine WHERE is_new AND system_code = ''
  UNION ALL
    SELECT r.id, 'record.gone', 'system_code', 'warning', NULL, r.system_code
    FROM records_record r JOIN judged j ON j.record_id = r.id
    WHERE r.is_gone AND r.stage <> 'excluded' AND r.in_scope
)
INSERT INTO judged_finding (record_id, rule, field, severity, grp, value, suggestion)
SELECT record_id, rule, field, severity, grp::smallint, value, '' FROM fired
"""
