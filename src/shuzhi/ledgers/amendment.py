"""An edition that holds what was sent again, and no more: it amends an earlier one.

The earlier edition stays as it is, and stays needed. Its root hash stands in the manifest, so that
nothing of it can change either without being found.
"""

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa

from shuzhi import __version__
from shuzhi.ledgers.amended_tables import AmendedTables
from shuzhi.ledgers.amendment_files import CHANGES, TABLES, changes_to_arrow
from shuzhi.ledgers.atomic_folder import new_folder
from shuzhi.ledgers.edition import Edition, SealTerms, describe_and_list, refuse_names
from shuzhi.ledgers.edition_files import PARTS, write_parquet
from shuzhi.ledgers.manifest import Manifest
from shuzhi.ledgers.model import Ledgers
from shuzhi.ledgers.sealed_parts import as_columns


def seal_amendment(
    out: Path,
    earlier: Edition,
    ledgers: Ledgers,
    extras: Mapping[str, pa.Table],
    terms: SealTerms,
) -> None:
    """Nothing; afterwards `out` is an edition of `ledgers` that amends the earlier one, whole.

    `ledgers` as `amend_ledgers` makes them of the earlier edition's. Raises: UserError where `out`
    exists, is being sealed by another, or cannot be written.
    """
    with new_folder(out) as folder:
        write_amendment(folder, earlier, ledgers, extras, terms)


def write_amendment(
    folder: Path,
    earlier: Edition,
    ledgers: Ledgers,
    extras: Mapping[str, pa.Table],
    terms: SealTerms,
) -> None:
    """The files of an amendment in an empty folder that its caller makes atomic."""
    refuse_names(extras)
    if terms.supersedes is None or terms.supersedes.root != earlier.manifest.root:
        raise ValueError("an amendment supersedes the edition it amends")
    if not isinstance(ledgers.tables, AmendedTables):
        raise TypeError("only amended ledgers make an amendment")
    tables = dict(_changed_tables(ledgers.tables))
    for name, (shape, part_of) in PARTS.items():
        was, now = (as_columns(part_of(each), shape) for each in (earlier.ledgers, ledgers))
        if not now.equals(was):
            tables[name] = now
    for name, extra in sorted(extras.items()):
        tables[name] = extra.replace_schema_metadata(None)
    for below in (TABLES, CHANGES):
        (folder / below).mkdir()
    for name, table in tables.items():
        write_parquet(folder / f"{name}.parquet", table)
    pack = earlier.pack
    manifest = Manifest(
        pack.name, pack.version, __version__, {}, terms.supersedes, is_amendment=True
    )
    describe_and_list(folder, pack, tables, manifest, terms.key)


def _changed_tables(tables: AmendedTables) -> Mapping[str, pa.Table]:
    found = {}
    for name, changes in sorted(tables.changes.items()):
        found[f"{TABLES}/{name}"] = changes.came
        found[f"{CHANGES}/{name}"] = changes_to_arrow(changes, tables.ids_gone(name))
    return found
