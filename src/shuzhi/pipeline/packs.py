"""Looking after a pack, and writing what it sends to units."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from shuzhi.checks.model import Flag
from shuzhi.checks.output import flags_to_arrow
from shuzhi.checks.run import check_settings
from shuzhi.errors import PackRefused
from shuzhi.ledgers.forms import write_form
from shuzhi.ledgers.register import write_register
from shuzhi.packs.lint import LintReport, lint_pack
from shuzhi.packs.load import load_pack
from shuzhi.packs.model import Pack
from shuzhi.periods import Period
from shuzhi.pipeline.source import Source, read
from shuzhi.reports.read_rules import read_rules
from shuzhi.reports.render import open_template
from shuzhi.scores.scorecard import read_scorecard


def lint(pack_folder: Path) -> LintReport:
    """What is wrong with a pack, file by file, and what it costs to fill in.

    The checks, the scorecard and the report are looked at once the rest holds together.
    """
    report = lint_pack(pack_folder)
    if report.complaints:
        return report
    pack = load_pack(pack_folder)
    complaints: list[str] = []
    for look in (check_settings, read_scorecard, _open_templates):
        try:
            look(pack)
        except PackRefused as refused:
            complaints += refused.complaints
    return replace(report, complaints=tuple(complaints))


def _open_templates(pack: Pack) -> None:
    """Read the report's rules and templates of a pack that has a report."""
    if not pack.report:
        return
    rules = read_rules(pack)
    templates = [rules.templates, *(bulletin.templates for bulletin in rules.bulletins.values())]
    for template in (name for names in templates for name in names.values()):
        open_template(pack, template)


def write_workbook(
    pack_folder: Path,
    unit: str,
    out: Path,
    *,
    source: Path | None = None,
    period: Period | None = None,
    lang: str = "zh",
) -> None:
    """The workbook `unit` fills in, with its known records where a source is given."""
    pack = load_pack(pack_folder)
    ledgers = read(source, pack_folder, lang=lang).ledgers if source else None
    write_form(pack, ledgers, unit, out, period=period, lang=lang)


def write_unit_register(
    source: Source, flags: Sequence[Flag], unit: str, out: Path, *, lang: str = "zh"
) -> None:
    """A unit's whole register with its evidence, as one .zip."""
    write_register(
        source.ledgers,
        source.pack,
        unit,
        out,
        source=source.files,
        flags=flags_to_arrow(flags),
        lang=lang,
    )
