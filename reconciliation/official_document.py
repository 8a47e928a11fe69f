"""The form of an official document by Nghị định 30/2020/NĐ-CP (phụ lục I), for Word: page, head, paragraphs, tables.

Nothing of the clock gets into the file: the same words give the same bytes."""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Sequence

from docx import Document
from docx.document import Document as DocumentObject
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Length, Mm, Pt
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from campaigns.templatetags.written import grouped

FONT, SIZE = "Times New Roman", 14
_TABLE_SIZE = 12


def new_document() -> DocumentObject:
    """A4 upright; margins 20-25 mm above and below, 30-35 left, 15-20 right; page number in the top margin, not on
    the first page (phụ lục I, mục I)."""
    document = Document()
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
    properties = style.element.get_or_add_rPr()
    properties.get_or_add_rFonts().set(qn("w:eastAsia"), FONT)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "vi-VN")
    properties.append(language)
    style.paragraph_format.space_after = Pt(6)
    style.paragraph_format.space_before = Pt(0)
    return document


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


def write_head(document: DocumentObject, *, above: str, issuer: str, number: str, place_and_day: str) -> None:
    """Left: the body above, the issuing body, the number. Right: the name of the state, its motto, place and day."""
    left, right = two_cells(document, Cm(6.5), Cm(10))
    line(left, above.upper(), size=13)
    line(left, issuer.upper(), size=13, bold=True)
    _rule(left, Cm(2.2))
    line(left, number, size=13)
    line(right, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", size=13, bold=True)
    line(right, "Độc lập - Tự do - Hạnh phúc", size=14, bold=True)
    _rule(right, Cm(1.8))
    line(right, place_and_day, size=14, italic=True)


def two_cells(document: DocumentObject, left: Length, right: Length) -> tuple[_Cell, _Cell]:
    table = document.add_table(rows=1, cols=2)
    _set_widths(table, [left, right])
    row = table.rows[0]
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    return row.cells[0], row.cells[1]


def _set_widths(table: Table, widths: Sequence[Length]) -> None:
    """Word reads the cells' widths, other programs the columns'."""
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
        for cell in column.cells:
            cell.width = width


def _rule(cell: _Cell, indent: Length) -> None:
    """The line under a name: a third to a half of its width."""
    paragraph = cell.add_paragraph()
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = indent
    paragraph.paragraph_format.space_after = Pt(2)
    paragraph.paragraph_format.line_spacing = Pt(3)
    edges, bottom = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "auto")):
        bottom.set(qn(f"w:{name}"), value)
    edges.append(bottom)
    paragraph._p.get_or_add_pPr().append(edges)


def line(cell: _Cell, text: str, *, size: int = SIZE, bold: bool = False, italic: bool = False) -> Paragraph:
    """A centred line; the first one takes the cell's own empty paragraph."""
    empty = len(cell.paragraphs) == 1 and not cell.paragraphs[0].runs
    written: Paragraph = cell.paragraphs[0] if empty else cell.add_paragraph()
    written.alignment = WD_ALIGN_PARAGRAPH.CENTER
    written.paragraph_format.space_after = Pt(0)
    dress(written.add_run(text), size=size, bold=bold, italic=italic)
    return written


def dress(run: Run, *, size: int = SIZE, bold: bool = False, italic: bool = False) -> None:
    run.font.name, run.font.size, run.bold, run.italic = FONT, Pt(size), bold, italic


def paragraph(
    document: DocumentObject, text: str, *, bold: bool = False, italic: bool = False, centred: bool = False,
    kept: bool = False,
) -> Paragraph:  # fmt: skip
    """`kept`: stays on the page of what follows, as headings do."""
    written = document.add_paragraph()
    if centred:
        written.alignment = WD_ALIGN_PARAGRAPH.CENTER
    else:
        written.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        written.paragraph_format.first_line_indent = Cm(1)
    written.paragraph_format.keep_with_next = kept
    dress(written.add_run(text), bold=bold, italic=italic)
    return written


def write_title(document: DocumentObject, name: str, about: str) -> None:
    above = paragraph(document, name, bold=True, centred=True, kept=True)
    above.paragraph_format.space_before = Pt(18)
    above.paragraph_format.space_after = Pt(0)
    paragraph(document, about, bold=True, centred=True)


def write_table(
    document: DocumentObject, headings: Sequence[str], widths: Sequence[float],
    rows: Sequence[Sequence[str | float | None]], *, sum_last: bool = False,
) -> None:  # fmt: skip
    """`widths` in cm. Numbers stand at the right. The heading repeats on every page; no row is torn apart."""
    table = document.add_table(rows=0, cols=len(headings))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    _write_row(table.add_row(), headings, bold=True, centred=True)
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for number, values in enumerate(rows, start=1):
        _write_row(table.add_row(), values, bold=sum_last and number == len(rows))
    _set_widths(table, [Cm(width) for width in widths])
    document.add_paragraph().paragraph_format.space_after = Pt(0)


def _write_row(row: _Row, values: Sequence[str | float | None], *, bold: bool = False, centred: bool = False) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    for cell, value in zip(row.cells, values, strict=True):
        written = cell.paragraphs[0]
        written.paragraph_format.space_after = Pt(2)
        if centred:
            written.alignment = WD_ALIGN_PARAGRAPH.CENTER
        elif not isinstance(value, str):
            written.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        dress(written.add_run(value if isinstance(value, str) else grouped(value)), size=_TABLE_SIZE, bold=bold)


def write_end(document: DocumentObject, *, recipients: Sequence[str], title: str) -> None:
    """Left: to whom it goes, small; right: who signs."""
    left, right = two_cells(document, Cm(9), Cm(7.5))
    first = line(left, "Nơi nhận:", size=12, bold=True, italic=True)
    first.alignment = WD_ALIGN_PARAGRAPH.LEFT
    for recipient in recipients:
        line(left, f"- {recipient}", size=11).alignment = WD_ALIGN_PARAGRAPH.LEFT
    line(right, title.upper(), bold=True)
    line(right, "(Ký, ghi rõ họ tên)", italic=True)


def month(number: int) -> str:
    """January and February with a zero, the others without (the decree's rule against forged dates)."""
    return f"{number:02d}" if number < 3 else str(number)


def saved(document: DocumentObject, *, title: str, day: datetime.date) -> bytes:
    """The file, dated by `day` within and without."""
    moment = datetime.datetime.combine(day, datetime.time(17))
    about = document.core_properties
    about.title, about.author, about.last_modified_by, about.comments = title, "", "", ""
    about.created = about.modified = moment
    about.revision = 1
    kept, steady = io.BytesIO(), io.BytesIO()
    document.save(kept)
    with zipfile.ZipFile(kept) as source, zipfile.ZipFile(steady, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, date_time=moment.timetuple()[:6])
            entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, 0o600 << 16, 3
            target.writestr(entry, source.read(name))
    return steady.getvalue()
