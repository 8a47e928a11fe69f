"""Figures of one run, printed as they are taken and kept as JSON."""

from __future__ import annotations

import json
import os
import platform
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Figure:
    """`median`: seconds, or MB. `ratio`: to what the figure is measured against; `target` bounds it (from above, or
    from below where `at_least`)."""

    name: str
    median: float
    unit: str
    ratio: float | None
    target: float | None
    at_least: bool = False

    @property
    def met(self) -> bool | None:
        if self.target is None:
            return None
        value = self.median if self.ratio is None else self.ratio
        return value >= self.target if self.at_least else value <= self.target

    def line(self) -> str:
        ratio = "" if self.ratio is None else f"{self.ratio:.2f} ×"
        sign = "≥" if self.at_least else "≤"
        target = "" if self.target is None else f"{sign} {self.target:g}"
        met = {None: "", True: "met", False: "NOT MET"}[self.met]
        return f"{self.name:<52} {self.median:9.2f} {self.unit:<2} {ratio:>10}  {target:>7}  {met}"


@dataclass
class Figures:
    rows: int
    runs: int
    taken: list[Figure] = field(default_factory=list)

    def add(self, name: str, median: float, *, unit: str = "s", against: float | None = None,
            target: float | None = None, at_least: bool = False) -> None:  # fmt: skip
        figure = Figure(name, median, unit, None if against is None else median / against, target, at_least)
        self.taken.append(figure)
        print(figure.line(), flush=True)

    def save(self, path: Path) -> None:
        path.parent.mkdir(exist_ok=True)
        machine = {"processors": os.cpu_count(), "python": platform.python_version(), "system": platform.platform()}
        figures = [{**asdict(figure), "met": figure.met} for figure in self.taken]
        content = {"rows": self.rows, "runs": self.runs, "machine": machine, "figures": figures}
        path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def interleaved(runs: int, works: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Runs all works in turn, `runs` times, so that what else the machine does falls on all alike; median seconds."""
    seconds: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(runs):
        for name, work in works.items():
            started = time.perf_counter()
            work()
            seconds[name].append(time.perf_counter() - started)
    return {name: statistics.median(taken) for name, taken in seconds.items()}
