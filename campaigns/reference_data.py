"""Load campaigns/reference/*.csv into the lists that the rules read.

A row of a list belongs to the file until a person adds or changes it in the administration (form or bulk import);
from then on it is theirs, and loading leaves it alone and counts it as `kept` where it differs from the file. The
administration's own log says which rows those are. Rows that only people have added are never touched.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction

from campaigns import audit
from campaigns.models import AmbiguousEthnicName, Category, Commune, EthnicGroup, StandardLevel, User
from campaigns.permissions import Permission, check

FILES = Path(settings.BASE_DIR) / "campaigns" / "reference"


@dataclass(frozen=True)
class ReferenceList:
    """`renamed`: column of the file → field of the model where the names differ; `lists`: cells that hold several
    values, parted by `;`. Columns that the model does not have are not read."""

    model: type[models.Model]
    file: str
    key: tuple[str, ...]
    lists: frozenset[str] = frozenset()
    renamed: dict[str, str] = field(default_factory=dict)


LISTS = (
    ReferenceList(Commune, "communes_bac_yen.csv", ("code", "valid_from"), lists=frozenset({"aliases"})),
    ReferenceList(EthnicGroup, "ethnic_groups.csv", ("code",), lists=frozenset({"aliases"})),
    ReferenceList(AmbiguousEthnicName, "ethnic_ambiguous_names.csv", ("name",), lists=frozenset({"candidate_codes"})),
    ReferenceList(Category, "beneficiary_categories.csv", ("code",), lists=frozenset({"aliases"})),
    ReferenceList(StandardLevel, "benefit_standard_levels.csv", ("effective_from",), renamed={"amount_vnd": "amount"}),
)


@dataclass
class Loaded:
    """`kept`: rows that differ from the file and were left to the person who changed them, as `file: key`."""

    rows: int = 0
    created: int = 0
    changed: int = 0
    kept: list[str] = field(default_factory=list)


@transaction.atomic
def load(*, by: User) -> Loaded:
    """Reads every list of the project; a second run changes nothing."""
    check(by, Permission.MANAGE)
    loaded = Loaded()
    for reference_list in LISTS:
        _load_list(reference_list, loaded)
    if loaded.created or loaded.changed:
        audit.record("reference_loaded", by=by, created=loaded.created, changed=loaded.changed, kept=len(loaded.kept))
    return loaded


def _load_list(reference_list: ReferenceList, loaded: Loaded) -> None:
    model, key = reference_list.model, reference_list.key
    rows = model._default_manager.all()
    existing = {tuple(getattr(row, name) for name in key): row for row in rows}
    of_people = _changed_by_people(model)
    new: list[models.Model] = []
    changed: list[models.Model] = []
    for values in _read(reference_list):
        loaded.rows += 1
        row = existing.get(tuple(values[name] for name in key))
        if row is None:
            new.append(model(**values))
        elif all(getattr(row, name) == value for name, value in values.items()):
            continue
        elif str(row.pk) in of_people:
            loaded.kept.append(f"{reference_list.file}: " + " ".join(str(values[name]) for name in key))
        else:
            for name, value in values.items():
                setattr(row, name, value)
            changed.append(row)
    names = [f.name for f in model._meta.concrete_fields if not f.primary_key]
    model._default_manager.bulk_create(new)
    model._default_manager.bulk_update(changed, names)
    loaded.created += len(new)
    loaded.changed += len(changed)


def _changed_by_people(model: type[models.Model]) -> set[str]:
    entries = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(model))
    return {key for key in entries.values_list("object_id", flat=True) if key}


def _read(reference_list: ReferenceList) -> Iterator[dict[str, Any]]:
    fields = {f.name: f for f in reference_list.model._meta.concrete_fields}
    with (FILES / reference_list.file).open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            named = {reference_list.renamed.get(column, column): text.strip() for column, text in line.items()}
            yield {
                name: _parted(text) if name in reference_list.lists else _value(fields[name], text)
                for name, text in named.items()
                if name in fields
            }


def _parted(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]


def _value(to_field: models.Field[Any, Any], text: str) -> Any:
    if text == "":
        return None if to_field.null else ""
    readers: dict[type, Callable[[str], Any]] = {models.BooleanField: lambda value: value == "true"}
    return readers.get(type(to_field), to_field.to_python)(text)
