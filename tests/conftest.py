"""One campaign, two communes, and a small cast whose names say who they are."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import call_command

from campaigns.models import Campaign, Commune, User
from campaigns.permissions import Role

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PLAN = Path(__file__).parent.parent / "campaigns" / "reference" / "plan_bac_yen_2023.yaml"
LANG_CHEU, HANG_DONG = "03874", "03869"


def _load() -> None:
    if not Campaign.objects.exists():
        call_command("load_reference", "--json", stdout=_Nowhere())
        call_command("load_plan", str(PLAN), "--json", stdout=_Nowhere())


class _Nowhere:
    def write(self, text: str) -> int:
        return len(text)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Reference data and the Bắc Yên plan are loaded once; a test that truncates tables loads them again."""
    with django_db_blocker.unblock():
        _load()


@pytest.fixture
def campaign(db: None) -> Campaign:
    _load()
    return Campaign.objects.prefetch_related("windows").get()


@pytest.fixture
def lang_cheu(campaign: Campaign) -> Commune:
    return Commune.objects.in_campaign(campaign).get(code=LANG_CHEU)


@pytest.fixture
def hang_dong(campaign: Campaign) -> Commune:
    return Commune.objects.in_campaign(campaign).get(code=HANG_DONG)


def _person(username: str, full_name: str, role: str, commune: Commune | None = None) -> User:
    return User.objects.create_user(
        username, password="mat-khau-de-thu", full_name=full_name, role=role, commune=commune
    )


@pytest.fixture
def officer(lang_cheu: Commune) -> User:
    return _person("can-bo-lang-cheu", "Cán Bộ Làng Chếu", Role.COMMUNE_OFFICER, lang_cheu)


@pytest.fixture
def second_officer(lang_cheu: Commune) -> User:
    return _person("can-bo-hai-lang-cheu", "Cán Bộ Hai Làng Chếu", Role.COMMUNE_OFFICER, lang_cheu)


@pytest.fixture
def other_officer(hang_dong: Commune) -> User:
    return _person("can-bo-hang-dong", "Cán Bộ Háng Đồng", Role.COMMUNE_OFFICER, hang_dong)


@pytest.fixture
def police(lang_cheu: Commune) -> User:
    return _person("cong-an-lang-cheu", "Công An Làng Chếu", Role.COMMUNE_POLICE, lang_cheu)


@pytest.fixture
def justice(lang_cheu: Commune) -> User:
    return _person("ho-tich-lang-cheu", "Hộ Tịch Làng Chếu", Role.COMMUNE_JUSTICE, lang_cheu)


@pytest.fixture
def district(campaign: Campaign) -> User:
    return _person("phong-lao-dong", "Phòng Lao Động", Role.DISTRICT_OFFICER)


@pytest.fixture
def leader(campaign: Campaign) -> User:
    return _person("lanh-dao", "Lãnh Đạo Huyện", Role.LEADER)


@pytest.fixture
def administrator(campaign: Campaign) -> User:
    return _person("quan-tri", "Quản Trị", Role.ADMIN)


@pytest.fixture
def system(campaign: Campaign) -> User:
    return User.objects.system()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """While it is open an event loop runs in this thread, in which Django would not let tests ask the database."""
    from playwright.sync_api import sync_playwright

    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        path = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()
