"""`python -m workplace.web.compile_texts`: makes what Django reads out of what translators write.

In pure Python, since not every machine has gettext's tools.
"""

import os
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

WORKPLACE = Path(__file__).parents[1]


def compile_texts(folder: Path = WORKPLACE) -> list[Path]:
    """The .mo files written anew: those missing, and those older than their .po."""
    written = []
    for source in sorted(folder.glob("*/locale/*/LC_MESSAGES/django.po")):
        compiled = source.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as file:
            catalog = read_po(file, abort_invalid=True)
        # several processes may do this at once: each writes whole files
        partial = compiled.with_suffix(f".{os.getpid()}")
        with partial.open("wb") as file:
            write_mo(file, catalog)
        partial.replace(compiled)
        written.append(compiled)
    return written


if __name__ == "__main__":
    compile_texts()
