from __future__ import annotations

from dataclasses import asdict
from typing import Any

from campaigns.command import Result, WorkCommand
from records import refreshing


class Command(WorkCommand):
    help = "Đối chiếu lại quy tắc với mọi hồ sơ của đợt, như hệ thống tự làm mỗi đêm; làm lại không đổi gì."

    def work(self, options: dict[str, Any]) -> Result:
        return Result(asdict(refreshing.refresh(self.campaign, by=self.user)))
