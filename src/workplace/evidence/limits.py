"""What a file must keep to before anything in it is read, and how a refusal is said.

A phone's photo is 3 to 8 MB and 12 to 50 million pixels; a 20 KB PNG can ask for 840 MB.
"""

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

MAX_BYTES = 20 * 2**20
MAX_PIXELS = 60_000_000
MAX_FILES = 20  # attached to one record or action at a time
LONGEST_SIDE = 3_200  # pixels that a photo is kept with
THUMBNAIL_SIDE = 320


class FileNotTaken(Exception):
    """A file that is not taken as evidence. Its text says why and what to do."""

    def __init__(self, sentence: Promise | str) -> None:
        super().__init__(sentence)
        self.sentence = sentence

    def __str__(self) -> str:
        return str(self.sentence)


def check_size(size: int) -> None:
    """Raises: FileNotTaken for an empty file and one over MAX_BYTES."""
    if size == 0:
        raise FileNotTaken(_("The file is empty. Choose it again."))
    if size > MAX_BYTES:
        raise FileNotTaken(
            format_lazy(
                _("The file has {size} MB; at most {limit} MB are taken. Send a smaller one."),
                size=-(-size // 2**20), limit=MAX_BYTES // 2**20,
            )
        )  # fmt: skip


def check_pixels(width: int, height: int) -> None:
    """Raises: FileNotTaken for a picture of more than MAX_PIXELS."""
    if width * height > MAX_PIXELS:
        raise FileNotTaken(
            format_lazy(
                _(
                    "The picture has {size} million pixels; at most {limit} million are taken. "
                    "Save it smaller and send it again."
                ),
                size=width * height // 1_000_000, limit=MAX_PIXELS // 1_000_000,
            )
        )  # fmt: skip


def check_count(attached: int) -> None:
    """Raises: FileNotTaken where so many files are attached already that no more are taken."""
    if attached >= MAX_FILES:
        raise FileNotTaken(
            format_lazy(
                _("There are {limit} files here already. Remove one before you add another."),
                limit=MAX_FILES,
            )
        )
