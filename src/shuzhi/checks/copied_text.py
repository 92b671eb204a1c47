"""Minutes and descriptions that stand, nearly word for word, in several records.

Candidates come from MinHash over character shingles (rensa), every pair that is asked about is
then compared exactly. The cost grows with the text read, not with the pairs.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from rensa import RMinHash, RMinHashLSH

from shuzhi.checks.likeness import clusters
from shuzhi.checks.rows import key_columns
from shuzhi.checks.rule import Case, Check, Doubt, setting
from shuzhi.packs.model import Role, Table, Text

# 128 values in 32 bands of 4: texts with a Jaccard likeness of 0.7 share a band with
# probability 0.9998, texts with 0.3 with 0.23 (1 − (1 − s⁴)³²).
_VALUES, _BANDS, _SEED = 128, 32, 20230901
# In a band, a text is compared with the first few that differ from one another: a band of
# thousands of alike boilerplate texts stays linear.
_COMPARED = 8
_MIX = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True)
class CopiedTextSettings:
    likeness: float = setting(
        "From this share (0–1) of common character sequences two texts are one copied.",
        lambda section, key: section.decimal(key, least=0.6, most=1),
    )
    shingle: int = setting(
        "The length of the sequences, in characters.",
        lambda section, key: section.integer(key, least=2, most=16),
    )
    min_length: int = setting(
        "Texts with fewer characters are left out: short ones are alike without being copied.",
        lambda section, key: section.integer(key, least=1),
    )


@dataclass(frozen=True)
class _Text:
    record: str
    unit: str
    day: date | None
    place: int  # of its wording in the list of different wordings


def _find(case: Case, settings: CopiedTextSettings) -> Iterator[Doubt]:
    for table in case.pack.tables.values():
        for column in table.columns:
            if column.role is Role.TEXT:
                yield from _copies(case, table, column.name, settings)


def _copies(case: Case, table: Table, column: str, settings: CopiedTextSettings) -> Iterator[Doubt]:
    ledger = case.ledgers.tables[table.name]
    wordings = pc.dictionary_encode(_plain(ledger.column(column)).combine_chunks())
    words: list[str] = wordings.dictionary.to_pylist()
    by_wording: dict[int, list[_Text]] = {}
    rows = case.rows(table.name, key_columns(table))
    for (record, unit, day), place in zip(rows, wordings.indices.to_pylist(), strict=True):
        if place is not None and len(words[place]) >= settings.min_length:
            by_wording.setdefault(place, []).append(_Text(record, unit, day, place))
    places = sorted(by_wording)
    near = alike_texts([words[place] for place in places], settings.likeness, settings.shingle)
    pairs = [(by_wording[places[left]][0], by_wording[places[right]][0]) for left, right in near]
    pairs += [(texts[0], other) for texts in by_wording.values() for other in texts[1:]]
    label = table.column(column).label
    for group in clusters(pairs):
        yield _doubt(table.name, column, label, words, group)


def alike_texts(texts: Sequence[str], likeness: float, shingle: int) -> Iterator[tuple[int, int]]:
    """Pairs of places in `texts` (all different) that connect what is alike."""
    candidates = [place for place, text in enumerate(texts) if len(text) >= shingle]
    if len(candidates) < 2:
        return
    index = RMinHashLSH(likeness, _VALUES, _BANDS)
    digests = _digests([texts[place] for place in candidates], shingle)
    flagged = index.query_duplicate_flags_matrix_one_shot(digests)
    candidates = [place for place, found in zip(candidates, flagged, strict=True) if found]
    if not candidates:
        return
    shingles = {place: _shingles(texts[place], shingle) for place in candidates}
    width = _VALUES // _BANDS
    shown: dict[tuple[int, ...], list[int]] = {}
    rows = _digests([texts[place] for place in candidates], shingle).to_rows()
    for place, digest in zip(candidates, rows, strict=True):
        for start in range(0, _VALUES, width):
            others = shown.setdefault((start, *digest[start : start + width]), [])
            alike = [o for o in others if _jaccard(shingles[o], shingles[place]) >= likeness]
            yield from ((other, place) for other in alike)
            if not alike and len(others) < _COMPARED:
                others.append(place)


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """The texts without width, case, spaces and punctuation."""
    folded = pc.utf8_lower(pc.utf8_normalize(column, form="NFKC"))
    return pc.replace_substring_regex(folded, pattern=r"[\s\pP]+", replacement="")


def _digests(texts: Sequence[str], shingle: int) -> RMinHash:
    """MinHash digests of the texts' shingles, hashed together in one array."""
    codes = np.frombuffer("".join(texts).encode("utf-32-le"), dtype=np.uint32)
    rolling = np.zeros(len(codes) - shingle + 1, dtype=np.uint64)
    for place in range(shingle):
        rolling = (rolling * _MIX) ^ codes[place : place + len(rolling)].astype(np.uint64)
    rolling ^= rolling >> np.uint64(29)
    rolling *= _MIX
    ends = np.cumsum([len(text) for text in texts])
    within = np.ones(len(rolling), dtype=bool)
    for overlap in range(1, shingle):
        within[ends[:-1] - overlap] = False
    offsets = np.concatenate(([0], np.cumsum([len(text) - shingle + 1 for text in texts])))
    return RMinHash.digest_matrix_from_flat_token_hashes(
        rolling[within], offsets.astype(np.uint64), _VALUES, _SEED
    )


def _shingles(text: str, shingle: int) -> frozenset[str]:
    return frozenset(text[start : start + shingle] for start in range(len(text) - shingle + 1))


def _jaccard(left: frozenset[str], right: frozenset[str]) -> float:
    return len(left & right) / len(left | right)


def _doubt(table: str, column: str, label: Text, words: list[str], group: list[_Text]) -> Doubt:
    first = min(group, key=lambda text: (text.day or date.max, text.record))
    return Doubt(
        table,
        first.unit,
        tuple(sorted(text.record for text in group)),
        day=first.day,
        about=column,
        values={
            "count": str(len(group)),
            "column": label,
            "record": first.record,
            "begins": words[first.place][:20],
        },
    )


CHECK = Check(
    name="copied_text",
    title={"zh": "文字雷同", "en": "Copied text"},
    question={
        "zh": "“{table}”中 {count} 条记录的{column}基本相同（最早为{unit}的 {record}："
        "“{begins}……”）。是否照搬？",
        "en": "{count} records of “{table}” have nearly the same {column} (the earliest is "
        "{record} of {unit}: “{begins}…”). Was it copied?",
    },
    explanation={
        "zh": "可能传达同一文件，或使用了上级统一下发的文字。",
        "en": "They may pass on the same paper, or use a wording issued for all.",
    },
    settings=CopiedTextSettings,
    find=_find,
    yields_to=("duplicate", "duplicate_across_units"),
)
