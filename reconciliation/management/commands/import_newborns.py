from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from campaigns.command import Result, WorkCommand
from campaigns.errors import WorkRefused
from campaigns.infile import read_bytes
from reconciliation.civil_registry import import_newborns
from records.places import find_commune


class Command(WorkCommand):
    help = (
        "Nhập danh sách khai sinh của hộ tịch: bổ sung người đã có, thêm người mới; chỗ khác với sổ thì chờ quyết định."
    )

    def add_work_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help=".xlsx, .xls, .ods hoặc .csv")
        parser.add_argument("--commune", required=True, metavar="CODE")
        parser.add_argument("--dry-run", action="store_true", help="chỉ xem kết quả, không ghi")

    def work(self, options: dict[str, Any]) -> Result:
        path: Path = options["file"]
        commune = find_commune(self.campaign, options["commune"])
        if commune is None:
            raise WorkRefused("usage", "Hãy cho mã xã bằng --commune.")
        newborns = import_newborns(
            self.campaign, commune, by=self.user, name=path.name, content=read_bytes(path), dry_run=options["dry_run"]
        )
        return Result(newborns.counts(), notes=newborns.notes, needs_person=newborns.to_settle > 0)
