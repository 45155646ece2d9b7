"""One settings file: works with no environment at all (embedded), and in production by environment.

Every variable is listed with its default in `.env.example`.
"""

import secrets
from pathlib import Path
from urllib.parse import unquote, urlparse

from django.core.exceptions import ImproperlyConfigured

from campaign.environment import env_bool, env_int, env_list, env_secret, env_text

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env_text("CCGZT_DATA", str(BASE_DIR / "data"))).resolve()
for folder in ("", "media", "broker", "mailbox"):
    (DATA_DIR / folder).mkdir(parents=True, exist_ok=True)

DEBUG = env_bool("DEBUG", default=False)


def _secret_key() -> str:
    """The key from the environment, else one made once and kept in the data folder (embedded use)."""
    given = env_secret("SECRET_KEY")
    if given:
        if len(given) < 50:
            raise ImproperlyConfigured("设置 SECRET_KEY 太短：请用 50 个字符以上的随机串。")
        return given
    path = DATA_DIR / "secret.key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(64), encoding="utf-8")
    return path.read_text(encoding="utf-8").strip()


SECRET_KEY = _secret_key()
SECRET_KEY_FALLBACKS = env_list("SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS")
SITE_URL = env_text("SITE_URL", "http://127.0.0.1:8000").rstrip("/")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "axes",
    "django_htmx",
    "django_filters",
    "lucide",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "campaign",
    "tasks",
    "inspections",
    "reports",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "campaign.middleware.SecurityHeaders",
    "campaign.middleware.NoNulls",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "campaign.middleware.LoginRequired",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "campaign.middleware.SessionLimits",
    "campaign.middleware.CurrentCampaign",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "campaign.urls"
WSGI_APPLICATION = "campaign.wsgi.application"
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
                "campaign.navigation.navigation",
                "tasks.views.badge.badge",
            ],
            "builtins": ["campaign.templatetags.kit", "django.templatetags.static"],
        },
    }
]


def _database(url: str) -> dict[str, object]:
    """`sqlite:///path` or `postgres://user:password@host:port/name`; empty means the embedded SQLite file."""
    if not url or url.startswith("sqlite:///"):
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": url.removeprefix("sqlite:///") or DATA_DIR / "ccgzt.sqlite3",
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536;",
            },
        }
    parts = urlparse(url)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise ImproperlyConfigured(
            "设置 DATABASE_URL 写法不对：请写 postgres://用户:口令@主机:端口/库名，或留空用自带的 SQLite。"
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.strip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


DATABASES = {"default": _database(env_secret("DATABASE_URL"))}
IS_EMBEDDED = DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- people -----------------------------------------------------------------------------------
AUTH_USER_MODEL = "campaign.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
PASSWORD_PROFILE = env_text("PASSWORD_PROFILE", "dengbao", choices=("dengbao", "asvs"))
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "campaign.passwords.ProfileValidator", "OPTIONS": {"profile": PASSWORD_PROFILE}},
    {"NAME": "campaign.passwords.MemoryValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["username", "name", "email", "phone"]},
    },
]
LOGIN_URL = "/login"
LOGIN_REDIRECT_URL = "/"
AXES_FAILURE_LIMIT = env_int("LOGIN_FAILURES", 5, least=3, most=50)
AXES_COOLOFF_TIME = env_int("LOGIN_LOCK_MINUTES", 15, least=1, most=1440) / 60
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "campaign.accounts.locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_HANDLER = "campaign.lockout.Handler"
AXES_CLIENT_IP_CALLABLE = "campaign.lockout.address_of"
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # a stranger who keeps trying cannot keep the lock shut
AXES_DISABLE_ACCESS_LOG = True  # our own log holds the logins
PROXY_COUNT = env_int("PROXY_COUNT", 0, most=5)
LOGIN_FAILURES_PER_ADDRESS = env_int("LOGIN_FAILURES_PER_ADDRESS", 20, least=5, most=1000)

IDLE_MINUTES = env_int("IDLE_MINUTES", 30, least=5, most=720)
SESSION_HOURS = env_int("SESSION_HOURS", 12, least=1, most=168)
SESSION_COOKIE_AGE = SESSION_HOURS * 3600
IS_HTTPS = env_bool("HTTPS", default=SITE_URL.startswith("https://"))
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_NAME = "__Host-session" if IS_HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if IS_HTTPS else "csrf"
CSRF_FAILURE_VIEW = "campaign.accounts.csrf_failed"
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health$"]
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = IS_HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXY_COUNT else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"  # a view whose page frames it says so: @xframe_options_sameorigin

# --- language, time ---------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
USE_I18N = True
USE_TZ = True
TIME_ZONE = env_text("TIME_ZONE", "Asia/Shanghai")

# --- files ------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "campaign.stylesheets.PackedStaticFiles"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
if DEBUG:
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
UPLOAD_MEGABYTES = env_int("UPLOAD_MEGABYTES", 20, least=1, most=500)
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
FILE_UPLOAD_PERMISSIONS = 0o640

# --- mail: rows of the outbox, delivered by the worker ----------------------------------------
# Without SMTP_HOST mail is written to the mailbox folder, which the page /mailbox shows.
SMTP_HOST = env_text("SMTP_HOST")
SMTP_PORT = env_int("SMTP_PORT", 25, least=1, most=65535)
SMTP_USER = env_text("SMTP_USER")
SMTP_PASSWORD = env_secret("SMTP_PASSWORD")
SMTP_SECURITY = env_text("SMTP_SECURITY", "none", choices=("none", "starttls", "tls"))
SMTP_TIMEOUT = env_int("SMTP_TIMEOUT", 20, least=1, most=300)
MAIL_FROM = env_text("MAIL_FROM", "创城办 <office@example.invalid>")
MAIL_LEASE_SECONDS = env_int("MAIL_LEASE_SECONDS", 60, least=5, most=3600)
MAIL_ON_LAPSE = env_text("MAIL_ON_LAPSE", "resend", choices=("resend", "hold"))
MAILBOX_DIR = DATA_DIR / "mailbox"
DEFAULT_FROM_EMAIL = SERVER_EMAIL = MAIL_FROM

# --- jobs -------------------------------------------------------------------------------------
CELERY_BROKER_URL = env_secret("BROKER_URL", "filesystem://localhost/")
CELERY_TASK_ACKS_LATE = CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TIMEZONE = TIME_ZONE
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker outlives any outage of the broker
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
if CELERY_BROKER_URL.startswith("filesystem"):
    for folder in ("in", "done"):
        (DATA_DIR / "broker" / folder).mkdir(exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(DATA_DIR / "broker" / "in"),
        "data_folder_out": str(DATA_DIR / "broker" / "in"),
        "processed_folder": str(DATA_DIR / "broker" / "done"),
        "control_folder": str(DATA_DIR / "broker"),
        "polling_interval": 0.2,
    }
else:
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": 3600,
        "socket_timeout": 5,
        "socket_connect_timeout": 3,
        "max_retries": 1,  # a save must not wait for a broker that is down; the sweep finds its work
        "interval_start": 0,
        "interval_step": 0.1,
        "interval_max": 0.1,
    }

# --- API --------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "campaign.tokens.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "campaign.paging.ApiPages",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "EXCEPTION_HANDLER": "campaign.problems.api_exception_handler",
    "DEFAULT_PARSER_CLASSES": ["campaign.parsing.Json"],
    "DEFAULT_THROTTLE_CLASSES": [
        "campaign.throttling.Anonymous",
        "campaign.throttling.Person",
    ],
    "DEFAULT_THROTTLE_RATES": {
        "anon": "60/min",
        "user": f"{env_int('API_REQUESTS_PER_MINUTE', 600, least=10, most=100_000)}/min",
        "report": f"{env_int('API_REPORTS_PER_MINUTE', 120, least=5, most=100_000)}/min",
    },
    "NUM_PROXIES": PROXY_COUNT,
    "ORDERING_PARAM": "sort",
    "COERCE_DECIMAL_TO_STRING": True,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "创城工作台 API",
    "DESCRIPTION": "与页面同一套权限、同一套筛选。错误以 problems 列表返回：什么、在哪里、怎么改。",
    "VERSION": "1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "campaign.api.tell_refusals",
    ],
    "ENUM_NAME_OVERRIDES": {
        "UnitKind": "campaign.models.Unit.Kind",
        "TaskKind": "tasks.models.Task.Kind",
        "TaskState": "tasks.models.Task.State",
        "EvidenceKind": "tasks.models.Evidence.Kind",
        "DocumentKind": "tasks.models.SourceDocument.Kind",
        "DutyRole": "tasks.models.Role",
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {
        "handlers": ["console"],
        "level": env_text("LOG_LEVEL", "WARNING", choices=("DEBUG", "INFO", "WARNING", "ERROR")),
    },
}
