"""Lists that come home, after Excel, WPS and tired people."""

from pathlib import Path
from typing import Any

import pytest

from records.reading.errors import ReadingError
from records.reading.list_reading import match_wanted
from records.reading.process import read_table
from records.reading.request import WantedColumn
from tests.reading.sheets import Rows, xlsx

FIELDS = [
    {"key": "row_code", "headings": ["Mã dòng"]},
    {"key": "full_name", "headings": ["Họ và tên"]},
    {"key": "birth_date", "headings": ["Ngày sinh"]},
    {"key": "answer", "headings": ["Mã kết quả"]},
    {"key": "number", "headings": ["Số định danh"]},
    {"key": "right_name", "headings": ["Họ tên đúng"]},
    {"key": "right_birth_date", "headings": ["Ngày sinh đúng"]},
]
WANTED = [WantedColumn(field["key"], tuple(field["headings"])) for field in FIELDS]
HEADINGS = ["STT", "Mã dòng", "Họ và tên", "Ngày sinh", "Mã kết quả", "Số định danh", "Họ tên đúng", "Ngày sinh đúng"]
ABOVE = [["Mã đợt", "CA-0001"], ["Xã Hang Chú", None, "Trẻ em"], []]


def _table(path: Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    return read_table(path, path.name, FIELDS)


def test_a_list_as_it_was_sent(tmp_path: Path) -> None:
    rows: Rows = [*ABOVE, HEADINGS, ["1", "K7M2Q", "Mùa A Sang", "03/02/2011", "C", "014211000120", None, None],
                  [], ["2", "R4T8W", "Lò Thị Xuân", "2013", None, None, None, None]]  # fmt: skip
    summary, read_rows = _table(xlsx(tmp_path / "ds.xlsx", rows))
    assert summary["lines_above"] == ["Mã đợt CA-0001", "Xã Hang Chú Trẻ em"]
    assert summary["header_row"] == 4
    assert summary["missing"] == []
    assert set(summary["found"]) == {field["key"] for field in FIELDS}
    assert [row["row"] for row in read_rows] == [5, 7]
    assert read_rows[0]["cells"]["number"] == "014211000120"
    assert read_rows[0]["other"] == {"STT": "1"}
    assert read_rows[1]["cells"]["answer"] == ""


def test_columns_moved_renamed_added_and_signed_below(tmp_path: Path) -> None:
    headings = ["Ngày sinh đúng ", "MA KET QUA", "Số định danh cá nhâ", "Mã dòng (không sửa)", "Cột mới", "Ho va ten"]
    rows: Rows = [headings, [None, "C", 14211000120, "K7M2Q", "gì đó", "Mùa A Sang"],
                  ["", "", "", "", "", "TRƯỞNG CÔNG AN XÃ"], ["", "", "", "", "", "Hà Văn Minh"]]  # fmt: skip
    summary, read_rows = _table(xlsx(tmp_path / "ds.xlsx", rows))
    assert summary["missing"] == ["birth_date", "number", "right_name"]
    assert [row["cells"]["answer"] for row in read_rows] == ["C"]
    assert read_rows[0]["other"] == {"Số định danh cá nhâ": "14211000120", "Cột mới": "gì đó"}
    assert [row for row, _ in summary["skipped"]] == [3, 4]


@pytest.mark.parametrize(
    ("headings", "mapping"),
    [
        (["Mã dòg", "Họ và tên"], {"row_code": 0, "full_name": 1}),
        (["Mã  DÒNG", "Số định dạnh"], {"row_code": 0, "number": 1}),
        (["Ngày sinh đúng"], {"right_birth_date": 0}),
        (["Ngày sinh", "Ngày sinh"], {"birth_date": 0}),
        (["Mã kết qủa", "Họ tên đúng"], {"answer": 0, "right_name": 1}),
        (["Mã", "Tên", ""], {}),
    ],
)
def test_small_edits_of_headings(headings: list[str], mapping: dict[str, int]) -> None:
    assert match_wanted(headings, WANTED).mapping == mapping


@pytest.mark.parametrize(
    ("rows", "code"), [([], "empty"), ([HEADINGS], "empty"), ([["a", "b"], ["c", "d"]], "no_heading")]
)
def test_lists_that_are_refused(tmp_path: Path, rows: Rows, code: str) -> None:
    with pytest.raises(ReadingError) as raised:
        _table(xlsx(tmp_path / "ds.xlsx", rows))
    assert raised.value.code == code


def test_a_list_saved_as_text(tmp_path: Path) -> None:
    path = tmp_path / "ds.csv"
    path.write_text(";".join(HEADINGS) + "\n1;K7M2Q;Mùa A Sang;2011;K;;;\n", encoding="utf-8")
    assert _table(path)[1][0]["cells"]["row_code"] == "K7M2Q"
