"""The annexes: every figure of the report in tables, the scorecards, the proofs, the files."""

from collections.abc import Iterator, Sequence

from shuzhi.figures.model import Figure, FigureState
from shuzhi.reports.anchors import Anchors, proof_anchor, row_anchor
from shuzhi.reports.annex_cells import Annexes, quote, table
from shuzhi.reports.annex_scores import score_tables
from shuzhi.reports.bindings import base_of, binding_text
from shuzhi.reports.document import (
    Block,
    Bound,
    Given,
    Heading,
    Paragraph,
    Row,
    Spans,
    Text,
)
from shuzhi.reports.proof_blocks import proof_block, proofs_behind, used_files
from shuzhi.reports.sources import Sources

_FIGURE_WIDTHS = (58.0, 20.0, 20.0, 20.0, 17.0, 21.0)
_OTHER_WIDTHS = (52.0, 40.0, 18.0, 18.0, 14.0, 14.0)
_VERIFIED_WIDTHS = (84.0, 24.0, 24.0, 24.0)
_FILE_WIDTHS = (70.0, 86.0)


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
        ("scores", () if sources.rules.printed_only else tuple(score_tables(annexes))),
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
            Text(words["annex"]),
            Given(str(number)),
            Text(words["gap"] + words[name]),
        )
        yield Heading(1, title, f"A{number}", annex=True)
        yield Paragraph((Text(words[f"{name}_note"]),), "note")
        yield from blocks


def _own_figures(annexes: Annexes) -> list[Figure]:
    """The unit's figures, by section; what it was never asked for is left out. Of a bulletin's,
    only those it prints."""
    sources = annexes.sources
    used = {base_of(binding) for binding in annexes.anchors.bindings.values()}
    found = []
    for name in sources.pack.indicators:
        figure = sources.figure(name, annexes.unit)
        if figure is None:
            continue
        asked = figure.state is not FigureState.NOT_ASKED and not sources.rules.printed_only
        if asked or figure.figure_id in used:
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
            _figure_row(annexes, figure, links)
            for figure in own
            if _section(sources, figure) == name
            or (not name and _section(sources, figure) not in known)
        ]
        if body:
            head = ("indicator", "value", "target", "last", "records", "reported")
            yield table(annexes, title, head, body, _FIGURE_WIDTHS)
    yield from _verified_table(annexes, own)
    if others:
        head = ("indicator", "unit", "period", "value", "target", "records")
        rows = [_other_row(annexes, figure, links) for figure in others]
        yield table(annexes, words["others"], head, rows, _OTHER_WIDTHS)


def _verified_table(annexes: Annexes, own: Sequence[Figure]) -> Iterator[Block]:
    """What was declared beside what no open flag doubts, where the two differ."""
    rows: list[Row] = [
        (
            _label(annexes, figure),
            (quote(annexes, figure.figure_id),),
            (quote(annexes, f"{figure.figure_id}:verified"),),
            (quote(annexes, f"{figure.figure_id}:doubted"),),
        )
        for figure in own
        if annexes.sources.doubted_records(figure)
    ]
    if rows:
        head = ("indicator", "declared", "verified", "doubted")
        yield table(annexes, annexes.words["verified_caption"], head, rows, _VERIFIED_WIDTHS)


def _section(sources: Sources, figure: Figure) -> str:
    return sources.pack.indicators[figure.indicator].section


def _figure_row(annexes: Annexes, figure: Figure, proved: set[str]) -> Row:
    base = figure.figure_id
    last = f"{figure.indicator}.{figure.unit}.{annexes.sources.last_period.name}"
    has_last = (
        annexes.sources.figure(figure.indicator, figure.unit, annexes.sources.last_period.name)
        is not None
    )
    return (
        _label(annexes, figure),
        _row_value(annexes, figure),
        _target(annexes, figure),
        (quote(annexes, last),) if has_last else (Text(annexes.words["none"]),),
        (quote(annexes, f"{base}:records", proof_anchor(base) if base in proved else ""),),
        (quote(annexes, f"{base}:reported"), Text("/"), quote(annexes, f"{base}:asked"))
        if figure.asked
        else (Text(annexes.words["none"]),),
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
        (quote(annexes, f"{base}:records", proof_anchor(base) if base in proved else ""),),
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
    return (quote(annexes, f"{figure.figure_id}:target"),)


def _file_table(annexes: Annexes, proved: Sequence[Figure]) -> Iterator[Block]:
    files = used_files(annexes.sources, proved)
    if files:
        rows: list[Row] = [
            ((Given(path),), (Given(f"{sha256[:32]} {sha256[32:]}"),)) for path, sha256 in files
        ]
        yield table(annexes, annexes.words["files"], ("file", "sum"), rows, _FILE_WIDTHS)
