"""The same rows, whatever program wrote them."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from records.reading.errors import ReadingError
from records.reading.request import Request
from records.reading.workbook import open_workbook
from tests.reading.sheets import HEADINGS, SANG, Rows, rewritten, xlsx
from tests.reading.xlsb import xlsb

ROWS: Rows = [["Họ và tên", "Số"], ["Mùa A Sang", 14211000120], ["Lò Thị Xuân", "014313000378"]]
TEXTS = [["Họ và tên", "Số"], ["Mùa A Sang", "14211000120"], ["Lò Thị Xuân", "014313000378"]]


def _request(path: Path) -> Request:
    return Request("register", path, path.name)


def _rows(path: Path, sheet: int = 0) -> list[tuple[int, list[str]]]:
    book = open_workbook(_request(path))
    return list(book.sheet(book.sheet_names[sheet]).rows())


def _xlsxwriter(path: Path) -> Path:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("DSTE")
        for number, row in enumerate(ROWS):
            sheet.write_row(number, 0, row)
    return path


def _xls(path: Path) -> Path:
    book = xlwt.Workbook()
    sheet = book.add_sheet("DSTE")
    for number, row in enumerate(ROWS):
        for column, value in enumerate(row):
            sheet.write(number, column, value)
    book.save(str(path))
    return path


def _ods(path: Path) -> Path:
    document = OpenDocumentSpreadsheet()
    table = Table(name="DSTE")
    for row in ROWS:
        line = TableRow()
        for value in row:
            number = {"valuetype": "float", "value": value} if isinstance(value, int) else {"valuetype": "string"}
            cell = TableCell(**number)
            cell.addElement(P(text=str(value)))
            line.addElement(cell)
        table.addElement(line)
    blank = TableRow(numberrowsrepeated=1_048_000)
    blank.addElement(TableCell(numbercolumnsrepeated=1024))
    table.addElement(blank)
    document.spreadsheet.addElement(table)
    document.save(str(path))
    return path


def _csv(path: Path) -> Path:
    path.write_text("\n".join(";".join(map(str, row)) for row in ROWS))
    return path


@pytest.mark.parametrize(
    "write",
    [lambda p: xlsx(p, ROWS), _xlsxwriter, lambda p: xlsb(p, [[c if isinstance(c, str) else float(c) for c in r]
     for r in ROWS]), _xls, _ods, _csv],
    ids=["openpyxl", "xlsxwriter", "xlsb", "xls", "ods", "csv"],
)  # fmt: skip
def test_every_format_gives_the_same_rows(tmp_path: Path, write: Callable[[Path], Path]) -> None:
    assert _rows(write(tmp_path / "ds.dat")) == list(enumerate(TEXTS, start=1))


@pytest.mark.parametrize("name", ["ds.xls", "ds.xlsb", "ds.ods", "ds.xlsm", "ds.txt"])
def test_a_name_with_another_ending_does_not_matter(tmp_path: Path, name: str) -> None:
    assert _rows(xlsx(tmp_path / name, ROWS)) == list(enumerate(TEXTS, start=1))


def test_rows_keep_the_numbers_of_the_spreadsheet(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["C5"] = "Họ và tên"
    book.active["D7"] = "Mùa A Sang"
    book.save(tmp_path / "ds.xlsx")
    assert [(n, row) for n, row in _rows(tmp_path / "ds.xlsx") if any(row)] == [
        (5, ["", "", "Họ và tên", ""]),
        (7, ["", "", "", "Mùa A Sang"]),
    ]


def test_dates_of_both_epochs_are_the_same_day(tmp_path: Path) -> None:
    for name, epoch in (("a.xlsx", None), ("b.xlsx", CALENDAR_MAC_1904)):
        book = openpyxl.Workbook()
        if epoch:
            book.epoch = epoch
        book.active.append([dt.date(2011, 2, 3), dt.datetime(2011, 2, 3, 8, 15)])
        book.save(tmp_path / name)
        assert _rows(tmp_path / name) == [(1, ["03/02/2011", "03/02/2011 08:15"])]


def test_dates_of_an_old_workbook_of_1904(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    book.dates_1904 = True
    book.add_sheet("S").write(0, 0, dt.date(2011, 2, 3), xlwt.easyxf(num_format_str="DD/MM/YYYY"))
    book.save(str(tmp_path / "ds.xls"))
    assert _rows(tmp_path / "ds.xls") == [(1, ["03/02/2011"])]


def test_formulas_give_what_was_stored(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "ds.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_formula(0, 0, '=CONCATENATE("0","1")', None, "01")
        sheet.write_formula(0, 1, "=1+1", None, 2)
        sheet.write_formula(0, 2, "=1/0", None, "#DIV/0!")
        sheet.write_boolean(0, 3, True)
    assert _rows(tmp_path / "ds.xlsx") == [(1, ["01", "2", "", "TRUE"])]


def test_hidden_sheets_and_charts_are_passed_over(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "ẩn"
    book.active.sheet_state = "hidden"
    book.create_chartsheet("biểu đồ")
    book.create_sheet("DSTE").append(["a"])
    book.save(tmp_path / "ds.xlsx")
    opened = open_workbook(_request(tmp_path / "ds.xlsx"))
    assert opened.sheet_names == ["DSTE"]
    assert opened.all_names == ["ẩn", "DSTE"]


def test_merged_cells_are_told(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "ds.xlsx", [["Cha", "", "Mẹ"], ["Họ tên", "Số", ""]], merges=["A1:B1", "C1:C2"])
    sheet = open_workbook(_request(path)).sheet("DSTE")
    assert sheet.merges is not None
    assert sorted(sheet.merges) == [(0, 0, 0, 1), (0, 2, 1, 2)]
    assert sheet.height == 2


def test_an_honest_file_with_a_stray_far_cell_is_read_all_the_same(tmp_path: Path) -> None:
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    source = xlsx(tmp_path / "a.xlsx", [HEADINGS, SANG, ["", None, dt.date(2011, 2, 3), 14211000120.0]])
    path = rewritten(source, tmp_path / "b.xlsx", lambda content: content.replace(b"</sheetData>", far))
    rows = [(number, cells) for number, cells in _rows(path) if any(cells)]
    assert rows[:2] == [(1, HEADINGS), (2, SANG)]
    assert rows[2] == (3, ["", "", "03/02/2011", "14211000120"])
    assert rows[3][0] == 1_048_576


def _locked(content: bytes) -> bytes:
    """An interface record (always there, never read) turned into the one that says "password"."""
    return content.replace(b"\xe1\x00\x02\x00\xb0\x04", b"\x2f\x00\x02\x00\xb0\x04")


@pytest.mark.parametrize(("change", "code"), [(_locked, "encrypted"), (lambda c: c[:2000], "unreadable_file")])
def test_old_workbooks_that_do_not_open(tmp_path: Path, change: Callable[[bytes], bytes], code: str) -> None:
    path = _xls(tmp_path / "ds.xls")
    path.write_bytes(change(path.read_bytes()))
    with pytest.raises(ReadingError) as raised:
        _rows(path)
    assert raised.value.code == code


def test_a_broken_sheet_is_unreadable(tmp_path: Path) -> None:
    path = rewritten(xlsx(tmp_path / "a.xlsx", ROWS), tmp_path / "b.xlsx", lambda content: content[: len(content) // 2])
    with pytest.raises(ReadingError) as raised:
        _rows(path)
    assert raised.value.code == "unreadable_file"
