"""`make run`: servers, database, web and worker on this machine, until Ctrl-C.

Stops what it started and nothing else: a server that ran before goes on running.
"""

from __future__ import annotations

import http.client
import json
import os
import signal
import sys
import time
from dataclasses import asdict
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from bacyen import local_servers
from bacyen.local_servers import CHECKOUT, Started, State, StateError
from bacyen.local_servers.state import InUseError, is_free, write_private
from bacyen.processes import Processes

_FIRST_PORT = 8000
_SECONDS_TO_ANSWER = 60


def main() -> int:
    """0 after Ctrl-C; 1 when something does not start or ends by itself."""
    # SIGINT too: a script that starts us in the background has it ignored.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    os.umask(0o077)
    try:
        state = State.from_environment()
        with state.lock("run.lock", seconds=0):
            return _run(state)
    except InUseError:
        print(f"Ứng dụng của bản này đang chạy rồi, ở cổng {state.kept_port('web')}.", file=sys.stderr)
        return 1
    except (StateError, ImproperlyConfigured) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0


def _run(state: State) -> int:
    processes = Processes(state.path("processes.json"))
    started = _started_before(state)
    try:
        processes.clear_leftovers()
        now = local_servers.ensure(state)
        started = Started(now.postgres or started.postgres, now.valkey or started.valkey)
        write_private(_note(state), json.dumps(asdict(started)))
        host, port = _address(state)
        from bacyen.prepare import prepare

        prepare()
        _start(processes, host, port)
        _wait_for_web(processes, host, port)
        _say_where(state, host, port)
        _watch(processes)
    except KeyboardInterrupt:
        print("\nĐang dừng…", flush=True)
        return 0
    finally:
        _ignore_further_signals()
        processes.stop()
        local_servers.stop(state, started)
        _note(state).unlink(missing_ok=True)
    return 1


def _note(state: State) -> Path:
    return state.path("started.json")


def _started_before(state: State) -> Started:
    """What a start that was killed had started: it is ours to stop now."""
    if not _note(state).exists():
        return Started(postgres=False, valkey=False)
    return Started(**json.loads(_note(state).read_text()))


def _address(state: State) -> tuple[str, int]:
    """HOST and PORT; without PORT the one kept from the last time, else the first free one from 8000 on."""
    host = os.environ.get("HOST") or "127.0.0.1"
    wanted = os.environ.get("PORT", "")
    if wanted:
        if not wanted.isdecimal() or not 0 < int(wanted) < 65536:
            raise ImproperlyConfigured(f"PORT={wanted!r}: cần một số từ 1 đến 65535.")
        if not is_free(int(wanted), host):
            raise StateError(f"Cổng {wanted} trên {host} đang có chương trình khác dùng. Hãy đặt PORT khác.")
        state.set_port("web", int(wanted))
        return host, int(wanted)
    kept = state.kept_port("web")
    if kept is None or not is_free(kept, host):
        kept = next(port for port in range(_FIRST_PORT, 65536) if is_free(port, host))
    state.set_port("web", kept)
    return host, kept


def _start(processes: Processes, host: str, port: int) -> None:
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    web = ["-m", "gunicorn", "-c", "python:bacyen.web_server", "--bind", address, "bacyen.wsgi"]
    worker = ["-m", "celery", "-A", "bacyen", "--quiet", "worker", "--beat", "--loglevel", "WARNING"]
    processes.start("web", [sys.executable, *web], cwd=CHECKOUT)
    processes.start("worker", [sys.executable, *worker], cwd=CHECKOUT)


def _wait_for_web(processes: Processes, host: str, port: int) -> None:
    deadline = time.monotonic() + _SECONDS_TO_ANSWER
    while time.monotonic() < deadline:
        if name := processes.ended():
            raise StateError(f"Tiến trình {name} không khởi động được. Nguyên nhân ghi ở trên.")
        try:
            connection = http.client.HTTPConnection(_reachable(host), port, timeout=5)
            connection.request("GET", "/", headers={"Host": "localhost"})
            connection.getresponse()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise StateError(f"Máy chủ web không trả lời ở {host}:{port} sau {_SECONDS_TO_ANSWER} giây.")


def _reachable(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104


def _say_where(state: State, host: str, port: int) -> None:
    print(f"\nMở trình duyệt ở http://{_reachable(host)}:{port}/  (Ctrl-C để dừng)\n")
    accounts = state.path("demo_accounts.txt")
    if _may_sign_in_as_demo() and accounts.exists():
        print(f"Tài khoản mẫu (lưu ở {_short(accounts)}):\n{accounts.read_text().rstrip()}\n")
    sys.stdout.flush()


def _may_sign_in_as_demo() -> bool:
    """Demo accounts cannot sign in once the database holds a real campaign."""
    from campaigns.models import Campaign

    campaigns = list(Campaign.objects.values_list("is_demo", flat=True))
    return bool(campaigns) and all(campaigns)


def _short(path: Path) -> Path:
    return path.relative_to(CHECKOUT) if path.is_relative_to(CHECKOUT) else path


def _watch(processes: Processes) -> None:
    """Returns when a process ends by itself; Ctrl-C leaves it by KeyboardInterrupt."""
    while (name := processes.ended()) is None:
        time.sleep(0.5)
    print(f"Tiến trình {name} đã tự dừng; dừng tất cả.", file=sys.stderr)


def _ignore_further_signals() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


if __name__ == "__main__":
    sys.exit(main())
