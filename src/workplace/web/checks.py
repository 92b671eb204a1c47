"""What is missing for pages to look as they should."""

from typing import Any

from django.conf import settings
from django.core import checks


@checks.register
def assets_are_built(app_configs: Any, **_: Any) -> list[checks.CheckMessage]:
    """Pages work without styles and scripts, but nobody wants them so."""
    if (settings.ASSETS / ".vite" / "manifest.json").is_file():
        return []
    return [
        checks.Warning(
            "The scripts and styles of the pages are not built.",
            hint="Run `make assets`; it needs Node.js 20 or newer.",
            id="web.W001",
        )
    ]
