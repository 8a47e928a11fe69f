from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from campaigns.command import Result, WorkCommand
from campaigns.infile import read_bytes
from reconciliation.ministry_result import find_upload, read_refusals, record_result


class Command(WorkCommand):
    help = "Ghi phần mềm đã nhận hay từ chối những dòng nào của một tệp tải lên."

    def add_work_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("upload_file", metavar="UPLOAD_FILE", help="mã tệp tải lên, ví dụ TL-0001")
        parser.add_argument("--rejected", type=Path, metavar="FILE.xlsx", help="tệp các dòng bị từ chối và lý do")

    def work(self, options: dict[str, Any]) -> Result:
        upload = find_upload(self.campaign, options["upload_file"], by=self.user)
        refusals = []
        if path := options["rejected"]:
            refusals = read_refusals(upload, name=path.name, content=read_bytes(path), by=self.user)
        recorded = record_result(upload, refusals, by=self.user)
        data = {"uploaded": recorded.uploaded, "rejected": recorded.rejected, "unmatched": recorded.unmatched}
        return Result(data, notes=recorded.notes, needs_person=bool(recorded.rejected or recorded.unmatched))
