from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from campaigns import jobs
from campaigns.models import Job
from campaigns.models.job import JobStatus
from campaigns.permissions import Role


@jobs.job("test_page", title="Áp dụng tệp")
def work(row, report):
    return {"rows": row.options["rows"]}


@pytest.fixture
def row(campaign, officer):
    return Job.objects.create(kind="test_page", campaign=campaign, by=officer, target_id=1, options={"rows": 3})


def become(row: Job, status: str, **values) -> Job:
    ended = {"finished_at": timezone.now()} if status in ("done", "failed") else {}
    Job.objects.filter(pk=row.pk).update(status=status, **ended, **values)
    row.refresh_from_db()
    return row


@pytest.fixture
def support(campaign, django_user_model):
    return django_user_model.objects.create_user(
        "ky-thuat", password="mat-khau-de-thu", full_name="Kỹ Thuật", role=Role.TECHNICAL_SUPPORT
    )


@pytest.mark.parametrize(
    ("status", "values", "said", "asks_again"),
    [
        ("queued", {}, "chờ tới lượt", True),
        ("running", {"stage": "đang ghi", "done": 1200, "total": 2400}, "đang ghi · 1.200 / 2.400", True),
        ("done", {}, "Áp dụng tệp: xong", False),
        ("failed", {"error": "Tệp không có dòng nào."}, "Tệp không có dòng nào.", False),
    ],
)
def test_the_fragment_asks_again_until_the_job_is_over(client, officer, row, status, values, said, asks_again):
    client.force_login(officer)
    become(row, status, **values)
    response = client.get(reverse("job_progress", args=[row.pk]), headers={"HX-Request": "true"})
    page = response.content.decode()
    assert said in page
    assert ("hx-get" in page) == asks_again
    assert "<html" not in page
    assert said in client.get(reverse("job", args=[row.pk])).content.decode()


def test_a_job_is_for_who_gave_it_and_who_keeps_the_system(client, row, officer, other_officer, district, support):
    statuses = []
    for person in (officer, other_officer, district, support):
        client.force_login(person)
        statuses.append(client.get(reverse("job", args=[row.pk])).status_code)
    assert statuses == [200, 404, 200, 200]


def test_a_failed_job_is_given_again_by_who_gave_it(client, row, officer, support, django_capture_on_commit_callbacks):
    become(row, "failed", error="Tệp không có dòng nào.")
    client.force_login(support)
    assert client.post(reverse("job_again", args=[row.pk])).status_code == 404
    client.force_login(officer)
    assert client.get(reverse("job_again", args=[row.pk])).status_code == 405
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(reverse("job_again", args=[row.pk]))
    again = Job.objects.latest("id")
    assert response.url == reverse("job", args=[again.pk])
    assert (again.status, again.result, again.by) == (JobStatus.DONE, {"rows": 3}, officer)


def test_a_job_that_did_not_fail_is_not_given_again(client, row, officer):
    become(row, "done")
    client.force_login(officer)
    assert client.post(reverse("job_again", args=[row.pk])).url == reverse("job", args=[row.pk])
    assert Job.objects.count() == 1


@pytest.mark.parametrize(
    ("who", "status"), [("officer", 403), ("leader", 403), ("district", 200), ("administrator", 200), ("support", 200)]
)
def test_who_sees_the_list(client, request, row, who, status):
    client.force_login(request.getfixturevalue(who))
    assert client.get(reverse("jobs")).status_code == status


def test_the_list_says_how_the_system_is(client, row, support):
    """The tests have a broker and no worker."""
    become(row, "failed", error="Tệp không có dòng nào.")
    client.force_login(support)
    response = client.get(reverse("jobs"))
    page = response.content.decode()
    signs = {sign.label: sign.well for sign in response.context["signs"]}
    assert signs["Cơ sở dữ liệu"]
    assert signs["Hàng đợi"]
    assert not signs["Tiến trình làm việc nền"]
    assert "Tệp không có dòng nào." in page
    assert "Cán Bộ Làng Chếu" in page


def test_the_list_needs_as_many_queries_for_thirty_jobs_as_for_one(client, row, campaign, officer, support):
    client.force_login(support)
    client.get(reverse("jobs"))

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("jobs"))
        return len(captured)

    with_one = queries()
    Job.objects.bulk_create(
        Job(kind="test_page", campaign=campaign, by=officer, target_id=n, options={}) for n in range(30)
    )
    assert queries() == with_one <= 15
