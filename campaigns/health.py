"""Is the machine well: what technical support looks at first. No people in it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from celery import current_app
from django.conf import settings
from django.db import connection
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerAway

from campaigns.models import Job
from campaigns.models.job import JobStatus

_SECONDS = 1.0
_FREE_GIGABYTES = 2
_WAITS_LONG = timedelta(minutes=5)


@dataclass(frozen=True)
class Sign:
    label: str
    well: bool
    said: str


def signs() -> list[Sign]:
    """Takes up to two seconds when something does not answer."""
    broker = _broker()
    return [_database(), broker, _worker() if broker.well else _no_worker(), _waiting(), _disk()]


def _database() -> Sign:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), pg_database_size(current_database())")
        version, size = cursor.fetchone()
    return Sign("Cơ sở dữ liệu", True, f"PostgreSQL {version.split()[0]}, {_megabytes(size)}")


def _broker() -> Sign:
    try:
        with current_app.connection_for_read(connect_timeout=_SECONDS) as broker:
            broker.ensure_connection(max_retries=1, interval_start=0, timeout=_SECONDS)
    except BrokerAway:
        return Sign("Hàng đợi", False, "không trả lời; việc nền vẫn được giữ và chạy khi hàng đợi có lại")
    return Sign("Hàng đợi", True, "trả lời")


def _worker() -> Sign:
    answers = current_app.control.ping(timeout=_SECONDS)
    if not answers:
        return _no_worker()
    return Sign("Tiến trình làm việc nền", True, f"{len(answers)} đang chạy")


def _no_worker() -> Sign:
    return Sign("Tiến trình làm việc nền", False, "không thấy tiến trình nào trả lời; khởi động lại chương trình")


def _waiting() -> Sign:
    first = Job.objects.filter(status=JobStatus.QUEUED).order_by("id").first()
    if first is None:
        return Sign("Việc đang chờ", True, "không có")
    count, waited = Job.objects.filter(status=JobStatus.QUEUED).count(), timezone.now() - first.created_at
    said = f"{count} việc, lâu nhất đã {int(waited.total_seconds() // 60)} phút"
    return Sign("Việc đang chờ", waited < _WAITS_LONG, said)


def _disk() -> Sign:
    folder = Path(settings.FILES)
    while not folder.exists():
        folder = folder.parent
    usage = shutil.disk_usage(folder)
    said = f"còn {_megabytes(usage.free)} trong {_megabytes(usage.total)} nơi giữ tệp"
    return Sign("Đĩa", usage.free >= _FREE_GIGABYTES * 1024**3, said)


def _megabytes(size: int) -> str:
    gigabytes = size / 1024**3
    return f"{gigabytes:.1f} GB".replace(".", ",") if gigabytes >= 1 else f"{size / 1024**2:.0f} MB"
