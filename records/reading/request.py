"""What the parent asks of the child, and the limits within which the child works."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

MODES = ("register", "inspect", "table")


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes are in bytes, times in seconds of processor."""

    file_size: int = 100 << 20
    unpacked_size: int = 800 << 20
    packing_ratio: int = 100
    parts: int = 20_000
    cells: int = 30_000_000  # 1,048,576 rows of one-letter columns, about 700 MB inside calamine
    memory: int = 1536 << 20
    processor_seconds: int = 300
    written_to_files: int = 64 << 20


@dataclass(frozen=True, slots=True)
class WantedColumn:
    """A column that a list which comes home should have."""

    key: str
    headings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Request:
    mode: str
    path: Path
    name: str
    sheet: str | None = None
    commune: str | None = None
    columns: dict[str, int] | None = None
    reference: dict[str, Any] = field(default_factory=dict)
    added_by_hand: bool = False
    wanted: tuple[WantedColumn, ...] = ()
    limits: Limits = field(default_factory=Limits)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Request":
        """Raises KeyError, TypeError or ValueError on a request that the parent made wrongly."""
        if data["mode"] not in MODES:
            raise ValueError(f"unknown mode: {data['mode']}")
        path = Path(data["path"])
        return cls(
            mode=data["mode"],
            path=path,
            name=data.get("name") or path.name,
            sheet=data.get("sheet") or None,
            commune=data.get("commune") or None,
            columns=data.get("columns"),
            reference=data.get("reference") or {},
            added_by_hand=bool(data.get("added_by_hand")),
            wanted=tuple(WantedColumn(w["key"], tuple(w["headings"])) for w in data.get("fields") or ()),
            limits=Limits(**(data.get("limits") or {})),
        )
