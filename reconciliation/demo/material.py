"""What the district is made of: names, communes, ethnic groups and benefit categories from the reference data."""

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

DISTRICT_CODE = "121"
PROVINCE_CODE = "014"  # as the first three digits of a personal number


@dataclass(frozen=True)
class Commune:
    code: str
    name: str  # with its type: "Xã Làng Chếu"
    aliases: tuple[str, ...]
    weight: float
    ethnic: dict[str, float]  # code of the group: share
    villages: tuple[str, ...]

    @property
    def in_a_sentence(self) -> str:
        return self.name[0].lower() + self.name[1:]


@dataclass(frozen=True)
class CategoryRow:
    """One row of beneficiary_categories.csv; ages in full years, `age_to` exclusive."""

    code: str
    category_code: str
    coefficient: str  # as written on lists, with a decimal comma
    scheme: str
    is_child: bool
    certain: bool
    age_from: int | None
    age_to: int | None
    spellings: tuple[str, ...]  # label and aliases that name this category alone

    @property
    def is_allowance(self) -> bool:
        return self.scheme == "tro_cap"


@dataclass(frozen=True)
class Material:
    names: dict[str, Any]  # the groups of vietnamese_names.yaml
    quirks: dict[str, float]
    communes: dict[str, Commune]
    communes_elsewhere: tuple[str, ...]  # names of communes of other districts
    ethnic_names: dict[str, str]
    categories: dict[str, CategoryRow]
    levels: tuple[tuple[date, int, bool], ...]  # from, dong, certain; oldest first
    provinces: tuple[str, ...]
    labels: dict[str, dict[str, str]]  # register: field key: heading

    def level_on(self, day: date) -> tuple[int, bool]:
        """Base amount in force on a day, in dong, and whether the reference data is sure of it."""
        held = [(amount, certain) for start, amount, certain in self.levels if start <= day]
        return held[-1] if held else (self.levels[0][1], False)


def load_material(directory: Path) -> Material:
    """Reads campaigns/reference; raises OSError or KeyError when it is not that directory."""
    source = yaml.safe_load((directory / "vietnamese_names.yaml").read_text(encoding="utf-8"))
    groups = _rows(directory / "ethnic_groups.csv")
    return Material(
        names=source["groups"],
        quirks=source["quirks"],
        communes=_communes(directory, source["communes"]),
        communes_elsewhere=tuple(
            row["name"]
            for row in _rows(directory / "communes_bac_yen.csv")
            if row["district_code"] not in ("", DISTRICT_CODE)
        ),
        ethnic_names={row["code"]: row["name"] for row in groups},
        categories=_categories(directory),
        levels=tuple(
            (date.fromisoformat(row["effective_from"]), int(row["amount_vnd"]), row["certain"] == "true")
            for row in _rows(directory / "benefit_standard_levels.csv")
        ),
        provinces=tuple(row["code"] for row in _rows(directory / "id_number_provinces.csv")),
        labels={register: _labels(directory, register) for register in ("children", "beneficiaries")},
    )


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _communes(directory: Path, source: dict[str, Any]) -> dict[str, Commune]:
    named = {
        row["code"]: row for row in _rows(directory / "communes_bac_yen.csv") if row["district_code"] == DISTRICT_CODE
    }
    return {
        code: Commune(
            code=code,
            name=named[code]["name"],
            aliases=tuple(named[code]["aliases"].split(";")),
            weight=entry["weight"],
            ethnic=entry["ethnic"],
            villages=tuple(entry["villages"]),
        )
        for code, entry in source.items()
    }


def _categories(directory: Path) -> dict[str, CategoryRow]:
    rows = _rows(directory / "beneficiary_categories.csv")
    meant: dict[str, set[str]] = {}
    for row in rows:
        for spelling in _spellings(row):
            meant.setdefault(spelling.casefold(), set()).add(row["category_code"])
    return {
        row["code"]: CategoryRow(
            code=row["code"],
            category_code=row["category_code"],
            coefficient=row["coefficient"].replace(".", ","),
            scheme=row["scheme"],
            is_child=row["is_child_group"] == "true",
            certain=row["certain"] == "true",
            age_from=int(row["age_from"]) if row["age_from"] else None,
            age_to=int(row["age_to"]) if row["age_to"] else None,
            spellings=tuple(text for text in _spellings(row) if len(meant[text.casefold()]) == 1),
        )
        for row in rows
    }


def _spellings(row: dict[str, str]) -> list[str]:
    return [row["label"], *filter(None, row["aliases"].split(";"))]


def _labels(directory: Path, register: str) -> dict[str, str]:
    text = (directory / "column_sets" / f"{register}.yaml").read_text(encoding="utf-8")
    return {field["key"]: field["label"] for field in yaml.safe_load(text)["fields"]}
