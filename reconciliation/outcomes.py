"""What one returned line comes to: accepted, to settle, to the civil registry, unanswered (contract section 4).

Pure judgement: nothing here asks the database or changes anything."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from reconciliation.answers import UNKNOWN, Answer
from reconciliation.meaning import Meaning, spelled, spelled_name
from reconciliation.models import BatchKind, Outcome
from reconciliation.residence import ADDRESS, residence_field, same_residence
from reconciliation.sheets import NEEDS, Column, result_codes, sent_columns, to_fill_in
from records.reading.checks import judge
from records.reading.personal_number import with_lost_zeros
from records.reading.reference import Reference
from records.reading.rules import RULES

NUMBER = "personal_number"
# Codes that take a person out of the register: neither side of a line decides them.
EXCLUDING = ("M", "D", "T")


@dataclass(frozen=True)
class OurSide:
    """The person on a line as we hold them now, and as they were sent. `number`: our 12 digits, '' for none;
    `changed`: fields that were sent and have changed since; `earlier`: an answer was acted on before."""

    record_id: int
    values: Mapping[str, str]
    sex: str
    birth_year: int | None
    number: str
    sent: Mapping[str, str]
    changed: tuple[str, ...] = ()
    excluded: bool = False
    earlier: bool = False


@dataclass(frozen=True)
class Surroundings:
    """What is known of the other lines and records. `holders`: number → records of the register that have it;
    `of_parents`: numbers that stand on somebody's parent; `on_two_lines`: numbers given on more than one line."""

    kind: str
    reference: Reference
    meaning: Meaning
    labels: Mapping[str, str]
    holders: Mapping[str, Collection[int]] = field(default_factory=dict)
    of_parents: Collection[str] = frozenset()
    on_two_lines: Collection[str] = frozenset()


@dataclass(frozen=True)
class Differs:
    """A value of theirs that is not ours; `field` '' stands for a line without such values."""

    field: str
    ours: str = ""
    sent: str = ""
    theirs: str = ""


@dataclass(frozen=True)
class Judgement:
    """`code`: as read, or what a number without a code is read as. `number`: what to write, '' for nothing."""

    outcome: str
    code: str = ""
    reason: str = ""
    number: str = ""
    differences: tuple[Differs, ...] = ()


def given_number(answer: Answer, ours: OurSide, around: Surroundings) -> str:
    """The number of an answer as it was before a spreadsheet took its leading zero; '' for none."""
    text = answer.given.get("number", "")
    if not text:
        return ""
    digits = around.meaning.canonical({NUMBER: text})[NUMBER]
    return with_lost_zeros(digits, ours.sex, ours.birth_year, around.reference.province_codes) or digits


def judge_line(ours: OurSide, answer: Answer, around: Surroundings) -> Judgement:
    if answer.is_empty:
        return Judgement(Outcome.UNANSWERED)
    number = given_number(answer, ours, around)
    code = answer.code
    if not code and number:
        code = "K" if number == ours.number else "C"
    first_word = not (ours.earlier or ours.excluded or answer.contradictory)
    if code == "G" and around.kind == BatchKind.POLICE and first_word:
        return Judgement(Outcome.TO_CIVIL_REGISTRY, code, _sentence(lacking(around.kind, code, answer.given)))
    given = [*_number_differs(ours, answer, number), *_values_differ(ours, answer, around)]
    altered = list(_altered_differ(ours, answer, around, {d.field for d in given} | ({NUMBER} if number else set())))
    reasons = [
        *_about_code(code, answer, around.kind),
        *_about_number(code, number, ours, around),
        *_about_values(given, around),
        *_about_row(ours, answer, around),
    ]
    if not reasons:
        return Judgement(Outcome.ACCEPTED, code, number="" if number == ours.number else number)
    if code in result_codes(around.kind) and code not in ("K", "C"):
        reasons += lacking(around.kind, code, answer.given)
    differences = [*given, *altered]
    if not differences or code in EXCLUDING:
        differences = [Differs("")]
    return Judgement(Outcome.TO_SETTLE, code, _sentence(reasons), differences=tuple(differences))


def lacking(kind: str, code: str, given: Mapping[str, str]) -> list[str]:
    """What the code needs and the answer (column key → text) does not hold, as reasons."""
    known = result_codes(kind).get(code)
    if known is None:
        return []
    corrected = any(given.get(column.key) for column in to_fill_in(kind) if column.field)
    held = {"number": bool(given.get("number")), "corrected_field": corrected}
    return [f"thiếu {NEEDS[need]}" for need in known.needs if not held.get(need, bool(given.get("note")))]


def number_rules(values: Mapping[str, str], number: str, record_id: int, around: Surroundings) -> list[str]:
    """The number rules that the number breaks on this person, those that compare records included."""
    judged = judge({**values, NUMBER: number}, around.reference)
    rules = [f.rule for f in judged.findings if f.rule.startswith("number.")]
    if set(around.holders.get(number, ())) - {record_id}:
        rules.append("number.shared")
    if number in around.of_parents and "number.parent" not in rules:
        rules.append("number.parent")
    return rules


def _number_differs(ours: OurSide, answer: Answer, number: str) -> Iterator[Differs]:
    if number and number != ours.values.get(NUMBER, ""):
        yield Differs(NUMBER, ours.values.get(NUMBER, ""), ours.sent.get("Số hiện có", ""), number)


def _values_differ(ours: OurSide, answer: Answer, around: Surroundings) -> Iterator[Differs]:
    for column in to_fill_in(around.kind):
        if column.field and column.key != "number" and column.key in answer.given:
            yield from _differs(column, answer.given[column.key], ours, around)


def _altered_differ(ours: OurSide, answer: Answer, around: Surroundings, spoken: Collection[str]) -> Iterator[Differs]:
    """Edited cells of ours, where the answer proper does not speak of the same field."""
    for column in sent_columns():
        if column.field and column.key in answer.altered and _field_of(column, ours.values) not in spoken:
            yield from _differs(column, answer.altered[column.key], ours, around)


def _differs(column: Column, text: str, ours: OurSide, around: Surroundings) -> Iterator[Differs]:
    key = _field_of(column, ours.values)
    theirs = around.meaning.canonical({key: text})[key]
    if _is_ours(column, theirs, ours.values):
        return
    sent = next((c.heading for c in sent_columns() if c.field == column.field), "")
    yield Differs(key, ours.values.get(key, ""), ours.sent.get(sent, ""), theirs)


def _is_ours(column: Column, theirs: str, values: Mapping[str, str]) -> bool:
    if column.field == ADDRESS:
        return same_residence(theirs, values)
    compare = spelled_name if column.kind == "name" else spelled
    return compare(theirs) == compare(values.get(column.field, ""))


def _field_of(column: Column, values: Mapping[str, str]) -> str:
    return residence_field(values) if column.field == ADDRESS else column.field


def _about_code(code: str, answer: Answer, kind: str) -> Iterator[str]:
    codes = result_codes(kind)
    if answer.contradictory:
        yield "một dòng có hai trả lời khác nhau"
    if code in codes and code not in ("K", "C"):
        yield f"{code}: {codes[code].label}"
    elif code and code not in codes:
        text = code if code != UNKNOWN else answer.given["result"]
        yield f"mã kết quả “{text}” không có trong danh sách mã"
    elif not code and not answer.contradictory:
        yield "thiếu mã kết quả"


def _about_number(code: str, number: str, ours: OurSide, around: Surroundings) -> Iterator[str]:
    if number and number in around.on_two_lines:
        yield "một số ghi cho hai dòng"
    if code == "K":
        yield from _about_confirmed(number, ours, around)
    elif code == "C" and not number:
        yield "mã C nhưng không ghi số định danh"
    elif code == "C":
        if broken := number_rules(ours.values, number, ours.record_id, around):
            yield f"số công an ghi: {_labels(broken)}"
        held = ours.number
        if held and held != number and not number_rules(ours.values, held, ours.record_id, around):
            yield "sổ đang có số khác, số ấy không sai quy tắc nào"


def _about_confirmed(number: str, ours: OurSide, around: Surroundings) -> Iterator[str]:
    if number and number != ours.number:
        yield "mã K nhưng ghi số khác số đang có"
    if around.kind == BatchKind.CIVIL_REGISTRY:
        return
    held = ours.values.get(NUMBER, "")
    if not held:
        yield "mã K nhưng sổ không có số định danh để xác nhận"
    elif broken := number_rules(ours.values, held, ours.record_id, around):
        yield f"mã K nhưng số đang có: {_labels(broken)}"


def _about_values(given: Collection[Differs], around: Surroundings) -> Iterator[str]:
    names = [around.labels.get(d.field, d.field).lower() for d in given if d.field != NUMBER]
    if names:
        yield f"khác sổ ta: {', '.join(names)}"


def _about_row(ours: OurSide, answer: Answer, around: Surroundings) -> Iterator[str]:
    if ours.excluded:
        yield "hồ sơ đã đưa ra khỏi sổ"
    if ours.earlier:
        yield "khác với lần trả trước đã nhận"
    if ours.changed:
        names = ", ".join(around.labels.get(key, key).lower() for key in ours.changed)
        yield f"sổ ta đã đổi sau khi gửi: {names}"
    if answer.altered:
        headings = ", ".join(c.heading for c in sent_columns() if c.key in answer.altered)
        yield f"cột ta gửi đi bị sửa: {headings}"


def _labels(rules: Collection[str]) -> str:
    return "; ".join(RULES[rule].label[:1].lower() + RULES[rule].label[1:] for rule in rules)


def _sentence(reasons: Collection[str]) -> str:
    text = "; ".join(reasons)
    return text[:1].upper() + text[1:]
