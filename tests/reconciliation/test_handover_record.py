from __future__ import annotations

from io import BytesIO

from docx import Document

from campaigns.models import User
from reconciliation.handover_record import handover_record
from tests.reconciliation.conftest import Sending


def test_the_record_says_what_left_and_when_it_is_due(sent: Sending) -> None:
    batch, _ = sent({}, {"personal_number": "0142"})
    document = Document(BytesIO(handover_record(batch)))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    text = "\n".join([p.text for p in document.paragraphs] + cells)
    for expected in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "BIÊN BẢN", "Số: …/BB-LC-TE-01",
        "UBND XÃ LÀNG CHẾU", "Công an xã Làng Chếu", batch.sha256, f"{batch.due:%d/%m/%Y}", "LC-TE-01.xlsx",
        "BÊN GIAO", "BÊN NHẬN", "Cán Bộ Làng Chếu", "chưa có số: đề nghị tra hoặc cấp số", "Số dòng (người)",
    ):  # fmt: skip
        assert expected in text


def test_no_name_of_a_person_on_the_list_stands_in_it(sent: Sending) -> None:
    batch, records = sent({"father_name": "", "mother_name": "", "guardian_name": "Mùa Thị Pàng"})
    document = Document(BytesIO(handover_record(batch)))
    text = "\n".join(cell.text for table in document.tables for row in table.rows for cell in row.cells)
    assert records[0].full_name not in text
    assert "Pàng" not in text


def test_a_list_made_on_the_server_is_signed_by_a_person(sent: Sending, system: User) -> None:
    batch, _ = sent(1)
    batch.by = system
    document = Document(BytesIO(handover_record(batch)))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    text = "\n".join([p.text for p in document.paragraphs] + cells)
    assert system.get_full_name() not in text
    assert text.count("Ông (bà): …") == 2
    assert "tại xã Làng Chếu" in text


def test_the_page_is_as_the_decree_says(sent: Sending) -> None:
    document = Document(BytesIO(handover_record(sent(1)[0])))
    section = document.sections[0]
    lengths = (
        section.page_width, section.page_height, section.top_margin, section.bottom_margin, section.left_margin,
        section.right_margin,
    )  # fmt: skip
    assert [round(length.mm) for length in lengths if length is not None] == [210, 297, 20, 20, 30, 15]
    assert section.different_first_page_header_footer
    runs = [run for p in document.paragraphs for run in p.runs]
    assert {run.font.name for run in runs} == {"Times New Roman"}
    assert {run.font.size.pt for run in runs if run.font.size} <= {13.0, 14.0}
