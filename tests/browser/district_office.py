"""What the district office does in the campaign: the export, a second opinion, the upload, the report."""

from __future__ import annotations

from docx import Document
from openpyxl import load_workbook
from playwright.sync_api import expect

from campaigns.models import AuditEvent, User
from reconciliation.models import Report, UploadFile
from records.models import Finding, Record, SourceFile, Stage
from tests.browser.children import CHILDREN, HEADING_ROW, HEADINGS, NEWBORN, RIGHT_NAME, write_export, write_refusal
from tests.browser.story import Story, child, stages


def take_the_export_in(story: Story, district: User) -> None:
    export = write_export(story.folder / "xuat-lang-cheu.xlsx")
    person = story.sign_in(district)
    person.go_to("Nhập dữ liệu")
    person.choose_file(export)
    person.sees(export.name)
    person.press("Đưa lên")
    person.is_at("Nhập ")
    person.sees(f"Tiêu đề ở dòng {HEADING_ROW}", "1 cần xem", "Chưa ghi gì vào sổ")
    person.page.get_by_label("Trường của cột Người mẹ sinh ra").select_option(label="Họ và tên mẹ")
    assert not Record.objects.exists()
    person.press("So sánh với sổ")
    person.sees("12 trẻ", "1 dòng giữ lại: mã đã có ở một dòng trước", "Mất số 0 ở đầu", "Ngày sinh chưa đủ")
    assert not Record.objects.exists()
    person.press("Áp dụng")
    person.sees("Xong lúc 08:0")
    person.does_not_scroll_sideways()
    person.leave()
    assert (Record.objects.count(), stages()) == (11, {Stage.TO_REVIEW: 10, Stage.CLEANED: 1})
    assert SourceFile.objects.get().file.read() == export.read_bytes()


def agree_to_the_exclusion(story: Story, district: User) -> None:
    person = story.sign_in(district)
    person.go_to("Rà soát")
    person.click("Ra khỏi sổ")
    person.sees("Hạng A Sính", "Giấy chuyển nơi thường trú 17/2023")
    person.press("Đồng ý đưa ra")
    person.sees("Chờ người thứ hai: 0")
    person.leave()
    assert child("Hạng A Sính").stage == Stage.EXCLUDED


def upload(story: Story, district: User) -> str:
    """Returns the code of the file."""
    person = story.sign_in(district)
    person.go_to("Tệp tải lên")
    person.press("Đầy đủ của Xã Làng Chếu")
    expect(person.page.get_by_role("heading", name="Tệp đã lập").locator("xpath=..").get_by_role("row")).to_have_count(
        2
    )
    upload = UploadFile.objects.get()
    person.click(upload.code)
    person.is_at(upload.code)
    sheet = load_workbook(person.download("Tải tệp Excel")).active
    person.leave()
    assert upload.counts["rows"] == 11
    compare_with_the_export([[str(cell or "") for cell in row] for row in sheet.iter_rows(values_only=True)])
    return upload.code


def compare_with_the_export(rows: list[list[str]]) -> None:
    """Only what was corrected differs, and the newborn stands at the end."""
    assert tuple(rows[HEADING_ROW - 1]) == HEADINGS
    written = {row[2]: row for row in rows[HEADING_ROW:] if row[2]}
    numbers = {name: row[6] for name, row in written.items()}
    assert numbers == {
        "Mùa A Chống": "014215001001",
        "Mùa Thị Dợ": "014314001002",
        "Thào A Dơ": "014216001003",
        "Hờ Thị Sua": "014313001004",
        "Giàng A Tủa": "014217001005",
        "Sồng Thị Mai": "014315001006",
        "Vừ A Páo": "014218001007",
        RIGHT_NAME: "014314001008",
        "Thào Thị Ca": "014312001009",
        "Phàng A Nhà": "014211001011",
        NEWBORN: "014223001013",
    }
    assert written["Giàng A Tủa"][3] == "15/09/2017"
    assert written["Phàng A Nhà"][5] == "H'Mông"
    exported = next(one for one in CHILDREN if one[0] == "TE11")
    assert tuple(written["Phàng A Nhà"][1:9]) == exported
    assert list(written)[-1] == NEWBORN


def record_the_answer(story: Story, district: User, upload: str) -> None:
    refusal = write_refusal(story.folder / "tu-choi.xlsx", "TE04", "Số định danh cá nhân đã có trên phần mềm")
    person = story.sign_in(district)
    person.go_to("Tệp tải lên")
    person.click(upload)
    person.choose_file(refusal)
    person.press("Xem các dòng bị từ chối…")
    person.sees("Ghi rồi thì không hoàn tác được", "Số định danh cá nhân đã có trên phần mềm")
    person.press("Ghi trả lời")
    person.sees("phần mềm nhận 10 dòng, từ chối 1")
    person.leave()
    assert stages() == {Stage.UPLOADED: 10, Stage.TO_REVIEW: 1, Stage.EXCLUDED: 1}
    refused = Finding.objects.get(rule="ministry.rejected")
    assert (refused.record.full_name, refused.field, refused.group) == ("Hờ Thị Sua", "personal_number", 2)


def make_the_final_report(story: Story, district: User) -> None:
    person = story.sign_in(district)
    person.go_to("Báo cáo")
    person.page.get_by_label("Loại").select_option(label="Kết thúc")
    person.page.get_by_label("Số liệu đến hết ngày").fill("13/11/2023")
    person.press("Lập báo cáo")
    person.sees("Tải về ở danh sách dưới", "đã chốt")
    report = Report.objects.get()
    document = Document(str(person.download(f"Tải docx của {report.code}")))
    person.leave()
    text = " ".join(paragraph.text for paragraph in document.paragraphs)
    tables = " ".join(cell.text for table in document.tables for row in table.rows for cell in row.cells)
    assert "Làng Chếu" in tables
    assert "13/11/2023" in text + tables
    assert AuditEvent.objects.filter(event="report_exported").exists()
