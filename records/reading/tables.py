"""The sheet of a workbook whose headings fit best, with what stands above and below its heading."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from records.reading.errors import ReadingError
from records.reading.heading import SCANNED_ROWS, Heading
from records.reading.request import Request
from records.reading.vietnamese import tidy
from records.reading.workbook import Merge, Sheet, Workbook, head, unknown_sheet

HeadingFinder = Callable[[list[list[str]], list[Merge] | None], Heading | None]


@dataclass
class Passed:
    """A sheet with a heading and something under it that was not taken: another fitted better."""

    name: str
    rows: int
    top: list[list[str]]
    merges: list[Merge] | None
    heading: Heading


@dataclass
class Table:
    """`rows_of`: (sheet, rows up to its last filled one) of every sheet that was looked at; `passed`: those of them
    that could have been taken too."""

    sheet: Sheet
    top: list[list[str]]
    heading: Heading | None
    rows_of: list[tuple[str, int]]
    passed: list[Passed]

    def title_lines(self) -> list[str]:
        above = self.top[: self.heading.first] if self.heading else self.top
        lines = (" ".join(filter(None, map(tidy, cells))) for cells in above)
        return [line for line in lines if line]

    def rows_below(self) -> Iterator[tuple[int, list[str]]]:
        """(number as the spreadsheet counts, cells), each as wide as the heading at least."""
        last = self.heading.last + 1 if self.heading else 0
        width = len(self.heading.columns.headings) if self.heading else 0
        for number, cells in self.sheet.rows():
            if number > last:
                missing = width - len(cells)
                yield number, (cells + [""] * missing if missing > 0 else cells)


def choose_table(book: Workbook, request: Request, find: HeadingFinder) -> Table:
    """Raises ReadingError (empty) when no sheet holds anything, and for a sheet that is not there."""
    names = book.sheet_names
    if request.sheet is not None:
        names = [name for name in book.all_names if tidy(name) == tidy(request.sheet)]
        if not names:
            raise unknown_sheet(request, book.all_names)
    best: Table | None = None
    best_rank: tuple[float, int] = (-1.0, -1)
    rows_of: list[tuple[str, int]] = []
    likely: list[Passed] = []
    for name in names:
        sheet = book.sheet(name)
        top = head(sheet, SCANNED_ROWS + 5)
        rows = sheet.height
        rows_of.append((name, rows))
        heading = find(top, sheet.merges)
        rank = (round(heading.columns.score) if heading else 0.0, rows)
        if heading and rows > heading.last + 1:
            likely.append(Passed(name, rows - heading.last - 1, top, sheet.merges, heading))
        if rows and rank > best_rank:
            best, best_rank = Table(sheet, top, heading, rows_of, []), rank
    if best is None:
        raise no_rows(request)
    best.passed = [one for one in likely if one.name != best.sheet.name]
    return best


def no_rows(request: Request, where: str = "") -> ReadingError:
    return ReadingError(
        "empty",
        f"Tệp “{request.name}” không có dòng dữ liệu nào{where}; cần ít nhất một dòng dưới dòng tiêu đề. "
        "Kiểm tra tệp vừa xuất, chọn đúng trang tính, rồi nhập lại.",
    )


def no_heading(request: Request, examples: str) -> ReadingError:
    return ReadingError(
        "no_heading",
        f"Không thấy dòng tiêu đề trong {SCANNED_ROWS} dòng đầu của tệp “{request.name}”; cần một dòng có tên cột, "
        f"như {examples}. Thêm dòng tiêu đề hoặc chọn đúng trang tính, rồi nhập lại.",
    )
