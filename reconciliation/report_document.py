"""The report as an official Word document. Its figures are the frozen ones; whom it names and what it rests on are the
plan's own words. The office fills in number, day, proposals and name."""

from __future__ import annotations

import datetime
import re
from typing import Any

from docx.document import Document as DocumentObject

from campaigns.models import Campaign, Register
from campaigns.templatetags.written import grouped, within_sentence
from reconciliation.clock_face import STEP_LABELS, verdict
from reconciliation.official_document import month, new_document, paragraph, saved, write_end, write_head, write_table
from reconciliation.official_document import write_title as write_name_and_subject
from reconciliation.progress_face import (
    LEFT_LABELS,
    commune_rows,
    group_rows,
    late_rows,
    registers_of,
    stage_entries,
    total_row,
)
from reconciliation.report_workbook import written

_KINDS = {"periodic": "báo cáo định kỳ", "adhoc": "báo cáo đột xuất", "final": "báo cáo kết thúc"}
_ROMAN = ("I", "II", "III", "IV")
_DOTS = "…" * 31


def report_document(
    campaign: Campaign, kind: str, as_of: datetime.date, figures: dict[str, Any], *, provisional: bool
) -> bytes:
    """`figures`: a progress object as of the end of `as_of`."""
    document = new_document()
    issuer = _issuer(campaign, kind)
    place = _place(campaign)
    write_head(
        document, above=_short(campaign.issuing_body), issuer=issuer, number=f"Số:       /BC-{_initials(issuer)}",
        place_and_day=f"{place}, ngày      tháng      năm {as_of.year}",
    )  # fmt: skip
    subject = f"Kết quả {within_sentence(campaign.name)}"
    basis = f"số liệu tạm tính trong ngày {as_of:%d/%m/%Y}" if provisional else f"số liệu đến hết ngày {as_of:%d/%m/%Y}"
    write_name_and_subject(document, "BÁO CÁO", f"{subject} ({_KINDS[kind]}, {basis})")
    to = _addressed_to(campaign, kind)
    paragraph(document, f"Kính gửi: {'; '.join(to)}.", centred=True)
    _write_bases(document, campaign, issuer)
    if provisional:
        paragraph(
            document,
            f"Ngày {as_of:%d/%m/%Y} chưa hết: số liệu là tạm tính, không thay báo cáo chính thức của ngày này.",
            bold=True,
        )
    _write_results(document, campaign, figures, as_of)
    _write_clock(document, campaign, figures)
    _write_late(document, campaign, figures)
    _heading(document, 4, "KIẾN NGHỊ, ĐỀ XUẤT")
    paragraph(document, _DOTS)
    paragraph(document, f"Trên đây là {_KINDS[kind]} của {issuer}, kính báo cáo để theo dõi, chỉ đạo./.")
    write_end(document, recipients=_recipients(campaign, issuer), title=_signer(issuer))
    return saved(document, title=f"{subject}, {basis}", day=as_of)


def _heading(document: DocumentObject, number: int, text: str) -> None:
    paragraph(document, f"{_ROMAN[number - 1]}. {text}", bold=True, kept=True)


def _issuer(campaign: Campaign, kind: str) -> str:
    """The body that the plan gives this report to, without the district's own word."""
    plan = campaign.plan
    actor = plan["reports"].get({"adhoc": "ad_hoc"}.get(kind, kind), plan["reports"]["final"])["actor"]
    label: str = plan["roles"][actor]["label"]
    return label.removesuffix(" huyện")


def _short(body: str) -> str:
    """The head's column is narrow: UBND huyện Bắc Yên."""
    return body.replace("Ủy ban nhân dân", "UBND")


def _initials(issuer: str) -> str:
    """Phòng Lao động - Thương binh và Xã hội → LĐTBXH."""
    words = issuer.removeprefix("Phòng ").replace("-", " ").split()
    return "".join(word[0].upper() for word in words if word != "và")


def _signer(issuer: str) -> str:
    return "Trưởng phòng" if issuer.startswith("Phòng ") else "Thủ trưởng cơ quan"


def _place(campaign: Campaign) -> str:
    return campaign.issuing_body.removeprefix("Ủy ban nhân dân").removeprefix(" huyện").strip()


def _addressed_to(campaign: Campaign, kind: str) -> list[str]:
    named = campaign.plan["reports"].get(kind, {}).get("recipients") or [campaign.issuing_body]
    return [str(name) for name in named]


def _recipients(campaign: Campaign, issuer: str) -> list[str]:
    """The plan's distribution list, less the office itself and where the plan was filed."""
    named = [str(name) for name in campaign.plan.get("distribution", [])]
    others = [name for name in named if not name.startswith("Lưu") and name.removesuffix(" huyện") != issuer]
    return ["Như trên;", *(f"{name};" for name in others), "Lưu: VT."]


def _write_bases(document: DocumentObject, campaign: Campaign, issuer: str) -> None:
    for base in campaign.plan["campaign"].get("legal_bases", []):
        day = datetime.date.fromisoformat(base["date"])
        ref = re.sub(r" (?=\d)", " số ", base["ref"], count=1)
        about = f" ({base['about']})" if base.get("about") else ""
        text = f"Căn cứ {ref} ngày {day.day:02d} tháng {month(day.month)} năm {day.year}{about};"
        paragraph(document, text, italic=True)
    paragraph(
        document,
        f"Thực hiện Kế hoạch {_plan_reference(campaign)} của {campaign.issuing_body}, "
        f"{issuer} báo cáo kết quả như sau:",
    )


def _plan_reference(campaign: Campaign) -> str:
    head = campaign.plan["campaign"]
    number, day = head.get("document_number") or "số       /KH-UBND", head.get("document_date")
    when = f"ngày {datetime.date.fromisoformat(day):%d/%m/%Y}" if day else f"năm {campaign.first_day.year}"
    return f"{number} {when}"


def _write_results(document: DocumentObject, campaign: Campaign, figures: dict[str, Any], as_of: datetime.date) -> None:
    _heading(document, 1, "KẾT QUẢ")
    parts = figures["registers"]
    total, scope, done = (sum(part[key] for part in parts.values()) for key in ("total", "in_scope", "done"))
    paragraph(
        document,
        f"Đến hết ngày {as_of:%d/%m/%Y}, các sổ có {grouped(total)} hồ sơ, trong đó {grouped(scope)} hồ sơ thuộc diện "
        f"phải chuẩn hóa, làm sạch; đã xong {grouped(done)} hồ sơ.",
    )
    for number, (register, part) in enumerate(registers_of(figures), start=1):
        _write_register(document, campaign, number, register, part)


def _write_register(
    document: DocumentObject, campaign: Campaign, number: int, register: str, part: dict[str, Any]
) -> None:
    paragraph(document, f"{number}. {Register(register).label}", bold=True, kept=True)
    extra = part["additional"].get("care_support")
    also = f" Trong sổ có {grouped(extra)} người hưởng hỗ trợ chăm sóc, nuôi dưỡng." if extra else ""
    paragraph(
        document,
        f"Toàn sổ {grouped(part['total'])} hồ sơ; trong diện {grouped(part['in_scope'])}; đã xong "
        f"{grouped(part['done'])}, đạt {grouped(part['done_percent'])}%.{also}",
    )
    paragraph(document, "a) Theo nhóm của kế hoạch (một người có thể ở nhiều nhóm):", kept=True)
    groups = group_rows(campaign, register, part)
    write_table(document, ("Nhóm", "Trong diện", "Đã xong", "Còn lại"), (7.5, 3, 3, 3), [
        (row["label"], row["total"], row["done"], row["total"] - row["done"]) for row in groups
    ])  # fmt: skip
    paragraph(document, "b) Theo tình trạng hồ sơ:", kept=True)
    stages = [(entry["label"], entry["count"]) for entry in stage_entries(part)]
    write_table(
        document, ("Tình trạng", "Số hồ sơ"), (9, 4), [*stages, ("Cộng: trong diện", part["in_scope"])], sum_last=True
    )
    paragraph(document, "c) Từng xã, thị trấn, muộn nhất trước:", kept=True)
    _write_communes(document, campaign, register, part)


def _write_communes(document: DocumentObject, campaign: Campaign, register: str, part: dict[str, Any]) -> None:
    left = LEFT_LABELS[part["clock"]["step"]]
    rows = [*commune_rows(campaign, register, part), total_row(campaign, part)]
    write_table(
        document, ("Xã, thị trấn", "Trong diện", "Đã xong", left, "Lô quá hạn", "Dự kiến xong", "So với hạn"),
        (4, 1.7, 1.7, 1.9, 1.6, 2.5, 3.1),
        [
            (row["name"], row["in_scope"], row["done"], row["remaining"], row["overdue_batches"],
             written(row["forecast"]), row["verdict"])
            for row in rows
        ],
        sum_last=True,
    )  # fmt: skip


def _write_clock(document: DocumentObject, campaign: Campaign, figures: dict[str, Any]) -> None:
    _heading(document, 2, "SO VỚI KẾ HOẠCH")
    rows = []
    for register, part in registers_of(figures):
        face = part["clock"]
        rows.append(
            (Register(register).label, STEP_LABELS[face["step"]], written(face["due"]), face["days_left"],
             face["remaining"], face["needed_per_day"], face["pace_per_day"], written(face["forecast"]),
             verdict(campaign, face))
        )  # fmt: skip
    write_table(
        document,
        ("Sổ", "Bước", "Hạn", "Còn ngày làm việc", "Còn lại", "Cần mỗi ngày", "Đang làm mỗi ngày", "Dự kiến xong",
         "So với hạn"),
        (2.3, 1.9, 2.4, 1.4, 1.5, 1.4, 1.6, 2.4, 2), rows,
    )  # fmt: skip
    paragraph(document, "Dự kiến xong là ngày xã xong sau cùng, theo mức làm trung bình năm ngày làm việc gần nhất.")


def _write_late(document: DocumentObject, campaign: Campaign, figures: dict[str, Any]) -> None:
    _heading(document, 3, "VIỆC CHẬM")
    said = False
    for register, part in registers_of(figures):
        rows = commune_rows(campaign, register, part)
        for text in _late_texts(Register(register).label, rows):
            paragraph(document, f"- {text}")
            said = True
    if not said:
        paragraph(document, "Không có xã nào dự kiến muộn, không có danh sách nào quá hạn trả.")


def _late_texts(label: str, rows: list[dict[str, Any]]) -> list[str]:
    late = [f"{row['name']} (còn {grouped(row['remaining'])}, {_when(row)})" for row in late_rows(rows)]
    overdue = [f"{row['name']} {row['overdue_batches']}" for row in rows if row["overdue_batches"]]
    texts = []
    if late:
        texts.append(f"{label}: {len(late)} xã dự kiến muộn: {'; '.join(late)}.")
    if overdue:
        texts.append(f"{label}: danh sách gửi đi đã quá hạn trả: {'; '.join(overdue)}.")
    return texts


def _when(row: dict[str, Any]) -> str:
    return f"dự kiến {written(row['forecast'])}" if row["forecast"] else "năm ngày qua chưa xong hồ sơ nào"
