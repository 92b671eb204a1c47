"""Files on disk that are there whole or not at all, whenever the power goes."""

import os
import tempfile
from pathlib import Path

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage
from django.utils.deconstruct import deconstructible


@deconstructible(path="workplace.disk.DurableStorage")
class DurableStorage(FileSystemStorage):
    """Writes beside the place, forces it to disk, and only then gives it its name."""

    def _save(self, name: str, content: File) -> str:
        path = Path(self.path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, beside = tempfile.mkstemp(dir=path.parent, prefix=".being-written-")
        try:
            with os.fdopen(descriptor, "wb") as file:
                for chunk in content.chunks():
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(beside, 0o640)
            name = self._link(Path(beside), name)
        finally:
            os.unlink(beside)
        self._force_folders(path.parent)
        return name

    def _force_folders(self, folder: Path) -> None:
        """A folder that is new itself has its name in the one above, up to the storage's own."""
        root = Path(self.location)
        while folder != root and folder.is_relative_to(root):
            _force_names(folder)
            folder = folder.parent
        _force_names(root)

    def _link(self, beside: Path, name: str) -> str:
        """Give the file its name, or the next free one: two writers never share one."""
        while True:
            try:
                os.link(beside, self.path(name))
            except FileExistsError:
                name = self.get_available_name(name)
            else:
                return name.replace("\\", "/")


def _force_names(folder: Path) -> None:
    """Have the folder itself on disk; not every system can."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
