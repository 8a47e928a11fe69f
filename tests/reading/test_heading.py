import pytest

from records.reading.columns import HeadingMatcher
from records.reading.heading import Heading, compose, find_heading, is_column_numbers
from records.reading.reference import load_fields
from records.reading.workbook import Merge
from tests.reading.sheets import HEADINGS, REFERENCE, SANG, TITLES, XUAN

CHILDREN = HeadingMatcher(load_fields(REFERENCE, "children"))

UPPER = ["STT", "Họ và tên", "Năm sinh", "", "Cha", "", "Mẹ", "", "Xã"]
LOWER = ["", "", "Nam", "Nữ", "Họ tên", "Số CCCD", "Họ tên", "Số CCCD", ""]
MERGES: list[Merge] = [(0, c, 1, c) for c in (0, 1, 8)] + [(0, 2, 0, 3), (0, 4, 0, 5), (0, 6, 0, 7)]
TWO_ROWS = ["STT", "Họ và tên", "Năm sinh / Nam", "Năm sinh / Nữ", "Cha / Họ tên", "Cha / Số CCCD",
            "Mẹ / Họ tên", "Mẹ / Số CCCD", "Xã"]  # fmt: skip


def _find(rows: list[list[str]], merges: list[Merge] | None = None) -> Heading:
    heading = find_heading(rows, CHILDREN, merges)
    assert heading is not None
    return heading


def test_under_titles() -> None:
    heading = _find([*TITLES, HEADINGS, SANG, XUAN])
    assert (heading.first, heading.last) == (4, 4)
    assert heading.columns.headings == HEADINGS


@pytest.mark.parametrize("merges", [MERGES, None, []], ids=["merged", "not told", "not merged"])
def test_over_two_rows(merges: list[Merge] | None) -> None:
    data = ["1", "Mùa A Sang", "2011", "", "Mùa A Chống", "014085000001", "Giàng Thị Dê", "014185000001", "Hang Chú"]
    heading = _find([UPPER, LOWER, data, data], merges)
    assert (heading.first, heading.last) == (0, 1)
    assert heading.columns.headings == TWO_ROWS
    assert heading.columns.mapping == {
        "full_name": 1, "father_name": 4, "father_number": 5, "mother_name": 6, "mother_number": 7, "commune": 8,
    }  # fmt: skip


def test_a_title_merged_over_the_table_is_no_heading() -> None:
    title = ["DANH SÁCH TRẺ EM"] + [""] * 10
    heading = _find([title, HEADINGS, SANG], [(0, 0, 0, 10)])
    assert (heading.first, heading.last) == (1, 1)
    assert heading.columns.headings == HEADINGS


def test_whose_columns_are_is_read_from_the_row_above() -> None:
    """Alone, the lower row would make the guardian's address the child's."""
    upper = ["Trẻ em", "", "", "Người giám hộ", "", ""]
    lower = ["Họ tên", "Ngày sinh", "Số CCCD", "Họ tên", "Địa chỉ", "Số điện thoại"]
    heading = _find([upper, lower, ["Mùa A Sang", "2011", "014211000120", "Mùa A Chống", "Hang Chú", ""]])
    assert heading.columns.mapping == {"full_name": 0, "birth_date": 1, "personal_number": 2, "guardian_name": 3}


def test_cells_merged_downwards_end_the_heading() -> None:
    rows = [HEADINGS, ["", "", "", "", "", "(ghi rõ)"], SANG]
    assert _find(rows, [(0, c, 1, c) for c in (0, 1, 2, 3, 4, 6)]).last == 1


def test_an_enormous_merge_costs_nothing() -> None:
    assert _find([HEADINGS, SANG], [(0, 0, 1_048_575, 16_383)]).columns.headings[1] == HEADINGS[1]


@pytest.mark.parametrize(
    "rows", [[], [[]], [SANG, XUAN], TITLES, [["Cộng hòa xã hội chủ nghĩa Việt Nam", "Độc lập"]], [["Họ và tên", "x"]]]
)
def test_no_heading(rows: list[list[str]]) -> None:
    assert find_heading(rows, CHILDREN) is None


@pytest.mark.parametrize(
    ("row", "numbers"),
    [
        (["1", "2", "3", "4"], True),
        (["(1)", "(2)", "(3)"], True),
        (["A", "B", "1", "2", "3"], True),
        (["A", "B", "C"], True),
        (["(1)", "", "(2)", "(3)=(1)+(2)"], True),
        (["[1]", "[2]", "[3]", "[5]"], False),
        (["1", "2"], False),
        (["1", "Mùa A Sang", "3"], False),
        (["12", "5", "7"], False),
        (SANG, False),
        ([], False),
    ],
)
def test_a_row_of_column_numbers(row: list[str], numbers: bool) -> None:
    assert is_column_numbers(row) is numbers


def test_equal_texts_above_each_other_are_said_once() -> None:
    assert compose([["Xã", "Cha"], ["Xã", "Tên"]], 0, 1, None) == ["Xã", "Cha / Tên"]
