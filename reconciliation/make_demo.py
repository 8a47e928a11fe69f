"""The demo district: a plan moved so that today is in its middle, invented people brought in through the same import as
real files, accounts for every role, and two weeks of work behind them."""

from __future__ import annotations

import datetime
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from campaigns import audit, plan, reference_data
from campaigns.errors import WorkRefused
from campaigns.models import Campaign, Commune, Register, User
from campaigns.outfile import write_whole
from campaigns.permissions import Permission, check
from reconciliation.demo.accounts import ACCOUNTS
from reconciliation.demo.dice import dice
from reconciliation.demo.district import build
from reconciliation.demo.past import done_at
from reconciliation.demo.story import Story
from reconciliation.demo.workbooks import write_workbooks
from records import imports
from records.reference import REFERENCE_FILES

PLAN = REFERENCE_FILES / "plan_bac_yen_2023.yaml"
CODE = "mau-bac-yen"
# Monday to Sunday of the plan's second week, 9 to 15 October 2023: review is nearly over, lists are out, some are back.
_DAYS_BEFORE_THAT_MONDAY = 9
_PASSWORD_BYTES = 9


@dataclass
class Made:
    campaign: Campaign
    files: list[Path]
    accounts: int


@transaction.atomic
def make_demo(*, by: User, scale: float = 1.0, seed: int = 1, files_to: Path | None = None) -> Made:
    """Raises WorkRefused `not_allowed` in a database that holds a campaign."""
    check(by, Permission.MANAGE)
    if other := Campaign.objects.first():
        raise WorkRefused(
            "not_allowed", f"Đã có đợt “{other.code}”. Huyện mẫu chỉ tạo trên cơ sở dữ liệu chưa có đợt nào."
        )
    today = timezone.localdate()
    first_day = today - datetime.timedelta(days=_DAYS_BEFORE_THAT_MONDAY + today.weekday())
    reference_data.load(by=by)
    campaign = plan.load(PLAN, by=by, first_day=first_day, code=CODE).campaign
    Campaign.objects.filter(pk=campaign.pk).update(is_demo=True)
    campaign = Campaign.objects.prefetch_related("windows").get(pk=campaign.pk)
    people = _make_accounts(campaign)
    with tempfile.TemporaryDirectory() as folder:
        district = build(scale, seed, first_day, REFERENCE_FILES)
        files = write_workbooks(district, files_to or Path(folder))
        _import(campaign, files, people["phong.huong"], first_day)
    officers = {u.commune.code: u for u in reversed(people.values()) if u.commune and u.role == "commune_officer"}
    Story(campaign, dice(seed, "story"), officers, people["phong.huong"]).tell(today)
    made = Made(campaign, sorted(files.values()) if files_to else [], len(people))
    audit.record("demo_made", by=by, campaign=campaign, target=campaign.code, seed=seed, accounts=len(people))
    return made


def _make_accounts(campaign: Campaign) -> dict[str, User]:
    """Passwords are drawn anew for every installation and kept in one file, mode 0600."""
    communes = {c.code: c for c in Commune.objects.in_campaign(campaign)}
    people, lines = {}, []
    for account in ACCOUNTS:
        password = secrets.token_urlsafe(_PASSWORD_BYTES)
        user = User.objects.create_user(
            account.username, password=password, full_name=account.full_name, role=account.role,
            commune=communes.get(account.commune or ""), is_demo=True,
        )  # fmt: skip
        people[account.username] = user
        place = f", {user.commune.name}" if user.commune else ""
        lines.append(f"{account.username:<18} {password:<14} {user.get_role_display()}{place}")
    write_whole(settings.STATE / "demo_accounts.txt", ("\n".join(lines) + "\n").encode())
    return people


def _import(campaign: Campaign, files: dict[str, Path], by: User, first_day: datetime.date) -> None:
    """On the Monday after the plan's first day, a Saturday."""
    monday = timezone.make_aware(datetime.datetime.combine(first_day + datetime.timedelta(days=2), datetime.time(9)))
    for hour, (name, register) in enumerate(
        (("children.xlsx", Register.CHILDREN), ("beneficiaries.xlsx", Register.BENEFICIARIES))
    ):
        path = files[name]
        with done_at(monday + datetime.timedelta(hours=hour)):
            file = imports.receive(campaign, register, by=by, name=path.name, content=path.read_bytes())
            imports.apply(file, by=by)
    with connection.cursor() as cursor:  # within a transaction nobody else can tell the planner how large they are now
        cursor.execute("ANALYZE records_record, records_finding, records_stagechange")
