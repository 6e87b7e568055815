"""Two questions of whoever runs the program: is it alive, is it ready to serve?"""

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse

from plans.accounts.models import User


def health(request: HttpRequest) -> HttpResponse:
    """200 while the process answers at all."""
    return HttpResponse("ok", content_type="text/plain")


def ready(request: HttpRequest) -> HttpResponse:
    """200 when the database answers and has the program's tables, 503 when not."""
    try:
        User.objects.order_by("pk").exists()
    except DatabaseError:
        return HttpResponse("database", content_type="text/plain", status=503)
    return HttpResponse("ok", content_type="text/plain")
