"""The parent's side: starts the reading process, hands its rows on, and outlives whatever befalls it."""

import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from records.reading.container import too_large, unreadable
from records.reading.errors import ReadingError

logger = logging.getLogger(__name__)

_PROJECT = Path(__file__).resolve().parents[2]
_OUTPUT_LIMIT = 4 << 30
_LOGGED_STDERR = 4000
_OUT_OF_MEANS = (signal.SIGABRT, signal.SIGXCPU, signal.SIGKILL, signal.SIGXFSZ)


class Reading:
    """A running reading: `stdout` gives bytes by `read(n)`, for COPY; `finish` tells how it ended."""

    def __init__(self, process: subprocess.Popen[bytes], errors: IO[bytes], name: str, seconds: float) -> None:
        self._process = process
        self._errors = errors
        self._name = name
        self._overrun = ""
        self._clock = threading.Timer(seconds, self._stop, ["đọc quá lâu"])
        self._clock.daemon = True
        self._clock.start()
        self.stdout = _Output(process.stdout, self._stop)

    def _stop(self, why: str) -> None:
        self._overrun = why
        self._process.kill()

    def finish(self) -> dict[str, Any]:
        """The summary, once stdout is exhausted (what is left of it is thrown away). Raises ReadingError."""
        while self.stdout.read(1 << 16):
            pass
        status = self._process.wait()
        self._clock.cancel()
        if self._overrun:
            raise self._out_of_means(self._overrun)
        self._errors.seek(0)
        told = self._errors.read().decode("utf-8", "replace").strip()
        last = told.rsplit("\n", 1)[-1]
        if status == 0:
            summary: dict[str, Any] = json.loads(last)
            return summary
        if status == 2 and last.startswith("{"):
            error = json.loads(last)
            raise ReadingError(error["error"], error["message"])
        logger.error("reading process ended with status %s: %s", status, told[-_LOGGED_STDERR:])
        if -status in _OUT_OF_MEANS:
            raise self._out_of_means("cần nhiều bộ nhớ hoặc thời gian hơn mức cho phép")
        raise unreadable(self._name, "làm chương trình đọc dừng giữa chừng")

    def _out_of_means(self, why: str) -> ReadingError:
        return too_large(self._name, why, "tệp đến khoảng 450.000 dòng, không có ô lẻ ở rất xa bảng")

    def close(self) -> None:
        self._clock.cancel()
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        self.stdout.close()


class _Output:
    """The child's rows; a child that writes without end is stopped."""

    def __init__(self, pipe: IO[bytes] | None, stop: Any) -> None:
        if pipe is None:
            raise ValueError("the reading process has no stdout")
        self._pipe = pipe
        self._stop = stop
        self._left = _OUTPUT_LIMIT

    def read(self, size: int = -1) -> bytes:
        data = self._pipe.read(size)
        self._left -= len(data)
        if self._left < 0:
            self._stop("cho ra quá nhiều dữ liệu")
            return b""
        return data

    def readline(self) -> bytes:
        line = self._pipe.readline()
        self._left -= len(line)
        return line

    def close(self) -> None:
        self._pipe.close()


@contextmanager
def open_reading(request: dict[str, Any], *, seconds: float = 600) -> Iterator[Reading]:
    """Starts the child on a request (see `Request`); on leaving, the child is gone whatever happened."""
    name = request.get("name") or Path(request["path"]).name
    with tempfile.TemporaryFile() as asked, tempfile.TemporaryFile() as errors:
        asked.write(json.dumps(request | {"path": str(Path(request["path"]).resolve())}, default=str).encode())
        asked.seek(0)
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "records.reading"],
            stdin=asked,
            stdout=subprocess.PIPE,
            stderr=errors,
            cwd="/",
            env=_environment(),
            bufsize=1 << 18,
        )
        reading = Reading(process, errors, name, seconds)
        try:
            yield reading
        finally:
            reading.close()


def _environment() -> dict[str, str]:
    """What Python needs, and none of the parent's secrets: the child reads strangers' files."""
    kept = ("PATH", "HOME", "TMPDIR", "SYSTEMROOT", "LD_LIBRARY_PATH", "VIRTUAL_ENV")
    return {key: os.environ[key] for key in kept if key in os.environ} | {
        "PYTHONPATH": str(_PROJECT),
        "PYTHONUTF8": "1",
        "LC_ALL": "C.UTF-8",
    }


def inspect(request: dict[str, Any], *, seconds: float = 120) -> dict[str, Any]:
    """The summary of a register's file with preview and samples. Raises ReadingError."""
    with open_reading(request | {"mode": "inspect"}, seconds=seconds) as reading:
        return reading.finish()


def read_table(
    path: Path,
    name: str,
    fields: list[dict[str, Any]],
    sheet: str | None = None,
    *,
    seconds: float = 120,
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """A list that came home: (summary, rows as {"row", "cells", "other"}). Raises ReadingError."""
    request = {"mode": "table", "path": path, "name": name, "fields": fields, "sheet": sheet}
    with open_reading(request, seconds=seconds) as reading:
        rows = [json.loads(line) for line in iter(reading.stdout.readline, b"")]
        return reading.finish(), rows
