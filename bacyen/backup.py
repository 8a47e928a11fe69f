"""`make backup` and `make restore ARCHIVE=…`: database, uploaded files and plans in one dated archive.

The archive holds people's data: mode 0600, and written whole or not at all. It is a plain .tar with
`database.dump` (pg_dump's custom format), `files/` and `plans/`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import tempfile
from datetime import datetime
from pathlib import Path

import django
from django.conf import settings
from django.utils import timezone

from bacyen import local_servers
from bacyen.local_servers import CHECKOUT, State, StateError

_PLANS = CHECKOUT / "campaigns" / "reference"


def back_up(directory: Path) -> Path:
    """Writes a new archive there and returns its path. Files and database are of nearly one moment: a file
    without a row does no harm, so the database is read first and the files after it."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    archive = directory / f"bacyen-{_now():%Y%m%d-%H%M%S}.tar"
    with tempfile.TemporaryDirectory(dir=directory) as scratch:
        dump, unfinished = Path(scratch) / "database.dump", Path(scratch) / archive.name
        _postgres("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={dump}")
        with (
            open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as handle,
            tarfile.open(fileobj=handle, mode="w") as tar,
        ):
            tar.add(dump, "database.dump")
            if settings.FILES.exists():
                tar.add(settings.FILES, "files")
            for plan in sorted(_PLANS.glob("plan_*.yaml")):
                tar.add(plan, f"plans/{plan.name}")
        unfinished.rename(archive)
    return archive


def restore(archive: Path) -> None:
    """Puts database and files back as they were in the archive. What the database holds now is replaced;
    uploaded files that the archive does not have stay."""
    with tempfile.TemporaryDirectory(dir=settings.STATE) as scratch, tarfile.open(archive) as tar:
        tar.extractall(scratch, filter="data")
        dump, files = Path(scratch) / "database.dump", Path(scratch) / "files"
        replace = ["--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction"]
        _postgres("pg_restore", *replace, f"--dbname={settings.DATABASES['default']['NAME']}", str(dump))
        for source in sorted(path for path in files.rglob("*") if path.is_file()):
            target = settings.FILES / source.relative_to(files)
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            source.replace(target)


def _postgres(program: str, *arguments: str) -> None:
    """Runs one of PostgreSQL's clients on the application's database; the password goes by environment."""
    database = settings.DATABASES["default"]
    address = {"PGHOST": database["HOST"], "PGPORT": database["PORT"], "PGUSER": database["USER"]}
    address |= {"PGPASSWORD": database["PASSWORD"], "PGDATABASE": database["NAME"]}
    done = subprocess.run(
        [local_servers.client_program(program), *arguments],
        env=os.environ | {name: str(value) for name, value in address.items() if value},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise StateError(f"{program} không chạy được: {done.stderr.strip()}")


def _now() -> datetime:
    return timezone.localtime()


def main(arguments: list[str]) -> int:
    """0 done, 1 not done, 2 not called as it should be."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bacyen.settings")
    try:
        local_servers.ensure(State.from_environment())
        django.setup()
        match arguments:
            case ["back_up"]:
                print(f"Đã sao lưu vào {back_up(CHECKOUT / 'backups')}. Tệp có dữ liệu cá nhân: cất nơi an toàn.")
            case ["restore", archive] if archive:
                restore(Path(archive))
                print(f"Đã khôi phục từ {archive}.")
            case _:
                print("Cách dùng: make backup, hoặc make restore ARCHIVE=<tệp .tar>", file=sys.stderr)
                return 2
    except (StateError, OSError, tarfile.TarError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
