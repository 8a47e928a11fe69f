"""The demo district as files: what the district office would export, and what the civil registry would hand over."""

import csv
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path

from reconciliation.demo.dice import dice
from reconciliation.demo.district import NEWBORNS_OF, DemoDistrict
from reconciliation.demo.drafts import Planted
from reconciliation.demo.sheets import Column, Sheet, write_sheet

# The software's own headings, not those of our column sets; in its own order.
_SERIAL = Column("", "STT")
_CHILDREN = (
    _SERIAL,
    Column("system_code", "Mã trẻ em"),
    Column("full_name", "Họ và tên trẻ"),
    Column("birth_date", "Ngày sinh"),
    Column("sex", "Giới tính"),
    Column("ethnic_group", "Dân tộc"),
    Column("personal_number", "Số ĐDCN/CCCD"),
    Column("birth_certificate_number", "Số giấy khai sinh"),
    Column("birth_registration_place", "Nơi đăng ký khai sinh"),
    Column("health_insurance_number", "Số thẻ BHYT"),
    Column("village", "Thôn/bản"),
    Column("commune", "Xã/phường/thị trấn"),
    Column("permanent_address", "Nơi thường trú"),
    Column("household_code", "Mã hộ gia đình"),
    Column("household_head_name", "Họ tên chủ hộ"),
    Column("father_name", "Họ tên cha"),
    Column("father_number", "Số CCCD cha"),
    Column("mother_name", "Họ tên mẹ"),
    Column("mother_number", "Số CCCD mẹ"),
    Column("guardian_name", "Người nuôi dưỡng"),
    Column("guardian_number", "CCCD người nuôi dưỡng"),
    Column("guardian_relationship", "Quan hệ với trẻ"),
    Column("circumstance", "Hoàn cảnh trẻ em"),
    Column("household_status", "Loại hộ"),
    Column("disability", "Tình trạng khuyết tật"),
    Column("schooling", "Tình trạng học tập"),
    Column("school_level", "Lớp học"),
    Column("phone", "Số điện thoại"),
    Column("updated_on", "Ngày cập nhật"),
    Column("note", "Ghi chú"),
)
_PERSON = "Thông tin đối tượng"
_PAPERS = "Giấy tờ tùy thân"
_HOME = "Nơi ở"
_BENEFIT = "Chế độ trợ cấp"
_PAYEE = "Người nhận thay"
_BENEFICIARIES = (
    _SERIAL,
    Column("system_code", "Mã đối tượng"),
    Column("full_name", "Họ và tên đối tượng", _PERSON),
    Column("birth_date", "Ngày, tháng, năm sinh", _PERSON),
    Column("sex", "Giới tính", _PERSON),
    Column("ethnic_group", "Dân tộc", _PERSON),
    Column("personal_number", "Số CCCD/ĐDCN", _PAPERS),
    Column("old_id_number", "Số CMND 9 số", _PAPERS),
    Column("number_issue_date", "Ngày cấp CCCD", _PAPERS),
    Column("number_issue_place", "Nơi cấp CCCD", _PAPERS),
    Column("health_insurance_number", "Số thẻ BHYT", _PAPERS),
    Column("village", "Thôn/bản", _HOME),
    Column("commune", "Xã, thị trấn", _HOME),
    Column("permanent_address", "Nơi thường trú", _HOME),
    Column("father_name", "Họ và tên", "Cha"),
    Column("mother_name", "Họ và tên", "Mẹ"),
    Column("guardian_name", "Người giám hộ"),
    Column("category", "Loại đối tượng", _BENEFIT),
    Column("coefficient", "Hệ số", _BENEFIT),
    Column("amount", "Mức trợ cấp (đồng/tháng)", _BENEFIT),
    Column("decision_number", "Số quyết định", _BENEFIT),
    Column("decision_date", "Ngày quyết định", _BENEFIT),
    Column("start_date", "Hưởng từ tháng", _BENEFIT),
    Column("payee_name", "Họ tên người nhận thay", _PAYEE),
    Column("payee_number", "Số CCCD người nhận", _PAYEE),
    Column("payee_relationship", "Quan hệ với đối tượng", _PAYEE),
    Column("payment_method", "Hình thức chi trả"),
    Column("payment_account", "Số tài khoản"),
    Column("payment_bank", "Tên ngân hàng"),
    Column("status", "Trạng thái hưởng"),
    Column("disability_kind", "Dạng tật", "Khuyết tật"),
    Column("disability_level", "Mức độ khuyết tật", "Khuyết tật"),
    Column("household_status", "Loại hộ"),
    Column("phone", "Số điện thoại"),
    Column("updated_on", "Ngày cập nhật"),
    Column("note", "Ghi chú"),
)
_OFFICE = "PHÒNG LAO ĐỘNG - THƯƠNG BINH VÀ XÃ HỘI HUYỆN BẮC YÊN"
_NEWBORN_HEADINGS = {"full_name": "Họ, chữ đệm, tên khai sinh", "note": "Ghi chú"}


def write_workbooks(district: DemoDistrict, directory: Path) -> dict[str, Path]:
    """Writes every file and returns each by its name. The same district gives the same bytes."""
    directory.mkdir(parents=True, exist_ok=True)
    first = district.first_day
    later = first + timedelta(days=14)
    sheets = {
        "children.xlsx": (_children_sheet(district.children, first), first),
        "children-later.xlsx": (_children_sheet(district.later_children.rows, later), later),
        "beneficiaries.xlsx": (_beneficiaries_sheet(district, first), first),
        f"newborns-{NEWBORNS_OF}.xlsx": (_newborns_sheet(district, later), later),
    }
    paths = {}
    for name, (sheet, day) in sheets.items():
        paths[name] = directory / name
        write_sheet(paths[name], sheet, datetime.combine(day, time(8)), dice(district.seed, f"cells of {name}"))
    name = f"children-{NEWBORNS_OF}.csv"
    paths[name] = _write_commune(district, directory / name)
    paths["defects.csv"] = _write_defects(
        [("children.xlsx", p) for p in district.planted if p.register == "children"]
        + [("beneficiaries.xlsx", p) for p in district.planted if p.register == "beneficiaries"]
        + [("children-later.xlsx", p) for p in district.planted_later],
        directory / "defects.csv",
    )
    return paths


def _children_sheet(rows: Sequence[dict[str, str]], day: date) -> Sheet:
    return Sheet(
        name="Danh sách trẻ em",
        titles=(_OFFICE, "", "DANH SÁCH TRẺ EM TRÊN ĐỊA BÀN HUYỆN", f"Xuất từ phần mềm {_said(day)}", ""),
        columns=_CHILDREN,
        rows=rows,
        signatures=("Người lập biểu", "TRƯỞNG PHÒNG"),
        place_and_day=f"Bắc Yên, {_said(day)}",
        notes=("Danh sách xuất từ phần mềm quản lý thông tin trẻ em.", "Không thay đổi cột Mã trẻ em."),
    )


def _beneficiaries_sheet(district: DemoDistrict, day: date) -> Sheet:
    return Sheet(
        name="Đối tượng BTXH",
        titles=(
            _OFFICE,
            "DANH SÁCH ĐỐI TƯỢNG HƯỞNG TRỢ CẤP XÃ HỘI HÀNG THÁNG",
            f"Tháng {day.month:02d}/{day.year}",
            "",
        ),
        columns=_BENEFICIARIES,
        rows=district.beneficiaries,
        signatures=("Người lập biểu", "TRƯỞNG PHÒNG"),
        place_and_day=f"Bắc Yên, {_said(day)}",
    )


def _newborns_sheet(district: DemoDistrict, day: date) -> Sheet:
    labels = {**district.labels["children"], **_NEWBORN_HEADINGS}
    keys = list(district.newborns[0].cells)
    return Sheet(
        name="Khai sinh",
        titles=("UBND XÃ LÀNG CHẾU", "DANH SÁCH TRẺ EM ĐÃ ĐĂNG KÝ KHAI SINH", ""),
        columns=(_SERIAL, *(Column(key, labels[key]) for key in keys)),
        rows=[newborn.cells for newborn in district.newborns],
        signatures=("Công chức Tư pháp - Hộ tịch",),
        place_and_day=f"Làng Chếu, {_said(day)}",
        total=False,
    )


def _write_commune(district: DemoDistrict, path: Path) -> Path:
    """One commune's rows of the first export, as a Vietnamese Excel saves them: semicolons and a BOM."""
    keys = [column.key for column in _CHILDREN if column.key]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow([column.heading for column in _CHILDREN if column.key])
        for row in district.children:
            if district.commune_of[row["system_code"]] == NEWBORNS_OF:
                writer.writerow([row[key] for key in keys])
    return path


def _write_defects(planted: Iterable[tuple[str, Planted]], path: Path) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["file", "register", "system_code", "rule", "field"])
        writer.writerows([name, one.register, one.system_code, one.rule, one.field] for name, one in planted)
    return path


def _said(day: date) -> str:
    return f"ngày {day.day:02d} tháng {day.month:02d} năm {day.year}"
