from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from campaigns import audit
from campaigns.command import Result, WorkCommand
from campaigns.outfile import write_whole
from reconciliation.management.commands.progress import a_day
from reconciliation.reports import KINDS, is_provisional, make_report


class Command(WorkCommand):
    help = "Báo cáo định kỳ, kết thúc hoặc đột xuất, số liệu đến hết một ngày, dạng Word hoặc Excel."

    def add_work_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", choices=list(KINDS), metavar="periodic|final|adhoc")
        parser.add_argument("out", type=Path, metavar="OUT.docx|OUT.xlsx")
        parser.add_argument("--date", required=True, metavar="ISO", help="số liệu đến hết ngày này")

    def work(self, options: dict[str, Any]) -> Result:
        out: Path = options["out"]
        report = make_report(
            self.campaign, options["kind"], a_day(options["date"]), by=self.user, suffix=out.suffix.lower()
        )
        with report.file.open() as kept:
            sha256 = write_whole(out, kept.read())
        audit.record(
            "report_exported", by=self.user, campaign=self.campaign, target=f"report:{report.code}", sha256=sha256
        )
        notes = ["Ngày này chưa hết: số liệu tạm tính, báo cáo ghi rõ như vậy."] if is_provisional(report) else []
        return Result({"report": report.code, "figures": report.figures, "sha256": sha256}, notes=notes)
