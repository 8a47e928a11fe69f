"""The commands of the exchange: JSON keys, exit codes, files."""

from __future__ import annotations

import csv
import io
import json
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from campaigns.models import AuditEvent, Campaign, User
from reconciliation.models import Batch, Difference, HandBack, Report, UploadFile
from records import imports
from records.models import PeopleList, Record
from tests.reconciliation.conftest import Sending
from tests.reconciliation.sent_lists import answered, good_number
from tests.records.export_files import workbook
from tests.records.people import CHILD

Run = Callable[..., tuple[int, dict[str, Any], str]]
LANG_CHEU = "03874"


@pytest.fixture
def run(campaign: Campaign) -> Run:
    """run(command, *arguments) → exit code, JSON object, stderr"""

    def _run(*arguments: object) -> tuple[int, dict[str, Any], str]:
        out, err = io.StringIO(), io.StringIO()
        try:
            call_command(*map(str, arguments), "--json", stdout=out, stderr=err)
            code = 0
        except SystemExit as stop:
            code = int(stop.code or 0)
        return code, json.loads(out.getvalue()), err.getvalue()

    return _run


def test_send_batch(run: Run, ready: Callable[..., list[Record]], tmp_path: Path) -> None:
    ready(2)
    out, record = tmp_path / "lo.xlsx", tmp_path / "bb.docx"
    code, data, _ = run(
        "send_batch", "police", out, "--register", "children", "--commune", LANG_CHEU, "--record", record
    )
    batch = Batch.objects.get()
    assert (code, data) == (
        0, {"batch": "LC-TE-01", "rows": 2, "sha256": batch.sha256, "due": batch.due.isoformat()},
    )  # fmt: skip
    assert stat.S_IMODE(out.stat().st_mode) == stat.S_IMODE(record.stat().st_mode) == 0o600
    assert AuditEvent.objects.filter(event="batch_exported", via="command").count() == 1


def test_send_batch_refuses(run: Run, ready: Callable[..., list[Record]], tmp_path: Path, other_officer: User) -> None:
    arguments = ("send_batch", "police", tmp_path / "lo.xlsx", "--register", "children", "--commune", LANG_CHEU)
    assert run(*arguments)[1]["error"] == "nothing_to_send"
    ready(1)
    assert run(*arguments, "--as", other_officer.username)[1]["error"] == "not_allowed"
    assert run("send_batch", "police", tmp_path / "no" / "lo.xlsx", *arguments[3:])[1]["error"] == "usage"
    assert run(*arguments, "--due", "13/10/2023")[1]["error"] == "usage"
    assert not Batch.objects.exists()
    assert list(tmp_path.iterdir()) == []


def test_hand_back(run: Run, sent: Sending, tmp_path: Path) -> None:
    batch, records = sent(2)
    answers = {
        records[0].row_code: {"Số định danh": good_number(records[0])},
        records[1].row_code: {"Mã kết quả": "S", "Ngày sinh đúng": "09/03/2015", "Ngày sinh": "08/03/2015"},
    }
    file, rows = tmp_path / "tra.xlsx", tmp_path / "dong.csv"
    file.write_bytes(answered(batch, answers))
    code, data, _ = run("hand_back", file, "--rows", rows)
    assert code == 1
    assert data == {
        "batch": "LC-TE-01", "rows": 2, "accepted": 1, "to_settle": 1, "to_civil_registry": 0, "unanswered": 0,
        "added": 0, "missing": 0, "altered": 1, "repeated": 0, "unreadable": 0, "reordered": False,
    }  # fmt: skip
    lines = {line["row_code"]: line for line in csv.DictReader(io.StringIO(rows.read_text()))}
    assert list(next(iter(lines.values()))) == ["row_code", "outcome", "altered", "repeated", "reason"]
    assert lines[records[0].row_code] == {
        "row_code": records[0].row_code, "outcome": "accepted", "altered": "", "repeated": "0", "reason": "",
    }  # fmt: skip
    assert lines[records[1].row_code]["altered"] == "birth_date"
    assert stat.S_IMODE(rows.stat().st_mode) == 0o600


def test_hand_back_of_a_perfect_list(run: Run, sent: Sending, tmp_path: Path) -> None:
    batch, records = sent(1)
    file = tmp_path / "tra.xlsx"
    file.write_bytes(
        answered(batch, {records[0].row_code: {"Số định danh": good_number(records[0]), "Ghi chú": "thẻ mới"}})
    )
    assert run("hand_back", file, "--dry-run")[0] == 0
    code, _, err = run("hand_back", file)
    assert code == 0
    assert records[0].row_code in err  # accepted, with a note to be read


def test_hand_back_refuses(run: Run, sent: Sending, tmp_path: Path) -> None:
    sent(1)
    (tmp_path / "rac.xlsx").write_bytes(b"not a workbook")
    assert run("hand_back", tmp_path / "rac.xlsx")[:1] == (2,)
    assert run("hand_back", tmp_path / "khong-co.xlsx")[1]["error"] == "unreadable_file"


def test_settle(run: Run, sent: Sending, tmp_path: Path) -> None:
    batch, records = sent(2)
    answers = {
        records[0].row_code: {"Mã kết quả": "S", "Ngày sinh đúng": "09/03/2015"},
        records[1].row_code: {"Mã kết quả": "M", "Ghi chú": "2022"},
    }
    file = tmp_path / "tra.xlsx"
    file.write_bytes(answered(batch, answers))
    run("hand_back", file)
    code, data, _ = run("settle", "--batch", "LC-TE-01", "--take", "theirs", "--row-code", records[0].row_code)
    assert (code, data) == (0, {"settled": 1, "left": 0})
    assert run("settle", "--batch", "LC-TE-01", "--take", "ours")[:2] == (1, {"settled": 0, "left": 1})
    assert run("settle", "--batch", "LC-TE-09", "--take", "ours")[1]["error"] == "unknown_batch"
    assert Difference.objects.exclude(decision="").count() == 1


def test_import_newborns(run: Run, tmp_path: Path, justice: User) -> None:
    file = tmp_path / "khai-sinh.xlsx"
    row = {"full_name": "Mùa A Mới", "birth_date": "05/10/2023", "sex": "Nam", "mother_name": "Lò Thị Inh"}
    file.write_bytes(workbook([row]))
    arguments = ("import_newborns", file, "--commune", LANG_CHEU, "--as", justice.username)
    expected = {"rows": 1, "matched": 0, "filled": 0, "created": 1, "to_settle": 0}
    assert run(*arguments, "--dry-run")[:2] == (0, expected)
    assert run(*arguments)[:2] == (0, expected)
    assert run(*arguments)[1] == expected | {"matched": 1, "created": 0}


def test_nothing_happens_where_a_file_cannot_be_written(
    run: Run, campaign: Campaign, district: User, sent: Sending, tmp_path: Path
) -> None:
    """Exit 2 means that nothing was changed, also when it is the second file of two that fails."""
    batch, records = sent(1)
    answer, nowhere = tmp_path / "tra.xlsx", tmp_path / "no" / "x"
    answer.write_bytes(answered(batch, {records[0].row_code: {"Số định danh": good_number(records[0])}}))
    content = workbook([CHILD | {"system_code": "TE1"}])
    imports.apply(imports.receive(campaign, "children", by=district, name="te.xlsx", content=content), by=district)
    for arguments in (
        ("hand_back", answer, "--rows", nowhere),
        ("hand_back", answer, "--rows", answer),
        ("build_upload", nowhere, "--register", "children"),
        ("build_upload", tmp_path / "u.xlsx", "--register", "children", "--provenance", nowhere),
        ("build_upload", tmp_path / "u.xlsx", "--register", "children", "--provenance", tmp_path / "u.xlsx"),
        ("report", "adhoc", nowhere.with_suffix(".docx"), "--date", "2023-10-01"),
        ("export_list", "all", nowhere, "--register", "children"),
    ):
        code, data, _ = run(*arguments)
        assert (code, data["error"]) == (2, "usage"), arguments
    assert not HandBack.objects.exists()
    assert not UploadFile.objects.exists()
    assert not Report.objects.exists()
    assert not PeopleList.objects.exists()
    assert list(tmp_path.iterdir()) == [answer]
    assert Record.objects.get(pk=records[0].pk).personal_number == ""
