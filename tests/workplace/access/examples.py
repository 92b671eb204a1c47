"""Objects that belong to township T1, at which addresses with arguments are tried; and what is
planted at T2, of which nobody of T1 may be answered a byte."""

from collections.abc import Callable, Mapping
from typing import Any

from workplace.accounts.models import User

People = Mapping[str, User]
Example = Callable[[People], Mapping[str, Any]]

# Stands in texts, file names and answers of T2 only. Plain ASCII: the same in every encoding.
CANARY = "canaryOfT2x7f3a"

_examples: dict[str, Example] = {}
_canaries: list[Callable[[People], None]] = []


def example(function: Example) -> Example:
    """Register a function that makes an object of T1 and answers the address's arguments."""
    assert function.__name__ not in _examples, f"the example {function.__name__} is there twice"
    _examples[function.__name__] = function
    return function


def canary(function: Callable[[People], None]) -> Callable[[People], None]:
    """Register a function that plants CANARY in objects of T2."""
    _canaries.append(function)
    return function


def make_example(name: str, people: People) -> Mapping[str, Any]:
    """The arguments of an address; none where the entry names no example."""
    return _examples[name](people) if name else {}


def plant_canaries(people: People) -> None:
    """Put the canary wherever T2 has a text of its own."""
    for plant in _canaries:
        plant(people)
