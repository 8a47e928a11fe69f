"""The Celery application: `celery -A bacyen worker -B`."""

import os
import warnings

from celery import Celery
from celery.exceptions import SecurityWarning

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bacyen.settings")
# A first look as root is allowed; the warning is about pickled messages, which are never accepted here.
warnings.filterwarnings("ignore", category=SecurityWarning)
app = Celery("bacyen")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
