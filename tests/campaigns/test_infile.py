from __future__ import annotations

from pathlib import Path

import pytest

from campaigns.errors import WorkRefused
from campaigns.infile import read_bytes


@pytest.mark.parametrize(("name", "why"), [("co.xlsx", "không có tệp"), (".", "đó là một thư mục")])
def test_what_cannot_be_opened(tmp_path: Path, name: str, why: str) -> None:
    with pytest.raises(WorkRefused) as refused:
        read_bytes(tmp_path / name)
    assert refused.value.code == "unreadable_file"
    assert why in refused.value.message


def test_what_can(tmp_path: Path) -> None:
    (tmp_path / "co.xlsx").write_bytes(b"123")
    assert read_bytes(tmp_path / "co.xlsx") == b"123"
