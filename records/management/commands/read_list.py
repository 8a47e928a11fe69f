from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from campaigns.command import Result, WorkCommand
from campaigns.infile import read_bytes
from records.lists_back import read_list
from records.reference import field_labels


class Command(WorkCommand):
    help = "Nhận lại danh sách cần làm sạch hoặc phiếu rà soát đã sửa."

    def add_work_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.xlsx")

    def work(self, options: dict[str, Any]) -> Result:
        path: Path = options["file"]
        back = read_list(self.campaign, by=self.user, name=path.name, content=read_bytes(path))
        labels = field_labels("beneficiaries") | field_labels("children")
        notes = back.notes + [f"{c.row_code}: {labels[c.field]} sửa ở cả hai nơi, xem hồ sơ." for c in back.conflicts]
        needs_person = bool(back.to_settle or back.missing or back.unreadable)
        return Result(back.counts(), notes=notes, needs_person=needs_person)
