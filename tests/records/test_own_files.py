"""Files of our own making that are put where exports come in."""

from __future__ import annotations

from io import BytesIO

from openpyxl import load_workbook

from campaigns.models import Campaign, User
from records import changes, imports
from records.lists import export_list
from records.models import Change, ChangeKind, Record
from tests.records.conftest import Receive
from tests.records.export_files import child

ROWS = [child(1), child(2, village="", personal_number=""), child(3, system_code="", ethnic_group="Mèo")]


def whole_register(campaign: Campaign, by: User) -> bytes:
    return export_list(campaign, "all", "children", by=by).content


def test_the_whole_register_unedited_changes_nothing(receive: Receive, campaign: Campaign, district: User) -> None:
    imports.apply(receive(ROWS), by=district)
    record = Record.objects.get(system_code=child(1)["system_code"])
    changes.apply(changes.open_change_set(campaign, ChangeKind.EDIT, by=district), {record.pk: {"phone": "0999"}})
    before = list(Record.objects.order_by("pk").values())
    imported = imports.apply(receive(whole_register(campaign, district)), by=district)
    assert (imported.difference.rows, imported.difference.unchanged) == (3, 3)
    assert list(Record.objects.order_by("pk").values()) == before


def test_a_field_that_no_file_had_can_be_filled(receive: Receive, campaign: Campaign, district: User) -> None:
    imports.apply(receive(ROWS), by=district)
    book = load_workbook(BytesIO(whole_register(campaign, district)))
    sheet = book.active
    heading = next(cell for cell in sheet[4] if cell.value == "Họ và tên người nuôi dưỡng/giám hộ")
    sheet.cell(5, heading.column).value = "Mùa A Tủa"
    edited = BytesIO()
    book.save(edited)
    imported = imports.apply(receive(edited.getvalue()), by=district)
    assert (imported.difference.changed, imported.difference.unchanged) == (1, 2)
    written = Change.objects.filter(change_set__source_file=imported.source_file)
    assert list(written.values_list("field", "old", "new")) == [("guardian_name", None, "Mùa A Tủa")]
