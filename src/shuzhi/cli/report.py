"""shuzhi report: the whole job, and one screen about it."""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.table import Table as Grid

from shuzhi.cli import options
from shuzhi.cli.screen import stage_bars
from shuzhi.periods import Period

if TYPE_CHECKING:
    from shuzhi.pipeline import Reported

_WORDS = {
    "zh": {
        "rows": "读取行数",
        "rows_text": "{read} 行：采用 {kept}，退回 {refused}，标题、合计与备注 {other}",
        "problems": "问题",
        "problems_text": "{refused} 处须改正，{notice} 处待确认，{file} 处涉及整个文件或整列",
        "flags": "疑点",
        "flags_text": "{open} 条待说明（{kinds}）",
        "figures": "数据",
        "figures_text": "{values} 项有数值，{silent} 项未报送，{unasked} 项未要求，{na} 项不适用",
        "score": "得分",
        "comma": "，",
        "group": "{group}：{bands}",
        "load": "填报耗时",
        "load_text": "{level}：{senders} 家报送，一家约 {median:.0f} 分钟，共 {hours:.0f} 小时",
        "look": "先看这里",
        "none": "无",
        "pdf": "缺字，显示为方框：{glyphs}",
        "first_file": "问题最多的报表：{file}（{count} 处），见 problems.xlsx",
        "first_flag": "疑点最多的单位：{unit}（{count} 条），见 flags.csv",
        "first_silent": "未报齐的单位：{units}",
        "done": "报告已写入 {out}",
    },
    "en": {
        "rows": "rows read",
        "rows_text": "{read}: {kept} kept, {refused} refused, {other} titles, totals or notes",
        "problems": "problems",
        "problems_text": "{refused} to mend, {notice} to confirm, {file} about a file or column",
        "flags": "flags",
        "flags_text": "{open} to be answered ({kinds})",
        "figures": "figures",
        "figures_text": "{values} values, {silent} not reported, {unasked} not asked, "
        "{na} not applicable",
        "score": "score",
        "comma": ", ",
        "group": "{group}: {bands}",
        "load": "load",
        "load_text": "{level}: {senders} sent, about {median:.0f} minutes each, "
        "{hours:.0f} hours in all",
        "look": "look here first",
        "none": "none",
        "pdf": "shown as boxes, in no font: {glyphs}",
        "first_file": "most problems: {file} ({count}), see problems.xlsx",
        "first_flag": "most flags: {unit} ({count}), see flags.csv",
        "first_silent": "returns missing from: {units}",
        "done": "the report is in {out}",
    },
}


@click.command()
@options.source
@options.pack
@options.period
@click.option("--unit", default="", metavar="CODE", help="Whose report; by default the root's.")
@options.lang
@click.option("--out", type=options.NEW, required=True, metavar="DIR", help="A new folder.")
@options.supersedes
@options.because
@options.key
@options.follows
def report(
    source: Path,
    pack_folder: Path | None,
    period: Period,
    unit: str,
    lang: str,
    out: Path,
    supersedes: Path | None,
    because: str,
    key: Path | None,
    follows: Path | None,
) -> None:
    """Do it all: read, check, count, score, write the report, seal the edition.

    DIR receives report.docx, report.html, report.pdf, edition/, problems.xlsx with problems/,
    flags.csv and promises.csv; it is there whole, or not at all.
    """
    from shuzhi import pipeline

    with stage_bars(lang) as bars:
        data = pipeline.read(source, pack_folder, lang=lang, progress=bars)
        data = pipeline.keep_answers(data, follows, supersedes)
        if follows:
            pipeline.refuse_dropped_promises(data, period, follows, lang=lang)
        done = pipeline.report(
            data, out, period=period, unit=unit, lang=lang, supersedes=supersedes, because=because,
            key=key, progress=bars,
        )  # fmt: skip
    _show(done, out, lang)


def _show(done: "Reported", out: Path, lang: str) -> None:
    """One screen: rows, problems, flags, figures, score, where to look first."""
    words = _WORDS[lang]
    grid = Grid.grid(padding=(0, 2))
    for name, text in (
        (words["rows"], _rows(done, lang)),
        (words["problems"], _problems(done, lang)),
        (words["flags"], _flags(done, lang)),
        (words["figures"], _figures(done, lang)),
        (words["score"], _score(done, lang)),
        (words["load"], _load(done, lang)),
        (words["look"], _look(done, lang)),
        ("", words["done"].format(out=out)),
    ):
        if text:  # a pack without a scorecard has no score
            grid.add_row(name, text)
    console = Console(highlight=False)
    console.print(grid)
    if done.pdf_missing:
        console.print(done.pdf_missing)
    if done.characters_missing:
        console.print(words["pdf"].format(glyphs=" ".join(done.characters_missing)))


def _rows(done: "Reported", lang: str) -> str:
    sheets = done.source.ledgers.sheets
    return _WORDS[lang]["rows_text"].format(
        read=sum(sheet.read for sheet in sheets),
        kept=sum(sheet.kept for sheet in sheets),
        refused=sum(sheet.refused for sheet in sheets),
        other=sum(sheet.recognised for sheet in sheets),
    )


def _problems(done: "Reported", lang: str) -> str:
    counts = Counter(problem.severity.value for problem in done.source.ledgers.problems)
    return _WORDS[lang]["problems_text"].format(
        refused=counts["refused"], notice=counts["notice"], file=counts["file"]
    )


def _flags(done: "Reported", lang: str) -> str:
    from shuzhi.checks.run import check_title

    still_open = [flag for flag in done.work.flags if flag.outcome.value == "open"]
    kinds = Counter(flag.check for flag in still_open)
    listed = _WORDS[lang]["comma"].join(
        f"{check_title(name, lang)} {number}" for name, number in kinds.most_common()
    )
    return _WORDS[lang]["flags_text"].format(
        open=len(still_open), kinds=listed or _WORDS[lang]["none"]
    )


def _figures(done: "Reported", lang: str) -> str:
    own = [f for f in done.work.figures.values() if f.period == done.work.period.name]
    states = Counter(figure.state.value for figure in own)
    return _WORDS[lang]["figures_text"].format(
        values=states["value"], silent=states["not_reported"], unasked=states["not_asked"],
        na=states["not_applicable"],
    )  # fmt: skip


def _score(done: "Reported", lang: str) -> str:
    """Units of each band, group by group; bands from the best down."""
    from shuzhi.scores.labels import group_label

    comma, lines = _WORDS[lang]["comma"], []
    for group in sorted({score.group for score in done.work.scores}):
        ranked = sorted((s for s in done.work.scores if s.group == group), key=lambda s: -s.points)
        bands = Counter(score.band for score in ranked)
        counted = comma.join(f"{band} {number}" for band, number in bands.items())
        label = group_label(done.source.pack, group, lang)
        lines.append(_WORDS[lang]["group"].format(group=label, bands=counted))
    return "\n".join(lines)


def _load(done: "Reported", lang: str) -> str:
    """What the returns of the period cost to fill in, level by level."""
    from shuzhi.ledgers.load import spent_load

    labels = {level.code: level.label[lang] for level in done.source.pack.levels}
    return "\n".join(
        _WORDS[lang]["load_text"].format(
            level=labels[load.level],
            senders=load.senders,
            median=load.median,
            hours=load.total / 60,
        )
        for load in spent_load(done.source.ledgers, done.source.pack, done.work.period)
    )


def _look(done: "Reported", lang: str) -> str:
    words, lines = _WORDS[lang], []
    files = Counter(problem.file for problem in done.source.ledgers.problems)
    if files:
        file, count = files.most_common(1)[0]
        lines.append(words["first_file"].format(file=file, count=count))
    tree, day = done.source.ledgers.units, done.work.period.last_day
    units = Counter(flag.unit for flag in done.work.flags if flag.unit in tree.by_code)
    if units:
        code, count = units.most_common(1)[0]
        lines.append(words["first_flag"].format(unit=tree.name(code, day), count=count))
    silent = sorted({flag.unit for flag in done.work.flags if flag.check == "missing_return"})
    if silent:
        names = words["comma"].join(tree.name(code, day) for code in silent)
        lines.append(words["first_silent"].format(units=names))
    return "\n".join(lines) or words["none"]
