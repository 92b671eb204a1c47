"""What apps above this one add to a record's page; filled in their `ready()`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest

from workplace.records.models import Record


@dataclass(frozen=True)
class Part:
    """A piece of the page: a template and what it shows."""

    template: str
    context: Mapping[str, Any] = field(default_factory=dict)


PartMaker = Callable[[HttpRequest, Record], Part | None]

_makers: list[PartMaker] = []


def register_record_part(make: PartMaker) -> None:
    """Have `make` asked for a piece whenever a record is opened; None where it has none."""
    if make not in _makers:
        _makers.append(make)


def record_parts(request: HttpRequest, record: Record) -> list[Part]:
    """The pieces for whoever looks at the record, in the order of the apps."""
    return [part for make in _makers if (part := make(request, record)) is not None]
