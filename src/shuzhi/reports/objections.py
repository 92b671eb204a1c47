"""Objections (异议): what a unit holds against the draft of a bulletin, and what came of it.

Read from objections.csv in the source folder; sealed with the edition, whatever the answer.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

import pyarrow as pa

from shuzhi.errors import InputRefused, UserError
from shuzhi.ledgers.office_lists import OBJECTIONS_FILES, read_office_list
from shuzhi.packs.suggestions import suggest
from shuzhi.periods import parse_period

_HEADERS: Mapping[str, str] = {
    "bulletin": "bulletin",
    "通报": "bulletin",
    "period": "period",
    "期间": "period",
    "unit": "unit",
    "单位": "unit",
    "what": "what",
    "异议内容": "what",
    "why": "why",
    "异议理由": "why",
    "answer": "answer",
    "答复": "answer",
    "effect": "effect",
    "处理结果": "effect",
    "by": "by",
    "答复人": "by",
}
_NEEDED = ("bulletin", "period", "unit", "what", "why", "effect")
_HEADER_LINE = "bulletin,period,unit,what,why,answer,effect,by"


class ObjectionEffect(StrEnum):
    """What became of an objection. Upheld: the records were corrected, or the wording was."""

    OPEN = "open"
    REFUSED = "refused"
    UPHELD = "upheld"


_EFFECTS: Mapping[str, ObjectionEffect] = {
    **{effect.value: effect for effect in ObjectionEffect},
    "": ObjectionEffect.OPEN,
    "待答复": ObjectionEffect.OPEN,
    "不予采纳": ObjectionEffect.REFUSED,
    "予以采纳": ObjectionEffect.UPHELD,
}


@dataclass(frozen=True)
class Objection:
    """One objection to the `bulletin` of that name for `period`. `answer` and `by` (an office, a
    role) are '' while it is open."""

    bulletin: str
    period: str
    unit: str
    what: str
    why: str
    effect: ObjectionEffect
    answer: str = ""
    by: str = ""


_SCHEMA = pa.schema([(name, pa.string()) for name in Objection.__dataclass_fields__])


def read_objections(
    source: Path | None, units: Collection[str], bulletins: Collection[str]
) -> tuple[Objection, ...]:
    """The objections in the order of the file; none where the source has no such file.

    Raises: InputRefused, naming file and line, where a column, a word or an answer is missing, or
    a unit, a bulletin, a period or an effect is not known.
    """
    lines = read_office_list(source, OBJECTIONS_FILES, _HEADERS, _NEEDED, _HEADER_LINE)
    return tuple(_objection(where, row, units, bulletins) for where, row in lines)


def objections_to_arrow(objections: Sequence[Objection]) -> pa.Table:
    """Shape: one row an objection, in the order given."""
    rows = [asdict(objection) for objection in objections]
    return pa.Table.from_pylist(rows, schema=_SCHEMA)


def objections_from_arrow(table: pa.Table) -> tuple[Objection, ...]:
    """The objections `objections_to_arrow` wrote."""
    return tuple(
        Objection(**row | {"effect": ObjectionEffect(row["effect"])}) for row in table.to_pylist()
    )


def _objection(
    where: str, row: Mapping[str, str], units: Collection[str], bulletins: Collection[str]
) -> Objection:
    for name in ("bulletin", "period", "unit", "what", "why"):
        if not row.get(name):
            raise InputRefused(f"{where}: {name} is empty; write it")
    for name, known in (("unit", units), ("bulletin", bulletins)):
        if row[name] not in known:
            raise InputRefused(
                f"{where}: there is no {name} {row[name]!r}; {suggest(row[name], known)}"
            )
    try:
        period = parse_period(row["period"])
    except UserError as error:
        raise InputRefused(f"{where}: {error}") from None
    effect = _EFFECTS.get(row.get("effect", ""))
    if effect is None:
        raise InputRefused(
            f"{where}: {row['effect']!r} is no effect; write one of "
            f"{', '.join(word for word in _EFFECTS if word)}"
        )
    answer = row.get("answer", "")
    if effect is not ObjectionEffect.OPEN and not answer:
        raise InputRefused(
            f"{where}: the objection is {effect.value} without an answer; say why in answer"
        )
    return Objection(
        row["bulletin"], period.name, row["unit"], row["what"], row["why"], effect, answer,
        row.get("by", ""),
    )  # fmt: skip
