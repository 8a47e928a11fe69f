from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from campaigns.command import Result, WorkCommand
from campaigns.errors import WorkRefused
from reconciliation.make_demo import make_demo


class Command(WorkCommand):
    help = "Tạo huyện mẫu: kế hoạch, người bịa ra, tài khoản, tệp xuất có lỗi đã biết. Chỉ khi chưa có đợt nào."
    needs_campaign = False

    def add_work_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--scale", type=float, default=1.0, help="1.0: khoảng 3.000 trẻ em, 400 đối tượng")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--files", type=Path, metavar="DIR", help="ghi các tệp xuất vào thư mục này")

    def work(self, options: dict[str, Any]) -> Result:
        if options["scale"] <= 0:
            raise WorkRefused("usage", f"--scale {options['scale']}: cần một số lớn hơn 0.")
        if options["files"]:
            options["files"].mkdir(parents=True, exist_ok=True)
        made = make_demo(by=self.user, scale=options["scale"], seed=options["seed"], files_to=options["files"])
        return Result({"campaign": made.campaign.code, "files": len(made.files), "accounts": made.accounts})
