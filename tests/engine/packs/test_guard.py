import pytest

from shuzhi.errors import PackRefused
from shuzhi.packs.lint import lint_pack
from shuzhi.packs.load import load_pack

INDICATOR = """
[x]
label = { zh = "指标", en = "Indicator" }
uom = { zh = "次", en = "times" }
table = "meetings"
"""


def refusals(path) -> list[str]:
    """What load_pack, and so every command, says."""
    with pytest.raises(PackRefused) as refused:
        load_pack(path)
    assert refused.value.complaints == tuple(map(str, lint_pack(path).complaints))
    return list(refused.value.complaints)


def test_an_indicator_about_persons_is_refused(pack_files, write_pack):
    """A unit, a venue, an activity or an item is measured; a person never is."""
    pack_files["indicators/x.toml"] = f'{INDICATOR}count = true\nsubject = "person"'
    assert refusals(write_pack(pack_files)) == [
        "indicators/x.toml: x.subject: a person is not measured, scored or ranked; "
        "measure what units did: subject is one of unit, venue, activity, item"
    ]


@pytest.mark.parametrize("subject", ["unit", "venue", "activity", "item"])
def test_what_units_run_may_be_measured(pack_files, write_pack, subject):
    """The four subjects are accepted."""
    pack_files["indicators/x.toml"] = f'{INDICATOR}count = true\nsubject = "{subject}"'
    assert load_pack(write_pack(pack_files)).indicators["x"].subject == subject


def test_an_unknown_subject_is_refused(pack_files, write_pack):
    """A new word for a person does not get through either."""
    pack_files["indicators/x.toml"] = f'{INDICATOR}count = true\nsubject = "employee"'
    assert "x.subject: 'employee' is no subject" in refusals(write_pack(pack_files))[0]


@pytest.mark.parametrize("measure", ["sum", "average", "median", "min", "max", "last"])
def test_a_column_about_persons_is_only_counted(pack_files, write_pack, measure):
    """Counting heads is allowed, measuring them is not."""
    pack_files["indicators/x.toml"] = f'{INDICATOR}{measure} = "chair"'
    found = refusals(write_pack(pack_files))
    assert found == [
        f"indicators/x.toml: x.{measure}: chair holds persons, who are counted and never "
        'measured; write distinct = "chair" or count = true'
    ]


@pytest.mark.parametrize("measure", ['distinct = "chair"', "count = true"])
def test_persons_may_be_counted(pack_files, write_pack, measure):
    """How many chaired, and in how many meetings a chair is named."""
    pack_files["indicators/x.toml"] = f'{INDICATOR}{measure}\nwhere = "chair is not null"'
    assert load_pack(write_pack(pack_files)).indicators["x"].measure.table == "meetings"


@pytest.mark.parametrize(
    ("file", "content", "key"),
    [
        ("scorecard.toml", '[[items]]\nsubject = "person"', "items[1].subject: a person is not"),
        (
            "scorecard.toml",
            '[peers]\ngroup_by = "meetings.chair"',
            "peers.group_by: meetings.chair",
        ),
        ("scorecard.toml", '[peers]\ngroup_by = "chair"', "peers.group_by: chair holds persons"),
        ("checks.toml", '[twice]\ntable = "meetings"\ncolumns = ["chair"]', "twice.columns: chair"),
        ("checks.toml", '[twice]\n"by" = ["meetings.chair"]', "twice.by: meetings.chair holds"),
        ("report/report.toml", '[[annex]]\nshow = ["title", "chair"]', "annex[1].show: chair hold"),
        ("report/report.toml", '[x.y]\nsubject = "person"', "x.y.subject: a person is not"),
    ],
)
def test_persons_are_never_scored_listed_or_grouped(pack_files, write_pack, file, content, key):
    """Scorecards, checks and reports are held to it too."""
    pack_files[file] = content
    found = refusals(write_pack(pack_files))
    assert len(found) == 1
    assert found[0].startswith(f"{file}: {key}")


def test_a_name_that_is_a_person_in_one_table_only_is_judged_by_its_table(
    pack_files, meetings, write_pack
):
    """`title` of posts may be shown although another table calls a person so."""
    pack_files["scorecard.toml"] = '[a]\ntable = "meetings"\nshow = ["title"]'
    assert load_pack(write_pack(pack_files)).scorecard["a"]["show"] == ["title"]


@pytest.mark.parametrize(
    "words",
    [
        "态度", "政治立场", "群众意见", "思想动态", "思想倾向", "意识形态表现", "宗教信仰", "情绪",
        "民意", "言论", "舆情", "网民", "网络舆论", "跟帖数", "转发量", "点赞数", "评论数",
        "粉丝数", "发帖", "attitude", "Opinions", "public opinion", "sentiment", "ideology",
        "beliefs",
        "Views of residents", "mood", "reposts", "likes", "like count", "Comments", "netizens",
        "social media posts", "third-party posts", "user posts", "followers",
    ],
)  # fmt: skip
def test_a_table_about_views_or_what_others_publish_is_refused(
    pack_files, meetings, write_pack, words
):
    """Whether it is said in a label or in a synonym, in Chinese or in English."""
    meetings["title"]["shuzhi:synonyms"] = [words]
    found = refusals(write_pack(pack_files))
    assert len(found) == 1
    assert found[0].startswith(
        f"tables/meetings.json: fields[title].shuzhi:synonyms: {words!r} is refused because of"
    )
    assert "Shuzhi " in found[0]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("name", "public_sentiment"),
        ("name", "repost_count_of_users_likes"),
        ("shuzhi:label", {"zh": "思想状况", "en": "State of things"}),
        ("shuzhi:label", {"zh": "情况", "en": "Attitude to the plan"}),
    ],
)
def test_names_and_labels_are_held_to_it_too(pack_files, meetings, write_pack, key, value):
    """A harmless label does not cover a telling name, nor the other way round."""
    meetings["closed_on"][key] = value
    assert any("is refused because of" in line for line in refusals(write_pack(pack_files)))


def test_the_table_itself_is_held_to_it(pack_files, write_pack):
    """A table called 舆情台账 is refused by its title alone."""
    pack_files["tables/meetings.json"]["shuzhi:synonyms"] = ["舆情台账"]
    assert "'舆情台账' is refused because of '舆情'" in refusals(write_pack(pack_files))[0]


@pytest.mark.parametrize(
    "words",
    [
        "整改意见", "处理意见", "转发文件数", "评论员文章", "岗位",
        "Posts", "Reviewed", "Share of time",
        "Interviews", "Preview", "Likelihood", "意识", "服务次数", "Post title", "Unlike",
    ],
)  # fmt: skip
def test_words_of_ordinary_work_are_not_refused(pack_files, meetings, write_pack, words):
    """Posts are jobs here, a review is a signature, and advice on repairs is no opinion."""
    meetings["title"]["shuzhi:synonyms"] = [words]
    assert words in load_pack(write_pack(pack_files)).tables["meetings"].column("title").synonyms
