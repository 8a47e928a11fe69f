"""The embedded servers, for real: started, killed, found again. Each state directory is its own pair."""

from __future__ import annotations

import os
import shutil
import signal
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import psutil
import psycopg2
import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from bacyen import local_servers
from bacyen.local_servers import Started, State, StateError, home, postgres, valkey


@contextmanager
def pair(directory: Path, *, for_tests: bool = False) -> Iterator[State]:
    state = State(directory)
    local_servers.ensure(state, for_tests=for_tests)
    try:
        yield state
    finally:
        local_servers.destroy(state)


@pytest.fixture(scope="module", autouse=True)
def _no_addresses() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("DATABASE_URL", raising=False)
        patch.delenv("REDIS_URL", raising=False)
        yield


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[State]:
    with pair(tmp_path_factory.mktemp("servers") / "state") as state:
        yield state


def query(state: State, statement: str) -> list[tuple[object, ...]]:
    with closing(psycopg2.connect(postgres.url(state))) as connection, connection.cursor() as cursor:
        connection.autocommit = True
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


def broker(state: State) -> redis.Redis:
    return redis.Redis.from_url(valkey.url(state), decode_responses=True)


def kill_both(state: State) -> None:
    server = psutil.Process(int((state.path("postgres", "data") / "postmaster.pid").read_text().split()[0]))
    broker = psutil.Process(int(state.path("valkey", "pid").read_text()))
    for victim in [server, *server.children(recursive=True), broker]:
        with suppress(psutil.NoSuchProcess):  # the server's children leave when it is gone
            victim.send_signal(signal.SIGKILL)


def test_a_second_start_does_nothing(state: State) -> None:
    assert local_servers.ensure(state) == Started(postgres=False, valkey=False)


def test_data_survive_a_kill_of_both(state: State) -> None:
    query(state, "CREATE TABLE kept (word text)")
    query(state, "INSERT INTO kept VALUES ('Tạ Khoa')")
    with broker(state) as client:
        client.set("kept", "Xím Vàng")
        client.execute_command("WAITAOF", 1, 0, 5000)

    kill_both(state)
    assert local_servers.ensure(state) == Started(postgres=True, valkey=True)

    assert query(state, "SELECT word FROM kept") == [("Tạ Khoa",)]
    with broker(state) as client:
        assert client.get("kept") == "Xím Vàng"


def test_secrets_are_for_their_owner_alone(state: State) -> None:
    files = [*state.path("secrets").iterdir(), state.path("valkey", "valkey.conf")]
    assert len(files) == 4
    assert {oct(path.stat().st_mode & 0o777) for path in files} == {"0o600"}
    directories = [state.directory, state.path("secrets"), state.path("valkey"), state.path("postgres")]
    assert {oct(path.stat().st_mode & 0o777) for path in directories} == {"0o700"}


def test_no_password_on_a_command_line(state: State) -> None:
    secrets = {path.read_text().strip() for path in state.path("secrets").iterdir()}
    seen = " ".join(" ".join(process.info["cmdline"] or []) for process in psutil.process_iter(["cmdline"]))
    assert [secret for secret in secrets if secret in seen] == []


def test_the_role_owns_its_database_and_nothing_else(state: State) -> None:
    role = query(state, "SELECT rolsuper, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = current_user")
    assert role == [(False, False, False)]
    owner = query(state, "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()")
    assert owner == [("bacyen",)]


def test_the_role_may_create_databases_for_tests_only(tmp_path: Path) -> None:
    with pair(tmp_path / "state", for_tests=True) as state:
        assert query(state, "SELECT rolsuper, rolcreatedb FROM pg_roles WHERE rolname = current_user") == [
            (False, True)
        ]


def test_wrong_password_and_no_password_are_refused(state: State) -> None:
    port = state.port("postgres")
    with pytest.raises(psycopg2.OperationalError):
        psycopg2.connect(host="127.0.0.1", port=port, user="postgres", dbname="postgres", password="đoán")
    stranger = redis.Redis(host="127.0.0.1", port=state.port("valkey"), retry=Retry(NoBackoff(), 0))
    with stranger, pytest.raises(redis.AuthenticationError):
        stranger.ping()


def test_accented_letters_have_trigrams(state: State) -> None:
    query(state, "CREATE EXTENSION IF NOT EXISTS pg_trgm")
    assert query(state, "SELECT lower('ỄĐ'), cardinality(show_trgm('ễđ'))") == [("ễđ", 3)]


def test_the_broker_never_forgets_work(state: State) -> None:
    with broker(state) as client:
        kept = client.config_get("maxmemory-policy", "appendonly")
    assert kept == {"maxmemory-policy": "noeviction", "appendonly": "yes"}


def test_two_state_directories_do_not_meet(state: State, tmp_path: Path) -> None:
    with pair(tmp_path / "state") as other:
        assert query(other, "SELECT count(*) FROM pg_tables WHERE tablename = 'kept'") == [(0,)]
        for name in ("postgres", "valkey"):
            assert other.port(name) != state.port(name)
    assert postgres.is_running(state)
    assert valkey.is_running(state)


def test_a_copied_state_directory_gets_servers_of_its_own(state: State, tmp_path: Path) -> None:
    shutil.copytree(state.directory, tmp_path / "copy", symlinks=True)
    with pair(tmp_path / "copy") as copy:
        assert home.find_or_make(copy).data != home.find_or_make(state).data
        assert copy.port("postgres") != state.port("postgres")
        assert copy.port("valkey") != state.port("valkey")
    assert postgres.is_running(state)
    assert valkey.is_running(state)


def test_a_port_taken_by_another_program_is_given_up(tmp_path: Path) -> None:
    state = State(tmp_path / "state")
    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", 0))
        stranger.listen()
        taken = stranger.getsockname()[1]
        state.set_port("postgres", taken)
        with pair(tmp_path / "state") as state:
            assert state.port("postgres") != taken
            assert postgres.is_running(state)


def test_an_address_wins_over_the_embedded_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://someone@database.example/one")
    monkeypatch.setenv("REDIS_URL", "redis://broker.example/0")
    state = State(tmp_path / "state")
    assert local_servers.ensure(state) == Started(postgres=False, valkey=False)
    assert local_servers.database_url(state) == "postgres://someone@database.example/one"
    assert local_servers.redis_url(state) == "redis://broker.example/0"
    assert sorted(path.name for path in state.directory.iterdir()) == ["lock"]


def test_many_who_ask_first_get_one_secret_and_one_port(tmp_path: Path) -> None:
    state = State(tmp_path / "state")
    with ThreadPoolExecutor(8) as crowd:
        assert len(set(crowd.map(lambda _: state.secret("word"), range(40)))) == 1
        assert len(set(crowd.map(lambda _: state.port("web"), range(40)))) == 1


def test_a_state_directory_that_cannot_be_written_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StateError, match="BACYEN_STATE"):
        State(tmp_path / "file" / "state")


def test_destroy_leaves_nothing_behind(tmp_path: Path) -> None:
    with pair(tmp_path / "state") as state:
        data = state.path("postgres").resolve()
    assert not data.exists()
    assert not os.path.lexists(state.path("postgres"))
    assert not postgres.is_running(state)
    assert not valkey.is_running(state)
