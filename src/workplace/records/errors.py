"""Why a record is not written, in sentences for whoever tried."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from workplace.records.models import Record


class RecordNotWrittenError(Exception):
    """The record stays as it is; `str()` says why, in the reader's language."""


class ReturnClosedError(RecordNotWrittenError):
    """The return has been sent or accepted."""

    def __str__(self) -> str:
        return _(
            "This return has been sent. Nothing in it can be changed until it is given back or "
            "opened again."
        )


class RecordGoneError(RecordNotWrittenError):
    """The record was withdrawn."""

    def __str__(self) -> str:
        return _("This record has been withdrawn. Add it anew if it is needed.")


class RecordChangedMeanwhileError(RecordNotWrittenError):
    """Somebody else changed the record first; `current` is what it holds now."""

    def __init__(self, current: "Record") -> None:
        super().__init__()
        self.current = current

    def __str__(self) -> str:
        return _("Somebody else has changed this record meanwhile. Nothing has been overwritten.")


class ForeignUnitError(RecordNotWrittenError):
    """A record is about a unit that is not the sender's."""

    def __init__(self, unit: str) -> None:
        super().__init__()
        self.unit = unit

    def __str__(self) -> str:
        return _(
            "A return holds records of the unit that sends it and of those below it; "
            "%(unit)s is neither."
        ) % {"unit": self.unit}
