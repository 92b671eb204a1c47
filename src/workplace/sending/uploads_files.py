"""The three workbooks that an upload can be fetched as."""

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath

from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from shuzhi.pipeline import mark_sent
from workplace.programme import pack_named
from workplace.sending.mending_rows import mends_of, remedy_of
from workplace.sending.models import Upload
from workplace.sending.reading import ledgers_of
from workplace.sending.uploads_kept import on_disk

File = tuple[str, bytes]  # name and content


def as_sent(upload: Upload) -> File:
    """The file, byte for byte."""
    with default_storage.open(upload.stored_as) as stored:
        return upload.file_name, stored.read()


def marked(upload: Upload) -> File:
    """The workbook with a note at each problem, as it was sent."""
    stem = PurePosixPath(upload.file_name).stem
    return _("%(name)s (marked).xlsx") % {"name": stem}, _marked(upload, {}, dot_persons=False)


def marked_without_names(upload: Upload) -> File:
    """The same with a dot for each person, for those who did not send it."""
    stem = PurePosixPath(upload.file_name).stem
    return _("%(name)s (marked).xlsx") % {"name": stem}, _marked(upload, {}, dot_persons=True)


def mended(upload: Upload) -> File:
    """The workbook with what was mended in its cells, and a note at what is still wrong."""
    stem = PurePosixPath(upload.file_name).stem
    content = _marked(upload, mends_of(upload), dot_persons=False)
    return _("%(name)s (mended).xlsx") % {"name": stem}, content


KINDS: Mapping[str, Callable[[Upload], File]] = {
    "sent": as_sent,
    "marked": marked,
    "mended": mended,
    "dotted": marked_without_names,
}
# What names no person, and may be fetched by whoever sees the upload.
WITHOUT_NAMES = frozenset({"dotted"})


def _marked(upload: Upload, mends: Mapping[tuple[str, str], str], *, dot_persons: bool) -> bytes:
    found = ledgers_of(upload, mends)
    said = [replace(each, remedy=remedy_of(each.code, each.remedy)) for each in found.problems]
    ledgers = replace(found, problems=tuple(said))
    with on_disk(upload.stored_as) as path, tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out.xlsx"
        mark_sent(
            path, ledgers, pack_named(upload.round.pack), out, file=upload.file_name,
            lang=upload.language, dot_persons=dot_persons, mends=mends,
        )  # fmt: skip
        return out.read_bytes()
