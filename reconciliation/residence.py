"""Where a person lives, as one text: the address on record, or village and commune where there is none."""

from __future__ import annotations

from collections.abc import Mapping

from reconciliation.meaning import spelled
from records.models import Record

ADDRESS, VILLAGE = "permanent_address", "village"


def residence_text(record: Record) -> str:
    if record.address:
        return record.address
    return ", ".join(filter(None, [record.village, record.commune.name if record.commune else ""]))


def residence_field(values: Mapping[str, str]) -> str:
    """The field that a corrected residence is written to: the village where the register has no address column."""
    return VILLAGE if ADDRESS not in values and VILLAGE in values else ADDRESS


def same_residence(text: str, values: Mapping[str, str]) -> bool:
    """Whether the text names our address, or our village with or without its commune."""
    ours = [values.get(ADDRESS, ""), values.get(VILLAGE, "")]
    ours += [f"{part} {values.get('commune', '')}" for part in ours]
    if not values.get(ADDRESS):
        ours.append(values.get("commune", ""))
    return any(_letters(own) == _letters(text) for own in ours if own)


def _letters(text: str) -> str:
    """Diacritics count; signs and spaces do not."""
    return "".join(filter(str.isalnum, spelled(text)))
