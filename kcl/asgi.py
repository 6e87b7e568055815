"""ASGI entry point, for hosts that offer nothing else; WSGI is the measured choice."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kcl.settings")
application = get_asgi_application()
