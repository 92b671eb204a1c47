"""What those who gave a return back want mended, for the pages on which it is mended.

The remarks are kept by the app of approval, which stands above: it says here how to find them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from workplace.rounds.models import Return


@dataclass(frozen=True)
class FieldRemark:
    """Why a return was given back: at a field (`record` and `column`), a record, or as a whole.

    `held` is what the field held then. It is settled once the field holds something else, the
    record is withdrawn, or the unit has answered (`reply`).
    """

    pk: int
    record: int | None
    column: str
    text: str
    held: Any
    by: str
    at: datetime
    reply: str
    is_settled: bool


Finder = Callable[[Return], Sequence[FieldRemark]]
_finders: list[Finder] = []


def register_remarks(find: Finder) -> None:
    """Say how to find the remarks of a return. Called by an app's `ready()`."""
    if find not in _finders:
        _finders.append(find)


def remarks_for(answer: Return) -> list[FieldRemark]:
    """The remarks of the last time a return was given back, in the order they were made; the
    address that takes an answer to one is `approval:reply` with its `pk`."""
    return [remark for find in _finders for remark in find(answer)]
