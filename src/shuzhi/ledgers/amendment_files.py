"""What lies in an edition that amends an earlier one, and where that one is.

tables/*.parquet   the records that came, of the tables in which anything changed
changes/*.parquet  what became of each record of these tables that is not as it was
returns, sources, sheets, problems .parquet   whole, those that are not as they were
"""

import json
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path

import numpy as np
import pyarrow as pa

from shuzhi.errors import InputRefused
from shuzhi.ledgers.amended_tables import AmendedTables, RowChanges
from shuzhi.ledgers.edition_files import read_parquet
from shuzhi.ledgers.manifest import MANIFEST, Manifest
from shuzhi.ledgers.model import RECORD_ID
from shuzhi.ledgers.sealed_tables import Places, StoredTables, not_as_said, refuse_other_columns

TABLES, CHANGES = "tables", "changes"


class Became(StrEnum):
    """What became of a record."""

    ADDED = "added"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"


# The record's row in the earlier ledger, and the row of it before which it stands now; rows count
# from 0. Null: it was not there; it is there no more.
_CHANGES = pa.schema(
    [
        pa.field(RECORD_ID, pa.string(), nullable=False),
        pa.field("became", pa.string(), nullable=False),
        pa.field("was_row", pa.int64()),
        pa.field("before_row", pa.int64()),
    ]
)


def changes_to_arrow(changes: RowChanges, ids_gone: pa.Array) -> pa.Table:
    """Shape: one row a record; those that came first, in the order of their rows, then the
    records withdrawn, in that of theirs."""
    was = dict(zip(ids_gone.to_pylist(), changes.gone.tolist(), strict=True))
    rows: list[dict[str, object]] = []
    for record, before in zip(
        changes.came[RECORD_ID].to_pylist(), changes.before.tolist(), strict=True
    ):
        row = was.pop(record, None)
        became = Became.ADDED if row is None else Became.REPLACED
        rows.append({RECORD_ID: record, "became": became, "was_row": row, "before_row": before})
    rows += [
        {RECORD_ID: record, "became": Became.WITHDRAWN, "was_row": row, "before_row": None}
        for record, row in was.items()
    ]
    return pa.Table.from_pylist(rows, schema=_CHANGES)


def read_amended_tables(
    folder: Path, earlier: StoredTables, schemas: Mapping[str, pa.Schema]
) -> AmendedTables:
    """The tables of the earlier edition as the amendment in `folder` has them."""
    changes = {}
    for path in sorted((folder / CHANGES).glob("*.parquet")):
        if path.stem not in schemas:
            raise not_as_said(path)
        file = folder / TABLES / path.name
        refuse_other_columns(file, schemas[path.stem])
        came = read_parquet(file, schemas[path.stem]).combine_chunks()
        changes[path.stem] = _read_changes(path, came, earlier.rows(path.stem))
    return AmendedTables(earlier, changes)


def _read_changes(path: Path, came: pa.Table, rows: int) -> RowChanges:
    found = read_parquet(path, _CHANGES)
    ids = found[RECORD_ID].combine_chunks().slice(0, len(came))
    gone = np.sort(_whole(found["was_row"]))
    before = _whole(found["before_row"])
    fits = ids.equals(came[RECORD_ID].combine_chunks()) and len(before) == len(came)
    in_order = bool((np.diff(before) >= 0).all() and (np.diff(gone) > 0).all())
    inside = all(p.min(initial=0) >= 0 and p.max(initial=0) <= rows - (p is gone)
                 for p in (gone, before) if len(p))  # fmt: skip
    if not (fits and in_order and inside):
        raise not_as_said(path)
    return RowChanges(gone, came, before)


def _whole(column: pa.ChunkedArray) -> Places:
    found: Places = column.drop_null().to_numpy()
    return found


def find_superseded(path: Path, manifest: Manifest) -> Path:
    """The folder of the edition that the amendment in `path` amends.

    Looked for beside it, and as the edition in a report's folder beside it. Raises: InputRefused.
    """
    assert manifest.supersedes is not None
    root = manifest.supersedes.root
    here = path.resolve()
    for folder in dict.fromkeys(_beside(here)):
        if folder != here and _root_of(folder) == root:
            return folder
    raise InputRefused(
        f"{path} amends the edition with the root hash {root}, which is not beside it; "
        "put that edition into the same folder"
    )


def lies_beside(edition: Path, out: Path) -> bool:
    """Whether an amendment in the folder `out` would find the edition."""
    return edition.resolve() in _beside(out.resolve())


def _beside(here: Path) -> Iterator[Path]:
    for folder in (here.parent, here.parent.parent):
        try:
            found = sorted(path for path in folder.iterdir() if path.is_dir())
        except OSError:  # a folder above that may not be read
            continue
        if folder == here.parent:
            yield from found
        yield from (path / "edition" for path in found)


def _root_of(folder: Path) -> str:
    """The root hash a folder's manifest names. Missing: '', it is no edition."""
    try:
        return str(json.loads((folder / MANIFEST).read_bytes())["root"])
    except (OSError, ValueError, LookupError, TypeError):
        return ""
