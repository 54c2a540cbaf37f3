"""The settings under test: Newsroom's own, read from a clean environment, with fast stand-ins.

Only ``DATABASE_URL`` is taken from outside, so that a variable set in
somebody's shell never changes a result. Every test process has a run directory
of its own, removed when it ends.
"""

import atexit
import os
import shutil
import tempfile

from tests.variables import VARIABLES

for _name in VARIABLES - {"DATABASE_URL"}:
    os.environ.pop(_name, None)
os.environ["RUN_DIR"] = tempfile.mkdtemp(prefix="newsroom-tests-")
atexit.register(shutil.rmtree, os.environ["RUN_DIR"], ignore_errors=True)

from newsroom.settings import *  # noqa: E402, F403
from newsroom.settings import DATABASES, RUN_DIR, STATIC_ROOT, STORAGES  # noqa: E402

SECRET_KEY = "a-key-for-tests-that-is-long-enough-to-satisfy-every-check-of-django"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

STATIC_ROOT.mkdir()  # collected files are not needed: static files are served from where they are written
STORAGES["default"] = {"BACKEND": "django.core.files.storage.InMemoryStorage", "OPTIONS": {"base_url": "/media/"}}
STORAGES["private"] = {"BACKEND": "django.core.files.storage.InMemoryStorage", "OPTIONS": {"base_url": None}}
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, as in production: every thread has its own connection and the locks are the real ones.
    DATABASES["default"]["TEST"] = {"NAME": RUN_DIR / "tests.sqlite3"}
    DATABASES["default"]["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL;PRAGMA synchronous=OFF;"
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 0
