"""What one edition says otherwise than another, as text and as JSON."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from shuzhi.figures.model import Figure
from shuzhi.figures.moves import Move
from shuzhi.figures.output import STATE_WORDS
from shuzhi.ledgers.changes import ChangedRecord, RecordChange
from shuzhi.packs.model import Pack
from shuzhi.reports.sentences import ChangedSentence
from shuzhi.reports.wording import plain_number
from shuzhi.text_tables import as_table
from shuzhi.units import UnitTree

_SHOWN = 5  # records named for one figure
_ROOT_SHOWN = 16  # hexadecimal digits of an edition's root, as a person compares them

WORDS: Mapping[str, Mapping[str, str]] = {
    "zh": {
        "title": "封存版差异说明",
        "old": "原版",
        "new": "新版",
        "reason": "更正原因",
        "figures": "变动的数据",
        "figures_sub": "另有各月、季度、半年及上年同期变动 {count} 项，见 JSON。",
        "records": "变动的记录",
        "sentences": "述职报告中变动的语句",
        "none": "无",
        "indicator": "指标",
        "unit": "单位",
        "from": "原数值",
        "to": "新数值",
        "was": "原文",
        "is": "新文",
        "fact": "{name}：{fact}",
        "by": "增减",
        "why": "原因",
        "table": "表",
        "record": "记录",
        "change": "变动",
        "cells": "内容",
        "place": "出处",
        "added": "新增",
        "changed": "修改",
        "withdrawn": "撤回",
        "moved": "随单位隶属变动",
        "definition": "指标定义有改动",
        "returns": "报送情况有变化",
        "tree": "单位隶属有变动",
        "more": "{names} 等 {count} 条",
        "row": "第 {row} 行",
        "above": "上级单位",
        "comma": "、",
        "end": "；",
        "gone": "（删去）",
        "fresh": "（新增）",
        "absent": "（无）",
    },
    "en": {
        "title": "What moved between two editions",
        "old": "old",
        "new": "new",
        "reason": "reason",
        "figures": "Figures that moved",
        "figures_sub": "{count} more moved, of parts of the period or the year before: see JSON.",
        "records": "Records that moved",
        "sentences": "Sentences of the report that change",
        "none": "none",
        "indicator": "Indicator",
        "unit": "Unit",
        "from": "From",
        "to": "To",
        "was": "Was",
        "is": "Is",
        "fact": "{name}: {fact}",
        "by": "By",
        "why": "Why",
        "table": "Table",
        "record": "Record",
        "change": "Change",
        "cells": "What",
        "place": "Written in",
        "added": "added",
        "changed": "changed",
        "withdrawn": "withdrawn",
        "moved": "moved with its unit",
        "definition": "defined otherwise",
        "returns": "other returns are in",
        "tree": "the tree changed",
        "more": "{names} and others, {count} in all",
        "row": "row {row}",
        "above": "units above",
        "comma": ", ",
        "end": "; ",
        "gone": "(taken out)",
        "fresh": "(new)",
        "absent": "(none)",
    },
}  # fmt: skip


@dataclass(frozen=True)
class EditionDiff:
    """All that differs between two editions of one programme.

    `reason` is why the new one supersedes the old. Missing: '' where it does not say so. `moves`
    hold figures of all units for `period`, its parts and the year before; `sentences` are those
    of the report of `unit`.
    """

    old_root: str
    new_root: str
    reason: str
    unit: str
    period: str
    moves: tuple[Move, ...]
    records: tuple[ChangedRecord, ...]
    sentences: tuple[ChangedSentence, ...]

    @property
    def moves_of_period(self) -> tuple[Move, ...]:
        return tuple(move for move in self.moves if move.figure.period == self.period)


def diff_to_json(diff: EditionDiff) -> str:
    """One object: the two roots, reason, unit, period, and the lists `figures` (old, new, by,
    records, causes), `records` and `sentences`; null for what was not there."""
    content = {
        "old": diff.old_root,
        "new": diff.new_root,
        "reason": diff.reason,
        "unit": diff.unit,
        "period": diff.period,
        "figures": [_move_content(move) for move in diff.moves],
        "records": [asdict(record) for record in diff.records],
        "sentences": [asdict(sentence) for sentence in diff.sentences],
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def diff_to_table(diff: EditionDiff, pack: Pack, units: UnitTree, lang: str) -> str:
    """Three tables to read: figures of the period, records, sentences."""
    words = WORDS[lang]
    parts = ["".join(f"{fact}\n" for fact in fact_lines(diff, lang))]
    for heading, rows in (
        ("figures", figure_rows(diff, pack, units, lang)),
        ("records", record_rows(diff, pack, lang)),
        ("sentences", sentence_rows(diff, lang)),
    ):
        parts.append(f"{words[heading]} ({len(rows)})\n{as_table(rows)}")
    if rest := len(diff.moves) - len(diff.moves_of_period):
        parts.append(words["figures_sub"].format(count=rest) + "\n")
    return "\n".join(parts)


def fact_lines(diff: EditionDiff, lang: str) -> list[str]:
    """Which editions, by the first digits of their roots, and why the new one was made."""
    words = WORDS[lang]
    facts = {
        "old": diff.old_root[:_ROOT_SHOWN],
        "new": diff.new_root[:_ROOT_SHOWN],
        "reason": diff.reason,
    }
    return [words["fact"].format(name=words[n], fact=f) for n, f in facts.items() if f]


def figure_rows(diff: EditionDiff, pack: Pack, units: UnitTree, lang: str) -> list[dict[str, str]]:
    """The moved figures of the period itself, a row each, in words."""
    words = WORDS[lang]
    return [
        {
            words["indicator"]: _indicator(pack, move.figure, lang),
            words["unit"]: _unit_name(units, move.figure),
            words["from"]: _value(move.old, lang),
            words["to"]: _value(move.new, lang),
            words["by"]: _signed(move.by, lang),
            words["why"]: _why(move, diff, lang),
        }
        for move in diff.moves_of_period
    ]  # fmt: skip


def record_rows(diff: EditionDiff, pack: Pack, lang: str) -> list[dict[str, str]]:
    """The changed records, a row each, in words."""
    words = WORDS[lang]
    return [
        {
            words["table"]: pack.tables[record.table].label[lang],
            words["record"]: record.record,
            words["change"]: words[record.change],
            words["cells"]: _cells(record, pack, lang),
            words["place"]: _place(record, lang),
        }
        for record in diff.records
    ]  # fmt: skip


def sentence_rows(diff: EditionDiff, lang: str) -> list[dict[str, str]]:
    """The changed sentences, a row each."""
    words = WORDS[lang]
    return [
        {words["was"]: s.old or words["fresh"], words["is"]: s.new or words["gone"]}
        for s in diff.sentences
    ]


def _move_content(move: Move) -> dict[str, Any]:
    figure = move.figure
    return {
        "indicator": figure.indicator,
        "unit": figure.unit,
        "period": figure.period,
        "old": _figure_content(move.old),
        "new": _figure_content(move.new),
        "by": move.by,
        "records": [list(key) for key in move.records],
        "causes": [cause.value for cause in move.causes],
    }


def _figure_content(figure: Figure | None) -> dict[str, Any] | None:
    if figure is None:
        return None
    return {
        name: getattr(figure, name) for name in ("value", "state", "records", "asked", "reported")
    }


def _why(move: Move, diff: EditionDiff, lang: str) -> str:
    words = WORDS[lang]
    changes = {(record.table, record.record): record.change for record in diff.records}
    by_change: dict[RecordChange, list[str]] = {}
    for key in move.records:
        if key in changes:
            by_change.setdefault(changes[key], []).append(key[1])
    reasons = [
        f"{words[change]} {_named(records, lang)}" for change, records in sorted(by_change.items())
    ]
    return words["end"].join([*reasons, *(words[cause] for cause in move.causes)])


def _named(records: list[str], lang: str) -> str:
    words = WORDS[lang]
    names = words["comma"].join(records[:_SHOWN])
    if len(records) > _SHOWN:
        return words["more"].format(names=names, count=len(records))
    return names


def _place(record: ChangedRecord, lang: str) -> str:
    row = WORDS[lang]["row"].format(row=record.row)
    return " › ".join((record.file, record.sheet, row))


def _cells(record: ChangedRecord, pack: Pack, lang: str) -> str:
    words = WORDS[lang]
    labels = {column.name: column.label[lang] for column in pack.tables[record.table].columns}
    labels["tree"] = words["above"]
    return words["end"].join(
        labels[name] + _arrow(old, new, words["absent"]) for name, old, new in record.cells
    )


def _arrow(old: str, new: str, absent: str) -> str:
    """Missing: '' for a person's column, of which nothing is shown."""
    return f" {old or absent} → {new or absent}" if old or new else ""


def _indicator(pack: Pack, figure: Figure, lang: str) -> str:
    definition = pack.indicators.get(figure.indicator)
    return definition.label[lang] if definition else figure.indicator


def _unit_name(units: UnitTree, figure: Figure) -> str:
    spans: Iterable[Any] = units.by_code.get(figure.unit, ())
    return next((span.name for span in spans), figure.unit)


def _signed(by: float | None, lang: str) -> str:
    if by is None:
        return ""
    return ("+" if by > 0 else "") + plain_number(round(by, 2), lang)


def _value(figure: Figure | None, lang: str) -> str:
    if figure is None:
        return WORDS[lang]["absent"]
    if figure.value is None:
        return STATE_WORDS[figure.state][lang]
    return plain_number(round(figure.value, 2), lang)
