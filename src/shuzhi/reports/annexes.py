"""The annexes: every figure of the report in tables, the scorecards, the proofs, the files."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from shuzhi.figures.model import Figure, FigureState
from shuzhi.reports.anchors import Anchors, proof_anchor, row_anchor
from shuzhi.reports.bindings import base_of, binding_text
from shuzhi.reports.document import (
    Block,
    Bound,
    Given,
    Heading,
    Paragraph,
    Row,
    Spans,
    TableBlock,
    Text,
)
from shuzhi.reports.proof_blocks import proof_block, proofs_behind, used_files
from shuzhi.reports.sources import Sources
from shuzhi.scores.model import Score

_WORDS: Mapping[str, Mapping[str, str]] = {
    "zh": {
        "annex": "附件", "gap": "　", "figures": "指标数据", "others": "正文引用的其他数据",
        "scores": "计分情况", "proofs": "数据依据", "files": "来源文件",
        "indicator": "指标", "value": "本年", "target": "目标", "last": "上年",
        "records": "记录数", "reported": "已报/应报", "unit": "单位", "period": "期间",
        "points": "得分", "band": "档次", "item": "计分项", "weight": "分值", "lost": "失分说明",
        "file": "文件", "sum": "校验值（SHA-256）", "group": "{group}得分情况",
        "lines": "{unit}计分明细", "lost_caption": "{group}失分明细", "none": "—",
        "figures_note": "“未报送”指应报而未报，“未要求”指未布置该项报送，“不适用”指无从计算；"
        "三者均不等于零。已报单位少于应报单位的，数据为截至期末的已知数。",
        "proofs_note": "以下逐项列出本报告所用数据的计算方法和原始记录。",
        "scores_note": "单位无数据的计分项不计分，其分值分摊到其他项目；失分明细未列的项目均为满分或不计分。",
        "files_note": "校验值可用于核对原始文件是否改动。",
    },
    "en": {
        "annex": "Annex ", "gap": "  ", "figures": "Figures", "others": "Other figures quoted",
        "scores": "Scorecards", "proofs": "Proofs", "files": "Source files",
        "indicator": "Indicator", "value": "This year", "target": "Target", "last": "Last year",
        "records": "Records", "reported": "Reported / asked", "unit": "Unit", "period": "Period",
        "points": "Points", "band": "Band", "item": "Item", "weight": "Out of",
        "lost": "Why points are missing", "file": "File", "sum": "SHA-256",
        "group": "Points: {group}", "lines": "Scorecard: {unit}",
        "lost_caption": "Points missing: {group}", "none": "—",
        "figures_note": "“Not reported” means asked and silent, “not asked” that nobody asked, "
        "“not applicable” that there was nothing to compute; none of them is a zero. Where fewer "
        "units reported than were asked, the figure is what is known.",
        "proofs_note": "How each figure in this report is computed, and the records behind it.",
        "scores_note": "An item the unit has no figure for is not scored; its weight is spread over the "
        "others. An item not listed among the points missing has full points or is not scored.",
        "files_note": "The sums show whether a source file was changed.",
    },
}
_FIGURE_WIDTHS = (58.0, 20.0, 20.0, 20.0, 17.0, 21.0)
_OTHER_WIDTHS = (52.0, 40.0, 18.0, 18.0, 14.0, 14.0)
_GROUP_WIDTHS = (72.0, 42.0, 42.0)
_LINE_WIDTHS = (38.0, 16.0, 16.0, 86.0)
_LOST_WIDTHS = (36.0, 34.0, 14.0, 72.0)
_FILE_WIDTHS = (70.0, 86.0)


@dataclass(frozen=True)
class Annexes:
    """What the annexes are written from: the sources, the unit, and what the text has used."""

    sources: Sources
    unit: str
    anchors: Anchors

    @property
    def words(self) -> Mapping[str, str]:
        return _WORDS[self.sources.lang]


def write_annexes(sources: Sources, unit: str, anchors: Anchors) -> tuple[Block, ...]:
    """The annexes of a unit's report, after its text is bound.

    Shape: figures, a table a section; scorecards of the unit and of all below it; a ProofBlock a
    figure; the files the shown records come from. An annex without content stays away.
    """
    annexes = Annexes(sources, unit, anchors)
    own = _own_figures(annexes)
    others = _other_figures(annexes, {figure.figure_id for figure in own})
    wanted = proofs_behind(sources, [*own, *others])
    contents = (
        ("figures", tuple(_figure_tables(annexes, own, others, wanted))),
        ("scores", tuple(_score_tables(annexes))),
        ("proofs", tuple(proof_block(sources, figure, anchors) for figure in wanted)),
        ("files", tuple(_file_table(annexes, wanted))),
    )
    return tuple(_numbered(annexes, contents))


def _numbered(
    annexes: Annexes, contents: Sequence[tuple[str, tuple[Block, ...]]]
) -> Iterator[Block]:
    standing = [(name, blocks) for name, blocks in contents if blocks]
    for number, (name, blocks) in enumerate(standing, start=1):
        words = annexes.words
        title = (
            Text(words["annex"]), Given(str(number)), Text(words["gap"] + words[name]),
        )
        yield Heading(1, title, f"A{number}", annex=True)
        yield Paragraph((Text(words[f"{name}_note"]),), "note")
        yield from blocks


def _own_figures(annexes: Annexes) -> list[Figure]:
    """The unit's figures, by section; what it was never asked for is left out."""
    sources = annexes.sources
    used = {base_of(binding) for binding in annexes.anchors.bindings.values()}
    found = []
    for name in sources.pack.indicators:
        figure = sources.figure(name, annexes.unit)
        if figure and (figure.state is not FigureState.NOT_ASKED or figure.figure_id in used):
            found.append(figure)
    return found


def _other_figures(annexes: Annexes, own: set[str]) -> list[Figure]:
    """The figures the text quotes of other units and of last year, each once."""
    found: dict[str, Figure] = {}
    for binding in annexes.anchors.bindings.values():
        base = base_of(binding)
        indicator, _, rest = base.partition(".")
        unit, _, period = rest.rpartition(".")
        figure = annexes.sources.figure(indicator, unit, period)
        if figure and base not in own:
            found[base] = figure
    return list(found.values())


def _figure_tables(
    annexes: Annexes, own: Sequence[Figure], others: Sequence[Figure], proved: Sequence[Figure]
) -> Iterator[Block]:
    sources, words = annexes.sources, annexes.words
    links = {figure.figure_id for figure in proved}
    known = {section.name for section in sources.rules.sections}
    sections = [(section.name, section.title[sources.lang]) for section in sources.rules.sections]
    for name, title in [*sections, ("", words["others"])]:
        body = [
            _figure_row(annexes, figure, links) for figure in own
            if _section(sources, figure) == name or (not name and
                                                     _section(sources, figure) not in known)
        ]
        if body:
            head = ("indicator", "value", "target", "last", "records", "reported")
            yield _table(annexes, title, head, body, _FIGURE_WIDTHS)
    if others:
        head = ("indicator", "unit", "period", "value", "target", "records")
        rows = [_other_row(annexes, figure, links) for figure in others]
        yield _table(annexes, words["others"], head, rows, _OTHER_WIDTHS)


def _section(sources: Sources, figure: Figure) -> str:
    return sources.pack.indicators[figure.indicator].section


def _figure_row(annexes: Annexes, figure: Figure, proved: set[str]) -> Row:
    base = figure.figure_id
    last = f"{figure.indicator}.{figure.unit}.{annexes.sources.last_period.name}"
    has_last = annexes.sources.figure(figure.indicator, figure.unit,
                                      annexes.sources.last_period.name) is not None
    return (
        _label(annexes, figure),
        _row_value(annexes, figure),
        _target(annexes, figure),
        (_quote(annexes, last),) if has_last else (Text(annexes.words["none"]),),
        (_quote(annexes, f"{base}:records", proof_anchor(base) if base in proved else ""),),
        (_quote(annexes, f"{base}:reported"), Text("/"), _quote(annexes, f"{base}:asked"))
        if figure.asked else (Text(annexes.words["none"]),),
    )


def _other_row(annexes: Annexes, figure: Figure, proved: set[str]) -> Row:
    base = figure.figure_id
    name = annexes.sources.ledgers.units.name(figure.unit, annexes.sources.day)
    return (
        _label(annexes, figure),
        (Given(name),),
        (Given(figure.period),),
        _row_value(annexes, figure),
        _target(annexes, figure),
        (_quote(annexes, f"{base}:records", proof_anchor(base) if base in proved else ""),),
    )


def _label(annexes: Annexes, figure: Figure) -> Spans:
    indicator = annexes.sources.pack.indicators[figure.indicator]
    lang = annexes.sources.lang
    pattern = "{label}（{uom}）" if lang == "zh" else "{label} ({uom})"
    return (Given(pattern.format(label=indicator.label[lang], uom=indicator.uom[lang])),)


def _row_value(annexes: Annexes, figure: Figure) -> Spans:
    """The figure's own place in the annex; it leads back to the text where that has it."""
    binding = figure.figure_id
    anchor = annexes.anchors.register(row_anchor(binding), binding)
    text = binding_text(annexes.sources, binding)
    return (Bound(text, binding, anchor, annexes.anchors.first.get(binding, "")),)


def _target(annexes: Annexes, figure: Figure) -> Spans:
    if annexes.sources.target(figure) is None:
        return (Text(annexes.words["none"]),)
    return (_quote(annexes, f"{figure.figure_id}:target"),)


def _quote(annexes: Annexes, binding: str, link: str = "") -> Bound:
    """A further number in the annex, which is not where the text's links lead."""
    anchor = f"A{annexes.anchors.place_name(binding)}"
    annexes.anchors.register(anchor, binding)
    return Bound(binding_text(annexes.sources, binding), binding, anchor, link)


def _score_tables(annexes: Annexes) -> Iterator[Block]:
    sources = annexes.sources
    tree = sources.ledgers.units
    scores = [
        score for unit, score in sources.scores.items()
        if annexes.unit in tree.ancestors(unit, sources.day)
    ]
    own = sources.scores.get(annexes.unit)
    if own is not None:
        yield _own_card(annexes, own)
    below = [score for score in scores if score.unit != annexes.unit]
    for group in dict.fromkeys(score.group for score in below):
        yield from _group_tables(annexes, group, [s for s in below if s.group == group])


def _own_card(annexes: Annexes, score: Score) -> Block:
    base = f"score.{score.unit}.{score.period}"
    rows: list[Row] = [
        (
            (Given(_item_label(annexes, line.item)),),
            (_quote(annexes, f"{base}:{line.item}/weight"),),
            (_quote(annexes, f"{base}:{line.item}"),),
            (_quote(annexes, f"{base}:{line.item}/lost"),) if line.lost else (),
        )
        for line in score.lines
    ]
    total = Bound(
        binding_text(annexes.sources, base), base,
        annexes.anchors.register(row_anchor(base), base), annexes.anchors.first.get(base, ""),
    )
    rows.append(((Text(annexes.words["points"], bold=True),), (), (total,), (Text(score.band),)))
    caption = annexes.words["lines"].format(unit=_name(annexes, score.unit))
    return _table(annexes, caption, ("item", "weight", "points", "lost"), rows, _LINE_WIDTHS)


def _group_tables(annexes: Annexes, group: str, scores: Sequence[Score]) -> Iterator[Block]:
    words = annexes.words
    ranked = sorted(scores, key=lambda score: score.unit)
    rows: list[Row] = []
    lost: list[Row] = []
    for score in ranked:
        base = f"score.{score.unit}.{score.period}"
        anchor = annexes.anchors.register(row_anchor(base), base)
        link = annexes.anchors.first.get(base, "")
        points = Bound(binding_text(annexes.sources, base), base, anchor, link)
        rows.append(((Given(_name(annexes, score.unit)),), (points,), (Text(score.band),)))
        lost += [
            (
                (Given(_name(annexes, score.unit)),),
                (Given(_item_label(annexes, line.item)),),
                (_quote(annexes, f"{base}:{line.item}"),),
                (_quote(annexes, f"{base}:{line.item}/lost"),),
            )
            for line in score.lines if line.lost
        ]
    label = _group_label(annexes, group)
    head = ("unit", "points", "band")
    yield _table(annexes, words["group"].format(group=label), head, rows, _GROUP_WIDTHS)
    if lost:
        caption = words["lost_caption"].format(group=label)
        yield _table(annexes, caption, ("unit", "item", "points", "lost"), lost, _LOST_WIDTHS)


def _file_table(annexes: Annexes, proved: Sequence[Figure]) -> Iterator[Block]:
    files = used_files(annexes.sources, proved)
    if files:
        rows: list[Row] = [((Given(path),), (Given(f"{sha256[:32]} {sha256[32:]}"),)) for path, sha256 in files]
        yield _table(annexes, annexes.words["files"], ("file", "sum"), rows, _FILE_WIDTHS)


def _table(
    annexes: Annexes, caption: str, head: Sequence[str], body: Sequence[Row],
    widths: tuple[float, ...],
) -> TableBlock:
    header: Row = tuple((Given(annexes.words[key]),) for key in head)
    return TableBlock((Given(caption),), (header,), tuple(body), widths)


def _name(annexes: Annexes, unit: str) -> str:
    return annexes.sources.ledgers.units.name(unit, annexes.sources.day)


def _item_label(annexes: Annexes, item: str) -> str:
    """A scorecard line's label: its own, else that of the indicator of its name."""
    lang = annexes.sources.lang
    items = annexes.sources.pack.scorecard.get("items", {})
    definition = items.get(item, {}) if isinstance(items, Mapping) else {}
    label = definition.get("label")
    if label:
        return str(label[lang])
    name = definition.get("indicator", item)
    indicator = annexes.sources.pack.indicators.get(name)
    return indicator.label[lang] if indicator else item


def _group_label(annexes: Annexes, group: str) -> str:
    lang = annexes.sources.lang
    groups = annexes.sources.pack.scorecard.get("groups", {})
    definition = groups.get(group, {}) if isinstance(groups, Mapping) else {}
    level = next((item for item in annexes.sources.pack.levels if item.code == group), None)
    label = definition.get("label") or (level.label if level else {})
    return str(label.get(lang, group))
