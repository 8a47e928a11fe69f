from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from campaigns.command import Result, WorkCommand
from records.error_sheet import export_errors
from records.source_files import find


class Command(WorkCommand):
    help = "Ghi lại chính bảng của người gửi, chỉ các dòng còn lỗi, thêm cột lý do; sửa xong nhập lại được."

    def add_work_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source_file", metavar="SOURCE_FILE", help="mã tệp, ví dụ TE-0001")
        parser.add_argument("out", type=Path, metavar="OUT.xlsx")

    def work(self, options: dict[str, Any]) -> Result:
        rows, sha256 = export_errors(find(self.campaign, options["source_file"]), options["out"], by=self.user)
        return Result({"rows": rows, "sha256": sha256})
