"""What a district decides about rules, and how findings and stages follow it, at once and every night."""

from __future__ import annotations

import datetime

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from campaigns import jobs
from campaigns.errors import WorkRefused
from campaigns.models import AuditEvent, Campaign, EthnicGroup, Job, User
from campaigns.permissions import NotAllowed
from records import import_run, imports, refreshing, review, rule_settings, stages
from records.models import Change, Finding, Record, RuleDecision
from records.reading.rules import RULES
from records.tasks import refresh_nightly
from tests.records.export_files import child
from tests.records.people import add_child, exported_child

REASON = "Họp giao ban ngày 12/10"


def decide(campaign: Campaign, rule: str, state: str, by: User) -> None:
    """Decides, and does what the job would do."""
    jobs.run(rule_settings.decide(campaign, rule, state, reason=REASON, by=by).pk)


def stage(record: Record) -> str:
    return Record.objects.get(pk=record.pk).stage


def open_rules(record: Record) -> dict[str, str]:
    return dict(Finding.objects.open().filter(record=record).values_list("rule", "severity"))


def test_a_record_with_nothing_else_is_clean_once_the_rule_is_off_and_back_when_it_is_on(
    campaign: Campaign, district: User
) -> None:
    fatherless = exported_child(campaign, district, "TE1", father_name="")
    numberless = exported_child(campaign, district, "TE2", father_name="", personal_number="", full_name="Mùa A Sính")
    assert (stage(fatherless), stage(numberless)) == ("to_review", "to_review")
    decide(campaign, "father.missing", "off", district)
    assert (stage(fatherless), open_rules(fatherless)) == ("cleaned", {})
    assert (stage(numberless), set(open_rules(numberless))) == ("to_review", {"number.missing"})
    assert Job.objects.latest("pk").result == {"records": 2, "opened": 0, "closed": 2, "moved": 1}
    decide(campaign, "father.missing", "usual", district)
    assert Job.objects.latest("pk").result == {"records": 2, "opened": 2, "closed": 0, "moved": 1}
    assert (stage(fatherless), open_rules(fatherless)) == ("to_review", {"father.missing": "warning"})


def test_a_warning_that_only_informs_keeps_nobody(campaign: Campaign, district: User) -> None:
    record = exported_child(campaign, district, "TE1", village="")
    decide(campaign, "village.missing", "notice", district)
    assert (stage(record), open_rules(record)) == ("cleaned", {"village.missing": "notice"})
    decide(campaign, "village.missing", "error", district)
    assert (stage(record), open_rules(record)) == ("to_review", {"village.missing": "error"})


def test_who_was_uploaded_is_so_again(campaign: Campaign, district: User) -> None:
    record = exported_child(campaign, district, "TE1", permanent_address="")
    stages.move(campaign, [record.pk], "uploaded", by=district)
    decide(campaign, "address.missing", "warning", district)
    assert stage(record) == "to_review"
    decide(campaign, "address.missing", "usual", district)
    assert stage(record) == "uploaded"


def test_who_must_be_looked_up_is_not_made_clean(campaign: Campaign, district: User) -> None:
    added = add_child(campaign, district, father_name="")
    decide(campaign, "father.missing", "off", district)
    assert stage(added) == "to_review"  # new: the police look this person up


def test_rules_that_compare_obey(campaign: Campaign, district: User) -> None:
    first = exported_child(campaign, district, "TE1", father_name="Mùa A Tủa", personal_number="")
    decide(campaign, "record.possible_duplicate", "off", district)
    second = exported_child(campaign, district, "TE2", father_name="Mùa A Tủa", personal_number="", sex="")
    assert "record.possible_duplicate" not in {*open_rules(first), *open_rules(second)}
    decide(campaign, "record.possible_duplicate", "usual", district)
    assert open_rules(first)["record.possible_duplicate"] == "warning"


def test_a_file_and_an_edit_obey(campaign: Campaign, district: User, system: User, receive) -> None:
    decide(campaign, "father.missing", "off", district)
    decide(campaign, "village.missing", "notice", district)
    imported = imports.apply(receive([child(1, father_name="", village="")]), by=system)
    assert imported.findings == {"village.missing": 1}
    record = Record.objects.get(source_row__isnull=False)
    assert (record.stage, open_rules(record)) == ("cleaned", {"village.missing": "notice"})
    review.correct(record, {"mother_name": ""}, by=district, version=record.version, document="khai sinh")
    assert "father.missing" not in open_rules(record)


def test_a_file_read_before_the_decision_obeys_it_when_it_is_written(
    campaign: Campaign, district: User, system: User, receive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reading knew nothing of it yet."""
    stage_rows = import_run.stage

    def decided_meanwhile(*args: object) -> object:
        staged = stage_rows(*args)
        RuleDecision.objects.create(campaign=campaign, rule="father.missing", state="off", reason=REASON, by=district)
        return staged

    monkeypatch.setattr(import_run, "stage", decided_meanwhile)
    assert imports.apply(receive([child(1, father_name="")]), by=system).findings == {}


def test_what_was_confirmed_stays_confirmed(campaign: Campaign, district: User) -> None:
    record = exported_child(campaign, district, "TE1", father_name="")
    review.confirm(Finding.objects.filter(record=record), note="Chưa xác định được cha", by=district)
    refreshing.refresh(campaign, by=district)
    assert Finding.objects.get(record=record).status == "confirmed"


def test_what_was_confirmed_is_so_again_unless_the_cell_was_changed_meanwhile(
    campaign: Campaign, district: User
) -> None:
    kept = exported_child(campaign, district, "TE1", village="")
    changed = exported_child(campaign, district, "TE2", full_name="Sính", personal_number="")
    review.confirm(Finding.objects.open().filter(severity="warning"), note="Đã xem giấy tờ, ghi đúng", by=district)
    for rule in ("village.missing", "name.one_word"):
        decide(campaign, rule, "off", district)
    review.correct(changed, {"full_name": "Dợ"}, by=district, version=changed.version, document="khai sinh")
    for rule in ("village.missing", "name.one_word"):
        decide(campaign, rule, "usual", district)
    assert open_rules(kept) == {}
    assert open_rules(changed) == {"name.one_word": "warning", "number.missing": "error"}


def test_a_second_run_changes_nothing(campaign: Campaign, district: User) -> None:
    exported_child(campaign, district, "TE1", father_name="")
    exported_child(campaign, district, "TE2", personal_number="12", full_name="Mùa A Tếnh")
    refreshing.refresh(campaign, by=district)
    before = list(Finding.objects.order_by("pk").values())
    again = refreshing.refresh(campaign, by=district)
    assert (again.records, again.opened, again.closed, again.moved) == (2, 0, 0, 0)
    assert list(Finding.objects.order_by("pk").values()) == before


def test_a_corrected_list_of_the_state_is_followed(campaign: Campaign, district: User) -> None:
    record = exported_child(campaign, district, "TE1", ethnic_group="Mông Xanh Lá")
    assert set(open_rules(record)) == {"ethnic_group.unknown"}
    mong = EthnicGroup.objects.get(name="Mông")
    mong.aliases = [*mong.aliases, "Mông Xanh Lá"]
    mong.save()
    call_command("refresh_findings")
    record.refresh_from_db()
    assert (record.stage, record.ethnic_group, open_rules(record)) == ("cleaned", mong.code, {})
    assert not Change.objects.exists()
    assert record.value("ethnic_group") == "Mông Xanh Lá"  # a value changes by a person's hand only


def test_as_many_queries_for_forty_as_for_two(campaign: Campaign, district: User) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            refreshing.refresh(campaign, by=district)
        return len(captured)

    for number in range(2):
        exported_child(campaign, district, f"TE{number}", father_name="", full_name=f"Mùa A {'ABCDEF'[number]}a")
    queries()
    few = queries()
    for number in range(2, 40):
        exported_child(campaign, district, f"TE{number}", father_name="", full_name=f"Mùa A Nhù {number}")
    queries()
    assert queries() == few


@pytest.mark.parametrize(
    ("rule", "state"),
    [
        ("number.missing", "off"), ("number.sex", "warning"), ("birth_date.future", "off"), ("record.new", "off"),
        ("birth_date.incomplete", "off"), ("parents.missing", "notice"), ("father.missing", "warning"),
        ("father.missing", "usual"), ("no.such", "off"),
    ],
)  # fmt: skip
def test_what_may_not_be_decided(campaign: Campaign, district: User, rule: str, state: str) -> None:
    with pytest.raises(WorkRefused):
        rule_settings.decide(campaign, rule, state, reason=REASON, by=district)
    assert not RuleDecision.objects.exists()
    assert not Job.objects.exists()


def test_every_decision_has_a_reason_and_leaves_a_trace(campaign: Campaign, district: User, officer: User) -> None:
    with pytest.raises(WorkRefused):
        rule_settings.decide(campaign, "father.missing", "off", reason=" ", by=district)
    with pytest.raises(NotAllowed):
        rule_settings.decide(campaign, "father.missing", "off", reason=REASON, by=officer)
    rule_settings.decide(campaign, "father.missing", "off", reason=REASON, by=district)
    event = AuditEvent.objects.get(event="rule_decided")
    assert (event.target, event.details) == (
        "rule:father.missing", {"before": "usual", "state": "off", "reason": REASON},
    )  # fmt: skip


def test_errors_may_weigh_less_and_never_vanish() -> None:
    for code, rule in RULES.items():
        allowed = set(rule_settings.choices(code)) - {"usual"}
        if rule.severity == "error":
            assert allowed <= {"warning"}, code
        if rule.only_correction:
            assert not allowed, code


@pytest.mark.parametrize(
    ("made", "now", "asked"),
    [
        ("2023-10-12 23:00", "2023-10-13 01:59", 0),  # that night is not over
        ("2023-10-12 23:00", "2023-10-13 02:00", 1),
        ("2023-10-12 23:00", "2023-10-13 08:30", 1),  # the machine slept
        ("2023-10-13 02:00", "2023-10-13 23:00", 0),
    ],
)
def test_every_night_once(campaign: Campaign, district: User, made: str, now: str, asked: int) -> None:
    def moment(text: str) -> datetime.datetime:
        return timezone.make_aware(datetime.datetime.fromisoformat(text))

    refreshing.ask(campaign, by=district)
    Job.objects.update(created_at=moment(made), status="done")
    assert len(refreshing.ask_where_due(moment(now))) == asked


def test_the_beat_asks_once(campaign: Campaign) -> None:
    refresh_nightly()
    refresh_nightly()
    assert [job.by.username for job in Job.objects.filter(kind=refreshing.KIND)] == ["lenh"]


def test_the_district_decides_on_the_page(
    client: Client, campaign: Campaign, district: User, django_capture_on_commit_callbacks
) -> None:
    exported_child(campaign, district, "TE1", father_name="")
    client.force_login(district)
    page = client.get(reverse("rules")).content.decode()
    assert "Thiếu họ tên cha" in page
    assert "1 điều đang mở, 1 mới từ hôm qua" in page
    assert "Điều cần xem mới từ hôm qua" in client.get("/").content.decode()
    address = reverse("rule", args=["father.missing"])
    assert client.post(address, {"state": "off", "reason": "không"}).status_code == 422
    assert client.post(address, {"state": "off", "reason": "theo số 014215001234"}).status_code == 422
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(address, {"state": "off", "reason": REASON})
    assert answer.url == reverse("job", args=[Job.objects.get().pk])  # type: ignore[attr-defined]
    assert not Finding.objects.open().exists()
    assert REASON in client.get(address).content.decode()
    assert "thường lệ: cần xem" in client.get(reverse("rules")).content.decode()
    assert "không tắt và không đổi mức được" in client.get(reverse("rule", args=["number.sex"])).content.decode()


def test_yesterday_is_new_and_the_day_before_is_not(client: Client, campaign: Campaign, district: User) -> None:
    exported_child(campaign, district, "TE1", father_name="", mother_name="")
    morning = timezone.make_aware(
        datetime.datetime.combine(timezone.localdate() - datetime.timedelta(days=1), datetime.time())
    )
    findings = Finding.objects.filter(rule="parents.missing")
    findings.update(first_seen_at=morning)
    assert findings.new_since_yesterday().count() == 1
    findings.update(first_seen_at=morning - datetime.timedelta(seconds=1))
    assert findings.new_since_yesterday().count() == 0
