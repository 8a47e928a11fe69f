"""A person who is in no export: typed in or read off an ID card, checked while typing, seen beside whom it may be, and
only then saved."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from campaigns.current import current_register
from campaigns.errors import WorkRefused
from campaigns.models import Campaign, Category, EthnicGroup, Register
from campaigns.permissions import NotAllowed, Permission, require
from records import review
from records.forms import PersonForm
from records.id_card import IdCard, read_card
from records.models import Record
from records.private import unseen_by
from records.reading.dates import full_date, full_years
from records.reading.vietnamese import sort_key
from records.views.check_person import check_typed
from records.views.scope import campaign_of, communes_of, user_of

_GROWN_UP = 18  # whose card is shown at a child's registration is a parent
_NOT_A_CARD = (
    "Không đọc được mã QR: cần dãy bắt đầu bằng 12 chữ số, các phần cách nhau bằng dấu “|”. Đặt bộ gõ tiếng Việt về "
    "tiếng Anh rồi quét lại, hoặc gõ tay."
)


@require_http_methods(["GET", "POST"])
@require(Permission.ADD_PERSON)
def add_person(request: HttpRequest) -> HttpResponse:
    campaign, register = campaign_of(request), current_register(request)
    if request.POST.get("scan", "").strip():
        return _scanned(request, campaign, register)
    form = _form(request, campaign, register, request.POST or None)
    if not form.is_valid():
        return _page(request, campaign, register, form, status=422 if form.is_bound else 200)
    if request.POST.get("act") == "save" and form.cleaned_data["checked"] == digest(form):
        return _save(request, campaign, register, form)
    return _page(request, campaign, register, form, check_typed(request, campaign, register, form.values))


@require_POST
@require(Permission.ADD_PERSON)
def check_person(request: HttpRequest) -> HttpResponse:
    """What is to be said of the person as far as typed; with it the button that saves exactly that."""
    campaign, register = campaign_of(request), current_register(request)
    form = _form(request, campaign, register, request.POST)
    is_whole = form.is_valid()
    context = check_typed(request, campaign, register, form.values, only_typed=True)
    if is_whole:
        _mark_as_checked(form)
    context |= {"form": form, "is_checked": is_whole, "is_part": True}
    return render(request, "records/person_checked.html", context)


def _page(
    request: HttpRequest,
    campaign: Campaign,
    register: str,
    form: PersonForm,
    checked: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    if checked is not None:
        _mark_as_checked(form)
    context = {"form": form, "register": register, "is_checked": checked is not None, **(checked or {})}
    return render(request, "records/add_person.html", context | _choices(request, campaign, register), status=status)


def _mark_as_checked(form: PersonForm) -> None:
    data = {key: form.data[key] for key in form.data}
    data["checked"] = digest(form)
    data["once"] = form.cleaned_data["once"] or secrets.token_hex(8)
    form.data = data


def digest(form: PersonForm) -> str:
    """Stands for what was typed, so that only what was checked is saved."""
    return hashlib.sha256(repr(sorted(form.values.items())).encode()).hexdigest()


def _save(request: HttpRequest, campaign: Campaign, register: str, form: PersonForm) -> HttpResponse:
    asked = form.cleaned_data
    try:
        record = review.add_person(
            campaign, register, form.values, by=user_of(request), document=asked["paper"], once=asked["once"]
        )
    except (WorkRefused, NotAllowed) as refused:
        messages.error(request, str(refused))
        return _page(request, campaign, register, form, status=422)
    messages.success(request, f"Đã thêm {record.full_name or 'trẻ chưa đặt tên'}, mã dòng {record.row_code}.")
    return redirect("record", record.row_code)


def _form(request: HttpRequest, campaign: Campaign, register: str, data: QueryDict | None) -> PersonForm:
    user = user_of(request)
    not_of_this = PersonForm.OF_BENEFICIARIES if register == Register.CHILDREN else PersonForm.OF_CHILDREN
    return PersonForm(data, left_out=unseen_by(user, register) | set(not_of_this), communes=communes_of(campaign, user))


def _scanned(request: HttpRequest, campaign: Campaign, register: str) -> HttpResponse:
    """The form again, with what the card says in it; nothing is saved, and what was typed before stays."""
    card, data = read_card(request.POST["scan"]), request.POST.copy()
    del data["scan"]
    if card is None:
        messages.error(request, _NOT_A_CARD)
    else:
        said = _of_card(request, campaign, register, card)
        for key, text in said.items():
            data[key] = text
        if card.lost_letters:
            messages.warning(request, "Máy quét không gõ được chữ có dấu: họ tên và địa chỉ phải gõ tay theo thẻ.")
    form = _form(request, campaign, register, data)
    if form.is_valid():
        return _page(request, campaign, register, form, check_typed(request, campaign, register, form.values))
    return _page(request, campaign, register, form, status=422)


def _of_card(request: HttpRequest, campaign: Campaign, register: str, card: IdCard) -> dict[str, str]:
    """Field → what the card says. A grown-up's card shown for a child is the father's or the mother's."""
    names = [c.name for c in communes_of(campaign, user_of(request))]
    said = {"village": card.village, "permanent_address": card.address, "commune": card.commune_among(names)}
    born = full_date(card.birth_date)
    if register == Register.CHILDREN and born and full_years(born, campaign.first_day) >= _GROWN_UP:
        parent = "father_name" if card.sex == "Nam" else "mother_name"
        said |= {parent: card.name}
        messages.info(request, f"Thẻ của người lớn: họ tên được ghi vào ô {'cha' if parent[0] == 'f' else 'mẹ'}.")
    else:
        said |= {
            "full_name": card.name, "birth_date": card.birth_date, "sex": card.sex, "personal_number": card.number,
            "paper": "Thẻ căn cước công dân",
        }  # fmt: skip
    if card.lost_letters:
        said = {key: text for key, text in said.items() if key in ("birth_date", "sex", "personal_number", "paper")}
    return {key: text for key, text in said.items() if text}


def _choices(request: HttpRequest, campaign: Campaign, register: str) -> dict[str, Any]:
    """Texts to choose from while typing, and the other register to go to."""
    mine = Record.objects.for_user(user_of(request)).filter(campaign=campaign)
    labels = Category.objects.values_list("label", flat=True) if register == Register.BENEFICIARIES else ()
    return {
        "registers": [
            {"label": r.label, "url": f"{reverse('add_person')}?so={r}", "current": r == register} for r in Register
        ],
        "lists": {
            "ethnic_group_choices": EthnicGroup.objects.filter(means_missing=False).values_list("name", flat=True),
            "village_choices": mine.villages(),
            "category_choices": sorted(set(labels), key=sort_key),
        },
    }
