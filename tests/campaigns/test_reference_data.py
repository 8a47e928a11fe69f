from __future__ import annotations

import csv
import datetime
from decimal import Decimal

import pytest
from django.contrib.admin.models import CHANGE, LogEntry

from campaigns import reference_data
from campaigns.models import (
    AmbiguousEthnicName,
    AuditEvent,
    Category,
    Commune,
    EthnicGroup,
    StandardLevel,
    User,
)
from campaigns.permissions import NotAllowed


def change_in_administration(row, by: User) -> None:
    row.save()
    LogEntry.objects.log_actions(by.pk, [row], CHANGE, single_object=True)


@pytest.mark.parametrize(
    ("model", "file"), [(one.model, one.file) for one in reference_data.LISTS], ids=lambda value: str(value)
)
def test_every_row_of_the_file_is_there(campaign, model, file):
    with (reference_data.FILES / file).open(encoding="utf-8", newline="") as lines:
        assert model.objects.count() == len(list(csv.DictReader(lines)))


def test_values_are_read_as_what_they_are(campaign):
    assert EthnicGroup.objects.get(code="08").name == "Mông"
    assert "Mèo" in EthnicGroup.objects.get(code="08").aliases
    assert EthnicGroup.objects.filter(means_missing=True).get().code == "56"
    assert AmbiguousEthnicName.objects.get(name="Mán").default_code == "09"
    assert AmbiguousEthnicName.objects.get(name="Xá").candidate_codes == ["29", "33", "34", "39"]
    child = Category.objects.get(code="TC1a-1")
    assert (child.coefficient, child.age_from, child.age_to, child.certain) == (Decimal("2.5"), None, 4, True)
    level = StandardLevel.objects.get(effective_from=datetime.date(2021, 7, 1))
    assert (level.amount, level.certain) == (360_000, True)


def test_a_code_that_changed_owner_is_two_communes(campaign):
    before, after = Commune.objects.filter(code="03862")
    assert (before.name, before.valid_to, before.successor_code) == ("Xã Hang Chú", datetime.date(2025, 6, 30), "03862")
    assert (after.name, after.valid_from, after.valid_to) == ("Xã Xím Vàng", datetime.date(2025, 7, 1), None)
    assert Commune.objects.in_campaign(campaign).count() == 16


def test_second_run_changes_nothing(campaign, system):
    events = AuditEvent.objects.count()
    again = reference_data.load(by=system)
    assert (again.created, again.changed, again.kept) == (0, 0, [])
    assert AuditEvent.objects.count() == events


def test_what_is_gone_or_spoiled_otherwise_comes_back(campaign, system):
    EthnicGroup.objects.filter(code="08").update(name="Mèo", aliases=[])
    StandardLevel.objects.filter(amount=360_000).delete()
    loaded = reference_data.load(by=system)
    assert (loaded.created, loaded.changed) == (1, 1)
    assert EthnicGroup.objects.get(code="08").name == "Mông"
    assert AuditEvent.objects.latest("id").details == {"created": 1, "changed": 1, "kept": 0}


def test_what_a_person_changed_in_the_administration_stays(campaign, system, administrator):
    group = EthnicGroup.objects.get(code="08")
    group.aliases.append("Mông Si")
    change_in_administration(group, administrator)
    commune = Commune.objects.in_campaign(campaign).get(code="03874")
    commune.aliases.append("Lang Cheu")
    change_in_administration(commune, administrator)
    loaded = reference_data.load(by=system)
    assert (loaded.created, loaded.changed) == (0, 0)
    assert loaded.kept == ["communes_bac_yen.csv: 03874 2020-01-01", "ethnic_groups.csv: 08"]
    assert "Mông Si" in EthnicGroup.objects.get(code="08").aliases


def test_rows_that_only_people_added_are_left_alone(campaign, system):
    EthnicGroup.objects.create(code="99", name="Khác")
    reference_data.load(by=system)
    assert EthnicGroup.objects.get(code="99").name == "Khác"


def test_only_an_administrator_loads_reference_data(district):
    with pytest.raises(NotAllowed):
        reference_data.load(by=district)
