"""Data nobody here wrote, read by packs written here, gives the totals its owners know."""

import shutil
from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pytest

from shuzhi.ledgers.model import Ledgers
from shuzhi.ledgers.read import read_source
from shuzhi.packs.model import Asked, Category, Column, ColumnType, Level, Pack, Role, Table
from shuzhi.periods import PeriodKind

DATA = Path(__file__).parents[3] / "shared" / "data"
pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason=f"the real data are not there: no folder {DATA}"
)

STRING, INTEGER = ColumnType.STRING, ColumnType.INTEGER
BOOLEAN, DAY = ColumnType.BOOLEAN, ColumnType.DATE
ASKED = Asked(("office",), PeriodKind.YEAR, 10)


def column(name: str, type_: ColumnType, *values: str, **more: Any) -> Column:
    """A column whose header is its name, with the categories `values`."""
    categories = tuple(Category(value, {"zh": value, "en": value}) for value in values)
    return Column(name, type_, {"zh": name, "en": name}, categories=categories, **more)


def table(name: str, *columns: Column, key: tuple[str, ...] = ()) -> Table:
    label = {"zh": name, "en": name}
    unit = column("unit", STRING, role=Role.UNIT, default="sender", required=True)
    return Table(name, label, (unit, *columns), asked=ASKED, primary_key=key)


UNITS = Table(
    "units",
    {"zh": "units", "en": "units"},
    (
        column("code", STRING, role=Role.ID, required=True),
        column("name", STRING, required=True),
        column("level", STRING, required=True),
        column("parent", STRING),
        column("valid_from", DAY),
    ),
    is_units=True,
)
PREMISES = table(
    "establishments",
    column("establishmentid", STRING, role=Role.ID, required=True),
    column("name", STRING),
    column("address", STRING),
    column("zipcode", STRING),
    column("license_number", STRING),
    column("risk_category", STRING),
    column("most_recent_license_date", STRING),
    column("as_of", DAY, role=Role.DATE, default="period_end", required=True),
)
INSPECTIONS = table(
    "inspections",
    column("inspectionid", STRING, role=Role.ID, required=True),
    column("establishmentid", STRING, required=True),
    column("inspection_date", DAY, role=Role.DATE, required=True),
    column("inspection_type", STRING),
    column("pcount", INTEGER, minimum=0),
    column("pfcount", INTEGER, minimum=0),
    column("ccount", INTEGER, minimum=0),
    column("in_compliance", BOOLEAN, required=True),
)
FINDINGS = table(
    "violations",
    column("inspectionid", STRING, required=True),
    column("establishmentid", STRING),
    column("violation_code", STRING),
    column("violation_type", STRING, "Priority", "Foundation", "Core"),
    column("critical_violation_type", BOOLEAN),
    column("problem_description", STRING),
    column("corrected", STRING, "Yes", "No", "Not required"),
    column("days_to_correct", ColumnType.NUMBER),
    column("correction_description", STRING),
    column("as_of", DAY, role=Role.DATE, default="period_end", required=True),
)
SITTINGS = table(
    "sittings_counts",
    column("sitting_id", STRING, role=Role.ID, required=True),
    column("start", DAY, role=Role.DATE),
    column("n_agenda_items", INTEGER, minimum=0),
    column("n_attendees", INTEGER, minimum=0),
    column("n_distinct_attendees", INTEGER, minimum=0),
)
ATTENDANCE = table(
    "attendance",
    column("sitting_id", STRING, required=True),
    column("attendee", STRING, role=Role.PERSON, required=True),
    column("as_of", DAY, role=Role.DATE, default="period_end", required=True),
    key=("sitting_id", "attendee"),
)


def pack_of(*tables: Table) -> Pack:
    named = {each.name: each for each in (UNITS, *tables)}
    label = {"zh": "office", "en": "office"}
    return Pack(
        Path("real"), "real", "1", label, (Level("office", label),),
        date(1998, 1, 1), date(2020, 1, 1), named, {}, {}, {}, {},
    )  # fmt: skip


def lay_out(folder: Path, files: Iterable[Path], period: str) -> Path:
    """A source folder of copies, with one unit that sent them all for `period`."""
    (folder / "units.csv").write_text(
        "code,name,level,parent,valid_from\nO,The office,office,,1990-01-01\n", "utf-8"
    )
    receipts = ["file,unit,period,received_on"]
    for file in files:
        shutil.copy(file, folder)
        receipts.append(f"{file.name},O,{period},")
    (folder / "receipts.csv").write_text("\n".join(receipts), "utf-8")
    return folder


@pytest.fixture(scope="module")
def inspected(tmp_path_factory: pytest.TempPathFactory) -> Ledgers:
    names = ("establishments", "inspections", "violations")
    files = [DATA / "inspections" / f"{name}.csv" for name in names]
    folder = lay_out(tmp_path_factory.mktemp("inspections"), files, "2016-08-01/2019-06-01")
    return read_source(folder, pack_of(PREMISES, INSPECTIONS, FINDINGS))


@pytest.fixture(scope="module")
def sittings(tmp_path_factory: pytest.TempPathFactory) -> Ledgers:
    folder = tmp_path_factory.mktemp("sittings")
    attendance = folder / "attendance.csv"
    source = lay_out(folder, [DATA / "sittings" / "sittings_counts.csv"], "1998-01-01/2018-01-01")
    shutil.copy(DATA / "sittings" / "attendance_pseudonymised.csv", attendance)
    with (source / "receipts.csv").open("a", encoding="utf-8") as receipts:
        receipts.write("\nattendance.csv,O,1998-01-01/2018-01-01,")
    return read_source(source, pack_of(SITTINGS, ATTENDANCE))


def refusals(ledgers: Ledgers) -> list[tuple[str, str, int]]:
    return [(p.code, p.file, p.row) for p in ledgers.problems if p.code != "header_unknown"]


def test_every_inspection_is_read(inspected: Ledgers) -> None:
    """2,209 premises, 8,602 inspections and 28,612 findings, none refused."""
    heights = {name: ledger.num_rows for name, ledger in inspected.tables.items()}
    assert heights == {
        "units": 1, "establishments": 2209, "inspections": 8602, "violations": 28612,
    }  # fmt: skip
    assert refusals(inspected) == []


def test_findings_add_up_to_the_inspections_own_counts(inspected: Ledgers) -> None:
    """Counting findings gives all 25,806 counts that the inspections carry."""
    findings = inspected.tables["violations"].select(["inspectionid", "violation_type"])
    counted = Counter(zip(*(findings.column(n).to_pylist() for n in (0, 1)), strict=True))
    agreeing = 0
    for inspection in inspected.tables["inspections"].to_pylist():
        for header, kind in (("pcount", "Priority"), ("pfcount", "Foundation"), ("ccount", "Core")):
            agreeing += inspection[header] == counted[inspection["inspectionid"], kind]
    assert agreeing == 25_806
    assert Counter(findings.column(1).to_pylist())[None] == 2


def test_compliance_follows_from_the_findings(inspected: Ledgers) -> None:
    """All 8,602 inspections are in compliance unless a critical finding is uncorrected."""
    uncorrected = {
        finding["inspectionid"]
        for finding in inspected.tables["violations"].to_pylist()
        if finding["critical_violation_type"] and finding["corrected"] != "Yes"
    }
    agreeing = sum(
        inspection["in_compliance"] != (inspection["inspectionid"] in uncorrected)
        for inspection in inspected.tables["inspections"].to_pylist()
    )
    assert agreeing == 8_602


def test_sittings(sittings: Ledgers) -> None:
    """728 sittings, at most 56 present, one without a date, which is kept as unknown."""
    ledger = sittings.tables["sittings_counts"]
    assert refusals(sittings) == []
    assert ledger.num_rows == 728
    assert pc.max(ledger.column("n_distinct_attendees")).as_py() == 56
    assert ledger.column("start").null_count == 1


def test_a_person_listed_twice(sittings: Ledgers) -> None:
    """Four sittings list one person twice: both rows are kept, the second with an id of its own."""
    ledger = sittings.tables["attendance"]
    listed = Counter(
        zip(*(ledger.column(name).to_pylist() for name in ("sitting_id", "attendee")), strict=True)
    )
    assert ledger.num_rows == 33_971
    assert sum(times == 2 for times in listed.values()) == 4
    assert sum(number.endswith("-2") for number in ledger.column("_id").to_pylist()) == 4
    assert not any(token.startswith("P0") for token in ledger.column("attendee").to_pylist())


def test_counts_of_persons_agree(sittings: Ledgers) -> None:
    """Counting the tokens of each sitting gives its own count of different people present."""
    present: dict[str, set[str]] = {}
    for row in sittings.tables["attendance"].select(["sitting_id", "attendee"]).to_pylist():
        present.setdefault(row["sitting_id"], set()).add(row["attendee"])
    for sitting in sittings.tables["sittings_counts"].to_pylist():
        assert len(present.get(sitting["_id"], ())) == sitting["n_distinct_attendees"]


def test_odd_and_broken_forms_do_no_harm(tmp_path: Path) -> None:
    """Each of the XLSForms is read or is a problem, and every row of it is accounted for."""
    files = sorted(path for path in (DATA / "xlsforms").rglob("*") if path.is_file())
    source = lay_out(tmp_path, [], "2019")
    for number, path in enumerate(files):
        shutil.copy(path, tmp_path / f"{number}-{path.name}")
    ledgers = read_source(source, pack_of(SITTINGS))
    unread = {problem.file for problem in ledgers.problems if not problem.sheet}
    read = {account.file for account in ledgers.sheets}
    kept = {source.path for source in ledgers.sources}
    assert kept - {"units.csv"} == (unread | read) - {"units.csv"}
    for account in ledgers.sheets:
        assert account.read == account.kept + account.refused + account.recognised
    codes = {problem.code for problem in ledgers.problems}
    assert codes == {"sheet_unrecognised", "file_type_unknown"}
