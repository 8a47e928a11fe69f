from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from campaigns.models import Campaign, Commune, User
from reconciliation.handback import TakenBack, take_back
from reconciliation.handover import send_batch
from reconciliation.models import Batch
from records import stages
from records.models import Record, Stage
from tests.records.people import add_child

Take = Callable[..., TakenBack]
Sending = Callable[..., tuple[Batch, list[Record]]]

NAMES = (
    "Mùa A Chống",
    "Giàng Thị Dợ",
    "Thào A Khày",
    "Sùng Thị Mỷ",
    "Hạng A Ký",
    "Lầu Thị Chi",
    "Vàng A Lềnh",
    "Cứ Thị Sua",
)
PEOPLE = tuple(
    {
        "full_name": name,
        "birth_date": f"{number + 1:02d}/03/2015",
        "sex": "Nữ" if " Thị " in name else "Nam",
        "father_name": f"{name.split()[0]} A Páo",
        "mother_name": "Sồng Thị Dua",
        "personal_number": "",
    }
    for number, name in enumerate(NAMES)
)


@pytest.fixture
def ready(campaign: Campaign, system: User) -> Callable[..., list[Record]]:
    """ready(n) or ready({field: value}, …) → records of Làng Chếu that wait to be sent to the police."""

    def _ready(*people: int | dict[str, str]) -> list[Record]:
        if len(people) == 1 and isinstance(people[0], int):
            people = PEOPLE[: people[0]]
        records = [add_child(campaign, system, **{**PEOPLE[i], **person}) for i, person in enumerate(people)]  # type: ignore[dict-item]
        ids = [record.pk for record in records]
        stages.move(campaign, ids, Stage.READY_FOR_POLICE, by=system)
        return list(Record.objects.filter(pk__in=ids).order_by("pk"))

    return _ready


@pytest.fixture
def sent(campaign: Campaign, officer: User, lang_cheu: Commune, ready: Callable[..., list[Record]]) -> Sending:
    """sent(n) or sent({…}, …) → a batch at the police and its records, in the order they were made."""

    def _sent(*people: int | dict[str, str]) -> tuple[Batch, list[Record]]:
        records = ready(*people)
        batch = send_batch(campaign, "children", lang_cheu, "police", by=officer).batch
        return batch, list(Record.objects.filter(pk__in=[r.pk for r in records]).order_by("pk"))

    return _sent


@pytest.fixture
def take(campaign: Campaign, officer: User) -> Take:
    def _take(content: bytes, name: str = "da-tra.xlsx", **options: Any) -> TakenBack:
        return take_back(campaign, by=options.pop("by", officer), name=name, content=content, **options)

    return _take
