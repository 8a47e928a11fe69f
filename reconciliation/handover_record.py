"""The handover record (biên bản giao nhận) of a batch as a Word document, laid out by Nghị định 30/2020/NĐ-CP."""

from __future__ import annotations

import io
from collections import Counter

from django.utils import timezone
from docx import Document
from docx.document import Document as DocumentObject
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Mm, Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from reconciliation.models import Batch, BatchKind

FONT, SIZE = "Times New Roman", 14
_TITLES = {
    BatchKind.POLICE: "Về việc giao, nhận danh sách đề nghị công an xác minh, cấp số định danh cá nhân",
    BatchKind.CIVIL_REGISTRY: "Về việc giao, nhận danh sách đề nghị đối chiếu với sổ hộ tịch",
}
_RECEIVERS = {BatchKind.POLICE: "Công an", BatchKind.CIVIL_REGISTRY: "Công chức tư pháp - hộ tịch"}


def handover_record(batch: Batch) -> bytes:
    document = Document()
    _set_page(document)
    _write_head(document, batch)
    _write_title(document, batch)
    _write_parties(document, batch)
    _write_counts(document, batch)
    _write_duties(document, batch)
    _write_signatures(document, batch)
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()


def _set_page(document: DocumentObject) -> None:
    """A4 upright; margins 20-25 mm above and below, 30-35 left, 15-20 right; page number in the top margin, not on
    the first page (phụ lục I, mục I)."""
    section = document.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    section.header_distance = Mm(10)
    section.different_first_page_header_footer = True
    number = section.header.paragraphs[0]
    number.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _add_page_number(number)
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(SIZE)
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FONT)
    style.paragraph_format.space_after = Pt(6)
    style.paragraph_format.space_before = Pt(0)


def _add_page_number(paragraph: Paragraph) -> None:
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = paragraph.add_run()
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = text
        run._r.append(mark)


def _write_head(document: DocumentObject, batch: Batch) -> None:
    left, right = document.add_table(rows=1, cols=2).rows[0].cells
    left.width, right.width = Cm(6.5), Cm(10)
    place = batch.commune.name
    _line(left, batch.campaign.issuing_body.upper().replace("ỦY BAN NHÂN DÂN", "UBND"), size=13)
    _line(left, f"UBND {place.upper()}", size=13, bold=True, ruled=True)
    _line(left, f"Số: …/BB-{batch.code}", size=13)
    _line(right, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", size=13, bold=True)
    _line(right, "Độc lập - Tự do - Hạnh phúc", size=14, bold=True, ruled=True)
    day = timezone.localtime(batch.at)
    _line(
        right,
        f"{batch.commune.short_name}, ngày {day:%d} tháng {_month(day.month)} năm {day.year}",
        size=14,
        italic=True,
    )


def _month(month: int) -> str:
    """January and February with a zero, the others without (the decree's rule against forged dates)."""
    return f"{month:02d}" if month < 3 else str(month)


def _line(cell: _Cell, text: str, *, size: int, bold: bool = False, italic: bool = False, ruled: bool = False) -> None:
    paragraph = cell.paragraphs[0] if not cell.paragraphs[0].runs else cell.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.space_after = Pt(0)
    run = paragraph.add_run(text)
    _dress(run, size=size, bold=bold, italic=italic)
    run.underline = ruled


def _dress(run: Run, *, size: int = SIZE, bold: bool = False, italic: bool = False) -> None:
    run.font.name, run.font.size, run.bold, run.italic = FONT, Pt(size), bold, italic


def _paragraph(document: DocumentObject, text: str, *, bold: bool = False, centred: bool = False) -> Paragraph:
    paragraph = document.add_paragraph()
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    else:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        paragraph.paragraph_format.first_line_indent = Cm(1)
    _dress(paragraph.add_run(text), bold=bold)
    return paragraph


def _write_title(document: DocumentObject, batch: Batch) -> None:
    above = _paragraph(document, "BIÊN BẢN", bold=True, centred=True)
    above.paragraph_format.space_before = Pt(18)
    above.paragraph_format.space_after = Pt(0)
    _paragraph(document, _TITLES[BatchKind(batch.kind)], bold=True, centred=True)


def _write_parties(document: DocumentObject, batch: Batch) -> None:
    at = timezone.localtime(batch.at)
    _paragraph(
        document,
        f"Hôm nay, ngày {at:%d} tháng {_month(at.month)} năm {at.year}, tại {batch.commune.name}, "
        f"thực hiện kế hoạch “{batch.campaign.name}”, chúng tôi gồm:",
    )
    _paragraph(document, f"1. Bên giao: UBND {batch.commune.name}", bold=True)
    _paragraph(document, f"Ông (bà): {batch.by.get_full_name()}. Chức vụ: {batch.by.get_role_display()}.")
    _paragraph(document, f"2. Bên nhận: {_receiver(batch)}", bold=True)
    _paragraph(document, "Ông (bà): ……………………………………… Chức vụ: ………………………………")


def _receiver(batch: Batch) -> str:
    name = batch.commune.name
    return f"{_RECEIVERS[BatchKind(batch.kind)]} {name[:1].lower()}{name[1:]}"


def _write_counts(document: DocumentObject, batch: Batch) -> None:
    _paragraph(document, "Hai bên giao, nhận danh sách như sau:")
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
            _dress(cell.paragraphs[0].add_run(text), size=13)
    document.add_paragraph().paragraph_format.space_after = Pt(0)


def _write_duties(document: DocumentObject, batch: Batch) -> None:
    _paragraph(
        document,
        "Danh sách có dữ liệu cá nhân. Bên nhận chỉ dùng để xác minh, không cung cấp cho bên thứ ba, không chuyển qua "
        "mạng xã hội, không sửa các cột đã có; ghi kết quả vào các cột để trống và trả lại "
        f"trước hoặc trong ngày {batch.due:%d/%m/%Y}.",
    )
    _paragraph(document, "Biên bản được lập thành 02 bản có giá trị như nhau, mỗi bên giữ 01 bản./.")


def _write_signatures(document: DocumentObject, batch: Batch) -> None:
    left, right = document.add_table(rows=1, cols=2).rows[0].cells
    for cell, title, name in ((left, "BÊN NHẬN", ""), (right, "BÊN GIAO", batch.by.get_full_name())):
        _line(cell, title, size=14, bold=True)
        _line(cell, "(Ký, ghi rõ họ tên)", size=14, italic=True)
        for _ in range(4):
            _line(cell, " ", size=14)
        _line(cell, name or " ", size=14, bold=True)
