"""Importing a register: against reading the file and copying its raw text into a table, and against
django-import-export doing its part of the same."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.db import connection, transaction
from django.utils import timezone
from python_calamine import CalamineWorkbook

from benchmarks import import_export_peer, register_file
from benchmarks.figures import Figures, interleaved
from campaigns.models import Campaign, Register, User
from records import imports
from records.models import Record, SourceFile
from records.reading.register_reading import read_register
from records.reading.request import Request
from records.reference import reference_for

RAW_TABLE = (
    f"CREATE TABLE IF NOT EXISTS bench_raw ({', '.join(f'c{n} text' for n in range(len(register_file.HEADINGS)))})"
)
PEER_ROWS = 2500  # at most, for the slower of the peers; its cost per row does not fall with more
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def measure(figures: Figures) -> None:
    with tempfile.TemporaryDirectory() as directory:
        path, untitled = Path(directory) / "register.xlsx", Path(directory) / "untitled.xlsx"
        register_file.write(path, figures.rows)
        ours = _against_floor(figures, path)
        _checks(figures, path)
        _memory(figures, path)
        own_row = 1000 * ours / figures.rows
        figures.add("ours, a row", own_row, unit="ms")
        for name, bulk, rows, target in (
            ("default", False, min(figures.rows, PEER_ROWS), 35.0),
            ("bulk mode", True, min(figures.rows, 10 * PEER_ROWS), 15.0),
        ):
            register_file.write(untitled, rows, titles=())
            empty_register()
            row = 1000 * import_export_peer.measure(untitled, bulk=bulk) / rows
            figures.add(
                f"django-import-export {name}, a row / ours", row, unit="ms", against=own_row, target=target,
                at_least=True,
            )  # fmt: skip


def _against_floor(figures: Figures, path: Path) -> float:
    """Returns the seconds of a first import."""
    taken = interleaved(
        figures.runs,
        {
            "floor": partial(floor, path),
            "empty 1": empty_register,
            "preview": partial(bring, path, step=imports.compare),
            "import": partial(bring, path),
            "preview again": partial(bring, path, step=imports.compare),
            "again": partial(bring, path),
        },
    )
    base = taken["floor"]
    figures.add("floor: calamine reads, COPY of raw text, commit", base)
    figures.add("import, first time / floor", taken["import"], against=base, target=3.3)
    figures.add("the same file again / floor", taken["again"], against=base, target=2.2)
    figures.add("preview of a new register / floor", taken["preview"], against=base, target=2.0)
    figures.add("preview of the same file again / floor", taken["preview again"], against=base, target=2.0)
    return taken["import"]


def _checks(figures: Figures, path: Path) -> None:
    """What reading a register costs beyond reading its cells: headings, sieve, values, rules, lines for COPY."""
    campaign = Campaign.objects.prefetch_related("windows").get()
    reference = reference_for(campaign, Register.CHILDREN, received_on=timezone.localdate()).to_json()
    request = Request.from_json({"mode": "register", "path": str(path), "reference": reference})
    taken = interleaved(
        figures.runs, {"parse": partial(parse, path), "read": lambda: read_register(request, io.StringIO())}
    )
    figures.add("checks / parse", taken["read"] - taken["parse"], against=taken["parse"], target=1.0)


def _memory(figures: Figures, path: Path) -> None:
    """In a process of its own, whose largest size is nobody else's."""
    empty_register()
    file = receive(path)
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.apply_file", str(file.pk)], check=True, capture_output=True, text=True
    )
    size = json.loads(done.stdout)
    figures.add("memory of the reading process", size["child"], unit="MB", target=150)
    figures.add("growth of the worker", size["growth"], unit="MB", target=50)
    figures.add("worker and reading process together", size["worker"] + size["child"], unit="MB", target=500)


def parse(path: Path) -> list[list[Any]]:
    return CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()


def floor(path: Path) -> None:
    rows = parse(path)
    lines = io.StringIO()
    for row in rows[4:]:
        lines.write("\t".join(str(cell).translate(_ESCAPES) for cell in row) + "\n")
    lines.seek(0)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(RAW_TABLE)
        cursor.execute("TRUNCATE bench_raw")
        cursor.copy_expert("COPY bench_raw FROM STDIN", lines, 1 << 18)


def empty_register() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE records_record, records_sourcefile CASCADE")
    Campaign.objects.update(next_row_number=1)


def receive(path: Path) -> SourceFile:
    campaign = Campaign.objects.prefetch_related("windows").get()
    with path.open("rb") as content:
        return imports.receive(
            campaign, Register.CHILDREN, by=User.objects.system(), name=path.name, content=File(content)
        )


def bring(path: Path, *, step: object = imports.apply) -> imports.Imported:
    imported = step(receive(path), by=User.objects.system())  # type: ignore[operator]
    assert imported.difference.rows
    assert imported.applied is (step is imports.apply)
    assert Record.objects.exists() or not imported.applied
    return imported
