"""What a person does here, in five steps at most, for the first days of an account. Each leads to its page."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from campaigns.models import User
from campaigns.permissions import Role

NEW_FOR = datetime.timedelta(days=7)
MOST = 5


@dataclass(frozen=True)
class Step:
    title: str
    text: str
    page: str

    @property
    def url(self) -> str:
        return reverse(self.page)


_REVIEW = Step(
    "Rà soát", "Ô sai được đánh dấu; thanh trên bảng nói vì sao. Enter dùng gợi ý, gõ thì thay giá trị.", "review"
)
_ADD = Step("Thêm mới", "Người chưa có trên phần mềm. Gõ đến đâu được kiểm tra đến đó.", "add_person")
_ANSWER = Step("Trả lời", "Mở lô ở trang này: mã kết quả và số định danh; gõ tay, Excel hay giấy đều được.", "home")
_PROGRESS = Step("Tiến độ", "Còn bao nhiêu, mỗi ngày cần bao nhiêu, xã nào sẽ muộn.", "progress")
_BACK = Step("Nhận lại", "Thả tệp công an, hộ tịch trả; chỗ nào khác sổ thì chọn từng ô.", "batches")

STEPS: dict[str, tuple[Step, ...]] = {
    Role.DISTRICT_OFFICER: (
        Step("Nhập dữ liệu", "Đưa tệp xuất của phần mềm lên, xem khác biệt, rồi áp dụng; hoàn tác được.", "imports"),
        _PROGRESS,
        _BACK,
        Step("Tệp tải lên", "Lập tệp theo mẫu của phần mềm, chỉ khác ở ô đã sửa; ghi lại trả lời.", "uploads"),
        Step("Báo cáo", "Số liệu chốt theo ngày, có sẵn bản Word và Excel.", "reports"),
    ),
    Role.COMMUNE_OFFICER: (
        _REVIEW,
        Step("Danh sách", "In phiếu đi hộ theo bản, hoặc sửa trong Excel rồi gửi lại.", "lists"),
        _ADD,
        Step("Gửi – nhận", "Rà soát xong thì lập danh sách gửi công an, kèm biên bản bàn giao.", "batches"),
        _BACK,
    ),
    Role.COLLABORATOR: (
        _REVIEW,
        Step("Mất mạng", "Chữ đã gõ được giữ trên máy và tự gửi khi có mạng; gửi xong mới bấm Thoát.", "home"),
        _ADD,
    ),
    Role.COMMUNE_POLICE: (_ANSWER,),
    Role.COMMUNE_JUSTICE: (
        _ANSWER,
        Step("Khai sinh", "Đưa danh sách trẻ mới đăng ký khai sinh vào sổ.", "newborns"),
    ),
    Role.LEADER: (_PROGRESS,),
    Role.PROVINCE_VIEWER: (_PROGRESS,),
}  # fmt: skip


def steps_for(user: User, *, paper_only: bool = False) -> tuple[Step, ...]:
    return () if paper_only else STEPS.get(user.role, ())


def is_new(user: User) -> bool:
    """The steps stand open for the first days; then they are folded."""
    return timezone.now() - user.date_joined < NEW_FOR
