"""What a lost point is due to: the figure, its value against its target, and the records."""

from collections.abc import Iterable, Sequence

from shuzhi.figures.model import Figure, FigureState, Proof, ProofRecord
from shuzhi.packs.model import Indicator, MeasureKind, Pack, Role, Text

_SHOWN = 5
_WORDS: dict[str, Text] = {
    "missed": {
        "zh": "{label}为 {value}{uom}，目标 {target}{uom}，失 {lost} 分（满分 {weight} 分）",
        "en": "{label} is {value} {uom} against {target} {uom}: {lost} of {weight} points lost",
    },
    "silent": {
        "zh": "{label}应报未报，失 {lost} 分",
        "en": "{label} was not reported: {lost} points lost",
    },
    "deducted": {
        "zh": "{label}为 {value}{uom}，每{uom}扣 {each} 分，共扣 {lost} 分",
        "en": "{label} is {value} {uom}, {each} points off for each: {lost} points lost",
    },
    "capped": {"zh": "（以 {at_most} 分为限）", "en": " (at most {at_most})"},
    "records": {"zh": "；涉及记录：{names}", "en": "; records: {names}"},
    "row": {"zh": "{sheet}（{date}，第 {row} 行）", "en": "{sheet} ({date}, row {row})"},
    "absent": {"zh": "；未报送：{names}", "en": "; not sent: {names}"},
    "more": {"zh": "{names} 等 {count} 条", "en": "{names} and others, {count} in all"},
    "end": {"zh": "。", "en": "."},
}


def missed(
    indicator: Indicator,
    figure: Figure,
    target: float | None,
    weight: float,
    lost: float,
    names: Sequence[str],
    absent: Sequence[str],
    lang: str,
) -> str:
    """Why an item lost points; '' where it lost none. `names` are the records at fault, `absent`
    the returns that were asked for and are not there."""
    if lost <= 0:
        return ""
    key = "missed" if figure.state is FigureState.VALUE else "silent"
    sentence = _WORDS[key][lang].format(
        label=indicator.label[lang],
        uom=_uom(indicator, lang),
        value=_plain(figure.value),
        target=_plain(target),
        lost=_plain(lost),
        weight=_plain(weight),
    )
    listed = _listed(names, lang) + _listed(absent, lang, "absent")
    return sentence + listed + _WORDS["end"][lang]


def deducted(
    indicator: Indicator,
    figure: Figure,
    each: float,
    at_most: float,
    lost: float,
    names: Sequence[str],
    lang: str,
) -> str:
    """Why points were taken off; '' where none were."""
    if lost <= 0:
        return ""
    sentence = _WORDS["deducted"][lang].format(
        label=indicator.label[lang],
        uom=_uom(indicator, lang),
        value=_plain(figure.value),
        each=_plain(each),
        lost=_plain(lost),
    )
    if lost >= at_most:
        sentence += _WORDS["capped"][lang].format(at_most=_plain(at_most))
    return sentence + _listed(names, lang) + _WORDS["end"][lang]


def records_at_fault(proof: Proof, better: str) -> tuple[ProofRecord, ...]:
    """The records a figure falls short by, by id; () where what is missing left no record.

    Of a figure that should be low, those counted; of a share that should be high, those of its
    base that are not in the part; of a ratio, those that add more below the line than above, or
    that no value above names (venues without an activity).
    """
    if proof.rule.startswith("formula:"):
        return _at_fault_in_ratio(proof, better)
    return _by_id(
        record
        for record in proof.records
        if (record.contribution is not None) == (better == "less")
    )


def names_of(records: Iterable[ProofRecord], pack: Pack, lang: str) -> tuple[str, ...]:
    """What staff call each record: its own number, else where it was written."""
    return tuple(
        record.record
        if pack.tables[record.table].column_with(Role.ID)
        else _WORDS["row"][lang].format(sheet=record.sheet, date=record.date, row=record.row)
        for record in records
    )


def _at_fault_in_ratio(proof: Proof, better: str) -> tuple[ProofRecord, ...]:
    if len(proof.steps) != 2 or "/" not in proof.rule:
        return ()
    above, below = proof.steps
    if better == "less":
        return _by_id(above.records)
    if above.rule == MeasureKind.DISTINCT:
        named = {record.contribution for record in above.records}
        return _by_id(record for record in below.records if record.record not in named)
    if {record.table for record in above.records} - {record.table for record in below.records}:
        return ()
    added = {record.record: record.contribution for record in above.records}
    return _by_id(
        record
        for record in below.records
        if _number(added.get(record.record)) < _number(record.contribution)
    )


def _number(contribution: float | str | None) -> float:
    return contribution if isinstance(contribution, int | float) else 0.0


def _by_id(records: Iterable[ProofRecord]) -> tuple[ProofRecord, ...]:
    return tuple(sorted(records, key=lambda record: record.record))


def _listed(names: Sequence[str], lang: str, key: str = "records") -> str:
    if not names:
        return ""
    listed = ("、" if lang == "zh" else ", ").join(names[:_SHOWN])
    if len(names) > _SHOWN:
        listed = _WORDS["more"][lang].format(names=listed, count=len(names))
    return _WORDS[key][lang].format(names=listed)


def _uom(indicator: Indicator, lang: str) -> str:
    return indicator.uom[lang]


def _plain(number: float | None) -> str:
    return "—" if number is None else f"{round(number, 2):.2f}".rstrip("0").rstrip(".")
