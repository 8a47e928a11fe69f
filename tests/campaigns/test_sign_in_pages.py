"""Signing in and out, choosing between campaigns, and the pages that say why there is no page."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from campaigns.models import Campaign, User


@pytest.mark.parametrize(
    ("name", "path"),
    [("login", "/dang-nhap/"), ("logout", "/dang-xuat/"), ("password_change", "/doi-mat-khau/")],
)
def test_addresses_that_stay(name: str, path: str) -> None:
    assert reverse(name) == path


def test_in_and_out(client: Client, officer: User) -> None:
    assert client.get("/dang-nhap/").status_code == 200
    entered = client.post("/dang-nhap/", {"username": officer.username, "password": "mat-khau-de-thu"})
    assert entered.url == "/"  # type: ignore[attr-defined]
    assert client.get("/dang-nhap/").status_code == 302
    assert client.post("/dang-xuat/").url == "/dang-nhap/"  # type: ignore[attr-defined]
    assert client.get("/").status_code == 302


def test_a_wrong_password_is_said_and_many_lock_the_account_out(client: Client, officer: User) -> None:
    wrong = {"username": officer.username, "password": "sai"}
    assert "errorlist" not in client.post("/dang-nhap/", wrong).content.decode()
    for _ in range(settings.AXES_FAILURE_LIMIT):
        response = client.post("/dang-nhap/", wrong)
    assert response.status_code == 429
    assert "Tạm khóa đăng nhập" in response.content.decode()
    right = client.post("/dang-nhap/", wrong | {"password": "mat-khau-de-thu"})
    assert right.status_code == 429


def test_a_password_is_changed_by_who_knows_the_old_one(client: Client, officer: User) -> None:
    client.force_login(officer)
    new = {"new_password1": "Muoi7-hat-thoc", "new_password2": "Muoi7-hat-thoc"}
    assert client.post("/doi-mat-khau/", {"old_password": "sai", **new}).status_code == 200
    response = client.post("/doi-mat-khau/", {"old_password": "mat-khau-de-thu", **new}, follow=True)
    assert "Đã đổi mật khẩu" in response.content.decode()
    officer.refresh_from_db()
    assert officer.check_password("Muoi7-hat-thoc")


@pytest.fixture
def second_campaign(campaign: Campaign) -> Campaign:
    second = Campaign.objects.create(
        code="tap-bac-yen", name="Đợt tập", issuing_body=campaign.issuing_body, province_code="14",
        district_code="121", first_day="2023-01-02", places_on=campaign.places_on, settings=campaign.settings,
        plan=campaign.plan,
    )  # fmt: skip
    for window in campaign.windows.all():
        window.pk, window.campaign = None, second
        window.save()
    return second


def test_another_campaign_is_chosen_and_kept(client: Client, officer: User, second_campaign: Campaign) -> None:
    client.force_login(officer)
    assert client.get("/").context["campaign"].code == "bac-yen-2023"  # the newest
    assert client.post("/chon-dot/", {"campaign": "tap-bac-yen"}).url == "/"  # type: ignore[attr-defined]
    page = client.get("/")
    assert page.context["campaign"].code == "tap-bac-yen"
    assert "tap-bac-yen" in page.content.decode()


def test_one_campaign_needs_no_choice(client: Client, officer: User) -> None:
    client.force_login(officer)
    assert "choose-campaign" not in client.get("/").content.decode()


def test_a_campaign_that_is_closed_or_none_is_not_chosen(
    client: Client, officer: User, second_campaign: Campaign
) -> None:
    client.force_login(officer)
    Campaign.objects.filter(pk=second_campaign.pk).update(is_open=False)
    assert client.post("/chon-dot/", {"campaign": "tap-bac-yen"}).status_code == 404
    assert client.get("/chon-dot/").status_code == 405


@pytest.mark.parametrize("signed_in", [False, True])
def test_no_such_page_has_the_frame_of_who_asks(client: Client, officer: User, signed_in: bool) -> None:
    if signed_in:
        client.force_login(officer)
    response = client.get("/khong-co/")
    assert response.status_code == 404
    assert "Không có trang này" in response.content.decode()
    assert ("Mục chính" in response.content.decode()) == signed_in


def test_what_one_may_not_do_says_so(client: Client, police: User) -> None:
    client.force_login(police)
    response = client.get("/tien-do/")
    assert response.status_code == 403
    assert "Không được làm việc này" in response.content.decode()


def test_a_refused_sign_in_says_what_to_do(client: Client, officer: User) -> None:
    page = client.post("/dang-nhap/", {"username": officer.username, "password": "sai"}).content.decode()
    assert "Tên đăng nhập hoặc mật khẩu chưa đúng" in page
    assert "gọi Phòng LĐ-TB&amp;XH huyện để đặt lại" in page


def test_the_administration_has_no_sign_in_page_of_its_own(client: Client, officer: User) -> None:
    address = reverse("admin:index")
    assert client.get(reverse("admin:login")).url == f"/dang-nhap/?next={address}"  # type: ignore[attr-defined]
    client.force_login(officer)
    assert client.get(address, follow=True).status_code == 403


def test_an_administrator_unlocks_a_name(client: Client, officer: User, administrator: User) -> None:
    wrong = {"username": officer.username, "password": "sai"}
    for _ in range(settings.AXES_FAILURE_LIMIT):
        client.post("/dang-nhap/", wrong)
    client.force_login(administrator)
    attempts = reverse("admin:axes_accessattempt_changelist")
    [attempt] = client.get(attempts).context["cl"].result_list
    client.post(attempts, {"action": "unlock", "_selected_action": [attempt.pk]})
    client.logout()
    assert client.post("/dang-nhap/", wrong | {"password": "mat-khau-de-thu"}).status_code == 302
