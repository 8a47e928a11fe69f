"""What a file really is, by its content, and whether it is safe to hand to a spreadsheet parser.

A parser written in another language ends the whole process when a two-kilobyte workbook claims a cell in the
last row and column, or unpacks to gigabytes. The archive's own directory and a scan of the cell addresses tell
this in milliseconds, so that the person gets a sentence and not a crash.
"""

import mmap
import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from records.reading.errors import ReadingError
from records.reading.request import Limits

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384  # of a sheet of Excel
_CHUNK = 1 << 20
_OVERLAP = 96
_SMALL_ENOUGH = 10 << 20  # below this a high packing ratio is only repetition
_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# The literal start keeps the search fast: a column of two or three letters, or a row past the first 99,999.
_FAR = re.compile(rb' r="(?:([A-Z]{2,3})\d{1,6}"|([A-Z]{0,3})(\d{7,})"|(\d{6})")')
# What a reader should hear of: rows and columns hidden by hand or by a filter, formulas that no program has worked out.
_HIDDEN_ROW = re.compile(rb'<row [^>]*hidden="(?:1|true)"')
_HIDDEN_COLUMN = re.compile(rb'<col [^>]*hidden="(?:1|true)"')
_UNSOLVED = (re.compile(rb"</f>(?:<v></v>|<v ?/>)?</c>"), re.compile(rb"<f [^>]*/></c>"))
_COMMENT = re.compile(rb"^\s*<!--.*?-->", re.DOTALL)
# Of OpenDocument: a row, and a cell that is not blank, said once and meant a thousand times or more.
_REPEATED_ROW = re.compile(rb'table-row[^>]*number-rows-repeated="(\d{4,18})"[^>]*>(.*?)table-row>', re.DOTALL)
_REPEATED_CELL = re.compile(rb'table-cell(?=[^>]*value-type)[^>]*number-columns-repeated="(\d{4,18})"')
_FROM_1904 = re.compile(rb'date1904="(1|true)"')
_WORKSHEET = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)

# First bytes (lower case, white space before them dropped) of what people rename to .xls, and what it is called.
_NOT_SPREADSHEETS = (
    (b"%pdf", "tệp PDF"),
    (b"\x89png", "tệp ảnh"),
    (b"\xff\xd8\xff", "tệp ảnh"),
    (b"gif8", "tệp ảnh"),
    (b"rar!", "tệp nén RAR"),
    (b"7z\xbc\xaf", "tệp nén 7z"),
    (b"{\\rtf", "tệp văn bản RTF"),
    (b"<!doctype html", "trang web (HTML)"),
    (b"<html", "trang web (HTML)"),
    (b"<head", "trang web (HTML)"),
    (b"<meta", "trang web (HTML)"),
    (b"<table", "trang web (HTML)"),
    (b"<?xml", "tệp XML"),
    (b"mime-version", "trang web (MHT)"),
)


class Container(NamedTuple):
    """`kind`: xlsx, xlsb, ods, xls or text. `sparse`: a stray far cell, to be read without a full grid.

    `from_1904`: days are counted from 1904 on, which matters for numbers that are dates but not formatted so.
    `notes`: sentences on what a person does not see in the file, but is read, or sees, but cannot be read.
    """

    kind: str
    sparse: bool = False
    from_1904: bool = False
    notes: tuple[str, ...] = ()


@dataclass
class _Unseen:
    """Counts over all sheets."""

    rows: int = 0
    columns: int = 0
    formulas: int = 0

    def count(self, window: bytes, seen: int) -> None:
        """`seen`: so many bytes at the start of the window stood at the end of the one before."""
        if b' hidden="' in window:
            self.rows += _matches(_HIDDEN_ROW, window, seen)
            self.columns += _matches(_HIDDEN_COLUMN, window, seen)
        if b"<f" in window:
            self.formulas += sum(_matches(pattern, window, seen) for pattern in _UNSOLVED)

    def notes(self) -> tuple[str, ...]:
        told = (
            (self.rows, "dòng ẩn hoặc bị lọc vẫn được đọc"),
            (self.columns, "nhóm cột ẩn vẫn được đọc"),
            (
                self.formulas,
                "ô công thức không có kết quả lưu sẵn nên đọc là ô trống; mở tệp bằng Excel rồi lưu lại",
            ),
        )
        return tuple(f"{count} {what}." for count, what in told if count)


def _matches(pattern: re.Pattern[bytes], window: bytes, seen: int) -> int:
    return sum(match.end() > seen for match in pattern.finditer(window))


def unreadable(name: str, what: str = "hỏng hoặc chưa tải xong") -> ReadingError:
    return ReadingError(
        "unreadable_file",
        f"Tệp “{name}” {what}, không đọc được như bảng tính; cần tệp .xlsx, .xls, .xlsb, .ods hoặc .csv. "
        "Mở tệp bằng Excel, lưu lại thành .xlsx (hoặc xuất lại từ phần mềm), rồi nhập tệp mới.",
    )


def encrypted(name: str) -> ReadingError:
    return ReadingError(
        "encrypted",
        f"Tệp “{name}” đang khóa bằng mật khẩu; cần tệp không có mật khẩu mở. "
        "Mở tệp bằng Excel, bỏ mật khẩu, lưu lại rồi nhập tệp mới.",
    )


def too_large(name: str, read: str, expected: str) -> ReadingError:
    return ReadingError(
        "too_large",
        f"Tệp “{name}” {read}; hệ thống chỉ đọc {expected}. "
        "Chép riêng phần bảng danh sách sang tệp mới, hoặc tách tệp theo xã, rồi nhập lại.",
    )


def identify(path: Path, name: str, limits: Limits) -> Container:
    """What the file is. Raises ReadingError (unreadable_file, encrypted, empty, too_large)."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(4096)
    except OSError as error:
        raise unreadable(name, "không mở được") from error
    if size == 0:
        raise ReadingError(
            "empty",
            f"Tệp “{name}” trống (0 byte); cần bảng danh sách có dòng tiêu đề và ít nhất một dòng dữ liệu. "
            "Xuất lại từ phần mềm rồi nhập tệp mới.",
        )
    if size > limits.file_size:
        raise too_large(name, f"nặng {size >> 20} MB", f"tệp đến {limits.file_size >> 20} MB")
    if head.startswith(b"PK"):
        return _identify_archive(path, name, limits)
    if head.startswith(_OLE2):
        return _identify_ole2(path, name)
    return _identify_text(head, name)


def weight(path: Path) -> int:
    """Bytes that reading the file goes through: of an archive what it unpacks to; of a denser file more than it has."""
    try:
        with zipfile.ZipFile(path) as archive:
            return sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, OSError, NotImplementedError, ValueError):
        return 4 * path.stat().st_size if path.exists() else 0


def _identify_text(head: bytes, name: str) -> Container:
    utf16 = head.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in head[:2]
    text = head.replace(b"\x00", b"").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff") if utf16 else head
    start = _COMMENT.sub(b"", text.removeprefix(b"\xef\xbb\xbf")).lstrip().lower()
    for signature, what in _NOT_SPREADSHEETS:
        if start.startswith(signature):
            raise unreadable(name, f"thực ra là {what}")
    if b"\x00" in head and not utf16:
        raise unreadable(name, "là tệp nhị phân không rõ loại")
    return Container("text")


def _identify_ole2(path: Path, name: str) -> Container:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:

        def has(stream: str) -> bool:
            return content.find(stream.encode("utf-16-le")) >= 0

        if has("Workbook") or has("Book"):
            return Container("xls")
        if has("EncryptedPackage"):
            raise encrypted(name)
        raise unreadable(
            name, "là tệp Word hoặc tệp khác của Office, không phải Excel" if has("WordDocument") else "hỏng"
        )


def _identify_archive(path: Path, name: str, limits: Limits) -> Container:
    try:
        with zipfile.ZipFile(path) as archive:
            _check_sizes(archive, path.stat().st_size, name, limits)
            names = {entry.filename for entry in archive.infolist()}
            _check_directory(archive, names, name, limits)
            if "xl/workbook.bin" in names:
                return Container("xlsb")
            if "content.xml" in names:
                return _check_ods(archive, name, limits)
            if any(entry.startswith("xl/") for entry in names):
                unseen = _Unseen()
                sparse = _check_xlsx(archive, name, limits, unseen)
                return Container("xlsx", sparse, _counts_from_1904(archive), unseen.notes())
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
        raise unreadable(name) from error
    except RuntimeError as error:  # zipfile: an entry is encrypted
        raise encrypted(name) from error
    if any(entry.startswith("xl\\") for entry in names):
        raise unreadable(name, "do một chương trình khác ghi sai đường dẫn bên trong")
    if any(entry.startswith("word/") for entry in names):
        raise unreadable(name, "là tệp Word")
    raise unreadable(name, "là tệp nén ZIP, không phải bảng tính (nếu bên trong có tệp Excel thì giải nén trước)")


def _check_sizes(archive: zipfile.ZipFile, packed: int, name: str, limits: Limits) -> None:
    unpacked = sum(entry.file_size for entry in archive.infolist())
    ratio = unpacked / max(packed, 1)
    if unpacked > limits.unpacked_size or (unpacked > _SMALL_ENOUGH and ratio > limits.packing_ratio):
        raise too_large(
            name,
            f"nở ra {unpacked >> 20:,} MB khi mở (gấp {ratio:,.0f} lần)".replace(",", "."),
            f"tệp nở đến {limits.unpacked_size >> 20} MB và không quá {limits.packing_ratio} lần",
        )


def _check_directory(archive: zipfile.ZipFile, names: set[str], name: str, limits: Limits) -> None:
    """Two readers of one archive must see the same parts: none twice, and not more than any workbook has."""
    if len(names) != len(archive.infolist()):
        raise unreadable(name, "có hai phần trùng tên bên trong")
    if len(names) > limits.parts:
        raise too_large(name, f"gồm {len(names)} phần bên trong", f"tệp đến {limits.parts} phần")


def _check_ods(archive: zipfile.ZipFile, name: str, limits: Limits) -> Container:
    _refuse_entities(archive, "content.xml", name)
    if "META-INF/manifest.xml" in archive.namelist() and b"encryption-data" in archive.read("META-INF/manifest.xml"):
        raise encrypted(name)
    mimetype = archive.read("mimetype") if "mimetype" in archive.namelist() else b"spreadsheet"
    if b"spreadsheet" not in mimetype:
        raise unreadable(name, "là tệp OpenDocument không phải bảng tính")
    if _repeated_cells(archive.read("content.xml")) > limits.cells:
        raise too_large(name, "có ô lặp lại quá nhiều lần", f"bảng đến {LAST_ROW} dòng, {LAST_COLUMN} cột")
    return Container("ods")


def _repeated_cells(content: bytes) -> int:
    """How many cells with something in them stand there by repetition; blank ones cost nothing."""
    cells = sum(map(int, _REPEATED_CELL.findall(content)))
    for times, row in _REPEATED_ROW.findall(content):
        if b"value-type" in row:
            cells += int(times) * (1 + sum(map(int, _REPEATED_CELL.findall(row))))
    return cells


def _check_xlsx(archive: zipfile.ZipFile, name: str, limits: Limits, unseen: _Unseen) -> bool:
    """Whether some sheet spans more cells than may stand in memory as a full grid."""
    for part in ("xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml"):
        if part in archive.namelist():
            _refuse_entities(archive, part, name)
    sparse = False
    for part in filter(_WORKSHEET.fullmatch, archive.namelist()):
        _refuse_entities(archive, part, name)
        rows, columns = _extent(archive, part, unseen)
        sparse = sparse or rows * columns > limits.cells
    return sparse


def _counts_from_1904(archive: zipfile.ZipFile) -> bool:
    if "xl/workbook.xml" not in archive.namelist():
        return False
    return _FROM_1904.search(archive.read("xl/workbook.xml")) is not None


def _refuse_entities(archive: zipfile.ZipFile, part: str, name: str) -> None:
    """No office program writes a document type; one is there to pull in files or to multiply text."""
    with archive.open(part) as file:
        start = file.read(2048)
    if b"<!DOCTYPE" in start.upper() or b"<!ENTITY" in start.upper():
        raise unreadable(name, "có khai báo thực thể XML mà Excel không bao giờ ghi")


def _extent(archive: zipfile.ZipFile, part: str, unseen: _Unseen) -> tuple[int, int]:
    """(rows, columns) up to the farthest cell; at least (99999, 26), which is always affordable."""
    rows, letters, rest = 99_999, b"Z", b""
    with archive.open(part) as file:
        while chunk := file.read(_CHUNK):
            window = rest + chunk
            unseen.count(window, len(rest))
            for wide, column, deep, row in set(_FAR.findall(window)):
                letters = max(letters, wide or column, key=lambda text: (len(text), text))
                rows = max(rows, int((deep or row or b"0")[:12]))
            rest = window[-_OVERLAP:]
    columns = 0
    for letter in letters:
        columns = columns * 26 + letter - ord("A") + 1
    return rows, columns
