from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.db import transaction

from campaigns.command import Result, WorkCommand
from campaigns.models import Register
from records.lists import export_list, write_list
from records.models import ListKind
from records.places import find_commune


class Command(WorkCommand):
    help = "Lập danh sách cho người làm: cần làm sạch, đã sạch, toàn bộ sổ, phiếu rà soát tại hộ."

    def add_work_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", choices=ListKind.values, metavar="to_clean|cleaned|all|visit")
        parser.add_argument("out", type=Path, metavar="OUT.xlsx")
        parser.add_argument("--register", required=True, choices=Register.values, metavar="children|beneficiaries")
        parser.add_argument("--commune", metavar="CODE")
        parser.add_argument("--village", default="", metavar="NAME", help="chỉ một bản, viết như trong sổ")

    def work(self, options: dict[str, Any]) -> Result:
        commune = find_commune(self.campaign, options["commune"])
        with transaction.atomic():  # a list that could not be written was never given out
            exported = export_list(
                self.campaign, options["kind"], options["register"], by=self.user, commune=commune,
                village=options["village"],
            )  # fmt: skip
            write_list(exported, options["out"])
        return Result({"rows": len(exported.people_list.row_codes), "sha256": exported.people_list.sha256})
