"""Any spreadsheet as sheets of rows of text, numbered as the spreadsheet numbers them."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Protocol

import python_calamine as calamine

from records.reading.cells import row_texts
from records.reading.container import Container, encrypted, identify, unreadable
from records.reading.delimited import Delimited
from records.reading.errors import ReadingError
from records.reading.request import Request

# (first row, first column, last row, last column), all counted from 0, ends included.
Merge = tuple[int, int, int, int]


class Sheet(Protocol):
    """`merges` is None where the format or its reader does not tell. Row numbers start at 1; past the first
    hundreds, numbers of empty rows may be left out.

    `height` is the number of the last row that holds anything, 0 for an empty sheet.
    """

    name: str
    merges: list[Merge] | None

    @property
    def height(self) -> int: ...

    def rows(self) -> Iterator[tuple[int, list[str]]]: ...


class Workbook(Protocol):
    """`sheet_names`: the sheets that a person sees, in their order; hidden ones only if there is no other.

    `from_1904`: a number that is a date without being formatted so counts days from 1904 on.
    """

    sheet_names: list[str]
    all_names: list[str]
    from_1904: bool
    notes: tuple[str, ...]

    def sheet(self, name: str) -> Sheet: ...


def open_workbook(request: Request) -> Workbook:
    """Raises ReadingError (unreadable_file, encrypted, empty, too_large)."""
    container = identify(request.path, request.name, request.limits)
    if container.kind == "text":
        return _TextBook(request)
    if container.sparse:
        from records.reading.sparse import SparseBook  # 0.3 s and 20 MB that nearly no file needs

        return SparseBook(request, container)
    return _CalamineBook(request, container)


def head(sheet: Sheet, rows: int) -> list[list[str]]:
    """The first rows of a sheet, for finding the heading."""
    return [cells for _, cells in islice(sheet.rows(), rows)]


class _CalamineBook:
    def __init__(self, request: Request, container: Container) -> None:
        self._name = request.name
        self.from_1904, self.notes = container.from_1904, container.notes
        try:
            self._book = self._load(request.path, container.kind)
        except calamine.PasswordError as error:
            raise encrypted(self._name) from error
        except (calamine.CalamineError, OSError, ValueError) as error:
            raise unreadable(self._name) from error
        tables = [m for m in self._book.sheets_metadata if m.typ == calamine.SheetTypeEnum.WorkSheet]
        self.all_names = [sheet.name for sheet in tables]
        visible = [sheet.name for sheet in tables if sheet.visible == calamine.SheetVisibleEnum.Visible]
        self.sheet_names = visible or self.all_names

    def _load(self, path: Path, kind: str) -> "calamine.CalamineWorkbook":
        """calamine believes the name's ending; one that lies is opened by content."""
        if path.suffix.lower() in ("", f".{kind}"):
            return calamine.load_workbook(path)
        with path.open("rb") as file:
            return calamine.load_workbook(file)

    def sheet(self, name: str) -> Sheet:
        try:
            return _CalamineSheet(self._book.get_sheet_by_name(name))
        except (calamine.CalamineError, OSError, ValueError) as error:
            raise unreadable(self._name, f"hỏng ở trang tính “{name}”") from error


class _CalamineSheet:
    """calamine gives rows from the first of the sheet on, but columns from the first used one."""

    def __init__(self, sheet: "calamine.CalamineSheet") -> None:
        self.name = sheet.name
        self._sheet = sheet
        self._left: list[str] = [""] * (sheet.start[1] if sheet.start else 0)
        ranges = sheet.merged_cell_ranges
        self.merges = None if ranges is None else [(*first, *last) for first, last in ranges]
        self.height = sheet.end[0] + 1 if sheet.end else 0

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        left = self._left
        for number, values in enumerate(self._sheet.iter_rows(), start=1):
            texts = row_texts(values)
            yield number, (left + texts if left else texts)


class _TextBook:
    from_1904 = False
    notes: tuple[str, ...] = ()

    def __init__(self, request: Request) -> None:
        self._table = Delimited(request.path.read_bytes(), request.name)
        self.sheet_names = self.all_names = [Path(request.name).stem]

    def sheet(self, name: str) -> Sheet:
        return _TextSheet(name, self._table)


@dataclass
class _TextSheet:
    name: str
    _table: Delimited
    merges: list[Merge] | None = None

    @property
    def height(self) -> int:
        return self._table.height

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        return enumerate(self._table.rows(), start=1)


def unknown_sheet(request: Request, names: list[str]) -> ReadingError:
    listed = ", ".join(f"“{name}”" for name in names[:20])
    return ReadingError(
        "unreadable_file",
        f"Tệp “{request.name}” không có trang tính “{request.sheet}”; các trang tính của tệp: {listed}. "
        "Chọn một trong các trang ấy rồi nhập lại.",
    )
