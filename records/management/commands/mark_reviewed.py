from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from campaigns.command import Result, WorkCommand
from campaigns.errors import WorkRefused
from campaigns.models import Register
from records.places import find_commune
from records.review import mark_reviewed


class Command(WorkCommand):
    help = "Đóng rà soát của một xã: ai cần thì chờ gửi công an, ai đủ thì đã sạch, còn lại ở lại."

    def add_work_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--register", required=True, choices=Register.values, metavar="children|beneficiaries")
        parser.add_argument("--commune", required=True, metavar="CODE")

    def work(self, options: dict[str, Any]) -> Result:
        commune = find_commune(self.campaign, options["commune"])
        if commune is None:
            raise WorkRefused("usage", "Thiếu mã xã, thị trấn. Ghi --commune MÃ.")
        reviewed = mark_reviewed(self.campaign, options["register"], commune, by=self.user)
        return Result(vars(reviewed), needs_person=bool(reviewed.still_open))
