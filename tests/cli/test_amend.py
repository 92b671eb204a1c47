"""Workbooks sent again: the edition that amends another says what one sealed from all would."""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from command_line import PACK, run_shuzhi
from shuzhi import pipeline
from shuzhi.ledgers.edition import Edition, open_edition
from shuzhi.packs.model import Role
from shuzhi.periods import parse_period

REASON = "两份报表更正后重报"
Rows = list[list[object]]


def more_heads(sheet: str, rows: Rows) -> Rows:
    """In the activities of a township, the numbers of the last row but one, each greater by 7."""
    if sheet == "阵地活动":
        rows[-2] = [cell + 7 if isinstance(cell, float) else cell for cell in rows[-2]]
    return rows


def a_row_less(sheet: str, rows: Rows) -> Rows:
    """Of every long sheet one row less, and another one twice over on another day."""
    if len(rows) > 8:
        again = [date(2023, 11, 2) if isinstance(cell, date) else cell for cell in rows[-3]]
        rows = [*rows[:-4], *rows[-3:], again]
    return rows


CHANGES = {
    "2023/青石镇2023年第二季度报表.xlsx": more_heads,
    "2023/石门乡2023年第四季度报表.xlsx": a_row_less,
}


def write_again(old: Path, new: Path, change: Callable[[str, Rows], Rows]) -> None:
    new.parent.mkdir(parents=True, exist_ok=True)
    book = xlsxwriter.Workbook(str(new), {"default_date_format": "yyyy-mm-dd"})
    for name in (read := CalamineWorkbook.from_path(old)).sheet_names:
        sheet = book.add_worksheet(name)
        rows = read.get_sheet_by_name(name).to_python(skip_empty_area=False)
        for number, row in enumerate(change(name, rows)):
            for position, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(number, position, cell)
                elif isinstance(cell, date | datetime):
                    sheet.write_datetime(number, position, cell)
                elif not isinstance(cell, str):
                    sheet.write(number, position, cell)
    book.close()


@pytest.fixture(scope="module")
def folders(county: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The source as it was, what was sent again, and the source as it is then; and each sealed."""
    folder = tmp_path_factory.mktemp("amend")
    shutil.copytree(county, folder / "changed")
    for name, change in CHANGES.items():
        write_again(county / name, folder / "resent" / name, change)
        shutil.copy(folder / "resent" / name, folder / "changed" / name)
    for name in ("receipts.csv", "aliases.toml"):
        shutil.copy(county / name, folder / "resent" / name)
    pipeline.seal_source(pipeline.read(county, PACK), folder / "first")
    pipeline.seal_source(
        pipeline.read(folder / "changed", PACK), folder / "whole", supersedes=folder / "first",
        because=REASON,
    )  # fmt: skip
    done = run_shuzhi("amend", folder / "first", folder / "resent", "--because", REASON,
                      "--before", county, "--out", folder / "second", "--lang", "zh")  # fmt: skip
    assert done.code == 0, done.err
    assert "activities  +" in done.out
    return {path.name: path for path in folder.iterdir()} | {"county": county}


def editions(folders: dict[str, Path]) -> Iterator[Edition]:
    return (open_edition(folders[name]) for name in ("second", "whole"))


def test_it_reads_as_the_whole_sealed_anew(folders: dict[str, Path]) -> None:
    """Every record, return, sum, account and problem; persons by other numbers."""
    amended, whole = editions(folders)
    assert amended.manifest.supersedes == whole.manifest.supersedes
    for part in ("returns", "sources", "sheets", "problems"):
        assert tuple(getattr(amended.ledgers, part)) == tuple(getattr(whole.ledgers, part))
    for name, table in whole.pack.tables.items():
        persons = [c.name for c in table.columns if c.role is Role.PERSON]
        found, expected = (
            each.ledgers.tables[name].drop_columns(persons) for each in (amended, whole)
        )
        assert found.equals(expected), name


def test_what_was_counted_is_the_same(folders: dict[str, Path]) -> None:
    """Figures and scores are those of the whole; flags too, as far as they need no photos."""
    amended, whole = editions(folders)
    for name in ("figures", "scores", "appeals", "objections"):
        assert amended.extras[name].equals(whole.extras[name]), name
    flags, expected = (
        {row["flag_id"]: row for row in edition.extras["flags"].to_pylist()
         if "photo" not in row["check"]} for edition in (amended, whole)
    )  # fmt: skip
    assert flags == expected


def test_every_command_works_on_it(folders: dict[str, Path], tmp_path: Path) -> None:
    """Figures, proofs, problems, checks, another sealing: as on the whole."""
    for words in (
        ("figures", "--period", "2023-Q4", "--format", "csv"),
        ("figures", "--engine", "in_memory", "--unit", "QH-T02", "--format", "csv"),
        ("read", "--format", "json"),
        ("score", "--period", "2023", "--format", "json"),
    ):
        command, *further = words
        found, expected = (
            run_shuzhi(command, folders[name], *further) for name in ("second", "whole")
        )
        assert (found.code, found.out) == (0, expected.out), command
    proofs = [
        run_shuzhi("proof", folders[name], "meetings_held", "--unit", "QH", "--period", "2023",
                   "--format", "json") for name in ("second", "whole")
    ]  # fmt: skip
    assert proofs[0].out == proofs[1].out
    done = run_shuzhi("seal", folders["second"], "--out", tmp_path / "again")
    assert done.code == 0, done.err
    again, whole = open_edition(tmp_path / "again"), open_edition(folders["whole"])
    assert again.extras["figures"].equals(whole.extras["figures"])


def test_a_report_of_it_verifies(folders: dict[str, Path], tmp_path: Path) -> None:
    done = run_shuzhi("report", folders["second"], "--period", "2023", "--unit", "QH-T02",
                      "--out", tmp_path / "out")  # fmt: skip
    assert done.code == 0, done.err
    done = run_shuzhi("verify", tmp_path / "out" / "report.docx", folders["second"])
    assert done.code == 0, done.out


def test_diff_names_what_was_changed(folders: dict[str, Path]) -> None:
    found = pipeline.diff(folders["first"], folders["second"], unit="QH-T02")
    expected = pipeline.diff(folders["first"], folders["whole"], unit="QH-T02")
    assert found.reason == REASON
    assert (found.moves, found.sentences) == (expected.moves, expected.sentences)
    assert found.moves


@pytest.mark.parametrize(
    ("further", "message"),
    [
        ((), "names persons: .* --before"),
        (("--before", "changed"), "is not the file that the edition was sealed from"),
        (("--because", " ", "--before", "county"), "says why it is made"),
        (("--out", "deep/down/there"), "would not find the edition"),
    ],
)
def test_what_cannot_be_told_is_refused(
    folders: dict[str, Path], further: tuple[str, ...], message: str
) -> None:
    words = {"--because": REASON, "--out": "third"} | dict(
        zip(further[::2], further[1::2], strict=True)
    )
    home = folders["first"].parent
    words = {key: str(folders.get(word, home / word)) if key in ("--before", "--out") else word
             for key, word in words.items()}  # fmt: skip
    done = run_shuzhi("amend", folders["first"], folders["resent"],
                      *[word for pair in words.items() for word in pair])  # fmt: skip
    assert done.code in (2, 3)
    assert re.search(message, done.err), done.err
    assert not (home / "third").exists()


def test_what_is_the_same_amends_nothing(county: Path, folders: dict[str, Path]) -> None:
    """Workbooks sent again as they were: said so, and nothing is written."""
    name = "2023/东岭乡2023年第一季度报表.xlsx"
    same = folders["first"].parent / "same"
    (same / "2023").mkdir(parents=True)
    for file in (name, "receipts.csv", "aliases.toml"):
        shutil.copy(county / file, same / file)
    done = run_shuzhi("amend", folders["first"], same, "--because", REASON, "--before", county,
                      "--out", same.with_name("third"))  # fmt: skip
    assert done.code == 2
    assert "there is nothing to amend" in done.err


def test_changed_figures_are_those_that_differ(folders: dict[str, Path]) -> None:
    """With what they were; the same with balances as without."""
    words = ("figures", folders["second"], "--changed", "--period", "2023", "--period", "2023-Q4")
    plain = run_shuzhi(*words, "--format", "json")
    assert plain.code == 0, plain.err
    figures = [
        {(f.indicator, f.unit, f.period): f for f in pipeline.figures(
            pipeline.read(folders[name], None),
            periods=[parse_period("2023"), parse_period("2023-Q4")],
        )} for name in ("first", "second")
    ]  # fmt: skip
    moved = {key for key in figures[0] if figures[0][key] != figures[1][key]}
    found = json.loads(plain.out)
    assert {(f["indicator"], f["unit"], f["period"]) for f in found} == moved
    for figure in found:
        before, after = (each[figure["indicator"], figure["unit"], figure["period"]]
                         for each in figures)  # fmt: skip
        assert (figure["value_before"], figure["value"]) == (before.value, after.value)
    assert run_shuzhi("balances", folders["first"]).code == 0
    assert run_shuzhi(*words, "--format", "json").out == plain.out
    assert "现值" in run_shuzhi(*words).out
    done = run_shuzhi("figures", folders["first"], "--changed")
    assert (done.code, "amends no edition" in done.err) == (2, True)
