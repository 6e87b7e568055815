"""WSGI entry point: `gunicorn kcl.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kcl.settings")
application = get_wsgi_application()
