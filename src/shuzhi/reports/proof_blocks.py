"""Proofs as a report prints them: what is counted, and the first records of it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from shuzhi.figures.model import Figure, Proof, ProofRecord
from shuzhi.reports.anchors import Anchors, proof_anchor, row_anchor
from shuzhi.reports.bindings import binding_text
from shuzhi.reports.document import Bound, Given, ProofBlock, Spans, Text
from shuzhi.reports.methods import method_text, operand_label
from shuzhi.reports.sources import Sources
from shuzhi.reports.wording import plain_number

PARTS_SHOWN = 12
_HEADER: Mapping[str, tuple[str, ...]] = {
    "zh": ("记录编号", "单位", "日期", "计入", "文件 › 工作表", "行"),
    "en": ("Record", "Unit", "Day", "Counts as", "File › sheet", "Row"),
}
_IS = {"zh": "：", "en": ": "}


def has_proof(sources: Sources, figure: Figure) -> bool:
    """Whether the figure was traced to something that can be shown."""
    proof = sources.proofs.get(figure.figure_id)
    return proof is not None and bool(proof.records or proof.steps)


def proofs_behind(sources: Sources, figures: Iterable[Figure]) -> list[Figure]:
    """The figures that have a proof to print, then the operands of theirs that are figures too."""
    found: dict[str, Figure] = {}
    frontier = list(figures)
    while frontier:
        figure = frontier.pop(0)
        if figure.figure_id in found or not has_proof(sources, figure):
            continue
        found[figure.figure_id] = figure
        frontier += [step.figure for step in sources.proofs[figure.figure_id].steps]
    return list(found.values())


def proof_block(
    sources: Sources, figure: Figure, anchors: Anchors, most: int | None = None
) -> ProofBlock:
    """One figure's proof; `most` records of it, as many as report.toml says by default.

    Its title leads back to the figure's row in the annex, where it has one.
    """
    row = row_anchor(figure.figure_id)
    proof = sources.proofs[figure.figure_id]
    records = leaf_records(sources, proof)
    shown = records[: sources.rules.proof_rows if most is None else most]
    return ProofBlock(
        binding=figure.figure_id,
        anchor=proof_anchor(figure.figure_id),
        title=(*_titled(sources, figure, anchors, row if row in anchors.bindings else ""),),
        how=(Given(_how(sources, figure)),),
        parts=tuple(_parts(sources, proof, anchors)),
        header=_HEADER[sources.lang] if shown else (),
        rows=tuple(proof_row(sources, record) for record in shown),
        total=len(records),
        shown=len(shown),
    )


def proof_row(sources: Sources, record: ProofRecord) -> tuple[str, ...]:
    """One record as it is printed: id, unit, day, what it counts as, file and sheet, row."""
    tree = sources.ledgers.units
    unit = tree.name(record.unit, sources.day) if record.unit in tree.by_code else record.unit
    return (
        record.record,
        unit,
        record.date,
        _contribution(sources, record.contribution),
        f"{record.file} › {record.sheet}" if record.file else "—",
        str(record.row) if record.row else "—",
    )


def leaf_records(sources: Sources, proof: Proof) -> tuple[ProofRecord, ...]:
    """The records of a proof, each once; also those of its parts over time and units, but not
    those of its operands, which have proofs of their own."""
    if proof.records:
        return proof.records
    found: dict[tuple[str, str], ProofRecord] = {}
    for step in proof.steps:
        name = step.figure.indicator
        if name == proof.figure.indicator or name not in sources.pack.indicators:
            for record in leaf_records(sources, step):
                found[record.table, record.record] = record
    return tuple(found.values())


def used_files(sources: Sources, figures: Sequence[Figure]) -> list[tuple[str, str]]:
    """Path and SHA-256 of every file a shown record stands in, by path."""
    most = sources.rules.proof_rows
    return sorted(
        {
            (record.file, record.sha256)
            for figure in figures
            for record in leaf_records(sources, sources.proofs[figure.figure_id])[:most]
            if record.file
        }
    )


def _titled(sources: Sources, figure: Figure, anchors: Anchors, link: str) -> Spans:
    """Label, unit where it is another's, and value."""
    label = operand_label(sources.pack, figure.indicator, sources.lang)
    name = sources.ledgers.units.name(figure.unit, sources.day)
    separator = "，" if sources.lang == "zh" else ", "
    head = separator.join([label, name, figure.period])
    return (
        Given(head + _IS[sources.lang]),
        _value(sources, figure, anchors, link),
        Given(_uom(sources, figure)),
    )


def _how(sources: Sources, figure: Figure) -> str:
    return method_text(sources.pack, sources.pack.indicators[figure.indicator], sources.lang)


def _uom(sources: Sources, figure: Figure) -> str:
    indicator = sources.pack.indicators.get(figure.indicator)
    if figure.value is None or indicator is None:
        return ""
    uom = indicator.uom[sources.lang]
    return uom if sources.lang == "zh" or uom.startswith("%") else f" {uom}"


def _value(sources: Sources, figure: Figure, anchors: Anchors, link: str) -> Bound | Given:
    binding = figure.figure_id
    if sources.figure(figure.indicator, figure.unit, figure.period) is None:
        return Given(_contribution(sources, figure.value))
    anchor = f"Q{anchors.place_name(binding)}"
    anchors.register(anchor, binding)
    return Bound(binding_text(sources, binding), binding, anchor, link)


def _parts(sources: Sources, proof: Proof, anchors: Anchors) -> Iterator[Spans]:
    for step in proof.steps[:PARTS_SHOWN]:
        link = proof_anchor(step.figure.figure_id) if has_proof(sources, step.figure) else ""
        yield _titled(sources, step.figure, anchors, link)
    if len(proof.steps) > PARTS_SHOWN:
        yield (Text("……" if sources.lang == "zh" else "…"),)


def _contribution(sources: Sources, contribution: float | str | None) -> str:
    match contribution:
        case None:
            return "—"
        case str():
            return contribution
    return plain_number(contribution, sources.lang)
