"""Django's settings, composed from `Config`. A new module is one line in `VECHE_MODULES`."""

from pathlib import Path

from csp.constants import NONE, SELF

from veche.site.config import Config
from veche.site.database import database
from veche.site.logs import logging

CONFIG = Config()
HERE = Path(__file__).resolve().parent
DATA_DIR = CONFIG.data_dir.resolve()
CITY_DIRS = [folder for folder in (CONFIG.city_dir, HERE.parent / "cities") if folder]

VECHE_COMMONS = [
    "veche.commons.accounts",
    "veche.commons.places",
    "veche.commons.journal",
    "veche.commons.once",
    "veche.commons.offices",
    "veche.commons.media",
    "veche.commons.submissions",
    "veche.commons.casework",
    "veche.commons.notices",
    "veche.commons.search",
]
VECHE_MODULES = [
    "veche.modules.reports",
]

SECRET_KEY = CONFIG.secret_key
DEBUG = False
ALLOWED_HOSTS = CONFIG.allowed_hosts
CSRF_TRUSTED_ORIGINS = [CONFIG.origin]
ROOT_URLCONF = "veche.site.urls"
WSGI_APPLICATION = "veche.site.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": database(CONFIG.database_url, DATA_DIR, CONFIG.pool_size)}

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "leaflet",
    "csp",
    "rules",
    "django_q",
    "ninja",
    "allauth",
    "allauth.account",
    "veche.site",
    *VECHE_COMMONS,
    *VECHE_MODULES,
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "veche.site.policy.PolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "veche.site.shell.ShellMiddleware",
    "veche.site.problems.ProblemMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    # Last: it calls the view itself, in one transaction with the answer it keeps.
    "veche.site.once.OnceMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": True,
        "OPTIONS": {
            "environment": "veche.site.jinja.environment",
            "autoescape": True,
            "context_processors": ["veche.site.shell.context"],
        },
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "DIRS": [HERE / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    },
]

AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "veche.commons.accounts.adapters.SignIn",
]
LOGIN_REDIRECT_URL = "/cabinet/"
LOGIN_URL = "/accounts/login/"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("MinimumLengthValidator", "CommonPasswordValidator", "UserAttributeSimilarityValidator")
]

# Sign-in by a code from a mail; a password can be set later. The account of a new address is confirmed by the code.
ACCOUNT_ADAPTER = "veche.commons.accounts.adapters.AccountAdapter"
ACCOUNT_FORMS = {"request_login_code": "veche.commons.accounts.forms.SignInForm"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1"]  # so that the sign-in with a password has its field
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_TIMEOUT = 60 * 60
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_RATE_LIMITS = {"request_login_code": "20/m/ip,3/m/key,30/d/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = CONFIG.proxies

# Attempts are counted here; a store that forgets early would forgive too early.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 50_000},
    }
}

# Django's mail goes into our queue of letters; the worker sends it where VECHE_MAIL_URL says.
EMAIL_BACKEND = "veche.commons.notices.adapters.queue.LetterBackend"
DEFAULT_FROM_EMAIL = CONFIG.mail_from

LANGUAGE_CODE = "ru"
LANGUAGES = [("ru", "Русский"), ("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
LOCALE_PATHS = [HERE / "locale", HERE.parent / "kernel" / "locale"]

STATIC_URL = "/static/"
STATICFILES_FINDERS = ["veche.site.static_files.Finder"]
STATIC_ROOT = DATA_DIR / "static"
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "veche.site.static_files.Storage"},
}
SERVESTATIC_KEEP_ONLY_HASHED_FILES = True
SERVESTATIC_USE_ZSTD = False

SESSION_ENGINE = "veche.site.sessions"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = CONFIG.origin.startswith("https:")
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "veche.site.errors.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
# Only a proxy of ours may say that the reader came over TLS.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if CONFIG.proxies else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

LOGGING = logging(as_json=CONFIG.production, level=CONFIG.log_level)

Q_CLUSTER = {
    "name": "veche",
    "broker_class": "veche.site.broker.Queue",
    "orm": "default",
    "workers": 2,
    "queue_limit": 1,  # what is fetched ahead is kept from other workers
    "poll": 0.2,
    "timeout": 300,
    "retry": 360,
    "max_attempts": 5,
    "ack_failures": True,
    "save_limit": 200,
    "log_level": "WARNING",
    "catch_up": False,
}
