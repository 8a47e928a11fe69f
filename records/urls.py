from __future__ import annotations

from django.urls import path

from records.views import add_person, bulk, bulk_confirm, cells, exclusions, lists, record, review

urlpatterns = [
    path("ra-soat/", review.review, name="review"),
    path("ra-soat/chon/", bulk.chosen, name="chosen"),
    path("ra-soat/goi-y/", bulk.suggestions, name="suggestions"),
    path("ra-soat/dung-roi/", bulk_confirm.confirm_many, name="confirm_many"),
    path("ra-soat/xong/", bulk.close_review, name="close_review"),
    path("ra-soat/hoan-tac/<int:pk>/", cells.undo, name="undo"),
    path("ra-soat/<str:row_code>/dong/", cells.review_row, name="review_row"),
    path("ra-soat/<str:row_code>/sua/<str:field>/", cells.edit_cell, name="edit_cell"),
    path("ra-soat/<str:row_code>/dung-roi/<str:field>/", cells.confirm_cell, name="confirm_cell"),
    path("ra-soat/<str:row_code>/goi-y/<str:rule>/", cells.use_suggestion, name="use_suggestion"),
    path("ra-soat/<str:row_code>/cong-an/", cells.ask_police, name="ask_police"),
    path("ho-so/<str:row_code>/", record.record, name="record"),
    path("ho-so/<str:row_code>/so/", record.reveal, name="reveal"),
    path("ho-so/<str:row_code>/o-kin/", record.reveal_sensitive, name="reveal_sensitive"),
    path("ho-so/<str:row_code>/dua-lai/", record.readmit_record, name="readmit"),
    path("them/", add_person.add_person, name="add_person"),
    path("ra-khoi-so/", exclusions.exclusions, name="exclusions"),
    path("ra-khoi-so/de-nghi/", exclusions.ask_exclusion, name="ask_exclusion"),
    path("ra-khoi-so/<int:pk>/", exclusions.decide_exclusion, name="decide_exclusion"),
    path("danh-sach/", lists.lists, name="lists"),
    path("danh-sach/tai/", lists.download_list, name="download_list"),
    path("danh-sach/nhan/", lists.take_list_back, name="take_list_back"),
    path("danh-sach/<str:code>/", lists.list_result, name="list_result"),
]
