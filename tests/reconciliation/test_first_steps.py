from __future__ import annotations

import datetime

import pytest
from django.test import Client
from django.utils import timezone

from campaigns.models import Campaign, User
from campaigns.permissions import REASON_SESSION_KEY, Role
from reconciliation.first_steps import MOST, STEPS


@pytest.mark.parametrize("role", STEPS)
def test_five_steps_at_most_and_every_one_leads_somewhere(
    client: Client, role: str, campaign: Campaign, lang_cheu: object
) -> None:
    campaign.settings["collaborator_accounts"] = True
    campaign.save()
    commune = lang_cheu if role in Role.commune_roles() else None
    user = User.objects.create_user("ai-do", full_name="Ai Đó", role=role, commune=commune)
    client.force_login(user)
    assert REASON_SESSION_KEY not in client.session
    assert 0 < len(STEPS[role]) <= MOST
    assert {step.title: client.get(step.url).status_code for step in STEPS[role]} == {s.title: 200 for s in STEPS[role]}


def test_the_steps_stand_open_in_the_first_days(client: Client, officer: User, campaign: Campaign) -> None:
    client.force_login(officer)
    assert '<details class="sheet pad" open>' in client.get("/").content.decode()
    User.objects.filter(pk=officer.pk).update(date_joined=timezone.now() - datetime.timedelta(days=8))
    page = client.get("/").content.decode()
    assert "Làm quen trong 5 bước" in page
    assert '<details class="sheet pad" open>' not in page


def test_paper_only_collaborators_are_shown_no_pages(client: Client, campaign: Campaign, lang_cheu: object) -> None:
    user = User.objects.create_user("doan-tn", full_name="Đoàn", role=Role.COLLABORATOR, commune=lang_cheu)
    client.force_login(user)
    assert "Làm quen" not in client.get("/").content.decode()
