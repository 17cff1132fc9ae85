"""What the settings read from the environment."""

import os

from django.core.exceptions import ImproperlyConfigured


def text(name, default=None):
    """The variable; where it is not set the default, and without one the start ends here."""
    value = os.environ.get(name) or default
    if value is None:
        raise ImproperlyConfigured(f"Set the environment variable {name}.")
    return value


def flag(name):
    value = text(name, "false").lower()
    if value not in ("true", "false"):
        raise ImproperlyConfigured(f"{name} is true or false.")
    return value == "true"


def names(name, default=""):
    """Texts between commas."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]
