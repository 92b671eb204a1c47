"""Proofs: from a figure to its cells."""

import csv
import io
import json
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook
from small_county import FILE_NAME, SHA256, UNITS, small_ledgers, small_pack

from shuzhi.errors import UserError
from shuzhi.figures.model import Proof, ProofRecord
from shuzhi.figures.proof_output import (
    proof_to_csv,
    proof_to_json,
    proof_to_table,
    write_proof_xlsx,
)
from shuzhi.figures.recount import recount
from shuzhi.figures.trace import trace_figure
from shuzhi.ledgers.model import Ledgers
from shuzhi.packs.model import Pack
from shuzhi.periods import parse_period

YEAR = parse_period("2023")
LABELS = 'label = { zh = "指标", en = "An indicator" }\nuom = { zh = "个", en = "items" }\n'
DEFINITIONS = f"""
[attended]
{LABELS}
table = "meetings"
sum = "attended"
where = "kind = 'work'"
[speakers]
{LABELS}
table = "meetings"
distinct = "speaker"
[work_share]
{LABELS}
table = "meetings"
share_of = "kind is not null"
where = "kind = 'work'"
better = "more"
target = 60
[peak]
{LABELS}
table = "meetings"
sum = "attended"
over_time = "max"
over_units = "sum"
[short]
{LABELS}
formula = "target(work_share) - work_share + last_year(attended) - last_year(attended)"
[heard]
{LABELS}
formula = "reporting_rate(meetings) / units_below(village)"
"""
MEETINGS = """
unit | held_on    | kind  | topic        | attended | speaker
A    | 2022-03-01 | work  | first        | 4        | hash-of-wang
A1   | 2023-03-01 | work  | =1+1         | 12       | hash-of-wang
A    | 2023-04-01 | study | second       | 3        | hash-of-li
B    | 2023-05-01 | work  | third        | 5        | hash-of-wang
B    | 2023-05-02 |       | fourth       | 6        |
"""


@pytest.fixture
def county(tmp_path: Path) -> tuple[Pack, Ledgers]:
    pack = small_pack(tmp_path / "pack", DEFINITIONS)
    returns = "unit | period | state\nB | 2023-Q3 | silent"
    return pack, small_ledgers(pack, MEETINGS, "", UNITS, returns)


def _trace(county: tuple[Pack, Ledgers], indicator: str, unit: str = "C") -> Proof:
    pack, ledgers = county
    return trace_figure(ledgers, pack, indicator, unit, YEAR)


def test_a_record_names_its_file_sheet_row_and_cells(county: tuple[Pack, Ledgers]) -> None:
    """Down to the file's SHA-256 and the cells of the columns that the definition uses."""
    first, second = _trace(county, "attended").records
    assert first == ProofRecord(
        "meetings", "r2", "A1", "2023-03-01", 12.0, FILE_NAME, SHA256, "meetings", 3,
        (("unit", "A3"), ("held_on", "B3"), ("attended", "E3"), ("kind", "C3")),
    )  # fmt: skip
    assert (second.record, second.contribution) == ("r4", 5.0)


def test_persons_are_numbered_and_never_named(county: tuple[Pack, Ledgers]) -> None:
    """A distinct count of persons shows who is the same, and nobody's token."""
    proof = _trace(county, "speakers")
    shown = [record.contribution for record in proof.records]
    assert shown == ["person 1", "person 2", "person 1"]
    assert "hash-of" not in proof_to_json(proof)


def test_a_share_shows_its_whole_base(county: tuple[Pack, Ledgers]) -> None:
    """The rows of the part count 1, the rest of the base is there without."""
    proof = _trace(county, "work_share")
    assert [record.contribution for record in proof.records] == [1.0, None, 1.0]
    assert recount(proof) == proof.figure.value == 66.666667


def test_a_formula_is_proven_through_its_operands(county: tuple[Pack, Ledgers]) -> None:
    """One step an operand: the target, the share, and last year's figure."""
    proof = _trace(county, "short")
    named = [(s.figure.indicator, s.figure.period, s.figure.value) for s in proof.steps]
    assert named == [
        ("target(work_share)", "2023", 60.0), ("work_share", "2023", 66.666667),
        ("attended", "2022", 4.0),
    ]  # fmt: skip
    assert recount(proof) == proof.figure.value == -6.666667


def test_a_peak_is_proven_by_unit_and_month(county: tuple[Pack, Ledgers]) -> None:
    """A step for every unit with rows, in it one for every month, in it the rows."""
    proof = _trace(county, "peak")
    assert [(s.figure.unit, s.figure.value) for s in proof.steps] == [
        ("A", 3.0), ("A1", 12.0), ("B", 11.0),
    ]  # fmt: skip
    months = proof.steps[2].steps
    assert [m.figure.value for m in months if m.records] == [11.0]
    assert len(months) == 12
    assert recount(proof) == proof.figure.value == 26.0


def test_a_reporting_rate_is_proven_by_returns(county: tuple[Pack, Ledgers]) -> None:
    """A record for every return asked for; the missing one counts for nothing."""
    rate, villages = _trace(county, "heard").steps
    missing = [record for record in rate.records if record.contribution is None]
    assert [record.record for record in missing] == ["return B 2023-Q3"]
    assert (len(rate.records), recount(rate), recount(villages)) == (8, 50.0, 3.0)


def test_a_changed_proof_comes_to_another_figure(county: tuple[Pack, Ledgers]) -> None:
    """Counting again counts: a record taken away is missed."""
    proof = _trace(county, "attended")
    shorter = Proof(proof.figure, proof.how, proof.records[1:], rule=proof.rule)
    assert recount(shorter) != proof.figure.value


def test_a_unit_that_did_not_exist_has_no_proof(county: tuple[Pack, Ledgers]) -> None:
    """The message names the unit and the period."""
    pack, ledgers = county
    with pytest.raises(UserError, match="unit A did not exist in 1999"):
        trace_figure(ledgers, pack, "attended", "A", parse_period("1999"))


def test_json_holds_the_whole_proof(county: tuple[Pack, Ledgers]) -> None:
    """Steps within steps, whole numbers without a point."""
    found = json.loads(proof_to_json(_trace(county, "short")))
    assert found["steps"][2]["records"][0]["contribution"] == 4
    assert found["steps"][2]["records"][0]["sha256"] == SHA256


def test_csv_and_workbook_have_a_row_a_record(county: tuple[Pack, Ledgers], tmp_path: Path) -> None:
    """The same rows; a step without records keeps a row of its own; no formula runs."""
    proof = _trace(county, "short")
    rows = list(csv.reader(io.StringIO(proof_to_csv(proof))))
    write_proof_xlsx(proof, tmp_path / "proof.xlsx", lang="en")
    sheet = CalamineWorkbook.from_path(str(tmp_path / "proof.xlsx")).get_sheet_by_index(0)
    assert len(rows) == len(sheet.to_python()) == 1 + 1 + 1 + 3 + 1
    assert rows[-1][rows[0].index("record")] == "r1"


def test_the_table_indents_steps_under_their_figure(county: tuple[Pack, Ledgers]) -> None:
    """What reads as one page: the figure first, then what it came from."""
    pack, _ = county
    text = proof_to_table(_trace(county, "short"), pack, lang="en")
    assert text.startswith("short.C.2023 = -7")
    assert "\n    work_share.C.2023 = 67" in text
    assert "book.xlsx" in text
