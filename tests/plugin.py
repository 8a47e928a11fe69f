"""pytest plugin: one pair of embedded servers for the whole run, however many xdist workers it has.

They live in a state directory of their own, so that several runs at once, and the developer's own data, never
meet. What a killed run left behind is swept away by the next one.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress

import psutil
import pytest

from bacyen import local_servers
from bacyen.local_servers import CHECKOUT, State

_RUNS = CHECKOUT / ".state-tests"


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    """A wrapper, so that the addresses are known before pytest-django reads the settings."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        _sweep()
        state = State(_RUNS / str(os.getpid()))
        os.environ["BACYEN_STATE"] = str(state.directory)
        early_config.add_cleanup(lambda: _remove(state))
        local_servers.ensure(state, for_tests=True)
    yield


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without a browser its tests are skipped, and the summary says what to install."""
    if shutil.which(os.environ.get("CHROMIUM", "chromium")):
        return
    skipped = pytest.mark.skip(reason="no Chromium here: apt-get install chromium, or set CHROMIUM to its path")
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(skipped)


def _sweep() -> None:
    for directory in _RUNS.glob("*"):
        if not psutil.pid_exists(int(directory.name)):
            _remove(State(directory))


def _remove(state: State) -> None:
    local_servers.destroy(state)
    shutil.rmtree(state.directory, ignore_errors=True)
    with suppress(OSError):
        _RUNS.rmdir()
