import json
import shutil
from copy import deepcopy
from datetime import date

import pytest

from shuzhi.errors import PackRefused
from shuzhi.packs.load import examine_pack, load_pack
from shuzhi.packs.model import ColumnType, MeasureKind, Role
from shuzhi.packs.shipped import is_shipped, shipped_pack
from shuzhi.periods import PeriodKind

COUNT = 'table = "meetings"\ncount = true\n'


def text(zh: str, en: str) -> dict[str, str]:
    return {"zh": zh, "en": en}


def indicator(definition: str) -> str:
    return f"""
[x]
label = {{ zh = "指标", en = "Indicator" }}
uom = {{ zh = "次", en = "times" }}
{definition}
"""


def complaints(path) -> list[str]:
    return [str(complaint) for complaint in examine_pack(path).complaints]


def test_a_pack_that_holds_together_is_loaded_whole(pack_files, write_pack):
    """Every part of the files is in the pack, under its own type."""
    pack_files["checks.toml"] = "[missing_return]\nlevel = 3\n"
    pack = load_pack(write_pack(pack_files))
    assert (pack.name, pack.version, pack.title["en"]) == ("small", "1", "Small")
    assert (pack.collects_from, pack.collects_until) == (date(2023, 1, 1), date(2024, 1, 1))
    assert [level.code for level in pack.levels] == ["county", "township"]
    assert pack.units_table.name == "units"
    meetings = pack.tables["meetings"]
    assert (meetings.unit_column.name, meetings.date_column.name) == ("unit", "held_on")
    assert meetings.asked.every is PeriodKind.QUARTER
    assert (meetings.retention_years, meetings.rows_per_return) == (10, 1)
    assert meetings.column("hours").type is ColumnType.NUMBER
    assert meetings.column("hours").minimum == 0
    assert meetings.column("chair").role is Role.PERSON
    assert [c.value for c in meetings.column("kind").categories] == ["work", "study"]
    held = pack.indicators["held"].measure
    assert (held.kind, held.table, held.date) == (MeasureKind.COUNT, "meetings", "held_on")
    assert held.where.columns == ("kind", "held")
    assert pack.indicators["hours_each"].formula.text == "hours_total / held"
    assert pack.checks == {"missing_return": {"level": 3}}
    assert (pack.scorecard, pack.report) == ({}, {})


@pytest.mark.parametrize(
    ("definition", "kind", "column"),
    [
        ("count = true", MeasureKind.COUNT, ""),
        ('sum = "hours"', MeasureKind.SUM, "hours"),
        ('average = "hours"', MeasureKind.AVERAGE, "hours"),
        ('median = "attended"', MeasureKind.MEDIAN, "attended"),
        ('min = "hours"', MeasureKind.MIN, "hours"),
        ('max = "hours"', MeasureKind.MAX, "hours"),
        ('last = "attended"', MeasureKind.LAST, "attended"),
        ('distinct = "chair"', MeasureKind.DISTINCT, "chair"),
        ('distinct = "title"', MeasureKind.DISTINCT, "title"),
        ('share_of = "held"\nwhere = "hours > 1"', MeasureKind.SHARE, ""),
        ('stock = { ends = "closed_on" }', MeasureKind.STOCK, ""),
    ],
)
def test_every_measure_of_the_format_is_understood(
    pack_files, write_pack, definition, kind, column
):
    """Ten measures, each with the column it is taken of."""
    pack_files["indicators/x.toml"] = indicator(f'table = "meetings"\n{definition}')
    measure = load_pack(write_pack(pack_files)).indicators["x"].measure
    assert (measure.kind, measure.column) == (kind, column)
    assert measure.ends == ("closed_on" if kind is MeasureKind.STOCK else "")
    assert (measure.share_of is not None) == (kind is MeasureKind.SHARE)


def test_a_refused_pack_names_every_complaint_at_once(pack_files, write_pack):
    """Three mistakes in three files are three lines, each with file, key, what and remedy."""
    pack_files["pack.toml"] = pack_files["pack.toml"].replace('version = "1"', 'verison = "1"')
    pack_files["tables/meetings.json"]["fields"][5]["type"] = "float"
    pack_files["indicators/x.toml"] = indicator('table = "meetngs"\ncount = true')
    with pytest.raises(PackRefused) as refused:
        load_pack(write_pack(pack_files))
    assert "pack.toml: verison: this key is not known; did you mean version?" in (
        refused.value.complaints
    )
    assert 'pack.toml: version: this key is missing; write version = "…"' in (
        refused.value.complaints
    )
    assert (
        "tables/meetings.json: fields[hours].type: 'float' is not known; "
        "use one of boolean, date, integer, number, string"
    ) in refused.value.complaints
    assert (
        "indicators/x.toml: x.table: 'meetngs' is no table of the pack; did you mean meetings?"
    ) in refused.value.complaints


@pytest.mark.parametrize(
    ("definition", "expected"),
    [
        ('table = "meetings"\ncount = true\ntabel = 1', "x.tabel: this key is not known; did you"),
        ('table = "meetings"', "x: no measure is given; give exactly one of count"),
        ('table = "meetings"\ncount = true\nsum = "hours"', "x.count: count and sum is given"),
        ('table = "meetings"\ncount = false', "x.count: it is not true"),
        ("count = true", "x.table: this key is missing"),
        ("", "x: nothing says how it is worked out"),
        ('formula = "held"\ntable = "meetings"', "x.formula: it stands beside table"),
        ('table = "meetings"\nsum = "houres"', "x.sum: 'houres' is no column of meetings; did you"),
        ('table = "meetings"\nsum = "title"', "x.sum: title is of type string, which has no sum"),
        ('table = "meetings"\naverage = "held"', "x.average: held is of type boolean"),
        ('table = "meetings"\nmax = "held_on"', "x.max: held_on is of type date"),
        ('table = "meetings"\nsum = 3', "x.sum: 3 is no text"),
        ('table = "meetings"\ncount = true\nwhere = "hour > 1"', "x.where: hour is no column of"),
        ('table = "meetings"\ncount = true\nwhere = 1', "x.where: it is no text"),
        ('table = "meetings"\ncount = true\nwhere = "kind = \'wrk\'"', "did you mean work?"),
        (
            'table = "meetings"\ncount = true\nwhere = "chair = \'W\'"',
            "x.where: column chair holds",
        ),
        ('table = "meetings"\nshare_of = "held"', "x.where: a share without it is always 100"),
        ('table = "meetings"\ncount = true\ndate = "hours"', "x.date: hours is of type number"),
        ('table = "meetings"\nstock = { ends = "held_on" }', "x.stock.ends: held_on is also where"),
        ('table = "meetings"\nstock = { end = "held_on" }', "x.stock.end: this key is not known"),
        ('table = "meetings"\nstock = { ends = "title" }', "x.stock.ends: title is of type string"),
        ('table = "units"\ncount = true', "x.table: units is the tree of units"),
        ('table = "meetings"\ncount = true\nover_time = "max"', "x.over_units: over_time and"),
        ('formula = "held"\nover_time = "max"\nover_units = "sum"', "x.over_time: a formula has"),
        ('table = "meetings"\ncount = true\nover_time = "top"\nover_units = "sum"', "'top' is not"),
        (
            'table = "meetings"\ncount = true\nshift = "last_year"',
            "x.shift: 'last_year' is not kno",
        ),
        ('table = "meetings"\ncount = true\nbetter = "high"', "x.better: 'high' is not known"),
        ('table = "meetings"\ncount = true\ntarget = 3', "x.target: nothing says on which side"),
        (
            'table = "meetings"\ncount = true\nbetter = "more"\ntarget = "hled"',
            "did you mean held?",
        ),
        (
            'table = "meetings"\ncount = true\nbetter = "more"\ntarget = true',
            "x.target: True is no",
        ),
        ('table = "meetings"\ncount = true\ndecimals = 1.5', "x.decimals: 1.5 is no whole number"),
        (COUNT + 'better = "more"\ntarget = inf', "x.target: inf is no number"),
        (COUNT + "decimals = 1" + "0" * 400, "x.decimals: 1000"),
        ('table = "meetings"\ncount = true\ndecimals = 7', "x.decimals: 7 is out of range"),
        ('table = "meetings"\ncount = true\nsource = 7', "x.source: 7 is no text"),
        ('formula = "heldd / 2"', "x.formula: 'heldd' is no indicator; did you mean held?"),
        ('formula = "held +"', "x.formula: the formula ends where a value"),
        ('formula = "reporting_rate(meetngs)"', "x.formula: 'meetngs' is no table; did you mean"),
        ('formula = "reporting_rate(units)"', "x.formula: nobody is asked for the table units"),
        ('formula = "units_below(town)"', "x.formula: 'town' is no level; use one of county"),
        ('formula = "target(held)"', "x.formula: held has no target"),
        ('formula = "x + 1"', "x.formula: it leads back to itself: x → x"),
        ('formula = "last_year(x) + 1"', "x.formula: it leads back to itself: x → x"),
        ('table = "meetings"\ncount = true\nbetter = "more"\ntarget = "x"', "x.target: it leads"),
    ],
)
def test_a_wrong_indicator_is_refused(pack_files, write_pack, definition, expected):
    """Each mistake in an indicator is named at its key."""
    pack_files["indicators/x.toml"] = indicator(definition)
    found = complaints(write_pack(pack_files))
    assert any(expected in line and line.startswith("indicators/x.toml: x") for line in found), (
        found
    )


def test_formulas_and_targets_must_not_go_round(pack_files, write_pack):
    """A circle is named once, with its path, however long it is."""
    label = 'label = { zh = "a", en = "a" }\nuom = { zh = "a", en = "a" }\n'
    pack_files["indicators/x.toml"] = (
        f'[a]\n{label}formula = "b + 1"\n[b]\n{label}formula = "year_to_date(c)"\n'
        f'[c]\n{label}formula = "target(d)"\n[d]\n{label}formula = "held"\n'
        'better = "more"\ntarget = "a"\n'
    )
    found = complaints(write_pack(pack_files))
    assert found == [
        "indicators/x.toml: a.formula: it leads back to itself: a → b → c → a; take one of them out"
    ]


def test_a_target_may_grow_from_last_year(pack_files, write_pack):
    """Ten per cent more than last year is a target, not a circle."""
    pack_files["indicators/all.toml"] = pack_files["indicators/all.toml"].replace(
        "count = true", 'count = true\nbetter = "more"\ntarget = "wanted"'
    ) + (
        '[wanted]\nlabel = { zh = "目标", en = "Wanted" }\nuom = { zh = "次", en = "times" }\n'
        'formula = "1.1 * last_year(held)"\n'
    )
    assert load_pack(write_pack(pack_files)).indicators["held"].target == "wanted"


def test_a_target_of_the_same_period_must_not_depend_on_its_own_value(pack_files, write_pack):
    """What is always ten per cent above the value cannot be reached."""
    pack_files["indicators/all.toml"] = pack_files["indicators/all.toml"].replace(
        "count = true", 'count = true\nbetter = "more"\ntarget = "wanted"'
    ) + (
        '[wanted]\nlabel = { zh = "目标", en = "Wanted" }\nuom = { zh = "次", en = "times" }\n'
        'formula = "1.1 * held"\n'
    )
    assert "it leads back to itself: held → wanted → held" in complaints(write_pack(pack_files))[0]


@pytest.mark.parametrize(
    ("field", "changes", "expected"),
    [
        ("hours", {"type": ""}, "fields[hours].type: '' is no text"),
        ("hours", {"name": "Hours"}, "fields[Hours].name: 'Hours' is no name"),
        ("hours", {"name": "period_start"}, "'period_start' means something in predicates"),
        ("hours", {"name": "attended"}, "fields[attended]: two columns have this name"),
        ("hours", {"shuzhi:lable": 1}, "shuzhi:lable: this key is not known; did you"),
        ("hours", {"shuzhi:label": {"zh": "时"}}, "fields[hours].shuzhi:label.en: this key is"),
        ("hours", {"shuzhi:label": "时"}, "fields[hours].shuzhi:label: '时' is no group of keys"),
        ("hours", {"constraints": {"minimum": 5, "maximum": 1}}, "the minimum is above the"),
        ("hours", {"constraints": {"pattern": "x"}}, "constraints.pattern: this key is not known"),
        ("hours", {"constraints": {"minimum": "0"}}, "constraints.minimum: '0' is no number"),
        ("title", {"constraints": {"minimum": 0}}, "constraints.minimum: a string has none"),
        ("title", {"shuzhi:uom": {"zh": "次", "en": "x"}}, "shuzhi:uom: a string is not measured"),
        ("title", {"shuzhi:minutes": -1}, "fields[title].shuzhi:minutes: -1 is out of range"),
        ("title", {"shuzhi:synonyms": "主题"}, "shuzhi:synonyms: it is no list of texts"),
        ("title", {"shuzhi:synonyms": ["人 数"]}, "'人数' also means title; keep it in one"),
        ("title", {"shuzhi:synonyms": ["ａ", "a", "a"]}, "shuzhi:synonyms: 'a' stands there twice"),
        ("title", {"shuzhi:role": "date"}, "a column of role date is of type date; write date"),
        ("title", {"shuzhi:default": "sender"}, "shuzhi:default: only a unit can be the sender"),
        ("title", {"shuzhi:default": "period_end"}, "only a date can be the period's end"),
        ("title", {"shuzhi:role": "unit"}, "fields: 2 columns have the role unit"),
        ("closed_on", {"shuzhi:role": "date"}, "fields: 2 columns have the role date"),
        ("attended", {"shuzhi:role": "person"}, "a column of role person is of type string"),
        ("attended", {"categories": []}, None),
        ("attended", {"categories": [{"value": "1", "shuzhi:label": {"zh": "一", "en": "1"}}]},
         "categories: a integer has no categories"),
        ("kind", {"categories": [{"value": v, "shuzhi:label": text("同", v)} for v in "ab"]},
         "fields[kind].categories[b]: '同' also means a"),
        ("kind", {"categories": ["a"]}, "categories: it is no list of groups of keys"),
    ],
)  # fmt: skip
def test_a_wrong_column_is_refused(pack_files, meetings, write_pack, field, changes, expected):
    """Each mistake in a column is named at its key."""
    meetings[field].update(changes)
    pack_files["indicators/all.toml"] = ""
    found = complaints(write_pack(pack_files))
    if expected is None:
        assert found == []
    else:
        assert any(expected in line for line in found), found


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"name": "meeting"}, "name: the table is called 'meeting', the file 'meetings.json'"),
        ({"primaryKey": ["title", "tilte"]}, "primaryKey: 'tilte' is no column of the table; did"),
        ({"primaryKey": []}, "primaryKey: nothing tells one record from another"),
        ({"uniqueKeys": []}, "uniqueKeys: this key is not known"),
        ({"fields": []}, "fields: the table has no columns"),
        ({"shuzhi:asked": {"levels": ["town"]}}, "shuzhi:asked.levels: 'town' is no level"),
        ({"shuzhi:asked": {"every": "week"}}, "shuzhi:asked.every: 'week' is not known"),
        ({"shuzhi:asked": {"due_days": -1}}, "shuzhi:asked.due_days: -1 is out of range"),
        (
            {"shuzhi:retention": {"year": 1}},
            "shuzhi:retention.year: this key is not known; did you",
        ),
        ({"shuzhi:sums": {"hours": ["hours_talk", "titel"]}}, "'titel' is no column of the table"),
        ({"shuzhi:sums": {"hours": ["title"]}}, "shuzhi:sums.hours: title is no number"),
        ({"shuzhi:sums": {"hours": ["hours"]}}, "the total is one of its parts"),
        ({"shuzhi:sums": {"hours": []}}, "the total has no parts"),
        ({"shuzhi:synonyms": ["单位"]}, "'单位' also means the table"),
        ({"shuzhi:is_units": True}, "2 tables hold the tree of units"),
        ({"shuzhi:rows_per_return": "4"}, "shuzhi:rows_per_return: '4' is no number"),
    ],
)
def test_a_wrong_table_is_refused(pack_files, write_pack, changes, expected):
    """Each mistake in a table is named at its key."""
    pack_files["tables/meetings.json"].update(changes)
    found = complaints(write_pack(pack_files))
    assert any(expected in line for line in found), found


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("2024-01-01", "2023-01-01", "collects.until: it is not after from"),
        ("2024-01-01", '"2024"', "collects.until: '2024' is no day; write until = 2023-01-01"),
        ("2024-01-01", "2024-01-01T00:00:00", "collects.until: datetime"),
        ('code = "township"', 'code = "county"', "levels[county].code: county stands there twice"),
        ('code = "township"', "", "code: this key is missing"),
        ('name = "small"', "name = 3", "name: 3 is no text"),
        ('name = "small"', 'name = "small', "it cannot be read"),
    ],
)
def test_a_wrong_pack_file_is_refused(pack_files, write_pack, old, new, expected):
    """Each mistake in pack.toml is named at its key."""
    pack_files["pack.toml"] = pack_files["pack.toml"].replace(old, new, 1)
    found = complaints(write_pack(pack_files))
    assert any(expected in line and line.startswith("pack.toml: ") for line in found), found


@pytest.mark.parametrize(
    ("file", "content", "expected"),
    [
        ("tables/meetings.json", "{", "tables/meetings.json: it cannot be read"),
        ("tables/meetings.json", "[]", "tables/meetings.json: it is no group of keys"),
        ("tables/meetings.json", '{"name": 1, "name": 2}', "the key 'name' stands twice"),
        ("tables/meetings.json", '{"name": ' + "[" * 50_000, "it nests too deeply"),
        ("tables/meetings.json", " " * 1_000_001, "it is larger than 1 MB"),
        ("checks.toml", "a = " + "[" * 50_000, "checks.toml: it nests too deeply"),
        ("checks.toml", "a = ", "checks.toml: it cannot be read"),
        ("indicators/x.toml", "label = 1", "indicators/x.toml: label: it stands before any"),
        ("indicators/x.toml", "[X]", "indicators/x.toml: X: 'X' is no name"),
        ("indicators/x.toml", "[held]", "held: indicators/all.toml defines it too"),
    ],
)
def test_a_file_that_cannot_be_used_is_a_complaint(pack_files, write_pack, file, content, expected):
    """Broken, huge or deep files are named; nothing crashes."""
    pack_files[file] = content
    found = complaints(write_pack(pack_files))
    assert any(expected in line for line in found), found


WRONG = [None, 0, -1, 1.5, True, "", " ", "x", "\x00", [], [1], [[]], [""], {}, {"x": 1}, [{}]]


def _paths(values, path=()):
    """Every place in the files where something stands."""
    entries = values.items() if isinstance(values, dict) else enumerate(values)
    for key, value in entries:
        yield (*path, key)
        if isinstance(value, dict | list):
            yield from _paths(value, (*path, key))


def _replaced(values, path, value):
    target = values
    for key in path[:-1]:
        target = target[key]
    if value is _ABSENT:
        del target[path[-1]]
    else:
        target[path[-1]] = value


_ABSENT = object()


@pytest.mark.parametrize("wrong", [*WRONG, pytest.param(_ABSENT, id="absent")], ids=repr)
def test_whatever_stands_in_a_table_there_are_complaints_and_no_crash(
    pack_files, write_pack, wrong
):
    """Each value of a table in turn replaced by another kind of value, or taken out."""
    table = pack_files["tables/meetings.json"]
    table["shuzhi:sums"] = {"hours": ["hours_talk"]}
    path = write_pack(pack_files)
    for place in list(_paths(table)):
        changed = deepcopy(table)
        _replaced(changed, place, wrong)
        (path / "tables" / "meetings.json").write_text(json.dumps(changed), encoding="utf-8")
        examination = examine_pack(path)
        assert (examination.pack is None) == bool(examination.complaints)


def test_a_folder_without_a_pack_is_refused(tmp_path):
    """The message says which file is looked for."""
    with pytest.raises(PackRefused, match="name the folder that holds a pack.toml"):
        load_pack(tmp_path)


def test_a_file_that_is_not_utf8_is_refused(pack_files, write_pack):
    """A pack saved in GB18030 is named, not half read."""
    path = write_pack(pack_files)
    (path / "pack.toml").write_bytes('name = "清河"'.encode("gb18030"))
    assert complaints(path) == ["pack.toml: it is not in UTF-8; save it as UTF-8"]


def test_a_link_out_of_the_pack_is_not_followed(pack_files, write_pack, tmp_path):
    """A pack is a folder; what lies outside it is not part of it."""
    path = write_pack(pack_files)
    (tmp_path / "outside.toml").write_text(indicator('table = "meetings"\ncount = true'))
    (path / "indicators" / "linked.toml").symlink_to(tmp_path / "outside.toml")
    assert complaints(path) == ["indicators/linked.toml: it lies outside the pack; copy it in"]


def test_a_shipped_pack_is_known_by_its_content(tmp_path):
    """A copy counts as shipped; one changed letter, or a name that leads elsewhere, does not."""
    shipped = shipped_pack("annual-duty")
    copy = tmp_path / "copy"
    shutil.copytree(shipped, copy)
    assert load_pack(copy).is_shipped

    changed = copy / "indicators" / "leading.toml"
    changed.write_bytes(changed.read_bytes() + b"\n")
    assert not load_pack(copy).is_shipped
    assert not is_shipped(copy, "../packs/annual-duty")


def test_a_file_that_links_to_itself_is_a_complaint(tmp_path):
    """A loop of links is named, and not followed."""
    pack = tmp_path / "pack"
    shutil.copytree(shipped_pack("annual-duty"), pack)
    (pack / "indicators" / "loop.toml").symlink_to("loop.toml")
    with pytest.raises(PackRefused, match="loop.toml: it is no file"):
        load_pack(pack)
