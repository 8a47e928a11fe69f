"""Files that we wrote ourselves (upload files, error sheets, lists) and that come back: never a whole register.

They carry a document property, which Excel, WPS and LibreOffice keep when they save, or our row code column."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from pathlib import Path

from records.reading.vietnamese import fold

# Name of the custom document property that every workbook we write carries; its value says what kind it is.
MARK = "bacyen-file"
ROW_CODE_HEADING = "Mã dòng"
REASONS_HEADING = "Lý do cần sửa"  # of the sheet of rows to correct
_PROPERTY_PARTS = ("docProps/custom.xml", "meta.xml")  # Office Open XML, OpenDocument
_ENOUGH = 1 << 16  # bytes of a part to look at; a hostile part may unpack to gigabytes


def wrote_it(path: Path, headings: Iterable[str]) -> bool:
    """Whether the file is one of ours; `headings` as the reading process found them."""
    return row_code_column(headings) is not None or _is_marked(path)


def is_error_sheet(headings: Iterable[str]) -> bool:
    """The sender's own sheet, with reasons, that comes back corrected."""
    return fold(REASONS_HEADING) in map(fold, headings)


def row_code_column(headings: Iterable[str]) -> int | None:
    """Index of our row code column."""
    wanted = fold(ROW_CODE_HEADING)
    return next((index for index, heading in enumerate(headings) if fold(heading) == wanted), None)


def _is_marked(path: Path) -> bool:
    if not zipfile.is_zipfile(path):
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            present = set(archive.namelist())
            return any(_mentions(archive, part) for part in _PROPERTY_PARTS if part in present)
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError):
        return False  # the reading process, which reads the file as a whole, says what is wrong with it


def _mentions(archive: zipfile.ZipFile, part: str) -> bool:
    with archive.open(part) as file:
        return MARK.encode() in file.read(_ENOUGH)
