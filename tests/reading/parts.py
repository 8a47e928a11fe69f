"""A smallest possible .xlsx, part by part, so that a test can break exactly one thing in it."""

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from xml.sax.saxutils import escape

from tests.reading.sheets import HEADINGS, SANG, XUAN

_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SHEET = "xl/worksheets/sheet1.xml"
BOOK = "xl/workbook.xml"
STRINGS = "xl/sharedStrings.xml"
STYLES = "xl/styles.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
TYPES = "[Content_Types].xml"

Parts = dict[str, bytes]


def cell(column: str, row: int | str, text: str) -> str:
    return f'<c r="{column}{row}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'


def row_xml(number: int | str, texts: Sequence[str]) -> str:
    cells = "".join(cell(chr(ord("A") + index), number, text) for index, text in enumerate(texts) if text)
    return f'<row r="{number}">{cells}</row>'


def sheet_xml(*rows: str, before: str = "", after: str = "", declared: str = "") -> bytes:
    data = f"<sheetData>{''.join(rows)}</sheetData>"
    return f'<?xml version="1.0"?>{declared}<worksheet {_MAIN}>{before}{data}{after}</worksheet>'.encode()


GOOD_ROWS = (row_xml(1, HEADINGS), row_xml(2, SANG), row_xml(3, XUAN))


def workbook_xml(names: Iterable[tuple[str, str]] = (("DSTE", "visible"),)) -> bytes:
    sheets = "".join(
        f'<sheet name="{escape(name)}" sheetId="{n}" state="{state}" r:id="rId{n}"/>'
        for n, (name, state) in enumerate(names, start=1)
    )
    return f'<?xml version="1.0"?><workbook {_MAIN} xmlns:r="{_OFFICE}"><sheets>{sheets}</sheets></workbook>'.encode()


def relations_xml(targets: Iterable[tuple[str, str]], more: str = "") -> bytes:
    lines = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/{kind}" Target="{target}"{more}/>'
        for n, (kind, target) in enumerate(targets, start=1)
    )
    return f'<?xml version="1.0"?><Relationships xmlns="{_PACKAGE}/relationships">{lines}</Relationships>'.encode()


def strings_xml(texts: Sequence[str]) -> bytes:
    items = "".join(f"<si><t>{escape(text)}</t></si>" for text in texts)
    return f'<?xml version="1.0"?><sst {_MAIN} count="{len(texts)}">{items}</sst>'.encode()


def _types_xml() -> bytes:
    kinds = {BOOK: "sheet.main", SHEET: "worksheet", STRINGS: "sharedStrings", STYLES: "styles"}
    lines = "".join(
        f'<Override PartName="/{part}" '
        f'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.{kind}+xml"/>'
        for part, kind in kinds.items()
    )
    relations = "application/vnd.openxmlformats-package.relationships+xml"
    default = f'<Default Extension="rels" ContentType="{relations}"/>'
    return f'<?xml version="1.0"?><Types xmlns="{_PACKAGE}/content-types">{default}{lines}</Types>'.encode()


def parts(sheet: bytes | None = None, **changed: bytes) -> Parts:
    """The parts of a good workbook of two children. `changed` by the name of a constant here, such as BOOK=b''."""
    good: Parts = {
        TYPES: _types_xml(),
        "_rels/.rels": relations_xml([("officeDocument", BOOK)]),
        BOOK: workbook_xml(),
        RELATIONS: relations_xml(
            [("worksheet", "worksheets/sheet1.xml"), ("sharedStrings", "sharedStrings.xml"), ("styles", "styles.xml")]
        ),
        STRINGS: strings_xml(["Mùa A Sang"]),
        STYLES: f'<?xml version="1.0"?><styleSheet {_MAIN}><cellXfs count="1"><xf numFmtId="0"/></cellXfs>'
        "</styleSheet>".encode(),
        SHEET: sheet if sheet is not None else sheet_xml(*GOOD_ROWS),
    }
    return good | {globals()[name]: content for name, content in changed.items()}


def packed(of: Mapping[str, bytes], *, stored: bool = False) -> bytes:
    """The bytes of the archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as archive:
        for name, content in of.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def without(of: Parts, *names: str) -> Parts:
    return {name: content for name, content in of.items() if name not in names}
