"""The evidence files that records name: found below the source's evidence folders, or missing."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shuzhi.ledgers.model import RECORD_ID
from shuzhi.ledgers.read import EVIDENCE_FOLDER
from shuzhi.packs.model import Role, Table


@dataclass(frozen=True)
class Evidence:
    """One file that one record names. `path` is None where no such file may be taken."""

    table: str
    record: str
    name: str
    path: Path | None


def find_evidence(
    source: Path | None, table: Table, records: Iterable[Mapping[str, Any]]
) -> list[Evidence]:
    """What the evidence columns of `records` name, in their order.

    Missing: without `source` no file is found. A name that leads out of the evidence folders, by
    dots, by a link or as an absolute path, finds none either: it could be another unit's.
    """
    columns = [column.name for column in table.columns if column.role is Role.EVIDENCE]
    return [
        Evidence(table.name, record[RECORD_ID], name, _find_file(source, name))
        for record in records
        for column in columns
        for name in _split(record[column])
    ]


def _split(names: str | None) -> list[str]:
    parts = (names or "").replace("；", ";").split(";")
    return [part.strip() for part in parts if part.strip()]


def _find_file(source: Path | None, name: str) -> Path | None:
    if source is None or "\0" in name:
        return None
    root = source.resolve()
    for folder in (root, root / EVIDENCE_FOLDER):
        path = Path(os.path.realpath(folder / name))
        is_inside = path.is_relative_to(root)
        is_evidence = is_inside and EVIDENCE_FOLDER in path.relative_to(root).parts[:-1]
        if is_evidence and os.path.isfile(path):  # unlike Path.is_file, a name too long is none
            return path
    return None
