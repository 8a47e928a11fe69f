"""A register's file through the child process, from bytes to judged rows."""

import datetime as dt
import unicodedata
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from records.reading.errors import ReadingError
from records.reading.process import inspect
from records.reading.reference import load_fields
from records.reading.stage_lines import STAGE_COLUMNS
from tests.reading.rows import LISTS
from tests.reading.sheets import HEADINGS, SANG, TITLES, XUAN, Rows, read, request, xlsx

BENEFICIARY_HEADINGS = ["STT", "Mã đối tượng", "Họ và tên", "Ngày sinh", "Giới tính", "Số CCCD", "Loại đối tượng",
                        "Hệ số", "Mức trợ cấp", "Xã"]  # fmt: skip
NGOI = ["1", "BT-001", "Hà Văn Ngơi", "01/01/1940", "Nam", "014040000001", "Người cao tuổi", "1,5", "540000", "Song Pe"]
COLUMN_NUMBERS = [f"({n})" for n in range(1, len(HEADINGS) + 1)]
SIGNATURES = [[], ["Tổng cộng", "", "2 trẻ"], ["", "", "", "", "", "", "", "", "Bắc Yên, ngày 11 tháng 10 năm 2023"],
              ["", "", "NGƯỜI LẬP BIỂU", "", "", "", "", "", "TRƯỞNG PHÒNG"], [], ["", "", "Hà Thị Lan"]]  # fmt: skip


def _refusal(path: Path, *arguments: Any, **more: Any) -> ReadingError:
    with pytest.raises(ReadingError) as raised:
        read(path, *arguments, **more)
    return raised.value


def _codes(row: dict[str, Any]) -> list[str]:
    return [finding[0] for finding in row["findings"]]


def test_an_export_as_it_comes(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "ds.xlsx", [*TITLES, HEADINGS, COLUMN_NUMBERS, SANG, XUAN, *SIGNATURES])
    summary, rows = read(path)
    assert [(row["row_number"], row["cells"]) for row in rows] == [(7, SANG), (8, XUAN)]
    assert rows[0]["values"]["commune"] == "Xã Hang Chú"
    assert rows[0]["system_code"] == "14121-000001"
    assert rows[0]["birth_date"] == "2011-02-03"
    assert rows[0]["personal_number"] == "014211000120"
    assert rows[0]["in_scope"] == "t"
    assert summary["sheet"] == "DSTE"
    assert (summary["header_row"], summary["header_rows"]) == (5, [5, 5])
    assert summary["headings"] == HEADINGS
    assert summary["columns"]["personal_number"] == "Số định danh"
    assert summary["column_index"]["commune"] == 10
    assert summary["unmapped"] == ["STT"]
    assert summary["required_absent"] == []
    assert "guardian_name" in summary["absent"]
    assert summary["title_lines"] == ["SỞ LAO ĐỘNG - TB&XH TỈNH SƠN LA", "DANH SÁCH TRẺ EM HUYỆN BẮC YÊN"]
    assert summary["rows"] == 2
    assert summary["counts"]["empty_name"] == 0
    assert sum(summary["counts"]["by_commune"].values()) == 2
    assert [row for row, _ in summary["skipped"]] == [6, 10, 11, 12, 14]


def test_two_merged_heading_rows_with_birth_by_sex(tmp_path: Path) -> None:
    rows: Rows = [
        ["STT", "Họ và tên", "Năm sinh", None, "Cha", None, "Xã"],
        [None, None, "Nam", "Nữ", "Họ tên", "Số CCCD", None],
        ["1", "Mùa A Sang", "03/02/2011", None, "Mùa A Chống", "014085000001", "Hang Chú"],
        ["2", "Lò Thị Xuân", None, 2013, "Lò Văn Biên", None, "Song Pe"],
        ["3", "Đinh Văn Quyết", "2011", "2013", None, None, "Song Pe"],
    ]
    merges = ["A1:A2", "B1:B2", "C1:D1", "E1:F1", "G1:G2"]
    summary, read_rows = read(xlsx(tmp_path / "ds.xlsx", rows, merges=merges))
    assert summary["header_row"] == 2
    assert summary["columns"]["father_number"] == "Cha / Số CCCD"
    assert summary["split_columns"] == {"birth_by_sex": [2, 3]}
    assert (summary["columns"]["birth_date"], summary["columns"]["sex"]) == ("Năm sinh / Nam", "Năm sinh / Nữ")
    assert not set(summary["columns"]) & set(summary["absent"])
    assert set(summary["columns"]) | set(summary["absent"]) == {one.key for one in load_fields(LISTS, "children")}
    assert [(row["values"]["birth_date"], row["sex"]) for row in read_rows[:2]] == [
        ("03/02/2011", "nam"),
        ("2013", "nu"),
    ]
    assert read_rows[2]["sex"] == ""
    assert {"birth_date.unreadable", "sex.unreadable"} <= set(_codes(read_rows[2]))


def test_ticked_sexes_and_a_date_in_three_columns(tmp_path: Path) -> None:
    rows: Rows = [
        ["Họ tên", "Ngày sinh", None, None, "Giới tính", None, "CCCD"],
        [None, "Ngày", "Tháng", "Năm", "Nam", "Nữ", None],
        ["Mùa A Sang", 3, 2, 2011, "x", None, "014211000120"],
        ["Lò Thị Xuân", None, None, 2013, None, "X", "014313000378"],
    ]
    _, read_rows = read(xlsx(tmp_path / "ds.xlsx", rows))
    assert [(row["birth_date"], row["birth_precision"], row["sex"]) for row in read_rows] == [
        ("2011-02-03", "day", "nam"),
        ("2013-01-01", "year", "nu"),
    ]


@pytest.mark.parametrize("upper", [None, ["Họ và tên", "Ngày sinh", None, None, "CCCD"]], ids=["alone", "merged"])
def test_the_year_alone_is_not_the_date_where_day_and_month_stand_beside_it(
    tmp_path: Path, upper: list[str | None] | None
) -> None:
    rows: Rows = [
        ["Họ và tên" if upper is None else None, "Ngày", "Tháng", "Năm sinh", "CCCD" if upper is None else None],
        ["Mùa A Sang", 3, 2, 2011, "014211000120"],
        ["Lò Thị Xuân", "17", "09", "2013", "014313000378"],
        ["Đinh Văn Quyết", None, None, 2013, None],
        ["Hà Thị Én", "17", None, 2013, None],
    ]
    path = xlsx(tmp_path / "ds.xlsx", [upper, *rows] if upper else rows, merges=["B1:D1"] if upper else [])
    summary, read_rows = read(path)
    assert summary["split_columns"] == {"birth_parts": [1, 2, 3]}
    assert [row["values"]["birth_date"] for row in read_rows] == ["03/02/2011", "17/09/2013", "2013", "17//2013"]
    assert "birth_date.unreadable" in _codes(read_rows[3])


@pytest.mark.parametrize(
    ("cell", "value"),
    [("014211000120", "014211000120"), (14211000120, "14211000120"), (14211000120.0, "14211000120"),
     ("014.211.000.120", "014211000120"), ("1,43E+10", "1,43E+10")],
)  # fmt: skip
def test_numbers_are_text_whatever_the_cell(tmp_path: Path, cell: Any, value: str) -> None:
    _, rows = read(xlsx(tmp_path / "ds.xlsx", [HEADINGS, [*SANG[:6], cell, *SANG[7:]]]))
    assert rows[0]["values"]["personal_number"] == value


@pytest.mark.parametrize("from_1904", [False, True])
def test_dates_and_bare_serials_of_both_epochs(tmp_path: Path, from_1904: bool) -> None:
    book = openpyxl.Workbook()
    if from_1904:
        book.epoch = CALENDAR_MAC_1904
    serial = 40577 - 1462 * from_1904
    for row in (HEADINGS, [*SANG[:3], dt.date(2011, 2, 3), *SANG[4:]], [*XUAN[:3], serial, *XUAN[4:]],
                [*XUAN[:3], 2013, *XUAN[4:]]):  # fmt: skip
        book.active.append(row)
    book.save(tmp_path / "ds.xlsx")
    _, rows = read(tmp_path / "ds.xlsx")
    assert [row["birth_date"] for row in rows] == ["2011-02-03", "2011-02-03", "2013-01-01"]
    assert rows[1]["cells"][3] == str(serial)


def test_a_file_with_old_ids_only(tmp_path: Path) -> None:
    headings = ["Số CMND" if heading == "Số định danh" else heading for heading in HEADINGS]
    summary, rows = read(xlsx(tmp_path / "ds.xlsx", [headings, [*SANG[:6], "050123456", *SANG[7:]]]))
    assert summary["columns"]["personal_number"] == "Số CMND"
    assert summary["required_absent"] == []
    assert "number.old_id" in _codes(rows[0])


def test_a_file_without_a_number_column_says_so(tmp_path: Path) -> None:
    summary, rows = read(xlsx(tmp_path / "ds.xlsx", [HEADINGS[:6], SANG[:6]]))
    assert summary["required_absent"] == ["personal_number"]
    assert "number.missing" in _codes(rows[0])
    assert "personal_number" not in rows[0]["values"]


# "Họ và tên", "Ngày sinh", "Xã" and "Mùa A Tủa", "Xím Vàng" as an old font's bytes.
TCVN3 = b"STT,H\xe4 v\xb5 t\xaan,Ng\xb5y sinh,X\xb7\n1,M\xefa A T\xf1a,03/02/2011,X\xddm V\xb5ng\n"


def test_a_text_file_in_an_old_font(tmp_path: Path) -> None:
    path = tmp_path / "ds.csv"
    path.write_bytes(TCVN3)
    summary, rows = read(path)
    assert summary["column_index"] == {"full_name": 1, "birth_date": 2, "commune": 3}
    assert rows[0]["full_name"] == "Mùa A Tủa"
    assert rows[0]["values"]["commune"] == "Xã Xím Vàng"
    assert "name.legacy_font" in _codes(rows[0])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_text_files(tmp_path: Path, encoding: str, separator: str) -> None:
    path = tmp_path / "ds.csv"
    path.write_bytes("\n".join(separator.join(row) for row in (HEADINGS, SANG, XUAN)).encode(encoding))
    _, rows = read(path)
    assert [row["cells"] for row in rows] == [SANG, XUAN]


def test_decomposed_letters_are_the_same_letters(tmp_path: Path) -> None:
    decomposed = [[unicodedata.normalize("NFD", text) for text in row] for row in (HEADINGS, XUAN)]
    _, rows = read(xlsx(tmp_path / "ds.xlsx", decomposed))
    assert rows[0]["full_name"] == "Lò Thị Xuân"
    assert rows[0]["commune_code"]


def test_the_sheet_whose_headings_fit_best(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Bìa"
    book.active.append(["Danh sách trẻ em", "Xã", "Bản"])
    for title, rows in (("Danh mục", [["Mã", "Dân tộc"], ["01", "Kinh"]]), ("DSTE", [HEADINGS, SANG]),
                        ("Khác", [HEADINGS[:5], XUAN[:5]])):  # fmt: skip
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(tmp_path / "ds.xlsx")
    summary, _ = read(tmp_path / "ds.xlsx")
    assert summary["sheet"] == "DSTE"
    assert summary["sheets"] == [
        {"name": "Bìa", "rows": 1}, {"name": "Danh mục", "rows": 2}, {"name": "DSTE", "rows": 2},
        {"name": "Khác", "rows": 2},
    ]  # fmt: skip
    assert summary["other_tables"] == [{"name": "Khác", "rows": 1}]
    forced, rows = read(tmp_path / "ds.xlsx", sheet="Khác")
    assert forced["other_tables"] == []
    assert (forced["sheet"], rows[0]["full_name"]) == ("Khác", "Lò Thị Xuân")
    assert "“Khác”" in _refusal(tmp_path / "ds.xlsx", sheet="Không có").message


def test_sheets_of_the_other_register_are_not_the_registers(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Trẻ em"
    rows_of = {"Trẻ em": [HEADINGS, SANG, XUAN], "BTXH": [BENEFICIARY_HEADINGS, NGOI], "Trống": [HEADINGS],
               "Song Pe": [HEADINGS, XUAN]}  # fmt: skip
    for title, rows in rows_of.items():
        sheet = book.active if title == "Trẻ em" else book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(tmp_path / "ds.xlsx")
    assert read(tmp_path / "ds.xlsx")[0]["other_tables"] == [{"name": "Song Pe", "rows": 1}]


def test_a_commune_fills_an_absent_column_only(tmp_path: Path) -> None:
    without = xlsx(tmp_path / "a.xlsx", [HEADINGS[:10], SANG[:10]])
    beside = xlsx(tmp_path / "b.xlsx", [HEADINGS, SANG])
    assert read(without, commune="03874")[1][0]["commune_code"] == "03874"
    assert read(beside, commune="03874")[1][0]["values"]["commune"] == "Xã Hang Chú"


def test_a_persons_choice_of_columns(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "ds.xlsx", [["Họ tên", "Cột A", "Cột B", "Xã"], ["Lò Văn X", "014211000120", "Mông", "x"]])
    summary, rows = read(path, columns={"full_name": 0, "personal_number": 1, "ethnic_group": 2})
    assert summary["columns"] == {"full_name": "Họ tên", "personal_number": "Cột A", "ethnic_group": "Cột B"}
    assert summary["unmapped"] == ["Xã"]
    assert rows[0]["ethnic_group"] == "08"


def test_awkward_cells_survive(tmp_path: Path) -> None:
    awkward = ['nói "vậy"', "a\tb", "a\nb", "\\N", "\\", "H'Mông", "\u200bẩn", ""]
    rows: Rows = [
        ["Họ tên", "Ngày sinh", "CCCD"],
        *([text, "2011", "0"] for text in awkward),
    ]
    _, read_rows = read(xlsx(tmp_path / "ds.xlsx", rows))
    assert [row["cells"][0] for row in read_rows] == awkward


@pytest.mark.parametrize(
    ("rows", "code", "said"),
    [
        ([], "empty", "không có dòng dữ liệu"),
        ([HEADINGS], "empty", "DSTE"),
        ([*TITLES, HEADINGS, COLUMN_NUMBERS, *SIGNATURES], "empty", "DSTE"),
        (TITLES, "no_heading", "“Họ và tên trẻ em”"),
        ([SANG, XUAN], "no_heading", "tiêu đề"),
        ([BENEFICIARY_HEADINGS, NGOI], "wrong_register", "“Mã đối tượng”"),
    ],
)
def test_files_that_are_refused(tmp_path: Path, rows: Rows, code: str, said: str) -> None:
    error = _refusal(xlsx(tmp_path / "ds.xlsx", rows))
    assert error.code == code
    assert said in error.message
    assert "ds.xlsx" in error.message


def test_each_register_knows_its_own(tmp_path: Path) -> None:
    children = xlsx(tmp_path / "a.xlsx", [HEADINGS, SANG])
    beneficiaries = xlsx(tmp_path / "b.xlsx", [BENEFICIARY_HEADINGS, NGOI])
    assert _refusal(children, "beneficiaries").code == "wrong_register"
    assert read(beneficiaries, "beneficiaries")[1][0]["full_name"] == "Hà Văn Ngơi"


def test_what_both_registers_may_have_is_no_reason_to_refuse(tmp_path: Path) -> None:
    headings = ["Mã hồ sơ", "Họ và tên", "Ngày sinh", "Số CCCD", "Ngày cấp", "Nơi cấp", "Xã"]
    path = xlsx(tmp_path / "ds.xlsx", [headings, ["1", "Mùa A Sang", "2011", "", "", "", "Hang Chú"]])
    assert len(read(path)[1]) == 1
    assert len(read(path, "beneficiaries")[1]) == 1


def test_inspecting_shows_without_judging(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "ds.xlsx", [*TITLES, HEADINGS, SANG, XUAN])
    summary = inspect(request(path))
    assert summary["preview"][4] == HEADINGS
    assert summary["samples"]["2"] == ["Mùa A Sang", "Lò Thị Xuân"]
    assert summary["samples"]["5"] == ["Mông", "Thái"]
    assert summary["rows"] == 2


def test_a_row_has_every_column_of_the_stage(tmp_path: Path) -> None:
    _, rows = read(xlsx(tmp_path / "ds.xlsx", [HEADINGS, [*SANG[:3], "", *SANG[4:]]]))
    assert tuple(rows[0]) == STAGE_COLUMNS
    assert rows[0]["birth_date"] is None
    assert rows[0]["birth_year"] is None
    assert rows[0]["guardian_name"] == ""
    assert rows[0]["care_support"] == "f"


def _doubts(tmp_path: Path, headings: list[str], rows: Rows) -> dict[str, str]:
    return inspect(request(xlsx(tmp_path / "ds.xlsx", [headings, *rows])))["doubts"]


def test_cells_that_do_not_look_like_their_heading_are_doubted(tmp_path: Path) -> None:
    assert _doubts(tmp_path, HEADINGS, [SANG, XUAN, SANG]) == {}
    swapped = [HEADINGS[0], HEADINGS[1], HEADINGS[3], HEADINGS[2], HEADINGS[6], HEADINGS[5], HEADINGS[4], *HEADINGS[7:]]
    assert _doubts(tmp_path, swapped, [SANG, XUAN, SANG]) == {
        "2": "3 trên 3 ô đầu trông như họ tên",
        "3": "3 trên 3 ô đầu trông như ngày tháng",
        "4": "3 trên 3 ô đầu trông như giới tính",
        "6": "3 trên 3 ô đầu trông như số định danh",
    }


def test_few_or_empty_cells_tell_nothing(tmp_path: Path) -> None:
    odd = [*SANG[:2], "03/02/2011", *SANG[3:]]
    assert _doubts(tmp_path, HEADINGS, [odd, odd]) == {}
    assert (
        _doubts(tmp_path, HEADINGS, [odd, *[[*SANG[:2], text, *SANG[3:]] for text in ("chưa có", "", "Sùng A Lù")]])
        == {}
    )


def test_what_is_hidden_is_read_and_said(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "ds.xlsx") as book:
        sheet = book.add_worksheet("DSTE")
        for number, texts in enumerate([HEADINGS, SANG, XUAN, SANG]):
            sheet.write_row(number, 0, texts)
        sheet.autofilter(0, 0, 3, 10)
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.set_column(6, 7, None, None, {"hidden": True})
        sheet.write_formula(3, 2, "=C2", None, "")
    summary, rows = read(tmp_path / "ds.xlsx")
    assert [row["row_number"] for row in rows] == [2, 3, 4]
    assert rows[0]["personal_number"] == "014211000120"
    assert [note.split(" ")[0:3] for note in summary["notes"]] == [
        ["1", "dòng", "ẩn"], ["1", "nhóm", "cột"], ["1", "ô", "công"],
    ]  # fmt: skip
    assert read(xlsx(tmp_path / "plain.xlsx", [HEADINGS, SANG]))[0]["notes"] == []
