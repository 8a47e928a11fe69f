"""The embedded PostgreSQL: find it or start it, make the application's role and database, stop it."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import psutil
import psycopg2
from psycopg2 import extensions, sql

from .home import Home, find_or_make, programs
from .state import State, StateError, is_free, write_private

NAME = "bacyen"
_SUPERUSER = "postgres"
_SECONDS_TO_START = 60.0
_READY, _STARTING = 0, 1

# Errors are logged without the statement and its detail: both may hold people's data.
_OPTIONS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "shared_buffers": "256MB",
    "max_connections": "60",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
_OPTIONS_FOR_TESTS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def url(state: State) -> str:
    """The address for the application. Nothing is started."""
    password, port = state.secret("postgres_application"), state.port("postgres")
    return f"postgres://{NAME}:{password}@127.0.0.1:{port}/{NAME}"


def is_running(state: State) -> bool:
    """Whether the server that answers at our port works on our data directory."""
    data = state.path("postgres", "data").resolve()
    try:
        with closing(_connect(state, "postgres")) as connection, connection.cursor() as cursor:
            cursor.execute("SHOW data_directory")
            row = cursor.fetchone()
            return row is not None and Path(row[0]).resolve() == data
    except psycopg2.OperationalError:
        return False


def ensure(state: State, *, for_tests: bool = False) -> bool:
    """Starts the server unless it runs already; True if it did. Hold the state's lock.

    For tests the role may create databases, and the data need not survive a power cut.
    """
    home = find_or_make(state)
    if is_running(state):
        return False
    if not home.data.exists():
        _initialise(state, home)
    _start(state, home, _OPTIONS | _OPTIONS_FOR_TESTS if for_tests else _OPTIONS)
    _make_role_and_database(state, may_create_databases=for_tests)
    return True


def stop(state: State) -> None:
    """Stops the server of this state directory, if it runs."""
    if not state.path("postgres", "data").exists():
        return
    home = find_or_make(state)
    if _is_alive(home):
        _run(home, ["pg_ctl", "stop", "-w", "-m", "fast", "-D", str(home.data)])


def _initialise(state: State, home: Home) -> None:
    """Makes the data directory beside its final place and renames it, so that it is whole or absent."""
    unfinished, password = home.directory / "data.unfinished", home.directory / "password.unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    write_private(password, state.secret("postgres_superuser"))
    home.give(password)
    # Without a UTF-8 LC_CTYPE pg_trgm drops accented letters. There is no ICU in these programs: Vietnamese
    # order comes from a stored key, never from the database's collation.
    locale = ["--encoding=UTF8", "--locale=C.UTF-8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    access = [f"--username={_SUPERUSER}", f"--pwfile={password}", "--auth=scram-sha-256"]
    done = _run(home, ["initdb", "-D", str(unfinished), *locale, *access, "--no-instructions"])
    password.unlink()
    if done.returncode:
        raise StateError(f"Không tạo được cơ sở dữ liệu trong {home.directory}:\n{done.stdout.strip()}")
    unfinished.rename(home.data)


def _start(state: State, home: Home, options: dict[str, str]) -> None:
    """Asks who answers, starts, asks again: after a kill -9 the old processes linger for a second or two."""
    deadline = time.monotonic() + _SECONDS_TO_START
    _forget_foreign_pid(home)
    while not is_running(state):
        if time.monotonic() > deadline:
            raise StateError(f"PostgreSQL không khởi động được. Nhật ký {home.log}:\n{_end_of_log(home)}")
        port = state.port("postgres")
        answer = _run(home, ["pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port), "-t", "2"]).returncode
        if answer == _STARTING or _is_alive(home):
            time.sleep(0.1)  # ours, and not yet able to answer
            continue
        if answer == _READY or not is_free(port):
            # Somebody else's: a PostgreSQL with other data, or another program altogether.
            port = state.change_port("postgres")
        flags = " ".join(f"-c {name}='{value}'" for name, value in options.items())
        start = ["pg_ctl", "start", "-w", "-t", "30", "-D", str(home.data), "-l", str(home.log)]
        if _run(home, [*start, "-o", f"-p {port} {flags}"]).returncode:
            time.sleep(0.2)


def _make_role_and_database(state: State, *, may_create_databases: bool) -> None:
    """The role owns its database and is no superuser: superusers pass by row-level security and checks."""
    with closing(_connect(state, "postgres")) as connection, connection.cursor() as cursor:
        connection.autocommit = True
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [NAME])
        if cursor.fetchone() is None:
            password = state.secret("postgres_application")
            cursor.execute(
                sql.SQL("CREATE ROLE {} LOGIN {} PASSWORD %s").format(
                    sql.Identifier(NAME), sql.SQL("CREATEDB" if may_create_databases else "NOCREATEDB")
                ),
                [extensions.encrypt_password(password, NAME, connection, "scram-sha-256")],
            )
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME])
        if cursor.fetchone() is None:
            cursor.execute(sql.SQL("CREATE DATABASE {0} OWNER {0}").format(sql.Identifier(NAME)))


def _connect(state: State, database: str) -> extensions.connection:
    return psycopg2.connect(
        host="127.0.0.1",
        port=state.port("postgres"),
        user=_SUPERUSER,
        password=state.secret("postgres_superuser"),
        dbname=database,
        connect_timeout=2,
        sslmode="disable",
        application_name="bacyen-local-servers",
    )


def _run(home: Home, command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """Runs one of PostgreSQL's programs as the server's user, with none of our environment, from `/`."""
    with tempfile.TemporaryFile("r+") as output:
        # A file, not a pipe: the server inherits it from pg_ctl and would keep a pipe open for ever.
        done = subprocess.run(
            [programs(home) / command[0], *command[1:]],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={"PATH": os.defpath, "LC_ALL": "C"},
            cwd="/",
            user=home.user,
            group=_group(home),
            extra_groups=[] if home.user else None,
        )
        output.seek(0)
        return subprocess.CompletedProcess(done.args, done.returncode, output.read(), "")


def _group(home: Home) -> int | None:
    return home.directory.stat().st_gid if home.user else None


def _is_alive(home: Home) -> bool:
    """Whether the process that the data directory names is there, and is a server on this directory."""
    try:
        pid = int((home.data / "postmaster.pid").read_text().split("\n", 1)[0])
        return str(home.data) in psutil.Process(pid).cmdline()
    except (FileNotFoundError, ValueError, psutil.NoSuchProcess, psutil.ZombieProcess):
        return False


def _forget_foreign_pid(home: Home) -> None:
    """A copied data directory names the original's living server, for which PostgreSQL would not start."""
    path = home.data / "postmaster.pid"
    try:
        lines = path.read_text().splitlines()
    except FileNotFoundError:
        return
    if len(lines) > 1 and Path(lines[1]).resolve() != home.data.resolve():
        path.unlink()


def _end_of_log(home: Home) -> str:
    try:
        return "\n".join(home.log.read_text(errors="replace").splitlines()[-8:])
    except FileNotFoundError:
        return "(trống)"
