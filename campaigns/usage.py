"""What is wrong with a command line, said in Vietnamese: argparse speaks English only."""

from __future__ import annotations

import re
from typing import NoReturn

from django.core.management.base import CommandParser

from campaigns.errors import WorkRefused

# argparse's own sentences (Python 3.11 to 3.14 differ in quotation marks only) and how they are said here.
_SENTENCES: tuple[tuple[str, str], ...] = (
    (r"the following arguments are required: (.+)", "thiếu {0}"),
    (r"one of the arguments (.+) is required", "thiếu một trong các mục {0}"),
    (r"unrecognized arguments: (.+)", "không có mục nào viết là {0}"),
    (r"argument (.+?): invalid choice: '?(.*?)'? \(choose from (.+)\)", "{0} ghi “{1}”; cần một trong: {2}"),
    (r"argument (.+?): expected (?:one|at least one|\d+) arguments?", "{0} cần một giá trị đi sau"),
    (r"argument (.+?): expected at most one argument", "{0} chỉ nhận một giá trị"),
    (r"argument (.+?): invalid \w+ value: '?(.*?)'?", "{0} ghi “{1}”, không đọc được"),
    (r"argument (.+?): not allowed with argument (.+)", "{0} không đi cùng {1}"),
    (r"argument (.+?): ignored explicit argument '?(.*?)'?", "{0} không nhận giá trị, nhưng ghi “{1}”"),
    (r"ambiguous option: (.+) could match (.+)", "{0} có thể là {1}"),
)


def in_vietnamese(message: str) -> str:
    """'' for a sentence of argparse that is not known here."""
    for pattern, said in _SENTENCES:
        if found := re.fullmatch(pattern, message, re.DOTALL):
            return said.format(*(part.replace("'", "") for part in found.groups()))
    return ""


class WorkParser(CommandParser):
    """Raises WorkRefused `usage` where argparse would print and end the process."""

    def error(self, message: str) -> NoReturn:
        said = in_vietnamese(message)
        wrong = f"Lệnh viết chưa đúng: {said}." if said else "Lệnh viết chưa đúng."
        raise WorkRefused("usage", f"{wrong} Xem cách viết: manage.py {self.prog.split()[-1]} --help.")
