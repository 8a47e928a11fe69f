from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.db import transaction

from campaigns import audit
from campaigns.command import Result, WorkCommand
from campaigns.outfile import whole_file
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
        day = a_day(options["date"])
        # The file is opened first: where it cannot be written, no report is made.
        with transaction.atomic(), whole_file(out) as out_file:
            report = make_report(self.campaign, options["kind"], day, by=self.user, suffix=out.suffix.lower())
            with report.file.open() as kept:
                out_file.write_bytes(kept.read())
            audit.record(
                "report_exported", by=self.user, campaign=self.campaign, target=f"report:{report.code}",
                sha256=report.sha256,
            )  # fmt: skip
        notes = ["Ngày này chưa hết: số liệu tạm tính, báo cáo ghi rõ như vậy."] if is_provisional(report) else []
        return Result({"report": report.code, "figures": report.figures, "sha256": report.sha256}, notes=notes)
