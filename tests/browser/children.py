"""The children of Làng Chếu as the ministry's software exports them, with what is usually wrong in such a file."""

from __future__ import annotations

from pathlib import Path

from openpyxl import Workbook

HEADINGS = (
    "STT", "Mã trẻ em", "Họ và tên", "Ngày sinh", "Giới tính", "Dân tộc", "Số định danh cá nhân", "Họ tên cha",
    "Người mẹ sinh ra", "Xã", "Bản", "Nơi thường trú", "Lớp",
)  # fmt: skip
TITLES = ("PHẦN MỀM QUẢN LÝ THÔNG TIN TRẺ EM", "Danh sách trẻ em huyện Bắc Yên")
HEADING_ROW = len(TITLES) + 1
NEWBORN = "Mùa A Bé"
RIGHT_NAME = "Lý Thị Súa"  # of Lý Thị Xúa, as the civil registry has it
TO_POLICE = ("Thào A Dơ", "Hờ Thị Sua", "Giàng A Tủa", "Lý Thị Xúa", "Thào Thị Ca", "Hạng A Sính", NEWBORN)

# Code, name, birth date, sex, ethnic group, number, father, mother.
CHILDREN = (
    ("TE01", "Mùa A Chống", "12/05/2015", "Nam", "Mông", "014215001001", "Mùa A Páo", "Giàng Thị Dợ"),
    ("TE02", "Mùa Thị Dợ", "03/04/2014", "Nữ", "Mông", "14314001002", "Mùa A Páo", "Giàng Thị Dợ"),  # lost zero
    ("TE03", "Thào A Dơ", "07/08/2016", "Nam", "Mông", "", "Thào A Tồng", "Vàng Thị Mái"),  # no number
    ("TE04", "Hờ Thị Sua", "21/11/2013", "Nữ", "Mông", "014213001004", "Hờ A Dế", "Lầu Thị Chía"),  # sex digit
    ("TE05", "Giàng A Tủa", "2017", "Nam", "Mông", "014217001005", "Giàng A Vừ", "Sồng Thị Ly"),  # a year alone
    ("TE06", "Sồng Thị Mai", "02/02/2015", "Nữ", "Mông", "014315001006", "Sồng A Chu", ""),  # no mother
    ("TE07", "Vừ A Páo", "30/06/2018", "Nam", "Mông", "O14218OO1007", "Vừ A Lâu", "Hạng Thị Dua"),  # letters O
    ("TE08", "Lý Thị Xúa", "15/10/2014", "Nữ", "Mông", "", "Lý A Nủ", "Thào Thị Chi"),  # to be settled
    ("TE09", "Thào Thị Ca", "01/02/2012", "Nữ", "Mông", "", "Thào A Khua", "Hạng Thị Lia"),  # birth not registered
    ("TE01", "Mùa A Chống", "12/05/2015", "Nam", "Mông", "014215001001", "Mùa A Páo", "Giàng Thị Dợ"),  # code again
    ("TE11", "Phàng A Nhà", "19/06/2011", "Nam", "H'Mông", "014211001011", "Phàng A Vạng", "Tráng Thị Hoa"),
    ("TE12", "Hạng A Sính", "09/09/2011", "Nam", "Mông", "", "Hạng A Giống", "Vừ Thị Dế"),  # moved away
)


def write_export(path: Path) -> Path:
    workbook = Workbook()
    sheet = workbook.active
    for title in TITLES:
        sheet.append([title])
    sheet.append(HEADINGS)
    for number, child in enumerate(CHILDREN, start=1):
        sheet.append([number, *child, "Làng Chếu", "Bản Cáo A", "Bản Cáo A, xã Làng Chếu", f"{number}A"])
    workbook.save(path)
    return path


def write_refusal(path: Path, code: str, reason: str) -> Path:
    """What the ministry's software gives back: the rows that it did not take."""
    workbook = Workbook()
    workbook.active.append(("Mã trẻ em", "Lý do"))
    workbook.active.append((code, reason))
    workbook.save(path)
    return path
