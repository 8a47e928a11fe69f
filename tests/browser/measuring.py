"""What a sitting costs: clicks and keys of the person, pages and kilobytes on the line, queries of the server."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.signals import request_finished, request_started
from django.db.backends.signals import connection_created
from playwright.sync_api import Browser, Locator, Response

from tests.browser.people import Person


class Counted(Person):
    """`actions`: each click and each key is one; so is a text, however long."""

    def __init__(self, browser: Browser, address: str, username: str) -> None:
        super().__init__(browser, address, username)
        self.actions = 0
        self.pages: list[tuple[str, int]] = []  # address, compressed bytes with what came for the first time
        self.parts: list[int] = []  # compressed bytes of the answers that are no page
        self._have: set[str] = set()
        self.page.on("response", self._note)

    def _note(self, response: Response) -> None:
        kind, address = response.request.resource_type, response.url
        if response.status != 200 or (address in self._have and kind in ("script", "stylesheet")):
            return
        size = len(gzip.compress(response.body()))
        if kind == "document":
            self.pages.append((address, size))
        elif kind in ("xhr", "fetch"):
            self.parts.append(size)
        elif self.pages:
            self._have.add(address)
            self.pages[-1] = (self.pages[-1][0], self.pages[-1][1] + size)

    def click(self, name: str, role: str = "link") -> None:
        self.actions += 1
        super().click(name, role)

    def touch(self, target: Locator) -> None:
        self.actions += 1
        target.click()

    def keys(self, *keys: str) -> None:
        self.actions += len(keys)
        super().keys(*keys)

    def type(self, text: str) -> None:
        self.actions = getattr(self, "actions", 0) + 1
        super().type(text)


@contextmanager
def queries() -> Iterator[list[tuple[str, int]]]:
    """Address and number of queries of each request that the server answers meanwhile."""
    answered: list[tuple[str, int]] = []
    here = threading.local()

    def count(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        here.queries = getattr(here, "queries", 0) + 1
        return execute(sql, params, many, context)

    def connected(connection: Any, **_: Any) -> None:
        connection.execute_wrappers.append(count)

    def started(environ: dict[str, str], **_: Any) -> None:
        here.path, here.queries = f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}", 0

    def finished(**_: Any) -> None:
        answered.append((getattr(here, "path", ""), getattr(here, "queries", 0)))

    connection_created.connect(connected)
    request_started.connect(started)
    request_finished.connect(finished)
    try:
        yield answered
    finally:
        connection_created.disconnect(connected)
        request_started.disconnect(started)
        request_finished.disconnect(finished)
