"""Findings follow from values. Two temporary tables say what the rules found; here the Finding rows are made to agree,
set-based, changing only what changed.

Rules about one row are judged in `reading.checks`; rules that compare records are the SQL in `comparisons.py`."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper
from psycopg2.extras import execute_values

from campaigns.models import Campaign, User
from records import statistics
from records.comparisons import COMPARED_RULES, FIRE, NEIGHBOURS
from records.reading.checks import Judged

# `touched`: the cell itself changed, so what had been confirmed about it must be asked again.
TABLES = """
CREATE TEMP TABLE IF NOT EXISTS judged (record_id bigint NOT NULL) ON COMMIT DROP;
CREATE TEMP TABLE IF NOT EXISTS judged_finding (
    record_id bigint NOT NULL, rule text NOT NULL, field text NOT NULL, severity text NOT NULL, grp smallint,
    value text NOT NULL, suggestion text NOT NULL, touched boolean NOT NULL DEFAULT true
) ON COMMIT DROP;
TRUNCATE judged, judged_finding;
"""

# What the district decided about rules (`RuleDecision`): silent ones are taken out, others weigh as decided. The
# reading knows it too; this holds for the rules that compare, and for rows that were judged before the decision.
_DECIDED = """
    SELECT DISTINCT ON (rule) rule, state FROM records_ruledecision
    WHERE campaign_id = %(campaign)s ORDER BY rule, id DESC
"""
OBEY = f"""
WITH decided AS ({_DECIDED}), silent AS (
    DELETE FROM judged_finding n USING decided d WHERE n.rule = d.rule AND d.state = 'off'
)
UPDATE judged_finding n SET severity = d.state
FROM decided d WHERE n.rule = d.rule AND d.state NOT IN ('usual', 'off') AND n.severity <> d.state
"""

# {mine}: which rules these tables speak for; the others are left alone. What was confirmed waits, confirmed, while its
# rule is switched off.
VANISHED = """
UPDATE records_finding f SET status = %(vanished)s, status_at = %(at)s, by_id = %(by)s
FROM judged j
WHERE f.campaign_id = %(campaign)s AND f.record_id = j.record_id AND f.status IN ('open', 'confirmed') AND {mine}
  AND NOT EXISTS (SELECT 1 FROM judged_finding n
                  WHERE n.record_id = f.record_id AND n.rule = f.rule AND n.field = f.field)
  AND (f.status = 'open' OR f.rule NOT IN (SELECT rule FROM ({decided}) d WHERE state = 'off'))
""".replace("{decided}", _DECIDED)
# A cell that was changed while its rule was silent is asked about again when the rule speaks.
CHANGED_MEANWHILE = """
UPDATE judged_finding n SET touched = true
FROM records_finding f
WHERE f.campaign_id = %(campaign)s AND f.record_id = n.record_id AND f.rule = n.rule AND f.field = n.field
  AND f.status = 'confirmed' AND EXISTS (
      SELECT FROM records_change c JOIN records_changeset s ON s.id = c.change_set_id
      WHERE c.campaign_id = f.campaign_id AND c.record_id = f.record_id AND c.field = f.field AND s.at > f.status_at)
"""
CHANGED = """
UPDATE records_finding f
SET value = CASE WHEN n.touched THEN n.value ELSE f.value END, suggestion = n.suggestion, severity = n.severity,
    "group" = n.grp,
    status = CASE WHEN f.status = 'confirmed' AND {unchanged} THEN 'confirmed' ELSE 'open' END,
    status_at = CASE WHEN f.status = 'confirmed' AND {unchanged} THEN f.status_at END,
    by_id = CASE WHEN f.status = 'confirmed' AND {unchanged} THEN f.by_id END,
    note = CASE WHEN f.status = 'confirmed' AND {unchanged} THEN f.note ELSE '' END
FROM judged_finding n
WHERE f.campaign_id = %(campaign)s AND f.record_id = n.record_id AND f.rule = n.rule AND f.field = n.field
  AND (f.status IN ('fixed', 'gone') OR NOT {unchanged}
       OR (f.suggestion, f.severity, f."group") IS DISTINCT FROM (n.suggestion, n.severity, n.grp))
""".replace("{unchanged}", "(NOT n.touched OR f.value = n.value)")
NEW = """
INSERT INTO records_finding (campaign_id, record_id, rule, field, severity, "group", value, suggestion, status,
                             first_seen_at, note)
SELECT %(campaign)s, n.record_id, n.rule, n.field, n.severity, n.grp, n.value, n.suggestion, 'open', %(at)s, ''
FROM judged_finding n
WHERE NOT EXISTS (SELECT 1 FROM records_finding f WHERE f.campaign_id = %(campaign)s AND f.record_id = n.record_id
                                                    AND f.rule = n.rule AND f.field = n.field)
"""
# A system code that stands on two rows of one file is found, and lifted, by the import that read the file; what the
# ministry's software refused, by its answer.
MINE_ROW = "f.rule <> ALL(%(compared)s) AND f.rule <> 'ministry.rejected'"
MINE_COMPARED = "f.rule = ANY(%(compared)s) AND NOT (f.rule = 'record.repeated' AND f.field = 'system_code')"


def open_tables(cursor: CursorWrapper) -> None:
    """Makes (or empties) the two temporary tables; they go when the transaction ends."""
    cursor.execute(TABLES)


def fill_tables(cursor: CursorWrapper, judged: Iterable[tuple[int, Judged, Collection[str]]]) -> None:
    """`judged`: record id, what the rules said, and the fields whose cells were touched."""
    judged = list(judged)
    execute_values(cursor.cursor, "INSERT INTO judged VALUES %s", [(pk,) for pk, _, _ in judged], page_size=2000)
    rows = [
        (pk, f.rule, f.field, f.severity, f.group, f.value, f.suggestion, f.field in touched)
        for pk, result, touched in judged
        for f in result.findings
    ]
    if rows:
        execute_values(cursor.cursor, "INSERT INTO judged_finding VALUES %s", rows, page_size=2000)


def sync(
    cursor: CursorWrapper,
    campaign: Campaign,
    *,
    by: User,
    at: datetime.datetime,
    fixed: bool,
    mine: str = MINE_ROW,
) -> None:
    """Makes the findings of the records in `judged` agree with `judged_finding`, as far as the campaign's rules are in
    force. What no longer fires becomes `fixed` (a person corrected something) or `gone`."""
    parameters: dict[str, Any] = {
        "campaign": campaign.pk, "at": at, "by": by.pk, "vanished": "fixed" if fixed else "gone",
        "compared": list(COMPARED_RULES),
    }  # fmt: skip
    cursor.execute(OBEY, parameters)
    cursor.execute(VANISHED.format(mine=mine), parameters)
    cursor.execute(CHANGED, parameters)
    cursor.execute(NEW, parameters)


REFUSAL_ANSWERED = """
UPDATE records_finding f SET status = 'fixed', status_at = %(at)s, by_id = %(by)s
WHERE f.campaign_id = %(campaign)s AND f.rule = 'ministry.rejected' AND f.status = 'open'
  AND (f.record_id = ANY(%(records)s) AND f.field = 'system_code'
       OR (f.record_id, f.field) IN (SELECT * FROM unnest(%(touched)s::bigint[], %(fields)s::text[])))
"""


def answer_refusals(
    cursor: CursorWrapper,
    campaign: Campaign,
    touched: Mapping[int, Collection[str]],
    *,
    by: User,
    at: datetime.datetime,
) -> None:
    """What the ministry's software refused is settled by correcting the field it named; where it named none
    (`system_code` stands for that), by any correction."""
    pairs = [(pk, field) for pk, fields in touched.items() for field in fields]
    cursor.execute(
        REFUSAL_ANSWERED,
        {
            "campaign": campaign.pk, "by": by.pk, "at": at, "records": list(touched),
            "touched": [pk for pk, _ in pairs], "fields": [field for _, field in pairs],
        },
    )  # fmt: skip


def compare_records(
    campaign: Campaign,
    *,
    by: User,
    at: datetime.datetime,
    near: Collection[int] | None = None,
    old_numbers: Collection[str] = (),
    old_names: Collection[str] = (),
    fixed: bool = False,
) -> list[int] | None:
    """Runs the rules that compare records: over both registers of the campaign, or over the neighbourhood of `near`
    (records that share, or with the old values shared, a number or a folded name with them), whose ids it returns."""
    with connection.cursor() as cursor:
        open_tables(cursor)
        if near is None:
            cursor.execute("INSERT INTO judged SELECT id FROM records_record WHERE campaign_id = %s", [campaign.pk])
        else:
            cursor.execute(
                NEIGHBOURS,
                {
                    "campaign": campaign.pk, "near": list(near),
                    "numbers": [n for n in old_numbers if n], "names": [n for n in old_names if n],
                },
            )  # fmt: skip
        if cursor.rowcount >= statistics.MANY:
            statistics.look_again(cursor, "records_record", "records_finding")
        cursor.execute("ANALYZE judged")
        cursor.execute(FIRE, {"campaign": campaign.pk})
        sync(cursor, campaign, by=by, at=at, fixed=fixed, mine=MINE_COMPARED)
        if near is None:
            return None
        cursor.execute("SELECT record_id FROM judged")
        return [pk for (pk,) in cursor.fetchall()]
