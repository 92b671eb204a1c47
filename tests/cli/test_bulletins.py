"""Bulletins: printed from the figures of a sealed edition, and verified against it."""

import zipfile
from pathlib import Path

import pytest

from command_line import run_shuzhi
from shuzhi.errors import UserError
from shuzhi.figures.compute import compute_figures
from shuzhi.ledgers.edition import open_edition
from shuzhi.packs.load import load_pack
from shuzhi.periods import parse_period
from shuzhi.reports.bulletins import as_bulletin, document_pack
from shuzhi.reports.document import TableBlock, plain
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
    done = run_shuzhi("verify", made, report / "edition")
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
    done = run_shuzhi("verify", edited, report / "edition")
    assert done.code == 1
    assert str(int(held.text) + 90) in done.out


def test_a_bulletin_is_known_by_its_title() -> None:
    """The report stays the report; a bulletin that is not there is refused with those that are."""
    pack = load_pack(Path(__file__).parents[2] / "packs" / "annual-duty")
    assert document_pack(pack, "甲县 年度述职报告", "zh") is pack
    assert document_pack(pack, "甲县 督查通报", "zh") == as_bulletin(pack, "supervision")
    with pytest.raises(UserError, match="did you mean study"):
        as_bulletin(pack, "studdy")
