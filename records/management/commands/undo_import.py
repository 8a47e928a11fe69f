from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from campaigns.command import Result, WorkCommand
from records import source_files
from records.undoing import undo_import


class Command(WorkCommand):
    help = "Hoàn tác cả một tệp đã nhập: sổ trở lại như trước tệp đó; hồ sơ đã có thay đổi sau đó thì để yên."

    def add_work_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source_file", metavar="SOURCE_FILE", help="mã tệp, ví dụ TE-0003")

    def work(self, options: dict[str, Any]) -> Result:
        undone = undo_import(source_files.find(self.campaign, options["source_file"]), by=self.user)
        notes = [
            f"Để yên {len(codes)} hồ sơ, {why}: {', '.join(codes)}." for why, codes in undone.kept_by_reason().items()
        ]
        data = {"restored": undone.restored, "removed": undone.removed, "kept": len(undone.kept)}
        return Result(data, notes=notes, needs_person=bool(undone.kept))
