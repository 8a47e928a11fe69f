from __future__ import annotations

import datetime
import hashlib
import io
import json
from io import StringIO
from pathlib import Path

import openpyxl
import pytest
import time_machine
from django.core.management import call_command
from docx import Document

from campaigns.errors import WorkRefused
from campaigns.models import AuditEvent, Campaign, User
from campaigns.permissions import NotAllowed
from reconciliation.models import Report
from reconciliation.progress import moment, progress
from reconciliation.reports import is_provisional, make_report, write_report
from records import stages
from records.models import Record, Stage
from tests.reconciliation.history import some_work

Day = datetime.date
FRIDAY = Day(2023, 10, 13)


def clock_at(day: int, month: int = 10, hour: int = 8) -> time_machine.travel:
    return time_machine.travel(datetime.datetime(2023, month, day, hour - 7, tzinfo=datetime.UTC), tick=False)


@pytest.fixture
def work(campaign: Campaign, district: User, officer: User) -> list[Record]:
    return some_work(campaign, district, officer)


def bytes_of(report: Report) -> bytes:
    with report.file.open() as kept:
        return bytes(kept.read())


def words_of(content: bytes) -> str:
    document = Document(io.BytesIO(content))
    tables = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *tables])


def test_figures_stand_at_the_end_of_the_day(campaign: Campaign, district: User, work: list[Record]) -> None:
    with clock_at(16):
        report = make_report(campaign, "periodic", FRIDAY, by=district, suffix=".docx")
        assert report.figures == progress(campaign, by=district, at=moment(FRIDAY, ended=True))
    part = report.figures["registers"]["children"]
    assert (part["in_scope"], part["done"], part["clock"]["remaining"], part["clock"]["days_left"]) == (6, 1, 4, 0)
    assert report.sha256 == hashlib.sha256(bytes_of(report)).hexdigest()
    event = AuditEvent.objects.get(event="report_made")
    assert (event.target, event.details["as_of"]) == ("report:BC-0001", "2023-10-13")


@pytest.mark.parametrize("suffix", [".docx", ".xlsx"])
def test_asked_for_again_it_is_the_same_file_though_the_register_went_on(
    campaign: Campaign, district: User, officer: User, work: list[Record], suffix: str
) -> None:
    with clock_at(16):
        first = make_report(campaign, "periodic", FRIDAY, by=district, suffix=suffix)
        Record.objects.filter(pk=work[5].pk).update(created_at=datetime.datetime(2023, 10, 20, tzinfo=datetime.UTC))
    with clock_at(25):
        again = make_report(campaign, "periodic", FRIDAY, by=district, suffix=suffix)
    assert again == first
    assert bytes_of(again) == bytes_of(first)
    assert Report.objects.count() == 1


def test_the_other_format_is_written_from_the_frozen_figures(
    campaign: Campaign, district: User, work: list[Record]
) -> None:
    with clock_at(16):
        word = make_report(campaign, "final", FRIDAY, by=district, suffix=".docx")
    Record.objects.filter(pk=work[5].pk).update(created_at=datetime.datetime(2023, 10, 20, tzinfo=datetime.UTC))
    with clock_at(20):
        sheet = make_report(campaign, "final", FRIDAY, by=district, suffix=".xlsx")
        assert progress(campaign, by=district, at=moment(FRIDAY, ended=True)) != word.figures
    assert sheet.figures == word.figures
    assert (word.code, sheet.code) == ("BC-0001", "BC-0002")


@pytest.mark.parametrize("suffix", [".docx", ".xlsx"])
def test_the_same_figures_give_the_same_bytes(
    campaign: Campaign, district: User, work: list[Record], suffix: str
) -> None:
    contents = set()
    for hour in (8, 15):
        with clock_at(16, hour=hour):
            report = make_report(campaign, "adhoc", FRIDAY, by=district, suffix=suffix)
            contents.add(bytes_of(report))
            report.delete()
    assert len(contents) == 1


@pytest.mark.parametrize("suffix", [".docx", ".xlsx"])
def test_figures_from_the_database_give_the_same_bytes(
    campaign: Campaign, district: User, work: list[Record], suffix: str
) -> None:
    """The database gives keys back in another order."""
    with clock_at(16):
        report = make_report(campaign, "periodic", FRIDAY, by=district, suffix=suffix)
    kept = Report.objects.get()
    assert list(kept.figures) != list(report.figures)
    assert write_report(kept, suffix, provisional=False) == bytes_of(report)


def test_a_day_that_is_not_over_gives_a_provisional_report_that_freezes_nothing(
    campaign: Campaign, district: User, officer: User, work: list[Record]
) -> None:
    with clock_at(13, hour=15):
        early = make_report(campaign, "periodic", FRIDAY, by=district, suffix=".docx")
    assert is_provisional(early)
    assert "số liệu tạm tính" in words_of(bytes_of(early))
    stages.move(
        campaign, [work[1].pk], Stage.CLEANED, by=officer, at=datetime.datetime(2023, 10, 13, 9, tzinfo=datetime.UTC)
    )
    with clock_at(16):
        real = make_report(campaign, "periodic", FRIDAY, by=district, suffix=".docx")
    assert not is_provisional(real)
    assert "tạm tính" not in words_of(bytes_of(real))
    done = [report.figures["registers"]["children"]["done"] for report in (early, real)]
    assert done == [1, 2]


@pytest.mark.parametrize(
    ("kind", "day", "suffix", "said"),
    [
        ("periodic", Day(2023, 10, 17), ".docx", "chưa tới"),
        ("weekly", FRIDAY, ".docx", "Không có loại báo cáo"),
        ("periodic", FRIDAY, ".pdf", ".docx hoặc .xlsx"),
    ],
)
def test_what_cannot_be_reported(
    campaign: Campaign, district: User, kind: str, day: Day, suffix: str, said: str
) -> None:
    with clock_at(16), pytest.raises(WorkRefused, match=said):
        make_report(campaign, kind, day, by=district, suffix=suffix)
    assert not Report.objects.exists()


@pytest.mark.parametrize("who", ["officer", "police", "leader"])
def test_who_makes_no_report(campaign: Campaign, request: pytest.FixtureRequest, who: str) -> None:
    with pytest.raises(NotAllowed):
        make_report(campaign, "periodic", FRIDAY, by=request.getfixturevalue(who), suffix=".docx")


def test_the_document_has_the_form_of_the_decree_and_the_plan_s_own_words(
    campaign: Campaign, district: User, work: list[Record]
) -> None:
    with clock_at(20, month=11):
        words = words_of(bytes_of(make_report(campaign, "final", Day(2023, 11, 9), by=district, suffix=".docx")))
    for expected in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "UBND HUYỆN BẮC YÊN",
        "PHÒNG LAO ĐỘNG - THƯƠNG BINH VÀ XÃ HỘI",
        "Số:       /BC-LĐTBXH",
        "Bắc Yên, ngày      tháng      năm 2023",
        "BÁO CÁO",
        "số liệu đến hết ngày 09/11/2023",
        "Kính gửi: Thường trực UBND huyện; Sở Lao động - Thương binh và Xã hội; UBND tỉnh.",
        "Căn cứ Quyết định số 06/QĐ-TTg ngày 06 tháng 01 năm 2022 (Đề án 06);",
        "1. Không có CCCD, CMND, mã định danh cá nhân",
        "Cộng: trong diện",
        "Xã Làng Chếu",
        "Nơi nhận:",
        "- Hội LHPN huyện;",
        "- Lưu: VT.",
        "TRƯỞNG PHÒNG",
    ):
        assert expected in words, expected
    assert "Mùa A" not in words
    assert "- Phòng Lao động - Thương binh và Xã hội;" not in words


def test_the_document_says_which_communes_are_late(campaign: Campaign, district: User, work: list[Record]) -> None:
    with clock_at(16):
        words = words_of(bytes_of(make_report(campaign, "periodic", FRIDAY, by=district, suffix=".docx")))
    assert "Trẻ em: 1 xã dự kiến muộn: Xã Làng Chếu (còn 4, dự kiến" in words


def test_the_workbook_adds_up(campaign: Campaign, district: User, work: list[Record]) -> None:
    with clock_at(16):
        content = bytes_of(make_report(campaign, "periodic", FRIDAY, by=district, suffix=".xlsx"))
    sheet = openpyxl.load_workbook(io.BytesIO(content))["Trẻ em"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    first = next(n for n, row in enumerate(rows) if row[0] == "Xã, thị trấn")
    last = next(n for n, row in enumerate(rows) if row[0] == "Cả huyện")
    assert last - first == 17  # sixteen communes
    for column in (1, 2, 3, 6):
        assert sum(row[column] for row in rows[first + 1 : last]) == rows[last][column]


def test_the_command_writes_the_file_and_one_json_object(
    campaign: Campaign, work: list[Record], tmp_path: Path
) -> None:
    out, printed = tmp_path / "bao-cao.docx", StringIO()
    with clock_at(16):
        call_command("report", "periodic", "--date", "2023-10-13", str(out), "--json", stdout=printed)
    said = json.loads(printed.getvalue())
    assert list(said) == ["report", "figures", "sha256"]
    assert said["figures"]["as_of"] == "2023-10-13"
    assert said["sha256"] == hashlib.sha256(out.read_bytes()).hexdigest()
    assert out.stat().st_mode & 0o777 == 0o600
    assert AuditEvent.objects.filter(event="report_exported", via="command").count() == 1


def test_the_command_refuses_a_day_to_come(campaign: Campaign, tmp_path: Path) -> None:
    out, printed = tmp_path / "bao-cao.docx", StringIO()
    with clock_at(16), pytest.raises(SystemExit) as left:
        call_command(
            "report", "periodic", "--date", "2023-10-17", str(out), "--json", stdout=printed, stderr=StringIO()
        )
    assert left.value.code == 2
    assert json.loads(printed.getvalue())["error"] == "usage"
    assert not out.exists()
