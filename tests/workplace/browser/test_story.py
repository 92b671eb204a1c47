"""The whole story of a quarter in a browser, by workbook and by web form."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import DESK, OpenPage
from browser.story_workbooks import (
    QUARTER,
    figures_by_command_line,
    figures_of_preview,
    fill_in,
)
from workplace.accounts.models import User
from workplace.editions.models import Preview
from workplace.jobs.worker import work_off
from workplace.rounds.models import Return

STUDY, MEETINGS = "学习活动", "会议"
TITLE = "三季度报送"
# 学习编号 学习单位 学习日期 学习形式 学习主题 是否举行 学习时长 研讨时长 应到人数 实到人数
_FIRST = ["青学1", "青石镇", date(2023, 7, 12), "中心组", "乡村治理专题学习", "是", 120, 40, 20]
_SECOND = ["青学2", "青石镇", date(2023, 8, 9), "专题讲座", "防汛知识讲座", "是", 90, None, 60, 52]
_THIRD = ["青学3", "青石镇", date(2023, 8, 30), "交流研讨", "移风易俗研讨", "是", 100, 80, 12]
_FOURTH = ["青学4", "青石镇", date(2023, 9, 6), "中心组", "年度方案学习", "是", 120, 35, 20, 26]
RIGHT = [[*_FIRST, 19], _SECOND, [*_THIRD, 11], _FOURTH]
# A day that is none, a number that is none, a total nobody asked for, and 18 who were 19.
MESSY = [
    [*_FIRST, 18],
    _SECOND,
    [*_THIRD[:2], "八月三十号左右", *_THIRD[3:], "若干"],
    [],
    _FOURTH,
    ["合计", None, None, None, None, None, 430, 155, 112, 96],
]
_MEETING = {
    "meeting_no": "青会1", "held_on": "2023年7月20日", "title": "三季度工作调度会",
    "agenda_items": "3", "items_decided": "2", "items_done": "1", "expected": "18",
    "attended": "17",
}  # fmt: skip


@pytest.fixture
def look_patiently() -> Iterator[None]:
    """A machine with much else to do takes its time."""
    expect.set_options(timeout=15_000)
    yield
    expect.set_options(timeout=5_000)


@pytest.mark.usefixtures("look_patiently")
def test_a_messy_workbook_becomes_a_proof(
    page_as: OpenPage, people: dict[str, User], tmp_path: Path
):
    """Asked, dropped, mended, explained, sent, given back, sent again, signed, accepted, counted,
    proven; and the command line counts the same."""
    county, clerk, head = page_as("county", DESK), page_as("clerk1", DESK), page_as("head1", DESK)
    open_round(county, "study_sessions")
    form = download_form(clerk, tmp_path)
    drop_and_mend(clerk, fill_in(form, tmp_path / "青石镇三季度.xlsx", {STUDY: MESSY}))
    explain_and_send(clerk)
    give_back(head, "乡村治理专题学习", "实到人数", "签到册上是19人，请核对。")
    mend_what_was_remarked(clerk, "19")
    sign(head, "签字")
    sign(county, "接收")
    expect_green(county)
    preview = make_preview(county)
    prove(county, "study_sessions_held", "4", "青石镇三季度.xlsx", "青学4")
    (tmp_path / "sent").mkdir()
    fill_in(form, tmp_path / "sent" / "青石镇三季度.xlsx", {STUDY: RIGHT})
    by_command_line = figures_by_command_line(tmp_path / "sent")
    assert by_command_line["study_sessions_held"][:3:2] == (4, 4)
    assert figures_of_preview(preview) == by_command_line


@pytest.mark.usefixtures("look_patiently")
def test_the_same_by_web_form_on_a_phone(
    page_as: OpenPage, people: dict[str, User], tmp_path: Path
):
    """A record typed, whose draft outlives a reload; nothing this period for the other table."""
    county, clerk, head = page_as("county"), page_as("clerk1"), page_as("head1")
    open_round(county, "study_sessions", "meetings")
    form = download_form(clerk, tmp_path)
    type_a_meeting(clerk)
    clerk.get_by_role("link", name="核对并报送").first.click()
    clerk.get_by_role("button", name=re.compile("^报送 1 条记录")).click()
    expect(clerk.locator("h1")).to_have_text("回执")
    answer_nothing(clerk)
    work_off()
    for _ in ("meetings", "study_sessions"):
        sign(head, "签字")
    for _ in ("meetings", "study_sessions"):
        sign(county, "接收")
    expect_green(county)
    preview = make_preview(county)
    row = [
        "青会1",
        "青石镇",
        date(2023, 7, 20),
        "工作会议",
        "三季度工作调度会",
        "是",
        3,
        2,
        1,
        18,
        17,
    ]
    (tmp_path / "sent").mkdir()
    fill_in(form, tmp_path / "sent" / "青石镇.xlsx", {MEETINGS: [row], STUDY: [["无"]]})
    by_command_line = figures_by_command_line(tmp_path / "sent")
    assert by_command_line["meetings_held"][0] == 1
    assert by_command_line["study_sessions_held"][0] == 0
    assert figures_of_preview(preview) == by_command_line


def open_round(page: Page, *tables: str) -> None:
    """The county office asks T1 alone; the board is on the page afterwards."""
    page.goto(f"/rounds/new/?period={QUARTER}")
    page.get_by_label("名称").fill(TITLE)
    for box in page.locator("input[name=tables]").all():
        box.set_checked(box.get_attribute("value") in tables)
    page.get_by_label("仅限下面选中的单位").check()
    page.locator("details.fold", has=page.locator("#unit-T1")).locator("summary").click()
    page.locator("#unit-T1").check()
    page.get_by_role("button", name="开启报送任务").click()
    expect(page.locator("h1")).to_have_text(TITLE)
    expect(page.locator("#board tbody tr")).to_have_count(1)


def download_form(page: Page, folder: Path) -> Path:
    """The clerk comes by the desk to the round and takes the prefilled workbook along."""
    page.goto("/")
    page.get_by_role("link", name="全部表格和工作簿").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="下载预填工作簿").click()
    out = folder / "form.xlsx"
    download.value.save_as(out)
    return out


def drop_and_mend(page: Page, workbook: Path) -> None:
    """Two cells are put right on the page; then the rows are taken over."""
    page.get_by_role("link", name="上传填好的工作簿").click()
    page.set_input_files("#files", workbook)
    page.get_by_role("button", name="报送", exact=True).click()
    expect(page.locator("#progress")).to_be_visible()
    work_off()
    row = page.locator(".problem-row")
    expect(row).to_have_count(1)
    expect(row.locator("mark")).to_have_count(2)
    row.get_by_label("学习日期").fill("2023-08-30")
    row.get_by_label("实到人数").fill("11")
    row.get_by_role("button", name="更正").click()
    expect(row.locator("mark")).to_have_count(0)
    work_off()
    expect(page.locator("#plan")).to_contain_text("新增 4 条")
    page.get_by_role("button", name="采用这些行").click()
    work_off()
    page.get_by_role("link", name="查看疑点并报送").click()


def explain_and_send(page: Page) -> None:
    """26 came of 20: somebody has to say how."""
    expect(page.locator(".flag")).to_have_count(1)
    expect(page.locator(".flag-question")).to_contain_text("26")
    page.get_by_label("原因说明").fill("另有6名村干部列席。")
    page.get_by_role("button", name="保存说明").click()
    expect(page.locator(".flag .said")).to_contain_text("列席")
    page.get_by_role("button", name=re.compile("^报送 4 条记录")).click()
    expect(page.locator("h1")).to_have_text("回执")
    work_off()


def give_back(page: Page, record: str, field: str, remark: str) -> None:
    """The head remarks on one field of one record, and gives the return back."""
    page.goto("/approval/sign/")
    page.locator(".inbox tbody th a").click()
    page.get_by_role("link", name=re.compile(rf"查看、提意见.*{record}")).click()
    page.get_by_label(f"修改意见：{field}").fill(remark)
    page.get_by_role("button", name="记下").click()
    decide = page.locator(".decide")
    expect(decide).to_contain_text(remark)
    decide.get_by_role("button", name="退回", exact=True).click()
    expect(page.locator(".toasts")).to_contain_text("退回")


def mend_what_was_remarked(page: Page, value: str) -> None:
    """From the desk to the remark, from there to the record's form; then it is sent again."""
    page.goto("/")
    page.locator("a[href$='/remarks/']").first.click()
    page.locator(".card-list .card h2 a").click()
    field = page.locator(".entry-field", has=page.locator(".remark"))
    field.locator("input[type=text]").fill(value)
    page.get_by_role("button", name="保存", exact=True).click()
    page.get_by_role("link", name="核对并报送").first.click()
    expect(page.locator(".differences")).to_contain_text("19")
    page.get_by_role("button", name=re.compile("^报送 4 条记录")).click()
    expect(page.locator("h1")).to_have_text("回执")
    work_off()


def sign(page: Page, word: str) -> None:
    """The first return that waits for this person is looked at and passed on."""
    page.goto("/approval/sign/" if word == "签字" else "/approval/accept/")
    waiting = page.locator(".inbox tbody tr")
    before = waiting.count()
    waiting.first.locator("th a").click()
    decide = page.locator(".decide")
    for box in decide.locator("input[name=seen]").all():
        box.check()
    decide.get_by_role("button", name=word, exact=True).click()
    expect(decide).to_have_count(0)
    page.goto("/approval/sign/" if word == "签字" else "/approval/accept/")
    expect(waiting).to_have_count(before - 1)


def expect_green(page: Page) -> None:
    """Nothing of the round is missing any more."""
    page.goto("/rounds/")
    page.get_by_role("link", name=TITLE).click()
    states = page.locator("#board tbody .state")
    expect(states.first).to_be_attached()
    for state in states.all():
        expect(state).to_have_class(re.compile("state-green"))
    assert set(Return.objects.values_list("state", flat=True)) == {"accepted"}


def make_preview(page: Page) -> Preview:
    """Asked for on the page, ready on the page."""
    page.goto("/figures/previews/")
    page.locator("form", has_text="年度履职").get_by_role("button", name="现在生成预览").click()
    expect(page.locator("progress")).to_be_visible()
    work_off()
    expect(page.get_by_role("link", name="查看指标")).to_be_visible()
    return Preview.objects.get()


def prove(page: Page, indicator: str, value: str, file: str, record: str) -> None:
    """From the figure to its records, the file and the cells, and to one record's own page."""
    page.get_by_role("link", name="查看指标").click()
    page.goto(f"/figures/unit/T1/?period={QUARTER}")
    page.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true })")
    page.locator(f"a[href*='/proof/{indicator}/']", has_text=value).first.click()
    row = page.locator("section[aria-labelledby=rows] tbody tr", has_text=record)
    expect(row).to_contain_text(file)
    expect(row).to_contain_text(re.compile(r"第\s?7\s?行"))
    row.locator("th a").click()
    expect(page.locator("main")).to_contain_text(file)
    expect(page.locator("main")).to_contain_text("26")


def type_a_meeting(page: Page) -> None:
    """What was typed is there again after a reload, before it was saved."""
    page.locator(".task", has_text="会议").get_by_role("link", name="在线填报").click()
    page.get_by_role("link", name="新增记录").first.click()
    for name, text in _MEETING.items():
        page.locator(f"#field_{name}").fill(text)
    page.get_by_text("工作会议", exact=True).click()
    with page.expect_response(lambda answer: answer.url.endswith("/draft/")):
        page.locator("[id=field_chaired_by_head]").get_by_text("是", exact=True).click()
    expect(page.locator("#draft-state")).to_contain_text("草稿已于")
    page.reload()
    expect(page.locator("#field_title")).to_have_value(_MEETING["title"])
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator("main")).to_contain_text("1 条记录")


def answer_nothing(page: Page) -> None:
    """A zero on the record for the other table, by one button and one question."""
    page.goto("/")
    page.get_by_role("link", name="全部表格和工作簿").click()
    page.locator(".task", has_text=STUDY).get_by_role("link", name="本期无").click()
    page.get_by_role("button", name="确认报送“本期无”").click()
    expect(page.locator(".task", has_text=STUDY)).to_contain_text("已报送")
