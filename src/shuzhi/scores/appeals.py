"""Appeals (申诉): what a unit holds against a line of its scorecard, and what came of it.

Read from appeals.csv in the source folder; sealed with the edition, whatever the answer.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

import pyarrow as pa

from shuzhi.errors import InputRefused
from shuzhi.ledgers.office_lists import APPEALS_FILES, read_office_list
from shuzhi.packs.suggestions import suggest

_HEADERS: Mapping[str, str] = {
    "unit": "unit",
    "单位": "unit",
    "period": "period",
    "期间": "period",
    "item": "item",
    "评分项": "item",
    "what": "what",
    "申诉内容": "what",
    "why": "why",
    "申诉理由": "why",
    "answer": "answer",
    "答复": "answer",
    "effect": "effect",
    "处理结果": "effect",
    "by": "by",
    "答复人": "by",
}
_NEEDED = ("unit", "period", "item", "what", "why", "effect")
_HEADER_LINE = "unit,period,item,what,why,answer,effect,by"


class AppealEffect(StrEnum):
    """What an appeal does. Granted: the line no longer counts for the unit; an item's weight is
    spread over its other lines, a deduction takes nothing off."""

    OPEN = "open"
    REFUSED = "refused"
    GRANTED = "granted"


_EFFECTS: Mapping[str, AppealEffect] = {
    **{effect.value: effect for effect in AppealEffect},
    "": AppealEffect.OPEN,
    "待答复": AppealEffect.OPEN,
    "不予采纳": AppealEffect.REFUSED,
    "予以采纳": AppealEffect.GRANTED,
}


@dataclass(frozen=True)
class Appeal:
    """One appeal. `item` names a line of the scorecard, `period` the period scored. `answer` and
    `by` (an office, a role) are '' while it is open."""

    unit: str
    period: str
    item: str
    what: str
    why: str
    effect: AppealEffect
    answer: str = ""
    by: str = ""


@dataclass(frozen=True)
class HeardAppeal:
    """An appeal with its unit's points without any appeal granted, and with all that are."""

    appeal: Appeal
    before: float
    after: float


_SCHEMA = pa.schema([(name, pa.string()) for name in Appeal.__dataclass_fields__])


def read_appeals(
    source: Path | None, units: Collection[str], items: Collection[str]
) -> tuple[Appeal, ...]:
    """The appeals in the order of the file; none where the source has no such file.

    Raises: InputRefused, naming file and line, where a column, a word or an answer is missing, or
    a unit, a line or an effect is not known, or a line is appealed against twice.
    """
    appeals: dict[tuple[str, str, str], Appeal] = {}
    for where, row in read_office_list(source, APPEALS_FILES, _HEADERS, _NEEDED, _HEADER_LINE):
        appeal = _appeal(where, row, units, items)
        key = appeal.unit, appeal.period, appeal.item
        if key in appeals:
            raise InputRefused(
                f"{where}: {appeal.unit} has appealed against {appeal.item} of {appeal.period} "
                "before; put both into one line"
            )
        appeals[key] = appeal
    return tuple(appeals.values())


def appeals_to_arrow(appeals: Sequence[Appeal]) -> pa.Table:
    """Shape: one row an appeal, in the order given."""
    return pa.Table.from_pylist([asdict(appeal) for appeal in appeals], schema=_SCHEMA)


def appeals_from_arrow(table: pa.Table) -> tuple[Appeal, ...]:
    """The appeals `appeals_to_arrow` wrote."""
    return tuple(
        Appeal(**row | {"effect": AppealEffect(row["effect"])}) for row in table.to_pylist()
    )


def _appeal(
    where: str, row: Mapping[str, str], units: Collection[str], items: Collection[str]
) -> Appeal:
    for name in ("unit", "period", "item", "what", "why"):
        if not row.get(name):
            raise InputRefused(f"{where}: {name} is empty; write it")
    for name, known in (("unit", units), ("item", items)):
        if row[name] not in known:
            raise InputRefused(
                f"{where}: there is no {name} {row[name]!r}; {suggest(row[name], known)}"
            )
    effect = _EFFECTS.get(row.get("effect", ""))
    if effect is None:
        raise InputRefused(
            f"{where}: {row['effect']!r} is no effect; write one of "
            f"{', '.join(word for word in _EFFECTS if word)}"
        )
    if effect is not AppealEffect.OPEN and not row.get("answer"):
        raise InputRefused(
            f"{where}: the appeal is {effect.value} without an answer; say why in the column answer"
        )
    return Appeal(
        row["unit"],
        row["period"],
        row["item"],
        row["what"],
        row["why"],
        effect,
        row.get("answer", ""),
        row.get("by", ""),
    )
