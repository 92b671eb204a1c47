"""Bulletins: printed from the figures of a sealed edition, and verified against it."""

import zipfile
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from command_line import call_shuzhi, run_shuzhi
from shuzhi import pipeline
from shuzhi.errors import InputRefused, UserError
from shuzhi.figures.compute import compute_figures
from shuzhi.ledgers.edition import open_edition
from shuzhi.packs.load import load_pack
from shuzhi.periods import parse_period
from shuzhi.pipeline import Source
from shuzhi.reports.bulletins import as_bulletin, document_pack
from shuzhi.reports.document import TableBlock, plain
from shuzhi.reports.objections import (
    ObjectionEffect,
    objections_from_arrow,
    objections_to_arrow,
    read_objections,
)
from shuzhi.reports.readback import read_docx

QUARTER = parse_period("2023-Q2")


@pytest.fixture(scope="module")
def bulletin(report: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("bulletin") / "study"
    done = run_shuzhi(
        "bulletin", "study", report / "edition", "--period", QUARTER.name, "--out", out
    )
    assert done.code == 0, done.out
    assert {path.name for path in out.iterdir()} >= {"bulletin.docx", "bulletin.html"}
    return out


def test_each_unit_has_its_row_of_figures(report: Path, bulletin: Path) -> None:
    """Planned and held, unit by unit, as the edition's records give them for that quarter."""
    edition = open_edition(report / "edition")
    names = ["study_sessions_planned", "study_sessions_held"]
    found = compute_figures(edition.ledgers, edition.pack, periods=[QUARTER], indicators=names)
    figures = {(f.indicator, f.unit): f for f in found}
    document = read_docx(bulletin / "bulletin.docx")
    rows = next(block.body for block in document.blocks if isinstance(block, TableBlock))
    printed = {plain(row[0]): [plain(cell) for cell in row[1:3]] for row in rows}
    tree = edition.ledgers.units
    units = {
        tree.name(code, QUARTER.last_day): code
        for code in tree.codes
        if tree.exists(code, QUARTER.last_day)
        and tree.level(code, QUARTER.last_day) in ("department", "township")
    }
    assert len(units) == 15
    assert set(units) <= set(printed)
    for name, code in units.items():
        values = [figures[indicator, code].value for indicator in names]
        expected = [f"{value:g}" if value is not None else None for value in values]
        shown = [cell if cell.isdigit() else None for cell in printed[name]]
        assert shown == expected, name


def test_its_numbers_are_verified(report: Path, bulletin: Path, tmp_path: Path) -> None:
    """As made it holds; a number changed by hand is named."""
    made, edited = bulletin / "bulletin.docx", tmp_path / "edited.docx"
    done = call_shuzhi("verify", made, report / "edition")
    assert (done.code, done.out) == (0, "")

    held = next(b for b in read_docx(made).bound() if b.binding.startswith("study_sessions_held."))
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(edited, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "word/document.xml":
                before = f">{held.text}<".encode()
                assert before in data
                data = data.replace(before, f">{int(held.text) + 90}<".encode(), 1)
            new.writestr(name, data)
    done = call_shuzhi("verify", edited, report / "edition")
    assert done.code == 1
    assert str(int(held.text) + 90) in done.out


def test_a_bulletin_is_final_once_all_are_heard(county_source: Source, tmp_path: Path) -> None:
    """Not while units may object, nor while one waits; then with objections and answers."""
    folder = tmp_path / "county"
    folder.mkdir()
    objections = folder / "objections.csv"
    header = "bulletin,period,unit,what,why,answer,effect,by\n"
    objections.write_text(header + "study,2023-Q2,QH-T03,one session more,a note of 3 June,,,\n")
    source = replace(county_source, path=folder)
    issue = partial(pipeline.bulletin, source, "study", tmp_path / "out", period=QUARTER, lang="en")
    with pytest.raises(UserError, match="until 2023-07-25"):
        issue(final_on=date(2023, 7, 25))
    with pytest.raises(UserError, match="objections of QH-T03 are not answered"):
        issue(final_on=date(2023, 7, 26))
    objections.write_text(
        header + "study,2023-Q2,QH-T03,one session more,a note of 3 June,not held,refused,office\n"
    )
    issue(final_on=date(2023, 7, 26))
    document = read_docx(tmp_path / "out" / "bulletin.docx")
    printed = " ".join(plain(spans) for spans in document.texts())
    assert "draft" not in document.title
    assert "a note of 3 June" in printed
    assert "not held" in printed
    assert "refused" in printed


def test_objections_are_sealed_and_read_with_care(tmp_path: Path) -> None:
    """What the edition keeps is what was read; a wrong line is named."""
    file = tmp_path / "异议.csv"
    header = "通报,期间,单位,异议内容,异议理由,答复,处理结果,答复人\n"
    file.write_text(header + "study,2023-Q2,A,多计,登记两次,已更正,予以采纳,县办\n", "gb18030")
    read = read_objections(tmp_path, {"A"}, {"study"})
    assert objections_from_arrow(objections_to_arrow(read)) == read
    assert read[0].effect is ObjectionEffect.UPHELD
    for line, message in {
        "stdy,2023-Q2,A,a,b,,,": "line 2: there is no bulletin 'stdy'; did you mean study",
        "study,2023-Q2,B,a,b,,,": "line 2: there is no unit 'B'",
        "study,soon,A,a,b,,,": "line 2: period 'soon'",
        "study,2023-Q2,A,,b,,,": "line 2: what is empty",
        "study,2023-Q2,A,a,b,,refused,": "refused without an answer",
        "study,2023-Q2,A,a,b,,maybe,": "'maybe' is no effect",
    }.items():
        file.write_text(header + line + "\n")
        with pytest.raises(InputRefused, match=message):
            read_objections(tmp_path, {"A"}, {"study"})


def test_a_bulletin_is_known_by_its_title() -> None:
    """The report stays the report; a bulletin that is not there is refused with those that are."""
    pack = load_pack(Path(__file__).parents[2] / "packs" / "annual-duty")
    assert document_pack(pack, "甲县 年度述职报告", "zh") is pack
    assert document_pack(pack, "甲县 督查通报", "zh") == as_bulletin(pack, "supervision")
    draft = as_bulletin(pack, "supervision", draft=True)
    assert document_pack(pack, "甲县 督查通报（征求意见稿）", "zh") == draft
    with pytest.raises(UserError, match="did you mean study"):
        as_bulletin(pack, "studdy")
