"""A folder of pages for a period: the office's own, or one for the public."""

from pathlib import Path

from shuzhi.figures.publishing import withhold_small
from shuzhi.ledgers.atomic_folder import new_folder, refuse_existing
from shuzhi.periods import Period
from shuzhi.pipeline.counting import count
from shuzhi.pipeline.reporting import press_for
from shuzhi.pipeline.source import Progress, Source, no_progress
from shuzhi.reports.read_rules import read_rules
from shuzhi.reports.site import units_of, write_site
from shuzhi.reports.sources import Sources
from shuzhi.reports.write import ReportPress


def site(
    source: Source,
    out: Path,
    *,
    period: Period,
    is_public: bool = False,
    lang: str = "zh",
    progress: Progress = no_progress,
) -> int:
    """Every unit's page and an index in the new folder `out`; how many units.

    Public pages have small numbers withheld (`withhold_small`), and no records, flags or scores.
    Raises: UserError where `out` is there already.
    """
    refuse_existing(out)
    work = count(source, period, lang=lang, progress=progress)
    pack, ledgers = source.pack, source.ledgers
    if is_public:
        rules = read_rules(pack).public
        figures = withhold_small(
            work.figures, pack, ledgers.units, period, shown=rules.shown, least=rules.least
        )
        press = ReportPress(pack, ledgers, figures, {}, (), (), period, lang)
    else:
        units = units_of(Sources(pack, ledgers, {}, {}, {}, (), period, lang))
        press = press_for(source, work, units, lang=lang)
    with new_folder(out) as folder, press:
        return write_site(
            press,
            folder,
            is_public=is_public,
            step=lambda done, of: progress("pages", done, of),
        )
