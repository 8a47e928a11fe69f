"""Official reports. Figures are frozen as of the END of a day: a report of a day that is over is issued once, and asked
for again gives the same bytes; its other format is written from the same figures. A report of today is written from
the figures so far and says so on itself; it freezes nothing, so that once the day is over the real one can be issued.
Nothing is known of a day to come."""

from __future__ import annotations

import datetime
import hashlib
from pathlib import PurePath

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from campaigns import audit
from campaigns.errors import WorkRefused
from campaigns.models import Campaign, User
from campaigns.permissions import Permission, check
from reconciliation.models import Report
from reconciliation.progress import moment, progress
from reconciliation.report_document import report_document
from reconciliation.report_workbook import figures_workbook

KINDS = {"periodic": "định kỳ", "adhoc": "đột xuất", "final": "kết thúc"}
SUFFIXES = (".docx", ".xlsx")


@transaction.atomic
def make_report(campaign: Campaign, kind: str, as_of: datetime.date, *, by: User, suffix: str) -> Report:
    """Raises WorkRefused `usage` for a day to come, a kind or a format that is none."""
    check(by, Permission.REPORT)
    _check_asked(kind, as_of, suffix)
    Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)  # two people at once get one report
    issued = [r for r in Report.objects.filter(campaign=campaign, kind=kind, as_of=as_of) if not is_provisional(r)]
    same = next((report for report in issued if suffix_of(report) == suffix), None)
    if same is not None:
        return same
    figures = issued[0].figures if issued else progress(campaign, by=by, at=moment(as_of, ended=True))
    report = Report(campaign=campaign, kind=kind, code=_next_code(campaign), as_of=as_of, figures=figures, by=by)
    content = write_report(report, suffix, provisional=as_of == timezone.localdate())
    report.sha256 = hashlib.sha256(content).hexdigest()
    report.file.save(f"{report.code}{suffix}", ContentFile(content), save=False)
    report.save()
    audit.record(
        "report_made", by=by, campaign=campaign, target=f"report:{report.code}", kind=kind,
        as_of=as_of.isoformat(), sha256=report.sha256,
    )  # fmt: skip
    return report


def write_report(report: Report, suffix: str, *, provisional: bool) -> bytes:
    """The same figures of the same day give the same bytes."""
    if suffix == ".docx":
        return report_document(report.campaign, report.kind, report.as_of, report.figures, provisional=provisional)
    title = f"Báo cáo {KINDS[report.kind]}" + (" (số liệu tạm tính)" if provisional else "")
    basis = f"Số liệu đến hết ngày {report.as_of:%d/%m/%Y}"
    if provisional:
        basis = f"Số liệu tạm tính trong ngày {report.as_of:%d/%m/%Y}, ngày chưa hết"
    return figures_workbook(report.campaign, report.figures, title=title, basis=basis)


def is_provisional(report: Report) -> bool:
    """Made before its day was over."""
    return timezone.localdate(report.at) <= report.as_of


def suffix_of(report: Report) -> str:
    return PurePath(report.file.name or "").suffix


def _check_asked(kind: str, as_of: datetime.date, suffix: str) -> None:
    if kind not in KINDS:
        raise WorkRefused("usage", f"Không có loại báo cáo “{kind}”. Chọn một trong: {', '.join(KINDS)}.")
    if suffix not in SUFFIXES:
        raise WorkRefused("usage", f"Không ghi được báo cáo dạng “{suffix}”. Chọn .docx hoặc .xlsx.")
    if as_of > timezone.localdate():
        raise WorkRefused(
            "usage", f"Ngày {as_of:%d/%m/%Y} chưa tới nên chưa có số liệu. Chọn hôm nay hoặc một ngày đã qua."
        )


def _next_code(campaign: Campaign) -> str:
    codes = Report.objects.filter(campaign=campaign).values_list("code", flat=True)
    number = max((int(code.removeprefix("BC-")) for code in codes), default=0) + 1
    return f"BC-{number:04d}"
