"""Makes the database and the static files ready for this version: `python -m bacyen.prepare`.

Quick, and changes nothing, when they are ready already.
"""

from __future__ import annotations

import hashlib
import os
from io import StringIO

import django
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command

from bacyen.local_servers import CHECKOUT

PLAN = CHECKOUT / "campaigns" / "reference" / "plan_bac_yen_2023.yaml"


def prepare() -> None:
    """Migrates, loads reference data, and where there is no campaign yet, the demo district or the plan.

    A campaign that exists is left alone: its dates and settings are the office's by now.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bacyen.settings")
    demo = _demo_wanted()
    django.setup()
    from campaigns.models import Campaign

    call_command("migrate", interactive=False, verbosity=0)
    _command("load_reference")
    if not Campaign.objects.exists():
        if demo:
            print("Đang tạo huyện mẫu (dữ liệu giả định)…", flush=True)
            _command("make_demo")
        else:
            _command("load_plan", str(PLAN))
    _collect_static()


def _command(name: str, *arguments: str) -> None:
    """Runs one of our commands without its figures. It exits with 1 when done with something left for a person,
    which is no reason to stop here; a refusal (2) is, and its sentence is on stderr already."""
    try:
        call_command(name, *arguments, stdout=StringIO())
    except SystemExit as ended:
        if ended.code != 1:
            raise


def _demo_wanted() -> bool:
    """DEMO decides; where it is not set, only a database of our own gets invented people."""
    text = os.environ.get("DEMO", "").strip()
    if text not in ("", "0", "1"):
        raise ImproperlyConfigured(f"DEMO={text!r}: cần 1 hoặc 0.")
    return text == "1" or (text == "" and not os.environ.get("DATABASE_URL"))


def _collect_static() -> None:
    """Collects and compresses static files unless those collected last were the same."""
    stamp = settings.STATE / "static.digest"
    digest = _static_digest()
    if stamp.exists() and stamp.read_text() == digest:
        return
    call_command("collectstatic", interactive=False, verbosity=0, clear=settings.STATIC_ROOT.exists())
    stamp.write_text(digest)


def _static_digest() -> str:
    """Over our own files as they are, and over the locked packages, which bring the others."""
    digest = hashlib.sha256((CHECKOUT / "requirements.txt").read_bytes())
    for directory in settings.STATICFILES_DIRS:
        for path in sorted(path for path in directory.rglob("*") if path.is_file()):
            digest.update(str(path.relative_to(directory)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


if __name__ == "__main__":
    prepare()
