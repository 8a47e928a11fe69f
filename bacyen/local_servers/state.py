"""The state directory: all that one installation keeps outside its database.

One setting names it (BACYEN_STATE). Everything two installations could quarrel about, ports and
passwords above all, is chosen once and kept here, so two checkouts on one machine never meet.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]

# Below the range from which Linux takes ports for outgoing connections (32768-60999): a kept
# port is then not taken by chance between a stop and the next start.
_FIRST_PORT, _LAST_PORT = 20000, 32000


class StateError(RuntimeError):
    """The state directory cannot be used, or a server in it does not start; the text is for people."""


class InUseError(StateError):
    """Another process holds the lock."""


class State:
    """One state directory. Creating the object makes the directory, closed to other people."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory.expanduser().absolute()
        try:
            self.directory.mkdir(parents=True, exist_ok=True, mode=0o700)
            if not os.access(self.directory, os.R_OK | os.W_OK | os.X_OK):
                raise PermissionError
        except OSError as error:
            raise StateError(
                f"Không ghi được vào thư mục trạng thái {self.directory}. Hãy chạy bằng đúng tài khoản "
                "đã tạo ra nó, hoặc đặt BACYEN_STATE là một thư mục khác."
            ) from error

    @classmethod
    def from_environment(cls) -> State:
        """The directory named by BACYEN_STATE, else `.state` in the checkout."""
        return cls(Path(os.environ.get("BACYEN_STATE") or CHECKOUT / ".state"))

    def path(self, *parts: str) -> Path:
        return self.directory.joinpath(*parts)

    def secret(self, name: str) -> str:
        """The secret kept under this name; made up and written, mode 0600, when first asked for."""
        path = self.path("secrets", name)
        for _ in range(2):
            try:
                return path.read_text().strip()
            except FileNotFoundError:
                _write_once(path, secrets.token_urlsafe(48))
            except PermissionError as error:
                raise StateError(
                    f"Không đọc được {path}: thư mục trạng thái thuộc về một tài khoản khác. Hãy chạy bằng "
                    "tài khoản đó, hoặc đặt BACYEN_STATE là một thư mục khác."
                ) from error
        return path.read_text().strip()

    def port(self, name: str) -> int:
        """The port kept for this server; a free one is picked and kept when first asked for."""
        path = self.path("ports", name)
        for _ in range(2):
            try:
                return int(path.read_text())
            except FileNotFoundError:
                _write_once(path, str(free_port()))
        return int(path.read_text())

    def kept_port(self, name: str) -> int | None:
        """As port(), but None where none is kept yet."""
        path = self.path("ports", name)
        return int(path.read_text()) if path.exists() else None

    def set_port(self, name: str, port: int) -> None:
        write_private(self.path("ports", name), str(port))

    def change_port(self, name: str) -> int:
        """Gives up a port that somebody else has taken, and keeps a new one."""
        self.set_port(name, free_port())
        return self.port(name)

    @contextmanager
    def lock(self, name: str = "lock", *, seconds: float = 120) -> Iterator[None]:
        """Only one process at a time; the lock goes with its process, however that ends."""
        deadline = time.monotonic() + seconds
        with open(os.open(self.path(name), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)) as handle:
            while True:
                try:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() > deadline:
                        raise InUseError(f"{self.path(name)} đang do một tiến trình khác giữ.") from None
                    time.sleep(0.05)
            yield


def free_port() -> int:
    """A port on 127.0.0.1 that nobody uses at the moment."""
    for _ in range(1000):
        port = _FIRST_PORT + secrets.randbelow(_LAST_PORT - _FIRST_PORT)
        if is_free(port):
            return port
    raise StateError(f"Không còn cổng mạng trống từ {_FIRST_PORT} đến {_LAST_PORT} trên 127.0.0.1.")


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Whether a server could listen there. Connections in TIME_WAIT do not count."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def write_private(path: Path, text: str) -> None:
    """Writes the whole file or nothing, readable by its owner alone."""
    temporary = _private_temporary(path, text)
    os.replace(temporary, path)


def _write_once(path: Path, text: str) -> None:
    """As write_private, but the first of several processes wins and the others leave its file."""
    temporary = _private_temporary(path, text)
    try:
        os.link(temporary, path)
    except FileExistsError:
        pass
    finally:
        temporary.unlink()


def _private_temporary(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
        handle.write(text + "\n")
        if os.geteuid() == 0:
            # Root may help in somebody's installation without taking it away from them.
            owner = path.parent.stat()
            os.fchown(handle.fileno(), owner.st_uid, owner.st_gid)
    return temporary
