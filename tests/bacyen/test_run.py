"""`python -m bacyen.run` as people use it: start, look, Ctrl-C, kill, start again."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress

import psutil
import pytest

from bacyen import local_servers
from bacyen.local_servers import CHECKOUT, State, postgres, valkey


class Office:
    """One installation in a state directory of its own, with the plan and without the demo district."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.log = state.directory.with_suffix(".log")

    def start(self) -> subprocess.Popen[bytes]:
        """Returns when it has said where it is; fails when it ends before."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
        environment |= {"BACYEN_STATE": str(self.state.directory), "DEMO": "0", "PYTHONUNBUFFERED": "1"}
        environment["DJANGO_SETTINGS_MODULE"] = "bacyen.settings"
        process = subprocess.Popen(
            [sys.executable, "-m", "bacyen.run"],
            cwd=CHECKOUT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=self.log.open("wb"),
            start_new_session=True,
        )
        assert process.stdout is not None
        assert any("http://127.0.0.1:" in line.decode() for line in process.stdout), self.log.read_text()
        return process

    def answer(self) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.state.port("web"), timeout=20)
        connection.request("GET", "/static/admin/css/base.css")
        return connection.getresponse().status

    def processes(self) -> list[psutil.Process]:
        """Whatever runs for this installation, apart from servers, which do not know its directory."""
        return [one for one in psutil.process_iter() if self._is_ours(one)]

    def kill(self) -> None:
        for process in self.processes():
            with suppress(psutil.NoSuchProcess):
                process.kill()

    def _is_ours(self, process: psutil.Process) -> bool:
        try:
            return process.environ().get("BACYEN_STATE") == str(self.state.directory)
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            return False


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("DATABASE_URL", raising=False)
        patch.delenv("REDIS_URL", raising=False)
        state = State(tmp_path_factory.mktemp("office") / "state")
        office = Office(state)
        yield office
        office.kill()
        local_servers.destroy(state)


def test_ctrl_c_stops_everything_it_started(office: Office) -> None:
    run = office.start()
    assert office.answer() == 200
    run.send_signal(signal.SIGINT)
    assert run.wait(timeout=60) == 0
    assert office.processes() == []
    assert not postgres.is_running(office.state)
    assert not valkey.is_running(office.state)


def test_after_a_kill_of_the_lot_it_starts_again_and_servers_that_ran_before_go_on(office: Office) -> None:
    run = office.start()
    port = office.state.port("web")
    office.kill()
    run.wait(timeout=20)
    (office.state.path("started.json")).unlink()  # the servers are somebody else's from here on

    run = office.start()
    assert (office.answer(), office.state.port("web")) == (200, port)
    run.send_signal(signal.SIGTERM)
    assert run.wait(timeout=60) == 0
    assert office.processes() == []
    assert postgres.is_running(office.state)
    assert valkey.is_running(office.state)


def test_a_second_start_of_the_same_installation_is_refused(office: Office) -> None:
    environment = os.environ | {"BACYEN_STATE": str(office.state.directory)}
    with office.state.lock("run.lock"):
        second = subprocess.run(
            [sys.executable, "-m", "bacyen.run"],
            cwd=CHECKOUT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert (second.returncode, second.stderr) == (
        1,
        f"Ứng dụng của bản này đang chạy rồi, ở cổng {office.state.port('web')}.\n",
    )


@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [
        ("PORT", "tám nghìn", "PORT='tám nghìn': cần một số từ 1 đến 65535."),
        ("PORT", "70000", "PORT='70000': cần một số từ 1 đến 65535."),
        ("DEMO", "có", "DEMO='có': cần 1 hoặc 0."),
        ("DEBUG", "maybe", "DEBUG='maybe': cần 1 hoặc 0."),
    ],
)
def test_a_wrong_setting_stops_the_start(office: Office, setting: str, value: str, said: str) -> None:
    environment = os.environ | {
        "BACYEN_STATE": str(office.state.directory),
        "DJANGO_SETTINGS_MODULE": "bacyen.settings",
        setting: value,
    }
    run = subprocess.run(
        [sys.executable, "-m", "bacyen.run"], cwd=CHECKOUT, env=environment, capture_output=True, text=True, timeout=60
    )
    assert (run.returncode, run.stderr.strip()) == (1, said)
