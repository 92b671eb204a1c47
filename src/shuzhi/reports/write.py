"""From sources to a finished .docx: context, template, lint, bindings, annexes, package."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Self

from lxml import etree

from shuzhi.checks.model import Flag
from shuzhi.errors import PackRefused, UserError
from shuzhi.figures.model import Figure, Proof
from shuzhi.ledgers.model import Ledgers
from shuzhi.packs.model import Pack
from shuzhi.periods import Period
from shuzhi.reports.anchors import Anchors
from shuzhi.reports.annexes import write_annexes
from shuzhi.reports.bind import bind_markers, number_headings, prune_empty
from shuzhi.reports.blocks_xml import block_xml
from shuzhi.reports.context import build_context
from shuzhi.reports.document import Document
from shuzhi.reports.lint import lint_paragraphs, paragraph_texts
from shuzhi.reports.markers import SLOT_TOKEN
from shuzhi.reports.objections import Objection
from shuzhi.reports.outcomes import promise_outcomes
from shuzhi.reports.package import (
    BINDINGS,
    CORE,
    DOCUMENT,
    W,
    safe_parser,
    write_package,
)
from shuzhi.reports.promises import draft_promises
from shuzhi.reports.readback import read_docx, write_bindings
from shuzhi.reports.render import TemplateRenderer, open_template
from shuzhi.reports.sources import FigureKey, Sources
from shuzhi.scores.appeals import HeardAppeal
from shuzhi.scores.model import Score

_RELATIONS = "word/_rels/document.xml.rels"
_CUSTOM_XML = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/customXml"
_CORE_NS = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
}


class ReportPress:
    """Prints the reports of many units from one set of sources, with one confined child.

    `figures` holds all units for `period` and for the same period one year earlier. `proofs` are
    those of `figures_to_trace`; a figure without one is printed without its records. `traced` says
    for each unit which of them are its own: what others need is not printed in its report, which
    so reads the same whoever else is printed. Missing: a unit that is not there has all.

    Raises: PackRefused where template and report.toml do not hold together.
    """

    def __init__(
        self,
        pack: Pack,
        ledgers: Ledgers,
        figures: Mapping[FigureKey, Figure],
        proofs: Mapping[str, Proof],
        scores: Sequence[Score],
        flags: Sequence[Flag],
        period: Period,
        lang: str = "zh",
        objections: Sequence[Objection] = (),
        appeals: Sequence[HeardAppeal] = (),
        traced: Mapping[str, Collection[str]] = MappingProxyType({}),
    ) -> None:
        by_unit = {score.unit: score for score in scores}
        self.sources = Sources(
            pack, ledgers, figures, proofs, by_unit, flags, period, lang, objections, appeals
        )
        self.template = open_template(pack, self.sources.rules.templates[lang])
        self._renderer = TemplateRenderer()
        self._traced = traced

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._renderer.close()

    def write(self, unit: str, out: Path) -> Document:
        """Write one unit's report; the document is what reading it back gives.

        Raises: as `write_docx`.
        """
        self.write_docx(unit, out)
        return read_docx(out)

    def write_docx(self, unit: str, out: Path) -> None:
        """Write one unit's report.

        Raises: PackRefused, naming the paragraph, where a number is bound to no figure;
        UserError where the unit did not exist in the period.
        """
        self._refuse_unknown(unit)
        sources = self._sources_of(unit)
        drafts = draft_promises(sources, unit)
        context = build_context(sources, unit, drafts)
        rendered = self._renderer.fill(self.template, context)
        write_package({**self.template.parts, **self._bound_parts(sources, rendered, unit)}, out)

    def _sources_of(self, unit: str) -> Sources:
        if unit not in self._traced:
            return self.sources
        proofs = self.sources.proofs
        own = {name: proofs[name] for name in self._traced[unit] if name in proofs}
        return self.sources.with_proofs(own)

    def _bound_parts(
        self, sources: Sources, rendered: Mapping[str, str], unit: str
    ) -> dict[str, bytes]:
        anchors = Anchors()
        roots = {name: self._parse(name, xml) for name, xml in rendered.items()}
        self._refuse_unbound(roots)
        for name, root in roots.items():
            if name == DOCUMENT:
                body = root.find(f"{{{W}}}body")
                prune_empty(body)
                number_headings(body, self.sources.lang, anchors)
            bind_markers(root, self.template.name, anchors)
        self._refuse_dropped(sources, unit, anchors)
        parts = {name: _serialise(root) for name, root in roots.items()}
        parts[DOCUMENT] = self._with_annexes(sources, roots[DOCUMENT], unit, anchors)
        parts[BINDINGS] = write_bindings(anchors.bindings)
        parts[_RELATIONS] = _related(self.template.parts[_RELATIONS])
        parts[CORE] = self._core(unit)
        return parts

    def _parse(self, name: str, xml: str) -> etree._Element:
        try:
            return etree.fromstring(xml.encode(), safe_parser())
        except etree.XMLSyntaxError as error:
            raise PackRefused(
                [
                    f"report/{self.template.name}: {name} does not hold together once filled "
                    f"({error.msg}); see that each if and for ends in a paragraph or row of its own"
                ]
            ) from None

    def _refuse_unbound(self, roots: Mapping[str, etree._Element]) -> None:
        complaints = [
            f"report/{self.template.name}: {name.removeprefix('word/')} paragraph "
            f"{number.paragraph}: “{number.number}” in “{number.near}” is bound to no figure; "
            'print a field, or mark it: {{ "…"|given }}'
            for name, root in roots.items()
            for number in lint_paragraphs(paragraph_texts(root), self.sources.rules.given_words)
        ]
        if complaints:
            raise PackRefused(complaints)

    def _refuse_dropped(self, sources: Sources, unit: str, anchors: Anchors) -> None:
        """Every promise for the year is answered for in the text."""
        table = sources.rules.promises
        if table is None:
            return
        printed = set(anchors.bindings.values())
        dropped = [
            promise.record
            for promise in promise_outcomes(sources, unit)
            if f"record:{table.table}/{promise.record}/{table.text}" not in printed
        ]
        if dropped:
            raise PackRefused(
                [
                    f"report/{self.template.name}: the promises {', '.join(dropped)} are not "
                    "answered for; print all of {{ answers }}, each with its {{ promise.text }}"
                ]
            )

    def _with_annexes(
        self, sources: Sources, root: etree._Element, unit: str, anchors: Anchors
    ) -> bytes:
        """The text, with the annexes where the template has their field."""
        place = next(
            (
                p
                for p in root.iter(f"{{{W}}}p")
                if SLOT_TOKEN.search("".join(p.itertext(f"{{{W}}}t")))
            ),
            None,
        )
        if place is None:
            return _serialise(root)
        blocks = write_annexes(sources, unit, anchors)
        annexes = "".join(block_xml(b, anchors.numbers, sources.lang) for b in blocks)
        mark = etree.Comment("annexes")
        place.getparent().replace(place, mark)
        return _serialise(root).replace(b"<!--annexes-->", annexes.encode(), 1)

    def _core(self, unit: str) -> bytes:
        root = etree.fromstring(self.template.parts[CORE], safe_parser())
        name = self.sources.ledgers.units.name(unit, self.sources.day)
        values = {
            "title": f"{name} {self.sources.rules.title[self.sources.lang]}",
            "language": {"zh": "zh-CN", "en": "en-GB"}[self.sources.lang],
            "creator": name,
        }
        for key, value in values.items():
            element = root.find(f"dc:{key}", _CORE_NS)
            if element is None:
                element = etree.SubElement(root, f"{{{_CORE_NS['dc']}}}{key}")
            element.text = value
        signed = datetime.combine(self.sources.signed_on, datetime.min.time())
        for element in root.findall("dcterms:*", _CORE_NS):
            element.text = f"{signed.isoformat()}Z"
        return _serialise(root)

    def _refuse_unknown(self, unit: str) -> None:
        period = self.sources.period
        if not self.sources.ledgers.units.exists_during(unit, period.start, period.end):
            raise UserError(f"unit {unit!r} did not exist in {period.name}; name one that did")


def _related(relations: bytes) -> bytes:
    root = etree.fromstring(relations, safe_parser())
    etree.SubElement(
        root,
        f"{{{root.nsmap[None]}}}Relationship",
        Id="rIdBindings",
        Type=_CUSTOM_XML,
        Target=f"../{BINDINGS}",
    )
    return _serialise(root)


def _serialise(root: etree._Element) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))
