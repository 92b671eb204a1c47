"""Files on disk that are there whole, or not at all, once they are said to be stored."""

import os
from pathlib import Path
from uuid import uuid4

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage

# Beside what is stored: what a crash leaves here was acknowledged to nobody.
INCOMING = ".incoming"


class DurableStorage(FileSystemStorage):
    """Django's storage on disk, but a file gets its name only when its bytes are on the disk.

    Django itself writes into the named file and does not wait: killed halfway it leaves a part
    under the name, and with the power gone even what was answered for may be lost.
    """

    def _save(self, name: str, content: File) -> str:
        waiting = f"{INCOMING}/{uuid4().hex}"
        source = Path(self.path(waiting))
        try:
            super()._save(waiting, content)
            _sync(source)
            while True:
                target = Path(self.path(name))
                target.parent.mkdir(parents=True, exist_ok=True)
                try:
                    os.link(source, target)
                    break
                except FileExistsError:
                    name = self.get_available_name(name)
        finally:
            source.unlink(missing_ok=True)
        self._sync_folders(target.parent)
        return name.replace("\\", "/")

    def _sync_folders(self, folder: Path) -> None:
        """Put the entries of the folders on disk too, up to the root of the storage."""
        root = Path(self.location)
        if os.name != "posix":
            return  # a folder cannot be opened for it elsewhere
        while folder != root and folder.is_relative_to(root):
            _sync(folder)
            folder = folder.parent
        _sync(root)


def _sync(path: Path) -> None:
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
