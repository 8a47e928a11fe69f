"""Files that are broken, or made to hurt: what each is called, its bytes, and how reading it may end.

`ends`: codes of refusals, or ROWS for "read, as far as there is something to read".
"""

import io
import random
import struct
import tempfile
import warnings
import zipfile
import zlib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

import xlwt

from tests.reading.parts import (
    BOOK,
    GOOD_ROWS,
    RELATIONS,
    SHEET,
    STRINGS,
    STYLES,
    TYPES,
    Parts,
    packed,
    parts,
    relations_xml,
    row_xml,
    sheet_xml,
    strings_xml,
    without,
    workbook_xml,
)
from tests.reading.sheets import HEADINGS, SANG, XUAN
from tests.reading.xlsb import END_SHEET_DATA, ROW, TEXT, record, wide, xlsb

ROWS = "rows"
BROKEN = ("unreadable_file",)
EMPTY = ("empty", "no_heading")
BROKEN_OR_EMPTY = (*BROKEN, *EMPTY)
ANY = (ROWS, *BROKEN_OR_EMPTY, "too_large")
LARGE = ("too_large",)
OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
HEAD_LINE = ",".join(HEADINGS)
SANG_LINE = ",".join(SANG)


class Hostile(NamedTuple):
    what: str
    name: str
    make: Callable[[], bytes]
    ends: tuple[str, ...]


def _noise(size: int, start: bytes = b"") -> bytes:
    return start + random.Random(7).randbytes(size)


def _xlsx(sheet: bytes | None = None, **changed: bytes) -> bytes:
    return packed(parts(sheet, **changed))


def _sheet(*more: str, **around: str) -> bytes:
    return _xlsx(sheet_xml(*GOOD_ROWS, *more, **around))


def _far(reference: str, row: str) -> bytes:
    return _sheet(f'<row r="{row}"><c r="{reference}"><v>1</v></c></row>')


def _text_cell(text: str) -> bytes:
    return _xlsx(sheet_xml(GOOD_ROWS[0], row_xml(2, [*SANG[:2], text, *SANG[3:]])))


def _with_entry_twice() -> bytes:
    buffer = io.BytesIO(_xlsx())
    with warnings.catch_warnings(), zipfile.ZipFile(buffer, "a") as archive:
        warnings.simplefilter("ignore")
        archive.writestr(SHEET, sheet_xml(row_xml(1, ["Họ tên", "CCCD", "Xã"]), row_xml(2, ["A", "1", "B"])))
    return buffer.getvalue()


def _spoiled_crc() -> bytes:
    content = packed(parts(), stored=True)
    return content.replace("Mùa A Sang".encode(), "Mùa A Sinh".encode())


def _entry_count(content: bytes, count: int) -> bytes:
    end = content.rindex(b"PK\x05\x06")
    return content[: end + 8] + struct.pack("<HH", count, count) + content[end + 12 :]


def _directory_offset(content: bytes, offset: int) -> bytes:
    end = content.rindex(b"PK\x05\x06")
    return content[: end + 16] + struct.pack("<I", offset) + content[end + 20 :]


def _size_lies(content: bytes, size: int) -> bytes:
    """Every unpacked size in the directory at the end says `size`."""
    out, at = bytearray(content), 0
    while (at := out.find(b"PK\x01\x02", at)) >= 0:
        out[at + 24 : at + 28] = struct.pack("<I", size)
        at += 4
    return bytes(out)


def _encrypted_entry() -> bytes:
    out = bytearray(_xlsx())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = 0
        while (at := out.find(mark, at)) >= 0:
            out[at + place] |= 1
            at += 4
    return bytes(out)


def _unknown_packing() -> bytes:
    out = bytearray(_xlsx())
    for mark, place in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        at = 0
        while (at := out.find(mark, at)) >= 0:
            out[at + place : at + place + 2] = struct.pack("<H", 97)
            at += 4
    return bytes(out)


def _many_parts(count: int) -> bytes:
    return packed(parts() | {f"xl/media/{n}.png": b"" for n in range(count)}, stored=True)


def _many_sheets(count: int) -> bytes:
    names = [(f"Trang {n}", "visible") for n in range(count)]
    targets = [("worksheet", f"worksheets/s{n}.xml") for n in range(count)]
    sheets = {f"xl/worksheets/s{n}.xml": sheet_xml() for n in range(count - 1)}
    last = {f"xl/worksheets/s{count - 1}.xml": sheet_xml(*GOOD_ROWS)}
    return packed(without(parts(BOOK=workbook_xml(names), RELATIONS=relations_xml(targets)), SHEET) | sheets | last)


def _many_styles(count: int) -> bytes:
    xfs = '<xf numFmtId="0"/>' * count
    return _xlsx(STYLES=parts()[STYLES].replace(b'<xf numFmtId="0"/>', xfs.encode()))


def _charts_only() -> bytes:
    chart = parts(RELATIONS=relations_xml([("chartsheet", "chartsheets/sheet1.xml")]))
    return packed(without(chart, SHEET) | {"xl/chartsheets/sheet1.xml": b"<chartsheet/>"})


def _merged(count: int) -> str:
    cells = "".join(f'<mergeCell ref="A{n}:K{n + 3}"/>' for n in range(1, count))
    return f"<mergeCells>{cells}</mergeCells>"


def _shared(index: str) -> bytes:
    return _sheet(f'<row r="4"><c r="C4" t="s"><v>{index}</v></c><c r="B4"><v>7</v></c></row>')


def _laughs(tag: str) -> str:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    return f'<!DOCTYPE {tag} [<!ENTITY e0 "ha">{entities}]>'


def _ods(table: str, declared: str = "", **more: bytes) -> bytes:
    spaces = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for short, name in (("office", "office"), ("table", "table"), ("text", "text"))
    )
    body = f"<office:body><office:spreadsheet>{table}</office:spreadsheet></office:body>"
    content = f'<?xml version="1.0"?>{declared}<office:document-content {spaces}>{body}</office:document-content>'
    mimetype = b"application/vnd.oasis.opendocument.spreadsheet"
    entry = '<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
    namespace = 'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"'
    manifest = f'<?xml version="1.0"?><manifest:manifest {namespace}>{entry}</manifest:manifest>'.encode()
    return packed({"mimetype": mimetype, "META-INF/manifest.xml": manifest, "content.xml": content.encode(), **more})


def _ods_cell(text: str, repeated: str = "") -> str:
    return f'<table:table-cell office:value-type="string"{repeated}><text:p>{text}</text:p></table:table-cell>'


def _ods_table(*rows: str) -> str:
    return f'<table:table table:name="DSTE">{"".join(rows)}</table:table>'


def _ods_row(texts: list[str], repeated: str = "") -> str:
    return f"<table:table-row{repeated}>{''.join(map(_ods_cell, texts))}</table:table-row>"


def _ods_repeating(rows: int, columns: int) -> bytes:
    wide = _ods_cell("x", f' table:number-columns-repeated="{columns}"')
    tall = f'<table:table-row table:number-rows-repeated="{rows}">{wide}</table:table-row>'
    return _ods(_ods_table(_ods_row(HEADINGS), _ods_row(SANG), tall))


def _nested(count: int, tag: str = "x") -> str:
    return f"<{tag}>" * count + f"</{tag}>" * count


def _lines(*lines: str) -> bytes:
    return "\n".join([HEAD_LINE, *lines]).encode()


def _html(start: bytes = b"") -> bytes:
    return start + b"<html><body><table><tr><td>H</td></tr></table></body></html>"


def binary_workbook(row: bytes = b"", column: bytes = bytes(4), text: bytes = b"") -> bytes:
    """Two children, and behind them a row and a cell as said."""
    with tempfile.TemporaryDirectory() as folder:
        content = xlsb(Path(folder) / "ds.xlsb", [HEADINGS, SANG]).read_bytes()
    if not row:
        return content
    sheet = "xl/worksheets/sheet1.bin"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        kept = {name: archive.read(name) for name in archive.namelist()}
    end = record(END_SHEET_DATA)
    more = record(ROW, row + bytes(13)) + record(TEXT, column + bytes(4) + (text or wide("x")))
    return packed(kept | {sheet: kept[sheet].removesuffix(end) + more + end})


def old_workbook() -> bytes:
    book, out = xlwt.Workbook(), io.BytesIO()
    sheet = book.add_sheet("DSTE")
    for number, texts in enumerate((HEADINGS, SANG, XUAN)):
        for column, text in enumerate(texts):
            sheet.write(number, column, text)
    book.save(out)
    return out.getvalue()


NOT_SPREADSHEETS = [
    Hostile("nothing at all", "ds.xlsx", lambda: b"", ("empty",)),
    Hostile("one byte", "ds.xlsx", lambda: b"P", BROKEN_OR_EMPTY),
    Hostile("only NUL bytes", "ds.xls", lambda: bytes(4096), BROKEN),
    Hostile("binary noise", "ds.xls", lambda: _noise(50_000), BROKEN),
    Hostile("noise that starts as an archive", "ds.xlsx", lambda: _noise(50_000, b"PK\x03\x04"), BROKEN),
    Hostile("noise that starts as an old workbook", "ds.xls", lambda: _noise(50_000, OLE2), BROKEN),
    Hostile("noise called an old workbook inside", "ds.xls",
            lambda: _noise(5000, OLE2) + "Workbook".encode("utf-16-le") + _noise(5000), BROKEN),
    Hostile("HTML called .xls", "ds.xls", _html, BROKEN),
    Hostile("HTML behind a mark and blank lines", "ds.xls", lambda: _html(b"\xef\xbb\xbf\r\n\t "), BROKEN),
    Hostile("HTML in UTF-16", "ds.xls", lambda: _html().decode().encode("utf-16"), BROKEN),
    Hostile("HTML behind a comment", "ds.xls", lambda: _html(b"<!-- made by the portal -->"), BROKEN),
    Hostile("an XML spreadsheet of 2003", "ds.xls", lambda: b'<?xml version="1.0"?><Workbook/>', BROKEN),
    Hostile("a web archive", "ds.xls", lambda: b"MIME-Version: 1.0\r\nContent-Type: multipart/related", BROKEN),
    Hostile("a PDF", "ds.xlsx", lambda: b"%PDF-1.7\n" + _noise(500), BROKEN),
    Hostile("a picture", "ds.xlsx", lambda: b"\x89PNG\r\n\x1a\n" + _noise(500), BROKEN),
    Hostile("a program", "ds.csv", lambda: b"\x7fELF" + _noise(500), BROKEN),
    Hostile("gzip", "ds.csv", lambda: b"\x1f\x8b\x08\x00" + _noise(500), BROKEN),
    Hostile("a workbook in a ZIP", "ds.xlsx", lambda: packed({"ds.xlsx": _xlsx()}), BROKEN),
    Hostile("a Word document", "ds.xlsx", lambda: packed({"word/document.xml": b"<x/>"}), BROKEN),
    Hostile("encrypted by Office", "ds.xlsx", lambda: OLE2 + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
            ("encrypted",)),
    Hostile("encrypted entries", "ds.xlsx", _encrypted_entry, ("encrypted",)),
    Hostile("encrypted OpenDocument", "ds.ods",
            lambda: _ods("", **{"META-INF/manifest.xml": b"<manifest:encryption-data/>"}), ("encrypted",)),
]  # fmt: skip

ARCHIVES = [
    Hostile("cut in half", "ds.xlsx", lambda: _xlsx()[: len(_xlsx()) // 2], BROKEN),
    Hostile("without its last bytes", "ds.xlsx", lambda: _xlsx()[:-25], BROKEN),
    Hostile("bytes missing in the middle", "ds.xlsx", lambda: _xlsx()[:300] + _xlsx()[700:], BROKEN),
    Hostile("bytes before the archive", "ds.xlsx", lambda: b"PK" + bytes(100) + _xlsx(), ANY),
    Hostile("bytes behind the archive", "ds.xlsx", lambda: _xlsx() + bytes(100), ANY),
    Hostile("a bomb of zeros", "ds.xlsx", lambda: _xlsx(bytes(60 << 20)), LARGE),
    Hostile("a bomb of shared strings", "ds.xlsx", lambda: _xlsx(STRINGS=bytes(60 << 20)), LARGE),
    Hostile("a bomb whose sizes lie", "ds.xlsx", lambda: _size_lies(_xlsx(bytes(60 << 20)), 10), (*BROKEN, *LARGE)),
    Hostile("sizes of four gigabytes", "ds.xlsx", lambda: _size_lies(_xlsx(), 0xFFFFFFFE), LARGE),
    Hostile("sizes that point to a missing ZIP64 record", "ds.xlsx", lambda: _size_lies(_xlsx(), 0xFFFFFFFF),
            (*BROKEN, *LARGE)),
    Hostile("a wrong checksum", "ds.xlsx", _spoiled_crc, BROKEN),
    Hostile("one sheet twice", "ds.xlsx", _with_entry_twice, BROKEN),
    Hostile("a count of entries that lies", "ds.xlsx", lambda: _entry_count(_xlsx(), 60_000), (ROWS, *BROKEN)),
    Hostile("a directory somewhere else", "ds.xlsx", lambda: _directory_offset(_xlsx(), 0x7FFFFFFF), BROKEN),
    Hostile("an unknown packing", "ds.xlsx", _unknown_packing, BROKEN),
    Hostile("paths that climb", "ds.xlsx", lambda: packed(parts() | {"../../../tmp/x": b"x", "/etc/x": b"x"}), (ROWS,)),
    Hostile("paths with backslashes", "ds.xlsx",
            lambda: packed({name.replace("/", "\\"): content for name, content in parts().items()}), BROKEN),
    Hostile("thirty thousand parts", "ds.xlsx", lambda: _many_parts(30_000), LARGE),
    Hostile("an archive of nothing", "ds.xlsx", lambda: packed({}), BROKEN),
]  # fmt: skip

PACKAGES = [
    Hostile(f"without {name}", "ds.xlsx", partial(lambda n: packed(without(parts(), n)), name), (ROWS, *BROKEN_OR_EMPTY))
    for name in (TYPES, "_rels/.rels", BOOK, RELATIONS, STRINGS, STYLES, SHEET)
] + [
    Hostile(f"{name} is cut off", "ds.xlsx", partial(lambda n: packed(parts() | {n: parts()[n][:60]}), name),
            (ROWS, *BROKEN_OR_EMPTY))
    for name in (TYPES, BOOK, RELATIONS, STRINGS, STYLES, SHEET)
] + [
    Hostile("a sheet outside the package", "ds.xlsx", lambda: _xlsx(
        RELATIONS=relations_xml([("worksheet", "http://127.0.0.1:9/x.xml")], ' TargetMode="External"')), BROKEN_OR_EMPTY),
    Hostile("a sheet outside the folder", "ds.xlsx", lambda: _xlsx(
        RELATIONS=relations_xml([("worksheet", "../../../../etc/passwd")])), BROKEN_OR_EMPTY),
    Hostile("a sheet that is the list of relations", "ds.xlsx", lambda: _xlsx(
        RELATIONS=relations_xml([("worksheet", "_rels/workbook.xml.rels")])), BROKEN_OR_EMPTY),
    Hostile("no sheets", "ds.xlsx", lambda: _xlsx(BOOK=workbook_xml([])), BROKEN_OR_EMPTY),
    Hostile("charts only", "ds.xlsx", _charts_only, BROKEN_OR_EMPTY),
    Hostile("a sheet hidden from view", "ds.xlsx", lambda: _xlsx(BOOK=workbook_xml([("DSTE", "veryHidden")])), (ROWS,)),
    Hostile("two sheets of one name", "ds.xlsx", lambda: packed(parts(
        BOOK=workbook_xml([("DSTE", "visible")] * 2), RELATIONS=relations_xml(
            [("worksheet", "worksheets/sheet1.xml")] * 2))), (ROWS, "suspect_file")),
    Hostile("a sheet without a name", "ds.xlsx", lambda: _xlsx(BOOK=workbook_xml([("", "visible")])), (ROWS, *BROKEN)),
    Hostile("two thousand sheets", "ds.xlsx", lambda: _many_sheets(2000), (ROWS, *LARGE)),
    Hostile("a million styles", "ds.xlsx", lambda: _many_styles(1_000_000), (ROWS, *LARGE)),
    Hostile("a hundred thousand merged cells", "ds.xlsx", lambda: _sheet(after=_merged(100_000)), (ROWS, *LARGE)),
    Hostile("merged everywhere", "ds.xlsx", lambda: _sheet(
        after='<mergeCells><mergeCell ref="A1:XFD1048576"/><mergeCell ref="B9:A1"/><mergeCell ref="?"/></mergeCells>'),
            ANY),
]  # fmt: skip

SHEETS = [
    Hostile("a cell in the last corner", "ds.xlsx", lambda: _far("XFD1048576", "1048576"), (ROWS,)),
    Hostile("a dimension up to the last corner", "ds.xlsx",
            lambda: _sheet(before='<dimension ref="A1:XFD1048576"/>'), (ROWS,)),
    Hostile("a dimension of one cell", "ds.xlsx", lambda: _sheet(before='<dimension ref="A1"/>'), (ROWS,)),
    Hostile("a dimension of nonsense", "ds.xlsx", lambda: _sheet(before='<dimension ref="Z9:A1"/>'), (ROWS, *BROKEN)),
    Hostile("row zero", "ds.xlsx", lambda: _far("A0", "0"), (ROWS, *BROKEN)),
    Hostile("a negative row", "ds.xlsx", lambda: _far("A-5", "-5"), (ROWS, *BROKEN)),
    Hostile("a row without number", "ds.xlsx", lambda: _sheet("<row><c><v>1</v></c></row>"), (ROWS,)),
    Hostile("a row of ten digits", "ds.xlsx", lambda: _far("A4294967297", "4294967297"), (ROWS, *BROKEN, *LARGE)),
    Hostile("a row of thirty digits", "ds.xlsx", lambda: _far("A" + "9" * 30, "9" * 30), (ROWS, *BROKEN, *LARGE)),
    Hostile("a column past the last", "ds.xlsx", lambda: _far("ZZZZZZZ4", "4"), (ROWS, *BROKEN, *LARGE)),
    Hostile("columns in the wrong order", "ds.xlsx", lambda: _sheet(
        '<row r="4"><c r="C4" t="str"><v>Mùa A Dê</v></c><c r="A4"><v>3</v></c></row>'), (ROWS, *BROKEN)),
    Hostile("rows in the wrong order", "ds.xlsx", lambda: _xlsx(sheet_xml(*reversed(GOOD_ROWS))), (ROWS, *BROKEN_OR_EMPTY)),
    Hostile("one cell many times", "ds.xlsx", lambda: _sheet('<row r="4">' + '<c r="C4"><v>1</v></c>' * 50_000 + "</row>"),
            (ROWS, *BROKEN)),
    Hostile("sixteen thousand columns", "ds.xlsx", lambda: _xlsx(sheet_xml(*GOOD_ROWS, '<row r="4">' + '<c><v>7</v></c>' * 16_384
            + "</row>")), (ROWS,)),
    Hostile("a million empty rows", "ds.xlsx", lambda: _sheet('<row s="1"/>' * 1_000_000), (ROWS, *LARGE)),
    Hostile("a shared text that is not there", "ds.xlsx", lambda: _shared("999999"), (ROWS, *BROKEN)),
    Hostile("a shared text before the first", "ds.xlsx", lambda: _shared("-1"), (ROWS, *BROKEN)),
    Hostile("a shared text that is a word", "ds.xlsx", lambda: _shared("ba"), (ROWS, *BROKEN)),
    Hostile("a style that is not there", "ds.xlsx", lambda: _sheet('<row r="4"><c r="C4" s="99999"><v>1</v></c></row>'),
            (ROWS, *BROKEN)),
    Hostile("numbers that are none", "ds.xlsx", lambda: _sheet(*(
        f'<row r="{n}"><c r="D{n}"><v>{text}</v></c><c r="C{n}" t="str"><v>Mùa A Dê</v></c></row>'
        for n, text in enumerate(("1e999", "-1e999", "NaN", "", "1e308", "-5", "2958466", "99999999999999999999"), 4))),
            (ROWS, *BROKEN)),
    Hostile("kinds of cells that are none", "ds.xlsx", lambda: _sheet(
        '<row r="4"><c r="C4" t="zzz"><v>1</v></c><c r="D4" t="b"><v>9</v></c><c r="E4" t="e"><v>#ĐÂU!</v></c>'
        '<c r="F4" t="d"><v>2011-02-31T99:00:00</v></c></row>'), (ROWS, *BROKEN)),
    Hostile("formulas that go in a circle", "ds.xlsx", lambda: _sheet(
        '<row r="4"><c r="C4"><f>D4</f></c><c r="D4"><f>C4</f></c><c r="B4" t="str"><v>14</v></c></row>'), (ROWS,)),
    Hostile("a cell of 32,767 letters", "ds.xlsx", lambda: _text_cell("ă" * 32_767), (ROWS,)),
    Hostile("a cell of a million letters", "ds.xlsx", lambda: _text_cell("ăb" * 500_000), ANY),
    Hostile("control and right-to-left signs", "ds.xlsx", lambda: _text_cell("Mùa\u202e A\u200f San\u2066g"), (ROWS,)),
    Hostile("signs that XML does not know", "ds.xlsx", lambda: _text_cell("Mùa \x01\x02\x00 A"), (ROWS, *BROKEN)),
    Hostile("bytes that are no UTF-8", "ds.xlsx", lambda: _xlsx(sheet_xml(*GOOD_ROWS).replace(b"Sang", b"\xff\xfe")),
            (ROWS, *BROKEN)),
    Hostile("XML a hundred thousand deep", "ds.xlsx", lambda: _sheet(after=_nested(100_000)), (ROWS, *BROKEN, *LARGE)),
    Hostile("shared texts a hundred thousand deep", "ds.xlsx", lambda: _xlsx(
        STRINGS=strings_xml(["x"]).replace(b"<si>", b"<si>" + _nested(100_000, "r").encode())), (ROWS, *BROKEN, *LARGE)),
    Hostile("an external entity", "ds.xlsx", lambda: _xlsx(sheet_xml(
        *GOOD_ROWS, declared='<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>')), BROKEN),
    Hostile("an entity behind a long comment", "ds.xlsx", lambda: _xlsx(sheet_xml(
        *GOOD_ROWS, row_xml(4, ["3", "&e9;"]).replace("&amp;", "&"), declared=f"<!--{' ' * 9000}-->" + _laughs("x"))),
            (ROWS, *BROKEN)),
    Hostile("a billion laughs", "ds.xlsx", lambda: _xlsx(STRINGS=strings_xml(["x"]).replace(
        b"<sst", _laughs("sst").encode() + b"<sst").replace(b"<t>x", b"<t>&e9;")), BROKEN),
    Hostile("an entity in the workbook", "ds.xlsx", lambda: _xlsx(
        BOOK=parts()[BOOK].replace(b"<workbook", _laughs("workbook").encode() + b"<workbook")), BROKEN),
    Hostile("an entity among the relations", "ds.xlsx", lambda: _xlsx(
        RELATIONS=parts()[RELATIONS].replace(b"<Relationships", _laughs("x").encode() + b"<Relationships")),
            (ROWS, *BROKEN)),
]  # fmt: skip

OPEN_DOCUMENTS = [
    Hostile("OpenDocument as it should be", "ds.ods", lambda: _ods(_ods_table(_ods_row(HEADINGS), _ods_row(SANG))), (ROWS,)),
    Hostile("OpenDocument cut off", "ds.ods", lambda: _ods(_ods_table(_ods_row(HEADINGS), _ods_row(SANG)))[:-60], BROKEN),
    Hostile("OpenDocument that repeats a row", "ds.ods", lambda: _ods_repeating(1_000_000_000, 3), ANY),
    Hostile("OpenDocument that repeats a cell", "ds.ods", lambda: _ods_repeating(3, 1_000_000_000), ANY),
    Hostile("OpenDocument that repeats both", "ds.ods", lambda: _ods_repeating(1_048_576, 16_384), ANY),
    Hostile("OpenDocument with entities", "ds.ods", lambda: _ods(_ods_table(_ods_row(["&e9;"])), _laughs("x")), BROKEN),
    Hostile("OpenDocument without tables", "ds.ods", lambda: _ods(""), BROKEN_OR_EMPTY),
    Hostile("OpenDocument a hundred thousand deep", "ds.ods", lambda: _ods(_nested(100_000)), BROKEN_OR_EMPTY + LARGE),
    Hostile("OpenDocument with negative repeats", "ds.ods", lambda: _ods_repeating(-5, -5), ANY),
]  # fmt: skip

TEXTS = [
    Hostile("only a byte order mark", "ds.csv", lambda: b"\xef\xbb\xbf", BROKEN_OR_EMPTY),
    Hostile("blanks only", "ds.csv", lambda: b" \r\n\t\r\n" * 1000, EMPTY),
    Hostile("one endless line", "ds.csv", lambda: b"a" * (20 << 20), (*BROKEN, *EMPTY, *LARGE)),
    Hostile("one endless line of commas", "ds.csv", lambda: _lines("," * (5 << 20)), ANY),
    Hostile("very many empty lines", "ds.csv", lambda: _lines(SANG_LINE, *[""] * 300_000), (ROWS,)),
    Hostile("a quotation mark that nobody closed", "ds.csv", lambda: _lines('"' + SANG_LINE, *[SANG_LINE] * 200), (ROWS,)),
    Hostile("NUL bytes among the text", "ds.csv", lambda: _lines(SANG_LINE, "\x00\x00" + SANG_LINE), BROKEN),
    Hostile("NUL bytes far down", "ds.csv", lambda: _lines(*[SANG_LINE] * 200, "\x00\x00"), BROKEN),
    Hostile("UTF-16 cut within a letter", "ds.csv", lambda: _lines(SANG_LINE).decode().encode("utf-16")[:-1], BROKEN),
    Hostile("UTF-16 with half a pair", "ds.csv", lambda: _lines(SANG_LINE).decode().encode("utf-16") + b"\x00\xd8",
            BROKEN),
    Hostile("lines that end as on an old Macintosh", "ds.csv", lambda: _lines(SANG_LINE).replace(b"\n", b"\r"), (ROWS,)),
    Hostile("bytes of no encoding", "ds.csv", lambda: _lines(SANG_LINE) + bytes(range(128, 256)), ANY),
    Hostile("lines of every width", "ds.csv", lambda: _lines(SANG_LINE, "a", ",".join("x" * 3000), SANG_LINE), (ROWS,)),
    Hostile("text that packs like a bomb", "ds.csv", lambda: zlib.compress(bytes(1 << 20)), ANY),
    Hostile("a heading and nothing else", "ds.csv", lambda: _lines(), EMPTY),
    Hostile("people without a heading", "ds.csv", lambda: "\n".join([SANG_LINE, ",".join(XUAN)]).encode(), EMPTY),
]  # fmt: skip

OLDER = [
    Hostile("a binary workbook with a row far out", "ds.xlsb", lambda: binary_workbook(struct.pack("<I", 0xFFFFFFFE)), ANY),
    Hostile("a binary workbook with a column far out", "ds.xlsb",
            lambda: binary_workbook(struct.pack("<I", 5), struct.pack("<I", 0x7FFFFFFF)), ANY),
    Hostile("a binary workbook with a text longer than itself", "ds.xlsb",
            lambda: binary_workbook(struct.pack("<I", 5), text=struct.pack("<I", 0x7FFFFFFF) + b"x"), ANY),
    Hostile("a binary workbook cut off", "ds.xlsb", lambda: binary_workbook()[:-80], BROKEN),
    Hostile("an old workbook cut off", "ds.xls", lambda: old_workbook()[:3000], BROKEN),
    Hostile("an old workbook with records missing", "ds.xls", lambda: old_workbook()[:1200] + old_workbook()[1300:], ANY),
    Hostile("an old workbook without its directory", "ds.xls",
            lambda: old_workbook().replace("Workbook".encode("utf-16-le"), b"?" * 16), BROKEN),
    Hostile("an old workbook whose chain of sectors is a circle", "ds.xls",
            lambda: old_workbook()[:512] + bytes(512) + old_workbook()[1024:], ANY),
]  # fmt: skip

HOSTILE = [*NOT_SPREADSHEETS, *ARCHIVES, *PACKAGES, *SHEETS, *OPEN_DOCUMENTS, *TEXTS, *OLDER]


def damaged(content: bytes, how: str, at: float, size: int) -> bytes:
    """`at`: where, as a share of the whole."""
    start = int(at * len(content))
    if how == "cut":
        return content[:start]
    if how == "drop":
        return content[:start] + content[start + size :]
    if how == "insert":
        return content[:start] + _noise(size) + content[start:]
    flipped = bytes(byte ^ 0x55 for byte in content[start : start + size])
    return content[:start] + flipped + content[start + size :]


def with_part_damaged(of: Parts, name: str, how: str, at: float, size: int) -> bytes:
    return packed(of | {name: damaged(of[name], how, at, size)})
