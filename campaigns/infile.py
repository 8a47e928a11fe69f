"""Files that a command is given."""

from __future__ import annotations

from pathlib import Path

from campaigns.errors import WorkRefused


def read_bytes(path: Path) -> bytes:
    """Raises WorkRefused `unreadable_file` where the path cannot be opened."""
    try:
        return path.read_bytes()
    except OSError as error:
        message = f"Không mở được tệp {path}: {error.strerror}. Xem lại đường dẫn và quyền đọc."
        raise WorkRefused("unreadable_file", message) from error
