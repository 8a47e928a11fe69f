from __future__ import annotations

import datetime
import hashlib

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.models import AuditEvent, Campaign, User
from reconciliation.models import Report
from reconciliation.reports import make_report
from tests.reconciliation.history import some_work

URL = "/bao-cao/"
MONDAY = datetime.datetime(2023, 10, 16, 1, tzinfo=datetime.UTC)
ASKED = {"kind": "periodic", "as_of": "13/10/2023", "suffix": ".docx"}


@pytest.fixture(autouse=True)
def on_monday():
    with time_machine.travel(MONDAY, tick=False):
        yield


@pytest.fixture
def report(campaign: Campaign, district: User) -> Report:
    return make_report(campaign, "periodic", datetime.date(2023, 10, 13), by=district, suffix=".docx")


def test_a_report_is_made_and_downloaded(client: Client, campaign: Campaign, district: User) -> None:
    client.force_login(district)
    response = client.post(URL, ASKED, follow=True)
    assert "Đã lập BC-0001.docx" in response.content.decode()
    report = Report.objects.get()
    file = client.get(reverse("report_file", args=["BC-0001"]))
    content = b"".join(file.streaming_content)  # type: ignore[attr-defined]
    assert hashlib.sha256(content).hexdigest() == report.sha256
    assert file["Content-Disposition"] == 'attachment; filename="BC-0001-periodic-2023-10-13.docx"'
    assert AuditEvent.objects.filter(event="report_exported", target="report:BC-0001").count() == 1


def test_the_plan_s_own_reports_are_listed_with_what_became_of_them(
    client: Client, district: User, report: Report
) -> None:
    client.force_login(district)
    response = client.get(URL)
    due = {item["report"].title: (item["issued"], item["late"]) for item in response.context["due"]}
    assert due["Báo cáo định kỳ tuần 1"] == (False, True)
    assert due["Báo cáo định kỳ tuần 2"] == (True, False)
    assert due["Báo cáo kết thúc"] == (False, False)


def test_a_link_fills_the_form_in(client: Client, district: User) -> None:
    client.force_login(district)
    page = client.get(URL, {"loai": "final", "den": "09/11/2023"}).content.decode()
    assert '<option value="final" selected>' in page
    assert 'value="09/11/2023"' in page


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"as_of": "17/10/2023"}, "chưa tới"),
        ({"as_of": "hôm qua"}, "Ngày viết chưa đúng"),
        ({"suffix": ".pdf"}, "không phải là"),
    ],
)
def test_what_cannot_be_made_is_said_in_the_form(
    client: Client, district: User, changed: dict[str, str], said: str
) -> None:
    client.force_login(district)
    response = client.post(URL, ASKED | changed)
    assert response.status_code == 422
    assert said in response.content.decode()
    assert not Report.objects.exists()


@pytest.mark.parametrize(
    ("who", "may_read", "may_make"),
    [("district", 200, 302), ("administrator", 200, 302), ("leader", 200, 403), ("officer", 403, 403), ("police", 403, 403)],
)  # fmt: skip
def test_who_reads_and_who_makes(
    client: Client, request: pytest.FixtureRequest, report: Report, who: str, may_read: int, may_make: int
) -> None:
    client.force_login(request.getfixturevalue(who))
    assert client.get(URL).status_code == may_read
    assert client.get(reverse("report_file", args=[report.code])).status_code == may_read
    assert client.post(URL, ASKED).status_code == may_make


def test_a_code_that_is_none_is_a_404(client: Client, district: User) -> None:
    client.force_login(district)
    assert client.get(reverse("report_file", args=["BC-9999"])).status_code == 404


def test_a_stranger_signs_in_first(client: Client, report: Report) -> None:
    assert client.get(URL).url == f"{reverse('login')}?next={URL}"  # type: ignore[attr-defined]
    assert client.get(reverse("report_file", args=[report.code])).status_code == 302


def test_the_same_queries_for_one_report_as_for_many(
    client: Client, campaign: Campaign, district: User, officer: User, report: Report
) -> None:
    client.force_login(district)
    some_work(campaign, district, officer)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(URL)
        return len(captured)

    queries()
    with_one = queries()
    Report.objects.bulk_create(
        Report(
            campaign=campaign, kind="adhoc", code=f"BC-{n:04d}", as_of=report.as_of, figures={}, file=f"x/{n}.docx",
            sha256="0" * 64, by=district,
        )
        for n in range(2, 32)
    )  # fmt: skip
    assert queries() == with_one < 20
