"""The Celery application: `celery -A bacyen worker -B`."""

import os
import warnings
from typing import Any

from celery import Celery
from celery.exceptions import SecurityWarning
from celery.signals import worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bacyen.settings")
# A first look as root is allowed; the warning is about pickled messages, which are never accepted here.
warnings.filterwarnings("ignore", category=SecurityWarning)
app = Celery("bacyen")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_ready.connect
def look_for_jobs(**kwargs: Any) -> None:
    """A worker that starts asks at once for what was left when the last one ended."""
    app.send_task("campaigns.ring_waiting", expires=30)
