"""The Celery application: `celery -A bacyen worker -B`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bacyen.settings")
app = Celery("bacyen")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
