"""What the people of the demo district have done until yesterday evening, through the same steps as real people.

Some communes are quick, two have hardly begun; batches are out, some are back, one is late."""

from __future__ import annotations

import contextlib
import datetime
import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils import timezone

from campaigns.clock import WorkingDays
from campaigns.errors import WorkRefused
from campaigns.models import Campaign, Commune, Register, User
from reconciliation import ministry_result, settling, upload_file
from reconciliation.demo import answering
from reconciliation.demo.past import done_at
from reconciliation.handback import take_back
from reconciliation.handover import send_batch
from reconciliation.models import Batch, BatchKind
from records import exclusions, review
from records.models import Finding, Record, Severity, Stage
from records.reading.rules import CONFIRM_NOTES, RULES
from records.reference import reference_for

SAFE_SUGGESTIONS = ("number.lost_zero", "number.lookalike", "name.legacy_font")
NOT_BEGUN = ("03869", "03862")  # Háng Đồng, Hang Chú
ANSWERED = ("03874", "03871", "03880")  # Làng Chếu, Pắc Ngà, Mường Khoa
LATE = "03856"  # thị trấn Bắc Yên: sent, and not back in time
CLEAN_FIRST = "03883"  # Song Pe: its beneficiaries have been uploaded
PAPER = "Giấy khai sinh"
_SHARE_CONFIRMED = 0.6


@dataclass
class Story:
    campaign: Campaign
    chance: random.Random
    officers: dict[str, User]  # commune code → its officer, where it has an account
    district: User
    days: WorkingDays = field(init=False)

    def __post_init__(self) -> None:
        self.days = WorkingDays(self.campaign)
        self.communes = {c.code: c for c in Commune.objects.in_campaign(self.campaign)}

    def tell(self, today: datetime.date) -> None:
        """From the first day of review to the evening before `today`."""
        first = self.campaign.window(Register.CHILDREN, "review").first_day or self.campaign.first_day
        worked = [
            d for n in range((today - first).days) if self.days.is_working(d := first + datetime.timedelta(days=n))
        ]
        for index, day in enumerate(worked):
            self._review(index, day)
            if index == len(worked) // 2:
                self._send(day, due=self.days.add(today, -1))
            if index == len(worked) - 1:
                self._finish(day)

    def _by(self, commune: Commune) -> User:
        return self.officers.get(commune.code, self.district)

    def _review(self, index: int, day: datetime.date) -> None:
        for position, (code, commune) in enumerate(self.communes.items()):
            if code in NOT_BEGUN:
                continue
            with done_at(_hour(day, 8 + position % 9)):
                for register in Register.values:
                    self._review_commune(index, register, commune)

    def _review_commune(self, index: int, register: str, commune: Commune) -> None:
        """Village by village: the quick communes do two a day, the others one."""
        by = self._by(commune)
        records = Record.objects.register(self.campaign, register).filter(commune=commune)
        villages = sorted(set(records.values_list("village", flat=True)))
        pace = 1 + (int(commune.code) % 3 == 0)
        for village in villages[index * pace : (index + 1) * pace]:
            mine = list(records.filter(village=village).values_list("pk", flat=True))
            review.accept_suggestions(self.campaign, register, SAFE_SUGGESTIONS, by=by, record_ids=mine)
            self._confirm(mine, by)
            review.mark_reviewed(self.campaign, register, commune, by=by, village=village)

    def _confirm(self, record_ids: list[int], by: User) -> None:
        found = Finding.objects.blocking().filter(record__in=record_ids, record__stage=Stage.TO_REVIEW).order_by("pk")
        mine = [f for f in found if not _needs_correction(f) and self.chance.random() < _SHARE_CONFIRMED]
        review.confirm([f for f in mine if f.severity == Severity.WARNING], note=CONFIRM_NOTES[0], by=by)
        review.confirm([f for f in mine if f.severity == Severity.ERROR], note=PAPER, by=by)

    def _send(self, day: datetime.date, due: datetime.date) -> None:
        for code in (*ANSWERED, LATE):
            self._send_one(self.communes[code], Register.CHILDREN, _hour(day, 15), due if code == LATE else None)
        self._send_one(self.communes[ANSWERED[0]], Register.BENEFICIARIES, _hour(day, 16))
        self._send_one(self.communes[CLEAN_FIRST], Register.BENEFICIARIES, _hour(day, 16))

    def _send_one(
        self, commune: Commune, register: str, at: datetime.datetime, due: datetime.date | None = None
    ) -> None:
        with done_at(at), _if_anybody_waits():
            send_batch(self.campaign, register, commune, BatchKind.POLICE, by=self._by(commune), due=due, at=at)

    def _finish(self, day: datetime.date) -> None:
        """The last working day: lists come home, one is settled, another leaves, one register is uploaded."""
        for code in ANSWERED:
            self._take_back(self.communes[code], Register.CHILDREN, _hour(day, 9))
        self._take_back(self.communes[CLEAN_FIRST], Register.BENEFICIARIES, _hour(day, 10))
        with done_at(_hour(day, 11)):
            for batch in Batch.objects.filter(commune__code=ANSWERED[1], register=Register.CHILDREN):
                settling.settle(batch, "theirs", by=self._by(batch.commune))
        self._to_the_registry(self.communes[ANSWERED[0]], _hour(day, 14))
        self._send_one(self.communes[ANSWERED[0]], Register.CHILDREN, _hour(day, 15))
        self._upload(self.communes[CLEAN_FIRST], _hour(day, 16))
        self._ask_exclusion(self.communes[ANSWERED[0]], _hour(day, 17))

    def _take_back(self, commune: Commune, register: str, at: datetime.datetime) -> None:
        provinces = reference_for(self.campaign, register).province_codes
        by = self._by(commune) if register == Register.CHILDREN else self.district
        for batch in Batch.objects.filter(
            campaign=self.campaign, commune=commune, register=register, kind=BatchKind.POLICE
        ):
            content = answering.answered(batch, self.chance, provinces)
            with done_at(at):
                take_back(self.campaign, by=by, name=f"{batch.code} đã trả lời.xlsx", content=content)

    def _to_the_registry(self, commune: Commune, at: datetime.datetime) -> None:
        with done_at(at), _if_anybody_waits():
            send_batch(self.campaign, Register.CHILDREN, commune, BatchKind.CIVIL_REGISTRY, by=self._by(commune), at=at)

    def _upload(self, commune: Commune, at: datetime.datetime) -> None:
        with done_at(at):
            upload = upload_file.build_upload(
                self.campaign, Register.BENEFICIARIES, by=User.objects.system(), commune=commune
            )
            refused = upload.lines.select_related("record").order_by("row_number")[:2]
            refusals = [
                ministry_result.Refusal(line.record.system_code, "", "", "Số CCCD đã có ở hồ sơ khác trên phần mềm")
                for line in refused
            ]
            ministry_result.record_result(upload, refusals, by=User.objects.system())

    def _ask_exclusion(self, commune: Commune, at: datetime.datetime) -> None:
        someone = Record.objects.filter(campaign=self.campaign, commune=commune, stage=Stage.TO_REVIEW).order_by("pk")[
            :1
        ]
        with done_at(at):
            exclusions.ask_exclusion(
                someone, reason="moved", document="Giấy chuyển nơi thường trú 17/2023", by=self._by(commune)
            )


@contextlib.contextmanager
def _if_anybody_waits() -> Iterator[None]:
    try:
        yield
    except WorkRefused as refusal:
        if refusal.code != "nothing_to_send":
            raise


def _needs_correction(finding: Finding) -> bool:
    return RULES[finding.rule].only_correction or finding.rule.startswith("number.")


def _hour(day: datetime.date, hour: int) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(hour, 7 * hour % 60)))
