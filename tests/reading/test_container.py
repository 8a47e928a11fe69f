"""Files that are not what their name says, or that would cost a careless reader its life."""

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlwt

from records.reading.container import identify
from records.reading.errors import ReadingError
from records.reading.request import Limits
from tests.reading.sheets import HEADINGS, SANG, SHEET_XML, rewritten, xlsx
from tests.reading.xlsb import xlsb

OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
DTD = b'<!DOCTYPE sst [<!ENTITY e SYSTEM "file:///etc/passwd">]>'


def _refusal(path: Path, limits: Limits | None = None) -> ReadingError:
    with pytest.raises(ReadingError) as raised:
        identify(path, path.name, limits or Limits())
    assert path.name in raised.value.message
    return raised.value


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [
        (b"", "empty", "0 byte"),
        (b"%PDF-1.7\n", "unreadable_file", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "unreadable_file", "ảnh"),
        (b"\xff\xd8\xff\xe0", "unreadable_file", "ảnh"),
        (b"<html><table><tr><td>a</td></tr></table></html>", "unreadable_file", "HTML"),
        (b"\xef\xbb\xbf\r\n <!DOCTYPE HTML><html>", "unreadable_file", "HTML"),
        (b"<?xml version='1.0'?><Workbook/>", "unreadable_file", "XML"),
        (b"MIME-Version: 1.0\r\n", "unreadable_file", "MHT"),
        (b"{\\rtf1}", "unreadable_file", "RTF"),
        (b"Rar!\x1a\x07", "unreadable_file", "RAR"),
        (b"\x7fELF\x00\x01\x02", "unreadable_file", "nhị phân"),
        (b"PK\x03\x04 cut off", "unreadable_file", "hỏng"),
        (OLE2 + "EncryptedPackage".encode("utf-16-le"), "encrypted", "mật khẩu"),
        (OLE2 + "WordDocument".encode("utf-16-le"), "unreadable_file", "Word"),
        (OLE2, "unreadable_file", "hỏng"),
    ],
)
def test_what_is_no_spreadsheet(tmp_path: Path, content: bytes, code: str, said: str) -> None:
    path = tmp_path / "ds.xls"
    path.write_bytes(content)
    error = _refusal(path)
    assert error.code == code
    assert said in error.message


def _archive(path: Path, **parts: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


@pytest.mark.parametrize(
    ("parts", "code", "said"),
    [
        ({"word/document.xml": b"<x/>"}, "unreadable_file", "Word"),
        ({"ds.xlsx": b"PK"}, "unreadable_file", "giải nén"),
        ({"content.xml": b"<x/>", "mimetype": b"application/vnd.oasis.opendocument.text"}, "unreadable_file", "Open"),
        ({"content.xml": b"?", "META-INF/manifest.xml": b"<encryption-data/>"}, "encrypted", "mật khẩu"),
        ({"content.xml": b"<?xml?>" + DTD + b"<x/>"}, "unreadable_file", "thực thể"),
        ({"xl/sharedStrings.xml": DTD + b"<sst/>"}, "unreadable_file", "thực thể"),
        ({SHEET_XML: bytes(200 << 20)}, "too_large", "lần"),
    ],
)
def test_archives_that_are_refused(tmp_path: Path, parts: dict[str, bytes], code: str, said: str) -> None:
    error = _refusal(_archive(tmp_path / "ds.xlsx", **parts))
    assert error.code == code
    assert said in error.message


def test_a_heavy_file_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    assert _refusal(xlsx(tmp_path / "ds.xlsx", [SANG]), Limits(file_size=100)).code == "too_large"


def test_an_archive_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    assert _refusal(xlsx(tmp_path / "ds.xlsx", [SANG]), Limits(unpacked_size=100)).code == "too_large"


def test_a_truncated_workbook_is_unreadable(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "ds.xlsx", [HEADINGS, SANG])
    path.write_bytes(path.read_bytes()[:-200])
    assert _refusal(path).code == "unreadable_file"


def test_a_directory_that_lies_about_sizes_is_unreadable(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "ds.xlsx", [HEADINGS, SANG])
    content = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        size = archive.getinfo(SHEET_XML).file_size
    path.write_bytes(content.replace(size.to_bytes(4, "little"), (10).to_bytes(4, "little")))
    assert _refusal(path).code == "unreadable_file"


def test_kinds_are_told_by_content(tmp_path: Path) -> None:
    named_wrongly = tmp_path / "ds.xls"
    assert identify(xlsx(named_wrongly, [SANG]), "ds.xls", Limits()).kind == "xlsx"
    assert identify(xlsb(tmp_path / "ds.xlsb", [["a"]]), "ds.xlsb", Limits()).kind == "xlsb"
    named_wrongly.write_text("a,b\n1,2\n")
    assert identify(named_wrongly, "ds.xls", Limits()).kind == "text"
    book = xlwt.Workbook()
    book.add_sheet("DSTE").write(0, 0, "a")
    book.save(str(tmp_path / "old.xlsx"))
    assert identify(tmp_path / "old.xlsx", "old.xlsx", Limits()).kind == "xls"


def _with_row(row: bytes) -> Callable[[bytes], bytes]:
    return lambda content: content.replace(b"</sheetData>", row + b"</sheetData>")


@pytest.mark.parametrize(
    ("change", "sparse"),
    [
        (_with_row(b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'), True),
        (_with_row(b'<row r="1048576"><c r="AD1048576"><v>1</v></c></row>'), True),
        (_with_row(b'<row r="600000"><c r="CZ600000"><v>1</v></c></row>'), True),
        (_with_row(b'<row r="50"><c r="XFD50"><v>1</v></c></row><row><c r="A1048576"><v>1</v></c></row>'), True),
        (_with_row(b'<row r="9999999999"><c r="A9999999999"><v>1</v></c></row>'), True),
        (_with_row(b'<row r="1048576"><c r="Z1048576"><v>1</v></c></row>'), False),
        (_with_row(b'<row r="50"><c r="CZ50"><v>1</v></c></row>'), False),
        (lambda content: re.sub(rb'dimension ref="[^"]*"', b'dimension ref="A1:XFD1048576"', content), False),
        (lambda content: content, False),
    ],
)
def test_a_cell_far_out_is_seen_before_the_parser_sees_it(
    tmp_path: Path, change: Callable[[bytes], bytes], sparse: bool
) -> None:
    path = rewritten(xlsx(tmp_path / "a.xlsx", [HEADINGS, SANG]), tmp_path / "b.xlsx", change)
    assert identify(path, path.name, Limits()).sparse is sparse
