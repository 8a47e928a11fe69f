"""Rows of a file in any format of bulk import, as texts. Reads in a process of its own, under limits: whoever may
import is trusted, the file that was sent to them is not. Knows no Django."""

from __future__ import annotations

import datetime
import json
import os
import resource
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

SUFFIXES = ("xlsx", "xls", "ods", "csv", "tsv", "json", "yaml", "html")
_OTHER_SUFFIXES = {"xlsm": "xlsx", "xlsb": "xlsx", "yml": "yaml", "htm": "html", "txt": "tsv"}
_WORKBOOKS = ("xlsx", "xls", "ods")
_MEMORY, _SECONDS, _OUTPUT = 1536 << 20, 120, 512 << 20
_MOST_ROWS = 500_000
_NEUTRAL = ("=", "+", "-", "@", "\t", "\r")


class NotReadableError(ValueError):
    """The message is for a person."""


def format_of(name: str) -> str:
    """Raises NotReadableError for a file whose name does not say what it is."""
    suffix = Path(name).suffix.lower().lstrip(".")
    suffix = _OTHER_SUFFIXES.get(suffix, suffix)
    if suffix not in SUFFIXES:
        raise NotReadableError(f"Không nhận tệp “{name}”. Dùng một trong các đuôi: {', '.join(SUFFIXES)}.")
    return suffix


def read(path: Path, kind: str) -> tuple[list[str], list[list[str]]]:
    """Headings and rows. Raises NotReadableError."""
    done = subprocess.run(
        [sys.executable, "-P", "-m", "campaigns.bulk_reading", str(path.resolve()), kind],
        cwd="/", capture_output=True, timeout=_SECONDS * 2, check=False,
        env={"PYTHONPATH": str(Path(__file__).resolve().parents[1]), "PYTHONUTF8": "1", "PATH": os.environ["PATH"]},
    )  # fmt: skip
    if done.returncode or len(done.stdout) > _OUTPUT:
        told = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
        raise NotReadableError(told if done.returncode == 2 else _UNREADABLE)
    headings, rows = json.loads(done.stdout)
    return headings, rows


_UNREADABLE = (
    "Không đọc được tệp: tệp hỏng, có mật khẩu, quá lớn, hoặc đuôi tệp không đúng với nội dung. "
    "Mở tệp, lưu lại đúng định dạng rồi đưa lên lần nữa."
)


def _table(path: str, kind: str) -> Iterator[Iterable[Any]]:
    """The first row is the heading."""
    if kind in _WORKBOOKS:
        from python_calamine import CalamineWorkbook

        yield from CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python(skip_empty_area=False)
        return
    import tablib

    text = Path(path).read_bytes().decode("utf-8-sig")
    dataset = tablib.Dataset().load(text, format=kind)
    yield dataset.headers or []
    yield from dataset


def text_of(cell: Any) -> str:
    """As a person would type it: no `.0` behind whole numbers, days as dd/mm/yyyy, the apostrophe that kept a
    spreadsheet from calculating taken off again."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, (datetime.datetime, datetime.date)):
        return cell.strftime("%d/%m/%Y")
    text = str(cell).strip()
    return text[1:] if text[:1] == "'" and text[1:2] in _NEUTRAL else text


def _main(path: str, kind: str) -> int:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS + 5))
    table = ([text_of(cell) for cell in row] for row in _table(path, kind))
    headings = next(table, [])
    while headings and not headings[-1]:
        headings.pop()
    if not headings or not all(headings):
        print(
            "Dòng đầu của tệp phải là tiêu đề cột, không ô nào trống. Xuất một tệp từ đây để có mẫu.", file=sys.stderr
        )
        return 2
    rows = []
    for row in table:
        if any(row):
            rows.append((row + [""] * len(headings))[: len(headings)])
        if len(rows) > _MOST_ROWS:
            print(f"Tệp có hơn {_MOST_ROWS} dòng. Tách tệp rồi nhập từng phần.", file=sys.stderr)
            return 2
    if not rows:
        print("Tệp không có dòng nào dưới tiêu đề. Xem lại trang tính đầu tiên của tệp.", file=sys.stderr)
        return 2
    json.dump([headings, rows], sys.stdout, ensure_ascii=False)
    return 0


if __name__ == "__main__":
    sys.exit(_main(*sys.argv[1:3]))
