from __future__ import annotations

import datetime
from typing import Any

from django.core.management.base import CommandParser

from campaigns.command import Result, WorkCommand
from campaigns.errors import WorkRefused
from campaigns.models import Register
from reconciliation.progress import moment, progress


def a_day(text: str) -> datetime.date:
    """An ISO date of the command line; raises WorkRefused `usage`."""
    try:
        return datetime.date.fromisoformat(text)
    except ValueError as error:
        raise WorkRefused("usage", f"“{text}” không phải ngày. Viết năm-tháng-ngày, ví dụ 2023-10-12.") from error


class Command(WorkCommand):
    help = "Tiến độ theo sổ, xã, nhóm và tình trạng, cùng đồng hồ kế hoạch."

    def add_work_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--register", choices=Register.values, metavar="children|beneficiaries")
        parser.add_argument("--date", metavar="ISO", help="đến hết ngày này; bỏ trống là bây giờ")

    def work(self, options: dict[str, Any]) -> Result:
        registers = [options["register"]] if options["register"] else Register.values
        at = moment(a_day(options["date"])) if options["date"] else moment()
        return Result(progress(self.campaign, by=self.user, registers=registers, at=at))
