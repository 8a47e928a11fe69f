"""The Bắc Yên plan as it stands, moved, changed, and spoiled in every place that is read."""

from __future__ import annotations

import datetime
import io
import json
from pathlib import Path

import pytest
import yaml
from django.core.management import call_command

from campaigns import plan
from campaigns.clock import windows_of
from campaigns.errors import WorkRefused
from campaigns.models import AuditEvent, Campaign, Commune, Register, Step, User
from campaigns.permissions import NotAllowed, Role, may_receive, may_upload

FILE = Path(plan.__file__).parent / "reference" / "plan_bac_yen_2023.yaml"
CHILDREN, BENEFICIARIES = Register.CHILDREN, Register.BENEFICIARIES


def day(text: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None


@pytest.fixture
def written():
    """The plan as Python values, to be changed and written again."""
    return yaml.safe_load(FILE.read_text(encoding="utf-8"))


@pytest.fixture
def save(tmp_path):
    def save(content: object) -> Path:
        path = tmp_path / "ke_hoach.yaml"
        path.write_text(content if isinstance(content, str) else yaml.safe_dump(content, allow_unicode=True), "utf-8")
        return path

    return save


@pytest.mark.parametrize(
    ("register", "step", "first", "last", "actor", "receivers"),
    [
        (CHILDREN, Step.EXPORT, "2023-09-30", "2023-10-03", Role.DISTRICT_OFFICER, []),
        (CHILDREN, Step.REVIEW, "2023-10-04", "2023-10-15", Role.COMMUNE_OFFICER, []),
        (CHILDREN, Step.HANDOVER, None, None, Role.COMMUNE_OFFICER, [Role.COMMUNE_POLICE]),
        (CHILDREN, Step.POLICE, None, None, Role.COMMUNE_POLICE, []),
        (CHILDREN, Step.HANDBACK, None, None, Role.COMMUNE_POLICE, [Role.COMMUNE_OFFICER, Role.DISTRICT_OFFICER]),
        (CHILDREN, Step.UPDATE, None, "2023-11-09", Role.DISTRICT_OFFICER, []),
        (BENEFICIARIES, Step.EXPORT, "2023-09-30", "2023-10-03", Role.DISTRICT_OFFICER, []),
        (BENEFICIARIES, Step.REVIEW, "2023-10-01", "2023-10-15", Role.COMMUNE_OFFICER, []),
        (BENEFICIARIES, Step.HANDBACK, None, None, Role.COMMUNE_POLICE, [Role.DISTRICT_OFFICER]),
        # The communes answer for it, their officers do it.
        (BENEFICIARIES, Step.UPDATE, None, "2023-10-30", Role.COMMUNE_OFFICER, []),
        ("", Step.FINAL_REPORT, None, "2023-11-14", Role.DISTRICT_OFFICER, []),
    ],
)
def test_windows_are_as_the_plan_says(campaign, register, step, first, last, actor, receivers):
    window = campaign.window(register, step)
    assert (window.first_day, window.last_day) == (day(first), day(last))
    assert window.actor == actor
    assert window.receivers == receivers


def test_campaign_is_as_the_plan_says(campaign):
    assert campaign.code == "bac-yen-2023"
    assert campaign.first_day == day("2023-09-30")
    assert (campaign.province_code, campaign.district_code) == ("14", "121")
    assert campaign.last_day(CHILDREN) == day("2023-11-09")
    assert campaign.setting("update_days") == 5
    assert campaign.setting("suspect_file")["min_rows_to_judge"] == 20
    assert campaign.plan["reports"]["final"]["recipients"][0] == "Thường trực UBND huyện"
    assert campaign.window(CHILDREN, Step.UPDATE).stated == "Xong trước ngày 10/11/2023"


def test_who_receives_and_who_updates_differ_by_register(campaign, officer, district, police):
    assert [may_receive(person, campaign, CHILDREN) for person in (officer, district, police)] == [True, True, False]
    assert [may_receive(person, campaign, BENEFICIARIES) for person in (officer, district)] == [False, True]
    assert [may_upload(person, campaign, CHILDREN) for person in (officer, district)] == [False, True]
    assert [may_upload(person, campaign, BENEFICIARIES) for person in (officer, district)] == [True, False]


def test_second_run_changes_nothing(campaign, system):
    events = AuditEvent.objects.count()
    again = plan.load(FILE, by=system)
    assert (again.campaign, again.windows, again.created, again.changed) == (campaign, 13, 0, 0)
    assert AuditEvent.objects.count() == events


def test_first_run_of_another_code_makes_a_second_campaign(campaign, system):
    loaded = plan.load(FILE, by=system, code="thu-2023")
    assert (loaded.windows, loaded.created, loaded.changed) == (13, 14, 0)
    assert Campaign.objects.count() == 2
    event = AuditEvent.objects.latest("id")
    assert (event.event, event.campaign_code) == ("plan_loaded", "thu-2023")


def test_days_move_together(campaign, system):
    moved = plan.load(FILE, by=system, first_day=day("2024-01-20"), code="doi-ngay")
    by = datetime.timedelta(days=112)
    assert moved.campaign.first_day == day("2024-01-20")
    assert moved.campaign.places_on == campaign.first_day  # its communes are still those of 2023
    for window in campaign.windows.all():
        other = moved.campaign.window(window.register, window.step)
        assert other.first_day == (window.first_day + by if window.first_day else None)
        assert other.last_day == (window.last_day + by if window.last_day else None)
        assert other.stated == ""
    again = plan.load(FILE, by=system, first_day=day("2024-01-20"), code="doi-ngay")
    assert (again.created, again.changed) == (0, 0)


def test_both_police_windows_of_the_moved_plan_know_tet(campaign, system):
    """Updating ends on 29/2/2024; Tết is 8–14/2, so the police keep until 22/2, the day before the last five."""
    moved = plan.load(FILE, by=system, first_day=day("2024-01-20"), code="doi-ngay").campaign
    assert windows_of(moved, CHILDREN)["police"] == (day("2024-02-05"), day("2024-02-22"))
    # Updating ends on Monday 19/2: 19, 16, 15, then 7 and 6 before Tết are kept, and 5/2 is the last for the police.
    assert windows_of(moved, BENEFICIARIES)["police"] == (day("2024-02-05"), day("2024-02-05"))


def test_a_changed_file_changes_what_it_says(campaign, system, written, save):
    written["settings"]["return_days"] = 3
    written["tracks"]["children"]["steps"][1]["to"] = datetime.date(2023, 10, 20)
    loaded = plan.load(save(written), by=system)
    assert (loaded.created, loaded.changed) == (0, 2)
    changed = Campaign.objects.get()
    assert changed.setting("return_days") == 3
    assert changed.window(CHILDREN, Step.REVIEW).last_day == day("2023-10-20")


def test_what_the_office_changed_stays_until_the_file_changes_it(campaign, system, written, save):
    campaign.settings["weekends_count"] = True
    campaign.save()
    review = campaign.window(CHILDREN, Step.REVIEW)
    review.last_day = day("2023-10-18")
    review.save()
    written["settings"]["return_days"] = 3
    plan.load(save(written), by=system)
    kept = Campaign.objects.get()
    assert (kept.setting("weekends_count"), kept.setting("return_days")) == (True, 3)
    assert kept.window(CHILDREN, Step.REVIEW).last_day == day("2023-10-18")


def test_settings_that_the_file_leaves_out_have_their_defaults(campaign, system, written, save):
    del written["settings"]
    loaded = plan.load(save(written), by=system, code="khong-cau-hinh").campaign
    assert loaded.settings == campaign.settings


def test_deadlines_on_days_off_are_said(campaign, system):
    assert (
        "Trẻ em Rà soát: hạn 15/10/2023 rơi vào ngày nghỉ, ngày làm việc cuối là 13/10/2023."
        in plan.load(FILE, by=system).notes
    )


def test_only_an_administrator_loads_a_plan(district):
    with pytest.raises(NotAllowed):
        plan.load(FILE, by=district)


def at(content: dict, path: str):
    """Parent and last key of a dotted path; numbers are places in a list."""
    *parents, last = [int(key) if key.isdigit() else key for key in path.split(".")]
    for key in parents:
        content = content[key]
    return content, last


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("version", 2, "“version” ghi “2”; cần số 1"),
        ("campaign.code", "Bắc Yên", "“campaign.code” ghi “Bắc Yên”"),
        ("campaign.name", None, "“campaign.name” để trống; cần một đoạn chữ"),
        ("campaign.district_code", 121, "mã huyện 3 chữ số, trong dấu nháy"),
        ("campaign.province_code", 8, "mã tỉnh 2 chữ số, trong dấu nháy"),
        ("campaign", "x", "“campaign” ghi “x”"),
        ("roles.cong_an_xa.app_role", "sheriff", "“roles.cong_an_xa.app_role” ghi “sheriff”"),
        ("roles.cong_an_xa.app_role", "system", "“roles.cong_an_xa.app_role” ghi “system”"),
        ("settings.update_days", 0, "“settings.update_days” ghi “0”; cần một số nguyên từ 1 đến 60"),
        ("settings.update_days", True, "một số nguyên từ 1 đến 60"),
        ("settings.weekends_count", "có", "cần true hoặc false"),
        ("settings.periodic_report_every", "year", "một trong: week, month"),
        ("settings.rest_days", 1, "“settings.rest_days” ghi “1”; cần một cấu hình có tên trong"),
        ("settings.suspect_file.min_rows_ratio", -1, "một số không âm"),
        ("settings.suspect_file.min_rows_ratio", float("nan"), "một số không âm"),
        ("settings.suspect_file.weight", 1, "“settings.suspect_file.weight” ghi “1”; cần một ngưỡng"),
        ("tracks.pensioners", {}, "đúng các sổ: children, beneficiaries"),
        ("tracks.children.steps", {}, "cần một danh sách"),
        ("tracks.children.steps.0.step", "dance", "một trong: export"),
        ("tracks.children.steps.0.step", "review", "còn thiếu: export"),
        ("tracks.children.steps.1.to", None, "cần ngày cuối"),
        ("tracks.children.steps.1.from", None, "cần ngày bắt đầu"),
        ("tracks.children.steps.1.to", "15/10/2023", "“tracks.children.steps[2].to” ghi “15/10/2023”; cần một ngày"),
        ("tracks.children.steps.1.to", "2023-02-30", "cần một ngày có thật"),
        ("tracks.children.steps.1.to", datetime.datetime(2023, 10, 15, 17), "cần một ngày có thật"),
        ("tracks.children.steps.1.to", datetime.date(2023, 10, 1), "không sớm hơn ngày bắt đầu 2023-10-04"),
        ("tracks.children.steps.1.to", datetime.date(2023, 11, 9), "một ngày sau ngày cuối rà soát 2023-11-09"),
        ("tracks.children.steps.1.actor", "doan_xa", "“tracks.children.steps[2].actor” ghi “doan_xa”; cần một trong"),
        ("tracks.children.steps.4.receiver", None, "cần ít nhất một nơi nhận"),
        ("tracks.children.steps.4.receiver", "cong_an_huyen", "cần vai làm được việc này trong ứng dụng"),
        ("tracks.beneficiaries.steps.5.done_by", None, "ghi “ubnd_xa”; cần vai làm được việc này trong ứng dụng"),
        ("reports.final.last_day", None, "cần ngày cuối nộp báo cáo"),
    ],
)
def test_a_spoiled_plan_is_refused_in_one_clear_sentence(campaign, system, written, save, path, value, said):
    parent, key = at(written, path)
    parent[key] = value
    before = Campaign.objects.values().get()
    with pytest.raises(WorkRefused) as refused:
        plan.load(save(written), by=system)
    assert refused.value.code == "usage"
    assert said in refused.value.message
    assert refused.value.message.startswith("Kế hoạch ke_hoach.yaml")
    assert Campaign.objects.values().get() == before


def test_a_step_written_twice_is_refused(system, written, save):
    written["tracks"]["children"]["steps"].append(written["tracks"]["children"]["steps"][0])
    with pytest.raises(WorkRefused, match="có bước ghi hai lần"):
        plan.load(save(written), by=system)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "cả tệp để trống; cần các cặp khóa"),
        ("- 1\n- 2\n", "cả tệp ghi “\\[1, 2\\]”"),
        ("a: [1\nb: 2\n", "dòng 2: viết chưa đúng YAML"),
        ("a: 2023-02-30\n", "có giá trị không đọc được"),
        ("a: !!python/object:os.system x\n", "viết chưa đúng YAML"),
        ("\x00", "có giá trị không đọc được"),
    ],
)
def test_what_is_no_plan_is_refused(system, save, content, said):
    with pytest.raises(WorkRefused, match=said):
        plan.load(save(content), by=system)


def test_a_file_that_cannot_be_opened_is_refused(system, tmp_path):
    with pytest.raises(WorkRefused, match="Không mở được kế hoạch"):
        plan.load(tmp_path / "khong_co.yaml", by=system)
    path = tmp_path / "cu.yaml"
    path.write_bytes("tên: Bắc Yên".encode("utf-16"))
    with pytest.raises(WorkRefused, match="không phải tệp chữ UTF-8"):
        plan.load(path, by=system)


def test_a_shifted_plan_keeps_the_places_of_its_own_days(campaign: Campaign) -> None:
    moved = plan.load(FILE, by=User.objects.system(), first_day=datetime.date(2026, 11, 2), code="lan-tap").campaign
    assert (moved.first_day, moved.places_on) == (datetime.date(2026, 11, 2), datetime.date(2023, 9, 30))
    assert Commune.objects.in_campaign(moved).count() == 16


def run_command(*arguments: str) -> tuple[int, dict, str]:
    """Exit code, the JSON object, what went to stderr."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("load_plan", *arguments, "--json", stdout=out, stderr=err)
    except SystemExit as ended:
        return int(ended.code or 0), json.loads(out.getvalue()), err.getvalue()
    return 0, json.loads(out.getvalue()), err.getvalue()


def test_the_command_says_what_it_did(campaign):
    expected = {"campaign": "bac-yen-2023", "windows": 13, "created": 0, "changed": 0}
    code, told, notes = run_command(str(FILE))
    assert (code, told) == (0, expected)
    assert "hạn 15/10/2023 rơi vào ngày nghỉ" in notes
    code, told, _ = run_command(str(FILE), "--code", "thu", "--first-day", "2024-01-20")
    assert (code, told) == (0, expected | {"campaign": "thu", "created": 14})
    assert Campaign.objects.get(code="thu").first_day == day("2024-01-20")


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        (["khong_co.yaml"], "usage", "Không mở được kế hoạch"),
        ([str(FILE), "--first-day", "30/9/2023"], "usage", "cần một ngày có thật"),
        ([str(FILE), "--code", "có dấu"], "usage", "“--code” ghi “có dấu”"),
        ([str(FILE), "--as", "can-bo-lang-cheu"], "not_allowed", "không được làm việc này"),
    ],
)
def test_the_command_refuses_with_exit_2_and_changes_nothing(campaign, officer, arguments, error, said):
    code, told, line = run_command(*arguments)
    assert (code, told["error"]) == (2, error)
    assert said in told["message"]
    assert line.strip() == told["message"]
    assert Campaign.objects.count() == 1


def test_the_first_plan_brings_the_reference_lists(system: User, db: None) -> None:
    Campaign.objects.all().delete()
    Commune.objects.all().delete()
    loaded = plan.load(FILE, by=system)
    assert Commune.objects.in_campaign(loaded.campaign).count() == 16
    again = plan.load(FILE, by=system)
    assert (again.created, again.changed) == (0, 0)
