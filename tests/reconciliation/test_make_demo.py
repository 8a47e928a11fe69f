"""The demo district stands in the middle of its campaign: made once at the smallest scale, looked at from all sides."""

from __future__ import annotations

import datetime
import json
from io import StringIO
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.utils import timezone

from campaigns.errors import WorkRefused
from campaigns.models import Campaign, User, Village
from campaigns.permissions import Role
from campaigns.sign_in import OfficeBackend
from reconciliation.make_demo import make_demo
from reconciliation.models import Batch, HandBack, UploadFile
from reconciliation.progress import progress
from records.models import Exclusion, Record


@pytest.fixture
def empty(db: None) -> None:
    Campaign.objects.all().delete()
    Village.objects.all().delete()


@pytest.fixture
def demo(empty: None, settings: LazySettings, tmp_path: Path) -> dict:
    settings.STATE, settings.FILES = tmp_path, tmp_path / "files"
    out = StringIO()
    call_command("make_demo", "--json", "--scale", "0.1", "--files", str(tmp_path / "out"), stdout=out)
    return json.loads(out.getvalue())


def test_the_demo_stands_in_the_middle_of_its_campaign(demo: dict, tmp_path: Path) -> None:
    assert demo == {"campaign": "mau-bac-yen", "files": 6, "accounts": 20}
    campaign = Campaign.objects.prefetch_related("windows").get()
    assert campaign.is_demo
    today = timezone.localdate()
    assert campaign.first_day < today < campaign.last_day("children")
    assert Batch.objects.filter(due__lt=today, closed_at=None).exists()  # one is late
    assert HandBack.objects.exists()  # some are back
    assert Batch.objects.filter(hand_backs=None).exists()  # some are out
    assert UploadFile.objects.get().result_counts["rejected"] == 2 or UploadFile.objects.get().counts["rows"] < 2
    assert Exclusion.objects.waiting().exists()
    assert {user.role for user in User.objects.filter(is_demo=True)} == set(Role.values) - {Role.SYSTEM}

    figures = progress(campaign, by=User.objects.system())["registers"]["children"]
    assert 0 < figures["done"] < figures["in_scope"]
    assert figures["clock"]["pace_per_day"] > 0
    assert figures["clock"]["latest"]["code"] in ("03862", "03869")
    assert not Record.objects.filter(created_at__gte=timezone.now() - datetime.timedelta(days=1)).exists()

    accounts = tmp_path / "demo_accounts.txt"
    assert accounts.stat().st_mode & 0o777 == 0o600
    username, password, *_ = accounts.read_text().splitlines()[0].split()
    assert User.objects.get(username=username).check_password(password)
    assert sorted(path.name for path in (tmp_path / "out").iterdir())[:2] == [
        "beneficiaries.xlsx",
        "children-03874.csv",
    ]

    with pytest.raises(WorkRefused, match="mau-bac-yen"):
        make_demo(by=User.objects.system())


def test_demo_accounts_are_shut_out_of_a_real_office(campaign: Campaign) -> None:
    user = User.objects.create_user("mau", password="mat-khau-mau-1", full_name="Mẫu", role=Role.LEADER, is_demo=True)
    assert not OfficeBackend().user_can_authenticate(user)
    Campaign.objects.update(is_demo=True)
    assert OfficeBackend().user_can_authenticate(user)
