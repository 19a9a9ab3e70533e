"""Home: the company's customer experience at a glance."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The figures with their uncertainty, what really changed, and the latest voices."""
    return render(request, "pages/home.html", {})
