"""The handover record (biên bản giao nhận) of a batch as a Word document, laid out by Nghị định 30/2020/NĐ-CP."""

from __future__ import annotations

from collections import Counter

from django.utils import timezone
from docx.document import Document as DocumentObject
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, Pt

from campaigns.permissions import Role
from campaigns.templatetags.written import within_sentence
from reconciliation.models import Batch, BatchKind
from reconciliation.official_document import dress, line, month, new_document, paragraph, saved, two_cells, write_head
from reconciliation.official_document import write_title as write_name_and_subject

_TITLES = {
    BatchKind.POLICE: "Về việc giao, nhận danh sách đề nghị công an xác minh, cấp số định danh cá nhân",
    BatchKind.CIVIL_REGISTRY: "Về việc giao, nhận danh sách đề nghị đối chiếu với sổ hộ tịch",
}
_TO_BE_WRITTEN = "Ông (bà): ……………………………… Chức vụ: …………………………"
_RECEIVERS = {BatchKind.POLICE: "Công an", BatchKind.CIVIL_REGISTRY: "Công chức tư pháp - hộ tịch"}


def handover_record(batch: Batch) -> bytes:
    document = new_document()
    day = timezone.localtime(batch.at)
    write_head(
        document,
        above=batch.campaign.issuing_body.replace("Ủy ban nhân dân", "UBND"),
        issuer=f"UBND {within_sentence(batch.commune.name)}",
        number=f"Số: …/BB-{batch.code}",
        place_and_day=f"{batch.commune.short_name}, ngày {day:%d} tháng {month(day.month)} năm {day.year}",
    )
    write_name_and_subject(document, "BIÊN BẢN", _TITLES[BatchKind(batch.kind)])
    _write_parties(document, batch)
    _write_counts(document, batch)
    _write_duties(document, batch)
    _write_signatures(document, batch)
    return saved(document, title=f"Biên bản giao nhận {batch.code}", day=day.date())


def _write_parties(document: DocumentObject, batch: Batch) -> None:
    at = timezone.localtime(batch.at)
    paragraph(
        document,
        f"Hôm nay, ngày {at:%d} tháng {month(at.month)} năm {at.year}, tại {within_sentence(batch.commune.name)}, "
        f"thực hiện kế hoạch “{batch.campaign.name}”, chúng tôi gồm:",
    )
    paragraph(document, f"1. Bên giao: UBND {within_sentence(batch.commune.name)}", bold=True)
    if _giver(batch):
        paragraph(document, f"Ông (bà): {_giver(batch)}. Chức vụ: {batch.by.get_role_display()}.")
    else:
        _to_be_written(document)
    paragraph(document, f"2. Bên nhận: {_receiver(batch)}", bold=True)
    _to_be_written(document)


def _to_be_written(document: DocumentObject) -> None:
    paragraph(document, _TO_BE_WRITTEN).alignment = WD_ALIGN_PARAGRAPH.LEFT


def _giver(batch: Batch) -> str:
    """'' where a command on the server made the list: a person signs, and writes the name by hand."""
    return "" if batch.by.role == Role.SYSTEM else batch.by.get_full_name()


def _receiver(batch: Batch) -> str:
    return f"{_RECEIVERS[BatchKind(batch.kind)]} {within_sentence(batch.commune.name)}"


def _write_counts(document: DocumentObject, batch: Batch) -> None:
    paragraph(document, "Hai bên giao, nhận danh sách như sau:")
    asked = Counter(sent.get("Đề nghị", "").split(".")[0] for sent in batch.lines.values_list("sent", flat=True))
    rows = [
        ("Mã lô", batch.code),
        ("Sổ", batch.get_register_display()),
        ("Số dòng (người)", str(batch.rows)),
        *((f"Trong đó: {text[:1].lower()}{text[1:]}", str(n)) for text, n in asked.most_common()),
        ("Tệp", f"{batch.code}.xlsx"),
        ("Mã kiểm tra tệp (SHA-256)", batch.sha256),
        ("Hẹn trả", f"{batch.due:%d/%m/%Y}"),
    ]
    table = document.add_table(rows=0, cols=2)
    table.style = "Table Grid"
    for name, value in rows:
        left, right = table.add_row().cells
        left.width, right.width = Cm(7), Cm(9.5)
        for cell, text in ((left, name), (right, value)):
            cell.paragraphs[0].paragraph_format.space_after = Pt(2)
            dress(cell.paragraphs[0].add_run(text), size=13)
    document.add_paragraph().paragraph_format.space_after = Pt(0)


def _write_duties(document: DocumentObject, batch: Batch) -> None:
    paragraph(
        document,
        "Danh sách có dữ liệu cá nhân. Bên nhận chỉ dùng để xác minh, không cung cấp cho bên thứ ba, không chuyển qua "
        "mạng xã hội, không sửa các cột đã có; ghi kết quả vào các cột để trống và trả lại "
        f"trước hoặc trong ngày {batch.due:%d/%m/%Y}.",
    )
    paragraph(document, "Biên bản được lập thành 02 bản có giá trị như nhau, mỗi bên giữ 01 bản./.", kept=True)


def _write_signatures(document: DocumentObject, batch: Batch) -> None:
    left, right = two_cells(document, Cm(8.25), Cm(8.25))
    for cell, title, name in ((left, "BÊN NHẬN", ""), (right, "BÊN GIAO", _giver(batch))):
        line(cell, title, bold=True)
        line(cell, "(Ký, ghi rõ họ tên)", italic=True)
        for _ in range(3):
            line(cell, " ")
        line(cell, name or " ", bold=True)
