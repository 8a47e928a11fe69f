from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.core.management.base import CommandParser

from campaigns.command import Result, WorkCommand
from campaigns.infile import opened
from campaigns.models import Register
from records import headings, imports
from records.models import SourceFile
from records.places import find_commune


class Command(WorkCommand):
    help = "Nhập tệp xuất từ phần mềm của Bộ: đọc, kiểm từng dòng, so với sổ, rồi ghi phần khác."

    def add_work_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help=".xlsx, .xls, .xlsb, .ods hoặc .csv")
        parser.add_argument("--register", required=True, choices=Register.values, help="sổ")
        parser.add_argument("--dry-run", action="store_true", help="chỉ xem khác biệt, không ghi")
        parser.add_argument("--sheet", metavar="NAME", help="trang tính; bỏ trống thì tự tìm")
        parser.add_argument("--commune", metavar="CODE", help="tệp chỉ của xã này")
        parser.add_argument("--partial", action="store_true", help="tệp trích: không ai bị coi là không còn")
        parser.add_argument(
            "--anyway", metavar="REASON", default="", help="vẫn nhập tệp không giống các tệp trước, vì sao"
        )

    def work(self, options: dict[str, Any]) -> Result:
        source_file = self._receive(options)
        if options["sheet"]:
            headings.choose(source_file, by=self.user, sheet=options["sheet"], columns=None)
        step = imports.compare if options["dry_run"] else imports.apply
        imported = step(source_file, by=self.user, anyway=options["anyway"].strip())
        return Result(imported.as_json(), notes=imported.notes(), needs_person=imported.needs_person)

    def _receive(self, options: dict[str, Any]) -> SourceFile:
        path: Path = options["file"]
        commune = find_commune(self.campaign, options["commune"])
        with opened(path) as content:
            return imports.receive(
                self.campaign, options["register"], by=self.user, name=path.name, content=File(content),
                commune=commune, partial=options["partial"],
            )  # fmt: skip
