from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from campaigns import audit
from campaigns.command import Result, WorkCommand
from campaigns.models import Register
from campaigns.outfile import write_whole
from reconciliation.upload_file import build_upload, write_provenance
from records.places import find_commune


class Command(WorkCommand):
    help = "Ghi các dòng đã sạch theo đúng bố cục của tệp xuất, để tải lên phần mềm."

    def add_work_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("out", type=Path, metavar="OUT.xlsx")
        parser.add_argument("--register", required=True, choices=Register.values, metavar="children|beneficiaries")
        parser.add_argument("--commune", metavar="CODE")
        parser.add_argument("--changed", action="store_true", help="chỉ dòng khác tệp xuất hoặc mới")
        parser.add_argument("--provenance", type=Path, metavar="OUT.csv", help="từng ô lấy từ đâu")

    def work(self, options: dict[str, Any]) -> Result:
        commune = find_commune(self.campaign, options["commune"])
        upload = build_upload(
            self.campaign, options["register"], by=self.user, commune=commune, only_changed=options["changed"]
        )
        with upload.file.open() as kept:
            sha256 = write_whole(options["out"], kept.read())
        audit.record(
            "upload_exported", by=self.user, campaign=self.campaign, target=f"upload:{upload.code}", sha256=sha256
        )
        if options["provenance"]:
            write_provenance(upload, options["provenance"], by=self.user)
        return Result({"upload_file": upload.code, **upload.counts, "sha256": sha256})
