"""Sections 5 to 7: gaps by rule, last year's promises answered, next year's drafted."""

from datetime import date

import pytest
from report_county import PERIOD, ROWS, ledgers_of, sources_of

from shuzhi.errors import PackRefused
from shuzhi.reports.gaps import write_gaps
from shuzhi.reports.markers import TOKEN
from shuzhi.reports.outcomes import promise_outcomes
from shuzhi.reports.promises import answer_promises, draft_promises, promise_rows


def reads(text):
    """A text as printed, without its markers."""
    return TOKEN.sub(lambda match: match[2], text)


def promise(target, due=date(2023, 12, 31), **more):
    row = {
        "no": "P1",
        "unit": "T1",
        "year": 2023,
        "due_on": due,
        "text": "多开会",
        "indicator": "meetings_held",
        "target": target,
        "withdrawn": False,
    }
    return {**ROWS, "promises": [row | more]}


def judged(pack, rows, unit="C"):
    return promise_outcomes(sources_of(pack, ledgers_of(pack, rows)), unit)


def test_a_gap_names_units_and_records(report_pack):
    """A missed target is written with the units concerned, worst first, and what is behind."""
    sources = sources_of(report_pack, ledgers_of(report_pack, ROWS))

    gap = write_gaps(sources, "C")[0]

    assert reads(gap["text"]) == "召开3次，目标4次，少1次。"
    assert reads(gap["units"]) == "有第3街道（1次）、青石镇（2次）。"
    assert reads(gap["records"]) == "见春耕调度会（青石镇）等。"


def test_every_number_of_a_gap_is_bound(report_pack):
    """Nothing in a written sentence is typed: digits of names are given, others bound."""
    sources = sources_of(report_pack, ledgers_of(report_pack, ROWS))

    gap = write_gaps(sources, "C")[0]
    bindings = [match[1] for match in TOKEN.finditer(gap["text"] + gap["units"])]

    assert bindings == [
        "meetings_held.C.2023",
        "meetings_held.C.2023:target",
        "meetings_held.C.2023:short",
        "given",
        "meetings_held.T2.2023",
        "meetings_held.T1.2023",
    ]


def test_no_gap_where_the_target_is_met(report_pack):
    """A unit that reaches its target has nothing to say."""
    meetings = [
        {"no": str(n), "unit": "T1", "held_on": date(2023, 1, n), "title": "会"}
        for n in range(1, 6)
    ]
    sources = sources_of(report_pack, ledgers_of(report_pack, {"meetings": meetings}))

    assert write_gaps(sources, "T1") == []


@pytest.mark.parametrize(
    ("rows", "outcome"),
    [
        (promise(2), "kept"),
        (promise(2, due=date(2023, 6, 30)), "late"),
        (promise(3), "partly"),
        (promise(9), "not"),
        (promise(9, withdrawn=True, reason="上级调整"), "withdrawn"),
        (promise(9, withdrawn=True), "not"),
        (promise(2, indicator="去年没有的指标"), "unknown"),
        (promise(2, indicator="会议次数"), "kept"),
    ],
)
def test_a_promise_is_judged_by_its_indicator(report_pack, rows, outcome):
    """Kept, late, partly, not; withdrawn with a reason only; unknown where nothing measures it."""
    assert [found.outcome.value for found in judged(report_pack, rows)] == [outcome]


def test_a_promise_of_another_year_or_unit_is_not_answered(report_pack):
    """A unit answers for its own promises of this year."""
    assert judged(report_pack, promise(2, year=2022)) == ()
    assert judged(report_pack, promise(2), unit="T2") == ()


def test_an_answer_is_bound_to_the_record_and_the_figure(report_pack):
    """The text of a promise is the record's, its outcome the figure's."""
    answer = answer_promises(sources_of(report_pack, ledgers_of(report_pack, promise(2))), "T1")[0]

    assert answer["target"] == "\ue000record:promises/P1/target\ue0012\ue002"
    assert answer["value"] == "\ue000meetings_held.T1.2023\ue0012\ue002"
    assert answer["outcome"] == "已兑现"


@pytest.mark.parametrize(("since", "printed"), [(2022, ""), (2021, "2"), (2019, "4"), (None, "")])
def test_a_promise_carried_over_counts_its_years(report_pack, since, printed):
    """From the second year on the answer says for how many years it has been promised."""
    rows = promise(2, from_year=since)
    answer = answer_promises(sources_of(report_pack, ledgers_of(report_pack, rows)), "T1")[0]

    assert reads(answer["years"]) == printed


def test_a_report_that_leaves_a_promise_out_is_not_made(report_pack, make_report):
    """Each promise for the year stands in the text, or the template is refused."""
    answered = ["{%p for promise in answers %}", "{{ promise.text }}", "{%p endfor %}"]
    assert make_report(*answered, rows=promise(2)).bindings

    with pytest.raises(PackRefused, match="P1 are not answered for"):
        make_report("{{ unit.name }}", rows=promise(2))


def test_next_years_promises_have_owner_day_indicator_and_target(report_pack):
    """From missed targets one each, from open records one a record; also as rows."""
    venue = {"no": "V1", "unit": "T2", "name": "东村书屋", "opened_on": date(2023, 5, 1)}
    sources = sources_of(report_pack, ledgers_of(report_pack, {**ROWS, "venues": [venue]}))

    drafts = draft_promises(sources, "C")
    rows = promise_rows(sources, drafts).to_pylist()

    assert [
        (row["unit"], row["text"], row["due_on"], row["indicator"], float(row["target"]))
        for row in rows
    ] == [
        ("C", "开足会议", date(2024, 6, 30), "meetings_held", 4.0),
        ("T2", "用好东村书屋", date(2024, 3, 31), "venues_opened", 0.0),
    ]
    assert {row["year"] for row in rows} == {PERIOD.start.year + 1}
