from __future__ import annotations

from django.urls import path

from reconciliation.views import home, progress, reports

urlpatterns = [
    path("", home.home, name="home"),
    path("tien-do/", progress.progress_page, name="progress"),
    path("tien-do/excel/", progress.progress_workbook, name="progress_workbook"),
    path("bao-cao/", reports.reports, name="reports"),
    path("bao-cao/<str:code>/", reports.report_file, name="report_file"),
]
