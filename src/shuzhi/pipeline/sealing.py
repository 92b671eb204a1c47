"""Records, flags, figures and scores sealed as an edition."""

from pathlib import Path

import pyarrow as pa

from shuzhi.checks.output import flags_to_arrow
from shuzhi.errors import UserError
from shuzhi.figures.columns import figures_to_arrow
from shuzhi.ledgers.atomic_folder import refuse_existing
from shuzhi.ledgers.edition import Edition, SealTerms, open_edition, seal_edition
from shuzhi.ledgers.manifest import Supersession
from shuzhi.periods import Period, parse_period
from shuzhi.pipeline.counting import Count, count
from shuzhi.pipeline.measuring import last_year_collected
from shuzhi.pipeline.source import Progress, Source, no_progress
from shuzhi.reports.objections import objections_to_arrow
from shuzhi.scores.appeals import appeals_to_arrow
from shuzhi.scores.output import scores_to_arrow


def seal_source(
    source: Source,
    out: Path,
    *,
    period: Period | None = None,
    lang: str = "zh",
    supersedes: Path | None = None,
    because: str = "",
    key: Path | None = None,
    progress: Progress = no_progress,
) -> None:
    """Check, count and score a source, and seal it all in the new folder `out`.

    `supersedes` and `because` as in `seal_terms`.
    """
    refuse_existing(out)
    period = period or last_year_collected(source.pack)
    terms = seal_terms(source, period, supersedes=supersedes, because=because, key=key)
    work = count(source, period, lang=lang, progress=progress)
    progress("seal", 0, 1)
    seal_edition(out, source.pack, source.ledgers, sealed_beside(work), terms)
    progress("seal", 1, 1)


def seal_terms(
    source: Source,
    period: Period,
    *,
    supersedes: Path | None = None,
    because: str = "",
    key: Path | None = None,
) -> SealTerms:
    """The terms of an edition of `source`; `supersedes` is the edition it corrects, `because` why.

    Raises: UserError where one of the two is missing, or the earlier edition is of another
    programme or another period; InputRefused where it is not whole.
    """
    if bool(supersedes) != bool(because.strip()):
        raise UserError(
            "a correction names the edition it supersedes and says why: "
            "give both --supersedes EDITION and --because REASON"
        )
    if supersedes is None:
        return SealTerms(key=key)
    old = open_edition(supersedes)
    if old.pack.name != source.pack.name:
        raise UserError(
            f"{supersedes} is of the programme {old.pack.name!r}, not of {source.pack.name!r}; "
            "name the edition that is corrected"
        )
    if sealed_period(old) != period:
        raise UserError(
            f"{supersedes} is of {sealed_period(old).name}, not of {period.name}; "
            "name the edition of the same period"
        )
    return SealTerms(Supersession(old.manifest.root, because.strip()), key)


def sealed_period(edition: Edition) -> Period:
    """The period an edition was sealed for: of those its figures are of, the last of the longest.

    Raises: UserError where the edition holds no figures.
    """
    names = set(edition.extras["figures"]["period"].to_pylist() if edition.extras else ())
    if not names:
        raise UserError(f"{edition.path} holds no figures; seal it with shuzhi seal")
    periods = [parse_period(name) for name in names]
    return max(periods, key=lambda period: ((period.end - period.start).days // 28, period.start))


def sealed_beside(work: Count) -> dict[str, pa.Table]:
    """What an edition holds beside the records: flags, figures, scores, appeals, objections."""
    return {
        "flags": flags_to_arrow(work.flags),
        "figures": figures_to_arrow(list(work.figures.values())),
        "scores": scores_to_arrow(work.scores),
        "appeals": appeals_to_arrow(work.appeals),
        "objections": objections_to_arrow(work.objections),
    }
