from __future__ import annotations

from django.urls import path

from reconciliation.views import answer, batches, civil_registry, hand_back, home, newborns, progress, reports, settle

urlpatterns = [
    path("", home.home, name="home"),
    path("tien-do/", progress.progress_page, name="progress"),
    path("tien-do/excel/", progress.progress_workbook, name="progress_workbook"),
    path("bao-cao/", reports.reports, name="reports"),
    path("bao-cao/<str:code>/", reports.report_file, name="report_file"),
    path("lo/", batches.batches, name="batches"),
    path("lo/moi/", batches.send, name="send_batch"),
    path("lo/nhan-lai/", hand_back.hand_back_any, name="hand_back_any"),
    path("lo/<str:code>/", batches.batch, name="batch"),
    path("lo/<str:code>/tep/", batches.workbook, name="batch_workbook"),
    path("lo/<str:code>/bien-ban/", batches.record_document, name="handover_record"),
    path("lo/<str:code>/in/", batches.print_list, name="print_list"),
    path("lo/<str:code>/so/<str:row_code>/", batches.reveal_line, name="reveal_line"),
    path("lo/<str:code>/tra-loi/", answer.answer, name="answer"),
    path("lo/<str:code>/tra-loi/nop/", answer.answer_submit, name="answer_submit"),
    path("lo/<str:code>/nhan-lai/", hand_back.hand_back, name="hand_back"),
    path("lo/<str:code>/nhan-lai/<int:pk>/", hand_back.hand_back_result, name="hand_back_result"),
    path("lo/<str:code>/nhan-lai/<int:pk>/dat/", hand_back.place, name="place_row"),
    path("lo/<str:code>/quyet-dinh/", settle.settle, name="settle"),
    path("lo/<str:code>/quyet-dinh/cung-kieu/", settle.settle_alike, name="settle_alike"),
    path("lo/<str:code>/quyet-dinh/<int:pk>/", settle.decide, name="decide"),
    path("lo/<str:code>/quyet-dinh/<int:pk>/so/", settle.reveal_difference, name="reveal_difference"),
    path("lo/<str:code>/quyet-dinh/<int:pk>/hoan-tac/", settle.undo_decision, name="undo_decision"),
    path("lo/<str:code>/quyet-dinh/<int:pk>/ra-khoi-so/", settle.exclude_line, name="exclude_line"),
    path("ho-tich/", civil_registry.civil_registry, name="civil_registry"),
    path("ho-tich/khai-sinh/", newborns.newborns, name="newborns"),
    path("ho-tich/khai-sinh/<str:code>/", newborns.newborn_list, name="newborn_list"),
]
