"""What a list asks about each person, in words: the column `Đề nghị`.

Only what the partner needs to answer; nothing on circumstances, disability or poverty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from campaigns.templatetags.written import within_sentence
from reconciliation.models import BatchKind, BatchLine, Difference
from records.models import Finding, Record
from records.reading.rules import RULES
from records.reference import field_labels

_NO_NUMBER = ("number.missing", "number.placeholder")
_REGISTRY_RULES = ("name.", "birth_date.", "sex.", "ethnic_group.", "parents.", "father.", "mother.", "record.repeated")


def request_texts(kind: str, records: Sequence[Record]) -> dict[int, str]:
    """Record id → text. The number of queries does not depend on the number of records."""
    rules = _open_rules(records)
    contested = _contested(records) if kind == BatchKind.CIVIL_REGISTRY else {}
    unregistered = _unregistered(records) if kind == BatchKind.CIVIL_REGISTRY else set()
    texts = {}
    for record in records:
        if kind == BatchKind.POLICE:
            parts = [_of_police(record, rules.get(record.pk, []))]
        else:
            parts = ["Chưa đăng ký khai sinh: đề nghị đăng ký"] if record.pk in unregistered else []
            parts += contested.get(record.pk, []) or _of_registry(rules.get(record.pk, []))
            parts = parts or ["Đề nghị đối chiếu với sổ hộ tịch"]
        texts[record.pk] = ". ".join([*parts, *_guardian(record)]) + "."
    return texts


def _guardian(record: Record) -> list[str]:
    if record.father_name or record.mother_name or not record.guardian_name:
        return []
    return [f"Người nuôi dưỡng, giám hộ: {record.guardian_name}"]


def _of_police(record: Record, rules: Sequence[str]) -> str:
    wrong = [rule for rule in rules if rule.startswith("number.")]
    if any(rule in _NO_NUMBER for rule in wrong):
        return "Chưa có số: đề nghị tra hoặc cấp số"
    if "number.old_id" in wrong:
        return "Chỉ có số chứng minh cũ: đề nghị tra hoặc cấp số 12 chữ số"
    if wrong:
        why = "; ".join(within_sentence(RULES[rule].label) for rule in wrong)
        return f"Số hiện có sai ({why}): đề nghị tra số đúng"
    if record.is_new:
        return "Người mới thêm: đề nghị đối chiếu số và thông tin"
    return "Đề nghị đối chiếu số và thông tin"


def _of_registry(rules: Sequence[str]) -> list[str]:
    asked = [within_sentence(RULES[rule].label) for rule in rules if rule.startswith(_REGISTRY_RULES)]
    return [f"Đề nghị xác định: {'; '.join(asked)}"] if asked else []


def _open_rules(records: Sequence[Record]) -> dict[int, list[str]]:
    found = Finding.objects.blocking().filter(record__in=[r.pk for r in records]).order_by("id")
    rules: dict[int, list[str]] = {}
    for record_id, rule in found.values_list("record_id", "rule"):
        if rule not in rules.setdefault(record_id, []):
            rules[record_id].append(rule)
    return rules


def _contested(records: Sequence[Record]) -> dict[int, list[str]]:
    """What a person decided to ask the registry about: the newest decision on each field."""
    decided = (
        Difference.objects.filter(line__record__in=[r.pk for r in records], decision="civil_registry")
        .order_by("line__record_id", "field", "-id")
        .distinct("line__record_id", "field")
        .values_list("line__record_id", "field", "theirs", "line__batch__register")
    )
    asked: dict[int, list[str]] = {}
    for record_id, field, theirs, register in decided:
        asked.setdefault(record_id, []).append(_question(field_labels(register), field, theirs))
    return asked


def _question(labels: Mapping[str, str], field: str, theirs: str) -> str:
    if not field:
        return "Công an chưa xác định được: đề nghị đối chiếu với sổ hộ tịch"
    return f"{labels.get(field, field)}: công an ghi “{theirs}”, đề nghị xác định theo sổ hộ tịch"


def _unregistered(records: Sequence[Record]) -> set[int]:
    newest = (
        BatchLine.objects.filter(record__in=[r.pk for r in records], batch__kind=BatchKind.POLICE)
        .exclude(result_code="")
        .order_by("record_id", "-id")
        .distinct("record_id")
        .values_list("record_id", "result_code")
    )
    return {record_id for record_id, code in newest if code == "G"}
