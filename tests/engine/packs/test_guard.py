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
        ("report/report.toml", '[x]\norder_by = "meetings.chair"', "x.order_by: meetings.chair"),
        (
            "report/report.toml",
            '[[drafts]]\nindicator = "held"\nowner = "chair"',
            "drafts[1].owner: chair holds persons",
        ),
        ("report/report.toml", '[c]\ntable = "meetings"\nper = "chair"', "c.per: chair holds"),
        ("checks.toml", '[twice]\nfields = ["meetings.chair"]', "twice.fields: meetings.chair"),
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
        "粉丝数", "发帖", "满意度", "群众满意率", "支持率", "好评数", "信教人数", "政治倾向",
        "情感倾向", "网评", "网络评论员", "读者评论", "转评赞", "关注量", "心态", "口碑",
        "负面言论", "态度端正", "態度", "輿情", "觀點", "情 绪", "情-绪", "情\u200b绪",
        "attitude", "Opinions", "public opinion", "sentiment", "ideology", "beliefs",
        "Views of residents", "mood", "reposts", "likes", "like count", "Comments", "netizens",
        "social media posts", "third-party posts", "user posts", "followers",
        "Shares", "share count", "number of shares", "re-tweets", "reader comments", "stance",
        "political leaning", "political status", "Religion", "satisfaction", "satisfied residents",
        "approval rating", "public mood", "hashtags", "upvotes", "ＯＰＩＮＩＯＮ",
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
        "服务态度", "表态发言单位数", "设立场所数", "独立场馆", "参观点位", "查看法律文书",
        "市民意识教育", "农民意外保险", "核心价值观宣讲", "苗头性倾向性问题", "宗教活动场所",
        "征求意见", "意见采纳数", "转发上级通知", "诚信教育", "内控评价", "做好评选", "互联网评估",
        "关注事项", "回访确认", "本人是否确认解决", "负面清单", "Confirmed by the resident",
        "Days are posted", "Conditions satisfied", "In good faith", "Fans", "Instance", "Distance",
        "Repository", "Comment", "Feedback given", "Approved by", "Shareholder",
    ],
)  # fmt: skip
def test_words_of_ordinary_work_are_not_refused(pack_files, meetings, write_pack, words):
    """Posts are jobs here, a review is a signature, and advice on repairs is no opinion."""
    meetings["held"]["shuzhi:synonyms"] = [words]
    assert words in load_pack(write_pack(pack_files)).tables["meetings"].column("held").synonyms


def _category(meetings, pack_files):
    label = {"zh": "舆情", "en": "Other"}
    meetings["kind"]["categories"].append({"value": "o", "label": "o", "shuzhi:label": label})
    return "tables/meetings.json: fields[kind].categories[o].shuzhi:label: '舆情'"


def _note(meetings, pack_files):
    meetings["hours"]["shuzhi:note"] = {"zh": "填写群众满意度", "en": "1 to 5"}
    return "tables/meetings.json: fields[hours].shuzhi:note: '填写群众满意度'"


def _indicator_label(meetings, pack_files):
    pack_files["indicators/x.toml"] = INDICATOR.replace("指标", "满意度") + "count = true"
    return "indicators/x.toml: x.label: '满意度'"


def _indicator_name(meetings, pack_files):
    pack_files["indicators/x.toml"] = INDICATOR.replace("[x]", "[mood_index]") + "count = true"
    return "indicators/x.toml: mood_index.name: 'mood_index'"


def _scorecard_label(meetings, pack_files):
    pack_files["scorecard.toml"] = '[items.held]\nlabel = { zh = "舆情处置", en = "Held" }'
    return "scorecard.toml: items.held.label.zh: '舆情处置'"


def _report_title(meetings, pack_files):
    pack_files["report/report.toml"] = '[[sections]]\ntitle = { zh = "一", en = "Public opinion" }'
    return "report/report.toml: sections[1].title.en: 'Public opinion'"


@pytest.mark.parametrize(
    "plant",
    [_category, _note, _indicator_label, _indicator_name, _scorecard_label, _report_title],
)
def test_whatever_is_shown_is_held_to_it(pack_files, meetings, write_pack, plant):
    """Categories, notes, indicators, scorecards and titles say it no more than columns do."""
    place = plant(meetings, pack_files)
    (found,) = refusals(write_pack(pack_files))
    assert found.startswith(place)


@pytest.mark.parametrize(
    ("zh", "en"),
    [
        ("姓名", "Who"), ("参会人姓名", "Who"), ("身份证号", "Number"), ("手机号", "Number"),
        ("联系人", "Who"), ("负责人", "Who"), ("参会人员名单", "List"), ("家庭住址", "Place"),
        ("人", "Full name"), ("人", "Name of the applicant"), ("号", "ID card"), ("号", "Phone"),
        ("号", "Mobile phone"), ("人", "Speaker"), ("人", "Chairman"), ("人", "Participants"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("role", [None, "text", "id"])
def test_persons_under_another_role_are_refused(pack_files, meetings, write_pack, zh, en, role):
    """A name, a number or an address of a person has the role person or is not asked for."""
    meetings["title"]["shuzhi:label"] = {"zh": zh, "en": en}
    if role:
        meetings["title"]["shuzhi:role"] = role
    (found,) = refusals(write_pack(pack_files))
    assert found.startswith("tables/meetings.json: fields[title].shuzhi:role: ")
    assert "the column has not the role person" in found


def test_a_number_does_not_hide_a_person(pack_files, meetings, write_pack):
    """A telephone typed as an integer, or a synonym that brings names in, is found too."""
    meetings["attended"]["shuzhi:label"] = {"zh": "手机号码", "en": "Number"}
    meetings["title"]["shuzhi:synonyms"] = ["主讲人姓名"]
    assert [line.split(":")[1] for line in refusals(write_pack(pack_files))] == [
        " fields[title].shuzhi", " fields[attended].shuzhi"
    ]  # fmt: skip


@pytest.mark.parametrize(
    "words",
    ["发生日期", "负责人数", "主要负责人是否主持", "人员", "办公电话", "热线电话",
     "主持人职务", "名称",
     "阵地名称", "Name", "Venue name", "Mobile library", "Chaired by the head", "Contact hours",
     "单位名单", "Personal computers", "Posts named"],
)  # fmt: skip
def test_columns_that_name_nobody_pass(pack_files, meetings, write_pack, words):
    """How many there were, what they are called as an office, and things named like them."""
    meetings["title"]["shuzhi:synonyms"] = [words]
    assert load_pack(write_pack(pack_files))


def test_a_record_is_not_numbered_by_its_persons(pack_files, write_pack):
    """A key made of names would carry them into every list of records."""
    pack_files["tables/meetings.json"]["primaryKey"] = ["unit", "held_on", "chair"]
    (found,) = refusals(write_pack(pack_files))
    assert found.startswith("tables/meetings.json: primaryKey: chair holds persons")


@pytest.mark.parametrize("level", ["干部", "村民", "网格员", "Staff", "Residents", "Employee"])
def test_persons_are_no_units(pack_files, write_pack, level):
    """A tree whose lowest level are people would score and list them as units."""
    pack_files["pack.toml"] += f"""
    [[levels]]
    code = "lowest"
    label = {{ zh = "{level}", en = "{level}" }}
    """
    (found,) = refusals(write_pack(pack_files))
    assert found.startswith(f"pack.toml: levels[lowest]: {level!r} are persons")


def test_persons_named_as_units_are_found(pack_files, write_pack):
    """The table of units is held to it too."""
    pack_files["tables/units.json"]["fields"][1]["shuzhi:synonyms"] = ["姓名"]
    (found,) = refusals(write_pack(pack_files))
    assert found.startswith("tables/units.json: fields[name].shuzhi:role: '姓名'")
