"""Settings of a test run: kcl.settings with a world of its own, whatever the caller's shell holds."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

# What a test must not inherit. DATABASE_URL stays: it is how `./dev test postgres` names its server.
for name in list(os.environ):
    if name.startswith(("KCL_", "EMAIL_")) and name not in {
        "KCL_FONT_DIRS",
        "KCL_SCREENSHOTS",
        "KCL_WRITE_GOLDEN",
    }:
        del os.environ[name]
for name in ("ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "DEBUG", "DEFAULT_FROM_EMAIL"):
    os.environ.pop(name, None)

_data = tempfile.mkdtemp(prefix="kcl-test-")
atexit.register(shutil.rmtree, _data, ignore_errors=True)
(Path(_data) / "static").mkdir()  # WhiteNoise warns of an absent one, and warnings are errors
(Path(_data) / "webfonts").mkdir()  # the browser's tests fill it
os.environ["KCL_DATA_DIR"] = _data
os.environ["SECRET_KEY"] = "tests-only-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJ"
os.environ["KCL_HTTPS"] = "0"

from kcl.settings import *  # noqa: E402, F403 (the environment comes first)
from kcl.settings import DATABASES, STORAGES  # noqa: E402

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, since the live server's threads would share one connection to a database in memory and meet in
    # each other's transactions. Nothing is kept, so nothing is synced.
    DATABASES["default"]["TEST"] = {"NAME": str(Path(_data) / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"
else:
    DATABASES["default"]["CONN_MAX_AGE"] = (
        0  # a kept connection would stop the test database being dropped
    )

STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # Argon2 is slow on purpose
