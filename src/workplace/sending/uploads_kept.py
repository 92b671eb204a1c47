"""The bytes of uploads: kept by their SHA-256, and safe on the disk before anybody is told so."""

import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, default_storage, storages

_FOLDER = "uploads"


def keep_bytes(file: File) -> tuple[str, str]:
    """The SHA-256 of a file, and where it lies in the storage from now on.

    Raises: OSError where it cannot be stored: a full disk, a storage that does not answer.
    """
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    sha256 = digest.hexdigest()
    path = f"{_FOLDER}/{sha256[:2]}/{sha256}"
    if default_storage.exists(path) and default_storage.size(path) == file.size:
        return sha256, path
    file.seek(0)
    return sha256, default_storage.save(path, file)


@contextmanager
def on_disk(stored_as: str) -> Iterator[Path]:
    """A path under which the stored bytes can be opened: their own, or a copy for a while."""
    if isinstance(storages["default"], FileSystemStorage):
        yield Path(default_storage.path(stored_as))
    else:
        with tempfile.NamedTemporaryFile() as copy:
            with default_storage.open(stored_as) as stored:
                shutil.copyfileobj(stored, copy)
            copy.flush()
            yield Path(copy.name)
