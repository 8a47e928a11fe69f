from __future__ import annotations

import pytest
from django.urls import reverse

from campaigns.models import AuditEvent
from campaigns.permissions import REASON_SESSION_KEY

WHY = "Phòng nhờ xem vì sao tệp TN-0007 không áp dụng được"


def test_a_reason_is_kept_recorded_and_leads_on(client, administrator):
    client.force_login(administrator)
    response = client.post(reverse("reason"), {"reason": WHY, "next": "/viec-nen/?page=2"})
    assert response.url == "/viec-nen/?page=2"
    assert client.session[REASON_SESSION_KEY] == WHY
    event = AuditEvent.objects.get(event="reason_given")
    assert (event.username, event.details) == (administrator.username, {"reason": WHY})


def test_the_page_remembers_where_one_was_going(client, administrator):
    client.force_login(administrator)
    page = client.get(reverse("reason"), {"next": "/viec-nen/"}).content.decode()
    assert 'value="/viec-nen/"' in page


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org", "javascript:alert(1)", ""])
def test_it_never_leads_elsewhere(client, administrator, elsewhere):
    client.force_login(administrator)
    assert client.post(reverse("reason"), {"reason": WHY, "next": elsewhere}).url == reverse("home")


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("", "bắt buộc"),
        ("xem", "Lý do mới có 3 ký tự, cần ít nhất 10"),
        ("Xem người có số 014 314 000 123", "Nhật ký không giữ số của ai"),
        ("Xem người có CMND 050.123.456", "Nhật ký không giữ số của ai"),
    ],
)
def test_what_is_no_reason_is_sent_back(client, administrator, reason, said):
    client.force_login(administrator)
    response = client.post(reverse("reason"), {"reason": reason})
    assert response.status_code == 422
    assert said in response.content.decode()
    assert REASON_SESSION_KEY not in client.session
    assert not AuditEvent.objects.filter(event="reason_given").exists()


@pytest.mark.parametrize("who", ["officer", "district", "police", "leader"])
def test_only_an_administrator_is_asked(client, request, who):
    client.force_login(request.getfixturevalue(who))
    assert client.post(reverse("reason"), {"reason": WHY}).status_code == 403
