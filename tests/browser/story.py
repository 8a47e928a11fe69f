"""The time and the place of a story in a browser, and what the register holds meanwhile."""

from __future__ import annotations

import datetime
from pathlib import Path

import time_machine
from playwright.sync_api import Browser

from campaigns.models import User
from records.models import Record
from tests.browser.people import OFFICE, Person


class Story:
    """`on` moves the clock; `sign_in` sits a person down before a browser of their own."""

    def __init__(self, browser: Browser, address: str, clock: time_machine.Coordinates, folder: Path) -> None:
        self._browser, self._address, self._clock = browser, address, clock
        self.folder = folder

    def on(self, day: int, month: int = 10, hour: int = 8) -> None:
        self._clock.move_to(datetime.datetime(2023, month, day, hour - 7, tzinfo=datetime.UTC))

    def sign_in(self, user: User, size: dict[str, int] = OFFICE) -> Person:
        return Person(self._browser, self._address, user.username, size)


def child(name: str) -> Record:
    return Record.objects.get(full_name=name)


def stages() -> dict[str, int]:
    found: dict[str, int] = {}
    for stage in Record.objects.values_list("stage", flat=True):
        found[stage] = found.get(stage, 0) + 1
    return found
