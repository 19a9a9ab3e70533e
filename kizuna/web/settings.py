"""Settings: everything comes from the environment or from the folder ``KIZUNA_HOME``.

| variable | meaning | default |
|---|---|---|
| KIZUNA_HOME | folder for database, lake, files and the secret key | ./var |
| KIZUNA_DATABASE | ``sqlite`` or a ``postgresql://`` URL | sqlite |
| KIZUNA_HOSTS | comma-separated host names the server answers to | localhost,127.0.0.1,[::1] |
| KIZUNA_PUBLIC_URL | address customers reach, for survey links | http://127.0.0.1:8000 |
| KIZUNA_HTTPS | 1 when served over TLS (secure cookies, HSTS) | 0 |
| KIZUNA_DEBUG | 1 shows tracebacks in the browser; never in production | 0 |
| KIZUNA_OIDC_URL, _CLIENT_ID, _SECRET, _NAME | company sign-in over OpenID Connect | off |
| KIZUNA_OIDC_TRUST_MAIL | 1 for a provider of this company alone that states no ``email_verified`` (Entra ID) | 0 |
| KIZUNA_MAIL_URL | ``smtp://user:password@host:587`` (STARTTLS) or ``smtps://…:465`` | files in KIZUNA_HOME/mail |
| KIZUNA_MAIL_FROM | sender of staff mail (password reset) | kizuna@localhost |
| KIZUNA_EGRESS_LOOPBACK | 1 lets outgoing HTTP reach this machine: for tests and a stand-in of LINE or SMS | 0 |
| KIZUNA_PROXIES | how many trusted proxies stand in front; their X-Forwarded-For and -Proto are believed | 0 |
| KIZUNA_STATIC | ``collected`` serves the compressed files in KIZUNA_HOME/static (``kizuna serve``) | source files |
"""

import os
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from csp.constants import NONE, SELF

HOME = Path(os.environ.get("KIZUNA_HOME", "var")).resolve()
HOME.mkdir(parents=True, exist_ok=True)
LAKE = HOME / "lake"
FILES = HOME / "files"
DEBUG = os.environ.get("KIZUNA_DEBUG") == "1"
HTTPS = os.environ.get("KIZUNA_HTTPS") == "1"
PUBLIC_URL = os.environ.get("KIZUNA_PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/")
PROXIES = int(os.environ.get("KIZUNA_PROXIES", "0"))
EGRESS_LOOPBACK = os.environ.get("KIZUNA_EGRESS_LOOPBACK") == "1"
STATIC_COLLECTED = os.environ.get("KIZUNA_STATIC") == "collected"
ALLOWED_HOSTS = os.environ.get("KIZUNA_HOSTS", "localhost,127.0.0.1,[::1]").split(",")


def _secret_key() -> str:
    """The signing key lives in the home folder, made on first use and readable by its owner only."""
    path = HOME / "secret_key"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii")
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        key = secrets.token_urlsafe(48)
        file.write(key)
    return key


def _database(*, url: str) -> dict[str, Any]:
    if url == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": HOME / "kizuna.sqlite3",
            "OPTIONS": {
                # IMMEDIATE takes the write lock at BEGIN, so two writers queue instead of failing half-way.
                "transaction_mode": "IMMEDIATE",
                "timeout": 30,
                # An import writes the same index pages chunk after chunk; folding the log into the file every
                # 64 MB instead of every 4 MB writes a third less to disk.
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                    "PRAGMA wal_autocheckpoint=16384;"
                    "PRAGMA cache_size=-65536; PRAGMA mmap_size=268435456; PRAGMA temp_store=MEMORY;"
                ),
            },
        }
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        # ``?host=/folder`` is libpq's way to name a Unix socket.
        "HOST": parts.hostname or parse_qs(parts.query).get("host", [""])[0],
        "PORT": parts.port or "",
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }


def _oidc_apps() -> list[dict[str, Any]]:
    """The company's own sign-in, when its address is given."""
    url = os.environ.get("KIZUNA_OIDC_URL")
    if not url:
        return []
    return [
        {
            "provider_id": "company",
            "name": os.environ.get("KIZUNA_OIDC_NAME", "SSO"),
            "client_id": os.environ["KIZUNA_OIDC_CLIENT_ID"],
            "secret": os.environ["KIZUNA_OIDC_SECRET"],
            "settings": {"server_url": url, "trusted_mail": os.environ.get("KIZUNA_OIDC_TRUST_MAIL") == "1"},
        }
    ]


def _oidc_origins() -> list[str]:
    url = urlsplit(os.environ.get("KIZUNA_OIDC_URL", ""))
    return [f"{url.scheme}://{url.netloc}"] if url.netloc else []


SECRET_KEY = _secret_key()
DATABASES = {"default": _database(url=os.environ.get("KIZUNA_DATABASE", "sqlite"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
    "csp",
    "django_htmx",
    "kizuna.facts.outbox",
    "kizuna.facts.lake",
    "kizuna.facts.state",
    "kizuna.facts.audit",
    "kizuna.customers.stores",
    "kizuna.customers.staff",
    "kizuna.customers.people",
    "kizuna.customers.products",
    "kizuna.customers.orders",
    "kizuna.customers.consent",
    "kizuna.customers.notes",
    "kizuna.listen.surveys",
    "kizuna.listen.reviews",
    "kizuna.understand.metrics",
    "kizuna.understand.journey",
    "kizuna.act.offers",
    "kizuna.act.outreach",
    "kizuna.act.practices",
    "kizuna.connectors.tables",
    "kizuna.connectors.channels",
    "kizuna.connectors.mail",
    "kizuna.connectors.line",
    "kizuna.connectors.sms",
    "kizuna.prove.trials",
    "kizuna.prove.evidence",
    "kizuna.prove.improvements",
    "kizuna.prove.goals",
    "kizuna.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "kizuna.web.refusals.RefusalMiddleware",
    "kizuna.web.access.AccessMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "kizuna.web.urls"
WSGI_APPLICATION = "kizuna.web.wsgi.application"
FORM_RENDERER = "kizuna.web.forms.ShellRenderer"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # First of all folders, so that the sign-in pages of allauth wear our shell.
        "DIRS": [Path(__file__).parent / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["kizuna.words", "kizuna.web.show", "django.templatetags.static"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "kizuna.web.shell.shell",
            ],
        },
    }
]

AUTH_USER_MODEL = "staff.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "kizuna.web.accounts.ClosedAccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_DISPLAY = "kizuna.web.accounts.display_name"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # an owner makes the users and knows their addresses
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
# django-axes counts failed sign-ins in the database, so the lock-out holds over several server processes.
ACCOUNT_RATE_LIMITS = {"login_failed": False}
SOCIALACCOUNT_ADAPTER = "kizuna.web.accounts.ClosedSocialAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False  # ``company_login.admit`` does it, and leaves the password alone
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {"openid_connect": {"APPS": _oidc_apps()}}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "Kizuna"
# A passkey needs TLS or localhost; browsers enforce it too.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "kizuna.web.accounts.attempted_login"
AXES_CLIENT_IP_CALLABLE = "kizuna.web.accounts.client_address"
AXES_LOCKOUT_TEMPLATE = "refused/locked.html"
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

LANGUAGE_CODE = "ja"
LANGUAGES = [("ja", "日本語"), ("en", "English")]
TIME_ZONE = "Asia/Tokyo"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STATIC_ROOT.mkdir(exist_ok=True)  # WhiteNoise warns about a folder that is not there
STATICFILES_DIRS = [Path(__file__).parent / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": FILES}},
    "staticfiles": {
        "BACKEND": (
            "whitenoise.storage.CompressedManifestStaticFilesStorage"
            if STATIC_COLLECTED
            else "django.contrib.staticfiles.storage.StaticFilesStorage"
        )
    },
}
WHITENOISE_USE_FINDERS = not STATIC_COLLECTED
WHITENOISE_AUTOREFRESH = False

_MAIL = urlsplit(os.environ.get("KIZUNA_MAIL_URL", ""))
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if _MAIL.hostname else 'filebased'}.EmailBackend"
EMAIL_FILE_PATH = HOME / "mail"
EMAIL_HOST = _MAIL.hostname or "localhost"
EMAIL_PORT = _MAIL.port or 587
EMAIL_HOST_USER = unquote(_MAIL.username or "")
EMAIL_HOST_PASSWORD = unquote(_MAIL.password or "")
EMAIL_USE_SSL = _MAIL.scheme == "smtps"
EMAIL_USE_TLS = _MAIL.scheme == "smtp"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = SERVER_EMAIL = os.environ.get("KIZUNA_MAIL_FROM", "kizuna@localhost")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],  # icons inside the style sheet, the QR code of the authenticator
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF, *_oidc_origins()],  # the browser follows the sign-in form to the company's own page
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
        "object-src": [NONE],
    }
}

MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_AGE = 14 * 86_400
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXIES and HTTPS else None
CSRF_FAILURE_VIEW = "kizuna.web.refusals.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
