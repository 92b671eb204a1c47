"""What an upload must keep to before anything in it is read."""

from pathlib import PurePosixPath

import puremagic
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.utils.translation import gettext as _

from shuzhi.ledgers.limits import MAX_FILE_BYTES
from shuzhi.ledgers.workbooks import WORKBOOK_ENDINGS

MOST_FILES = 20
LONGEST_NAME = 255
_HEAD = 4_096
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
_TEXTS = (".csv", ".txt")
# Told by a signature long enough not to be a text's first letters.
_SURE = 0.4
_NO_TABLES = ("image/", "audio/", "video/", "application/pdf", "application/x-msdownload")


class FileRefusedError(Exception):
    """A file that is not taken; `str()` is the sentence that says why."""


class LimitedUploads(FileUploadHandler):
    """Drops a file as soon as it is larger than any may be, so that it cannot fill the disk.

    The names of what was dropped are kept on the request as `too_large`.
    """

    def new_file(self, *args: object, **kwargs: object) -> None:
        super().new_file(*args, **kwargs)
        self._received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self._received += len(raw_data)
        if self._received > MAX_FILE_BYTES:
            dropped = getattr(self.request, "too_large", [])
            self.request.too_large = [*dropped, self.file_name]
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Nothing: the next handler keeps the file."""


def too_large(name: str) -> str:
    """The sentence for a file over the limit."""
    return _("%(name)s is larger than %(limit)s MB. Leave out pictures, or send several files.") % {
        "name": name,
        "limit": MAX_FILE_BYTES // 2**20,
    }


def check_file(file: UploadedFile) -> str:
    """The name a file goes on record under.

    Raises: FileRefusedError by size, by the ending of its name, and by what its first bytes are.
    """
    name = _plain(file.name or "")
    if not file.size:
        raise FileRefusedError(_("%(name)s is empty. Save it again and send it.") % {"name": name})
    if file.size > MAX_FILE_BYTES:
        raise FileRefusedError(too_large(name))
    ending = PurePosixPath(name).suffix.lower()
    if ending not in WORKBOOK_ENDINGS:
        raise FileRefusedError(
            _("%(name)s is no workbook. Send .xlsx, .xls, .et, .ods or .csv.") % {"name": name}
        )
    file.seek(0)
    head = file.read(_HEAD)
    file.seek(0)
    if not head.startswith(_WORKBOOKS) and (ending not in _TEXTS or _is_no_table(head)):
        raise FileRefusedError(
            _(
                "%(name)s is not what its name says: its content is no workbook. Save it as .xlsx "
                "in your office software and send that."
            )
            % {"name": name}
        )
    return name


def _is_no_table(head: bytes) -> bool:
    try:
        found = puremagic.magic_string(head)
    except puremagic.PureError:
        return False
    return any(
        each.confidence >= _SURE and (each.mime_type or "").startswith(_NO_TABLES) for each in found
    )


def _plain(name: str) -> str:
    """The name without folders and control characters, its ending kept where it is too long."""
    name = "".join(letter for letter in name.replace("\\", "/") if letter.isprintable())
    path = PurePosixPath(name.rpartition("/")[2] or "-")
    return path.stem[: LONGEST_NAME - len(path.suffix)] + path.suffix
