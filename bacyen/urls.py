"""Addresses: the administration, then each app's own."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import include, path


@login_not_required
def favicon(request: HttpRequest) -> HttpResponse:
    """Browsers ask for it where a page names no icon."""
    return redirect(static("icon.svg"), permanent=False)


urlpatterns = [
    path("favicon.ico", favicon, name="favicon"),
    path("quan-tri/he-thong/", admin.site.urls),
    path("", include("campaigns.urls")),
    path("", include("records.urls")),
    path("", include("reconciliation.urls")),
]
