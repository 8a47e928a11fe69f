"""A children's register of invented people as the ministry's software would export it: 22 columns, three title rows."""

from __future__ import annotations

import random
from pathlib import Path

import xlsxwriter

HEADINGS = (
    "STT", "Mã trẻ em", "Họ và tên", "Ngày sinh", "Giới tính", "Dân tộc", "Số định danh cá nhân", "Họ tên cha",
    "Số CCCD cha", "Họ tên mẹ", "Số CCCD mẹ", "Bản", "Xã", "Nơi thường trú", "Mã hộ", "Chủ hộ", "Hoàn cảnh", "Loại hộ",
    "Tình trạng đi học", "Lớp", "Số điện thoại", "Ghi chú",
)  # fmt: skip
COMMUNES = (
    "Bắc Yên", "Phiêng Ban", "Hang Chú", "Xím Vàng", "Tà Xùa", "Háng Đồng", "Pắc Ngà", "Làng Chếu", "Chim Vàn",
    "Mường Khoa", "Song Pe", "Hồng Ngài", "Tạ Khoa", "Hua Nhàn", "Phiêng Côn", "Chiềng Sại",
)  # fmt: skip
FAMILIES = ("Mùa", "Giàng", "Sồng", "Hạng", "Thào", "Lò", "Hà", "Đinh", "Lường", "Cầm", "Bàn", "Triệu", "Phàng", "Vàng")
MIDDLE = {"Nam": ("A", "Văn", "Quang", "Minh", ""), "Nữ": ("Thị", "Thị Mai", "Thu", "")}
GIVEN = {
    "Nam": ("Sang", "Chống", "Páo", "Dơ", "Nhìa", "Vảng", "Quyết", "Tếnh", "Súa", "Chư", "Đức", "Thắng", "Hải", "Lù"),
    "Nữ": ("Dợ", "Sông", "Mai", "Xuân", "Phanh", "Én", "Chía", "Dua", "Hoa", "Súa", "Lan", "Mỷ", "Sênh", "Dính"),
}
ETHNIC = ("Mông", "Mông", "Mông (Mèo)", "Thái", "Mường", "Dao", "Kinh", "Khơ Mú")


TITLES = ("SỞ LAO ĐỘNG - TB&XH TỈNH SƠN LA", "DANH SÁCH TRẺ EM", "Huyện Bắc Yên")


def write(path: Path, rows: int, *, seed: int = 2023, titles: tuple[str, ...] = TITLES) -> None:
    """About one cell in twenty has something wrong with it; the same file for the same seed."""
    chance = random.Random(seed)
    with xlsxwriter.Workbook(path, {"constant_memory": True, "strings_to_numbers": False}) as book:
        sheet = book.add_worksheet("DSTE")
        for number, title in enumerate(titles):
            sheet.write_string(number, 0, title)
        for number, cells in enumerate([HEADINGS, *_children(rows, chance)], len(titles)):
            for column, text in enumerate(cells):
                sheet.write_string(number, column, text)


def _children(rows: int, chance: random.Random) -> list[tuple[str, ...]]:
    return [_child(number, chance) for number in range(1, rows + 1)]


def _name(sex: str, chance: random.Random, family: str) -> str:
    return " ".join(f"{family} {chance.choice(MIDDLE[sex])} {chance.choice(GIVEN[sex])}".split())


def _child(number: int, chance: random.Random) -> tuple[str, ...]:
    sex, family = chance.choice(("Nam", "Nữ")), chance.choice(FAMILIES)
    year, commune, village = chance.randint(2008, 2023), chance.choice(COMMUNES), f"Bản {chance.randint(1, 12)}"
    digits = f"014{(2 if year >= 2000 else 0) + (sex == 'Nữ')}{year % 100:02d}{number % 1_000_000:06d}"
    born = f"{chance.randint(1, 28):02d}/{chance.randint(1, 9):02d}/{year}"
    odd = chance.random()
    if odd < 0.07:
        digits = ""
    elif odd < 0.10:
        digits = digits[1:]
    elif odd < 0.12:
        digits = digits[:7]
    return (
        str(number), f"14121-{number:07d}", _name(sex, chance, family), str(year) if chance.random() < 0.02 else born,
        "" if chance.random() < 0.01 else sex, "" if chance.random() < 0.01 else chance.choice(ETHNIC), digits,
        "" if chance.random() < 0.03 else _name("Nam", chance, family), f"0140{chance.randint(70, 99)}{number:06d}",
        "" if chance.random() < 0.02 else _name("Nữ", chance, chance.choice(FAMILIES)),
        f"0141{chance.randint(70, 99)}{number:06d}", village, commune, f"{village}, {commune}", f"H{number // 3:06d}",
        _name("Nam", chance, family), "", chance.choice(("Hộ nghèo", "Hộ cận nghèo", "Hộ khác")),
        chance.choice(("Đang học", "Chưa đến tuổi", "Bỏ học")), str(2023 - year), "", "",
    )  # fmt: skip
