"""Where the built scripts and styles are: Vite names each by its content."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.templatetags.static import static


def asset_url(source: str) -> str:
    """The address of what was built from `source`, a file of frontend/; '' where nothing is."""
    built = _manifest(settings.ASSETS).get(source)
    return static(f"built/{built['file']}") if built else ""


@lru_cache
def _manifest(folder: Path) -> dict[str, Any]:
    file = folder / ".vite" / "manifest.json"
    return json.loads(file.read_text("utf-8")) if file.is_file() else {}
