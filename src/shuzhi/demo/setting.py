"""What every clerk shares: the county, the dice, the words, and what each unit is like."""

import random
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from importlib import resources
from itertools import combinations

from shuzhi.demo.county import County
from shuzhi.periods import Period, PeriodKind, calendar_period

YEARS = (2022, 2023)
QUARTERS = tuple(
    calendar_period(PeriodKind.QUARTER, year, number) for year in YEARS for number in (1, 2, 3, 4)
)
WHOLE_YEARS = tuple(calendar_period(PeriodKind.YEAR, year, 1) for year in YEARS)
LAST_DAY = date(2023, 12, 31)


@dataclass(frozen=True)
class Traits:
    """What makes a unit a story: shares between 0 and 1, and counts a quarter.

    `work_meetings` and `study` are counts a quarter; `standards` and `venue_use` the shares of
    venues that meet the standards and that are used; `posts` the share of funded posts that are
    filled; `in_time` the share of requests, actions and findings dealt with in time.
    """

    work_meetings: int = 3
    study: int = 3
    discussion: float = 0.38
    venue_use: float = 0.85
    standards: float = 0.85
    posts: float = 0.96
    in_time: float = 0.93
    reviews: float = 0.98


_USUAL = Traits()
_TRAITS: Mapping[str, Traits] = {
    "QH": Traits(work_meetings=4, study=4, posts=0.9),
    "QH-D1": Traits(work_meetings=5, study=2, discussion=0.2),
    "QH-D3": Traits(in_time=0.8),
    "QH-T01": Traits(study=4, discussion=0.45, standards=0.98, in_time=0.98, reviews=1.0),
    "QH-T02": Traits(study=4, venue_use=0.95),
    "QH-T04": Traits(work_meetings=7, study=1, discussion=0.15),
    "QH-T06": Traits(venue_use=0.35, standards=0.7),
    "QH-T08": Traits(standards=0.3, posts=0.7),
    "QH-T09": Traits(work_meetings=6, study=2, in_time=0.75),
    "QH-T10": Traits(posts=0.6, reviews=0.8),
    "QH-T11": Traits(venue_use=0.5, in_time=0.85),
}


@dataclass(frozen=True)
class Setting:
    """One county being written. All chance comes from `rng`."""

    county: County
    rng: random.Random
    _used: dict[str, set[tuple[int, ...]]] = field(default_factory=dict)
    _numbers: dict[tuple[str, str, int], int] = field(default_factory=dict)

    @cached_property
    def pools(self) -> dict[str, dict[str, list[str]]]:
        text = resources.files("shuzhi.demo").joinpath("texts/minutes.toml").read_text("utf-8")
        return tomllib.loads(text)

    def traits(self, sender: str) -> Traits:
        return _TRAITS.get(sender, _USUAL)

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def honest(self, low: int, high: int) -> int:
        """A count as honest people give it: last digits 0 and 5 are no more common than others."""
        number = self.rng.randint(low, high)
        if number % 5 == 0 and number and self.chance(0.4):
            number += self.rng.choice((-1, 1, 2))
        return number

    def days(self, period: Period, count: int) -> list[date]:
        """`count` different working days of `period`, in order."""
        length = (period.end - period.start).days
        everyday = (period.start + timedelta(n) for n in range(length))
        working = [day for day in everyday if day.weekday() < 5]
        return sorted(self.rng.sample(working, min(count, len(working))))

    def later(self, day: date, low: int, high: int) -> date:
        return day + timedelta(self.rng.randint(low, high))

    def topic(self) -> str:
        return self.rng.choice(self.pools["words"]["topics"])

    def book(self) -> str:
        return self.rng.choice(self.pools["words"]["books"])

    def person(self) -> str:
        """A made-up name: no list of real people stands behind it."""
        return self.rng.choice("王李张刘陈杨赵周吴徐孙马朱胡郭何") + self.rng.choice(_GIVEN)

    def place(self, sender: str, day: date) -> str:
        """A village below `sender`, or of any township where it has none."""
        townships = self.county.townships
        township = sender if sender in townships else self.rng.choice(townships)
        return self.county.name_of(self.rng.choice(self.county.villages(township, day)))

    def number(self, mark: str, unit: str, year: int) -> str:
        """The next number of a register: 青石会〔2023〕3号."""
        key = (mark, unit, year)
        self._numbers[key] = self._numbers.get(key, 0) + 1
        return f"{self.short_name(unit)}{mark}〔{year}〕{self._numbers[key]}号"

    def short_name(self, unit: str) -> str:
        span = self.county.span(unit)
        return span.name.removesuffix("村") if span.level == "village" else span.aliases[-1]

    def text(self, kind: str, sender: str, day: date) -> str:
        """A text of four sentences, no three of which stand together in any other text."""
        slots = list(self.pools[kind].values())
        used = self._used.setdefault(kind, set())
        for _ in range(200):
            picks = tuple(self.rng.randrange(len(slot)) for slot in slots)
            triples = set(_triples(picks))
            if not triples & used:
                break
        used |= triples
        sentences = [slot[pick] for slot, pick in zip(slots, picks, strict=True)]
        return "。".join(self._fill(sentence, sender, day) for sentence in sentences) + "。"

    def _fill(self, sentence: str, sender: str, day: date) -> str:
        return sentence.format(
            place=self.place(sender, day),
            topic=self.topic(),
            book=self.book(),
            count=self.rng.randint(2, 89),
            day=self.rng.randint(2, 27),
        )


_GIVEN = (
    "建国", "秀兰", "志强", "晓燕", "海波", "春梅", "国庆", "丽华", "永胜", "玉珍", "文博", "雪莲",
    "立新", "桂芳", "卫东", "雅静", "浩然", "红霞", "长河", "小满", "思远", "月娥", "云飞", "巧玲",
)  # fmt: skip


def _triples(picks: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    for places in combinations(range(len(picks)), 3):
        yield (*places, *(picks[place] for place in places))
