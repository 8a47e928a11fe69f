"""A file between its preview and its taking: one a person and purpose, gone once taken, put aside or replaced."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import HttpRequest

from campaigns.models import User


@dataclass(frozen=True)
class HeldFile:
    name: str
    content: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def hold(request: HttpRequest, user: User, purpose: str, name: str, content: bytes) -> HeldFile:
    """Replaces what this person held for the same purpose."""
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


def _key(purpose: str) -> str:
    return f"held_{purpose}"


def _path(user: User, purpose: str) -> str:
    return f"held/{user.pk}-{purpose}"
