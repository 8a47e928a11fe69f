from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from campaigns.command import Result, WorkCommand
from reconciliation.settling import OURS, THEIRS, find_batch, settle


class Command(WorkCommand):
    help = "Quyết định phần đang chờ của một lô: lấy của họ, hoặc giữ của ta."

    def add_work_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--batch", required=True, metavar="CODE", help="mã lô, ví dụ LC-TE-01")
        parser.add_argument("--take", required=True, choices=[THEIRS, OURS], metavar="theirs|ours")
        parser.add_argument("--row-code", nargs="+", action="extend", metavar="C", help="chỉ những mã dòng này")
        parser.add_argument("--field", nargs="+", action="extend", metavar="F", help="chỉ những trường này")

    def work(self, options: dict[str, Any]) -> Result:
        batch = find_batch(self.campaign, options["batch"])
        settled = settle(batch, options["take"], by=self.user, row_codes=options["row_code"], fields=options["field"])
        return Result({"settled": settled.settled, "left": settled.left}, needs_person=settled.left > 0)
