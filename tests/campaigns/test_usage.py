"""A command line that is wrong, told in Vietnamese; options are never guessed."""

from __future__ import annotations

import json

import pytest

from campaigns.usage import in_vietnamese
from records.management.commands.import_register import Command

OPTIONS = ["te.xlsx", "--register", "children"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "thiếu FILE, --register"),
        (["te.xlsx", "--register", "hoc-sinh"], "--register ghi “hoc-sinh”; cần một trong: children, beneficiaries"),
        ([*OPTIONS, "--commune"], "--commune cần một giá trị đi sau"),
        ([*OPTIONS, "--partial=1"], "--partial không nhận giá trị, nhưng ghi “1”"),
        ([*OPTIONS, "--thu"], "không có mục nào viết là --thu"),
        ([*OPTIONS, "--dry"], "không có mục nào viết là --dry"),
    ],
)
def test_one_vietnamese_line_and_one_object(
    capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        Command().run_from_argv(["manage.py", "import_register", *arguments, "--json"])
    printed = capsys.readouterr()
    told = json.loads(printed.out)
    assert ended.value.code == 2
    assert told == {
        "error": "usage",
        "message": f"Lệnh viết chưa đúng: {said}. Xem cách viết: manage.py import_register --help.",
    }
    assert printed.err == told["message"] + "\n"


@pytest.mark.parametrize(
    ("english", "vietnamese"),
    [
        ("argument --scale: invalid float value: 'nhiều'", "--scale ghi “nhiều”, không đọc được"),
        ("argument --a: not allowed with argument --b", "--a không đi cùng --b"),
        ("one of the arguments --a --b is required", "thiếu một trong các mục --a --b"),
        ("something new", ""),
    ],
)
def test_sentences_of_argparse(english: str, vietnamese: str) -> None:
    assert in_vietnamese(english) == vietnamese
