"""Where everything begins: a folder of workbooks or a sealed edition, read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from shuzhi.checks.outcomes import Answer
from shuzhi.errors import UserError
from shuzhi.ledgers.edition import MANIFEST, Edition, open_edition
from shuzhi.ledgers.model import Ledgers
from shuzhi.packs.load import load_pack
from shuzhi.packs.model import Pack

# Told the stage, how many steps are done, and of how many.
Progress = Callable[[str, int, int], None]


def no_progress(stage: str, done: int, total: int) -> None:
    """Where nobody watches."""


@dataclass(frozen=True)
class Source:
    """A source, read: its pack, its records, and the edition it came from, if it is one.

    `answers` are what became of flags in earlier editions, by flag id.
    """

    path: Path
    pack: Pack
    ledgers: Ledgers
    edition: Edition | None
    answers: Mapping[str, Answer] = field(default_factory=dict)

    @property
    def files(self) -> Path | None:
        """The folder with the workbooks as sent; None for an edition, which holds no files."""
        return None if self.edition else self.path


def read(
    path: Path,
    pack_folder: Path | None,
    *,
    lang: str = "zh",
    person_key: bytes = b"",
    progress: Progress = no_progress,
) -> Source:
    """The records of a source, with an account of every row.

    With `person_key` persons in workbooks are tokens of that key, to be kept; without, numbers.
    """
    if (path / MANIFEST).is_file():
        edition = open_edition(path)
        pack = load_pack(pack_folder) if pack_folder else edition.pack
        return Source(path, pack, edition.ledgers, edition)
    if pack_folder is None:
        raise UserError(f"{path} is a folder of workbooks: say by --pack which pack reads it")
    pack = load_pack(pack_folder)
    from shuzhi.ledgers.read import read_source  # not needed for an edition

    ledgers = read_source(
        path, pack, lang=lang, person_key=person_key,
        on_progress=lambda done, total: progress("read", done, total),
    )  # fmt: skip
    return Source(path, pack, ledgers, None)
