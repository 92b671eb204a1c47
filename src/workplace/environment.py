"""Settings from the environment, each read strictly: a value that cannot be is an error."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

_S3_OPTIONS = {"endpoint": "endpoint_url", "region": "region_name"}
_TRUE, _FALSE = ("1", "true", "yes"), ("0", "false", "no", "")


def read_flag(name: str, *, default: bool) -> bool:
    """Whether `name` says yes. Raises: ImproperlyConfigured for anything but yes or no."""
    value = os.environ.get(name, str(default)).strip().lower()
    if value not in _TRUE + _FALSE:
        raise ImproperlyConfigured(f"{name}={value!r}: write true or false")
    return value in _TRUE


def read_whole(name: str, *, default: int) -> int:
    """A whole number, 0 or more."""
    value = os.environ.get(name, str(default)).strip()
    if not value.isdecimal():
        raise ImproperlyConfigured(f"{name}={value!r}: write a whole number")
    return int(value)


def read_list(name: str, *, default: str = "") -> list[str]:
    """Texts with commas between them."""
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


def read_folder(name: str, *, default: Path) -> Path:
    """A folder, which need not be there yet."""
    return Path(os.environ.get(name) or default).resolve()


def read_storage(name: str, *, default: Path) -> dict[str, Any]:
    """Where files are kept, as Django's STORAGES wants it: a folder, or `s3://bucket/folder?…`
    with `endpoint` and `region`; keys come from where the S3 client looks for them.

    Raises: ImproperlyConfigured for an address that is no such one, and for what it cannot say.
    """
    value = os.environ.get(name, "").strip()
    if "://" not in value:
        folder = Path(value).resolve() if value else default
        return {"BACKEND": "workplace.disk.DurableStorage", "OPTIONS": {"location": folder}}
    address = urlsplit(value)
    if address.scheme != "s3" or not address.hostname:
        raise ImproperlyConfigured(f"{name}={value!r}: write a folder or s3://bucket/folder")
    said = dict(parse_qsl(address.query, keep_blank_values=True))
    if unknown := sorted(said.keys() - _S3_OPTIONS.keys()):
        known = ", ".join(_S3_OPTIONS)
        raise ImproperlyConfigured(f"{name}: {', '.join(unknown)} is unknown; there are {known}")
    options = {_S3_OPTIONS[key]: text for key, text in said.items()}
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": address.hostname, "location": address.path.strip("/"),
            "querystring_auth": True, "default_acl": None, "file_overwrite": False, **options,
        },
    }  # fmt: skip


def read_secret(name: str, file: Path) -> str:
    """The secret in `name`, else in `file`. Raises: ImproperlyConfigured where neither is there."""
    if value := os.environ.get(name):
        return value
    if file.is_file():
        return file.read_text(encoding="ascii").strip()
    raise ImproperlyConfigured(
        f"no {name}: set it to a long random text, or keep one in {file} "
        "(python -m workplace.new_secret makes it)"
    )


def read_identity_provider(url: str) -> dict[str, Any]:
    """What allauth is told of the office's identity provider; nothing where `url` is empty.

    Raises: ImproperlyConfigured where a part of it is missing.
    """
    if not url:
        return {}
    parts = {name: os.environ.get(f"SHUZHI_OIDC_{name}", "") for name in ("CLIENT", "SECRET")}
    for name, value in parts.items():
        if not value:
            raise ImproperlyConfigured(f"SHUZHI_OIDC_URL is set, but no SHUZHI_OIDC_{name}")
    app = {
        "provider_id": "office",
        "name": os.environ.get("SHUZHI_OIDC_NAME", "") or "OpenID Connect",
        "client_id": parts["CLIENT"],
        "secret": parts["SECRET"],
        "settings": {"server_url": url},
    }
    return {"openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}}


def read_mail(name: str) -> dict[str, Any]:
    """Django's settings of the mail server at smtp://USER:PASSWORD@HOST:PORT (STARTTLS) or smtps://…
    (TLS throughout); where none is named, mails are printed. Raises: ImproperlyConfigured.
    """
    address = os.environ.get(name, "").strip()
    if not address:
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    server = urlsplit(address)
    if server.scheme not in ("smtp", "smtps") or not server.hostname:
        raise ImproperlyConfigured(f"{name}: write smtp://USER:PASSWORD@HOST:PORT or smtps://…")
    is_tls = server.scheme == "smtps"
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": server.hostname,
        "EMAIL_PORT": server.port or (465 if is_tls else 587),
        "EMAIL_HOST_USER": unquote(server.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(server.password or ""),
        "EMAIL_USE_SSL": is_tls,
        "EMAIL_USE_TLS": not is_tls,
        "EMAIL_TIMEOUT": 20,
    }


def origins_of(url: str) -> list[str]:
    """Scheme and host of an address, as a content security policy names them; [] for none."""
    address = urlsplit(url)
    return [f"{address.scheme}://{address.netloc}"] if address.netloc else []
