from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from campaigns.command import Result, WorkCommand
from campaigns.models import Register
from records.places import find_commune
from records.review import accept_suggestions


class Command(WorkCommand):
    help = "Áp dụng gợi ý của các quy tắc được nêu, thành một lần thay đổi hoàn tác được."

    def add_work_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--register", required=True, choices=Register.values, metavar="children|beneficiaries")
        parser.add_argument("--commune", metavar="CODE")
        parser.add_argument("--accept-suggestions", required=True, metavar="RULE[,RULE…]")

    def work(self, options: dict[str, Any]) -> Result:
        rules = [rule.strip() for rule in options["accept_suggestions"].split(",") if rule.strip()]
        commune = find_commune(self.campaign, options["commune"])
        accepted = accept_suggestions(self.campaign, options["register"], rules, by=self.user, commune=commune)
        return Result({"corrected": accepted.corrected, "left": accepted.left}, needs_person=bool(accepted.left))
