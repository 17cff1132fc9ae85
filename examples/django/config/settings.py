"""All of it comes from the environment. Secrets have no default, save where DJANGO_DEBUG=true."""

from pathlib import Path

import dj_database_url

from config.environment import flag, names, text

BASE_DIR = Path(__file__).resolve().parent.parent

DEBUG = flag("DJANGO_DEBUG")
SECRET_KEY = text("DJANGO_SECRET_KEY", "django-insecure-for-this-machine-only" if DEBUG else None)
ALLOWED_HOSTS = names("DJANGO_ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = names("DJANGO_CSRF_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "app",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # Every view asks for a login, save those that say otherwise.
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {
    "default": dj_database_url.parse(
        text("DATABASE_URL"), conn_max_age=60, conn_health_checks=True
    ),
}
# Elocute's tables are in the schema "elocute". A role of that name would make Django's there too.
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("options", "-c search_path=public")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "app:lessons"
LOGOUT_REDIRECT_URL = "login"

LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"

if not DEBUG:
    SECURE_SSL_REDIRECT = True
    # The proxy before Django sets this header, and must drop it where a client sends it.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

# Where recordings go. The names are those of Elocute's own configuration, and mean the same.
AWS_REGION = text("AWS_REGION", "us-east-1")
S3_ENDPOINT = text("S3_ENDPOINT", "")
USER_BUCKET = text("USER_BUCKET", "user-audio-file")
USER_KEY_ROOT = text("USER_KEY_ROOT", "user-audio-file")
AUDIO_MAX_BYTES = int(text("AUDIO_MAX_BYTES", "10485760"))

# Key of the signature of Elocute's events; without one every event is refused.
NOTIFY_SECRET = text("NOTIFY_SECRET", "")
# The page of one scoring, such as https://elocute.example.com/scorings/{scoring_id}; the Temporal
# Web UI knows it by score- and {short_id}.
ELOCUTE_SCORING_URL = text("ELOCUTE_SCORING_URL", "")
