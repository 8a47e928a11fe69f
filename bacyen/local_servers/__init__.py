"""PostgreSQL and Valkey from Python packages, for a first run, a small office and the tests.

DATABASE_URL and REDIS_URL point to real servers and always win: what one of them names is not started here.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from . import home, postgres, valkey
from .state import CHECKOUT, State, StateError

__all__ = [
    "CHECKOUT",
    "Started",
    "State",
    "StateError",
    "client_program",
    "database_url",
    "destroy",
    "ensure",
    "redis_url",
    "stop",
]


@dataclass(frozen=True)
class Started:
    """Which servers a call started; the others ran already or are somebody else's."""

    postgres: bool
    valkey: bool


def database_url(state: State) -> str:
    """DATABASE_URL, else the address of the embedded PostgreSQL, which may not run yet."""
    return os.environ.get("DATABASE_URL") or postgres.url(state)


def redis_url(state: State) -> str:
    """REDIS_URL, else the address of the embedded Valkey, which may not run yet."""
    return os.environ.get("REDIS_URL") or valkey.url(state)


def ensure(state: State, *, for_tests: bool = False) -> Started:
    """Finds or starts the servers that no address names. Raises StateError."""
    wanted_postgres = not os.environ.get("DATABASE_URL")
    wanted_valkey = not os.environ.get("REDIS_URL")
    with state.lock():
        return Started(
            postgres=wanted_postgres and postgres.ensure(state, for_tests=for_tests),
            valkey=wanted_valkey and valkey.ensure(state),
        )


def stop(state: State, started: Started) -> None:
    """Stops what that call started."""
    with state.lock():
        if started.valkey:
            valkey.stop(state)
        if started.postgres:
            postgres.stop(state)


def client_program(name: str) -> Path:
    """Path of one of PostgreSQL's clients (pg_dump, psql …), to be run by whoever asks."""
    return home.client_programs() / name


def destroy(state: State) -> None:
    """Stops both servers and deletes PostgreSQL's data, which may lie outside the state directory."""
    with state.lock():
        valkey.stop(state)
        postgres.stop(state)
        home.remove(state)
