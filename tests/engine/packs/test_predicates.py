import duckdb
import pytest

from shuzhi.packs.model import ColumnType
from shuzhi.packs.predicates import PredicateRefused, parse_predicate

COLUMNS = {
    "kind": ColumnType.STRING,
    "title": ColumnType.STRING,
    "held": ColumnType.BOOLEAN,
    "held_on": ColumnType.DATE,
    "due_on": ColumnType.DATE,
    "end": ColumnType.DATE,
    "people": ColumnType.INTEGER,
    "hours": ColumnType.NUMBER,
    "chair": ColumnType.STRING,
}
KINDS = {"kind": ("work", "study")}
ROW = (
    "select 'work' as kind, 'on roads' as title, true as held, date '2023-09-03' as held_on, "
    "date '2023-09-10' as due_on, null::date as \"end\", 12 as people, "
    "1.5::decimal(18, 4) as hours, 'a' as chair, date '2023-07-01' as period_start, "
    "date '2023-09-30' as period_last_day"
)


def parse(text):
    return parse_predicate(text, COLUMNS, {"chair"}, KINDS)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("held", True),
        ("not held", False),
        ("kind = 'work' and people > 10", True),
        ("kind <> 'work' or people >= 12", True),
        ("kind in ('work', 'study')", True),
        ("kind not in ('study')", True),
        ("people between 1 and 11", False),
        ("people not between 1 and 11", True),
        ("end is null", True),
        ("end is not null", False),
        ("chair is not null", True),
        ("end < due_on", None),
        ("end < due_on or held", True),
        ("due_on - held_on = 7", True),
        ("held_on - due_on < 0", True),
        ("held_on between period_start and period_last_day", True),
        ("held_on >= date '2023-09-04'", False),
        ("year(held_on) = 2023 and month(held_on) in (8, 9)", True),
        ("title like '%road%'", True),
        ("title not like '%road%'", False),
        ("not (title like '%road%') = held", False),
        ("length(title) = 8", True),
        ("hours * 2 + people - 1 = 14", True),
        ("people / nullif(hours, 0) = 8", True),
        ("people / nullif(people - 12, 0) > 1", None),
        ("coalesce(end, due_on) = due_on", True),
        ("nullif(people, 12) is null", True),
        ("abs(people - 20) = 8", True),
        ("round(hours) = 2", True),
        ("round(hours, 1) = 1.5", True),
        ("least(people, hours) = hours and greatest(people, 3) = 12", True),
        ("people > -1.5", True),
        ("held = true", True),
        ("(kind = 'work') = held", True),
        ("title = 'it''s'", False),
    ],
)
def test_a_predicate_means_in_duckdb_what_it_says(text, answer):
    """The tree printed for DuckDB answers as the text reads, null where it is unknown."""
    printed = parse(text).tree.sql(dialect="duckdb")
    with duckdb.connect() as connection:
        query = f"select {printed} from ({ROW})"  # noqa: S608  # the printed tree is what is tested
        assert connection.execute(query).fetchone() == (answer,)


def test_columns_are_named_once_in_reading_order():
    """A predicate names the columns it reads; the reserved dates are not the table's."""
    predicate = parse("people > 1 and due_on < period_last_day and (people < 9 or held)")
    assert predicate.columns == ("people", "due_on", "held")


def test_a_column_may_be_called_like_an_sql_word():
    """`end` and `date` are names, and are printed so that an engine reads them as names."""
    columns = {"end": ColumnType.DATE, "date": ColumnType.DATE, "order": ColumnType.INTEGER}
    tree = parse_predicate(
        "end > date and date > date '2023-01-01' and \"order\" = 1", columns
    ).tree
    assert tree.sql(dialect="duckdb") == (
        '"end" > "date" AND "date" > CAST(\'2023-01-01\' AS DATE) AND "order" = 1'
    )


def test_one_text_is_parsed_once():
    """Two indicators with one condition share its tree."""
    assert parse("people = 77").tree is parse("people = 77").tree


@pytest.mark.parametrize(
    ("text", "what", "remedy"),
    [
        ("kinds = 'work'", "kinds is no column", "did you mean kind?"),
        ("Kind = 'work'", "Kind is no column", "did you mean kind?"),
        ("xyz = 1", "xyz is no column", "use one of chair, due_on"),
        ("kind = 'stduy'", "'stduy' is no category of kind", "did you mean study?"),
        ("kind in ('work', 'wrk')", "'wrk' is no category of kind", "did you mean work?"),
        ("lenght(title) > 1", "function lenght", "did you mean length?"),
        ('title = "x"', '"x" in double quotes', "'x'"),
        ("held_on > '2023-01-01'", "compares date with string", "date '2023-01-31'"),
        ("held_on in ('2023-01-01')", "compares date with string", "date '2023-01-31'"),
        ("held_on = date '2023-02-30'", "'2023-02-30' is no day", "date '2023-01-31'"),
        ("held_on = date '2023-1-3'", "is no day", "date '2023-01-31'"),
        ("people = '3'", "compares integer with string", "single quotes"),
        ("held = 1", "compares boolean with integer", "one type"),
        ("title < 'x'", "string has no order", "numbers or days"),
        ("held > false", "boolean has no order", "numbers or days"),
        ("people", "is no condition", "compare it"),
        ("people and held", "is of type integer", "a condition"),
        ("not title", "is of type string", "a condition"),
        ("people / hours > 1", "may divide by zero", "people / nullif(hours, 0)"),
        ("people / nullif(hours, 1) > 1", "may divide by zero", "nullif"),
        ("held_on + 1 > due_on", "day - day", "answered - received"),
        ("held_on - 1 > due_on", "day - day", "answered - received"),
        ("title + 1 = 2", "cannot be calculated", "use numbers"),
        ("- title = 2", "is of type string", "a number"),
        ("people = null", "NULL is not allowed", "comparisons"),
        ("held is true", "before null", "alone for true"),
        ("people = 1 = held", "compares a condition", "parentheses"),
        ("title like title", "like wants a text", "'%word%'"),
        ("people like 'x'", "is of type integer", "a text"),
        ("title in (title)", "in wants a list", "in ("),
        ("people in ()", "", ""),
        ("year(people) = 1", "is of type integer", "a day"),
        ("length(people) = 1", "is of type integer", "a text"),
        ("round(hours, people) = 1", "places", "0 to 6"),
        ("coalesce(people) = 1", "wants two values", "missing"),
        ("coalesce(people, title) = 1", "compares integer with string", "quotes"),
        ("greatest(title, kind) = 'x'", "string has no order", "numbers or days"),
        ("chair = 'Wang'", "holds persons", "chair is null"),
        ("coalesce(chair, 'x') = 'x'", "holds persons", "chair is null"),
        ("chair like 'W%'", "holds persons", "chair is null"),
        ("length(chair) > 2", "holds persons", "chair is null"),
        ("people = 12345678901234567890", "no plain number", "15 digits"),
        ("people = 1e5", "", ""),
        ("people = 0x10", "", ""),
        ("held and", "not in order", "one condition"),
        ("title = 'x", "divided into words", "quotation mark"),
        ("is = is", "is is no column", "use one of"),
        ("people = in", "in is no column", "use one of"),
        ("not not held", "behind another operator", "parentheses"),
        ("", "empty", "leave the key out"),
        ("  ", "empty", "leave the key out"),
    ],
)
def test_a_wrong_predicate_is_refused_with_what_to_write(text, what, remedy):
    """The message says what is wrong and what to write instead."""
    with pytest.raises(PredicateRefused) as refused:
        parse(text)
    assert what in refused.value.what
    assert remedy in refused.value.remedy


@pytest.mark.parametrize(
    "text",
    [
        "read_text('/etc/passwd') = 'x'",
        "title = (select 'x')",
        "title in (select 'x')",
        "exists(select 1)",
        "exists (from read_csv('x'))",
        "held union select true",
        "select true",
        "held; drop table meetings",
        "held;",
        "held -- and more",
        "held /* and more */",
        "/* hint */ held",
        "--",
        "people::varchar = '12'",
        "cast(people as varchar) = '12'",
        "try_cast(title as integer) = 1",
        "title::date = held_on",
        "count(*) over () > 1",
        "sum(people) over (order by held_on) > 1",
        "row_number() over () = 1",
        "sum(people) > 1",
        "count(*) > 1",
        "list_transform([1], x -> x + 1) = [2]",
        "people = lambda x: x",
        "*",
        "* = 1",
        "columns(*) = 1",
        "(people, hours) = (1, 2)",
        "people in [1, 2]",
        "{'a': 1} = {'a': 1}",
        "people[1] = 1",
        "case when held then true else false end",
        "if(held, true, false)",
        "meetings.kind = 'work'",
        "kind.x = 1",
        "main.meetings.kind = 'work'",
        "? = people",
        "$1 = people",
        "@people = 1",
        ":x = people",
        "title || 'x' = 'y'",
        "title similar to 'x'",
        "title ilike 'x'",
        "title ~ 'x'",
        "title like 'x' escape '!'",
        "title glob 'x'",
        "regexp_matches(title, 'x')",
        "people % 2 = 1",
        "people // 2 = 1",
        "people & 1 = 1",
        "people ** 2 = 1",
        "interval 3 day > due_on - held_on",
        "now() > held_on",
        "current_date > held_on",
        "today() > held_on",
        "timestamp '2023-01-01' > held_on",
        "getenv('HOME') = 'x'",
        "current_setting('x') = 'x'",
        "title is distinct from 'x'",
        "title = any(select 'x')",
        "title = $$x$$",
        "title = E'x'",
        "title = X'41'",
        "held as x",
        "held kind",
        "attach 'x'",
        "copy meetings to 'x'",
        "install httpfs",
        "pragma version",
        "set x = 1",
        "coalesce(distinct people, 1) = 1",
        "coalesce(people, 1) filter (where held) = 1",
        "people = 1\x00",
        "kind = 'work' collate nocase",
        "people at time zone 'UTC' = 1",
        "unnest([1]) = 1",
        "held and (values (true))",
        "title[1:2] = 'x'",
        "not exists(from meetings)",
    ],
)
def test_everything_that_is_no_plain_condition_is_refused(text):
    """Functions, queries, comments, casts, windows, lambdas, stars and more: refused, not run."""
    with pytest.raises(PredicateRefused):
        parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 1_500 + "held" + ")" * 1_500,
        "(" * 21 + "held" + ")" * 21,
        "(" * 1_900,
        "held" + " and held" * 200_000,
        "held" + " and held" * 440,
        "people" + " + people" * 300 + " > 1",
        "not " * 900 + "held",
        "not (" * 700 + "held" + ")" * 700,
        "people > " + "- " * 1_500 + "1",
        "people > " + "abs(" * 900 + "1" + ")" * 900,
        "coalesce(" * 100 + "people" + ", 1)" * 100 + " = 1",
        "held" * 2_000,
        "held = not " * 350 + "held",
        "not people between not people and " * 110 + "1",
        "not between " * 330,
        "people between 1 and not " * 150 + "held",
        "'" * 3_999,
    ],
)
def test_a_text_made_to_exhaust_the_parser_is_refused(text):
    """Length and depth are bounded before parsing; size and depth of the tree after it."""
    with pytest.raises(PredicateRefused):
        parse(text)


def test_what_the_limits_allow_is_parsed():
    """20 parentheses and a chain of 150 conditions are within the limits."""
    assert parse("not (" * 20 + "held" + ")" * 20).columns == ("held",)
    assert parse("held" + " and held" * 150).columns == ("held",)
