"""Fixtures: the small county's pack, and a report made of whatever paragraphs."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from report_county import (
    INDICATORS,
    PACK,
    PERIOD,
    REPORT,
    ROWS,
    TABLES,
    Rows,
    ledgers_of,
    sources_of,
    write_template,
)

from shuzhi.figures.trace import trace_figures
from shuzhi.packs.load import load_pack
from shuzhi.packs.model import Pack
from shuzhi.periods import parse_period
from shuzhi.reports.document import Document
from shuzhi.reports.tracing import figures_to_trace
from shuzhi.reports.write import ReportPress

Make = Callable[..., Document]


@pytest.fixture(scope="session")
def report_pack(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    folder = tmp_path_factory.mktemp("pack")
    for name in ("tables", "indicators", "report"):
        (folder / name).mkdir()
    (folder / "pack.toml").write_text(PACK)
    for definition in TABLES:
        (folder / "tables" / f"{definition['name']}.json").write_text(json.dumps(definition))
    (folder / "indicators" / "all.toml").write_text(INDICATORS)
    (folder / "report" / "report.toml").write_text(REPORT)
    return load_pack(folder)


@pytest.fixture
def make_report(report_pack: Pack, tmp_path: Path) -> Make:
    """Write a report from paragraphs, rows and a unit; `out` tells where the .docx goes."""

    def make(
        *paragraphs: str,
        rows: Rows = ROWS,
        unit: str = "C",
        lang: str = "zh",
        silent: Sequence[str] = (),
        out: Path = tmp_path / "report.docx",
    ) -> Document:
        write_template(report_pack.path / "report" / f"report.{lang}.docx", paragraphs)
        ledgers = ledgers_of(report_pack, rows, silent)
        sources = sources_of(report_pack, ledgers, lang=lang)
        wanted = figures_to_trace(report_pack, ledgers, sources.figures, unit, PERIOD, lang)
        keys = [(f.indicator, f.unit, parse_period(f.period)) for f in wanted]
        proofs = trace_figures(ledgers, report_pack, keys)
        with ReportPress(
            report_pack, ledgers, sources.figures, proofs, (), (), PERIOD, lang
        ) as press:
            return press.write(unit, out)

    return make
