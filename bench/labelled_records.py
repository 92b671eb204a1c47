"""Records with known errors among honest ones that drift, to measure checks by.

    labelled_records.py [RECORDS]

A county of 60 townships and 300 villages reports meetings, study sessions, publications and
activities over two years. Honest records are not all alike: numbers grow by two fifths, summers are
busy, quarters end a little fuller, some people round, some events are large, two events share a day
and a first and a second part share a name, a lecturer goes from one place to another, phones'
clocks are a day off. Among them stand errors of every check, each with its label. Printed, a line
a check: how many errors it found (recall), how many of its flags are right (precision), and the
share of all honest records that stand in a wrong flag.
"""

import random
import sys
import tempfile
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
from PIL import ExifTags, Image, ImageDraw

from shuzhi.checks.accuracy import Accuracy, precision_recall
from shuzhi.checks.asking import asked_returns, due_day
from shuzhi.checks.run import check_ledgers
from shuzhi.ledgers.model import Ledgers, Return, ReturnState, arrow_schema
from shuzhi.packs.load import load_pack
from shuzhi.periods import Period, PeriodKind, calendar_periods
from shuzhi.units import UnitSpan, UnitTree

ROOT = Path(__file__).parents[1]
PACK = load_pack(ROOT / "packs" / "annual-duty")
TEXTS = tomllib.loads((ROOT / "src/shuzhi/demo/texts/minutes.toml").read_text("utf-8"))
# Rules without a threshold of likeness or chance: for these the goals are recall ≥ 95 % and
# ≤ 1 % of honest records in wrong flags.
EXACT = frozenset({
    "missing_return", "late_return", "duplicate", "duplicate_across_units", "claimed_twice",
    "over_capacity", "overlapping_hours", "sum_mismatch", "date_in_future", "date_outside_period",
    "repeated_photo", "photo_elsewhere",
})  # fmt: skip
AS_OF = date(2024, 3, 1)
QUARTERS = tuple(calendar_periods(PeriodKind.QUARTER, PACK.collects_from, PACK.collects_until))
SHARES = {"activities": 0.62, "study_sessions": 0.14, "meetings": 0.14, "publications": 0.1}
DAY = {name: PACK.tables[name].date_column.name for name in SHARES}
NUMBER = {
    "activities": "activity_no", "study_sessions": "session_no", "meetings": "meeting_no",
    "publications": "publication_no",
}  # fmt: skip
KINDS = [
    "义诊",
    "读书会",
    "电影放映",
    "戏曲汇演",
    "环境整治",
    "普法宣讲",
    "手工课堂",
    "体育比赛",
    "安全演练",
    "联欢",
]
TOPICS = [
    "移风易俗",
    "垃圾分类",
    "防溺水",
    "反诈骗",
    "秸秆禁烧",
    "护林防火",
    "节水",
    "养老",
    "家风",
    "非遗传习",
]
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
_SECTION = {"meetings": "meetings", "study_sessions": "sessions", "activities": "activities"}
PLANTED = 120  # errors of most kinds
LECTURERS = 4_000

Row = dict[str, Any]


@dataclass
class Labelled:
    """Records, what is wrong with them, and the folder with their photos."""

    ledgers: Ledgers
    errors: list[dict[str, Any]]
    folder: Path


@dataclass
class County:
    """The county while it is written. `taken` records carry an error or stand beside one."""

    dice: random.Random
    rows: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    errors: list[dict[str, Any]] = field(default_factory=list)
    taken: set[int] = field(default_factory=set)
    photos: dict[str, tuple[int, date | None]] = field(default_factory=dict)

    def label(self, check: str, row: Row) -> None:
        place = {"file": row["_file"], "sheet": row["_sheet"], "row": row["_row"]}
        self.errors.append({"code": check, **place})
        self.taken.add(id(row))

    def add(self, table: str, row: Row) -> Row:
        """A row at the end of its sheet, with a number of its own."""
        row["_row"] = len(self.rows[table]) + 2
        row["_id"] = row[NUMBER[table]] = f"{table[:2]}{row['_row']:06}"
        self.rows[table].append(row)
        return row

    def pick(
        self, table: str, count: int, fits: Callable[[Row], bool] = lambda _: True
    ) -> list[Row]:
        """Rows that nothing is wrong with yet."""
        free = [row for row in self.rows[table] if id(row) not in self.taken and fits(row)]
        picked = self.dice.sample(free, count)
        self.taken.update(map(id, picked))
        return picked


def label_records(folder: Path, records: int = 50_000, seed: int = 1) -> Labelled:
    """About so many records, and photos below `folder`. The same seed gives the same records."""
    county = County(random.Random(seed))
    tree = _tree()
    for table, share in SHARES.items():
        for row in _honest(county, tree, table, round(records * share)):
            county.add(table, row)
    scale = max(records / 50_000, 0.1)
    for plant in PLANTS:
        plant(county, max(round(PLANTED * scale), 4))
    returns = [*_returns(county, tree, max(round(60 * scale), 4))]
    _draw_photos(county, folder / "evidence")
    tables = {
        name: pa.Table.from_pylist(county.rows.get(name, []), schema=arrow_schema(table))
        for name, table in PACK.tables.items()
    }
    ledgers = Ledgers(tables, tree, tuple(returns), (), (), ())
    return Labelled(ledgers, county.errors, folder)


def measure(labelled: Labelled) -> list[tuple[Accuracy, float]]:
    """Each check's accuracy, and the share of all honest records in its wrong flags."""
    flags = check_ledgers(labelled.ledgers, PACK, as_of=AS_OF, source=labelled.folder)
    honest = sum(len(table) for table in labelled.ledgers.tables.values()) - len(labelled.errors)
    rows = precision_recall(flags, labelled.ledgers, labelled.errors)
    return [(row, row.wrong_records / honest) for row in rows]


def _tree() -> UnitTree:
    start = date(2000, 1, 1)
    spans = [UnitSpan("C", "清河县", "county", "", start)]
    for number in range(60):
        code = f"T{number:02}"
        spans.append(UnitSpan(code, f"第{number}镇", "township", "C", start))
        spans += [
            UnitSpan(f"{code}V{v}", f"第{number}镇{v}村", "village", code, start) for v in range(5)
        ]
    return UnitTree(spans)


def _honest(county: County, tree: UnitTree, table: str, count: int) -> Iterator[Row]:
    levels = ("township", "village") if table == "activities" else ("township",)
    units = [s.code for s in tree.spans if s.level in levels]
    write = {
        "activities": _activity, "study_sessions": _session, "meetings": _meeting,
        "publications": _publication,
    }[table]  # fmt: skip
    # two fifths more at the end than at the beginning, and a busier third quarter
    weights = [1 + 0.4 * n / 7 + (0.25 if n % 4 == 2 else 0) for n in range(len(QUARTERS))]
    for _ in range(count):
        unit = county.dice.choice(units)
        quarter = county.dice.choices(QUARTERS, weights)[0]
        row = write(county, unit, _day(county, quarter))
        yield row | _place(table, unit, quarter)


def _place(table: str, unit: str, quarter: Period) -> Row:
    file = f"{unit[:3]}-{quarter.name}.xlsx"
    return {"_file": file, "_sheet": table, "_precision": "day"}


def _day(county: County, quarter: Period) -> date:
    days = (quarter.end - quarter.start).days
    if county.dice.random() < 0.04:  # what was put off is done before the quarter ends
        return quarter.end - timedelta(days=county.dice.randrange(1, 6))
    return quarter.start + timedelta(days=county.dice.randrange(days))


def _title(county: County, unit: str, kind: str) -> str:
    part = county.dice.choice(["", "", "", "（上午场）", "（下午场）", "第一次", "第二次"])
    return f"{unit}{county.dice.choice(TOPICS)}{kind}{county.dice.randrange(1, 500)}号{part}"


def _text(county: County, table: str) -> str | None:
    if county.dice.random() < 0.6:
        return None
    words = {
        "place": county.dice.choice(SURNAMES) + "家村", "topic": county.dice.choice(TOPICS),
        "count": county.dice.randrange(2, 90), "day": county.dice.randrange(1, 29),
        "book": county.dice.choice(TOPICS) + "读本",
    }  # fmt: skip
    parts = [county.dice.choice(lines).format(**words) for lines in TEXTS[_SECTION[table]].values()]
    return "。".join(parts) + "。"


def _activity(county: County, unit: str, day: date) -> Row:
    dice = county.dice
    growth = 1 + 0.4 * (day - PACK.collects_from).days / 730
    places = dice.randrange(40, 160)
    heads = min(places, round(dice.lognormvariate(3.3, 0.5) * growth) + 4)
    if dice.random() < 0.15:  # some people round
        heads = max(5, heads // 5 * 5)
    child, volunteers = heads // dice.randrange(3, 8), dice.randrange(2, 14)
    hours = Decimal(volunteers * dice.choice([2, 3, 4, 5, 6, 8])) / 2
    if dice.random() < 0.004:  # a fair, a flood: many people, a long day
        volunteers = dice.randrange(15, 40)
        hours = Decimal(volunteers * 8)
    return {
        "unit": unit, "held_on": day, "title": _title(county, unit, dice.choice(KINDS)),
        "kind": "culture", "places": places, "heads": heads, "heads_child": child,
        "heads_adult": heads - child, "volunteers": volunteers, "volunteer_hours": hours,
        "team_no": f"{unit[:3]}-{dice.randrange(40)}" if dice.random() < 0.5 else None,
        "summary": _text(county, "activities"),
    }  # fmt: skip


def _session(county: County, unit: str, day: date) -> Row:
    dice, expected = county.dice, county.dice.randrange(12, 60)
    return {
        "unit": unit, "held_on": day, "kind": "core_group", "held": True,
        "title": _title(county, unit, "专题学习"), "minutes_total": 90, "minutes_discussion": 30,
        "expected": expected, "attended": expected - dice.randrange(4),
        "host": dice.choice([None, None, "C", unit]),
        "lecturer": str(dice.randrange(LECTURERS)) if dice.random() < 0.9 else None,
        "summary": _text(county, "study_sessions"),
    }  # fmt: skip


def _meeting(county: County, unit: str, day: date) -> Row:
    expected = county.dice.randrange(8, 50)
    return {
        "unit": unit, "held_on": day, "kind": "work", "title": _title(county, unit, "推进会"),
        "expected": expected, "attended": expected - county.dice.randrange(5),
        "minutes_text": _text(county, "meetings"),
    }  # fmt: skip


def _publication(county: County, unit: str, day: date) -> Row:
    return {
        "unit": unit, "published_on": day, "title": _title(county, unit, "报道"),
        "channel": county.dice.choice(["website", "wechat"]),
    }  # fmt: skip


# What is wrong on purpose, check by check: the county, and how many errors.


def _duplicates(county: County, count: int) -> None:
    for table in SHARES:
        for row in county.pick(table, count // 4):
            title = row["title"]
            spaced = f"{title[:3]} {title[3:]}"
            again = {**row, "title": county.dice.choice([f"{title}。", spaced])}
            county.label("duplicate", county.add(table, again))


def _claims_of_others(county: County, count: int) -> None:
    for row in county.pick("study_sessions", count):
        row["host"] = "C"
        other = county.dice.choice([u for u in range(60) if f"T{u:02}" != row["unit"]])
        place = _place("study_sessions", f"T{other:02}", _quarter(row["held_on"]))
        claimed = {**row, "unit": f"T{other:02}", **place}
        county.label("duplicate_across_units", county.add("study_sessions", claimed))


def _double_claims(county: County, count: int) -> None:
    for row in county.pick("study_sessions", count):
        place = _place("activities", row["unit"], _quarter(row["held_on"]))
        claim = _activity(county, row["unit"], row["held_on"]) | place
        claim["title"] = row["title"].replace("专题学习", "专题 学习")
        county.label("claimed_twice", county.add("activities", claim))


def _two_places_at_once(county: County, count: int) -> None:
    free = county.pick("study_sessions", 2 * count, lambda r: r["lecturer"] is not None)
    for first, second in zip(free[::2], free[1::2], strict=True):
        if first["unit"] != second["unit"]:
            moved = _place("study_sessions", second["unit"], _quarter(first["held_on"]))
            second |= {"held_on": first["held_on"], "lecturer": first["lecturer"], **moved}
            county.label("same_person_twice", second)


def _too_many_heads(county: County, count: int) -> None:
    for table in ("meetings", "study_sessions"):
        for row in county.pick(table, count // 2):
            row["attended"] = row["expected"] + county.dice.randrange(1, 9)
            county.label("over_capacity", row)


def _hours_twice(county: County, count: int) -> None:
    for row in county.pick("activities", count // 2):
        row["volunteer_hours"] = Decimal(row["volunteers"] * county.dice.randrange(13, 25))
        county.label("overlapping_hours", row)
    for number, row in enumerate(county.pick("activities", count // 2)):
        row |= {"team_no": f"X{number}", "volunteer_hours": Decimal(row["volunteers"] * 8)}
        again = {**row, "title": _title(county, row["unit"], "志愿服务")}
        county.label("overlapping_hours", county.add("activities", again))


def _wrong_sums(county: County, count: int) -> None:
    for row in county.pick("activities", count):
        row["heads_adult"] += county.dice.choice([-3, -1, 1, 2, 7])
        county.label("sum_mismatch", row)


def _wrong_days(county: County, count: int) -> None:
    for table in SHARES:
        for row in county.pick(table, count // 4):
            away = county.dice.choice([-200, -120, 120, 200])
            row[DAY[table]] += timedelta(days=away)
            future = row[DAY[table]] > AS_OF
            county.label("date_in_future" if future else "date_outside_period", row)
        for row in county.pick(table, count // 8):
            row[DAY[table]] = row[DAY[table]].replace(year=2032, day=1)
            county.label("date_in_future", row)


def _round_numbers(county: County, count: int) -> None:
    units = sorted({row["unit"] for row in county.rows["activities"]})
    for unit in county.dice.sample(units, max(count // 8, 2)):
        mine = [
            r for r in county.rows["activities"]
            if r["unit"] == unit and r["held_on"].year == 2023 and id(r) not in county.taken
        ]  # fmt: skip
        for row in mine:
            row["heads"] = max(10, round(row["heads"] / 10) * 10)
            row["places"] = max(row["places"], row["heads"])
            row["heads_adult"] = row["heads"] - row["heads_child"]
        for row in mine[:1]:
            county.label("round_numbers", row)


def _slipped_digits(county: County, count: int) -> None:
    for row in county.pick("activities", count, lambda r: r["volunteer_hours"] >= 20):
        row["volunteer_hours"] *= 10
        row["volunteers"] *= 10
        row["team_no"] = None
        county.label("unusual_value", row)


def _bursts(county: County, count: int) -> None:
    groups: dict[tuple[str, Period], list[Row]] = defaultdict(list)
    for row in county.rows["publications"]:
        if id(row) not in county.taken:
            groups[row["unit"], _quarter(row["published_on"])].append(row)
    large = [key for key, rows in groups.items() if len(rows) >= 8]
    for key in county.dice.sample(large, min(max(count // 6, 2), len(large))):
        for row in groups[key][: len(groups[key]) * 3 // 4]:
            row["published_on"] = key[1].last_day - timedelta(days=county.dice.randrange(5))
        county.label("late_burst", groups[key][0])


def _copies(county: County, count: int) -> None:
    for table, column in (("meetings", "minutes_text"), ("study_sessions", "summary")):
        with_text = county.pick(table, count // 2 * 2, lambda r, c=column: r[c] is not None)
        for first, second in zip(with_text[::2], with_text[1::2], strict=True):
            second[column] = first[column][:-3] + county.dice.choice(["了。", "左右。", "等。"])
            county.label("copied_text", second)


def _photos(county: County, count: int) -> None:
    rows = county.pick("activities", count * 2)
    for number, row in enumerate(rows):
        off = timedelta(days=county.dice.choice([0, 0, 0, 1, -1]))
        taken = row["held_on"] + off if number % 2 else None
        row["photos"] = f"p{number}.jpg"
        county.photos[row["photos"]] = (number, taken)
    for row in rows[: count // 4]:
        again = county.pick("activities", 1, lambda r: not r.get("photos"))[0]
        again["photos"] = f"again-{row['photos']}"
        county.photos[again["photos"]] = (county.photos[row["photos"]][0], None)
        county.label("repeated_photo", again)
    dated = [row for row in rows[count // 4 :] if county.photos[row["photos"]][1]]
    for row in dated[: count // 4]:
        seed, taken = county.photos[row["photos"]]
        assert taken is not None
        county.photos[row["photos"]] = seed, taken - timedelta(days=county.dice.randrange(9, 400))
        county.label("photo_elsewhere", row)


PLANTS = (
    _duplicates, _claims_of_others, _double_claims, _too_many_heads, _hours_twice, _wrong_sums,
    _slipped_digits, _copies, _photos, _bursts, _round_numbers, _two_places_at_once, _wrong_days,
)  # fmt: skip


def _quarter(day: date) -> Period:
    return next(q for q in QUARTERS if q.contains(day))


def _returns(county: County, tree: UnitTree, count: int) -> Iterator[Return]:
    """Every return asked for, some of them late and some missing."""
    asked = [(t, unit, p) for t, unit, p in asked_returns(PACK, tree)]
    wrong = county.dice.sample(range(len(asked)), 2 * count)
    late, missing = set(wrong[:count]), set(wrong[count:])
    for number, (table, unit, period) in enumerate(asked):
        error = {"unit": unit, "table": table.name, "period": period.name, "row": 0}
        if number in missing:
            county.errors.append({"code": "missing_return", **error})
            continue
        early = county.dice.randrange(0, table.asked.due_days)
        received = due_day(table, period) - timedelta(days=early)
        if number in late:
            received = due_day(table, period) + timedelta(days=county.dice.randrange(1, 30))
            county.errors.append({"code": "late_return", **error})
        file = f"{unit}-{period.name}.xlsx"
        yield Return(
            table.name, unit, period.name, ReturnState.ROWS, file, table.name, received.isoformat()
        )


def _draw_photos(county: County, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, (seed, taken) in county.photos.items():
        dice = random.Random(seed)
        coarse = Image.new("RGB", (8, 6))
        for place in range(48):
            coarse.putpixel((place % 8, place // 8), tuple(dice.randrange(256) for _ in range(3)))
        picture = coarse.resize((320, 240), Image.Resampling.BICUBIC)
        for _ in range(4):
            x, y = dice.randrange(260), dice.randrange(180)
            colour = tuple(dice.randrange(256) for _ in range(3))
            ImageDraw.Draw(picture).ellipse((x, y, x + 60, y + 50), fill=colour)
        if name.startswith("again"):
            picture = picture.resize((300, 225)).point(lambda value: int(value * 0.94))
        exif = Image.Exif()
        if taken:
            exif[ExifTags.Base.DateTime] = f"{taken:%Y:%m:%d} 10:00:00"
        picture.save(folder / name, quality=75, exif=exif)


def main() -> None:
    """Print a line a check."""
    records = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    with tempfile.TemporaryDirectory() as name:
        labelled = label_records(Path(name), records)
        total = sum(len(table) for table in labelled.ledgers.tables.values())
        print(f"{total:,} records, {len(labelled.errors):,} errors among them")
        print(
            f"{'check':<24} kind   {'planted':>8} {'found':>7} {'flags':>6} {'right':>7}"
            f"  {'recall':>7}  {'precision':>9}  honest in wrong flags"
        )
        for row, honest in measure(labelled):
            kind = "exact" if row.check in EXACT else "fuzzy"
            print(
                f"{row.check:<24} {kind}  {row.planted:8} {row.found:7} {row.flags:6} {row.right:7}"
                f"  {_percent(row.recall):>7}  {_percent(row.precision):>9}  {honest:12.3%}"
            )


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f} %"


if __name__ == "__main__":
    main()
