from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from campaigns import plan
from campaigns.command import Result, WorkCommand
from campaigns.errors import WorkRefused


class Command(WorkCommand):
    help = "Nạp kế hoạch (YAML) thành một đợt cùng các khoảng thời gian; nạp lại cùng tệp thì không đổi gì."
    needs_campaign = False

    def add_work_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.yaml", help="kế hoạch")
        parser.add_argument("--first-day", metavar="ISO", help="ngày đầu của đợt; mọi ngày dời theo")
        parser.add_argument("--code", metavar="CODE", help="mã đợt, thay cho mã trong tệp")

    def work(self, options: dict[str, Any]) -> Result:
        first_day = _day(options["first_day"]) if options["first_day"] else None
        loaded = plan.load(options["file"], by=self.user, first_day=first_day, code=options["code"])
        counts = {"windows": loaded.windows, "created": loaded.created, "changed": loaded.changed}
        return Result({"campaign": loaded.campaign.code, **counts}, notes=loaded.notes)


def _day(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise WorkRefused("usage", f"--first-day {text}: cần một ngày có thật, dạng 2023-09-30.") from None
