"""Why a person stays as they are when a file is taken back, in words. The undo says it in short codes: of a file, of
fields that changed since, of whatever else stands on the record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from records.models import Record, Stage
from records.reference import field_labels

# Parts of SQL over `r`, a record, and `s`, the row of the file that made it.
_CHANGED_SINCE = """
    CASE WHEN r.values IS DISTINCT FROM s.values THEN 'changed:' || coalesce((
        SELECT string_agg(coalesce(a.key, b.key), ',' ORDER BY coalesce(a.key, b.key))
        FROM jsonb_each_text(r.values) a FULL JOIN jsonb_each_text(s.values) b USING (key)
        WHERE a.value IS DISTINCT FROM b.value), '') END
"""
_MADE_BY_FILE = (
    "CASE WHEN r.stage NOT IN ('to_review', 'cleaned', 'ready_for_police') THEN 'stage:' || r.stage END",
    _CHANGED_SINCE,
    """CASE WHEN EXISTS (SELECT FROM records_finding f WHERE f.campaign_id = r.campaign_id AND f.record_id = r.id
                                                      AND f.status = 'confirmed') THEN 'confirmed:' END""",
    """(SELECT 'file:' || string_agg(DISTINCT later.code, ', ')
        FROM records_sourcerow o JOIN records_sourcefile later ON later.id = o.source_file_id
        WHERE o.record_id = r.id AND later.id <> %(source_file)s AND later.status = 'applied'
          AND later.sha256 <> %(sha256)s)""",
    "CASE WHEN r.source_row_id IS DISTINCT FROM s.id THEN 'moved:' END",
)


def reasons(stands_on_it: Mapping[str, tuple[str, str]]) -> str:
    """SQL: an array of the reasons for which a record that the file made stays. `stands_on_it`: label of a model that
    refers to records → its table and column."""
    others = [
        f"CASE WHEN EXISTS (SELECT FROM {table} x WHERE x.{column} = r.id) THEN 'on:{label}' END"
        for label, (table, column) in stands_on_it.items()
    ]
    return f"array_remove(ARRAY[{', '.join([*_MADE_BY_FILE, *others])}]::text[], NULL)"


def in_words(codes: Sequence[str], register: str) -> str:
    if any(code.startswith("file:") for code in codes):
        codes = [code for code in codes if code != "moved:"]
    return "; ".join(dict.fromkeys(_word(*code.partition(":")[::2], register) for code in codes))


def _word(kind: str, what: str, register: str) -> str:
    if kind == "stage":
        return f"đang ở bước “{Stage(what).label}”"
    if kind == "changed":
        labels = field_labels(register) | {"is_gone": "dấu “không còn trong tệp”"}
        changed = [labels.get(key, key) for key in what.split(",") if key and key != "source_row"]
        return "đã đổi sau tệp này: " + ", ".join(changed) if changed else _LATER_FILE
    if kind == "file":
        return f"tệp {what} cũng nói về người này"
    if kind == "on":
        return f"có {_label(what)} dựa vào hồ sơ"
    return {"confirmed": "có người đã xác nhận là đúng"}.get(kind, _LATER_FILE)


_LATER_FILE = "tệp sau cũng nói về người này"


def _label(model: str) -> str:
    found = {
        r.related_model._meta.label_lower: r.related_model._meta.verbose_name for r in Record._meta.related_objects
    }
    return str(found.get(model, model))
