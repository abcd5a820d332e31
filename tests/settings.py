"""Settings of the tests: everything real, only quicker to set up and kept in a folder of its own."""

import atexit
import shutil
import tempfile
from pathlib import Path

from veche.site.settings import *  # noqa: F403
from veche.site.settings import CONFIG, INSTALLED_APPS, VECHE_MODULES

# A new module is one folder and one line; here it takes two, because INSTALLED_APPS is composed already.
VECHE_MODULES.append("tests.toy_module")
INSTALLED_APPS.append("tests.toy_module")

DATA_DIR = Path(tempfile.mkdtemp(prefix="veche-tests-"))
atexit.register(shutil.rmtree, DATA_DIR, ignore_errors=True)
STATIC_ROOT = DATA_DIR / "static"
MEDIA_ROOT = DATA_DIR / "media"
STATIC_ROOT.mkdir()

CONFIG.data_dir = DATA_DIR
CONFIG.directory_ttl_s = 0
CONFIG.demo = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

# A test's connection goes back in the middle of the test's own transaction; a pool would warn of every one.
DATABASES["default"]["OPTIONS"].pop("pool", None)  # noqa: F405
if DATABASES["default"]["ENGINE"] == "veche.site.sqlite":  # noqa: F405
    # Said aloud: pytest-django knows only Django's own engine to have its tests in memory.
    DATABASES["default"]["TEST"] = {"NAME": ":memory:"}  # noqa: F405
