"""One of each thing of Làng Chếu that an address can be about."""

from __future__ import annotations

from io import BytesIO

from openpyxl import Workbook, load_workbook

from campaigns import jobs
from campaigns.models import BulkFile, BulkStatus, Campaign, Commune, User
from campaigns.permissions import Role
from reconciliation.civil_registry import import_newborns
from reconciliation.handback import take_back
from reconciliation.handover import send_batch
from reconciliation.models import BatchKind, Difference
from reconciliation.reports import make_report
from reconciliation.upload_file import build_upload
from records import exclusions, imports, review
from records.lists import export_list
from records.lists_back import read_list
from records.models import Record, SourceFile
from tests.records.people import exported_child

HEADINGS = [
    "Mã trẻ em",
    "Họ và tên",
    "Ngày sinh",
    "Giới tính",
    "Dân tộc",
    "Số định danh cá nhân",
    "Họ tên cha",
    "Họ tên mẹ",
    "Bản",
    "Xã",
    "Nơi thường trú",
]
SOUND = [
    "TE9",
    "Mùa Thị Mai",
    "03/04/2012",
    "Nữ",
    "Mông",
    "014312000777",
    "Mùa A Dơ",
    "Thào Thị Ca",
    "Bản Cáo A",
    "Làng Chếu",
    "Bản Cáo A",
]
NEWBORN = [
    "",
    "Mùa A Bé",
    "01/10/2023",
    "Nam",
    "Mông",
    "014223000888",
    "Mùa A Dơ",
    "Thào Thị Ca",
    "Bản Cáo A",
    "Làng Chếu",
    "Bản Cáo A",
]


def sheet(*rows: list[str]) -> bytes:
    workbook = Workbook()
    for row in (HEADINGS, *rows):
        workbook.active.append(row)
    content = BytesIO()
    workbook.save(content)
    return content.getvalue()


def make_things(campaign: Campaign, lang_cheu: Commune, officer: User, district: User) -> dict[str, object]:
    export = imports.receive(campaign, "children", by=district, name="te.xlsx", content=sheet(SOUND))
    imports.apply(export, by=district)
    upload = build_upload(campaign, "children", by=district)
    sent = exported_child(campaign, district, "TE1", personal_number="")
    review.mark_reviewed(campaign, "children", lang_cheu, by=officer)
    batch = send_batch(campaign, "children", lang_cheu, BatchKind.POLICE, by=officer).batch
    taken = take_back(campaign, by=officer, name="tra.xlsx", content=_answered(batch.file.read(), sent.row_code))
    record = exported_child(
        campaign, district, "TE2", full_name="Mùa A Dia", personal_number="14216001234", birth_date="01/02/2016"
    )
    accepted, _ = review.correct(record, {"village": "Bản Cáo B"}, by=officer, version=record.version)
    [exclusion] = exclusions.ask_exclusion([record], reason="moved", document="giấy chuyển", by=officer)
    exported = export_list(campaign, "to_clean", "children", by=officer)
    read_list(campaign, by=officer, name="ds.xlsx", content=exported.content)
    import_newborns(campaign, lang_cheu, by=district, name="ks.xlsx", content=sheet(NEWBORN))
    report = make_report(campaign, "adhoc", campaign.first_day, by=district, suffix=".xlsx")
    bulk_file = BulkFile.objects.create(
        campaign=campaign, model="campaigns.Village", is_export=False, format="csv", name="ban.csv", by=district,
        status=BulkStatus.REFUSED,
    )  # fmt: skip
    helper = User.objects.create_user("doan-tn", full_name="Đoàn Thanh Niên", role=Role.COLLABORATOR, commune=lang_cheu)
    job = jobs.enqueue("apply_file", campaign=campaign, by=district, target_id=export.pk)
    files = {file.kind: file.code for file in SourceFile.objects.order_by("pk")}
    assert accepted is not None
    return {
        "which_people": "new", "file": export.code, "file_pk": export.pk, "upload": upload.code, "batch": batch.code, "line": sent.row_code,
        "hand_back": taken.batch.hand_backs.get().pk, "difference": Difference.objects.get().pk,
        "record": Record.objects.get(pk=record.pk).row_code, "field": "personal_number", "rule": "number.lost_zero",
        "change_set": accepted.pk, "exclusion": exclusion.pk, "list_file": files["list"], "row": 5,
        "people_list": exported.people_list.code, "newborn_list": files["newborns"],
        "collaborator": helper.username, "report": report.code, "job": job.pk, "bulk": bulk_file.pk,
    }  # fmt: skip


def _answered(content: bytes, row_code: str) -> bytes:
    """The police did not find the person: to be settled."""
    workbook = load_workbook(BytesIO(content))
    table = workbook.active
    at = {cell.value: (cell.row, cell.column) for row in table.iter_rows() for cell in row if cell.value}
    table.cell(at[row_code][0], at["Mã kết quả"][1]).value = "N"
    table.cell(at[row_code][0], at["Ghi chú"][1]).value = "không thấy"
    written = BytesIO()
    workbook.save(written)
    return written.getvalue()
