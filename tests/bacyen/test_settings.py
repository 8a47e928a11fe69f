"""Every setting that an office may change is read strictly: a wrong value stops the start."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from bacyen.local_servers import CHECKOUT

SHOW = "from django.conf import settings; print(repr(getattr(settings, {name!r})))"


def read(name: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """One setting as a fresh process sees it."""
    return subprocess.run(
        [sys.executable, "-c", SHOW.format(name=name)],
        cwd=CHECKOUT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "bacyen.settings"} | environment,
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize(
    ("name", "environment", "value"),
    [
        ("DEBUG", {}, "False"),
        ("DEBUG", {"DEBUG": "on"}, "True"),
        ("SESSION_COOKIE_SECURE", {"HTTPS": "1"}, "True"),
        ("SECURE_SSL_REDIRECT", {"HTTPS": "0"}, "False"),
        ("SECRET_KEY", {"SECRET_KEY": "của riêng huyện"}, "'của riêng huyện'"),
        ("ALLOWED_HOSTS", {"ALLOWED_HOSTS": "a.example,b.example"}, "['a.example', 'b.example']"),
        ("SESSION_COOKIE_AGE", {"SESSION_HOURS": "2"}, "7200"),
        ("CELERY_BROKER_URL", {"REDIS_URL": "redis://broker.example/3"}, "'redis://broker.example/3'"),
        ("FILES", {"FILES": "/srv/files"}, "PosixPath('/srv/files')"),
    ],
)
def test_environment_decides(name: str, environment: dict[str, str], value: str) -> None:
    assert read(name, **environment).stdout.strip() == value


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"DEBUG": "có"}, "DEBUG='có': cần 1 hoặc 0."),
        ({"HTTPS": "2"}, "HTTPS='2': cần 1 hoặc 0."),
        ({"SESSION_HOURS": "0"}, "SESSION_HOURS='0': cần một số nguyên từ 1 trở lên."),
        ({"MAX_UPLOAD_MB": "nhiều"}, "MAX_UPLOAD_MB='nhiều': cần một số nguyên từ 1 trở lên."),
        ({"LOG_LEVEL": "LOUD"}, "LOG_LEVEL='LOUD': cần một trong DEBUG, INFO, WARNING, ERROR."),
        ({"DATABASE_URL": "mysql://u:mat-khau@h/d"}, "DATABASE_URL: cần một địa chỉ bắt đầu bằng"),
        ({"REDIS_URL": "http://u:mat-khau@h"}, "REDIS_URL: cần một địa chỉ bắt đầu bằng"),
    ],
)
def test_a_wrong_value_stops_the_start_without_telling_passwords(environment: dict[str, str], said: str) -> None:
    done = read("DEBUG", **environment)
    assert done.returncode == 1
    assert said in done.stderr
    assert "mat-khau" not in done.stderr


def test_the_secret_key_is_made_once_and_is_no_default(tmp_path: Path) -> None:
    first, again = (read("SECRET_KEY", BACYEN_STATE=str(tmp_path / "a")).stdout for _ in range(2))
    other = read("SECRET_KEY", BACYEN_STATE=str(tmp_path / "b")).stdout
    assert first == again != other
    assert len(first) > 50


def test_every_setting_is_in_the_table() -> None:
    sources = "".join(path.read_text() for path in (CHECKOUT / "bacyen").rglob("*.py"))
    reads = r'(?:_env\.\w+|_switch|_whole|_choice|environ\.get)\(\s*"([A-Z_]+)"'
    table = (CHECKOUT / "README.md").read_text()
    listed = {name for row in re.findall(r"^\|([^|]+)\|", table, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)}
    assert set(re.findall(reads, sources)) == listed


def test_the_database_takes_part_in_no_request_wide_transaction() -> None:
    database = settings.DATABASES["default"]
    assert (database["ENGINE"], database["ATOMIC_REQUESTS"]) == ("django.db.backends.postgresql", False)
