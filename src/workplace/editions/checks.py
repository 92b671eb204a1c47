"""Start-up says what about a set-up is unsafe: as an error where it must not run so."""

import sqlite3
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.checks import Warning as Doubt
from django.db import connection

from shuzhi.errors import UserError
from workplace.programme import packs

# https://sqlite.org/wal.html: resetting the write-ahead log could corrupt a database in these.
_WAL_RESET_BUG = ((3, 7, 0), (3, 51, 2))
_FULL = 2


@register()
def check_packs(app_configs: Any, **options: Any) -> Sequence[CheckMessage]:
    """Rounds, forms and figures hang on the packs."""
    try:
        packs()
    except UserError as error:
        return [
            Error(
                f"a pack cannot be used: {error}", id="shuzhi.E001",
                hint="Correct it (shuzhi pack lint FOLDER), or name others by SHUZHI_PACKS.",
            )
        ]  # fmt: skip
    except OSError as error:
        return [
            Error(
                f"a pack is not there: {error}", id="shuzhi.E002",
                hint="Name the folders of packs by SHUZHI_PACKS, with commas between them.",
            )
        ]  # fmt: skip
    return []


@register()
def check_debug(app_configs: Any, **options: Any) -> Sequence[CheckMessage]:
    """A site that others reach shows no error pages with its settings on them."""
    if settings.DEBUG and settings.IS_HTTPS:
        return [
            Error(
                "SHUZHI_DEBUG and SHUZHI_HTTPS are both set", id="shuzhi.E003",
                hint="Unset SHUZHI_DEBUG: pages of errors would show settings to anybody.",
            )
        ]  # fmt: skip
    return []


@register()
def check_sqlite_version(app_configs: Any, **options: Any) -> Sequence[CheckMessage]:
    """An office cannot always change which SQLite its system has: told, not refused."""
    least, most = _WAL_RESET_BUG
    if not _uses_sqlite() or not least <= sqlite3.sqlite_version_info <= most:
        return []
    return [
        Doubt(
            f"SQLite {sqlite3.sqlite_version} can, very rarely, corrupt a database when its "
            "write-ahead log begins anew", id="shuzhi.W001",
            hint="Use PostgreSQL (DATABASE_URL), or a Python with SQLite 3.51.3 or newer; keep "
            "backups (python -m workplace backup FILE).",
        )
    ]  # fmt: skip


@register("database")
def check_synchronous(
    app_configs: Any, databases: Any = None, **options: Any
) -> list[CheckMessage]:
    """With less than FULL what was acknowledged can be gone after a power cut."""
    if not databases or not _uses_sqlite():
        return []
    with connection.cursor() as cursor:
        level = cursor.execute("PRAGMA synchronous").fetchone()[0]
    if level >= _FULL:
        return []
    return [
        Error(
            f"SQLite runs with synchronous={level}: what was acknowledged could be lost when the "
            "power goes", id="shuzhi.E004",
            hint="Put PRAGMA synchronous=FULL back into the database's init_command.",
        )
    ]  # fmt: skip


def _uses_sqlite() -> bool:
    return connection.vendor == "sqlite"
