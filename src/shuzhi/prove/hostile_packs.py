"""Predicates and packs that try to reach out, to hide a query, or to take everything."""

import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path

from shuzhi.prove.bait import Bait
from shuzhi.prove.tried_pack import write_tried_pack

_ATTACKS = (
    "read_text('SECRET') = 'x'", "topic = (select content from read_text('SECRET'))",
    "topic in (from read_csv('SECRET'))", "exists(select * from read_csv('URL'))",
    "topic = getenv('HOME')", "chaired union select true", "chaired except select false",
    "chaired intersect all select true", "chaired; copy (select 1) to 'TARGET'",
    "chaired; attach 'TARGET'", "(select true)", "chaired or (with a as (select 1) select true)",
    "chaired -- and", "chaired /* and */", "/*+ hint */ chaired", "chaired # and",
    "attended::varchar = '1'", "cast(topic as integer) = 1", "try_cast(topic as date) is null",
    "count(*) over () > 1", "sum(attended) > 1", "row_number() over (order by seats) = 1",
    "list_sum(range(10000000000)) > 1", "repeat('a', 1000000000) = topic", "topic = printf('%s')",
    "regexp_matches(topic, '(a+)+$')", "topic similar to '(a+)+'", "topic glob '*'",
    "topic ~ '(a|a)+'", "attended in (select unnest(range(10)))", "columns(*) is null",
    "current_setting('access_mode') = 'x'", "pragma_version() is null", "[x for x in [1]] = [1]",
    "case when chaired then true end", "{'a': 1}.a = 1", "attended[1] = 1", "chaired is true",
    "duckdb_settings() is null", "http_get('URL') = 'x'", "glob('SECRET') is null", "$1 = 1",
    "? = 1", ":a = 1", "attended = 1e999", "attended = 0x7fffffff", "attended = 1_000",
    "U&'\\0041' = topic", "E'\\x41' = topic", "$$a$$ = topic", "topic collate nocase = 'a'",
    "chaired\x00 or true", "\u202echaired", "ｃhaired", "attended ** 99 > 1", "attended // 0 = 1",
    "attended % 0 = 1", "attended << 62 > 1", "factorial(attended) > 1", "@attended = 1",
    "random() > 0.5", "now() > held_on", "uuid() = topic", "unit = any(['A'])",
    "held_on + interval 1 day > held_on", "attended not null", "attended isnull",
    "\"attended\".\"x\" = 1", "ledger.attended = 1", "main.ledger.attended = 1",
    "rowid = 1", "attended / 0 > 1", "lambda x: x", "topic = 'a' 'b'", "unnest([true])",
)  # fmt: skip
_JOINS = (
    "{a}", "chaired and {a}", "not ({a})", "({a}) or attended > 1", "attended > 1 and ({a})",
    "coalesce({a}, false)",
)  # fmt: skip
_NAMES = (
    "../../x", "a\" ; copy ledger to 'x", "a'b", "", "ledger\x00", "__class__", "a" * 100_000,
    "%s", "{{ f }}", "<script>", "con", "a/b", "..",
)  # fmt: skip

Write = Callable[[random.Random, Bait, Path], None]


def hostile_packs(rng: random.Random, n: int, bait: Bait) -> Iterator[tuple[str, Write]]:
    """`n` of them: kind, and what writes the pack into a folder that is not there yet."""
    kinds = (
        ("predicate", _predicate), ("heavy predicate", _heavy), ("predicate", _predicate),
        ("definition", _definition), ("file", _file), ("name", _name),
    )  # fmt: skip
    for number in range(n):
        yield kinds[number % len(kinds)]


def honest_pack(_rng: random.Random, _bait: Bait, folder: Path) -> None:
    """One with nothing in it that hurts."""
    write_tried_pack(folder, where="chaired and attended > 1")


def _predicate(rng: random.Random, bait: Bait, folder: Path) -> None:
    attack = rng.choice(_ATTACKS)
    for word, meant in (("SECRET", bait.secret), ("TARGET", bait.target), ("URL", bait.url)):
        attack = attack.replace(word, str(meant))
    write_tried_pack(folder, where=rng.choice(_JOINS).replace("{a}", attack))


def _heavy(rng: random.Random, _: Bait, folder: Path) -> None:
    """Some of these are within the limits: then they must be counted within theirs."""
    many = rng.choice((15, 60, 400, 3_000, 200_000))
    heavy = (
        "(" * many + "chaired" + ")" * many,
        " and ".join(["attended > 1"] * many),
        "not " * many + "chaired",
        "attended = " + "-" * many + "1",
        "attended = " + "+".join(["seats"] * many),
        "attended > " + "*".join(["seats"] * many),
        "topic = '" + "x" * many + "'",
        "attended in (" + ",".join(["1"] * many) + ")",
        "topic like '" + "%a" * many + "'",
        "attended = " + "9" * many,
        "abs(" * many + "attended" + ")" * many + " = 1",
        "greatest(" + ",".join(["attended"] * many) + ") > 0",
        "round(hours, " + str(many) + ") = 1",
    )
    write_tried_pack(folder, where=rng.choice(heavy))


def _definition(rng: random.Random, bait: Bait, folder: Path) -> None:
    write_tried_pack(folder, where="chaired")
    lines = (
        'formula = "held; import os"', f"formula = \"open('{bait.target}', 'w')\"",
        'formula = "().__class__"', 'formula = "' + "(" * 500 + '1"', 'formula = "tried / tried"',
        'formula = "9 ** 9 ** 9"', 'formula = "held[0]"', 'table = "../units"\ncount = true',
        'table = "read_csv"\ncount = true', f'table = "meetings"\nsql = "select \'{bait.url}\'"',
        'table = "meetings"\nsum = "attended); drop table x"', 'table = "meetings"\nsum = "*"',
        'table = "meetings"\ncount = true\nsubject = "person"', "target = nan\ncount = true",
        'table = "meetings"\ndistinct = "unit, topic"', 'table = "meetings"\nlast = "rowid"',
        'table = "meetings"\ncount = true\ndate = "now()"', "a = " + "[" * 5_000,
    )  # fmt: skip
    labels = 'label = { zh = "甲", en = "a" }\nuom = { zh = "个", en = "items" }\n'
    text = f"[tried]\n{labels}{rng.choice(lines)}\n"
    (folder / "indicators" / "more.toml").write_text(text, "utf-8")


def _file(rng: random.Random, bait: Bait, folder: Path) -> None:
    write_tried_pack(folder, where="chaired")
    target = folder / rng.choice(("indicators/tried.toml", "pack.toml", "tables/meetings.json"))
    kind = rng.randrange(7)
    if kind == 0:
        target.unlink()
        target.symlink_to(bait.secret)
    elif kind == 1:
        target.unlink()
        target.symlink_to(target.name)
    else:
        deep = rng.randrange(1_000, 100_000)
        content = {
            2: b"[" * deep,
            3: b'{"a":' * deep,
            4: rng.randbytes(3_000),
            5: b"#" * 1_000_001,
            6: b'a = "' + b"\xff\xfe" * deep + b'"',
        }
        target.write_bytes(content[kind])


def _name(rng: random.Random, _: Bait, folder: Path) -> None:
    write_tried_pack(folder, where="chaired")
    name, path = rng.choice(_NAMES), folder / "tables" / "meetings.json"
    table = json.loads(path.read_text("utf-8"))
    place = rng.randrange(4)
    if place == 0:
        table["name"] = name
    elif place == 1:
        table["fields"][2]["name"] = name
    elif place == 2:
        table["primaryKey"] = [name]
    else:
        table["fields"] += [{**table["fields"][2], "name": f"c{n}"} for n in range(20_000)]
    path.write_text(json.dumps(table), "utf-8")
