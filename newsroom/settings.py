"""Settings of the whole product, each read from one environment variable.

``docs/operators.md`` lists the variables. Mistakes in them are reported by
``manage.py check`` (``newsroom.checks``), never by a traceback at start.
"""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import django_stubs_ext

from newsroom.compat import form_settings, mail_settings
from newsroom.databases import NO_POOLER, POOLERS, prepared, read_only
from newsroom.environment import Environment
from newsroom.file_stores import private_files, public_files, static_files
from newsroom.logs import to_console
from newsroom.outward import CONTACTS, DAY, WHOLE_ADDRESS, contacts, end_of_day, web_address

# Lets a class be declared as admin.ModelAdmin[Article]; Django's own bases cannot be subscripted yet.
django_stubs_ext.monkeypatch()

env = Environment()

BASE_DIR = Path(__file__).resolve().parent.parent
RUN_DIR = env.directory("RUN_DIR", BASE_DIR / "run")

# The site

SITE_NAME = env.text("SITE_NAME", "Newsroom")
SITE_TAGLINE = env.text("SITE_TAGLINE", "Independent news")
BASE_URL = env.base_url("BASE_URL", "http://127.0.0.1:8000")
LANGUAGE_CODE = env.text("LANGUAGE_CODE", "en-gb")
TIME_ZONE = env.time_zone("TIME_ZONE", "UTC")
USE_TZ = True
USE_I18N = True
FORMAT_MODULE_PATH = "newsroom.formats"
LOCALE_PATHS = [BASE_DIR / "locale"]

# Safety

DEBUG = env.flag("DEBUG", False)
INSECURE_KEY = "insecure-key-for-development-only-set-SECRET_KEY-in-production-please"
SECRET_KEY = env.text("SECRET_KEY", INSECURE_KEY)
HTTPS = urlsplit(BASE_URL).scheme == "https"
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", [urlsplit(BASE_URL).hostname or "localhost"])
CSRF_TRUSTED_ORIGINS = [BASE_URL]
TRUSTED_PROXIES = env.networks("TRUSTED_PROXIES")
TRUSTED_PROXY_HOPS = env.number("TRUSTED_PROXY_HOPS", 1, least=1, most=10)
FETCH_ALLOWED_PRIVATE = env.networks("FETCH_ALLOWED_PRIVATE")
WIRES_FETCHING = env.flag("WIRES_FETCHING", False)
WIRES_FOLDER = env.text("WIRES_FOLDER")
WIRES_KEPT_DAYS = env.number("WIRES_KEPT_DAYS", 30, least=1, most=3_650)
PRODUCT_FEEDS = env.flag("PRODUCT_FEEDS", False)
SECURE_SSL_REDIRECT = HTTPS and env.flag("SSL_REDIRECT", True)
SECURE_REDIRECT_EXEMPT = [r"^health/", r"^metrics$"]
SECURE_HSTS_SECONDS = env.number("HSTS_SECONDS", 31_536_000) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"

# Readers have no session: every cookie belongs to the admin.
SESSION_ENGINE = "people.session_store"
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = "/admin/"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "newsroom.errors.csrf_failure"

# Frames a reader may open by a click on an embed card.
EMBED_FRAME_HOSTS = env.words(
    "EMBED_FRAME_HOSTS", ["www.youtube-nocookie.com", "player.vimeo.com", "w.soundcloud.com", "open.spotify.com"]
)

# Parts

INSTALLED_APPS = [
    "newsroom.apps.NewsroomConfig",
    "newsroom.apps.NewsroomAdminConfig",
    "taggit",
    "pages",
    "syndication",
    "curation",
    "products",
    "comments",
    "articles",
    "people",
    "images",
    "wastebin",
    "pagecache",
    "outbox",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_prose_editor",
    "django_filters",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "newsroom.metrics.counting.CountRequests",
    "newsroom.proxies.TrustedProxies",
    "newsroom.security.SecurityHeaders",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "people.sessions.SeenLately",
    "people.second_factor.SecondFactorDoor",
    "newsroom.security.NoBinary",
]

ROOT_URLCONF = "newsroom.urls"
WSGI_APPLICATION = "newsroom.wsgi.application"

_LOADERS = ["django.template.loaders.filesystem.Loader", "django.template.loaders.app_directories.Loader"]
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "newsroom.context.site",
            ],
            "loaders": _LOADERS if DEBUG else [("django.template.loaders.cached.Loader", _LOADERS)],
        },
    }
]

# Data

DATABASE_POOLER = env.choice("DATABASE_POOLER", NO_POOLER, POOLERS)
DATABASES = {
    "default": prepared(
        env.database("DATABASE_URL", f"sqlite:///{RUN_DIR / 'newsroom.sqlite3'}"),
        env.number("DATABASE_CONN_MAX_AGE", 600),
        DATABASE_POOLER,
    )
}
DATABASE_PATIENCE = env.number("DATABASE_PATIENCE", 5, least=1, most=600)
"""Seconds a reader's request waits for PostgreSQL, all its statements together."""
DATABASE_ROUTERS: list[str] = []
if _replica := env.other_database("DATABASE_REPLICA_URL"):
    DATABASES["replica"] = read_only(prepared(_replica, DATABASES["default"]["CONN_MAX_AGE"], DATABASE_POOLER))
    DATABASE_ROUTERS = ["pagecache.replica.ReaderPages"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.text("REDIS_URL")
CACHES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "newsroom.shared_cache.SharedCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    # Some 15 MB at most; Django's 300 entries would forget the caps on readers' counts (people/caps.py) in a flood.
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 50_000}}
}

# Pages readers see are kept until something on them changes; while developing, templates change too.
PAGE_CACHE = env.flag("PAGE_CACHE", not DEBUG)
PAGE_CACHE_MB = env.number("PAGE_CACHE_MB", 64, least=1, most=100_000)

# A cache in front of the site, which is told of every change.
EDGE = env.choice("EDGE", "none", ["none", "varnish", "fastly", "cloudflare"])
EDGE_URL = env.text("EDGE_URL")
EDGE_TOKEN = env.text("EDGE_TOKEN")
EDGE_SECONDS = env.number("EDGE_SECONDS", 3600, least=1, most=31_536_000) if EDGE != "none" else 0
EDGE_STALE_WHILE_REVALIDATE = env.number("EDGE_STALE_WHILE_REVALIDATE", 0)
EDGE_STALE_IF_ERROR = env.number("EDGE_STALE_IF_ERROR", 0)

# Files: originals stay private; what a public page shows is copied to public storage.

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = RUN_DIR / "static"
MEDIA_URL = env.text("MEDIA_URL", "/media/")
MEDIA_ROOT = Path(env.text("MEDIA_ROOT", str(RUN_DIR / "media")))
PRIVATE_MEDIA_ROOT = Path(env.text("PRIVATE_MEDIA_ROOT", str(RUN_DIR / "private")))
S3_BUCKET = env.text("S3_BUCKET")
S3_PRIVATE_BUCKET = env.text("S3_PRIVATE_BUCKET")
_S3 = {
    "access_key": env.text("S3_ACCESS_KEY"),
    "secret_key": env.text("S3_SECRET_KEY"),
    "endpoint_url": env.text("S3_ENDPOINT_URL") or None,
    "region_name": env.text("S3_REGION") or None,
}
STORAGES: dict[str, dict[str, Any]] = {
    "default": public_files(_S3, S3_BUCKET, MEDIA_URL),
    "private": private_files(_S3, S3_PRIVATE_BUCKET, PRIVATE_MEDIA_ROOT),
    "staticfiles": static_files(DEBUG),
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FILES = 100

# People

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["people.rights.Rights"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "admin:index"
ACCOUNT_ADAPTER = "people.adapters.StaffAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # that mail would offer to sign up, which nobody can
ACCOUNT_RATE_LIMITS = {"invitation": "20/m/ip"}

# The second factor; who must have one: nobody, those who publish or manage accounts, or everybody.
REQUIRE_MFA = env.choice("REQUIRE_MFA", "publishers" if HTTPS and not DEBUG else "off", ["off", "publishers", "all"])
MFA_ADAPTER = "people.adapters.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1  # a clock half a minute off; people.factor_forms takes each code once
MFA_ALLOW_UNVERIFIED_EMAIL = True  # administrators give addresses, invitations prove them
MFA_FORMS = {
    name: f"people.factor_forms.{form}"
    for name, form in [
        *[("authenticate", "Authenticate"), ("reauthenticate", "Reauthenticate"), ("activate_totp", "ActivateCode")],
        *[("add_webauthn", "AddKey"), ("edit_webauthn", "RenameKey"), ("login_webauthn", "LoginKey")],
        *[("authenticate_webauthn", "AuthenticateKey"), ("reauthenticate_webauthn", "ReauthenticateKey")],
    ]
}

# Mail

DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "newsroom@localhost")
SMTP_HOST = env.text("SMTP_HOST")
SMTP_PORT = env.number("SMTP_PORT", 587, least=1, most=65_535)
_mail: dict[str, Any] = {"backend": "django.core.mail.backends.console.EmailBackend"}
if SMTP_HOST:
    _mail = {
        "backend": "django.core.mail.backends.smtp.EmailBackend",
        "host": SMTP_HOST,
        "port": SMTP_PORT,
        "username": env.text("SMTP_USER"),
        "password": env.text("SMTP_PASSWORD"),
        "use_tls": env.flag("SMTP_TLS", True),
    }
globals().update(mail_settings(_mail, DEFAULT_FROM_EMAIL))
globals().update(form_settings())

# The newsroom's own rules

CHECK_LINKS = env.flag("CHECK_LINKS", False)
REVIEW_REQUIRED = env.flag("REVIEW_REQUIRED", False)
RELATED_SLOTS = env.number("RELATED_SLOTS", 5, least=1, most=12)
RELATED_MINIMUM = env.number("RELATED_MINIMUM", min(3, RELATED_SLOTS), least=0, most=12)
CORRECTED_FOR_DAYS = env.number("CORRECTED_FOR_DAYS", 7, least=1, most=90)
"""How long cards of a corrected story say so."""
BIN_DAYS = env.number("BIN_DAYS", 30, least=1, most=365)
"""How long what was deleted can be brought back."""
COMMENT_MAX_DEPTH = env.number("COMMENT_MAX_DEPTH", 3, least=1, most=8)
COMMENTS_SPAM_BY_SCORE = env.flag("COMMENTS_SPAM_BY_SCORE", True)
COMMENTS_SPAM_PRECISION = env.number("COMMENTS_SPAM_PRECISION", 98, least=90, most=99)
COMMENTS_PER_PAGE = env.number("COMMENTS_PER_PAGE", 50, least=5, most=500)
COMMENTS_CLOSE_AFTER_DAYS = env.number("COMMENTS_CLOSE_AFTER_DAYS", 0)
COMMENTS_SECOND_LOOK_SHARE = env.number("COMMENTS_SECOND_LOOK_SHARE", 2, most=100)
COMMENTS_SECOND_LOOK_A_DAY = env.number("COMMENTS_SECOND_LOOK_A_DAY", 10, most=1000)
COMMENT_EDIT_MINUTES = env.number("COMMENT_EDIT_MINUTES", 10, least=0, most=1440)
COMMENT_REPORTS_TO_HOLD = env.number("COMMENT_REPORTS_TO_HOLD", 3, least=1, most=1000)
COMMENTS_TRUST_AFTER = env.number("COMMENTS_TRUST_AFTER", 1)
COMMENTS_KNOWN_SITES = env.words("COMMENTS_KNOWN_SITES")
COMMENT_ADDRESS_DAYS = env.number("COMMENT_ADDRESS_DAYS", 30, least=1)
EFFECTS_KEPT_DAYS = env.number("EFFECTS_KEPT_DAYS", 90, least=30)
AKISMET_KEY = env.text("AKISMET_KEY")
AKISMET_URL = env.text("AKISMET_URL", "https://rest.akismet.com/1.1/comment-check")
COMMENTS_RATE_ADDRESS = env.number("COMMENTS_RATE_ADDRESS", 10, least=1)
COMMENTS_RATE_EMAIL = env.number("COMMENTS_RATE_EMAIL", 10, least=1)
COMMENTS_RATE_ARTICLE = env.number("COMMENTS_RATE_ARTICLE", 200, least=1)

# What machines are told

FEED_ITEMS = env.number("FEED_ITEMS", 30, least=1, most=100)
FEED_TEXT = env.choice("FEED_TEXT", "full", ["full", "summary"])
WEBSUB_HUB = env.read("WEBSUB_HUB", web_address, "", WHOLE_ADDRESS)
SEARCH_ENGINES = env.flag("SEARCH_ENGINES", True)
LLMS_TXT = env.flag("LLMS_TXT", False)
SECURITY_CONTACT: list[str] = env.read("SECURITY_CONTACT", contacts, [], CONTACTS)
SECURITY_EXPIRES = env.read("SECURITY_EXPIRES", end_of_day, None, DAY)
SECURITY_POLICY = env.read("SECURITY_POLICY", web_address, "", WHOLE_ADDRESS)
SECURITY_ENCRYPTION = env.read("SECURITY_ENCRYPTION", web_address, "", WHOLE_ADDRESS)
SECURITY_ACKNOWLEDGMENTS = env.read("SECURITY_ACKNOWLEDGMENTS", web_address, "", WHOLE_ADDRESS)
API_CORS_ORIGINS = env.words("API_CORS_ORIGINS")
API_TOKEN_RATE = env.number("API_TOKEN_RATE", 120, least=1, most=100_000)

# Watching

BACKUP_DIR = env.text("BACKUP_DIR")
METRICS_TOKEN = env.text("METRICS_TOKEN")
METRICS_NETWORKS = env.networks("METRICS_NETWORKS")

# Logs

LOG_FORMAT = env.choice("LOG_FORMAT", "text", ["text", "json"])
LOG_LEVEL = env.choice("LOG_LEVEL", "INFO", ["DEBUG", "INFO", "WARNING", "ERROR"])
LOGGING = to_console(LOG_FORMAT, LOG_LEVEL)

CONFIGURATION_PROBLEMS = env.problems
