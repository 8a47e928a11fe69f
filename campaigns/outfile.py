"""Files that leave the program: whole or not at all, readable by their owner only."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from campaigns.errors import WorkRefused


@contextlib.contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Yields a temporary path beside `path`; when the block ends well it takes the place of `path`, mode 0600.
    Raises WorkRefused `usage` where the folder cannot be written."""
    try:
        handle, name = tempfile.mkstemp(dir=path.resolve().parent, prefix=f".{path.stem}-", suffix=path.suffix)
    except OSError as error:
        raise WorkRefused("usage", f"Không ghi được tệp {path}: {error.strerror}. Hãy chọn thư mục khác.") from error
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        temporary.chmod(0o600)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def write_whole(path: Path, content: bytes) -> str:
    """Returns the SHA-256 of what was written."""
    with whole_file(path) as temporary:
        temporary.write_bytes(content)
    return hashlib.sha256(content).hexdigest()
