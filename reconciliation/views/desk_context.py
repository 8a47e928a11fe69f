"""What the answering page shows of one line, its queue and its questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from reconciliation import desk
from reconciliation.forms import AnswerForm
from reconciliation.line_face import cell
from reconciliation.models import BatchKind, BatchLine
from reconciliation.outcomes import lacking
from reconciliation.sheets import NEEDS
from records.masking import mask

_UNCODED = {BatchKind.POLICE: "Chưa gõ gì: gõ số, hoặc chọn một mã.", BatchKind.CIVIL_REGISTRY: "Chọn một mã kết quả."}
_GROUP_TITLES = {"S": "Thông tin đúng (mã S): chỉ điền ô nào khác", "K S": "Theo sổ đăng ký khai sinh (mã K, S)"}


def desk_context(
    batch: Any,
    lines: Sequence[BatchLine],
    line: BatchLine,
    *,
    provinces: Mapping[str, str],
    asks: bool = False,
    form: AnswerForm | None = None,
) -> dict[str, Any]:
    """`asks`: the line was just saved and something does not fit: it is said, once. `form`: what could not be read."""
    typed = desk.drafted(line, batch.kind)
    chosen, number = typed.get("result", "")[:1].upper(), typed.get("number", "")
    form = form or AnswerForm(initial={**typed, "number": grouped_number(number)}, kind=batch.kind)
    asked = questions(batch.kind, line, typed, lines, provinces) if asks else []
    if focus := next((one.field for one in asked if one.field), ""):
        form.fields[focus].widget.attrs["autofocus"] = True
    before, following = desk.beside(lines, line, -1), desk.beside(lines, line, 1)
    done = sum(desk.is_done(one) for one in lines)
    return {
        "batch": batch,
        "register": batch.get_register_display(),
        "by_police": batch.kind == BatchKind.POLICE,
        "person": _person(batch, line),
        "form": form,
        "codes": desk.codes(batch.kind, line, chosen),
        "groups": _groups(batch.kind, form),
        "note_hints": desk.NOTE_HINTS,
        "note_codes": " ".join(desk.NOTE_HINTS),
        "says": desk.read_back(number, line, provinces),
        "questions": asked,
        "types_number": not focus,
        "queue": [_entry(batch, other, line) for other in desk.around(lines, line)],
        "done": done,
        "left": len(lines) - done,
        "drafted": sum(bool(one.draft) for one in lines),
        "total": len(lines),
        "previous_url": address(batch, before) if before else "",
        "next_url": address(batch, following) if following else "",
        "next_number": following.number if following else None,
        "handed_in": line.answered_at if not line.draft else None,
        "province": _province(batch, provinces),
        "sex": desk.listed_sex(line),
        "year": desk.listed_year(line) or "",
    }


def grouped_number(digits: str) -> str:
    """As it is shown while it is typed: 014 3 14 003388."""
    return " ".join(filter(None, [digits[:3], digits[3:4], digits[4:6], digits[6:]]))


def questions(
    kind: str, line: BatchLine, typed: Mapping[str, str], lines: Sequence[BatchLine], provinces: Mapping[str, str]
) -> list[desk.Doubt]:
    """What a line that was just saved lacks, and what in it does not fit."""
    if not typed:
        return [desk.Doubt(_UNCODED[BatchKind(kind)])]
    code = typed.get("result", "") or ("C" if typed.get("number") and kind == BatchKind.POLICE else "")
    if not code:
        return [desk.Doubt("Chưa chọn mã kết quả.")]
    missing = [text.removeprefix("thiếu ") for text in lacking(kind, code, dict(typed))]
    doubts = desk.doubts(line, typed, lines, provinces)
    if not missing:
        return doubts
    field = "" if NEEDS["number"] in missing else "right_name" if NEEDS["corrected_field"] in missing else "note"
    return [*doubts, desk.Doubt(f"Mã {code} còn thiếu: {'; '.join(missing)}.", field="" if doubts else field)]


def _person(batch: Any, line: BatchLine) -> dict[str, Any]:
    held = cell(line, "held_number")
    return {
        "line": line,
        "name": cell(line, "full_name") or "(chưa có tên)",
        "request": cell(line, "request"),
        "facts": [
            ("Ngày sinh", cell(line, "birth_date")),
            ("Giới tính", cell(line, "sex")),
            ("Dân tộc", cell(line, "ethnic_group")),
        ],
        "held": mask(held),
        "held_url": reverse("reveal_line", args=[batch.code, line.row_code]) if held else "",
        "parents": [("Cha", cell(line, "father_name")), ("Mẹ", cell(line, "mother_name"))],
        "residence": cell(line, "residence"),
    }


def _groups(kind: str, form: AnswerForm) -> list[dict[str, Any]]:
    """Fields that go together, and the codes that ask for them."""
    by_codes: dict[str, list[Any]] = {}
    for field in form:
        if codes := desk.asked_with(kind, field.name):
            by_codes.setdefault(codes, []).append(field)
    return [
        {"codes": codes, "title": _GROUP_TITLES.get(codes, ""), "fields": fields} for codes, fields in by_codes.items()
    ]


def _entry(batch: Any, line: BatchLine, current: BatchLine) -> dict[str, Any]:
    code = line.draft.get("result", "")[:1].upper() or ("C" if line.draft.get("number") else "")
    return {
        "number": line.number,
        "name": cell(line, "full_name") or "(chưa có tên)",
        "url": address(batch, line),
        "current": line.pk == current.pk,
        "code": code or line.result_code,
        "handed_in": not line.draft and bool(line.result_code),
        "done": desk.is_done(line),
    }


def address(batch: Any, line: BatchLine) -> str:
    return f"{reverse('answer', args=[batch.code])}?{urlencode({'dong': line.row_code})}"


def _province(batch: Any, provinces: Mapping[str, str]) -> dict[str, str]:
    """The district's own province, which most numbers begin with."""
    code = f"0{batch.campaign.province_code}"
    return {"code": code, "name": provinces.get(code, "")}
