"""A number that is bound to no figure and marked as no given fails the build."""

import pytest

from shuzhi.errors import PackRefused
from shuzhi.reports.lint import lint_paragraphs
from shuzhi.reports.markers import given, token


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("召开会议12次", "12"),
        ("召开会议１２次", "１２"),
        ("完成率98.5%", "98.5"),
        ("开会①次", "①"),
        ("三个乡镇", "三"),
        ("十二次会议", "十二"),
        ("一百多人", "一百多"),
        ("两家单位", "两"),
        ("百余名队员", "百余"),
    ],
)
def test_numbers_are_found(text, number):
    """Digits of every script, and Chinese numerals from two up that count something."""
    assert [found.number for found in lint_paragraphs([text])] == [number]


@pytest.mark.parametrize(
    "text",
    [
        "第一责任人",
        "一个单位",
        "一、履职",
        "（二）学习",
        "三审制度",
        "万元",
        "统一部署",
        "帮助千家万户",
        token("f.C.2023", "12") + "次",
        given("2023年") + "度",
    ],
)
def test_words_are_left_alone(text):
    """Ordinals, headings and expressions are no counts; tokens answer for themselves."""
    assert lint_paragraphs([text], ["千家万户"]) == ()


def test_the_build_names_paragraph_and_number(make_report):
    """What the clerk typed by hand is shown where it stands."""
    with pytest.raises(PackRefused, match=r"paragraph 2: “7” in “共7次” is bound to no figure"):
        make_report("好。", "共7次")


def test_given_lets_a_number_through(make_report):
    """A document number is marked as given and stays."""
    document = make_report('按{{ "〔2023〕5号"|given }}文件')

    assert list(document.bound()) == []


def test_a_figure_cut_by_the_template_is_refused(make_report):
    """A template may print a figure, not take a piece of it."""
    with pytest.raises(PackRefused, match="cut or changed|bound to no figure"):
        make_report("{{ f.heads[:-2] }}")
