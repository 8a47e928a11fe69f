"""How the code is written is tested like what it does. docs/architecture.md says why."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
APPS = ("campaigns", "records", "reconciliation")
LARGEST_FILE = 500
LARGEST_FUNCTION = 60
FORBIDDEN_NAMES = {"utils", "helpers", "services", "core", "common", "base", "misc", "tools"}


def modules(*folders: str) -> list[Path]:
    found = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    return sorted(path for path in found if "migrations" not in path.parts)


def trees(*folders: str) -> Iterator[tuple[Path, ast.AST]]:
    for path in modules(*folders):
        yield path.relative_to(ROOT), ast.parse(path.read_text(encoding="utf-8"))


def test_layers() -> None:
    """reconciliation → records → campaigns, and records.reading knows none of them: the contracts of pyproject.toml."""
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports")], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_files_and_functions_are_small() -> None:
    large = [
        str(path)
        for path in [*modules("bacyen", *APPS, "tests", "benchmarks"), *(ROOT / "static").glob("*.*")]
        if path.read_text(encoding="utf-8").count("\n") > LARGEST_FILE
    ]
    for path, tree in trees("bacyen", *APPS):
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno > LARGEST_FUNCTION:
                large.append(f"{path}:{node.lineno} {node.name}")
    assert large == []


def test_modules_are_named_after_things() -> None:
    assert [str(path) for path in modules(*APPS) if path.stem in FORBIDDEN_NAMES] == []


def test_no_signals_and_no_broad_except() -> None:
    found = []
    for path, tree in trees("bacyen", *APPS):
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.ImportFrom)
                and node.module
                and "signals" in node.module
                and path.parts[0] != "bacyen"
            ):
                found.append(f"{path}:{node.lineno} signals")
            if isinstance(node, ast.ExceptHandler):
                named = ast.unparse(node.type) if node.type else "everything"
                if named in ("everything", "Exception", "BaseException") and not _reraises(node):
                    found.append(f"{path}:{node.lineno} except {named}")
    assert found == []


def _reraises(handler: ast.ExceptHandler) -> bool:
    return any(isinstance(node, ast.Raise) for node in ast.walk(handler))


def test_templates_ask_no_questions_of_the_database() -> None:
    """Views give ready values: nothing in a template reaches through a manager, and no style or script is inline."""
    suspicious = re.compile(r"\.objects\b|_set\b|\.all\b|\sstyle=|\son[a-z]+=\"|<script>")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sorted((ROOT / "templates").rglob("*.html"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if suspicious.search(line)
    ]
    assert found == []


def test_values_change_through_one_door() -> None:
    """Only `changes.py` (and the import and its undo, set-based) write a record's values; only `stages.py` and they
    write its stage."""
    doors = {"changes.py", "merging.py", "undoing.py", "stages.py", "standing.py", "rejudging.py", "past.py"}
    writes = re.compile(r"UPDATE records_record\b|\.update\([^)]*\b(values|stage)=|\b(record|r)\.(values|stage) = ")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in modules(*APPS)
        if path.name not in doors
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if writes.search(line)
    ]
    assert found == []


@pytest.mark.parametrize("app", APPS)
def test_rooms(app: str) -> None:
    """Each app has the same rooms."""
    for room in ("models", "views", "management/commands", "migrations"):
        assert (ROOT / app / room).is_dir(), room
