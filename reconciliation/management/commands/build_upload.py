from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.db import transaction

from campaigns import audit
from campaigns.command import Result, WorkCommand
from campaigns.models import Register
from campaigns.outfile import check_distinct, whole_file
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
        out, came_from = options["out"], options["provenance"]
        check_distinct(out, came_from)
        # The files are opened first: where they cannot be written, nothing is built.
        with transaction.atomic(), whole_file(out) as out_file:
            upload = build_upload(
                self.campaign, options["register"], by=self.user, commune=commune, only_changed=options["changed"]
            )
            with upload.file.open() as kept:
                out_file.write_bytes(kept.read())
            if came_from:
                write_provenance(upload, came_from, by=self.user)
            audit.record(
                "upload_exported", by=self.user, campaign=self.campaign, target=f"upload:{upload.code}",
                sha256=upload.sha256,
            )  # fmt: skip
        return Result({"upload_file": upload.code, **upload.counts, "sha256": upload.sha256})
