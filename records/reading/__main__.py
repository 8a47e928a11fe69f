"""The child process: one request on stdin, rows on stdout, one JSON line at the end of stderr."""

import gc
import json
import os
import resource
import sys
from typing import TextIO

from records.reading.container import too_large, weight
from records.reading.errors import ReadingError
from records.reading.list_reading import read_list
from records.reading.register_reading import inspect_register, read_register
from records.reading.request import Limits, Request

# Far more than an honest file needs: a province's takes a sixth of it.
_LEAST_SECONDS, _BYTES_A_SECOND = 20, 3 << 20

_READERS = {"register": read_register, "inspect": inspect_register, "table": read_list}


def main() -> int:
    gc.set_threshold(50_000)  # rows hold no cycles: looking for some would cost more than it frees
    request = Request.from_json(json.load(sys.stdin))
    confine(request.limits, weight(request.path))
    out = open(1, "w", encoding="utf-8", newline="\n", buffering=1 << 18, closefd=False)  # noqa: SIM115
    try:
        summary = _READERS[request.mode](request, out)
        out.flush()
    except ReadingError as error:
        return _fail(error)
    except MemoryError:
        return _fail(too_large(request.name, "cần nhiều bộ nhớ hơn mức cho phép", "tệp đến khoảng 450.000 dòng"))
    except BrokenPipeError:
        _forget(out)
        return 1
    print(json.dumps(summary, ensure_ascii=False), file=sys.stderr)
    return 0


def confine(limits: Limits, weight: int) -> None:
    """A hostile file may cost this process its life, and nothing else. A small file has less time than a large one."""
    seconds = min(limits.processor_seconds, _LEAST_SECONDS + weight // _BYTES_A_SECOND)
    for what, soft, hard in (
        (resource.RLIMIT_AS, limits.memory, limits.memory),
        (resource.RLIMIT_CPU, seconds, seconds + 5),
        (resource.RLIMIT_CORE, 0, 0),
        (resource.RLIMIT_FSIZE, limits.written_to_files, limits.written_to_files),
    ):
        allowed = resource.getrlimit(what)[1]
        if allowed != resource.RLIM_INFINITY:
            soft, hard = min(soft, allowed), min(hard, allowed)
        resource.setrlimit(what, (soft, hard))


def _fail(error: ReadingError) -> int:
    print(json.dumps({"error": error.code, "message": error.message}, ensure_ascii=False), file=sys.stderr)
    return 2


def _forget(out: TextIO) -> None:
    """Nobody reads any more: what is still buffered goes nowhere instead of failing at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    out.close()


if __name__ == "__main__":
    sys.exit(main())
