"""`python -m workplace.new_secret`: make the secret that sessions and tokens hang on, once."""

import os
import secrets
from pathlib import Path

FILE_NAME = "secret_key"


def write_secret(folder: Path) -> Path:
    """The file with the secret; one that is there is kept."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / FILE_NAME
    if not file.exists():
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as stream:
            stream.write(secrets.token_urlsafe(64))
    return file


if __name__ == "__main__":
    write_secret(Path(os.environ.get("SHUZHI_DATA") or "data"))
