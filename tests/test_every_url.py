"""Every address × every role: what it answers. A new address must be put into the table, or this test fails.

The people of the table belong to Làng Chếu (commune roles) or to the district, and the things they ask for are Làng
Chếu's. What they may see but not do is a 403; what is not theirs (another kind of list, the officer of Háng Đồng as a
stranger) is a 404. Addresses that only take a POST are posted to, with nothing in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from campaigns import jobs
from campaigns.models import Campaign, Commune, User
from campaigns.permissions import REASON_SESSION_KEY, Role
from records.models import Record
from tests.things import make_things

APPS = ("campaigns", "records", "reconciliation")
OFFICER, DISTRICT, ADMIN = Role.COMMUNE_OFFICER, Role.DISTRICT_OFFICER, Role.ADMIN
POLICE, JUSTICE = Role.COMMUNE_POLICE, Role.COMMUNE_JUSTICE
DISTRICT_POLICE, DISTRICT_JUSTICE = Role.DISTRICT_POLICE, Role.DISTRICT_JUSTICE
ROLES = [role for role in Role.values if role != Role.SYSTEM]
STRANGER = "stranger"

ALL = frozenset(ROLES)
WORK = frozenset({OFFICER, DISTRICT, ADMIN})
OFFICE = frozenset({DISTRICT, ADMIN})
FIGURES = WORK | {Role.LEADER, Role.PROVINCE_VIEWER, DISTRICT_POLICE, DISTRICT_JUSTICE}
BATCHES = WORK | {POLICE, JUSTICE, DISTRICT_POLICE, DISTRICT_JUSTICE}
LINES = WORK | {POLICE, JUSTICE, DISTRICT_JUSTICE}
JUSTICES = frozenset({JUSTICE, DISTRICT_JUSTICE})


@dataclass(frozen=True)
class Row:
    """`may`: who is answered; `not_theirs`: who gets a 404 although they may do such a thing. All others: 403."""

    may: frozenset[str]
    args: tuple[str, ...] = ()
    not_theirs: frozenset[str] = frozenset()


def row(may: frozenset[str], *args: str, not_theirs: frozenset[str] = frozenset()) -> Row:
    return Row(may - not_theirs, args, not_theirs)


def of_police_batch(may: frozenset[str], *args: str) -> Row:
    """The list is one for the police: those of the registry do not see it."""
    return row(may, "batch", *args, not_theirs=may & JUSTICES)


TABLE: dict[str, Row] = {
    # campaigns
    "login": row(ALL),
    "logout": row(ALL),
    "password_change": row(ALL),
    "password_change_done": row(ALL),
    "choose_campaign": row(ALL),
    "reason": row(frozenset({ADMIN})),
    "jobs": row(OFFICE | {Role.TECHNICAL_SUPPORT}),
    "job": row(OFFICE | {Role.TECHNICAL_SUPPORT}, "job", not_theirs=ALL - OFFICE - {Role.TECHNICAL_SUPPORT}),
    "job_progress": row(OFFICE | {Role.TECHNICAL_SUPPORT}, "job", not_theirs=ALL - OFFICE - {Role.TECHNICAL_SUPPORT}),
    "job_again": row(OFFICE | {Role.TECHNICAL_SUPPORT}, "job", not_theirs=ALL - OFFICE - {Role.TECHNICAL_SUPPORT}),
    "job_cancel": row(OFFICE | {Role.TECHNICAL_SUPPORT}, "job", not_theirs=ALL - OFFICE - {Role.TECHNICAL_SUPPORT}),
    **{name: row(frozenset({ADMIN}), "bulk") for name in ("bulk_file", "bulk_apply", "bulk_discard", "bulk_download")},
    # records
    "imports": row(OFFICE),
    "import_of_job": row(OFFICE, "file_pk"),
    **{
        name: row(OFFICE, "file")
        for name in (
            "import_file",
            "choose_sheet",
            "choose_column",
            "compare_file",
            "look_at_file",
            "apply_file",
            "apply_rest",
            "decide_conflicts",
            "discard_file",
            "undo_file",
        )
    },
    "people_of_file": row(OFFICE, "file", "which_people"),
    "error_sheet": row(WORK, "file", not_theirs=frozenset({OFFICER})),
    "review": row(WORK),
    "choices": row(WORK),
    "chosen": row(WORK),
    "suggestions": row(WORK),
    "values_alike": row(WORK),
    "set_value": row(WORK),
    "confirm_many": row(WORK),
    "close_review": row(WORK),
    "undo": row(WORK, "change_set"),
    "review_row": row(WORK, "record"),
    "edit_cell": row(WORK, "record", "field"),
    "confirm_cell": row(WORK, "record", "field"),
    "use_suggestion": row(WORK, "record", "rule"),
    "ask_police": row(WORK, "record"),
    "record": row(WORK, "record"),
    "reveal": row(WORK, "record", not_theirs=frozenset()),
    "reveal_sensitive": row(WORK, "record"),
    "readmit": row(WORK, "record"),
    "add_person": row(WORK),
    "check_person": row(WORK),
    "exclusions": row(WORK),
    "ask_exclusion": row(WORK),
    "decide_exclusion": row(WORK, "exclusion"),
    "collaborators": row(WORK),
    "hand_out": row(WORK, "collaborator"),
    "lists": row(WORK),
    "download_list": row(WORK),
    "make_paper_list": row(WORK),
    "print_people": row(WORK, "people_list"),
    "take_list_back": row(WORK),
    "list_result": row(WORK, "list_file"),
    "rules": row(OFFICE),
    "rule": row(OFFICE, "rule"),
    "place_list_row": row(WORK, "list_file", "row"),
    # reconciliation
    "home": row(ALL),
    "progress": row(FIGURES),
    "progress_workbook": row(FIGURES),
    "reports": row(FIGURES - {OFFICER}),
    "report_file": row(FIGURES - {OFFICER}, "report"),
    "batches": row(BATCHES),
    "send_batch": row(WORK),
    "batch": of_police_batch(BATCHES),
    "batch_workbook": of_police_batch(LINES),
    "handover_record": of_police_batch(BATCHES),
    "print_list": of_police_batch(LINES),
    "reveal_line": of_police_batch(LINES, "line"),
    "answer": row(frozenset({POLICE}), "batch", not_theirs=frozenset({JUSTICE})),
    "answer_submit": row(frozenset({POLICE}), "batch", not_theirs=frozenset({JUSTICE})),
    "hand_back_any": row(WORK),
    **{name: of_police_batch(WORK) for name in ("hand_back", "settle", "settle_alike")},
    **{name: of_police_batch(WORK, "hand_back") for name in ("hand_back_result", "place_row", "undo_hand_back")},
    **{name: of_police_batch(WORK, "difference") for name in ("decide", "undo_decision", "exclude_line")},
    "reveal_difference": of_police_batch(WORK, "difference"),
    "civil_registry": row(OFFICE | {JUSTICE}),
    "newborns": row(OFFICE | {JUSTICE}),
    "newborn_list": row(OFFICE | {JUSTICE}, "newborn_list"),
    "uploads": row(WORK),
    "build_upload": row(OFFICE),  # children, by the plan
    "upload_of_job": row(WORK, "file_pk"),
    **{
        name: row(WORK, "upload", not_theirs=frozenset({OFFICER}))
        for name in ("upload_file", "upload_workbook", "upload_provenance", "upload_answer", "upload_record")
    },
}
# Where one may be without there being anything to do: no number to reveal, no campaign named, a job that still waits.
NOTHING_TO_DO = {"choose_campaign", "bulk_download", "job_again", "decide", "reveal_difference", "reveal_line"}
OBJECTS = {"record", "batch", "exclusion", "change_set", "list_file", "people_list", "collaborator", "upload", "job"}


def addresses(resolver: URLResolver | None = None, mine: bool = False) -> Iterator[URLPattern]:
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            name = getattr(entry.urlconf_name, "__name__", "")
            if mine or name.split(".")[0] in APPS:
                yield from addresses(entry, mine=True)
        elif mine:
            yield entry


@pytest.fixture
def things(campaign: Campaign, lang_cheu: Commune, officer: User, district: User) -> dict[str, object]:
    return make_things(campaign, lang_cheu, officer, district)


def sign_in(client: Client, role: str, place: Commune | None) -> None:
    commune = place if role in (*Role.commune_roles(), STRANGER) else None
    user = User.objects.create_user(
        f"nguoi-{role}", full_name=f"Người {role}", role=OFFICER if role == STRANGER else role, commune=commune
    )
    client.force_login(user)
    if role == ADMIN:
        session = client.session
        session[REASON_SESSION_KEY] = "kiểm tra"
        session.save()


def status(client: Client, name: str, args: tuple[str, ...], things: dict[str, object]) -> int:
    """Of a GET, or of an empty POST where only that is taken; whatever it did is taken back."""
    address = reverse(name, args=[things[arg] for arg in args])
    with transaction.atomic():
        answer = client.get(address)
        if answer.status_code == 405:
            answer = client.post(address)
        transaction.set_rollback(True)
    return answer.status_code


def test_every_address_is_in_the_table() -> None:
    assert {pattern.name for pattern in addresses()} == set(TABLE)


@pytest.mark.parametrize("role", ROLES)
def test_what_each_role_is_answered(
    client: Client, role: str, things: dict[str, object], lang_cheu: Commune, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "ring", lambda *ids: None)  # long work is not what is asked about here
    sign_in(client, role, lang_cheu)
    answered = {name: status(client, name, entry.args, things) for name, entry in TABLE.items() if name != "logout"}
    expected = {}
    for name, code in answered.items():
        entry = TABLE[name]
        if role in entry.may:
            fine = {200, 302, 400, 422} | ({404} if name in NOTHING_TO_DO else set())
            expected[name] = code if code in fine else 200
        else:
            expected[name] = 404 if role in entry.not_theirs else 403
    assert answered == expected


def test_a_stranger_finds_nothing(client: Client, things: dict[str, object], hang_dong: Commune) -> None:
    sign_in(client, STRANGER, hang_dong)
    own = {name: entry for name, entry in TABLE.items() if OBJECTS & set(entry.args) and OFFICER in entry.may}
    assert {name: status(client, name, entry.args, things) for name, entry in own.items()} == dict.fromkeys(own, 404)


def test_nobody_is_let_in_unsigned(client: Client, things: dict[str, object]) -> None:
    for name, entry in TABLE.items():
        if name == "login":
            continue
        answer = client.get(reverse(name, args=[things[arg] for arg in entry.args]))
        assert answer.status_code in (302, 405), name
        if answer.status_code == 302:
            assert answer["Location"].startswith(reverse("login")), name


def test_an_administrator_says_why_before_looking_at_people(client: Client, administrator: User, things: dict) -> None:
    client.force_login(administrator)
    address = reverse("record", args=[things["record"]])
    assert client.get(address)["Location"].startswith(reverse("reason"))
    client.post(reverse("reason"), {"reason": "Kiểm tra khiếu nại số 3", "next": address})
    assert client.get(address).status_code == 200


def test_collaborators_get_in_where_the_campaign_says_so(client: Client, things: dict, lang_cheu: Commune) -> None:
    sign_in(client, Role.COLLABORATOR, lang_cheu)
    assert client.get(reverse("review")).status_code == 403
    campaign = Campaign.objects.get()
    campaign.settings["collaborator_accounts"] = True
    campaign.save()
    assert client.get(reverse("review")).status_code == 200
    record = Record.objects.get(row_code=things["record"])
    assert client.get(reverse("record", args=[record.row_code])).status_code == 404  # not one of the own villages
