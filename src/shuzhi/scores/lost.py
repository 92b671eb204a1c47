"""What a lost point is due to: the figure, its value against its target, and the records."""

from collections.abc import Iterable

from shuzhi.figures.model import Figure, FigureState, Proof, ProofRecord
from shuzhi.packs.model import Indicator, Text

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
    "more": {"zh": "{names} 等 {count} 条", "en": "{names} and others, {count} in all"},
    "end": {"zh": "。", "en": "."},
}


def missed(
    indicator: Indicator, figure: Figure, target: float | None, weight: float, lost: float,
    records: tuple[str, ...], lang: str,
) -> str:
    """Why an item lost points; '' where it lost none."""
    if lost <= 0:
        return ""
    key = "missed" if figure.state is FigureState.VALUE else "silent"
    sentence = _WORDS[key][lang].format(
        label=indicator.label[lang], uom=_uom(indicator, lang), value=_plain(figure.value),
        target=_plain(target), lost=_plain(lost), weight=_plain(weight),
    )
    return sentence + _named(records, lang) + _WORDS["end"][lang]


def deducted(
    indicator: Indicator, figure: Figure, each: float, at_most: float, lost: float,
    records: tuple[str, ...], lang: str,
) -> str:
    """Why points were taken off; '' where none were."""
    if lost <= 0:
        return ""
    sentence = _WORDS["deducted"][lang].format(
        label=indicator.label[lang], uom=_uom(indicator, lang), value=_plain(figure.value),
        each=_plain(each), lost=_plain(lost),
    )
    if lost >= at_most:
        sentence += _WORDS["capped"][lang].format(at_most=_plain(at_most))
    return sentence + _named(records, lang) + _WORDS["end"][lang]


def records_at_fault(proof: Proof, better: str) -> tuple[str, ...]:
    """The records a figure falls short by, sorted; () where what is missing left no record.

    Of a figure that should be low, those counted; of a share that should be high, those of its
    base that are not in the part; of a ratio of two counts, those below the line and not above.
    """
    if proof.rule.startswith("formula:"):
        return _at_fault_in_ratio(proof, better)
    in_part = _ids(record for record in proof.records if record.contribution is not None)
    if better == "less":
        return tuple(sorted(in_part))
    return tuple(sorted(_ids(proof.records) - in_part))


def _at_fault_in_ratio(proof: Proof, better: str) -> tuple[str, ...]:
    if len(proof.steps) != 2 or "/" not in proof.rule:
        return ()
    above, below = (step.records for step in proof.steps)
    tables = {record.table for record in (*above, *below)}
    if len(tables) != 1:
        return ()
    if better == "less":
        return tuple(sorted(_ids(above)))
    return tuple(sorted(_ids(below) - _ids(above)))


def _ids(records: Iterable[ProofRecord]) -> set[str]:
    return {record.record for record in records}


def _named(records: tuple[str, ...], lang: str) -> str:
    if not records:
        return ""
    names = ("、" if lang == "zh" else ", ").join(records[:_SHOWN])
    if len(records) > _SHOWN:
        names = _WORDS["more"][lang].format(names=names, count=len(records))
    return _WORDS["records"][lang].format(names=names)


def _uom(indicator: Indicator, lang: str) -> str:
    return indicator.uom[lang]


def _plain(number: float | None) -> str:
    return "—" if number is None else f"{round(number, 2):.2f}".rstrip("0").rstrip(".")
