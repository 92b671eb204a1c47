import pytest

from shuzhi.packs.lint import lint_pack


def warnings(path, word: str) -> list[str]:
    return [str(warning) for warning in lint_pack(path).warnings if word in warning.what]


def test_a_column_that_feeds_nothing_is_named(pack_files, write_pack):
    """Columns no indicator, check or page uses are named; keys, units and days are not."""
    assert warnings(write_pack(pack_files), "uses it") == [
        f"tables/meetings.json: fields[{name}]: no indicator, check or page uses it, and units "
        'spend time on it; ask no longer, or name its use in "shuzhi:feeds"'
        for name in ("hours_talk", "attended", "chair", "closed_on")
    ]


@pytest.mark.parametrize(
    "file_and_content",
    [
        ("checks.toml", '[heaping]\ncolumns = ["meetings.attended"]'),
        ("checks.toml", '[heaping]\nrule = "attended <= capacity"'),
        ("scorecard.toml", '[[items]]\nrecords = "attended"'),
        ("report/report.toml", '[[annex]]\nshow = ["attended"]'),
        (
            "indicators/x.toml",
            '[x]\nlabel = { zh = "人", en = "a" }\nuom = { zh = "人", en = "a" }\n'
            'table = "meetings"\nshare_of = "attended > 3"\nwhere = "held"',
        ),
    ],
)
def test_checks_scores_pages_and_indicators_all_count_as_use(
    pack_files, write_pack, file_and_content
):
    """Whatever reads a column justifies asking for it."""
    pack_files[file_and_content[0]] = file_and_content[1]
    assert not any("attended" in line for line in warnings(write_pack(pack_files), "uses it"))


def test_totals_their_parts_and_named_uses_feed_something(pack_files, meetings, write_pack):
    """A part of a checked total is used; so is what `shuzhi:feeds` names."""
    pack_files["tables/meetings.json"]["shuzhi:sums"] = {"hours": ["hours_talk"]}
    meetings["chair"]["shuzhi:feeds"] = ["register"]
    lines = warnings(write_pack(pack_files), "uses it")
    assert not any("hours_talk" in line or "chair" in line for line in lines)


def second_table(pack_files, field) -> None:
    table = pack_files["tables/meetings.json"]
    frame = [column for column in table["fields"] if column["name"] in ("unit", "held_on")]
    pack_files["tables/study.json"] = {
        **table,
        "name": "study",
        "primaryKey": ["unit", "held_on"],
        "shuzhi:label": {"zh": "学习", "en": "Study"},
        "shuzhi:synonyms": [],
        "fields": [*frame, field],
    }


def test_a_fact_asked_twice_under_another_name_is_named(pack_files, write_pack):
    """The same units are asked for one number in two tables."""
    second_table(
        pack_files,
        {
            "name": "present", "type": "integer",
            "shuzhi:label": {"zh": "到会", "en": "Present"}, "shuzhi:synonyms": ["人数"],
        },
    )  # fmt: skip
    assert warnings(write_pack(pack_files), "asks the same units") == [
        "tables/study.json: fields[present]: meetings.attended asks the same units for '人数' "
        "too; ask once, or give them labels and synonyms that differ"
    ]


def test_a_fact_asked_of_other_units_is_not_asked_twice(pack_files, write_pack):
    """Two levels may be asked for the same thing, each for its own."""
    second_table(
        pack_files,
        {"name": "present", "type": "integer", "shuzhi:label": {"zh": "人数", "en": "Present"}},
    )
    pack_files["tables/study.json"]["shuzhi:asked"] = {"levels": ["township"]}
    pack_files["tables/meetings.json"]["shuzhi:asked"] = {"levels": ["county"]}
    assert warnings(write_pack(pack_files), "asks the same units") == []


def test_what_looks_personal_is_named(pack_files, meetings, write_pack):
    """A telephone number that has not the role person is pointed out."""
    meetings["title"]["shuzhi:label"] = {"zh": "联系电话", "en": "Call"}
    assert len(warnings(write_pack(pack_files), "looks like a datum about a person")) == 1


def test_records_kept_for_ever_are_named(pack_files, write_pack):
    """Every table says how long its records are kept."""
    del pack_files["tables/meetings.json"]["shuzhi:retention"]
    assert len(warnings(write_pack(pack_files), "how long the records are kept")) == 1


def test_the_minutes_a_year_of_each_level(pack_files, meetings, write_pack):
    """Minutes a row × rows a return × returns a year, for each level that is asked."""
    pack_files["tables/meetings.json"]["shuzhi:rows_per_return"] = 3
    pack_files["tables/meetings.json"]["shuzhi:asked"]["levels"] = ["township"]
    county, township = lint_pack(write_pack(pack_files)).load
    assert (county.level, county.minutes, county.tables) == ("county", 0, {})
    # ten columns of half a minute each, three rows, four quarters
    assert (township.level, township.minutes, township.tables) == (
        "township", 60.0, {"meetings": 60.0},
    )  # fmt: skip


def test_a_refused_pack_has_complaints_and_no_warnings(pack_files, write_pack):
    """Lint reports complaints without raising."""
    pack_files["pack.toml"] += "\n[x]\n"
    report = lint_pack(write_pack(pack_files))
    assert [complaint.key for complaint in report.complaints] == ["x"]
    assert (report.warnings, report.load) == ((), ())
