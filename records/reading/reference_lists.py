"""Items of the reference lists, and how they are read from the files that carry them."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal, get_args

Register = Literal["children", "beneficiaries"]
REGISTERS: tuple[Register, ...] = get_args(Register)


@dataclass(frozen=True)
class Field:
    """One column of a register.

    `identity`: part of who a person is. `sent_to_police`: the most that may ever go out.
    """

    key: str
    label: str
    header_aliases: tuple[str, ...]
    kind: str
    required: bool
    identity: bool
    sent_to_police: bool
    sensitive: bool
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class EthnicGroup:
    """`code` of 1979, `code_2008` of the later list; `means_missing`: nobody wrote it down."""

    code: str
    name: str
    aliases: tuple[str, ...]
    code_2008: str
    means_missing: bool


@dataclass(frozen=True)
class AmbiguousName:
    """A name that several groups share; `default_code` empty: a person must choose."""

    name: str
    candidate_codes: tuple[str, ...]
    default_code: str


@dataclass(frozen=True)
class Commune:
    """A commune under one name and code; dates ISO, `valid_to` empty while it exists."""

    code: str
    name: str
    kind: str
    district_code: str
    valid_from: str
    valid_to: str
    successor_code: str
    aliases: tuple[str, ...]

    def is_valid_on(self, day: date) -> bool:
        return self.valid_from <= day.isoformat() and (not self.valid_to or day.isoformat() <= self.valid_to)


@dataclass(frozen=True)
class Category:
    """One rate of a category of beneficiaries; ages in full years, `age_to` exclusive, None without bound."""

    code: str
    category_code: str
    label: str
    condition: str
    coefficient: str
    scheme: str
    is_child_group: bool
    certain: bool
    aliases: tuple[str, ...]
    age_from: int | None
    age_to: int | None

    def fits_age(self, age: int) -> bool:
        return (self.age_from is None or age >= self.age_from) and (self.age_to is None or age < self.age_to)


@dataclass(frozen=True)
class StandardLevel:
    """Base amount in đồng a month, in force from `effective_from` (ISO) until the next one."""

    effective_from: str
    amount: int
    certain: bool


def load_fields(directory: Path, register: Register) -> list[Field]:
    """The column set of a register, in its order."""
    import yaml  # the reading process, which gets its lists as JSON, starts quicker without

    text = (directory / "column_sets" / f"{register}.yaml").read_text(encoding="utf-8")
    return [
        Field(
            key=item["key"],
            label=item["label"],
            header_aliases=tuple(item["header_aliases"]),
            kind=item["kind"],
            required=item["required"],
            identity=item["identity"],
            sent_to_police=item["sent_to_police"],
            sensitive=item["sensitive"],
            values=tuple(item.get("values", ())),
        )
        for item in yaml.safe_load(text)["fields"]
    ]


def csv_rows(path: Path) -> Iterable[dict[str, str]]:
    """Rows of a reference list, by the names of its header row."""
    with path.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def split_cell(cell: str) -> tuple[str, ...]:
    """Parts of a cell that holds several texts."""
    return tuple(part for part in cell.split(";") if part)


def with_tuples(item: Mapping[str, Any]) -> dict[str, Any]:
    """An item as JSON brought it, lists made tuples again."""
    return {key: tuple(value) if isinstance(value, list) else value for key, value in item.items()}


def ethnic_group_of(row: Mapping[str, str]) -> EthnicGroup:
    return EthnicGroup(
        row["code"], row["name"], split_cell(row["aliases"]), row["code_2008"], row["means_missing"] == "true"
    )


def commune_of(row: Mapping[str, str]) -> Commune:
    return Commune(
        code=row["code"],
        name=row["name"],
        kind=row["kind"],
        district_code=row["district_code"],
        valid_from=row["valid_from"],
        valid_to=row["valid_to"],
        successor_code=row["successor_code"],
        aliases=split_cell(row["aliases"]),
    )


def category_of(row: Mapping[str, str]) -> Category:
    return Category(
        code=row["code"],
        category_code=row["category_code"],
        label=row["label"],
        condition=row["condition"],
        coefficient=row["coefficient"],
        scheme=row["scheme"],
        is_child_group=row["is_child_group"] == "true",
        certain=row["certain"] == "true",
        aliases=split_cell(row["aliases"]),
        age_from=int(row["age_from"]) if row["age_from"] else None,
        age_to=int(row["age_to"]) if row["age_to"] else None,
    )
