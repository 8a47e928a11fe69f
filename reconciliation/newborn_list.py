"""The rows of a newborn list: whom each is about, what it adds to the register, and what it says otherwise."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.models import Q

from campaigns.errors import WorkRefused
from campaigns.jobs import no_report
from campaigns.models import Campaign, Commune, Register
from reconciliation.meaning import Meaning, bare, spelled, spelled_name
from reconciliation.models import BatchKind
from reconciliation.newborn_questions import already_decided
from reconciliation.outcomes import NUMBER, Differs, Surroundings, number_rules
from records import staging
from records.models import FileKind, FileStatus, Record, SourceRow, Stage
from records.reading.errors import ReadingError
from records.reading.process import open_reading
from records.reading.reference import Reference
from records.reference import field_labels, fields_of

# What such a list says of itself, or what the ministry's software gives: not a fact about the child.
NOT_TAKEN = frozenset({"system_code", "note", "updated_on", "commune"})
_ROWS = """
SELECT row_number, cells, values, match_name, birth_date, birth_precision, personal_number, father_match, mother_match
FROM import_stage ORDER BY row_number
"""


@dataclass
class Birth:
    """A row of the list. `record`: whom it is about, None for a new child; `repeats`: an earlier row of this list is
    about the same child; `is_new`: neither."""

    row: int
    cells: list[str]
    values: dict[str, str]
    match_name: str
    day: Any
    number: str
    parents: frozenset[str]
    record: Record | None = None
    repeats: bool = False
    is_new: bool = False
    filled: dict[str, str] = field(default_factory=dict)
    contradicts: list[Differs] = field(default_factory=list)
    is_elsewhere: bool = False

    @property
    def waits(self) -> bool:
        return bool(self.contradicts) or self.is_elsewhere


def read_births(content: bytes, name: str, commune: Commune, reference: Reference) -> list[Birth]:
    with tempfile.NamedTemporaryFile(suffix=Path(name).suffix[:8]) as file, connection.cursor() as cursor:
        file.write(content)
        file.flush()
        request = {
            "mode": "register", "path": file.name, "name": name, "commune": commune.code,
            "reference": reference.to_json(), "added_by_hand": True,
        }  # fmt: skip
        try:
            with open_reading(request) as reading:
                staging.load(cursor, reading.stdout, no_report)
                reading.finish()
        except ReadingError as error:
            raise WorkRefused(error.code, error.message) from error
        cursor.execute(_ROWS)
        return [_birth(row, commune) for row in cursor.fetchall()]


def _birth(row: Sequence[Any], commune: Commune) -> Birth:
    number, cells, values, match_name, day, precision, personal_number, father, mother = row
    values = json.loads(values)
    values["commune"] = values.get("commune") or commune.name
    return Birth(
        row=number, cells=json.loads(cells), values=values, match_name=match_name,
        day=day if precision == "day" else None, number=personal_number,
        parents=frozenset({f"father {father}", f"mother {mother}"} - {"father ", "mother "}),
    )  # fmt: skip


def match(campaign: Campaign, births: Sequence[Birth]) -> None:
    """By number, else by name, full birth date and a parent; a row that an earlier list held word for word, as then."""
    numbers = {b.number for b in births} - {""}
    names, days = {b.match_name for b in births} - {""}, {b.day for b in births} - {None}
    same = Q(personal_number__in=numbers) | Q(match_name__in=names, birth_date__in=days, birth_precision="day")
    records = Record.objects.register(campaign, Register.CHILDREN).present().select_for_update(of=("self",))
    by_number: dict[str, list[Record]] = {}
    by_name: dict[tuple[str, Any], list[Record]] = {}
    for record in records.filter(same).select_related("commune").order_by("pk"):
        by_number.setdefault(record.personal_number, []).append(record)
        by_name.setdefault((record.match_name, record.birth_date), []).append(record)
    seen: dict[str, list[Birth]] = {}
    earlier = _earlier_rows(campaign)
    for birth in births:
        birth.record = _by_number(birth, by_number) or _by_name(birth, by_name) or _as_then(birth, earlier)
        if birth.record is None:
            birth.repeats = any(_same_birth(birth, other) for other in seen.get(birth.match_name, []))
            birth.is_new = not birth.repeats
        seen.setdefault(birth.match_name, []).append(birth)


def _earlier_rows(campaign: Campaign) -> dict[str, list[Record]]:
    """What a row said → whom it was about, for the rows of earlier lists."""
    rows = SourceRow.objects.filter(
        campaign=campaign, source_file__kind=FileKind.NEWBORNS, source_file__status=FileStatus.APPLIED,
        record__is_gone=False,
    )  # fmt: skip
    found: dict[str, list[Record]] = {}
    for row in rows.exclude(record__stage=Stage.EXCLUDED).select_related("record__commune").order_by("-id"):
        if row.record is not None and row.record not in found.setdefault(_words(row.values), []):
            found[_words(row.values)].append(row.record)
    return found


def _as_then(birth: Birth, earlier: Mapping[str, list[Record]]) -> Record | None:
    """Each earlier row stands for one row of this list: two alike were two children."""
    records = earlier.get(_words(birth.values))
    return records.pop() if records else None


def _words(values: Mapping[str, str]) -> str:
    return json.dumps(values, sort_keys=True)


def _by_number(birth: Birth, records: Mapping[str, Sequence[Record]]) -> Record | None:
    holders = records.get(birth.number, ()) if birth.number else ()
    alike = [record for record in holders if record.match_name == birth.match_name]
    return next(iter([*alike, *holders]), None)


def _by_name(birth: Birth, records: Mapping[tuple[str, Any], Sequence[Record]]) -> Record | None:
    if birth.day is None or not birth.match_name:
        return None
    for record in records.get((birth.match_name, birth.day), ()):
        if birth.parents & {f"father {record.father_match}", f"mother {record.mother_match}"}:
            return record
    return None


def _same_birth(one: Birth, other: Birth) -> bool:
    if other.record is not None:
        return False
    if one.number and other.number:
        return one.number == other.number
    return one.day is not None and one.day == other.day and bool(one.parents & other.parents)


def compare(campaign: Campaign, commune: Commune, births: Sequence[Birth], reference: Reference) -> None:
    compared = {f.key: f.kind for f in fields_of(Register.CHILDREN) if f.identity} | {
        "birth_certificate_number": "code"
    }
    around = _around(campaign, births, reference)
    decided = already_decided([b.record.pk for b in births if b.record is not None])
    for birth in births:
        if birth.record is None:
            continue
        birth.is_elsewhere = birth.record.commune_id not in (None, commune.pk)
        if birth.is_elsewhere:
            continue
        for key, theirs in birth.values.items():
            ours = birth.record.value(key)
            if not theirs or key in NOT_TAKEN or key.endswith("_note"):
                continue
            if not ours and not (key == NUMBER and _does_not_fit(birth, around)):
                birth.filled[key] = theirs
            elif not ours or (key in compared and not _same(compared[key], ours, theirs)):
                birth.contradicts.append(Differs(key, ours, ours, theirs))
        birth.contradicts = [d for d in birth.contradicts if (birth.record.pk, d.field, d.theirs) not in decided]


def _around(campaign: Campaign, births: Sequence[Birth], reference: Reference) -> Surroundings:
    holders: dict[str, set[int]] = {}
    register = Record.objects.register(campaign, Register.CHILDREN).present()
    held = register.filter(personal_number__in={b.number for b in births} - {""})
    for number, pk in held.values_list("personal_number", "pk"):
        holders.setdefault(number, set()).add(pk)
    labels = field_labels(Register.CHILDREN)
    return Surroundings(BatchKind.CIVIL_REGISTRY, reference, Meaning(reference), labels, holders)


def _does_not_fit(birth: Birth, around: Surroundings) -> bool:
    if birth.record is None:
        return False
    return bool(number_rules(birth.record.values, birth.values[NUMBER], birth.record.pk, around))


def _same(kind: str, ours: str, theirs: str) -> bool:
    if kind == "person_name":
        return spelled_name(ours) == spelled_name(theirs)
    if kind in ("personal_number", "personal_number_old"):
        return bare(ours) == bare(theirs)
    return spelled(ours) == spelled(theirs)
