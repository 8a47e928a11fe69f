"""Files that a command is given."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from campaigns.errors import WorkRefused
from campaigns.os_errors import why


@contextlib.contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """Raises WorkRefused `unreadable_file` where the path cannot be opened."""
    try:
        file = path.open("rb")
    except OSError as error:
        message = f"Không mở được tệp {path}: {why(error)}. Xem lại đường dẫn và quyền đọc."
        raise WorkRefused("unreadable_file", message) from error
    with file:
        yield file


def read_bytes(path: Path) -> bytes:
    """Raises WorkRefused `unreadable_file` where the path cannot be opened."""
    with opened(path) as file:
        return file.read()
