"""A file between its preview and its taking: one a person and purpose, gone once taken, put aside or replaced, and
after a day whatever happens."""

from __future__ import annotations

import datetime
import hashlib
from contextlib import suppress
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import HttpRequest
from django.utils import timezone

from campaigns.models import User

FOLDER = "held"
_KEPT_FOR = datetime.timedelta(days=1)


@dataclass(frozen=True)
class HeldFile:
    name: str
    content: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def hold(request: HttpRequest, user: User, purpose: str, name: str, content: bytes) -> HeldFile:
    """Replaces what this person held for the same purpose."""
    _sweep()
    let_go(request, user, purpose)
    path = default_storage.save(_path(user, purpose), ContentFile(content))
    request.session[_key(purpose)] = {"name": name, "path": path}
    return HeldFile(name, content)


def held(request: HttpRequest, user: User, purpose: str, sha256: str) -> HeldFile | None:
    """The file that was previewed under that hash; None where another took its place or the session has ended."""
    kept = request.session.get(_key(purpose))
    if kept is None or not default_storage.exists(kept["path"]):
        return None
    with default_storage.open(kept["path"]) as file:
        found = HeldFile(kept["name"], file.read())
    return found if found.sha256 == sha256 else None


def let_go(request: HttpRequest, user: User, purpose: str) -> None:
    """Also deletes what an earlier session of this person left."""
    request.session.pop(_key(purpose), None)
    default_storage.delete(_path(user, purpose))


def _sweep() -> None:
    """What people previewed and left lying."""
    before = timezone.now() - _KEPT_FOR
    with suppress(FileNotFoundError):  # nobody has held anything yet, or another request swept first
        for name in default_storage.listdir(FOLDER)[1]:
            if default_storage.get_modified_time(f"{FOLDER}/{name}") < before:
                default_storage.delete(f"{FOLDER}/{name}")


def _key(purpose: str) -> str:
    return f"held_{purpose}"


def _path(user: User, purpose: str) -> str:
    return f"{FOLDER}/{user.pk}-{purpose}"
