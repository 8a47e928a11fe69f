"""Files that leave the program: whole or not at all, readable by their owner only."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from campaigns.errors import WorkRefused
from campaigns.os_errors import why


@contextlib.contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Yields a temporary path beside `path`; when the block ends well it takes the place of `path`, mode 0600.
    Raises WorkRefused `usage` where no file can be written there."""
    target = _target(path)
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.stem[:50]}-", suffix=target.suffix[:10])
    except OSError as error:
        raise _cannot_write(path, error) from error
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        temporary.chmod(0o600)
        try:
            os.replace(temporary, target)
        except OSError as error:
            raise _cannot_write(path, error) from error
    finally:
        temporary.unlink(missing_ok=True)


def write_whole(path: Path, content: bytes) -> str:
    """Returns the SHA-256 of what was written."""
    with whole_file(path) as temporary:
        temporary.write_bytes(content)
    return hashlib.sha256(content).hexdigest()


def check_distinct(*paths: Path | None) -> None:
    """Raises WorkRefused `usage` where two files of one command are the same: one would be lost."""
    named = [os.path.realpath(path) for path in paths if path is not None]
    if twice := next((name for name in named if named.count(name) > 1), None):
        raise WorkRefused("usage", f"Tệp {twice} được ghi tên hai lần trong một lệnh. Hãy ghi tên khác cho từng tệp.")


def _target(path: Path) -> Path:
    """Where a link leads; raises WorkRefused for a folder, or a device such as /dev/null."""
    target = Path(os.path.realpath(path))
    try:
        is_other = target.exists() and not target.is_file()
    except OSError as error:
        raise _cannot_write(path, error) from error
    if is_other:
        raise WorkRefused("usage", f"Không ghi được tệp {path}: đó không phải một tệp. Hãy ghi tên một tệp.")
    return target


def _cannot_write(path: Path, error: OSError) -> WorkRefused:
    return WorkRefused("usage", f"Không ghi được tệp {path}: {why(error)}. Hãy chọn thư mục khác.")
