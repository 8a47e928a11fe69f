"""Where records stand after a file was written into the register: new ones where their findings put them, changed ones
looked at again, and those of whom nothing is left to look at back where they belong."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper

from campaigns.models import Campaign, User
from records import stages
from records.models import Stage

_FIRST_STAGES = """
INSERT INTO records_stagechange (campaign_id, record_id, old, new, at, by_id, reason)
SELECT %(campaign)s, m.record_id, '', r.stage, %(at)s, %(by)s, %(reason)s
FROM import_row m JOIN records_record r ON r.id = m.record_id
WHERE m.outcome = 'created' ORDER BY m.row_number
"""
# What their own rows say put new people where they belong already; what comparing them said does so now.
_BLOCKED_NEW = """
UPDATE records_record r SET stage = 'to_review'
WHERE r.created_in_id = %(change_set)s AND r.stage = 'cleaned' AND r.id IN (
    SELECT record_id FROM records_finding
    WHERE campaign_id = %(campaign)s AND status = 'open' AND rule LIKE ANY (ARRAY['record.%%', 'number.shared'])
      AND severity IN ('error', 'warning'))
"""
# People whom the police must still look up are not made clean by a file (contract section 3, mark_reviewed).
_LOOKED_UP = """
    SELECT max(s.at) FROM records_stagechange s
    WHERE s.campaign_id = r.campaign_id AND s.record_id = r.id
      AND s.old IN ('with_police', 'to_settle', 'with_civil_registry') AND s.new IN ('cleaned', 'to_review')
"""
_NEED_NOT_BE_LOOKED_UP = f"""
    NOT r.ask_police AND (NOT r.is_new OR ({_LOOKED_UP}) IS NOT NULL)
    AND NOT EXISTS (
        SELECT FROM records_change h JOIN records_changeset cs ON cs.id = h.change_set_id
        WHERE h.campaign_id = r.campaign_id AND h.record_id = r.id AND h.field IN ('full_name', 'birth_date', 'sex')
          AND cs.kind NOT IN ('import', 'civil_registry') AND cs.undoes_id IS NULL
          AND NOT EXISTS (SELECT FROM records_changeset u WHERE u.undoes_id = cs.id)
          AND cs.at > coalesce(({_LOOKED_UP}), '-infinity'))
"""
_TOUCHED = f"""
SELECT r.id FROM import_row m JOIN records_record r ON r.id = m.record_id
WHERE m.outcome = 'changed' AND EXISTS (SELECT FROM import_change t WHERE t.row_number = m.row_number AND t.taken)
  AND (r.stage IN ('cleaned', 'uploaded') OR r.stage = 'to_review' AND {_NEED_NOT_BE_LOOKED_UP})
"""
# Of whom something was lifted that kept them from being clean. Who was clean before, and has not been changed since, is
# so again. {lifted}: keys of these records.
_FREED = f"""
SELECT r.id, r.as_it_was AND r.old = 'uploaded'
FROM (SELECT r.*, before.old, before.old IN ('cleaned', 'uploaded') AND NOT EXISTS (
          SELECT FROM records_change h JOIN records_changeset cs ON cs.id = h.change_set_id
          WHERE h.campaign_id = r.campaign_id AND h.record_id = r.id AND h.field NOT IN ('is_gone', 'source_row')
            AND cs.at >= before.at) AS as_it_was
      FROM records_record r
      CROSS JOIN LATERAL (SELECT s.old, s.at FROM records_stagechange s
                          WHERE s.campaign_id = r.campaign_id AND s.record_id = r.id
                          ORDER BY s.id DESC LIMIT 1) before
      WHERE r.campaign_id = %(campaign)s AND r.stage = 'to_review' AND r.id {{lifted}}) r
WHERE (r.as_it_was OR {_NEED_NOT_BE_LOOKED_UP})
  AND NOT EXISTS (SELECT FROM records_finding f
                  WHERE f.campaign_id = %(campaign)s AND f.record_id = r.id AND f.status = 'open'
                    AND f.severity IN ('error', 'warning'))
"""
# They are back in the file, their code stands on one row only, the number is no longer shared.
_BY_FILE = """IN (
    SELECT f.record_id FROM records_finding f
    WHERE f.campaign_id = %(campaign)s AND f.status IN ('gone', 'fixed') AND f.status_at = %(at)s
      AND f.severity IN ('error', 'warning'))
"""
# Nobody asks the police about people whom the ministry's software no longer knows, before a person has looked.
_GONE_BEFORE_SENT = """
SELECT r.id FROM records_record r
WHERE r.campaign_id = %(campaign)s AND r.stage = 'ready_for_police' AND r.is_gone
  AND EXISTS (SELECT FROM records_finding f WHERE f.campaign_id = r.campaign_id AND f.record_id = r.id
                                              AND f.rule = 'record.gone' AND f.status = 'open')
"""


def settle(
    cursor: CursorWrapper,
    campaign: Campaign,
    parameters: dict[str, Any],
    *,
    by: User,
    at: datetime.datetime,
    reason: str,
) -> None:
    """`parameters`: campaign, change_set, at, by, reason, as the statements name them."""
    cursor.execute(_BLOCKED_NEW, parameters)
    cursor.execute(_FIRST_STAGES, parameters)
    cursor.execute(_TOUCHED, parameters)
    stages.move_to_clean_or_review(campaign, [pk for (pk,) in cursor.fetchall()], by=by, reason=reason, at=at)
    cursor.execute(_FREED.format(lifted=_BY_FILE), parameters)
    _move_freed(campaign, cursor.fetchall(), by=by, at=at, reason=reason)
    stages.reopen_unclean(campaign, by=by, reason=reason, at=at)
    cursor.execute(_GONE_BEFORE_SENT, parameters)
    stages.move(campaign, [pk for (pk,) in cursor.fetchall()], Stage.TO_REVIEW, by=by, reason=reason, at=at)


def free(campaign: Campaign, blocked: Collection[int], *, by: User, at: datetime.datetime, reason: str) -> int:
    """Of the records that were blocked, moves those that nothing keeps from being clean any more; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(_FREED.format(lifted="= ANY (%(blocked)s)"), {"campaign": campaign.pk, "blocked": list(blocked)})
        freed = cursor.fetchall()
    _move_freed(campaign, freed, by=by, at=at, reason=reason)
    return len(freed)


def _move_freed(
    campaign: Campaign, freed: list[tuple[int, bool]], *, by: User, at: datetime.datetime, reason: str
) -> None:
    """`freed`: keys, and whether the record was in the ministry's software already."""
    stages.move(campaign, [pk for pk, _ in freed], Stage.CLEANED, by=by, reason=reason, at=at)
    stages.move(campaign, [pk for pk, again in freed if again], Stage.UPLOADED, by=by, reason=reason, at=at)
