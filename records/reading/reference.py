"""Reference lists that the rules compare with: fields, ethnic groups, communes, categories, standards.

Built once for a campaign and register, sent to the reading process as JSON. Sources: see docs/reference.md.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Self, TypeVar

from records.reading.memo import repeated
from records.reading.reference_lists import (
    REGISTERS,
    AmbiguousName,
    Category,
    Commune,
    EthnicGroup,
    Field,
    Register,
    StandardLevel,
    category_of,
    commune_of,
    csv_rows,
    ethnic_group_of,
    load_fields,
    split_cell,
    with_tuples,
)
from records.reading.vietnamese import fold

__all__ = [
    "REGISTERS",
    "AmbiguousName",
    "Category",
    "Commune",
    "EthnicGroup",
    "Field",
    "Reference",
    "Register",
    "StandardLevel",
    "load_fields",
]

_Result = TypeVar("_Result")


@dataclass
class Reference:
    """All that judging a row needs besides the row.

    `province_codes`: the first three digits of a number, `province_names` their names.
    `latest_birth`: a birth after it is in the future. `heading_map` and `category_map`: what people answered
    before, folded heading to field key and folded text to category code. `rule_states`: rules that the district
    switched off ("off") or weighs otherwise (a severity). `memo` keeps what was worked out from the lists; neither
    compared nor sent.
    """

    register: Register
    fields: list[Field]
    other_register_fields: list[Field]
    first_day: date
    last_day: date
    latest_birth: date
    district_code: str
    ethnic_groups: list[EthnicGroup]
    ambiguous_names: list[AmbiguousName]
    communes: list[Commune]
    categories: list[Category]
    standard_levels: list[StandardLevel]
    province_codes: frozenset[str]
    province_names: dict[str, str] = field(default_factory=dict)
    heading_map: dict[str, str] = field(default_factory=dict)
    category_map: dict[str, str] = field(default_factory=dict)
    rule_states: dict[str, str] = field(default_factory=dict)
    memo: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    @classmethod
    def from_files(
        cls,
        directory: Path,
        *,
        register: Register,
        first_day: date,
        last_day: date,
        latest_birth: date,
        district_code: str,
    ) -> Self:
        """Reads the reference lists; raises OSError or KeyError when a list or one of its columns is missing."""
        provinces = {row["code"]: row["name"] for row in csv_rows(directory / "id_number_provinces.csv")}
        other: Register = "beneficiaries" if register == "children" else "children"
        return cls(
            register=register,
            fields=load_fields(directory, register),
            other_register_fields=load_fields(directory, other),
            first_day=first_day,
            last_day=last_day,
            latest_birth=latest_birth,
            district_code=district_code,
            ethnic_groups=[ethnic_group_of(row) for row in csv_rows(directory / "ethnic_groups.csv")],
            ambiguous_names=[
                AmbiguousName(row["name"], split_cell(row["candidate_codes"]), row["default_code"])
                for row in csv_rows(directory / "ethnic_ambiguous_names.csv")
            ],
            communes=[commune_of(row) for row in csv_rows(directory / "communes_bac_yen.csv")],
            categories=[category_of(row) for row in csv_rows(directory / "beneficiary_categories.csv")],
            standard_levels=[
                StandardLevel(row["effective_from"], int(row["amount_vnd"]), row["certain"] == "true")
                for row in csv_rows(directory / "benefit_standard_levels.csv")
            ],
            province_codes=frozenset(provinces),
            province_names=provinces,
        )

    def to_json(self) -> dict[str, Any]:
        """Plain lists, dicts and texts; `from_json` gives an equal object back."""
        plain = {key: value for key, value in asdict(self).items() if key != "memo"}
        plain["province_codes"] = sorted(self.province_codes)
        for key in ("first_day", "last_day", "latest_birth"):
            plain[key] = plain[key].isoformat()
        return plain

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Self:
        parts: dict[str, Any] = dict(plain)
        for key, kind in _LISTS.items():
            parts[key] = [kind(**with_tuples(item)) for item in parts[key]]
        for key in ("first_day", "last_day", "latest_birth"):
            parts[key] = date.fromisoformat(parts[key])
        parts["province_codes"] = frozenset(parts["province_codes"])
        return cls(**parts)

    @cached_property
    def kinds(self) -> dict[str, str]:
        """Kind of each field by its key."""
        return {one.key: one.kind for one in self.fields}

    @cached_property
    def name_keys(self) -> tuple[str, ...]:
        """Fields that hold a person's name."""
        return tuple(one.key for one in self.fields if one.kind == "person_name")

    @cached_property
    def groups_by_code(self) -> dict[str, EthnicGroup]:
        return {group.code: group for group in self.ethnic_groups}

    @cached_property
    def ethnic_names(self) -> dict[str, tuple[str, ...]]:
        """Folded name to the codes of 1979 it may mean: one when clear, several when a person must choose.

        Ambiguous names come before own names, own names before aliases.
        """
        names: dict[str, tuple[str, ...]] = {}
        shared: dict[str, list[str]] = defaultdict(list)
        for group in self.ethnic_groups:
            for alias in group.aliases:
                if group.code not in shared[fold(alias)]:
                    shared[fold(alias)].append(group.code)
        names.update({alias: tuple(codes) for alias, codes in shared.items()})
        names.update({fold(group.name): (group.code,) for group in self.ethnic_groups})
        for name in self.ambiguous_names:
            names[fold(name.name)] = (name.default_code,) if name.default_code else name.candidate_codes
        return names

    @cached_property
    def ethnic_numbers(self) -> dict[str, tuple[str, ...]]:
        """Two-digit code to the codes of 1979 it may mean: two where the lists of 1979 and 2008 differ."""
        numbers: dict[str, tuple[str, ...]] = {group.code: (group.code,) for group in self.ethnic_groups}
        for group in self.ethnic_groups:
            earlier = numbers.get(group.code_2008, ())
            if group.code not in earlier:
                numbers[group.code_2008] = (*earlier, group.code)
        return numbers

    @cached_property
    def communes_by_code(self) -> dict[str, Commune]:
        """Communes that exist on the campaign's first day."""
        return {one.code: one for one in self.communes if one.is_valid_on(self.first_day)}

    @cached_property
    def commune_names(self) -> dict[str, Commune]:
        """Folded name, alias or abbreviation to a commune of the first day; names of several are left out."""
        found: dict[str, set[str]] = defaultdict(set)
        for commune in self.communes_by_code.values():
            types = ("xa", "x") if commune.kind == "xa" else ("thitran", "tt")
            for name in (commune.name, *commune.aliases):
                bare = fold(name).removeprefix(types[0])
                found[fold(name)].add(commune.code)
                for prefix in types:
                    found[prefix + bare].add(commune.code)
        return {name: self.communes_by_code[next(iter(codes))] for name, codes in found.items() if len(codes) == 1}

    @cached_property
    def categories_by_code(self) -> dict[str, list[Category]]:
        """Rates of each category."""
        grouped: dict[str, list[Category]] = defaultdict(list)
        for category in self.categories:
            grouped[category.category_code].append(category)
        return dict(grouped)

    @cached_property
    def category_names(self) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
        """Category codes by label, alias or code: as written (case and spaces aside), and folded."""
        exact: dict[str, set[str]] = defaultdict(set)
        folded: dict[str, set[str]] = defaultdict(set)
        for category in self.categories:
            for name in (category.label, category.category_code, category.code, *category.aliases):
                exact[without_case_and_spaces(name)].add(category.category_code)
                folded[fold(name)].add(category.category_code)
        return dict(exact), dict(folded)

    def remembered(self, name: str, work_out: Callable[[str], _Result]) -> Callable[[str], _Result]:
        """A memory, by name, of what follows from a text and these lists alone; the first `work_out` given is kept."""
        found: Callable[[str], _Result] | None = self.memo.get(name)
        if found is None:
            found = self.memo[name] = repeated(work_out)
        return found

    def standard_on(self, day: date) -> StandardLevel | None:
        """The base amount in force on a day; None before the first one known."""
        known = [level for level in self.standard_levels if level.effective_from <= day.isoformat()]
        return max(known, key=lambda level: level.effective_from, default=None)


_LISTS: dict[str, type] = {
    "fields": Field,
    "other_register_fields": Field,
    "ethnic_groups": EthnicGroup,
    "ambiguous_names": AmbiguousName,
    "communes": Commune,
    "categories": Category,
    "standard_levels": StandardLevel,
}


def without_case_and_spaces(text: str) -> str:
    return "".join(text.lower().split())
