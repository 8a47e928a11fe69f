from __future__ import annotations

import datetime
import re
from pathlib import Path

import pytest
from django.utils import timezone

from campaigns import audit
from campaigns.models import AuditEvent, Campaign, User
from reconciliation.event_log import PRESENTERS, QUIET, QUIET_ENDINGS, presenter, since_yesterday
from reconciliation.models import Batch

ROOT = Path(__file__).parents[2]
# Events whose name is chosen at run time: next to the call stands a variable.
NAMED_ELSEWHERE = {
    "account_changed", "account_created", "import_applied", "import_compared", "number_revealed", "record_viewed",
    "sensitive_revealed",
}  # fmt: skip


def recorded_events() -> set[str]:
    """Every event that some module of the project records under a literal name."""
    found = set()
    for app in ("campaigns", "records", "reconciliation"):
        for path in (ROOT / app).rglob("*.py"):
            found |= set(re.findall(r'audit\.record\(\s*"([a-z_]+)"', path.read_text(encoding="utf-8")))
    return found


@pytest.mark.parametrize("event", sorted(recorded_events() | NAMED_ELSEWHERE))
def test_somebody_thought_of_every_event(event: str) -> None:
    assert event in QUIET or event.endswith(QUIET_ENDINGS) or presenter(event)


def test_an_event_that_nobody_thought_of_is_a_fault() -> None:
    with pytest.raises(LookupError, match="record_eaten"):
        presenter("record_eaten")


def test_no_event_is_both_told_and_kept_silent_about() -> None:
    assert not set(PRESENTERS) & QUIET


@pytest.mark.parametrize("event", sorted(PRESENTERS))
def test_a_sentence_needs_no_detail(event: str) -> None:
    """Events of earlier versions may lack what later ones hold."""
    said = PRESENTERS[event].say({}, 1)
    assert said
    assert not re.search(r"\d{9}", said)


def log(campaign: Campaign, user: User) -> list[tuple[str, str, str]]:
    return [(line.who, line.text, line.label) for line in since_yesterday(campaign, user, timezone.localdate())]


def test_who_did_it_is_said_by_role_and_you_are_you(
    campaign: Campaign, officer: User, police: User, district: User
) -> None:
    audit.record(
        "answers_submitted", by=police, campaign=campaign, target="batch:LC-TE-01", commune_code="03874",
        rows=64, to_settle=12,
    )  # fmt: skip
    audit.record("review_closed", by=officer, campaign=campaign, commune_code="03874", ready_for_police=31, cleaned=5)
    assert log(campaign, officer) == [
        ("Bạn", "đóng rà soát: 31 chờ gửi công an, 5 đã sạch", ""),
        ("Công an xã Làng Chếu", "trả lời 64 dòng, 12 dòng chờ quyết định, lô", "LC-TE-01"),
    ]
    assert [who for who, _, _ in log(campaign, district)] == ["Công chức LĐ-TB&XH xã Làng Chếu", "Công an xã Làng Chếu"]


def test_many_of_a_kind_are_one_line(campaign: Campaign, officer: User, district: User) -> None:
    for n in range(29):
        audit.record("record_corrected", by=officer, campaign=campaign, target=f"record:{n}", commune_code="03874")
    assert log(campaign, officer) == [("Bạn", "sửa 29 lần trong hồ sơ", "")]


def test_counts_of_a_kind_are_added_up_and_nothing_is_not_told(campaign: Campaign, officer: User) -> None:
    for corrected in (3, 0, 4):
        audit.record("suggestions_accepted", by=officer, campaign=campaign, commune_code="03874", corrected=corrected)
    audit.record("review_closed", by=officer, campaign=campaign, commune_code="03874", cleaned=0, ready_for_police=0)
    assert log(campaign, officer) == [("Bạn", "dùng gợi ý cho 7 chỗ", "")]


def test_another_commune_s_work_is_not_told(campaign: Campaign, officer: User, other_officer: User) -> None:
    audit.record("review_closed", by=officer, campaign=campaign, commune_code="03874", cleaned=1)
    assert log(campaign, other_officer) == []


def test_looks_and_older_days_are_not_told(campaign: Campaign, officer: User) -> None:
    audit.record("record_viewed", by=officer, campaign=campaign, target="record:7K2MA", commune_code="03874")
    old = timezone.now() - datetime.timedelta(days=2)
    AuditEvent.objects.create(
        event="review_closed", username=officer.username, actor_name="", via="web", campaign_code=campaign.code,
        commune_code="03874", at=old,
    )  # fmt: skip
    assert log(campaign, officer) == []


def test_a_partner_is_told_of_the_own_lists_only(
    campaign: Campaign, officer: User, police: User, justice: User, lang_cheu
) -> None:
    Batch.objects.create(
        campaign=campaign, register="children", commune=lang_cheu, kind="police", code="LC-TE-01", by=officer,
        at=timezone.now(), due=timezone.localdate(), rows=3,
    )  # fmt: skip
    audit.record(
        "batch_sent", by=officer, campaign=campaign, target="batch:LC-TE-01", commune_code="03874", rows=3,
        due=timezone.localdate().isoformat(), kind="police",
    )  # fmt: skip
    audit.record("review_closed", by=officer, campaign=campaign, commune_code="03874", cleaned=1)
    assert [label for _, _, label in log(campaign, police)] == ["LC-TE-01"]
    assert log(campaign, justice) == []


def test_a_leader_reads_figures_not_events(campaign: Campaign, officer: User, leader: User) -> None:
    audit.record("review_closed", by=officer, campaign=campaign, commune_code="03874", cleaned=1)
    assert log(campaign, leader) == []
