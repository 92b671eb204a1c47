"""Scores as text, CSV, JSON and Arrow."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict

import pyarrow as pa

from shuzhi.packs.model import Pack
from shuzhi.scores.appeals import AppealEffect, HeardAppeal
from shuzhi.scores.labels import group_label, item_label
from shuzhi.scores.model import Score, ScoreLine
from shuzhi.scores.stability import Standing
from shuzhi.text_tables import as_csv
from shuzhi.units import UnitTree

_HEAD = ("unit", "period", "group", "score", "band")
_LINE = ("item", "figure_id", "value", "target", "weight", "points", "counted", "lost", "records")
_STANDING: Mapping[str, Sequence[str]] = {
    "zh": ("组别", "梯次", "单位", "得分", "权重变动时的得分"),
    "en": ("Group", "Tier", "Unit", "Points", "Points as weights move"),
}
_APPEAL: Mapping[str, Mapping[str, str]] = {
    "zh": {
        "appeal": "申诉（{item}）：{what}；理由：{why}",
        "open": "；待答复",
        "refused": "；不予采纳：{answer}",
        "granted": "；予以采纳：{answer}",
        "points": "；得分 {before:.1f} → {after:.1f}",
    },
    "en": {
        "appeal": "appeal ({item}): {what}; because: {why}",
        "open": "; not answered yet",
        "refused": "; refused: {answer}",
        "granted": "; granted: {answer}",
        "points": "; points {before:.1f} → {after:.1f}",
    },
}
_TYPES = {
    **dict.fromkeys(("score", "value", "target", "weight", "points"), pa.float64()),
    "counted": pa.bool_(),
    "records": pa.list_(pa.string()),
}
_SCHEMA = pa.schema([(name, _TYPES.get(name, pa.string())) for name in (*_HEAD, *_LINE)])


def scores_to_arrow(scores: Sequence[Score]) -> pa.Table:
    """Shape: one row a line, with its unit's score and band. Missing: null."""
    return pa.Table.from_pylist(_rows(scores), schema=_SCHEMA)


def scores_from_arrow(table: pa.Table) -> list[Score]:
    """The scores `scores_to_arrow` wrote."""
    lines: dict[tuple[str, ...], list[ScoreLine]] = {}
    for row in table.to_pylist():
        head = tuple(row[name] for name in _HEAD)
        values = {name: row[name] for name in _LINE} | {"records": tuple(row["records"])}
        lines.setdefault(head, []).append(ScoreLine(unit=row["unit"], **values))
    return [
        Score(unit, period, group, float(points), band, tuple(found))
        for (unit, period, group, points, band), found in lines.items()
    ]


def scores_to_json(scores: Sequence[Score], heard: Sequence[HeardAppeal] = ()) -> str:
    """A list of objects, one a unit, with its lines and its appeals."""
    content = [
        asdict(score) | {"appeals": [asdict(one) for one in heard if one.appeal.unit == score.unit]}
        for score in scores
    ]
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def scores_to_csv(scores: Sequence[Score]) -> str:
    """Shape: one row a line. Records are separated by `;`, missing is empty."""
    records = (";".join(line.records) for score in scores for line in score.lines)
    rows = zip(_rows(scores), records, strict=True)
    return as_csv([{**row, "records": listed} for row, listed in rows])


def scores_to_table(
    scores: Sequence[Score],
    pack: Pack,
    units: UnitTree,
    lang: str,
    heard: Sequence[HeardAppeal] = (),
) -> str:
    """For the screen: a unit and its points, below it what each lost point is due to, and its
    appeals with their answers."""
    lines = []
    for score in scores:
        name = units.by_code[score.unit][-1].name
        group = group_label(pack, score.group, lang)
        lines.append(f"{score.unit}  {name}  {score.points:.1f}  {score.band}  [{group}]")
        lines += [
            f"    {line.points:6.1f} / {line.weight:<6.2f} {item_label(pack, line.item, lang)}"
            + (f": {line.lost}" if line.lost else "")
            for line in score.lines
            if line.counted
        ]
        lines += [
            "    " + _appeal_text(one, pack, lang) for one in heard if one.appeal.unit == score.unit
        ]
    return "\n".join(lines) + "\n"


def _appeal_text(heard: HeardAppeal, pack: Pack, lang: str) -> str:
    appeal, words = heard.appeal, _APPEAL[lang]
    text = words["appeal"].format(
        item=item_label(pack, appeal.item, lang), what=appeal.what, why=appeal.why
    )
    text += words[appeal.effect].format(answer=appeal.answer)
    if appeal.effect is AppealEffect.GRANTED:
        text += words["points"].format(before=heard.before, after=heard.after)
    return text


def _rows(scores: Sequence[Score]) -> list[dict[str, object]]:
    return [
        {
            "unit": score.unit,
            "period": score.period,
            "group": score.group,
            "score": score.points,
            "band": score.band,
            **{name: getattr(line, name) for name in _LINE},
        }
        for score in scores
        for line in score.lines
    ]


def standings_to_rows(
    standings: Sequence[Standing], pack: Pack, units: UnitTree, lang: str
) -> list[dict[str, str]]:
    """Shape: one row a unit, by group and tier; within a tier in the order of the tree."""
    words = _STANDING[lang]
    return [
        {
            words[0]: group_label(pack, standing.group, lang),
            words[1]: f"{standing.tier}/{standing.tiers}",
            words[2]: units.by_code[standing.unit][-1].name,
            words[3]: f"{standing.points:.1f}",
            words[4]: f"{standing.lowest:.1f}–{standing.highest:.1f}",
        }
        for standing in standings
    ]
