"""Scores as text, CSV, JSON and Arrow."""

import json
from collections.abc import Sequence
from dataclasses import asdict

import pyarrow as pa

from shuzhi.scores.model import Score, ScoreLine
from shuzhi.text_tables import as_csv

_HEAD = ("unit", "period", "group", "score", "band")
_LINE = ("item", "figure_id", "value", "target", "weight", "points", "counted", "lost", "records")
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


def scores_to_json(scores: Sequence[Score]) -> str:
    """A list of objects, one a unit, with its lines."""
    return json.dumps([asdict(score) for score in scores], ensure_ascii=False, indent=1) + "\n"


def scores_to_csv(scores: Sequence[Score]) -> str:
    """Shape: one row a line. Records are separated by `;`, missing is empty."""
    records = (";".join(line.records) for score in scores for line in score.lines)
    rows = zip(_rows(scores), records, strict=True)
    return as_csv([{**row, "records": listed} for row, listed in rows])


def scores_to_table(scores: Sequence[Score]) -> str:
    """For the screen: a unit and its points, and below it what each lost point is due to."""
    lines = []
    for score in scores:
        lines.append(f"{score.unit}  {score.points:.1f}  {score.band}  [{score.group}]")
        lines += [
            f"    {line.points:6.1f} / {line.weight:<6.2f} {line.item}"
            + (f": {line.lost}" if line.lost else "")
            for line in score.lines
            if line.counted
        ]
    return "\n".join(lines) + "\n"


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
