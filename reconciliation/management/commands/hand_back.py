from __future__ import annotations

import csv
import hashlib
import io
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.db import transaction

from campaigns import audit
from campaigns.command import Result, WorkCommand
from campaigns.infile import read_bytes
from campaigns.outfile import check_distinct, whole_file
from reconciliation.handback import TakenBack, take_back

COLUMNS = ("row_code", "outcome", "altered", "repeated", "reason")


class Command(WorkCommand):
    help = "Nhận lại danh sách đã trả lời: nhận số, phần còn lại chờ quyết định."

    def add_work_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help=".xlsx, .xls, .ods hoặc .csv")
        parser.add_argument("--dry-run", action="store_true", help="chỉ xem kết quả, không ghi")
        parser.add_argument("--rows", type=Path, metavar="OUT.csv", help="kết quả từng dòng")

    def work(self, options: dict[str, Any]) -> Result:
        path: Path = options["file"]
        check_distinct(path, options["rows"])
        # The file is opened first: where it cannot be written, nothing is taken back.
        with transaction.atomic(), ExitStack() as files:
            rows_file = files.enter_context(whole_file(options["rows"])) if options["rows"] else None
            taken = take_back(
                self.campaign, by=self.user, name=path.name, content=read_bytes(path), dry_run=options["dry_run"]
            )
            if rows_file is not None:
                self._write_rows(taken, rows_file)
        data = {"batch": taken.batch.code, **taken.counts, "reordered": taken.reordered}
        return Result(data, notes=taken.notes, needs_person=taken.needs_person)

    def _write_rows(self, taken: TakenBack, path: Path) -> None:
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows((r.row_code, r.outcome, ",".join(r.altered), int(r.repeated), r.reason) for r in taken.rows)
        content = text.getvalue().encode()
        path.write_bytes(content)
        audit.record(
            "hand_back_rows_exported", by=self.user, campaign=self.campaign, target=f"batch:{taken.batch.code}",
            rows=len(taken.rows), sha256=hashlib.sha256(content).hexdigest(),
        )  # fmt: skip
