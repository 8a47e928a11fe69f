from __future__ import annotations

import pytest

from campaigns.errors import WorkRefused
from campaigns.models import Campaign, User
from campaigns.permissions import NotAllowed
from reconciliation.handback import take_back
from reconciliation.models import HandBack
from reconciliation.placing import place_row
from records.models import Record, Stage
from tests.reconciliation.conftest import Sending
from tests.reconciliation.sent_lists import HEADING_ROW, answered, good_number, row_of


@pytest.fixture
def broken(campaign: Campaign, officer: User, sent: Sending) -> tuple[HandBack, list[Record], int]:
    """A hand-back in which the code of the first record's row cannot be read, and that row's number."""
    batch, records = sent(2)
    code = records[0].row_code
    place = row_of(_sheet(batch), code)
    answers = {r.row_code: {"Mã kết quả": "C", "Số định danh": good_number(r)} for r in records}
    content = answered(batch, answers, lambda sheet: setattr(sheet.cell(place, 2), "value", code[:-1]))
    taken = take_back(campaign, by=officer, name="tra.xlsx", content=content)
    assert (taken.counts["unreadable"], taken.counts["missing"], taken.counts["accepted"]) == (1, 1, 1)
    return HandBack.objects.get(), records, place


def _sheet(batch: object) -> object:
    from io import BytesIO

    import openpyxl

    from tests.reconciliation.sent_lists import content_of

    return openpyxl.load_workbook(BytesIO(content_of(batch)))["Danh sách"]  # type: ignore[arg-type]


def test_a_person_places_a_row(broken: tuple[HandBack, list[Record], int], officer: User) -> None:
    hand_back, records, place = broken
    assert place > HEADING_ROW
    result = place_row(hand_back, place, records[0].row_code.lower(), by=officer)
    assert result.outcome == "accepted"
    record = Record.objects.get(pk=records[0].pk)
    assert (record.stage, record.personal_number) == (Stage.CLEANED, good_number(records[0]))
    with pytest.raises(WorkRefused):
        place_row(hand_back, place, records[0].row_code, by=officer)


def test_only_on_a_line_that_waits(
    broken: tuple[HandBack, list[Record], int], officer: User, other_officer: User
) -> None:
    hand_back, records, place = broken
    for code in (records[1].row_code, "A0000", ""):
        with pytest.raises(WorkRefused):
            place_row(hand_back, place, code, by=officer)
    with pytest.raises(WorkRefused):
        place_row(hand_back, 99, records[0].row_code, by=officer)
    with pytest.raises(NotAllowed):
        place_row(hand_back, place, records[0].row_code, by=other_officer)
