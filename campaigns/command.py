"""What all commands of the contract share: campaign, author, JSON, exit codes (contract section 1)."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, field
from typing import Any, NoReturn

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandParser

from campaigns import audit
from campaigns.errors import WorkRefused
from campaigns.models import Campaign, User
from campaigns.models.user import SYSTEM_USERNAME
from campaigns.permissions import NotAllowed, Role, collaborators_on
from campaigns.usage import WorkParser

DONE, NEEDS_A_PERSON, NOTHING_CHANGED = 0, 1, 2


@dataclass
class Result:
    """`data`: the contract's JSON object. `notes`: lines for stderr. `needs_person`: exit 1."""

    data: dict[str, Any]
    notes: list[str] = field(default_factory=list)
    needs_person: bool = False


class WorkCommand(BaseCommand):
    """Subclasses give `add_work_arguments` and `work`, which calls one step and returns a Result."""

    needs_campaign = True
    campaign: Campaign
    user: User

    def add_work_arguments(self, parser: CommandParser) -> None:
        """Arguments of this command."""

    def work(self, options: dict[str, Any]) -> Result:
        raise NotImplementedError

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        # "--js" for "--json" would be understood, but not where a refusal asks whether JSON is wanted.
        parser = super().create_parser(prog_name, subcommand, **{"allow_abbrev": False} | kwargs)
        parser.__class__ = WorkParser
        return parser

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--campaign", metavar="CODE", help="mã đợt; bỏ trống khi chỉ có một đợt đang mở")
        parser.add_argument("--as", dest="as_username", metavar="USERNAME", help="làm với danh nghĩa tài khoản này")
        parser.add_argument("--json", action="store_true", help="in đúng một đối tượng JSON")
        self.add_work_arguments(parser)

    def run_from_argv(self, argv: list[str]) -> None:
        try:
            super().run_from_argv(argv)
        except WorkRefused as refusal:  # from the parser, before handle() could see it
            self._refuse(refusal.code, refusal.message, as_json="--json" in argv)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with audit.acting_by("command"):
                self.user = self._user(options["as_username"])
                if self.needs_campaign:
                    self.campaign = self._campaign(options["campaign"])
                result = self.work(options)
        except WorkRefused as refusal:
            self._refuse(refusal.code, refusal.message, as_json=options["json"])
        except PermissionDenied as denied:
            self._refuse("not_allowed", str(denied), as_json=options["json"])
        for note in result.notes:
            self.stderr.write(note)
        self._print(result.data, as_json=options["json"])
        if result.needs_person:
            sys.exit(NEEDS_A_PERSON)

    def _print(self, data: dict[str, Any], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(data, ensure_ascii=False, default=str))
            return
        for key, value in data.items():
            shown = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
            self.stdout.write(f"{key}: {shown}")

    def _refuse(self, code: str, message: str, *, as_json: bool) -> NoReturn:
        self.stderr.write(" ".join(message.split()))
        if as_json:
            self.stdout.write(json.dumps({"error": code, "message": message}, ensure_ascii=False))
        sys.exit(NOTHING_CHANGED)

    def _user(self, username: str | None) -> User:
        if username in (None, SYSTEM_USERNAME):
            return User.objects.system()
        user = User.objects.filter(username=username, is_active=True).first()
        if user is None:
            raise WorkRefused("not_allowed", f"Không có tài khoản đang dùng nào tên “{username}”. Xem lại --as.")
        return user

    def _campaign(self, code: str | None) -> Campaign:
        campaign = find_campaign(code)
        if self.user.role == Role.COLLABORATOR and not collaborators_on(campaign):
            raise NotAllowed("Đợt này cộng tác viên dùng phiếu in, không dùng tài khoản.")
        return campaign


def find_campaign(code: str | None) -> Campaign:
    """The named campaign, or the only open one; raises WorkRefused `unknown_campaign`."""
    campaigns = Campaign.objects.prefetch_related("windows")
    found = list(campaigns.filter(code=code) if code else campaigns.open())
    if len(found) == 1:
        return found[0]
    if code:
        message = f"Không có đợt nào mã “{code}”. Xem mã đợt bằng trang Quản trị, hoặc nạp kế hoạch bằng load_plan."
    elif not found:
        message = "Chưa có đợt nào đang mở. Nạp kế hoạch trước: manage.py load_plan TỆP.yaml."
    else:
        message = "Có nhiều đợt đang mở: " + ", ".join(c.code for c in found) + ". Hãy chọn một bằng --campaign."
    raise WorkRefused("unknown_campaign", message)
