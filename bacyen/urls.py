"""Addresses: the administration, then each app's own."""

from importlib.util import find_spec

from django.contrib import admin
from django.urls import include, path

_APPS = ("campaigns", "records", "reconciliation")

urlpatterns = [path("quan-tri/he-thong/", admin.site.urls)]
urlpatterns += [path("", include(f"{app}.urls")) for app in _APPS if find_spec(f"{app}.urls")]
