"""Records, flags, figures and scores sealed as an edition."""

from pathlib import Path

import pyarrow as pa

from shuzhi.checks.output import flags_to_arrow
from shuzhi.figures.output import figures_to_arrow
from shuzhi.ledgers.atomic_folder import refuse_existing
from shuzhi.ledgers.edition import seal_edition
from shuzhi.periods import Period
from shuzhi.pipeline.counting import Count, count, last_year_collected
from shuzhi.pipeline.source import Progress, Source, no_progress
from shuzhi.scores.output import scores_to_arrow


def seal_source(
    source: Source,
    out: Path,
    *,
    period: Period | None = None,
    lang: str = "zh",
    progress: Progress = no_progress,
) -> None:
    """Check, count and score a source, and seal it all in the new folder `out`."""
    refuse_existing(out)
    work = count(source, period or last_year_collected(source.pack), lang=lang, progress=progress)
    progress("seal", 0, 1)
    seal_edition(out, source.pack, source.ledgers, sealed_beside(work))
    progress("seal", 1, 1)


def sealed_beside(work: Count) -> dict[str, pa.Table]:
    """What an edition holds beside the records: flags, figures, scores."""
    return {
        "flags": flags_to_arrow(work.flags),
        "figures": figures_to_arrow(list(work.figures.values())),
        "scores": scores_to_arrow(work.scores),
    }
