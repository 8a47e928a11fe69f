"""The review of a commune: suggestions taken, findings confirmed, people added, the review closed.

Exclusion, which takes two people, is in `exclusions.py`."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q
from django.utils import timezone

from campaigns import audit
from campaigns.errors import WorkRefused
from campaigns.models import AuditEvent, Campaign, Commune, Register, User
from campaigns.permissions import NotAllowed, Permission, check, check_place, place_filter
from records import changes, stages
from records.models import Change, ChangeKind, ChangeSet, Finding, Record, Severity, Stage, StageChange
from records.reading.rules import CONFIRM_NOTES, RULES

_SAME_FORM = datetime.timedelta(days=2)
IDENTITY_FIELDS = ("full_name", "birth_date", "sex")


@dataclass
class Accepted:
    corrected: int
    left: int
    change_set: ChangeSet | None


@transaction.atomic
def accept_suggestions(
    campaign: Campaign,
    register: str,
    rules: Collection[str],
    *,
    by: User,
    commune: Commune | None = None,
    record_ids: Collection[int] | None = None,
) -> Accepted:
    """Applies what the named rules suggest, as one change set. `corrected` counts findings whose suggestion was
    written, `left` the open findings of those rules that have none. Raises WorkRefused `usage` for unknown rules."""
    check(by, Permission.REVIEW)
    check_place(by, commune)
    if not rules:
        raise WorkRefused("usage", "Chưa nêu quy tắc nào. Xem tên quy tắc bằng list_findings.")
    if unknown := sorted(set(rules) - set(RULES)):
        raise WorkRefused("usage", f"Không có quy tắc {', '.join(unknown)}. Xem tên quy tắc bằng list_findings.")
    records = Record.objects.for_user(by).register(campaign, register)
    if commune is not None:
        records = records.filter(commune=commune)
    if record_ids is not None:
        records = records.filter(pk__in=record_ids)
    found = list(Finding.objects.open().filter(record__in=records, rule__in=rules).order_by("record_id", "id"))
    edits: dict[int, dict[str, str | None]] = {}
    for finding in found:
        if finding.suggestion:
            edits.setdefault(finding.record_id, {}).setdefault(finding.field, finding.suggestion)
    corrected = sum(len(fields) for fields in edits.values())
    change_set = None
    if edits:
        change_set = changes.open_change_set(
            campaign,
            ChangeKind.SUGGESTION,
            by=by,
            reason=", ".join(sorted({RULES[rule].label for rule in rules})),
        )
        changes.apply(change_set, edits)
    audit.record(
        "suggestions_accepted", by=by, campaign=campaign, target=f"register:{register}",
        commune_code=commune.code if commune else "", rules=sorted(rules), corrected=corrected,
    )  # fmt: skip
    return Accepted(corrected, len(found) - corrected, change_set)


@transaction.atomic
def correct(
    record: Record, fields: Mapping[str, str], *, by: User, version: int, document: str = ""
) -> tuple[ChangeSet | None, changes.Applied]:
    """An officer's edit of one record. A legal field needs the paper that was seen (`document`). A stale edit writes
    nothing and comes back in `Applied.stale`."""
    check(by, Permission.REVIEW)
    if not document and any(record.value(key) != text for key, text in fields.items() if key in legal_fields(record)):
        raise WorkRefused("usage", "Sửa họ tên, ngày sinh, giới tính, dân tộc hoặc cha mẹ: ghi rõ đã xem giấy tờ nào.")
    change_set = changes.open_change_set(record.campaign, ChangeKind.EDIT, by=by, document=document)
    applied = changes.apply(change_set, {record.pk: dict(fields)}, versions={record.pk: version})
    if not applied.changed:
        change_set.delete()
        return None, applied
    audit.record(
        "record_corrected", by=by, campaign=record.campaign, target=f"record:{record.row_code}",
        commune_code=record.commune.code if record.commune else "", fields=sorted(fields),
    )  # fmt: skip
    return change_set, applied


LEGAL_FIELDS = (
    "full_name",
    "birth_date",
    "sex",
    "ethnic_group",
    "father_name",
    "mother_name",
    "guardian_name",
)


def legal_fields(record: Record) -> frozenset[str]:
    """Fields that are corrected from a paper, never from memory (plan II.1.1.b)."""
    return frozenset(LEGAL_FIELDS)


@transaction.atomic
def confirm(findings: Iterable[Finding], *, note: str, by: User) -> int:
    """Marks findings as right as they stand. Errors need the paper that was seen as `note`; warnings a note of the
    short list or a paper. Raises WorkRefused for findings that only a correction settles."""
    check(by, Permission.REVIEW)
    found = list(Finding.objects.for_user(by).open().filter(pk__in=[f.pk for f in findings]).select_related("record"))
    if not note.strip():
        notes = ", ".join(f"“{text}”" for text in CONFIRM_NOTES)
        raise WorkRefused("usage", f"Ghi rõ vì sao là đúng: giấy tờ đã xem, hoặc {notes}.")
    for finding in found:
        if RULES[finding.rule].only_correction:
            raise WorkRefused("usage", f"“{RULES[finding.rule].label}” chỉ hết khi sửa giá trị, không xác nhận được.")
        if finding.severity == Severity.ERROR and note in CONFIRM_NOTES:
            raise WorkRefused(
                "usage",
                f"“{RULES[finding.rule].label}” là lỗi: cần ghi giấy tờ đã xem, ví dụ “Giấy khai sinh”.",
            )
    done = Finding.objects.filter(pk__in=[f.pk for f in found]).update(
        status="confirmed", by=by, status_at=timezone.now(), note=note.strip()[:200]
    )
    for campaign, codes in _by_campaign(found).items():
        audit.record(
            "findings_confirmed",
            by=by,
            campaign=campaign,
            target=f"record:{codes[0]}",
            records=codes,
            note=note,
        )
    return done


def _by_campaign(found: list[Finding]) -> dict[Campaign, list[str]]:
    codes: dict[Campaign, list[str]] = {}
    for finding in found:
        codes.setdefault(finding.record.campaign, []).append(finding.record.row_code)
    return codes


@transaction.atomic
def add_person(
    campaign: Campaign, register: str, values: Mapping[str, str], *, by: User, document: str = "", once: str = ""
) -> Record:
    """A person who is in no export (target group 4), typed in by hand. `once`: a mark of the form; a form that is sent
    a second time (two clicks, or back and again) adds nobody and gives the same person."""
    check(by, Permission.ADD_PERSON)
    if once and (earlier := _added_before(campaign, by, once)):
        return earlier
    change_set = changes.open_change_set(campaign, ChangeKind.NEW_PERSON, by=by, document=document)
    record = changes.add_person(campaign, register, values, change_set=change_set)
    if not Record.objects.filter(place_filter(by), pk=record.pk).exists():
        raise NotAllowed("Chỉ thêm được người của xã, bản mình phụ trách. Xem lại cột Xã/thị trấn.")
    audit.record(
        "person_added", by=by, campaign=campaign, target=f"record:{record.row_code}",
        commune_code=record.commune.code if record.commune else "", register=Register(register).value, once=once,
    )  # fmt: skip
    return record


def _added_before(campaign: Campaign, by: User, once: str) -> Record | None:
    Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)  # the other click waits here
    since = timezone.now() - _SAME_FORM
    events = AuditEvent.objects.filter(campaign_code=campaign.code, at__gte=since, event="person_added")
    told = events.filter(username=by.username, details__once=once).first()
    code = told.target.removeprefix("record:") if told else ""
    return Record.objects.for_user(by).filter(campaign=campaign, row_code=code).first() if code else None


@transaction.atomic
def ask_police(records: Collection[Record], *, by: User) -> int:
    """Asks the police to look at people although no rule says so; they go with the next `mark_reviewed`."""
    check(by, Permission.REVIEW)
    mine = Record.objects.for_user(by).filter(pk__in=[r.pk for r in records])
    done = mine.update(ask_police=True)
    for record in mine.select_related("campaign"):
        audit.record("police_asked", by=by, campaign=record.campaign, target=f"record:{record.row_code}")
    return done


@dataclass
class Reviewed:
    """How many records `mark_reviewed` moved, and how many it left."""

    ready_for_police: int
    cleaned: int
    still_open: int


def where_they_go(
    campaign: Campaign, register: str, commune: Commune, *, by: User, village: str | None = None
) -> tuple[list[int], list[int], int]:
    """What `mark_reviewed` would do now: ids that go to the police, ids that are clean, how many would stay open."""
    at_review = Record.objects.for_user(by).register(campaign, register).filter(commune=commune, stage=Stage.TO_REVIEW)
    if village is not None:
        at_review = at_review.filter(village=village)
    open_findings = Finding.objects.blocking().filter(record=OuterRef("pk"))
    looked_up_at = (
        StageChange.objects.filter(
            record=OuterRef("pk"),
            old__in=[Stage.WITH_POLICE, Stage.TO_SETTLE, Stage.WITH_CIVIL_REGISTRY],
            new__in=[Stage.CLEANED, Stage.TO_REVIEW],
        )
        .order_by()
        .values("record")
        .annotate(last=Max("at"))
        .values("last")
    )
    identity_changed = Change.objects.filter(
        record=OuterRef("pk"), field__in=IDENTITY_FIELDS, change_set__undoes=None, change_set__undone_in=None
    ).exclude(change_set__kind__in=[ChangeKind.IMPORT, ChangeKind.CIVIL_REGISTRY])
    at_review = at_review.annotate(last_looked_up=looked_up_at).annotate(
        has_open=Exists(open_findings),
        has_number_open=Exists(open_findings.filter(rule__startswith="number.")),
        changed_by_hand=Exists(identity_changed.filter(Q(change_set__at__gt=OuterRef("last_looked_up")))),
        changed_ever=Exists(identity_changed),
    )
    never = Q(last_looked_up__isnull=True)
    wants_police = (
        Q(has_number_open=True) | Q(ask_police=True) | Q(is_new=True) & never
        | Q(changed_by_hand=True) | Q(changed_ever=True) & never
    )  # fmt: skip
    named = ~Q(full_name="") & Q(birth_year__isnull=False)
    to_police = list(at_review.filter(wants_police, named, in_scope=True, is_gone=False).values_list("pk", flat=True))
    clean = list(at_review.exclude(wants_police).filter(has_open=False).values_list("pk", flat=True))
    return to_police, clean, at_review.count() - len(to_police) - len(clean)


@transaction.atomic
def mark_reviewed(
    campaign: Campaign, register: str, commune: Commune, *, by: User, village: str | None = None
) -> Reviewed:
    """Closes the review of a commune, or of one village of it (contract section 3): who must be looked up goes on to
    the police, who is complete is clean, the rest stays."""
    check(by, Permission.REVIEW)
    check_place(by, commune)
    to_police, clean, still_open = where_they_go(campaign, register, commune, by=by, village=village)
    stages.move(campaign, to_police, Stage.READY_FOR_POLICE, by=by, reason="xong rà soát")
    stages.move(campaign, clean, Stage.CLEANED, by=by, reason="xong rà soát")
    Record.objects.filter(pk__in=to_police).update(ask_police=False)
    reviewed = Reviewed(len(to_police), len(clean), still_open)
    audit.record(
        "review_closed", by=by, campaign=campaign, target=f"register:{register}", commune_code=commune.code,
        ready_for_police=reviewed.ready_for_police, cleaned=reviewed.cleaned, still_open=reviewed.still_open,
    )  # fmt: skip
    return reviewed
