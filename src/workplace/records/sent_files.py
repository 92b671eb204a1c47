"""What uploads say to the engine: the files, what became of their rows, what could not be read."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from typing import Any

from django.utils import timezone

from shuzhi.ledgers.model import Problem, Severity, SheetAccount, SourceFile


class FileNames:
    """The name of each upload's file in the ledgers: as it was sent, and where several uploads
    bear one name, with the number of the upload before it, since a name must mean one file."""

    def __init__(self, uploads: Iterable[Any]) -> None:
        own = {upload.pk: upload.file_name for upload in uploads}
        times = Counter(own.values())
        self._names = {pk: name if times[name] == 1 else f"{pk}/{name}" for pk, name in own.items()}

    def of(self, upload: int | None, name: str) -> str:
        """The name for a record that came in by the upload, or by none."""
        return self._names.get(upload, name) if upload is not None else name


def sources_of(uploads: Iterable[Any], names: FileNames) -> Iterator[SourceFile]:
    """One file an upload."""
    for upload in uploads:
        received = timezone.localdate(upload.received_at).isoformat()
        yield SourceFile(names.of(upload.pk, ""), upload.sha256, upload.size, received)


def sheets_of(uploads: Iterable[Any], names: FileNames) -> Iterator[SheetAccount]:
    """What became of the rows of each sheet."""
    for upload in uploads:
        for entry in upload.account:
            account = SheetAccount(**_known(SheetAccount, entry))
            yield replace(
                account, file=names.of(upload.pk, ""), header_rows=tuple(account.header_rows)
            )


def problems_of(uploads: Iterable[Any], names: FileNames) -> Iterator[Problem]:
    """What the engine could not read, or was not sure of."""
    for upload in uploads:
        for entry in upload.problems:
            found = _known(Problem, entry)
            found |= {"file": names.of(upload.pk, ""), "severity": Severity(found["severity"])}
            yield Problem(**found)


def _known(kind: Any, entry: dict[str, Any]) -> dict[str, Any]:
    """What of an entry the engine's own class has; pages keep more beside it."""
    names = {each.name for each in fields(kind)}
    return {name: value for name, value in entry.items() if name in names}
