"""The tree of units from the rows of the table that holds it."""

import re
from collections.abc import Mapping
from datetime import date

import pyarrow as pa

from shuzhi.ledgers.folding import fold
from shuzhi.packs.model import Pack
from shuzhi.units import FOREVER, UnitSpan, UnitTree

_SINCE_EVER = date(1900, 1, 1)
_ALIAS_SEPARATORS = re.compile(r"[;；、\n]")


def build_tree(rows: pa.Table, pack: Pack) -> UnitTree:
    """The dated tree. Parents, successors and levels may be given by code or by name.

    Raises: InputRefused where the rows contradict each other.
    """
    records = rows.to_pylist()
    codes = {fold(record["name"]): record["code"] for record in records}
    codes |= {fold(record["code"]): record["code"] for record in records}
    levels = {fold(text): level.code for level in pack.levels for text in level.label.values()}
    return UnitTree(_span(record, codes, levels) for record in records)


def _span(
    record: Mapping[str, object], codes: Mapping[str, str], levels: Mapping[str, str]
) -> UnitSpan:
    texts = {key: value if isinstance(value, str) else "" for key, value in record.items()}
    begins, ends = record.get("valid_from"), record.get("valid_to")
    return UnitSpan(
        texts["code"],
        texts["name"],
        levels.get(fold(texts["level"]), texts["level"]),
        codes.get(fold(texts["parent"]), texts["parent"]),
        begins if isinstance(begins, date) else _SINCE_EVER,
        ends if isinstance(ends, date) else FOREVER,
        codes.get(fold(texts.get("successor", "")), texts.get("successor", "")),
        tuple(filter(None, (part.strip() for part in _ALIAS_SEPARATORS.split(
            texts.get("aliases", "")
        )))),
    )  # fmt: skip
