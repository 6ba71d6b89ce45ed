"""Settings, all of them from the environment. `docs/reference/settings.md` lists the variables.

With nothing set this is the embedded default: SQLite and Celery's filesystem transport under `var/`, DEBUG on, keys made up for this
folder. With DEBUG off, a missing secret refuses the start.
"""

from pathlib import Path

import environ
from django.utils.translation import gettext_lazy as _

from stockhub.config import start_up
from stockhub.config.broker import broker_options
from stockhub.config.databases import postgresql_options, sqlite_options
from stockhub.config.logs import logging_config
from stockhub.config.secrets import Secrets

start_up.begin()
env = environ.Env()
BASE_DIR = Path(__file__).resolve().parents[2]
VAR_DIR = Path(env.str("STOCKHUB_VAR", default=str(BASE_DIR / "var")))

# --- Identity of the server -------------------------------------------------------------------------------------------------
DEBUG = env.bool("DEBUG", default=True)
_secrets = Secrets.from_environment(env, debug=DEBUG, var_dir=VAR_DIR)
SECRET_KEY = _secrets.secret_key
STOCKHUB_ENCRYPTION_KEYS = _secrets.encryption_keys
ALLOWED_HOSTS = _secrets.allowed_hosts
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
CORS_ALLOWED_ORIGINS = env.list("CORS_ALLOWED_ORIGINS", default=[])
CORS_URLS_REGEX = r"^/(graphql/$|exports/)"
CORS_ALLOW_HEADERS = ["accept", "accept-language", "authorization", "content-type", "x-csrftoken", "x-correlation-id"]

INSTALLED_APPS = [
    # Without a site of its own: the cockpit's is one.
    "unfold.apps.BasicAppConfig",
    # The simple one does not look for the pages of every app.
    "stockhub.cockpit.site.PagesConfig" if env.bool("STOCKHUB_PAGES", default=True) else "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_celery_beat",
    "corsheaders",
    "stockhub.core",
    "stockhub.pluginhost",
    "stockhub.outbox",
    "stockhub.cycles",
    "stockhub.access",
    "stockhub.editing",
    "stockhub.exchange",
    "stockhub.catalog",
    "stockhub.suppliers",
    "stockhub.inventory",
    "stockhub.purchasing",
    "stockhub.channels",
    "stockhub.demand",
    "stockhub.lifecycle",
    "stockhub.snapshot",
    "stockhub.alerts",
    "stockhub.agenda",
    "stockhub.review",
    "stockhub.graphql",
    "stockhub.jobs",
    "stockhub.cockpit",
    "stockhub.demo",
    "stockhub.console",
    "stockhub.config",
]

MIDDLEWARE = [
    "stockhub.web.correlation.CorrelationMiddleware",
    "stockhub.web.request_metrics.RequestMetricsMiddleware",
    "stockhub.web.outages.OutageMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "stockhub.access.middleware.ActorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "stockhub.config.urls"
ASGI_APPLICATION = "stockhub.config.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# --- Stores -----------------------------------------------------------------------------------------------------------------
# A variable that is there and empty, as compose files like to have them, is none.
DATABASES = {"default": env.db_url_config(env.str("DATABASE_URL", default="") or f"sqlite:///{VAR_DIR / 'stockhub.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = sqlite_options()
else:
    # Off behind a pooler that gives each transaction another session, such as PgBouncer before 1.21.
    DATABASES["default"]["OPTIONS"] = postgresql_options(prepare=env.bool("DATABASE_PREPARE", default=True))
# Connections are not kept between requests: under ASGI a kept one leaks with its thread.
DATABASES["default"]["CONN_MAX_AGE"] = 0
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default="")
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "core_cache"},
}

# --- Celery (read by stockhub.config.celery) ----------------------------------------------------------------------------------
CELERY_BROKER_URL = env.str("BROKER_URL", default="filesystem://localhost")
CELERY_BROKER_TRANSPORT_OPTIONS = broker_options(CELERY_BROKER_URL, VAR_DIR / "broker")
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_SERIALIZER = CELERY_RESULT_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
# Results are rows of the cycles, never Celery's.
CELERY_TASK_IGNORE_RESULT = True
# The database knows what is due, so a task is only a nudge: acknowledge late, and let a lost worker's nudge come again.
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_DEFAULT_QUEUE = "fast"
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULER = "stockhub.jobs.beat:SlotScheduler"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# `celery inspect` answers through queues of its own, which the filesystem transport would leave behind as files.
CELERY_WORKER_ENABLE_REMOTE_CONTROL = not CELERY_BROKER_URL.startswith("filesystem")
DJANGO_CELERY_BEAT_TZ_AWARE = True

# --- People -----------------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "access.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator", "NumericPasswordValidator")
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese"))]
FORMAT_MODULE_PATH = ["stockhub.config.formats"]
LOCALE_PATHS = [BASE_DIR / "stockhub" / "config" / "locale"]
USE_TZ = True
TIME_ZONE = "UTC"

EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
#: A mail server that hangs holds up a delivery for this long, never more.
EMAIL_TIMEOUT = env.float("EMAIL_TIMEOUT", default=10.0)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="stockhub@localhost")

# --- StockHub ---------------------------------------------------------------------------------------------------------------
#: The currency in which *Today* ranks; amounts in others cross at dated rates.
STOCKHUB_BASE_CURRENCY = env.str("STOCKHUB_BASE_CURRENCY", default="CNY")
#: The zone of business days that belong to no account: those of warehouses and pools without one of their own.
STOCKHUB_TIME_ZONE = env.str("STOCKHUB_TIME_ZONE", default="Asia/Shanghai")
#: The first day of a week, 1 being Monday.
STOCKHUB_WEEK_STARTS_ON = env.int("STOCKHUB_WEEK_STARTS_ON", default=1)
#: Whose alerts are that nobody answers for: a user name. Empty: the first active superuser.
STOCKHUB_ALERT_OWNER = env.str("STOCKHUB_ALERT_OWNER", default="")
#: Business hours, in the site's zone: days of the week, 1 being Monday, and whole hours from and to.
STOCKHUB_BUSINESS_DAYS = [int(day) for day in env.list("STOCKHUB_BUSINESS_DAYS", default=["1", "2", "3", "4", "5"])]
STOCKHUB_BUSINESS_HOURS = [int(hour) for hour in env.list("STOCKHUB_BUSINESS_HOURS", default=["9", "18"])]
#: A supervised plugin process may use this much memory of its own, and take this long for one call.
STOCKHUB_PLUGIN_MEMORY_MIB = env.int("STOCKHUB_PLUGIN_MEMORY_MIB", default=2048)
STOCKHUB_PLUGIN_DEADLINE_SECONDS = env.float("STOCKHUB_PLUGIN_DEADLINE_SECONDS", default=300.0)
#: An import of a plugin may take this long; one that takes longer is not loaded.
STOCKHUB_PLUGIN_PROBE_SECONDS = env.float("STOCKHUB_PLUGIN_PROBE_SECONDS", default=20.0)
#: Hosts that notifiers and connectors may reach although their addresses are loopback, link-local or private.
STOCKHUB_ALLOW_PRIVATE_URLS = env.list("STOCKHUB_ALLOW_PRIVATE_URLS", default=[])
#: A notification may take this long to be sent.
STOCKHUB_NOTIFY_SECONDS = env.float("STOCKHUB_NOTIFY_SECONDS", default=10.0)
#: A connector's exchange with its platform may take this long, a download of a document longer; an answer may have so many MiB.
STOCKHUB_CONNECT_SECONDS = env.float("STOCKHUB_CONNECT_SECONDS", default=30.0)
STOCKHUB_DOWNLOAD_SECONDS = env.float("STOCKHUB_DOWNLOAD_SECONDS", default=900.0)
STOCKHUB_CONNECT_MOST_MIB = env.int("STOCKHUB_CONNECT_MOST_MIB", default=32)
#: A test of a connection may take this long, all of its exchanges together: a person waits for it.
STOCKHUB_TRY_SECONDS = env.float("STOCKHUB_TRY_SECONDS", default=20.0)
#: Where people reach this server, such as https://stock.example.com: notifications link to it. Without one they have no links.
STOCKHUB_PUBLIC_URL = env.str("STOCKHUB_PUBLIC_URL", default="").rstrip("/")
#: Telling workers of new work waits this long for a broker that does not answer; the work is found without it.
STOCKHUB_BROKER_SECONDS = env.float("STOCKHUB_BROKER_SECONDS", default=3.0)
#: A worker renews its lease on a chunk six times in this span; work of one that died is taken up after it.
STOCKHUB_LEASE_SECONDS = env.float("STOCKHUB_LEASE_SECONDS", default=60.0)
#: A marketplace's connector may take this long for one page; one that takes longer is interrupted, and its feed tried again later.
STOCKHUB_FEED_PAGE_SECONDS = env.float("STOCKHUB_FEED_PAGE_SECONDS", default=120.0)
#: Pause before the second attempt at a failed chunk; doubled before the third.
STOCKHUB_RETRY_SECONDS = env.float("STOCKHUB_RETRY_SECONDS", default=5.0)
#: A stock count that is further from the book than this, in per cent, holds automatic decisions about the SKU.
STOCKHUB_COUNT_DEVIATION_PCT = env.float("STOCKHUB_COUNT_DEVIATION_PCT", default=5.0)
#: A listing whose code is exactly a SKU's own or one that is known for one SKU alone is linked to it by itself; off, a person links each.
STOCKHUB_LINK_EQUAL_CODES = env.bool("STOCKHUB_LINK_EQUAL_CODES", default=True)
#: What a scraper sends as its bearer token; with DEBUG off `/metrics` is closed without one.
STOCKHUB_METRICS_TOKEN = env.str("STOCKHUB_METRICS_TOKEN", default="")
#: Records of runs are deleted after this time. Forecasts and alerts stay.
STOCKHUB_KEEP_RUNS_DAYS = env.int("STOCKHUB_KEEP_RUNS_DAYS", default=90)
#: Records as they came in, which reprocessing needs, are kept so long, and until their month is over.
STOCKHUB_KEEP_PAYLOADS_DAYS = env.int("STOCKHUB_KEEP_PAYLOADS_DAYS", default=90)

# --- Files and headers --------------------------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
MEDIA_ROOT = VAR_DIR / "uploads"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = not DEBUG
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 0 if DEBUG else env.int("SECURE_HSTS_SECONDS", default=31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not DEBUG
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", default=False) else None
SECURE_REDIRECT_EXEMPT = [r"^health/", r"^metrics$"]
X_FRAME_OPTIONS = "DENY"

LOGGING = logging_config(env.str("LOG_LEVEL", default="INFO"))
UNFOLD = {
    "SITE_TITLE": "StockHub",
    "SITE_HEADER": "StockHub",
    "SITE_SYMBOL": "inventory_2",
    "SHOW_LANGUAGES": True,
    "DASHBOARD_CALLBACK": "stockhub.cockpit.dashboard.dashboard",
    "SIDEBAR": {"show_search": True, "navigation": "stockhub.cockpit.navigation.navigation"},
    "STYLES": ["stockhub.cockpit.navigation.stylesheet"],
}
