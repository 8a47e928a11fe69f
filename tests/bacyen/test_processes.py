"""What a start starts is stopped, also by the next start."""

from __future__ import annotations

import sys
from pathlib import Path

import psutil
import pytest

from bacyen.processes import Processes

WAITS = [sys.executable, "-c", "import signal; print(1, flush=True); signal.pause()"]
ENDS = [sys.executable, "-c", ""]


def noted_pid(note: Path) -> int:
    return int(note.read_text().lstrip("[").split(",")[0])


def test_stop_ends_what_was_started_and_removes_the_note(tmp_path: Path) -> None:
    processes = Processes(tmp_path / "note")
    processes.start("waits", WAITS, cwd=tmp_path)
    pid = noted_pid(tmp_path / "note")
    assert processes.ended() is None
    processes.stop()
    assert not psutil.pid_exists(pid)
    assert not (tmp_path / "note").exists()


def test_one_that_ends_by_itself_is_named(tmp_path: Path) -> None:
    processes = Processes(tmp_path / "note")
    processes.start("waits", WAITS, cwd=tmp_path)
    processes.start("ends", ENDS, cwd=tmp_path)
    processes._running["ends"].wait(timeout=30)
    assert processes.ended() == "ends"
    processes.stop()


def test_the_next_start_clears_what_a_killed_one_left(tmp_path: Path) -> None:
    killed = Processes(tmp_path / "note")
    killed.start("waits", WAITS, cwd=tmp_path)
    pid = noted_pid(tmp_path / "note")
    Processes(tmp_path / "note").clear_leftovers()
    assert not psutil.pid_exists(pid)
    assert not (tmp_path / "note").exists()


def test_a_process_id_given_out_again_is_left_alone(tmp_path: Path) -> None:
    with psutil.Popen(WAITS, cwd=tmp_path) as stranger:
        (tmp_path / "note").write_text(f"[[{stranger.pid}, {stranger.create_time() - 100}]]")
        Processes(tmp_path / "note").clear_leftovers()
        assert stranger.is_running()
        stranger.kill()


@pytest.mark.parametrize("note", ["[]", "[[999999999, 1.0]]"])
def test_a_note_of_nobody_is_only_removed(tmp_path: Path, note: str) -> None:
    (tmp_path / "note").write_text(note)
    Processes(tmp_path / "note").clear_leftovers()
    assert not (tmp_path / "note").exists()
