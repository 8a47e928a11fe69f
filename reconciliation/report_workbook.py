"""Figures as a workbook: one sheet a register, laid out to be printed. The same figures give the same bytes."""

from __future__ import annotations

import datetime
import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from campaigns.models import Campaign, Register
from reconciliation.clock_face import STEP_LABELS, verdict
from reconciliation.progress_face import LEFT_LABELS, commune_rows, group_rows, registers_of, stage_entries, total_row

FONT = "Times New Roman"
_WIDTHS = (46, 13, 13, 13, 13, 13, 13, 20, 22)
_HEADING_HEIGHT = 34  # points: two lines


def figures_workbook(campaign: Campaign, figures: dict[str, Any], *, title: str, basis: str) -> bytes:
    """`figures`: a progress object. `basis`: as of when, in words. Dated by the figures' day, not by the clock."""
    kept = io.BytesIO()
    options = {
        "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    }  # fmt: skip
    with xlsxwriter.Workbook(kept, options) as workbook:
        day = datetime.date.fromisoformat(figures["as_of"])
        workbook.set_properties(
            {"title": title, "subject": campaign.name, "created": datetime.datetime.combine(day, datetime.time(17))}
        )
        for register, part in registers_of(figures):
            _Sheet(workbook, campaign, register, part).write(title, basis)
    return kept.getvalue()


class _Sheet:
    """Writes from the top down; `row` is the next free one."""

    def __init__(self, workbook: xlsxwriter.Workbook, campaign: Campaign, register: str, figures: dict[str, Any]):
        self.campaign, self.register, self.figures = campaign, register, figures
        label = Register(register).label
        self.sheet: Worksheet = workbook.add_worksheet(label[:31])
        plain: dict[str, Any] = {"font_name": FONT, "font_size": 12, "valign": "vcenter"}
        self.title: Format = workbook.add_format({**plain, "bold": True, "font_size": 14})
        self.plain: Format = workbook.add_format(plain)
        self.bold: Format = workbook.add_format({**plain, "bold": True})
        self.heading: Format = workbook.add_format(
            {**plain, "bold": True, "border": 1, "text_wrap": True, "align": "center", "bg_color": "#F2F4F5"}
        )
        self.text: Format = workbook.add_format({**plain, "border": 1, "indent": 1})
        self.number: Format = workbook.add_format({**plain, "border": 1, "num_format": "#,##0"})
        self.share: Format = workbook.add_format({**plain, "border": 1, "num_format": "#,##0.0"})
        self.row = 0
        for column, width in enumerate(_WIDTHS):
            self.sheet.set_column(column, column, width, self.plain)
        self.sheet.set_paper(9)
        self.sheet.set_landscape()
        self.sheet.fit_to_pages(1, 1)
        self.sheet.set_footer("&R&P/&N")

    def write(self, title: str, basis: str) -> None:
        self._line(f"{title} - {Register(self.register).label}", self.title)
        self._line(f"{self.campaign.name}. {basis}", self.plain)
        self._clock()
        self._groups()
        self._stages()
        self._communes()

    def _line(self, text: str, form: Format) -> None:
        self.sheet.write_string(self.row, 0, text, form)
        self.row += 1

    def _table(self, name: str, headings: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        self.row += 1
        self._line(name, self.bold)
        self.sheet.set_row(self.row, _HEADING_HEIGHT)
        for column, heading in enumerate(headings):
            self.sheet.write_string(self.row, column, heading, self.heading)
        for values in rows:
            self.row += 1
            for column, value in enumerate(values):
                self._cell(column, value)
        self.row += 1

    def _cell(self, column: int, value: Any) -> None:
        if isinstance(value, float):
            self.sheet.write_number(self.row, column, value, self.share)
        elif isinstance(value, int):
            self.sheet.write_number(self.row, column, value, self.number)
        else:
            self.sheet.write_string(self.row, column, value or "", self.text)

    def _clock(self) -> None:
        face = self.figures["clock"]
        headings = (
            "Bước đang làm", "Hạn", "Còn ngày làm việc", "Còn lại", "Cần mỗi ngày", "Đang làm mỗi ngày",
            "Dự kiến xong", "So với hạn",
        )  # fmt: skip
        row = (
            STEP_LABELS[face["step"]], written(face["due"]), face["days_left"], face["remaining"],
            face["needed_per_day"], float(face["pace_per_day"]), written(face["forecast"]),
            verdict(self.campaign, face),
        )  # fmt: skip
        self._table("Đồng hồ kế hoạch", headings, [row])

    def _groups(self) -> None:
        rows = [
            (row["label"], row["total"], row["done"], row["total"] - row["done"])
            for row in group_rows(self.campaign, self.register, self.figures)
        ]
        self._table("Theo nhóm của kế hoạch", ("Nhóm", "Trong diện", "Đã xong", "Còn lại"), rows)
        self._line("Một người có thể ở nhiều nhóm nên cộng các nhóm không bằng số hồ sơ trong diện.", self.plain)
        for count in self.figures["additional"].values():
            self._line(f"Trong sổ có {count} người hưởng hỗ trợ chăm sóc, nuôi dưỡng.", self.plain)

    def _stages(self) -> None:
        rows = [(entry["label"], entry["count"]) for entry in stage_entries(self.figures)]
        rows.append(("Cộng: hồ sơ trong diện", self.figures["in_scope"]))
        self._table("Theo tình trạng", ("Tình trạng", "Số hồ sơ"), rows)
        self._line(f"Toàn sổ có {self.figures['total']} hồ sơ.", self.plain)

    def _communes(self) -> None:
        step = self.figures["clock"]["step"]
        headings = (
            "Xã, thị trấn", "Trong diện", "Đã xong", LEFT_LABELS[step], "Cần mỗi ngày", "Đang làm mỗi ngày",
            "Lô quá hạn", "Dự kiến xong", "So với hạn",
        )  # fmt: skip
        rows = commune_rows(self.campaign, self.register, self.figures)
        rows.append(total_row(self.campaign, self.figures))
        self._table("Từng xã, muộn nhất trước", headings, [_commune(row) for row in rows])


def _commune(row: dict[str, Any]) -> tuple[Any, ...]:
    pace = None if row["pace"] is None else float(row["pace"])
    return (
        row["name"], row["in_scope"], row["done"], row["remaining"], row["needed"], pace, row["overdue_batches"],
        written(row["forecast"]), row["verdict"],
    )  # fmt: skip


def written(iso: str | None) -> str:
    """An ISO date as people write it; '' for None."""
    return f"{datetime.date.fromisoformat(iso):%d/%m/%Y}" if iso else ""
