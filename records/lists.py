"""Lists for people: what is to clean, what is clean, the whole register, and the household visit sheet.

A list that can come home carries its code above the table and the row codes of its people (`lists_back.py`)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from campaigns import audit
from campaigns.errors import WorkRefused
from campaigns.models import Campaign, Commune, User
from campaigns.outfile import write_whole
from campaigns.permissions import Permission, check, check_place
from records.list_workbook import ListColumn, ListRow, list_workbook
from records.masking import mask, mask_within
from records.models import Finding, ListKind, PeopleList, Record, Stage
from records.private import sensitive_fields
from records.reading.explanations import explain
from records.reading.reference import Field, Reference
from records.reading.rules import RULES
from records.reference import fields_of, reference_for
from records.walking import NO_VILLAGE, house_of, in_walking_order

STAGES = {
    ListKind.TO_CLEAN: [Stage.TO_REVIEW],
    ListKind.CLEANED: [Stage.CLEANED, Stage.UPLOADED],
    ListKind.VISIT: [Stage.TO_REVIEW],
}
# A sheet that is carried from house to house says who lives there, not what they receive or under which number.
PAPER_FIELDS = (
    "full_name", "birth_date", "sex", "ethnic_group", "personal_number", "father_name", "mother_name", "guardian_name",
    "village", "permanent_address",
)  # fmt: skip
NOT_TO_EDIT = {"system_code", "updated_on"}


@dataclass(frozen=True)
class Exported:
    people_list: PeopleList
    content: bytes


@transaction.atomic
def export_list(
    campaign: Campaign, kind: str, register: str, *, by: User, commune: Commune | None = None, village: str = ""
) -> Exported:
    """Makes the list of what this user may see, of one village where it is named. Raises WorkRefused
    `nothing_to_send` where nobody would stand on it."""
    check(by, Permission.EXPORT)
    check_place(by, commune)
    commune = commune or by.commune
    Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)  # two lists never get one code
    at = timezone.now()  # before anybody is read: what changes from now on has changed since the list
    records = Record.objects.for_user(by).register(campaign, register).select_related("commune")
    if commune is not None:
        records = records.filter(commune=commune)
    if village:
        records = records.filter(village=village)
    if kind != ListKind.ALL:
        records = records.present().filter(stage__in=STAGES[ListKind(kind)])
    people = in_walking_order(records)
    if not people:
        raise WorkRefused(
            "nothing_to_send", f"Không có ai để ghi vào {ListKind(kind).label}. Xem tình trạng ở trang Rà soát."
        )
    number = PeopleList.objects.filter(campaign=campaign).count() + 1
    people_list = PeopleList(
        campaign=campaign, register=register, kind=kind, commune=commune, code=f"DS-{number:04d}", by=by,
        at=at, row_codes=[r.row_code for r in people],
    )  # fmt: skip
    content = list_workbook(people_list, columns_of(kind, register), rows_of(people_list, people))
    people_list.sha256 = hashlib.sha256(content).hexdigest()
    people_list.save()
    audit.record(
        "list_exported", by=by, campaign=campaign, target=f"list:{people_list.code}", kind=kind, register=register,
        commune_code=commune.code if commune else "", village=village, rows=len(people), sha256=people_list.sha256,
    )  # fmt: skip
    return Exported(people_list, content)


def write_list(exported: Exported, out: Path) -> None:
    write_whole(out, exported.content)


def columns_of(kind: str, register: str) -> list[ListColumn]:
    """The columns of a kind of list. Sensitive ones are on the whole register only."""
    fields = [f for f in fields_of(register) if _shown(f, kind)]
    return [
        ListColumn(f.key, f.label, to_edit=kind in (ListKind.TO_CLEAN, ListKind.VISIT) and f.key not in NOT_TO_EDIT)
        for f in fields
    ]


def _shown(field: Field, kind: str) -> bool:
    if kind == ListKind.VISIT:
        return field.key in PAPER_FIELDS
    return kind == ListKind.ALL or not field.sensitive


def rows_of(people_list: PeopleList, people: list[Record]) -> Iterable[ListRow]:
    """What the list says of each, as the register holds it now. Three queries, however many people."""
    campaign, kind = people_list.campaign, people_list.kind
    reference = reference_for(campaign, people_list.register)
    found: dict[int, list[Finding]] = {}
    for finding in Finding.objects.blocking().filter(campaign=campaign, record__in=people).order_by("id"):
        found.setdefault(finding.record_id, []).append(finding)
    for record in people:
        mine = found.get(record.pk, [])
        values = dict(record.values)
        if kind == ListKind.VISIT:
            values = {key: mask_within(text) for key, text in values.items()}
            values["personal_number"] = mask(record.value("personal_number"))
        yield ListRow(
            row_code=record.row_code,
            village=_village(people_list, record),
            house=house_of(record),
            values=values,
            reasons=[reason for f in mine if (reason := _reason(f, record, kind, reference))],
            marked={f.field for f in mine},
        )


def _village(people_list: PeopleList, record: Record) -> str:
    """As the sheet heads it; a list of the whole district says of which commune."""
    village = record.village or NO_VILLAGE
    if people_list.commune_id is not None:
        return village
    return f"{village}, {record.commune.name if record.commune else 'chưa rõ xã'}"


def _reason(finding: Finding, record: Record, kind: str, reference: Reference) -> str:
    """What the list may say of it: of a sensitive field no more than which rule it is, on a visit sheet nothing."""
    rule, is_sensitive = RULES[finding.rule], finding.field in sensitive_fields(record.register)
    if kind == ListKind.VISIT and is_sensitive:
        return ""
    if kind != ListKind.ALL and (is_sensitive or (rule.code == "ministry.rejected" and kind == ListKind.VISIT)):
        return f"{rule.label}. {rule.help}"
    said = explain(finding.rule, finding.field, finding.value, finding.suggestion, record.values, reference)
    return mask_within(said) if kind == ListKind.VISIT else said
