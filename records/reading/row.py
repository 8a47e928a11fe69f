"""One row under judgement: its values, what was read from them, and the findings so far."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from records.reading.dates import DateReading, full_years
from records.reading.names import NameReading
from records.reading.personal_number import NumberReading
from records.reading.reference import Reference
from records.reading.rules import severity_and_group
from records.reading.values import CellReader, Known
from records.reading.vietnamese import tidy


@dataclass(slots=True)
class Finding:
    """`value` is the cell as typed (tidied), `suggestion` the only repair that follows, else ""."""

    rule: str
    field: str
    severity: str
    group: int | None
    value: str
    suggestion: str


@dataclass(slots=True)
class Row:
    """`raw` as it came, `values` the canonical readings; a key that is absent in both was no column of the file.

    `father_number` and `mother_number` are twelve digits, or "" where there are no usable ones.
    """

    raw: Mapping[str, str]
    values: dict[str, str]
    reference: Reference
    cells: CellReader
    name: NameReading
    sex: str
    birth: DateReading
    number: NumberReading
    ethnic_group: Known
    commune: Known
    father_number: str
    mother_number: str
    category_codes: frozenset[str]
    findings: list[Finding] = field(default_factory=list)

    def add(self, rule: str, field_key: str, suggestion: str = "", *, severity: str = "") -> None:
        decided = self.reference.rule_states.get(rule, "")
        if decided == "off":
            return
        usual, group = severity_and_group(rule, self.reference.register, field_key)
        typed = self.raw.get(field_key)
        value = tidy(typed if isinstance(typed, str) else str(typed or ""))
        self.findings.append(Finding(rule, field_key, decided or severity or usual, group, value, suggestion))

    def is_empty(self, field_key: str) -> bool:
        """Whether the file has the column and this cell of it says nothing."""
        return self.values.get(field_key) == ""

    def youngest_age(self) -> int | None:
        """Full years on the campaign's first day if born on the last day possible; None when unknown."""
        return full_years(self.birth.last, self.reference.first_day) if self.birth.last else None

    def oldest_age(self) -> int | None:
        """Full years on the campaign's first day if born on the first day possible; None when unknown."""
        return full_years(self.birth.first, self.reference.first_day) if self.birth.first else None
