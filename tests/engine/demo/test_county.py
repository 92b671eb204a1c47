"""The example county: what is in it, that it repeats, and that its truth is its own."""

import ast
import csv
import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

import shuzhi.demo
from command_line import run_shuzhi
from shuzhi.demo import write_county
from shuzhi.demo.spelling import to_chinese
from shuzhi.demo.truth import PERIODS, TRUTHS
from shuzhi.packs.model import Pack

FORBIDDEN = ("shuzhi.ledgers", "shuzhi.checks", "shuzhi.engines", "shuzhi.figures")


def test_the_truth_shares_no_code_with_what_it_tests() -> None:
    """No module of the demo imports the reader, the checks, the engines or the figures."""
    imported = {
        name
        for path in Path(shuzhi.demo.__path__[0]).glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in _imported_names(node)
    }
    assert "shuzhi.packs.load" in imported
    assert not [name for name in imported if name.startswith(FORBIDDEN)]


def test_every_indicator_has_a_truth_of_its_own(county_pack: Pack) -> None:
    """One hand-written function for each indicator of the pack, and none left over."""
    assert set(TRUTHS) == set(county_pack.indicators)


def test_the_truth_has_a_figure_for_every_unit_of_each_period(
    county: Path, county_pack: Pack
) -> None:
    """The merged village has figures as long as it existed, and none afterwards."""
    truth = json.loads((county / "truth.json").read_text(encoding="utf-8"))
    units = {p: {f["unit"] for f in truth["figures"] if f["period"] == p} for p in PERIODS}
    merged = units["2023-Q1"] - units["2023-Q3"]
    assert len(units["2023"]) == 76
    assert merged == units["2023"] - units["2023-H2"]
    assert len(merged) == 1
    figures_of_a_unit = [f for f in truth["figures"] if f["unit"] == "QH"]
    assert len(figures_of_a_unit) == len(county_pack.indicators) * len(PERIODS)


def test_the_same_seed_gives_the_same_bytes(county: Path, tmp_path: Path) -> None:
    """Every file of a county written again, by another process, is equal to the last byte."""
    done = run_shuzhi("demo", tmp_path / "again")
    assert done.code == 0, done.err
    again, first = _contents(tmp_path / "again"), _contents(county)
    assert again.keys() == first.keys()
    assert [name for name in first if again[name] != first[name]] == []


def test_another_seed_gives_another_county_of_the_same_shape(
    county: Path, tmp_path: Path, pack_path: Path
) -> None:
    """Other names and numbers; the same units, books and kinds of error."""
    write_county(tmp_path, 2, pack_path=pack_path)
    here, there = (_read_truth(folder) for folder in (county, tmp_path))
    assert sorted(e["code"] for e in here["errors"]) == sorted(e["code"] for e in there["errors"])
    assert {f["unit"] for f in here["figures"]} == {f["unit"] for f in there["figures"]}
    assert len(list(tmp_path.rglob("*.*"))) == len(list(county.rglob("*.*")))
    assert here["figures"] != there["figures"]
    assert _units(county)[1] != _units(tmp_path)[1]


def test_the_workbooks_come_in_every_format_that_offices_send(county: Path) -> None:
    """xlsx, xls and ods by content, and text in GB18030 that is no UTF-8."""
    endings = {path.suffix for path in (county / "2023").rglob("*.*") if path.is_file()}
    assert endings == {".xlsx", ".xls", ".ods", ".csv"}
    text = next((county / "2023").rglob("*.csv")).read_bytes()
    assert "2023年" in text.decode("gb18030")
    with pytest.raises(UnicodeDecodeError):
        text.decode("utf-8")


def test_the_tree_has_a_merger_and_sixty_villages(county: Path) -> None:
    """4 departments, 11 townships, 60 villages; one village ends on 1 July 2023 in another."""
    header, *rows = _units(county)
    ended = [row for row in rows if row[header.index("停用日期")] != ""]
    codes = {str(row[0]) for row in rows}
    assert len(rows) == 1 + 4 + 11 + 60
    assert [row[header.index("停用日期")] for row in ended] == [date(2023, 7, 1)]
    assert ended[0][header.index("承接单位代码")] in codes


def test_two_townships_are_silent_for_a_quarter(county: Path) -> None:
    """The register of receipts names no book of theirs for that quarter, and no file is there."""
    text = (county / "receipts.csv").read_text(encoding="utf-8-sig")
    sent = {(row["单位"], row["期间"]) for row in csv.DictReader(text.splitlines())}
    names = {row[0]: row[1] for row in _units(county)[1:]}
    for code, quarter, words in (
        ("QH-T07", "2023-Q2", "第二季度"), ("QH-T11", "2023-Q3", "第三季度"),
    ):  # fmt: skip
        name = str(names[code])
        assert (name, "2023-Q4") in sent
        assert (name, quarter) not in sent
        assert not list((county / "2023").rglob(f"{name}*{words}*"))


@pytest.mark.parametrize(
    ("number", "text"),
    [(5, "五"), (10, "十"), (12, "十二"), (60, "六十"), (101, "一百零一"), (120, "一百二十")],
)
def test_numbers_are_spelled_as_people_say_them(number: int, text: str) -> None:
    assert to_chinese(number) == text


def test_importing_the_demo_loads_no_reader() -> None:
    """The generator runs where the reader is broken."""
    code = (
        "import sys, shuzhi.demo\n"
        f"bad = [m for m in sys.modules if m.startswith({FORBIDDEN!r})]\n"
        "sys.exit(', '.join(bad) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)  # noqa: S603 - our own interpreter and code
    assert done.stderr.strip() == ""
    assert done.returncode == 0


def _imported_names(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module] if isinstance(node, ast.ImportFrom) and node.module else []


def _contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _read_truth(folder: Path) -> dict[str, list[dict[str, object]]]:
    return json.loads((folder / "truth.json").read_text(encoding="utf-8"))


def _units(folder: Path) -> list[list[object]]:
    return CalamineWorkbook.from_path(folder / "units.xlsx").get_sheet_by_index(0).to_python()
