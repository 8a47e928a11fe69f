"""Addresses: the administration, then each app's own."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("quan-tri/he-thong/", admin.site.urls),
    path("", include("campaigns.urls")),
    path("", include("records.urls")),
    path("", include("reconciliation.urls")),
]
