"""All settings in one place; what differs between offices comes from the environment."""

import os
from datetime import timedelta
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from shuzhi.packs.shipped import shipped_pack
from workplace.environment import (
    origins_of,
    read_flag,
    read_folder,
    read_identity_provider,
    read_list,
    read_mail,
    read_secret,
    read_storage,
    read_whole,
)
from workplace.new_secret import FILE_NAME

HERE = Path(__file__).parent

# Everything the office must keep: database, evidence, sealed editions.
DATA = read_folder("SHUZHI_DATA", default=Path("data"))
DEBUG = read_flag("SHUZHI_DEBUG", default=False)
SECRET_KEY = read_secret("SHUZHI_SECRET_KEY", DATA / FILE_NAME)
ALLOWED_HOSTS = read_list("SHUZHI_HOSTS", default="localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = read_list("SHUZHI_ORIGINS")
# Behind a proxy that speaks https; plain http on loopback otherwise.
IS_HTTPS = read_flag("SHUZHI_HTTPS", default=False)

# The folders of the packs that rounds may be opened from.
PACKS = [Path(folder) for folder in read_list("SHUZHI_PACKS")] or [shipped_pack("annual-duty")]

INSTALLED_APPS = [
    "workplace.web",
    "workplace.units",
    "workplace.accounts",
    "workplace.events",
    "workplace.people",
    "workplace.jobs",
    "workplace.records",
    "workplace.rounds",
    "workplace.sending",
    "workplace.approval",
    "workplace.evidence",
    "workplace.tree",
    "workplace.editions",
    "workplace.meetings",
    "workplace.desk",
    "workplace.demo",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    # its templates, where an app has none of its own
    "django.forms",
    "django_htmx",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
    "django_tasks",
    "django_tasks_db",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # every page asks for a login unless it says otherwise
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "workplace.web.middleware.account_language",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
    "workplace.people.middleware.Entrance",
    "workplace.web.middleware.RefusesUnstorable",
]

ROOT_URLCONF = "workplace.urls"
WSGI_APPLICATION = "workplace.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "workplace.web.context.page",
            ],
        },
    },
]

# SQLite: FULL, since NORMAL loses acknowledged commits when the power goes; IMMEDIATE, since
# otherwise two writers at a time get "database is locked". See docs/decisions/0011.
DATABASES = {
    "default": dj_database_url.config(
        "DATABASE_URL", default=f"sqlite:///{DATA / 'workplace.sqlite3'}", conn_max_age=None
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Shared by all processes, so that limits on logins hold over all of them.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "workplace_cache",
    }
}

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# A link by which a person sets the first or a forgotten password holds so long.
PASSWORD_RESET_TIMEOUT = 3 * 24 * 3600
ACCOUNT_ADAPTER = "workplace.people.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_SESSION_REMEMBER = False
# However many addresses the guesses come from: ten an account in a quarter of an hour.
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "60/m/ip,10/900s/key"}
MFA_ADAPTER = "workplace.people.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Shuzhi"
# In a demonstration everybody can sign in as anybody: no second factor is asked for. Never set
# this where real data are.
DEMO = read_flag("SHUZHI_DEMO", default=False)

# The office's own identity provider, by OpenID Connect; see docs/how-to.
OIDC_URL = os.environ.get("SHUZHI_OIDC_URL", "")
OIDC_CLAIM = os.environ.get("SHUZHI_OIDC_CLAIM", "preferred_username")
SOCIALACCOUNT_ADAPTER = "workplace.people.adapters.IdentityAdapter"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_REQUESTS_TIMEOUT = 10
SOCIALACCOUNT_PROVIDERS = read_identity_provider(OIDC_URL)

# Five wrong passwords for one name from one address lock that pair for a quarter of an hour.
AXES_FAILURE_LIMIT = 5
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_FORM_FIELD = "login"
AXES_USERNAME_CALLABLE = "workplace.people.locks.name_tried"
AXES_LOCKOUT_CALLABLE = "workplace.people.views.entrance.locked_out"
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False
# How many proxies of ours stand before us; the address before them is the visitor's.
PROXIES = read_whole("SHUZHI_PROXIES", default=0)
ALLAUTH_TRUSTED_PROXY_COUNT = PROXIES
AXES_IPWARE_PROXY_COUNT = PROXIES or None
AXES_IPWARE_META_PRECEDENCE_ORDER = (
    ["HTTP_X_FORWARDED_FOR", "REMOTE_ADDR"] if PROXIES else ["REMOTE_ADDR"]
)

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk:home"
LOGOUT_REDIRECT_URL = "account_login"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS: list[Path] = []
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "static/"
# Scripts and styles as `make assets` builds them from frontend/.
ASSETS = HERE / "assets" / "built"
STATICFILES_DIRS = [("built", ASSETS)] if ASSETS.is_dir() else []
STORAGES = {
    # evidence and workbooks: on disk, or in an object store by SHUZHI_FILES=s3://bucket
    "default": read_storage("SHUZHI_FILES", default=DATA / "files"),
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Vite names files by their content: they can be kept for ever.
WHITENOISE_USE_FINDERS = True
WHITENOISE_IMMUTABLE_FILE_TEST = r"^.+-[0-9A-Za-z_-]{8}\..+$"
EDITIONS = DATA / "editions"

# What a browser may load: ours alone.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        # signing in leads on to the office's own identity provider, where there is one
        "form-action": [SELF, *origins_of(OIDC_URL)],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_HTTPS else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_AGE = 12 * 3600  # a working day
LANGUAGE_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"

# A workbook or a photo is looked at before it is read further; see workplace.evidence.limits.
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2**20
FILE_UPLOAD_HANDLERS = [
    "workplace.sending.uploads_limits.LimitedUploads",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# EMAIL_BACKEND, EMAIL_HOST and so on
globals().update(read_mail("SHUZHI_MAIL"))
DEFAULT_FROM_EMAIL = os.environ.get("SHUZHI_MAIL_FROM", "shuzhi@localhost")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "INFO" if not DEBUG else "DEBUG"},
    # says of every job that a worker began and ended
    "loggers": {"django_tasks_db": {"level": "WARNING"}},
}
