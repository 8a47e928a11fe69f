"""A person who is in no export: typed in, checked, seen beside whom it may be, and only then saved."""

from __future__ import annotations

import hashlib
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from campaigns.current import current_register
from campaigns.errors import WorkRefused
from campaigns.models import Campaign, Category, EthnicGroup, Register, User
from campaigns.permissions import NotAllowed, Permission, require
from records import review
from records.forms import PersonForm
from records.models import Record
from records.private import unseen_by
from records.reading.checks import Judged, judge
from records.reading.explanations import explain
from records.reading.reference import Reference
from records.reading.rules import RULES
from records.reference import reference_for
from records.views.columns import label_of
from records.views.scope import campaign_of, communes_of, user_of

_SHOWN = 5  # people it may be


@require_http_methods(["GET", "POST"])
@require(Permission.ADD_PERSON)
def add_person(request: HttpRequest) -> HttpResponse:
    campaign, register = campaign_of(request), current_register(request)
    form = _form(request, campaign, register)
    context: dict[str, Any] = {"form": form, "register": register, **_choices(request, campaign, register)}
    if not form.is_valid():
        return render(request, "records/add_person.html", context, status=422 if form.is_bound else 200)
    seen = _digest(form)
    if request.POST.get("act") == "save" and form.cleaned_data["checked"] == seen:
        return _save(request, campaign, register, form, context)
    data = request.POST.copy()
    data["checked"] = seen
    form.data = data
    return render(request, "records/add_person.html", context | _checked(request, campaign, register, form.values))


def _save(
    request: HttpRequest, campaign: Campaign, register: str, form: PersonForm, context: dict[str, Any]
) -> HttpResponse:
    try:
        record = review.add_person(
            campaign, register, form.values, by=user_of(request), document=form.cleaned_data["paper"]
        )
    except (WorkRefused, NotAllowed) as refused:
        messages.error(request, str(refused))
        return render(request, "records/add_person.html", context, status=422)
    messages.success(request, f"Đã thêm {record.full_name or 'trẻ chưa đặt tên'}, mã dòng {record.row_code}.")
    return redirect("record", record.row_code)


def _form(request: HttpRequest, campaign: Campaign, register: str) -> PersonForm:
    user = user_of(request)
    not_of_this = PersonForm.OF_BENEFICIARIES if register == Register.CHILDREN else PersonForm.OF_CHILDREN
    return PersonForm(
        request.POST or None,
        left_out=unseen_by(user, register) | set(not_of_this),
        communes=communes_of(campaign, user),
    )


def _choices(request: HttpRequest, campaign: Campaign, register: str) -> dict[str, Any]:
    """Texts to choose from while typing, and the other register to go to."""
    mine = Record.objects.for_user(user_of(request)).filter(campaign=campaign).exclude(village="")
    labels = Category.objects.values_list("label", flat=True) if register == Register.BENEFICIARIES else ()
    return {
        "registers": [
            {"label": r.label, "url": f"{reverse('add_person')}?so={r}", "current": r == register} for r in Register
        ],
        "lists": {
            "ethnic_group_choices": EthnicGroup.objects.filter(means_missing=False).values_list("name", flat=True),
            "village_choices": mine.values_list("village", flat=True).distinct().order_by("village"),
            "category_choices": sorted(set(labels)),
        },
    }


def _digest(form: PersonForm) -> str:
    """Stands for what was typed, so that only what was checked is saved."""
    return hashlib.sha256(repr(sorted(form.values.items())).encode()).hexdigest()


def _checked(request: HttpRequest, campaign: Campaign, register: str, values: dict[str, str]) -> dict[str, Any]:
    reference = reference_for(campaign, register, headings=False)
    judged = judge(values, reference, added_by_hand=True)
    people = _maybe_the_same(campaign, register, judged)
    mine = list(people.filter(pk__in=Record.objects.for_user(user_of(request)).values("pk"))[:_SHOWN])
    return {
        "is_checked": True,
        "findings": _findings(judged, reference, user_of(request)),
        "same": [_beside(other, judged) for other in mine],
        "elsewhere": people.count() - len(mine),
    }


def _findings(judged: Judged, reference: Reference, user: User) -> list[dict[str, Any]]:
    hidden = unseen_by(user, reference.register)
    return [
        {
            "severity": f.severity,
            "label": f"{label_of(f.field, reference.register)}: {RULES[f.rule].label}",
            "explanation": explain(f.rule, f.field, f.value, f.suggestion, judged.values, reference),
            "suggestion": f.suggestion,
        }
        for f in judged.findings
        if f.rule != "record.new" and f.field not in hidden
    ]


def _maybe_the_same(campaign: Campaign, register: str, judged: Judged) -> Any:
    """The same number; the same name in the same year; for a nameless newborn the same parents and day."""
    typed = judged.typed
    where = Q(pk__in=[])
    if typed["personal_number"]:
        where |= Q(personal_number=typed["personal_number"])
    if typed["match_name"]:
        born = Q(birth_year=typed["birth_year"]) | Q(birth_year=None) if typed["birth_year"] else Q()
        where |= Q(match_name=typed["match_name"]) & born
    if typed["mother_match"] and typed["birth_date"]:
        where |= Q(mother_match=typed["mother_match"], birth_date=typed["birth_date"])
    people = Record.objects.register(campaign, register).present().filter(where)
    return people.select_related("commune").order_by("pk")


def _beside(other: Record, judged: Judged) -> dict[str, Any]:
    typed = judged.typed
    compared = {
        "số": (other.personal_number, typed["personal_number"]),
        "họ tên": (other.match_name, typed["match_name"]),
        "ngày sinh": (other.birth_date.isoformat() if other.birth_date else "", typed["birth_date"]),
        "giới tính": (other.sex, typed["sex"]),
        "cha": (other.father_match, typed["father_match"]),
        "mẹ": (other.mother_match, typed["mother_match"]),
        "bản": (other.village, typed["village"]),
    }
    known = {name: pair for name, pair in compared.items() if all(pair)}
    return {
        "name": other.full_name or "(chưa có tên)",
        "url": reverse("record", args=[other.row_code]),
        "born": other.value("birth_date"),
        "where": ", ".join(text for text in (other.village, other.commune.name if other.commune else "") if text),
        "alike": ", ".join(name for name, (ours, theirs) in known.items() if ours == theirs),
        "different": ", ".join(name for name, (ours, theirs) in known.items() if ours != theirs),
    }
