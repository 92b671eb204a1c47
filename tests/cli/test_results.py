"""The promises between commands: the same figures, the same bytes, proofs that recount."""

import csv
import hashlib
import io
import json
import os
import zipfile
from pathlib import Path

import pyarrow.parquet as parquet
import pytest
from docx import Document
from python_calamine import CalamineWorkbook

from command_line import PACK, Finished, call_shuzhi, run_shuzhi

INDICATORS = ["meetings_held", "findings_put_right_rate", "venues_used_rate", "requests_answered"]


def figures(source: Path, *more: object) -> list[dict[str, object]]:
    asked = [word for name in INDICATORS for word in ("--indicator", name)]
    done = call_shuzhi("figures", source, *asked, "--period", "2023", *more)
    assert done.code == 0, done.err
    return json.loads(done.out)


def by_name(found: list[dict[str, object]]) -> list[dict[str, object]]:
    return sorted(found, key=lambda one: (one["indicator"], one["unit"], one["period"]))


def test_figures_are_the_truth_from_folder_and_edition(county, report):
    """The folder, its edition and truth.json give the same objects."""
    truth = json.loads((county / "truth.json").read_text(encoding="utf-8"))["figures"]
    wanted = [f for f in truth if f["indicator"] in INDICATORS and f["period"] == "2023"]
    from_folder = figures(county, "--pack", PACK, "--format", "json")
    assert len(wanted) > 200
    assert by_name(from_folder) == by_name(wanted)
    assert figures(report / "edition", "--format", "json") == from_folder


def test_both_engines_print_the_same(report):
    """Counting row by row in plain Python gives what DuckDB gives."""
    asked = ["--unit", "QH-T01", "--unit", "QH", "--format", "json"]
    slow = figures(report / "edition", *asked, "--engine", "in_memory")
    assert slow == figures(report / "edition", *asked)


def test_a_figure_is_the_same_in_every_format(report, tmp_path):
    """csv and parquet hold what json holds."""
    edition = report / "edition"
    as_json = figures(edition, "--format", "json")
    done = call_shuzhi("figures", edition, "--indicator", INDICATORS[0], "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(done.out)))
    known = {(f["unit"], f["period"]): f for f in as_json if f["indicator"] == INDICATORS[0]}
    assert len(rows) == len(known)
    for row in rows:
        value = known[row["unit"], row["period"]]["value"]
        assert row["value"] == ("" if value is None else str(value))
    out = tmp_path / "figures.parquet"
    assert call_shuzhi("figures", edition, "--format", "parquet", "--out", out).code == 0
    table = parquet.read_table(out).to_pylist()
    assert {
        (r["indicator"], r["unit"]): r["value"] for r in table if r["indicator"] in INDICATORS
    } == {(f["indicator"], f["unit"]): f["value"] for f in as_json}


def test_restated_on_a_later_tree_a_merged_village_counts_at_its_successor(report):
    """On the tree of the last day the village that was merged away is not asked."""
    as_it_was = figures(report / "edition", "--format", "json")
    restated = figures(report / "edition", "--format", "json", "--tree-as-of", "2023-12-31")
    gone = {f["unit"] for f in as_it_was} - {f["unit"] for f in restated}
    assert len(gone) == 1


def proof(source: Path, indicator: str, shape: str, *more: object) -> Finished:
    asked = ["--unit", "QH-T01", "--period", "2023", "--format", shape]
    done = call_shuzhi("proof", source, indicator, *asked, *more)
    assert done.code == 0, done.err
    return done


def test_a_proof_leads_to_cells_that_are_there(county, report):
    """Each record behind a figure: its file with its SHA-256, sheet, row and cells."""
    proved = json.loads(proof(report / "edition", "meetings_held", "json").out)
    assert len(proved["records"]) == proved["figure"]["value"] > 0
    files = {record["file"] for record in proved["records"]}
    assert all((county / file).is_file() for file in files)
    for record in proved["records"]:
        data = (county / record["file"]).read_bytes()
        assert hashlib.sha256(data).hexdigest() == record["sha256"]
        if record["file"].endswith(".xlsx"):
            sheet = CalamineWorkbook.from_path(county / record["file"])
            rows = sheet.get_sheet_by_name(record["sheet"]).to_python(skip_empty_area=False)
            for _, address in record["cells"]:
                column = ord(address[0]) - ord("A")
                assert address[1:] == str(record["row"])
                assert rows[record["row"] - 1][column] != ""


def test_a_derived_figure_opens_to_its_operands(report, tmp_path):
    """A rate names what it divides, and each of these its records; also as .xlsx and .csv."""
    proved = json.loads(proof(report / "edition", "findings_put_right_rate", "json").out)
    assert len(proved["steps"]) == 2
    assert all(step["records"] for step in proved["steps"])
    out = tmp_path / "proof.xlsx"
    proof(report / "edition", "findings_put_right_rate", "xlsx", "--out", out)
    assert CalamineWorkbook.from_path(out).sheet_names
    assert (
        "sha256" in proof(report / "edition", "findings_put_right_rate", "csv").out.splitlines()[0]
    )


def test_a_report_from_the_edition_is_the_same_file(report, tmp_path):
    """Documents, promises and edition: the edition alone suffices to make them all again."""
    out = tmp_path / "again"
    done = run_shuzhi("report", report / "edition", "--period", "2023", "--out", out)
    assert done.code == 0, done.err
    for name in ("report.docx", "report.html", "report.pdf", "promises.csv", "flags.csv"):
        assert (out / name).read_bytes() == (report / name).read_bytes(), name
    assert contents(out / "edition") == contents(report / "edition")


def test_time_zone_and_locale_leave_no_trace(county, tmp_path, report, monkeypatch):
    """Elsewhere and in another language of the machine the same bytes come out."""
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.setenv("PYTHONHASHSEED", "7")
    out = tmp_path / "elsewhere"
    done = run_shuzhi("report", county, "--pack", PACK, "--period", "2023", "--out", out)
    assert done.code == 0, done.err
    ours, theirs = contents(report), contents(out)
    assert sorted(ours) == sorted(theirs)
    assert [name for name in ours if ours[name] != theirs[name]] == []


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize("name", ["report.docx", "report.html"])
def test_verify_says_nothing_of_what_holds(name, report):
    """Exit code 0 and not a word."""
    done = call_shuzhi("verify", report / name, report / "edition")
    assert (done.code, done.out) == (0, "")


def test_verify_names_a_number_changed_by_hand(report, tmp_path):
    """One digit in the text of the .docx: its indicator, what stands there, what is true."""
    with zipfile.ZipFile(report / "report.docx") as archive:
        text = archive.read("word/document.xml").decode()
    true = next(
        f for f in figures(report / "edition", "--unit", "QH", "--format", "json")
        if f["indicator"] == "meetings_held"
    )["value"]  # fmt: skip
    place = text.index('w:val="meetings_held.QH.2023"')
    start = text.index(f">{true}<", place) + 1
    wrong = str(int(str(true)[0]) % 9 + 1) + str(true)[1:]
    changed = text[:start] + wrong + text[start + len(wrong) :]
    document = tmp_path / "changed.docx"
    with zipfile.ZipFile(report / "report.docx") as old, zipfile.ZipFile(document, "w") as new:
        for name in old.namelist():
            data = changed.encode() if name == "word/document.xml" else old.read(name)
            new.writestr(name, data)

    done = call_shuzhi("verify", document, report / "edition", "--lang", "en")

    assert done.code == 1
    (line,) = done.out.splitlines()
    assert line.startswith(
        f'meetings_held.QH.2023: the document says "{wrong}", its records say "{true}"'
    )


def test_verify_refuses_what_it_cannot_read(report, tmp_path):
    """A .pdf, and a .docx that Shuzhi did not make: exit code 3 and what to do."""
    other = tmp_path / "other.docx"
    Document().save(str(other))
    for document in (report / "report.pdf", other):
        done = call_shuzhi("verify", document, report / "edition")
        assert (done.code, done.out) == (3, "")
        assert len([line for line in done.err.splitlines() if "━" not in line]) <= 2


def test_read_accounts_for_every_row(county):
    """Rows read = kept + refused + recognised, for each sheet, as printed."""
    done = call_shuzhi("read", county, "--pack", PACK, "--format", "json")
    assert done.code == 0
    answer = json.loads(done.out)
    assert answer["problems"]
    for sheet in answer["sheets"]:
        assert sheet["read"] == sheet["kept"] + sheet["refused"] + sheet["recognised"]


def test_flags_name_records_and_an_innocent_explanation(report):
    """From the edition, as sealed."""
    done = call_shuzhi("check", report / "edition", "--format", "json")
    flags = json.loads(done.out)
    assert {flag["check"] for flag in flags} >= {"missing_return", "late_return", "duplicate"}
    assert all(flag["question"] and flag["explanation"] for flag in flags)
    assert all(flag["records"] for flag in flags if flag["check"] == "duplicate")


def test_the_form_of_a_unit_has_its_known_records(county, tmp_path):
    """One workbook, with what the unit has reported filled in."""
    form = tmp_path / "form.xlsx"
    asked = ["--unit", "QH-T01", "--source", county, "--period", "2023-Q4", "--out", form]
    done = call_shuzhi("pack", "workbook", PACK, *asked)
    assert done.code == 0, done.err
    cells = str(
        [
            CalamineWorkbook.from_path(form).get_sheet_by_name(name).to_python()
            for name in CalamineWorkbook.from_path(form).sheet_names
        ]
    )
    assert "青石" in cells


def test_a_register_holds_records_and_evidence(county, tmp_path):
    """One .zip a unit: its records, problems, flags, and the files they came from."""
    out = tmp_path / "register.zip"
    done = run_shuzhi("ledger", county, "--pack", PACK, "--unit", "QH", "--out", out)
    assert done.code == 0, done.err
    with zipfile.ZipFile(out) as archive:
        assert archive.testzip() is None
        assert len(archive.namelist()) > 5


def test_no_new_folder_after_a_failure(county, tmp_path):
    """A report that cannot be written leaves nothing half-written beside it."""
    out = tmp_path / "out"
    done = call_shuzhi(
        "report", county, "--pack", PACK, "--period", "2023", "--unit", "QH-T99", "--out", out
    )
    assert done.code == 2
    assert "QH-T99" in done.err
    assert os.listdir(tmp_path) == []
