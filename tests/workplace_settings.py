"""The workplace's own settings, for tests: fast passwords, nothing kept."""

import os
import tempfile
from pathlib import Path

os.environ["SHUZHI_DATA"] = tempfile.mkdtemp(prefix="shuzhi-tests-")
os.environ["SHUZHI_SECRET_KEY"] = "only for tests"  # noqa: S105 — no secret
os.environ.setdefault("SHUZHI_DEBUG", "false")

from workplace.web.compile_texts import compile_texts  # noqa: E402

compile_texts()

from workplace.settings import *  # noqa: E402, F403 — the settings under test
from workplace.settings import DATA  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
Path(DATA / "files").mkdir(parents=True, exist_ok=True)
# what a test says is caught by pytest; a handler of our own would outlive its stream
LOGGING_CONFIG = None
