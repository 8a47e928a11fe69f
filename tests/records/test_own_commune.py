"""A commune that is not the author's own is refused by every step that is given one, and nothing is recorded."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command

from campaigns.errors import WorkRefused
from campaigns.models import AuditEvent, Campaign, Commune, User
from campaigns.permissions import NotAllowed
from records import review
from records.listings import write_findings
from records.lists import export_list
from records.models import PeopleList, Stage
from tests.records.people import exported_child

Step = Callable[[Campaign, Commune, User, Path], object]

STEPS: dict[str, Step] = {
    "findings": lambda campaign, commune, by, out: write_findings(campaign, "children", out, by=by, commune=commune),
    "list": lambda campaign, commune, by, out: export_list(campaign, "all", "children", by=by, commune=commune),
    "suggestions": lambda campaign, commune, by, out: review.accept_suggestions(
        campaign, "children", ["name.legacy_font"], by=by, commune=commune
    ),
    "reviewed": lambda campaign, commune, by, out: review.mark_reviewed(campaign, "children", commune, by=by),
}


@pytest.mark.parametrize("name", STEPS)
def test_another_commune_is_refused(
    name: str, campaign: Campaign, lang_cheu: Commune, officer: User, other_officer: User, tmp_path: Path
) -> None:
    child = exported_child(campaign, officer, "TE1")
    events = AuditEvent.objects.count()
    out = tmp_path / "out.csv"
    with pytest.raises(NotAllowed, match="chỉ làm việc được với xã của mình, không với Xã Làng Chếu"):
        STEPS[name](campaign, lang_cheu, other_officer, out)
    child.refresh_from_db()
    assert (child.stage, AuditEvent.objects.count(), PeopleList.objects.count()) == (Stage.CLEANED, events, 0)
    assert not out.exists()


@pytest.mark.parametrize("name", STEPS)
def test_the_own_commune_and_the_district_may(
    name: str, campaign: Campaign, lang_cheu: Commune, officer: User, district: User, tmp_path: Path
) -> None:
    exported_child(campaign, officer, "TE1")
    STEPS[name](campaign, lang_cheu, officer, tmp_path / "out.csv")
    STEPS[name](campaign, lang_cheu, district, tmp_path / "out.csv")


def test_no_rule_is_no_order(campaign: Campaign, officer: User) -> None:
    with pytest.raises(WorkRefused, match="Chưa nêu quy tắc nào"):
        review.accept_suggestions(campaign, "children", [], by=officer)


def test_a_list_that_cannot_be_written_was_never_given_out(
    campaign: Campaign, officer: User, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    exported_child(campaign, officer, "TE1")
    events = AuditEvent.objects.count()
    with pytest.raises(SystemExit) as ended:
        call_command("export_list", "all", str(tmp_path), "--register", "children", "--json")
    assert ended.value.code == 2
    assert '"error": "usage"' in capsys.readouterr().out
    assert (PeopleList.objects.count(), AuditEvent.objects.count()) == (0, events)


def test_the_built_in_user_may_be_named(campaign: Campaign, officer: User, tmp_path: Path) -> None:
    exported_child(campaign, officer, "TE1")
    call_command("list_findings", str(tmp_path / "out.csv"), "--register", "children", "--as", "lenh")
    assert AuditEvent.objects.latest("pk").username == "lenh"


def test_a_collaborator_works_on_paper_unless_the_campaign_says_otherwise(
    campaign: Campaign, lang_cheu: Commune, capsys: pytest.CaptureFixture[str]
) -> None:
    User.objects.create_user("doan", full_name="Đoàn Xã", role="collaborator", commune=lang_cheu)
    order = ["mark_reviewed", "--register", "children", "--commune", lang_cheu.code, "--as", "doan", "--json"]
    with pytest.raises(SystemExit):
        call_command(*order)
    assert '"error": "not_allowed"' in capsys.readouterr().out
    campaign.settings["collaborator_accounts"] = True
    campaign.save()
    call_command(*order)
    assert '"still_open": 0' in capsys.readouterr().out
