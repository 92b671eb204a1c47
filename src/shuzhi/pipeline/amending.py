"""What was sent again, sealed as an edition that amends an earlier one."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from secrets import token_bytes

import pyarrow as pa

from shuzhi.checks import photo_elsewhere, repeated_photo
from shuzhi.checks.model import Flag
from shuzhi.checks.outcomes import answers_given
from shuzhi.checks.output import flags_from_arrow, flags_to_arrow
from shuzhi.checks.run import check_ledgers
from shuzhi.errors import InputRefused, UserError
from shuzhi.ledgers.amended_tables import AmendedTables, RowChanges
from shuzhi.ledgers.amendment import seal_amendment
from shuzhi.ledgers.amendment_files import lies_beside
from shuzhi.ledgers.atomic_folder import refuse_existing
from shuzhi.ledgers.edition import Edition, SealTerms, open_edition
from shuzhi.ledgers.manifest import Supersession
from shuzhi.ledgers.model import RECORD_ID, Ledgers
from shuzhi.ledgers.office_lists import APPEALS_FILES, OBJECTIONS_FILES
from shuzhi.ledgers.persons_again import names_persons, number_as_before
from shuzhi.ledgers.read import read_source
from shuzhi.ledgers.resent import amend_ledgers
from shuzhi.pipeline.counting import count
from shuzhi.pipeline.measuring import last_day_collected
from shuzhi.pipeline.sealing import sealed_beside, sealed_period
from shuzhi.pipeline.source import Progress, Source, no_progress

# They look at photos, which no edition holds.
_OF_PHOTOS = frozenset({repeated_photo.CHECK.name, photo_elsewhere.CHECK.name})


def amend(
    edition: Path,
    resent: Path,
    out: Path,
    *,
    because: str,
    before: Path | None = None,
    key: Path | None = None,
    lang: str = "zh",
    progress: Progress = no_progress,
) -> Mapping[str, RowChanges]:
    """What became of the rows of each table in which anything changed; afterwards `out` is an
    edition that amends `edition` with the workbooks in `resent`, for the reason in `because`.

    `before` is the folder that `edition` was sealed from: needed only where persons are named.
    Flags, figures and scores are worked out anew where the earlier edition holds them; appeals and
    objections are those it was sealed with.
    Raises: UserError where there is no reason, where `out` is not beside `edition`, or nothing
    differs; InputRefused where it cannot be told what takes the place of what.
    """
    refuse_existing(out)
    if not because.strip():
        raise UserError("an amendment says why it is made: give --because REASON")
    if not lies_beside(edition, out):
        raise UserError(
            f"{out} would not find the edition it amends; choose a folder beside {edition}"
        )
    _refuse_lists(resent)
    earlier = open_edition(edition)
    sent = _read_resent(resent, before, earlier, lang, progress)
    ledgers = amend_ledgers(earlier.ledgers, sent, earlier.pack)
    assert isinstance(ledgers.tables, AmendedTables)
    if not ledgers.tables.changes and ledgers.returns == tuple(earlier.ledgers.returns):
        raise UserError(f"nothing in {resent} differs from {edition}; there is nothing to amend")
    extras = _beside(earlier, ledgers, resent, lang, progress) if earlier.extras else {}
    terms = SealTerms(Supersession(earlier.manifest.root, because.strip()), key)
    progress("seal", 0, 1)
    seal_amendment(out, earlier, ledgers, extras, terms)
    progress("seal", 1, 1)
    return ledgers.tables.changes


def _read_resent(
    resent: Path, before: Path | None, earlier: Edition, lang: str, progress: Progress
) -> Ledgers:
    pack, units, person_key = earlier.pack, earlier.ledgers.units, token_bytes()
    sent = read_source(
        resent, pack, lang=lang, units=units, person_key=person_key,
        on_progress=lambda done, total: progress("read", done, total),
    )  # fmt: skip
    named = names_persons(sent, pack)
    if not named:
        return sent
    if before is None:
        raise InputRefused(
            f"{named} names persons: an edition numbers them and keeps no name, so that who is "
            "whom can only be told by the workbooks it was sealed from; name their folder with "
            "--before"
        )
    whole = read_source(before, pack, lang=lang, person_key=person_key)
    return number_as_before(earlier.ledgers, whole, sent, pack)


def _refuse_lists(resent: Path) -> None:
    """What an amendment leaves as it is must not be passed over in silence."""
    for name in (*APPEALS_FILES, *OBJECTIONS_FILES):
        if (resent / name).exists():
            raise UserError(
                f"{resent / name}: an amendment keeps appeals and objections as they were sealed; "
                "seal the whole source anew with --supersedes, or take the file out"
            )


def _beside(
    earlier: Edition, ledgers: Ledgers, resent: Path, lang: str, progress: Progress
) -> dict[str, pa.Table]:
    """Flags, figures, scores and the rest, as a sealing of these ledgers has them."""
    pack = earlier.pack
    progress("check", 0, 1)
    before = flags_from_arrow(earlier.extras["flags"])
    found = check_ledgers(
        ledgers, pack, as_of=last_day_collected(pack), source=resent, lang=lang,
        earlier=answers_given(before),
    )  # fmt: skip
    flags = [*found, *_kept_flags(before, found, ledgers)]
    progress("check", 1, 1)
    extras = {**earlier.extras, "flags": flags_to_arrow(flags)}
    source = Source(resent, pack, ledgers, replace(earlier, extras=extras))
    return sealed_beside(count(source, sealed_period(earlier), lang=lang, progress=progress))


def _kept_flags(
    before: tuple[Flag, ...], found: tuple[Flag, ...], ledgers: Ledgers
) -> Iterator[Flag]:
    """What photos were found to say of records that are as they were."""
    assert isinstance(ledgers.tables, AmendedTables)
    changed = {
        (table, record)
        for table, changes in ledgers.tables.changes.items()
        for ids in (changes.came[RECORD_ID], ledgers.tables.ids_gone(table))
        for record in ids.to_pylist()
    }
    again = {flag.flag_id for flag in found}
    for flag in before:
        is_kept = all((flag.table, record) not in changed for record in flag.records)
        if flag.check in _OF_PHOTOS and is_kept and flag.flag_id not in again:
            yield flag
