"""The processes that a start starts: every one is stopped again, also after the starter was killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import psutil

from bacyen.local_servers.state import write_private

_SECONDS_TO_STOP = 25


class Processes:
    """Child processes by name, noted in a file so that the next start can clear what a kill -9 left."""

    def __init__(self, note: Path) -> None:
        self._note = note
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, command: Sequence[str], *, cwd: Path) -> None:
        """In a session of its own: Ctrl-C reaches the starter alone, which stops the others in order."""
        self._running[name] = subprocess.Popen(
            command, cwd=cwd, stdin=subprocess.DEVNULL, start_new_session=True, env=os.environ
        )
        alive = [psutil.Process(process.pid) for process in self._running.values() if process.poll() is None]
        write_private(self._note, json.dumps([[process.pid, process.create_time()] for process in alive]))

    def ended(self) -> str | None:
        """The name of one that ended by itself, if any did."""
        return next((name for name, process in self._running.items() if process.poll() is not None), None)

    def stop(self) -> None:
        """Asks each to finish what it is doing; those that have not after a while are killed."""
        _stop([psutil.Process(p.pid) for p in self._running.values() if p.poll() is None])
        for process in self._running.values():
            process.wait()
        self._running.clear()
        self._note.unlink(missing_ok=True)

    def clear_leftovers(self) -> None:
        """Stops what an earlier start had started and could not stop any more."""
        if not self._note.exists():
            return
        _stop([process for pid, born in json.loads(self._note.read_text()) for process in _same(pid, born)])
        self._note.unlink()


def _same(pid: int, born: float) -> list[psutil.Process]:
    """The process with this id, if it is still the one that was noted and the id was not given out again."""
    try:
        process = psutil.Process(pid)
        return [process] if abs(process.create_time() - born) < 1 else []
    except psutil.NoSuchProcess:
        return []


def _stop(processes: list[psutil.Process]) -> None:
    for process in processes:
        _signal(process, signal.SIGTERM)
    _, alive = psutil.wait_procs(processes, timeout=_SECONDS_TO_STOP)
    for process in alive:
        for member in [*_children(process), process]:
            _signal(member, signal.SIGKILL)
    psutil.wait_procs(alive, timeout=5)


def _children(process: psutil.Process) -> list[psutil.Process]:
    try:
        return process.children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def _signal(process: psutil.Process, number: int) -> None:
    with suppress(psutil.NoSuchProcess):
        process.send_signal(number)
