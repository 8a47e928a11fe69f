from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.models import Campaign, Commune, User
from reconciliation.handover import send_batch
from reconciliation.models import Batch
from records import stages
from records.models import Record, Stage

URL = "/ho-tich/"


@pytest.fixture
def at_registry(campaign: Campaign, system: User, ready: Callable[..., list[Record]]) -> Callable[[int], list[Record]]:
    def _at_registry(count: int) -> list[Record]:
        people = ready(count)
        stages.move(campaign, [one.pk for one in people], Stage.WITH_CIVIL_REGISTRY, by=system)
        return people

    return _at_registry


def test_the_district_sees_who_waits_and_makes_the_list(
    client: Client, district: User, at_registry: Callable[[int], list[Record]]
) -> None:
    at_registry(3)
    client.force_login(district)
    (row,) = client.get(URL).context["waiting"]
    assert (row["one"].commune.code, row["one"].count) == ("03874", 3)
    client.post(row["url"], {"due": f"{row['one'].due:%d/%m/%Y}"})
    (face,) = client.get(URL).context["open"]
    assert (face.batch.code, face.left) == ("LC-TE-HT-01", 3)
    assert client.get(URL).context["waiting"] == []


def test_justice_sees_own_batches_and_answers(
    client: Client,
    campaign: Campaign,
    officer: User,
    justice: User,
    lang_cheu: Commune,
    at_registry: Callable[[int], list[Record]],
    ready: Callable[..., list[Record]],
) -> None:
    at_registry(1)
    ready({"full_name": "Hờ A Dế"})
    for kind in ("civil_registry", "police"):
        send_batch(campaign, "children", lang_cheu, kind, by=officer)
    client.force_login(justice)
    context = client.get(URL).context
    assert [face.batch.kind for face in context["open"]] == ["civil_registry"]
    assert [act.label for act in context["open"][0].acts] == ["Trả lời"]
    assert not context["sends"]


@pytest.mark.parametrize(("who", "status"), [("officer", 403), ("police", 403), ("leader", 403), ("justice", 200)])
def test_who_has_this_page(client: Client, request: pytest.FixtureRequest, who: str, status: int) -> None:
    client.force_login(request.getfixturevalue(who))
    assert client.get(URL).status_code == status


def test_a_stranger_signs_in_first(client: Client, campaign: Campaign) -> None:
    assert client.get(URL).url == f"{reverse('login')}?next={URL}"  # type: ignore[attr-defined]


def test_the_same_queries_for_one_batch_as_for_many(
    client: Client,
    campaign: Campaign,
    officer: User,
    district: User,
    lang_cheu: Commune,
    at_registry: Callable[[int], list[Record]],
) -> None:
    client.force_login(district)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(URL).status_code == 200
        return len(captured)

    def send() -> None:
        at_registry(1)
        send_batch(campaign, "children", lang_cheu, "civil_registry", by=officer)

    send()
    at_registry(1)
    queries()
    few = queries()
    for _ in range(5):
        send()
    at_registry(1)
    assert Batch.objects.count() == 6
    assert queries() == few < 30
