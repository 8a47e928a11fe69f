"""Context of every template."""

from django.http import HttpRequest


def csp_nonce(request: HttpRequest) -> dict[str, object]:
    """django-htmx asks for `csp_nonce`; django-csp calls it CSP_NONCE."""
    return {"csp_nonce": getattr(request, "csp_nonce", "")}
