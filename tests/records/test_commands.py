"""import_register, undo_import and list_findings as people and scripts call them."""

from __future__ import annotations

import csv
import json
import stat
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import call_command

from campaigns.models import AuditEvent, User
from records.models import Record, SourceFile
from tests.records.export_files import child, workbook

pytestmark = pytest.mark.usefixtures("campaign")

KEYS = {
    "source_file", "sha256", "sheet", "header_row", "columns", "unmapped", "absent", "rows", "created", "changed",
    "unchanged", "gone", "skipped", "findings", "applied", "seconds",
}  # fmt: skip


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Any:
    """run(command, *arguments) → (exit code, JSON object, stderr)"""

    def _run(command: str, *arguments: object) -> tuple[int, dict[str, Any], str]:
        code = 0
        capsys.readouterr()
        try:
            call_command(command, *map(str, arguments), "--json")
        except SystemExit as exit:
            code = int(exit.code or 0)
        printed = capsys.readouterr()
        return code, json.loads(printed.out), printed.err

    return _run


@pytest.fixture
def export(tmp_path: Path) -> Any:
    def _export(rows: list[dict[str, str]], name: str = "te.xlsx") -> Path:
        path = tmp_path / name
        path.write_bytes(workbook(rows))
        return path

    return _export


def test_import_and_undo(run: Any, export: Any) -> None:
    path = export([child(1), child(2)])
    code, told, _ = run("import_register", path, "--register", "children", "--dry-run")
    assert (code, set(told), told["applied"], told["created"]) == (0, KEYS, False, 2)
    assert Record.objects.count() == 0
    code, told, _ = run("import_register", path, "--register", "children")
    assert (code, set(told), told["applied"], told["created"], told["rows"]) == (0, KEYS, True, 2, 2)
    code, undone, _ = run("undo_import", told["source_file"])
    assert (code, undone) == (0, {"restored": 0, "removed": 2, "kept": 0})
    code, refused, said = run("undo_import", told["source_file"])
    assert (code, refused["error"]) == (2, "already_undone")
    assert said.strip() == refused["message"]


def test_held_rows_need_a_person(run: Any, export: Any) -> None:
    code, told, said = run("import_register", export([child(1), child(1)]), "--register", "children")
    assert (code, told["skipped"], told["created"]) == (1, 1, 1)
    assert "6 (14121-000001)" in said


def test_an_overruled_question_needs_a_person(run: Any, export: Any) -> None:
    path = export([child(n, full_name="") for n in range(5)])
    code, told, said = run("import_register", path, "--register", "children")
    assert (code, set(told)) == (2, {"error", "message"})
    assert told["error"] == "suspect_file"
    assert said.count("\n") == 1
    code, told, said = run("import_register", path, "--register", "children", "--anyway", "chưa đặt tên")
    assert (code, told["created"]) == (1, 5)
    assert "không có họ tên" in said


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["--register", "children", "--commune", "99999"], "usage"),
        (["--register", "beneficiaries"], "wrong_register"),
        (["--register", "children", "--as", "nobody"], "not_allowed"),
        (["--register", "children", "--as", "can-bo-lang-cheu"], "not_allowed"),
        (["--register", "children", "--campaign", "khac"], "unknown_campaign"),
    ],
)
def test_refusals(run: Any, export: Any, officer: User, arguments: list[str], error: str) -> None:
    code, told, said = run("import_register", export([child(1)]), *arguments)
    assert (code, told["error"]) == (2, error)
    assert said.strip()
    assert Record.objects.count() == 0


def test_a_file_that_is_not_there(run: Any, tmp_path: Path) -> None:
    code, told, _ = run("import_register", tmp_path / "khong-co.xlsx", "--register", "children")
    assert (code, told["error"]) == (2, "unreadable_file")
    assert SourceFile.objects.count() == 0


def test_unknown_source_file(run: Any) -> None:
    code, told, _ = run("undo_import", "TE-9999")
    assert (code, told["error"]) == (2, "unknown_file")


def test_list_findings(run: Any, export: Any, tmp_path: Path) -> None:
    rows = [child(1, personal_number="0-1234"), child(2, village=""), child(3, commune="Háng Đồng", village="")]
    _, told, _ = run("import_register", export(rows), "--register", "children")
    out = tmp_path / "findings.csv"
    code, counted, _ = run("list_findings", "--register", "children", out)
    with out.open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    assert (code, counted["rows"]) == (0, 3)
    first = Record.objects.get(system_code="14121-000001")
    assert found[0] == {
        "row": "5", "system_code": "14121-000001", "row_code": first.row_code, "commune": "Xã Làng Chếu",
        "field": "personal_number", "rule": "number.length", "severity": "error", "group": "2", "value": "0-1234",
        "suggestion": "", "status": "open",
    }  # fmt: skip
    assert [(f["rule"], f["group"]) for f in found[1:]] == [("village.missing", ""), ("village.missing", "")]
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert AuditEvent.objects.filter(event="findings_exported").count() == 1
    assert told["findings"] == {"number.length": 1, "village.missing": 2}


def test_list_findings_of_a_commune_and_all(run: Any, export: Any, tmp_path: Path) -> None:
    rows = [child(1, village=""), child(2, commune="Háng Đồng", village="")]
    run("import_register", export(rows), "--register", "children")
    run("import_register", export([child(1), rows[1]]), "--register", "children")
    out = tmp_path / "findings.csv"
    assert run("list_findings", "--register", "children", "--commune", "03874", out)[1]["rows"] == 0
    assert run("list_findings", "--register", "children", "--commune", "03869", out)[1]["rows"] == 1
    assert run("list_findings", "--register", "children", "--status", "all", out)[1]["rows"] == 2
    with out.open(encoding="utf-8", newline="") as file:
        assert [row["status"] for row in csv.DictReader(file)] == ["gone", "open"]


def test_several_sheets_that_look_like_the_register_are_asked_about(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "te.xlsx"
    book = openpyxl.load_workbook(BytesIO(workbook([child(1), child(2)])))
    other = book.copy_worksheet(book.worksheets[0])
    book.worksheets[0].title, other.title = "Làng Chếu", "Song Pe"
    book.save(path)
    code, told, _ = run("import_register", path, "--register", "children")
    assert (code, told["error"]) == (2, "suspect_file")
    assert "“Làng Chếu” (2 dòng), chưa đọc “Song Pe” (2 dòng)" in told["message"]
    assert Record.objects.count() == 0
    code, told, _ = run("import_register", path, "--register", "children", "--sheet", "Song Pe")
    assert (code, told["sheet"], told["created"]) == (0, "Song Pe", 2)


def test_rows_that_are_left_out_are_named_with_the_reason(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "te.xlsx"
    book = openpyxl.load_workbook(BytesIO(workbook([child(1)])))
    book.active.append(["Tổng cộng", "", "1 trẻ"])
    book.active.row_dimensions[5].hidden = True
    book.save(path)
    code, told, said = run("import_register", path, "--register", "children")
    assert (code, told["rows"]) == (0, 1)
    assert "Không đọc dòng 6: dòng cộng." in said
    assert "1 dòng ẩn hoặc bị lọc vẫn được đọc." in said
