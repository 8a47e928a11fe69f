"""Settings. Whatever an office may change comes from the environment; a wrong value stops the start."""

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from bacyen import local_servers

BASE_DIR = Path(__file__).resolve().parent.parent
_state = local_servers.State.from_environment()
STATE = _state.directory
_env = environ.Env()


def _switch(name: str, default: bool) -> bool:
    """1/0, true/false, yes/no, on/off."""
    text = _env.str(name, default="").strip().lower()
    values = {"": default, "1": True, "true": True, "yes": True, "on": True}
    values |= {"0": False, "false": False, "no": False, "off": False}
    if text not in values:
        raise ImproperlyConfigured(f"{name}={text!r}: cần 1 hoặc 0.")
    return values[text]


def _whole(name: str, default: int, *, least: int = 1) -> int:
    text = _env.str(name, default="").strip() or str(default)
    if not text.isdecimal() or int(text) < least:
        raise ImproperlyConfigured(f"{name}={text!r}: cần một số nguyên từ {least} trở lên.")
    return int(text)


def _choice(name: str, default: str, *choices: str) -> str:
    text = _env.str(name, default="").strip() or default
    if text not in choices:
        raise ImproperlyConfigured(f"{name}={text!r}: cần một trong {', '.join(choices)}.")
    return text


def _address(name: str, url: str, *schemes: str) -> str:
    """A server's address. The message leaves the address out: it holds a password."""
    parts = urlsplit(url)
    if parts.scheme not in schemes or not (parts.hostname or parts.path):
        raise ImproperlyConfigured(f"{name}: cần một địa chỉ bắt đầu bằng {' hoặc '.join(schemes)}://")
    return url


DEBUG = _switch("DEBUG", default=False)
HTTPS = _switch("HTTPS", default=False)
SECRET_KEY = _env.str("SECRET_KEY", default="") or _state.secret("secret_key")
ALLOWED_HOSTS = _env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = _env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "reconciliation",
    "records",
    "campaigns",
    "campaigns.apps.OfficeAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "campaigns.apps.SignInConfig",
    "csp",
    "django_htmx",
    "import_export",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # pages over a poor line; what is secret in them is masked anew each time
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "bacyen.urls"
WSGI_APPLICATION = "bacyen.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "bacyen.context.csp_nonce",
                "reconciliation.frame.frame",
            ],
        },
    }
]

WEB_WORKERS = _whole("WEB_WORKERS", default=2)
WEB_THREADS = _whole("WEB_THREADS", default=4)

# The two servers.
_DATABASE = _address("DATABASE_URL", local_servers.database_url(_state), "postgres", "postgresql")
DATABASES = {"default": _env.db_url_config(_DATABASE)}
DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True, "ATOMIC_REQUESTS": False}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = _address("REDIS_URL", local_servers.redis_url(_state), "redis", "rediss", "unix")

# Long work. A task may be delivered twice; the Job row, not the broker, says how far it is.
CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0.2}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CONCURRENCY = _whole("WORKERS", default=2)
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "Asia/Ho_Chi_Minh"
CELERY_BEAT_SCHEDULE_FILENAME = str(STATE / "celery-beat")
CELERY_BEAT_SCHEDULE: dict[str, dict[str, object]] = {
    "ring-waiting-jobs": {"task": "campaigns.ring_waiting", "schedule": timedelta(seconds=15)},
    # Looks whether a night has begun since the last time; so a machine that sleeps at night does it in the morning.
    "refresh-findings": {"task": "records.refresh_nightly", "schedule": timedelta(minutes=10)},
}

# Accounts and sessions.
AUTH_USER_MODEL = "campaigns.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "campaigns.sign_in.OfficeBackend",
]
# scrypt is as hard to guess as the default and a sixth of its time on an office machine.
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
SESSION_COOKIE_AGE = 60 * 60 * _whole("SESSION_HOURS", default=8)
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"

AXES_HANDLER = "axes.handlers.database.AxesDatabaseHandler"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = _whole("SIGN_IN_TRIES", default=8)
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "registration/locked_out.html"
AXES_ENABLE_ACCESS_FAILURE_LOG = False
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False  # campaigns/admin_sign_in.py

# Encryption on the way is the business of a proxy in front; HTTPS=1 says that it is there.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 30 * 24 * 60 * 60 if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# Files. Static ones carry their digest in their name; uploaded ones are never served by the web server.
STATIC_URL = "static/"
STATIC_ROOT = STATE / "static"
STATIC_ROOT.mkdir(mode=0o700, exist_ok=True)  # whitenoise warns where there is none
STATICFILES_DIRS = [BASE_DIR / "static"]
FILES = Path(_env.str("FILES", default="") or STATE / "files")
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": FILES,
            "base_url": None,
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
MAX_UPLOAD_MB = _whole("MAX_UPLOAD_MB", default=64)
FILE_UPLOAD_TEMP_DIR = None
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000

# Language: one, with our own formats.
LANGUAGE_CODE = "vi"
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = False
FORMAT_MODULE_PATH = ["bacyen.formats"]
LOCALE_PATHS = [BASE_DIR / "locale"]

IMPORT_EXPORT_USE_TRANSACTIONS = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "bacyen.logs.WithoutPeople",
            "format": "%(asctime)s %(levelname)s %(name)s: %(message)s",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {
        "handlers": ["stderr"],
        "level": _choice("LOG_LEVEL", "WARNING", "DEBUG", "INFO", "WARNING", "ERROR"),
    },
    # Django's own handlers would mail tracebacks and print to the console a second time.
    "loggers": {"django": {"handlers": [], "level": "WARNING", "propagate": True}},
}
