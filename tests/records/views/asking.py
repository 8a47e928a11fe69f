"""What tests of pages need again and again."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from campaigns.models import Campaign, User
from records import changes
from records.models import ChangeKind, Record
from tests.records.people import CHILD

HTMX = {"HX-Request": "true"}


def text_of(response: Any) -> str:
    return response.content.decode()


def queries(client: Client, address: str) -> int:
    """How many queries the page takes when the session is as the page leaves it."""
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def many_children(campaign: Campaign, by: User, count: int, **fields: str) -> list[Record]:
    """Children of Làng Chếu without a number, named in the order they are given."""
    change_set = changes.open_change_set(campaign, ChangeKind.NEW_PERSON, by=by)
    values = {**CHILD, "personal_number": "", **fields}
    people = [{**values, "full_name": f"Mùa A {_NAMES[n % 26]}{_NAMES[n // 26]}"} for n in range(count)]
    return changes.add_people(campaign, "children", people, change_set=change_set)


_NAMES = "abcdefghijklmnopqrstuvwxyz"


def said(response: Any) -> list[str]:
    """The messages of a redirect, read from the page it leads to."""
    return [str(message) for message in response.context["messages"]]
