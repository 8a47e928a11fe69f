from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest

from campaigns.models import Campaign, Register, User
from records import imports
from records.models import SourceFile
from tests.records.export_files import Row, workbook

Receive = Callable[..., SourceFile]


@pytest.fixture
def receive(campaign: Campaign, system: User) -> Receive:
    """receive(rows or bytes, **options of imports.receive) → SourceFile"""

    def _receive(rows: Iterable[Row] | bytes, *, name: str = "te.xlsx", **options: object) -> SourceFile:
        content = rows if isinstance(rows, bytes) else workbook(rows)
        return imports.receive(campaign, Register.CHILDREN, by=system, name=name, content=content, **options)  # type: ignore[arg-type]

    return _receive
