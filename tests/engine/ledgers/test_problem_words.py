"""Every problem has words in both languages, and a place in the reference."""

import re
from string import Formatter

import pytest

from shuzhi.ledgers.messages import WORDS, Suggestion, make_problem, problem_reference
from shuzhi.ledgers.model import Severity


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("code", WORDS)
def test_words_are_whole_sentences(code: str, lang: str) -> None:
    """Message and remedy end as sentences and leave no {name} unfilled."""
    problem = make_problem(code, lang, "a.xlsx", value="x", column="y", suggestion=Suggestion("z"))
    for words in (problem.message, problem.remedy):
        assert re.search(r"[。？.?]$", words), words
        assert "{" not in words


@pytest.mark.parametrize("code", WORDS)
def test_both_languages_say_the_same_facts(code: str) -> None:
    """A fact named in one language is named in the other."""
    words = WORDS[code]
    for said in (words.message, words.remedy):
        zh, en = ({name for _, name, _, _ in Formatter().parse(said[at])} for at in ("zh", "en"))
        assert zh == en


def test_the_reference_lists_every_code() -> None:
    """docs/reference/problems.md has one line a code under its severity."""
    page = problem_reference()
    assert all(page.count(f"| `{code}` |") == 1 for code in WORDS)
    assert page.index("`not_a_number`") < page.index("## Notices") < page.index("`date_imprecise`")


def test_severities() -> None:
    """A notice keeps the row; a file's problem has no row of its own."""
    assert make_problem("total_disagrees", "zh", "a").severity is Severity.NOTICE
    assert make_problem("not_a_date", "zh", "a").severity is Severity.REFUSED
    assert make_problem("sheet_empty", "zh", "a").severity is Severity.FILE
