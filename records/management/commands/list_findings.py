from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from campaigns.command import Result, WorkCommand
from campaigns.models import Register
from records.listings import write_findings
from records.places import find_commune


class Command(WorkCommand):
    help = "Ghi các điều cần xem ra CSV, mỗi điều một dòng, giá trị đúng như trong sổ."

    def add_work_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--register", required=True, choices=Register.values, help="sổ")
        parser.add_argument("--commune", metavar="CODE", help="chỉ xã này")
        parser.add_argument(
            "--status", choices=["open", "all"], default="open", help="chỉ điều chưa xử lý, hoặc tất cả"
        )
        parser.add_argument("out", type=Path, metavar="OUT.csv", help="tệp ghi ra")

    def work(self, options: dict[str, Any]) -> Result:
        rows, sha256 = write_findings(
            self.campaign, options["register"], options["out"], by=self.user,
            commune=find_commune(self.campaign, options["commune"]), open_only=options["status"] == "open",
        )  # fmt: skip
        return Result({"rows": rows, "sha256": sha256})
