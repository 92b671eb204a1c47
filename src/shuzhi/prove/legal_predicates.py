"""Predicates drawn at random from all that is allowed: do the engines count the same rows?"""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from shuzhi.figures.compute import compute_figures
from shuzhi.packs.load import load_pack
from shuzhi.packs.model import Indicator, Measure, MeasureKind, Pack
from shuzhi.packs.predicates import Predicate, PredicateRefused, parse_predicate
from shuzhi.periods import parse_period
from shuzhi.prove.tried_pack import TABLE, tried_ledgers, write_tried_pack

_TOGETHER = 100  # predicates a scan
_ROWS = 40
_YEAR = parse_period("2023")
_NUMBERS = (
    "attended", "seats", "hours", "0", "3", "10", "0.1", "2.5", "length(topic)",
    "month(held_on)", "year(closed_on)", "(closed_on - held_on)",
)  # fmt: skip
_CALCULATIONS = (
    "({} + {})", "({} - {})", "({} * {})", "({} / nullif({}, 0))", "coalesce({}, {})",
    "nullif({}, {})", "least({}, {})", "greatest({}, {})", "abs({})", "(-({}))", "round({}, 1)",
)  # fmt: skip
_DAYS = ("held_on", "closed_on", "period_start", "period_last_day", "date '2023-06-30'")
_COMPARISONS = ("=", "<>", "<", "<=", ">", ">=")
_CONDITIONS = (
    "chaired", "kind = 'work'", "kind not in ('study')", "kind is null", "topic is not null",
    "topic like '防%'", "topic not like '_b'", "topic like 'A%%'", "true", "(chaired) is null",
    "chaired = (attended > 2)", "topic = ''", "topic in ('a', '防火')",
)  # fmt: skip


def count_disagreements(
    folder: Path, n: int, seed: int, progress: Callable[[int, int], None]
) -> tuple[int, tuple[str, ...]]:
    """How many of `n` predicates were counted by both engines, and those they disagree on."""
    write_tried_pack(folder, where="chaired")
    pack = replace(load_pack(folder), is_shipped=True)  # drawn here: no stranger wrote them
    rng, done = random.Random(seed), 0  # noqa: S311 repeatable on purpose
    wrong: list[str] = []
    while done < n:
        predicates = list(_drawn(pack, rng, min(_TOGETHER, n - done)))
        wrong += _disagreements(pack, rng, predicates)
        done += len(predicates)
        progress(done, n)
    return done, tuple(wrong)


def _disagreements(pack: Pack, rng: random.Random, predicates: list[Predicate]) -> Iterator[str]:
    text = {"zh": "", "en": ""}
    asked = replace(
        pack,
        indicators={
            f"i{number}": Indicator(
                f"i{number}", text, text, Measure(MeasureKind.COUNT, TABLE, "held_on", where=where)
            )
            for number, where in enumerate(predicates)
        },
    )
    ledgers = tried_ledgers(pack, rng, _ROWS)
    counted, expected = (
        compute_figures(ledgers, asked, periods=[_YEAR], engine=engine)
        for engine in ("duckdb", "in_memory")
    )
    pairs = zip(counted, expected, strict=True)
    differing = {own.indicator for own, other in pairs if own != other}
    yield from (p.text for number, p in enumerate(predicates) if f"i{number}" in differing)


def _drawn(pack: Pack, rng: random.Random, n: int) -> Iterator[Predicate]:
    types = {column.name: column.type for column in pack.tables[TABLE].columns}
    found = 0
    while found < n:
        try:
            predicate = parse_predicate(_condition(rng, 3), types)
        except PredicateRefused:  # such as a sign in front of a sign
            continue
        found += 1
        yield predicate


def _condition(rng: random.Random, depth: int) -> str:
    if depth and rng.random() < 0.5:
        form = rng.choice(("({} and {})", "({} or {})", "not ({})"))
        return _filled(rng, form, lambda: _condition(rng, depth - 1))
    kind = rng.randrange(5)
    if kind == 0:
        return f"{rng.choice(_DAYS)} {rng.choice(_COMPARISONS)} {rng.choice(_DAYS)}"
    if kind == 1:
        return f"{_number(rng, 2)} between {_number(rng, 0)} and {_number(rng, 0)}"
    if kind == 2:
        return f"{_number(rng, 2)} in (0, 2.5, 10, -1)"
    if kind == 3:
        return rng.choice(_CONDITIONS)
    return f"{_number(rng, 2)} {rng.choice(_COMPARISONS)} {_number(rng, 2)}"


def _number(rng: random.Random, depth: int) -> str:
    if depth and rng.random() < 0.5:
        return _filled(rng, rng.choice(_CALCULATIONS), lambda: _number(rng, depth - 1))
    return rng.choice(_NUMBERS)


def _filled(rng: random.Random, form: str, draw: Callable[[], str]) -> str:
    return form.format(*(draw() for _ in range(form.count("{}"))))
