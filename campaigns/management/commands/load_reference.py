from __future__ import annotations

from typing import Any

from campaigns import reference_data
from campaigns.command import Result, WorkCommand


class Command(WorkCommand):
    help = "Nạp danh mục (xã, dân tộc, loại đối tượng, mức chuẩn); dòng đã sửa trong trang Quản trị được giữ nguyên."
    needs_campaign = False

    def work(self, options: dict[str, Any]) -> Result:
        loaded = reference_data.load(by=self.user)
        counts = {"rows": loaded.rows, "created": loaded.created, "changed": loaded.changed, "kept": len(loaded.kept)}
        return Result(counts, notes=[f"Giữ như đã sửa trong trang Quản trị: {row}" for row in loaded.kept])
