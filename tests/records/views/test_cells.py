from __future__ import annotations

import pytest
from django.urls import reverse

from campaigns.models import AuditEvent
from records import changes, review
from records.models import ChangeKind, ChangeSet, Finding, Record
from tests.records.people import GOOD_NUMBER, exported_child
from tests.records.views.asking import HTMX, said, text_of


@pytest.fixture
def child(campaign, district):
    return exported_child(campaign, district, "TE1", personal_number="14215001234", mother_name="")


def edit(record, field):
    return reverse("edit_cell", args=[record.row_code, field])


def values(record):
    return Record.objects.get(pk=record.pk).values


PAPER = {"paper": "Giấy khai sinh", "more": "89/2015"}


def test_an_edit_is_written_named_and_undone(client, officer, child):
    client.force_login(officer)
    response = client.post(
        edit(child, "mother_name"), {"value": "Giàng Thị Dợ", "version": child.version, **PAPER}, follow=True
    )
    assert response.redirect_chain == [(reverse("record", args=[child.row_code]), 302)]
    assert said(response) == [f"Đã sửa họ tên mẹ của Mùa A Chống, mã {child.row_code}. ✓ Hết: thiếu họ tên mẹ."]
    change_set = ChangeSet.objects.get(kind=ChangeKind.EDIT)
    assert (change_set.document, change_set.by) == ("Giấy khai sinh, 89/2015", officer)
    assert values(child)["mother_name"] == "Giàng Thị Dợ"
    response = client.post(
        reverse("undo", args=[change_set.pk]), headers={"Referer": "http://testserver/ra-soat/?nhom=3"}
    )
    assert response.url == "http://testserver/ra-soat/?nhom=3"
    assert values(child)["mother_name"] == ""
    assert AuditEvent.objects.filter(event="change_undone", username=officer.username).count() == 1


def test_htmx_gets_the_row_and_the_way_back(client, officer, child):
    client.force_login(officer)
    editor = text_of(client.get(edit(child, "mother_name"), headers=HTMX))
    assert "<html" not in editor
    assert ' editing"' in editor
    response = client.post(
        edit(child, "mother_name"), {"value": "Giàng Thị Dợ", "version": child.version, **PAPER}, headers=HTMX
    )
    page = text_of(response)
    assert page.lstrip().startswith(f'<tr id="r{child.row_code}" data-version="2">')
    assert 'id="undo" hx-swap-oob="true"' in page
    assert reverse("undo", args=[ChangeSet.objects.get(kind=ChangeKind.EDIT).pk]) in page


def test_a_legal_field_asks_for_the_paper_and_remembers_it(client, officer, child):
    client.force_login(officer)
    response = client.post(edit(child, "mother_name"), {"value": "Giàng Thị Dợ", "version": child.version})
    assert response.status_code == 422
    assert "Chọn giấy tờ đã xem" in text_of(response)
    assert values(child)["mother_name"] == ""
    client.post(edit(child, "mother_name"), {"value": "Giàng Thị Dợ", "version": child.version, **PAPER})
    assert '<option value="Giấy khai sinh" selected>' in text_of(client.get(edit(child, "full_name")))


def test_other_fields_ask_for_none(client, officer, child):
    client.force_login(officer)
    assert 'name="paper"' not in text_of(client.get(edit(child, "village")))
    client.post(edit(child, "village"), {"value": "Bản Cáo B", "version": child.version})
    assert values(child)["village"] == "Bản Cáo B"


def test_a_wrong_value_is_written_with_its_finding(client, officer, child):
    client.force_login(officer)
    client.post(edit(child, "birth_date"), {"value": "31/6/2015", "version": child.version, **PAPER})
    assert values(child)["birth_date"] == "31/6/2015"
    assert Finding.objects.open().filter(record=child, rule="birth_date.impossible").exists()


def test_nothing_changed_is_nothing_said(client, officer, child):
    client.force_login(officer)
    response = client.post(edit(child, "village"), {"value": "Bản Cáo A", "version": child.version}, follow=True)
    assert said(response) == []
    assert not ChangeSet.objects.filter(kind=ChangeKind.EDIT).exists()


def test_a_stale_edit_shows_both_values_and_neither_wins_by_itself(client, officer, second_officer, child):
    review.correct(child, {"village": "Bản Cáo B"}, by=second_officer, version=child.version)
    client.force_login(officer)
    response = client.post(edit(child, "village"), {"value": "Bản Cáo C", "version": child.version}, headers=HTMX)
    page = text_of(response)
    assert response.status_code == 422
    assert "Cán Bộ Hai Làng Chếu vừa sửa ô này" in page
    assert "<b>Bản Cáo B</b>" in page
    assert 'value="Bản Cáo C"' in page
    assert values(child)["village"] == "Bản Cáo B"
    client.post(edit(child, "village"), {"value": "Bản Cáo C", "version": child.version + 1})
    assert values(child)["village"] == "Bản Cáo C"


def test_opening_a_number_is_a_look(client, officer, child):
    client.force_login(officer)
    assert 'value="14215001234"' in text_of(client.get(edit(child, "personal_number")))
    event = AuditEvent.objects.get(event="number_revealed")
    assert (event.target, event.details) == (f"record:{child.row_code}", {"field": "personal_number", "where": "edit"})


@pytest.mark.parametrize("field", ["system_code", "updated_on", "no_such_field", "source_row"])
def test_what_is_not_edited(client, officer, child, field):
    client.force_login(officer)
    assert client.get(edit(child, field)).status_code == 404


def test_a_suggestion_is_taken_with_one_button(client, officer, child):
    client.force_login(officer)
    address = reverse("use_suggestion", args=[child.row_code, "number.lost_zero"])
    page = text_of(client.post(address, {"fix": GOOD_NUMBER}, headers=HTMX))
    assert values(child)["personal_number"] == GOOD_NUMBER
    assert f"Đã sửa số định danh của Mùa A Chống, mã {child.row_code}." in page
    assert 'class="id done"' in page
    assert "014•••••••34" in page
    again = client.post(address, {"fix": GOOD_NUMBER}, follow=True)
    assert said(again) == []  # a double click
    assert ChangeSet.objects.filter(kind=ChangeKind.SUGGESTION).count() == 1
    other = client.post(address, {"fix": "014215009999"}, follow=True)
    assert said(other) == [f"Không còn gợi ý nào cho Mùa A Chống, mã {child.row_code}."]


def test_a_suggestion_that_changed_meanwhile_is_not_taken(client, officer, child):
    client.force_login(officer)
    address = reverse("use_suggestion", args=[child.row_code, "number.lost_zero"])
    assert "đã đổi" in said(client.post(address, {"fix": "014215009999"}, follow=True))[0]
    assert values(child)["personal_number"] == "14215001234"


def test_a_warning_is_confirmed_with_a_note(client, officer, child):
    client.force_login(officer)
    address = reverse("confirm_cell", args=[child.row_code, "mother_name"])
    assert "Chưa xác định được mẹ" in text_of(client.get(address))
    assert client.post(address, {}).status_code == 422
    client.post(address, {"paper": "Chưa xác định được mẹ"})
    finding = Finding.objects.get(record=child, rule="mother.missing")
    assert (finding.status, finding.note, finding.by) == ("confirmed", "Chưa xác định được mẹ", officer)


def test_an_error_is_confirmed_by_a_paper_only(client, officer, campaign, district):
    record = exported_child(campaign, district, "TE2", sex="Nữ")
    client.force_login(officer)
    address = reverse("confirm_cell", args=[record.row_code, "personal_number"])
    assert "Gia đình xác nhận đúng" not in text_of(client.get(address))
    client.post(address, {"paper": "Thẻ căn cước công dân"})
    assert Finding.objects.get(record=record, rule="number.sex").note == "Thẻ căn cước công dân"


def test_what_only_a_correction_settles_is_not_offered(client, officer, child):
    client.force_login(officer)
    address = reverse("confirm_cell", args=[child.row_code, "personal_number"])
    assert "không còn điều nào xác nhận được" in said(client.get(address, follow=True))[0]


def test_the_police_are_asked(client, officer, child):
    client.force_login(officer)
    page = text_of(client.post(reverse("ask_police", args=[child.row_code]), headers=HTMX))
    assert Record.objects.get(pk=child.pk).ask_police
    assert "sẽ hỏi công an" in page


def test_undo_of_what_changed_since_is_refused(client, officer, child):
    change_set, _ = review.correct(child, {"village": "Bản Cáo B"}, by=officer, version=1)
    review.correct(Record.objects.get(pk=child.pk), {"village": "Bản Cáo C"}, by=officer, version=2)
    client.force_login(officer)
    assert "Không hoàn tác được" in said(client.post(reverse("undo", args=[change_set.pk]), follow=True))[0]
    assert values(child)["village"] == "Bản Cáo C"


def test_a_change_set_with_people_of_another_commune_is_the_districts_to_undo(
    client, officer, district, campaign, child
):
    exported_child(
        campaign, district, "TE2", full_name="Lầu A Pó", personal_number="14215001235", commune="Xã Háng Đồng"
    )
    accepted = review.accept_suggestions(campaign, "children", ["number.lost_zero"], by=district)
    assert accepted.corrected == 2
    client.force_login(officer)
    assert "nơi khác" in said(client.post(reverse("undo", args=[accepted.change_set.pk]), follow=True))[0]
    client.force_login(district)
    client.post(reverse("undo", args=[accepted.change_set.pk]))
    assert values(child)["personal_number"] == "14215001234"


def test_what_the_police_answered_is_not_undone_here(client, officer, campaign, child):
    change_set = changes.open_change_set(campaign, ChangeKind.POLICE, by=officer)
    changes.apply(change_set, {child.pk: {"personal_number": GOOD_NUMBER}})
    client.force_login(officer)
    assert "chỉ hoàn tác được" in said(client.post(reverse("undo", args=[change_set.pk]), follow=True))[0]
    assert values(child)["personal_number"] == GOOD_NUMBER


ACTS = [
    ("review_row", []), ("edit_cell", ["village"]), ("confirm_cell", ["mother_name"]),
    ("use_suggestion", ["number.lost_zero"]), ("ask_police", []),
]  # fmt: skip


@pytest.mark.parametrize(("name", "arguments"), ACTS)
def test_who_may_act(client, child, other_officer, police, leader, name, arguments):
    address = reverse(name, args=[child.row_code, *arguments])
    method = client.get if name == "review_row" else client.post
    assert method(address).url == f"{reverse('login')}?next={address}"
    statuses = []
    for person in (other_officer, police, leader):
        client.force_login(person)
        statuses.append(method(address).status_code)
    assert statuses == [404, 403, 403]
    assert values(child) == child.values


@pytest.mark.parametrize("name", ["use_suggestion", "ask_police"])
def test_looking_changes_nothing(client, officer, child, name):
    client.force_login(officer)
    arguments = [child.row_code, "number.lost_zero"][: 2 if name == "use_suggestion" else 1]
    assert client.get(reverse(name, args=arguments)).status_code == 405


@pytest.mark.parametrize("code", ["ABCDEF", "X", "1=1"])
def test_a_code_that_is_none(client, officer, child, code):
    client.force_login(officer)
    assert client.get(reverse("record", args=[code])).status_code == 404


def test_the_way_back_never_leads_elsewhere(client, officer, child):
    client.force_login(officer)
    data = {"value": "Bản Cáo B", "version": child.version, "next": "https://example.org/"}
    assert client.post(edit(child, "village"), data).url == reverse("record", args=[child.row_code])
