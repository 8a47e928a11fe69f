import pytest

from records.reading.columns import HeadingMatcher, is_counter, match_headings
from records.reading.reference import load_fields
from tests.reading.sheets import REFERENCE

CHILDREN = load_fields(REFERENCE, "children")
BENEFICIARIES = load_fields(REFERENCE, "beneficiaries")


@pytest.mark.parametrize("fields", [CHILDREN, BENEFICIARIES], ids=["children", "beneficiaries"])
def test_every_heading_of_a_column_set_is_its_own_field(fields: list) -> None:
    matcher = HeadingMatcher(fields)
    for item in fields:
        for heading in (item.label, *item.header_aliases, item.label.upper(), f"  {item.label} "):
            assert matcher.resolve(heading)[0] == item.key, heading


@pytest.mark.parametrize(
    ("heading", "key"),
    [
        ("HỌ VÀ TÊN", "full_name"),
        ("Họ và tên", "full_name"),
        ("Hä vµ tªn", "full_name"),  # TCVN3
        ("Họ và tên (chữ in hoa) *", "full_name"),
        ("Ngày, tháng,\nnăm sinh", "birth_date"),
        ("Số CCCD/ĐDCN (12 số)", "personal_number"),
        ("Cha / Họ và tên", "father_name"),
        ("Thông tin về cha / Họ tên", "father_name"),
        ("Người cha / Số CCCD", "father_number"),
        ("Mẹ / CMND", "mother_number"),
        ("Thông tin mẹ đẻ / Họ, chữ đệm và tên", "mother_name"),
        ("Mẹ / Ngày sinh", ""),
        ("Cha / Dân tộc", ""),
        ("Cha, mẹ / Họ tên", ""),
        ("Người chăm sóc, nuôi dưỡng / Họ và tên", "guardian_name"),
        ("Người giám hộ / Số CCCD", "guardian_number"),
        ("Người giám hộ / Quan hệ", "guardian_relationship"),
        ("Người giám hộ / Số điện thoại", ""),
        ("Chủ hộ / Họ và tên", "household_head_name"),
        ("Thông tin trẻ em / Họ và tên", "full_name"),
        ("I. Thông tin chung / Dân tộc", "ethnic_group"),
        ("Nơi thường trú / Bản", "village"),
        ("Nơi ở hiện nay / Xã", "commune"),
        ("Quê quán / Xã", ""),
        ("Nơi khai sinh / Xã", ""),
        ("Giấy khai sinh / Số", "birth_certificate_number"),
        ("Cột lạ", ""),
        ("STT", ""),
    ],
)
def test_headings_of_children(heading: str, key: str) -> None:
    assert HeadingMatcher(CHILDREN).resolve(heading)[0] == key


@pytest.mark.parametrize(
    ("heading", "key"),
    [
        ("Quyết định / Số", "decision_number"),
        ("Quyết định / Ngày", "decision_date"),
        ("CCCD / Ngày cấp", "number_issue_date"),
        ("Người nhận thay / Họ và tên", "payee_name"),
        ("Người nhận thay / Số CCCD", "payee_number"),
        ("Người nhận thay / Quan hệ", "payee_relationship"),
        ("Người giám hộ / Số CCCD", ""),
    ],
)
def test_headings_of_beneficiaries(heading: str, key: str) -> None:
    assert HeadingMatcher(BENEFICIARIES).resolve(heading)[0] == key


def test_the_surer_of_two_columns_takes_the_field() -> None:
    columns = match_headings(["Địa chỉ", "Nơi thường trú", "Họ tên", "Họ và tên"], CHILDREN)
    assert columns.mapping == {"permanent_address": 1, "full_name": 2}
    assert columns.unmapped == [(0, "Địa chỉ"), (3, "Họ và tên")]


def test_what_people_taught_comes_first_and_may_say_to_leave_a_column() -> None:
    taught = {"maso": "personal_number", "cccd": "", "gone": "no_such_field"}
    columns = match_headings(["Mã số", "CCCD", "Họ tên"], CHILDREN, taught)
    assert columns.mapping == {"personal_number": 0, "full_name": 2}
    assert columns.unmapped == [(1, "CCCD")]


def test_a_lone_old_id_column_is_read_as_the_number() -> None:
    columns = match_headings(["Họ tên", "Số CMND"], CHILDREN)
    assert columns.mapping == {"full_name": 0, "personal_number": 1}
    assert "personal_number" not in columns.absent
    assert "old_id_number" not in columns.absent


def test_a_file_with_the_number_alone_lacks_the_old_id_column() -> None:
    assert "old_id_number" in match_headings(["Họ tên", "Số CCCD"], CHILDREN).absent
    assert "old_id_number" in match_headings(["Họ tên", "CMND/CCCD"], CHILDREN).absent


def test_an_old_id_column_beside_the_number_stays_one() -> None:
    columns = match_headings(["Họ tên", "Số CMND", "Số CCCD"], CHILDREN)
    assert columns.mapping == {"full_name": 0, "old_id_number": 1, "personal_number": 2}


@pytest.mark.parametrize(
    ("headings", "kind", "places"),
    [
        (["Họ tên", "Năm sinh / Nam", "Năm sinh / Nữ"], "birth_by_sex", (1, 2)),
        (["Họ tên", "Ngày, tháng, năm sinh / Nữ", "Ngày, tháng, năm sinh / Nam"], "birth_by_sex", (2, 1)),
        (["Họ tên", "Nam", "Nữ"], "birth_by_sex", (1, 2)),
        (["Ngày sinh", "Giới tính / Nam", "Giới tính / Nữ"], "sex_marks", (1, 2)),
        (["Ngày sinh", "Nam", "Nữ"], "sex_marks", (1, 2)),
        (["Họ tên", "Ngày sinh / Ngày", "Ngày sinh / Tháng", "Ngày sinh / Năm"], "birth_parts", (1, 2, 3)),
        (["Họ tên", "Ngay sinh / Ngay", "Ngay sinh / Thang", "Ngay sinh / Nam"], "birth_parts", (1, 2, 3)),
        (["Họ tên", "Ngày", "Tháng", "Năm sinh", "Xã"], "birth_parts", (1, 2, 3)),
        (["Họ tên", "Ngày sinh / Ngày", "Ngày sinh / Tháng", "Ngày sinh / Năm sinh"], "birth_parts", (1, 2, 3)),
        (["Họ tên", "Ngày sinh", "Tháng sinh", "Năm sinh"], "birth_parts", (1, 2, 3)),
        (["Họ tên", "Sinh ngày", "Tháng", "Năm"], "birth_parts", (1, 2, 3)),
        (["Họ tên", "NGÀY", "THÁNG", "NĂM SINH (ghi đủ)"], "birth_parts", (1, 2, 3)),
        (["Họ tên", "Năm sinh", "Tháng", "Ngày"], "birth_parts", (3, 2, 1)),
        (["Họ tên", "Trẻ em / Ngày", "Trẻ em / Tháng", "Trẻ em / Năm sinh"], "birth_parts", (1, 2, 3)),
    ],
)
def test_a_field_spread_over_columns(headings: list[str], kind: str, places: tuple[int, ...]) -> None:
    columns = match_headings(headings, CHILDREN)
    assert [(split.kind, split.columns) for split in columns.splits] == [(kind, places)]
    assert "birth_date" not in columns.absent
    assert columns.unmapped == []


@pytest.mark.parametrize(
    "headings",
    [
        ["Họ tên", "Cha / Ngày", "Cha / Tháng", "Cha / Năm sinh"],
        ["Họ tên", "Ngày cấp / Ngày", "Ngày cấp / Tháng", "Ngày cấp / Năm"],
        ["Họ tên", "Đăng ký khai sinh / Ngày", "Đăng ký khai sinh / Tháng", "Đăng ký khai sinh / Năm"],
        ["Họ tên", "Ngày", "Tháng"],
    ],
)
def test_days_and_months_of_something_else_are_no_birth(headings: list[str]) -> None:
    columns = match_headings(headings, CHILDREN)
    assert columns.splits == []
    assert "birth_date" in columns.absent


def test_a_whole_birth_date_elsewhere_leaves_the_parts_alone() -> None:
    columns = match_headings(["Ngày, tháng, năm sinh", "Ngày", "Tháng", "Năm"], CHILDREN)
    assert columns.mapping == {"birth_date": 0}
    assert columns.splits == []


def test_a_persons_choice_replaces_what_was_found() -> None:
    matcher = HeadingMatcher(CHILDREN)
    headings = ["Họ tên", "CCCD", "Xã", "Năm sinh / Nam", "Năm sinh / Nữ"]
    found = matcher.match(headings)
    chosen = matcher.chosen(headings, {"full_name": 0, "note": 1, "birth_date": 3, "no_such": 2, "sex": 99}, found)
    assert chosen.mapping == {"full_name": 0, "note": 1}
    assert [split.kind for split in chosen.splits] == ["birth_by_sex"]
    assert "personal_number" in chosen.absent
    assert chosen.unmapped == [(2, "Xã")]


@pytest.mark.parametrize(("heading", "counts"), [("STT", True), ("TT", True), ("Số thứ tự", True), ("Thôn", False)])
def test_a_counter_is_known(heading: str, counts: bool) -> None:
    assert is_counter(heading) is counts
