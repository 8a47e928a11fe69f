from __future__ import annotations

from django.contrib.auth import views as accounts
from django.urls import path

from campaigns.views import bulk, choose, jobs, reason

urlpatterns = [
    path("dang-nhap/", accounts.LoginView.as_view(redirect_authenticated_user=True), name="login"),
    path("dang-xuat/", accounts.LogoutView.as_view(), name="logout"),
    path("doi-mat-khau/", accounts.PasswordChangeView.as_view(), name="password_change"),
    path("doi-mat-khau/xong/", accounts.PasswordChangeDoneView.as_view(), name="password_change_done"),
    path("chon-dot/", choose.choose_campaign, name="choose_campaign"),
    path("ly-do/", reason.reason, name="reason"),
    path("quan-tri/hang-loat/<int:pk>/", bulk.bulk_file, name="bulk_file"),
    path("quan-tri/hang-loat/<int:pk>/ghi/", bulk.bulk_apply, name="bulk_apply"),
    path("quan-tri/hang-loat/<int:pk>/bo/", bulk.bulk_discard, name="bulk_discard"),
    path("quan-tri/hang-loat/<int:pk>/tai/", bulk.bulk_download, name="bulk_download"),
    path("viec-nen/", jobs.job_list, name="jobs"),
    path("viec-nen/<int:pk>/", jobs.job, name="job"),
    path("viec-nen/<int:pk>/tien-do/", jobs.job_progress, name="job_progress"),
    path("viec-nen/<int:pk>/dung/", jobs.job_cancel, name="job_cancel"),
    path("viec-nen/<int:pk>/lam-lai/", jobs.job_again, name="job_again"),
]
