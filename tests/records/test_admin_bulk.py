"""Administrators' bulk import and export, through the pages of the admin: the same one door as everything else."""

from __future__ import annotations

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from campaigns.models import AuditEvent, Campaign, EthnicGroup, User
from campaigns.permissions import REASON_SESSION_KEY
from records.models import Change, ChangeKind, Record
from tests.records.people import exported_child

CSV_FORMAT = "0"


@pytest.fixture
def signed_in(client: Client, administrator: User) -> Client:
    client.force_login(administrator)
    session = client.session
    session[REASON_SESSION_KEY] = "kiểm tra"
    session.save()
    return client


def export_rows(client: Client) -> list[dict[str, str]]:
    address = reverse("admin:records_child_export")
    form = client.get(address).context["form"]
    data = {name: "on" for name in form.fields if name not in ("format", "resource", "export_items")}
    answer = client.post(address, data | {"format": CSV_FORMAT})
    assert answer["Content-Type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def import_rows(client: Client, rows: list[dict[str, str]]) -> None:
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    file = SimpleUploadedFile("so.csv", text.getvalue().encode(), content_type="text/csv")
    previewed = client.post(reverse("admin:records_child_import"), {"import_file": file, "format": CSV_FORMAT})
    form = previewed.context["confirm_form"]
    assert client.post(reverse("admin:records_child_process_import"), form.initial).status_code == 302


def test_a_register_goes_out_and_comes_back_through_the_one_door(
    campaign: Campaign, district: User, signed_in: Client
) -> None:
    record = exported_child(campaign, district, "TE1", personal_number="14215001234")
    [row] = export_rows(signed_in)
    assert (row["Mã dòng"], row["Số định danh cá nhân"], row["Họ và tên cha"]) == (
        record.row_code,
        "14215001234",
        "Mùa A Páo",
    )
    assert AuditEvent.objects.filter(event="bulk_exported").exists()

    import_rows(signed_in, [row | {"Số định danh cá nhân": "014215001234"}])

    record.refresh_from_db()
    assert (record.personal_number, record.version) == ("014215001234", 2)
    change = Change.objects.get()
    assert (change.field, change.change_set.kind) == ("personal_number", ChangeKind.ADMIN)


def test_a_row_without_a_code_is_a_new_person(campaign: Campaign, district: User, signed_in: Client) -> None:
    exported_child(campaign, district, "TE1")
    [row] = export_rows(signed_in)
    import_rows(
        signed_in, [row | {"Mã dòng": "", "Mã trẻ em": "", "Họ và tên trẻ em": "Mùa A Mới", "Số định danh cá nhân": ""}]
    )
    added = Record.objects.get(full_name="Mùa A Mới")
    assert (added.is_new, added.stage, added.value("father_name")) == (True, "to_review", "Mùa A Páo")
    assert not Change.objects.exists()


def test_reference_data_comes_in_with_lists_in_a_cell(campaign: Campaign, signed_in: Client) -> None:
    address = reverse("admin:campaigns_ethnicgroup_import")
    text = "Mã (1979),Tên,Tên gọi khác,Mã (2008),Nghĩa là không rõ\n08,Mông,Mèo;H'Mông;Mông Sua,08,0\n"
    file = SimpleUploadedFile("dan-toc.csv", text.encode(), content_type="text/csv")
    previewed = signed_in.post(address, {"import_file": file, "format": CSV_FORMAT})
    signed_in.post(reverse("admin:campaigns_ethnicgroup_process_import"), previewed.context["confirm_form"].initial)
    assert EthnicGroup.objects.get(code="08").aliases == ["Mèo", "H'Mông", "Mông Sua"]


def test_nobody_else_gets_in(client: Client, district: User) -> None:
    client.force_login(district)
    assert client.get(reverse("admin:index")).status_code in (302, 403)
    assert client.get(reverse("admin:records_child_export")).status_code in (302, 403)
