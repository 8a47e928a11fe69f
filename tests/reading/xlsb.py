"""A smallest possible .xlsb workbook: no library writes one, so the records are put together here."""

import struct
import zipfile
from collections.abc import Sequence
from pathlib import Path

ROW, _NUMBER, TEXT = 0x00, 0x05, 0x06
_BEGIN_SHEET_DATA, END_SHEET_DATA, _DIMENSION = 0x0191, 0x0192, 0x0194
_BUNDLE_SHEET, _END_BUNDLE_SHEETS = 0x019C, 0x0190
_BEGIN_BOOK, _END_BOOK, _BEGIN_BUNDLE = 0x0183, 0x0184, 0x018F

_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/></Types>'
)
_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" Target="{target}"/>'
    "</Relationships>"
)


def xlsb(path: Path, rows: Sequence[Sequence[str | float]]) -> Path:
    sheet = record(_DIMENSION, struct.pack("<4I", 0, len(rows), 0, max(map(len, rows)))) + record(_BEGIN_SHEET_DATA)
    for number, row in enumerate(rows):
        sheet += record(ROW, struct.pack("<I", number) + bytes(13))
        for column, value in enumerate(row):
            start = struct.pack("<II", column, 0)
            if isinstance(value, str):
                sheet += record(TEXT, start + wide(value))
            else:
                sheet += record(_NUMBER, start + struct.pack("<d", value))
    sheet += record(END_SHEET_DATA)
    bundle = record(_BUNDLE_SHEET, struct.pack("<II", 0, 1) + wide("rId1") + wide("DSTE"))
    book = record(_BEGIN_BOOK) + record(_BEGIN_BUNDLE) + bundle + record(_END_BUNDLE_SHEETS) + record(_END_BOOK)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr("_rels/.rels", _RELATIONS.format(kind="officeDocument", target="xl/workbook.bin"))
        relations = _RELATIONS.format(kind="worksheet", target="worksheets/sheet1.bin")
        archive.writestr("xl/_rels/workbook.bin.rels", relations)
        archive.writestr("xl/workbook.bin", book)
        archive.writestr("xl/worksheets/sheet1.bin", sheet)
    return path


def record(kind: int, content: bytes = b"") -> bytes:
    head = bytes([kind]) if kind < 0x80 else bytes([kind & 0xFF, kind >> 8])
    size = len(content)
    length = bytearray()
    while size >= 0x80:
        length.append(size & 0x7F | 0x80)
        size >>= 7
    length.append(size)
    return head + bytes(length) + content


def wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")
