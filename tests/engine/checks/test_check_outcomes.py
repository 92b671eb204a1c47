import pytest

from shuzhi.checks.accuracy import precision_recall
from shuzhi.checks.model import Outcome
from shuzhi.checks.output import flags_from_arrow, flags_to_arrow
from shuzhi.checks.reference import checks_reference
from shuzhi.checks.run import CHECKS
from shuzhi.errors import InputRefused


@pytest.fixture
def twice(ledgers, event):
    return ledgers(event(no="1", title="义诊"), event(no="2", title="义诊"))


def test_a_flag_keeps_its_id_and_its_outcome_after_a_new_reading(
    flags, ledgers, only, event, twice, tmp_path
):
    """An answer in outcomes.csv finds its flag again when other rows have come."""
    pack = only("duplicate")
    (flag,) = flags(twice, pack)
    (tmp_path / "outcomes.csv").write_text(
        f"flag_id,outcome,reason,by\n{flag.flag_id},explained,上午下午各一场,王\n", "utf-8"
    )
    more = ledgers(
        event(no="0", title="例会"), event(no="1", title="义诊"), event(no="2", title="义诊")
    )
    (again,) = flags(more, pack, source=tmp_path)
    assert (again.flag_id, again.outcome, again.reason, again.by) == (
        flag.flag_id,
        Outcome.EXPLAINED,
        "上午下午各一场",
        "王",
    )


def test_outcomes_may_be_written_in_chinese_by_a_chinese_spreadsheet(flags, only, twice, tmp_path):
    """Chinese headers, words and GB18030 are read."""
    (flag,) = flags(twice, only("duplicate"))
    (tmp_path / "疑点处理.csv").write_text(
        f"疑点编号,处理结果,理由\n{flag.flag_id},已更正,删去一行\n", "gb18030"
    )
    (again,) = flags(twice, only("duplicate"), source=tmp_path)
    assert again.outcome is Outcome.CORRECTED


@pytest.mark.parametrize(
    ("lines", "wrong"),
    [
        ("flag_id,outcome,reason\nabc,explained,\n", "line 2: the flag is explained without a"),
        ("flag_id,outcome,reason\nabc,fine,yes\n", "line 2: 'fine' is no outcome"),
        ("flag_id,outcome\nabc,open\n", "there is no column reason"),
    ],
)
def test_an_outcome_without_a_reason_is_refused(flags, only, twice, tmp_path, lines, wrong):
    """What is wrong with outcomes.csv is said with file and line."""
    (tmp_path / "outcomes.csv").write_text(lines, "utf-8")
    with pytest.raises(InputRefused, match=rf"outcomes\.csv: {wrong}"):
        flags(twice, only("duplicate"), source=tmp_path)


def test_flags_survive_the_edition(flags, pack, twice):
    """Reading the Arrow table back gives equal flags."""
    found = flags(twice, pack)
    assert found
    assert flags_from_arrow(flags_to_arrow(found)) == found


def test_questions_are_asked_in_the_language_wanted(flags, only, twice):
    """Each flag states question and innocent explanation in Chinese or English."""
    (chinese,) = flags(twice, only("duplicate"), lang="zh")
    (english,) = flags(twice, only("duplicate"), lang="en")
    assert chinese.question == "青石镇的“活动”中，2023-05-05 的“义诊”出现 2 次。是否为同一件事？"
    assert english.question.startswith("In “Activities” of 青石镇")
    assert chinese.explanation != english.explanation
    assert chinese.flag_id == english.flag_id


def test_precision_and_recall_count_errors_behind_flags(flags, ledgers, only, event, twice):
    """A flag meets an error if any of its records stands there; returns meet by unit and period."""
    errors = [
        {"code": "duplicate", "file": "a.xlsx", "sheet": "S", "row": 3, "column": ""},
        {"code": "duplicate", "file": "a.xlsx", "sheet": "S", "row": 9, "column": ""},
        {"code": "not_a_date", "file": "a.xlsx", "sheet": "S", "row": 2, "column": "日期"},
    ]
    (row,) = precision_recall(flags(twice, only("duplicate")), twice, errors)
    assert (row.check, row.planted, row.found, row.flags, row.right) == ("duplicate", 2, 1, 1, 1)
    assert (row.recall, row.precision) == (0.5, 1.0)
    missing = {"code": "missing_return", "unit": "T1", "table": "activities", "period": "2023-Q1"}
    (row,) = precision_recall(flags(twice, only("missing_return")), twice, [missing])
    assert (row.recall, row.flags, row.right) == (1.0, 8, 1)


def test_the_reference_page_documents_every_check_and_key():
    """docs/reference/checks.md is generated and holds every rule with its settings."""
    page = checks_reference()
    for check in CHECKS:
        assert f"## {check.name}\n" in page
        assert all(f"| `{key}` |" in page for key in check.settings.__dataclass_fields__)
